"""Office ledgers: visits with their issues, enterprises, liaison cadres. Pure recognition, no database."""

from .directory import Directory
from .fields import CADRES, ENTERPRISES, KINDS, VISITS
from .preview import PreviewCell, PreviewRow, preview
from .reading import Reading, Row, read_workbook
from .rows import CadreRow, Duplicate, EnterpriseRow, Extra, IssueRow, Problem, VisitRow

__all__ = [
    "CADRES",
    "ENTERPRISES",
    "KINDS",
    "VISITS",
    "CadreRow",
    "Directory",
    "Duplicate",
    "EnterpriseRow",
    "Extra",
    "IssueRow",
    "PreviewCell",
    "PreviewRow",
    "Problem",
    "Reading",
    "Row",
    "VisitRow",
    "preview",
    "read_workbook",
]
