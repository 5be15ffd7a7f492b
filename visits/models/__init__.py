from .imports import LedgerImport
from .issues import Consultation, Issue, OutsideReferral, Rectification
from .rollups import VisitRollup
from .taxonomy import Category, Route
from .visits import Visit, VisitPlan, VisitVersion
from .weeks import OfficerWeek

__all__ = [
    "Category",
    "Consultation",
    "Issue",
    "LedgerImport",
    "OfficerWeek",
    "OutsideReferral",
    "Rectification",
    "Route",
    "Visit",
    "VisitPlan",
    "VisitRollup",
    "VisitVersion",
]
