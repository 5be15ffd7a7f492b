from __future__ import annotations

from decimal import Decimal
from typing import Any

from services.actions import cases
from services.claims.models import Claim
from services.enums import Applicant, Shape
from tests.services.worlds import make_programme
from tests.world import World

NO_PAGES: tuple[str, ...] = ()
KEEPERS: tuple[tuple[str, str], ...] = ()
NAME = "临时生活困难帮扶"


def make(world: World) -> None:
    programme = make_programme(world, Shape.CLAIM, name=NAME, terms={"submitted": [5, "working"]})
    cases.register(
        programme, by=world["cadre"], applicant_kind=Applicant.PERSON, applicant_name="陈桂芳", phone="13800002047",
        town=world.town, amount_asked=Decimal(3000), description="丈夫住院",
    )  # fmt: skip


def case() -> Claim:
    return Claim.objects.select_related("programme").get(programme__name=NAME)


def value(name: str, key: str) -> Any:
    return case().pk if name == "services:claim" else None
