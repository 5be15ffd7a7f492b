from .places import Honour, Place, PlaceQuerySet
from .planning import CoveragePlan, Suggestion
from .running import Feedback, Rating, ServiceGiven, Supply, SupplyMove, Tally
from .upkeep import CheckList, Inspection, Repair

__all__ = [
    "CheckList",
    "CoveragePlan",
    "Feedback",
    "Honour",
    "Inspection",
    "Place",
    "PlaceQuerySet",
    "Rating",
    "Repair",
    "ServiceGiven",
    "Suggestion",
    "Supply",
    "SupplyMove",
    "Tally",
]
