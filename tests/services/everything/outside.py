from __future__ import annotations

from typing import Any

from services.claims.models import Claim
from services.models import Programme
from services.outside import applying
from tests.services.visitors import hazard_programme, visitor
from tests.world import World

# Shown to whoever has shown a telephone or has just handed something in, or only for what is sent.
NO_PAGES: tuple[str, ...] = ("outside:apply", "outside:receipt", "outside:rate", "outside:take_back")
KEEPERS: tuple[tuple[str, str], ...] = (("outside:", "officer"),)


def make(world: World) -> None:
    """A hazard that somebody has reported with a name, which is sealed."""
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
    programme = Programme.objects.get(code=applying.HAZARDS)
    if key == "shape":
        return "claim"
    return Claim.objects.get(programme=programme).pk if name in ("outside:reporter", "outside:bearer") else programme.pk
