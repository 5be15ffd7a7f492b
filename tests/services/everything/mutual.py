from __future__ import annotations

from typing import Any

from django.utils import timezone

from services.claims.models import Claim
from services.enums import Shape
from services.models import Programme
from services.mutual.enums import PROGRAMME
from services.mutual.models import Plan, UnitEnrolment
from tests.services.joining import IDENTITY, covering, plan_for
from tests.services.worlds import make_programme
from tests.world import World
from unionops.china.identity import mask_identity

NO_PAGES: tuple[str, ...] = ()
KEEPERS: tuple[tuple[str, str], ...] = (("mutual:", "officer"), ("retention:", "admin"))


def prepare(world: World, case: Any, verb: str) -> None:
    """Whoever claims from mutual aid has been enrolled, and came out of hospital today."""
    if verb != "check" or not isinstance(case, Claim) or case.programme.code != PROGRAMME:
        return
    today = timezone.localdate()
    case.put("identity", IDENTITY, mask_identity(IDENTITY))
    case.details |= {"plan_year": today.year, "discharged_on": today.isoformat()}
    case.save()
    if not Plan.objects.filter(district=world.district, year=today.year).exists():
        covering(world, case.programme)


def make(world: World) -> None:
    """One plan that takes units and one that is being written, and a unit that has not paid."""
    programme = make_programme(world, Shape.CLAIM, code=PROGRAMME, name="职工医疗互助理赔")
    covering(world, programme, confirmed=False)
    plan_for(world, programme, year=timezone.localdate().year + 1)


def value(name: str, key: str) -> Any:
    if not name.startswith("mutual:"):
        return None
    if name in ("mutual:unit", "mutual:unit_paid"):
        return UnitEnrolment.objects.get().pk
    if key == "verb":
        return "open"
    state = "draft" if name in ("mutual:plan_edit", "mutual:plan_step") else "open"
    return Plan.objects.get(programme=Programme.objects.get(code=PROGRAMME), state=state).pk
