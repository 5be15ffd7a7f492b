from __future__ import annotations

from typing import Any

from services.actions import cases
from services.activities.models import Activity
from services.claims.models import Claim
from services.enums import Applicant, Shape
from services.models import Programme
from services.outside import applying
from tests.services.caring import activity
from tests.services.visitors import hazard_programme, visitor
from tests.services.worlds import make_programme
from tests.world import World

# Shown to whoever has shown a telephone or has just handed something in, or only for what is sent.
NO_PAGES: tuple[str, ...] = (
    "outside:apply", "outside:receipt", "outside:rate", "outside:take_back", "outside:enrol", "outside:wish",
)  # fmt: skip
KEEPERS: tuple[tuple[str, str], ...] = (("outside:", "officer"),)
TITLE = "周末插花课"


def open_activity(world: World, **fields: Any) -> Activity:
    """Planned, in a programme that is open to everybody."""
    programme = make_programme(
        world,
        Shape.ACTIVITY,
        name="职工技能培训",
        steps=["publish", "account"],
        applicants=[Applicant.UNION],
        is_public=True,
    )
    return activity(world, programme, title=TITLE, **({"capacity": 20} | fields))


def make(world: World) -> None:
    """A hazard that somebody has reported with a name, which is sealed; an activity to which everybody may come."""
    cases.take(open_activity(world), "publish", by=world["officer"])
    given = {
        "applicant_kind": "person",
        "applicant_name": "孙举报",
        "description": "消防通道堵了",
        "extras": {"place": "三号车间"},
    }
    applying.apply(hazard_programme(world), given, [], visitor=visitor(), device="0" * 64, address="127.0.0.1")


def value(name: str, key: str) -> Any:
    if not name.startswith("outside:"):
        return None
    if name in ("outside:activity", "outside:enrol"):
        return Activity.objects.get(title=TITLE).pk
    programme = Programme.objects.get(code=applying.HAZARDS)
    if key == "shape":
        return "claim"
    return Claim.objects.get(programme=programme).pk if name in ("outside:reporter", "outside:bearer") else programme.pk
