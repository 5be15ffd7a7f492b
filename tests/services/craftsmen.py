"""Craftsmen, and an order of theirs, for whoever tests orders."""

from __future__ import annotations

from typing import Any

from services.actions import cases
from services.enums import Applicant, Shape
from services.models import Programme
from services.orders.enums import SPARE
from services.orders.enums import OrderVerb as V
from services.orders.models import Craftsman, Order
from tests.services.worlds import make_programme
from tests.world import World, make_organisation, make_user
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Organisation, User

LIMITS = {"accept_minutes": 5, "ask_at_once": 1, "most_asked": 3, "technical": 1}
ALL_STEPS = [V.CONFIRM, *sorted(SPARE)]


def craft_programme(world: World, **fields: Any) -> Programme:
    values: dict[str, Any] = {
        "name": "技术派工单", "steps": ALL_STEPS, "limits": LIMITS, "applicants": [Applicant.ENTERPRISE, Applicant.UNION],
    }  # fmt: skip
    return make_programme(world, Shape.ORDER, **(values | fields))


def squad(world: World) -> Organisation:
    found = Organisation.objects.filter(name="帮帮团").first()
    return found or make_organisation(OrganisationKind.AGENCY, "帮帮团", world.district)


def make_craftsman(world: World, name: str, *, account: bool = True, **fields: Any) -> Craftsman:
    """A craftsman of the town, with an account of somebody who sees nothing but the own orders."""
    user: User | None = None
    if account:
        user = make_user(f"craft-{Craftsman.objects.count()}", Role.PARTNER, squad(world), name)
    values: dict[str, Any] = {
        "district": world.district, "town": world.town, "trades": ["模具"], "skills": [], "title": "浙江工匠", "user": user,
    }  # fmt: skip
    return Craftsman.objects.create(name=name, **(values | fields))


def post_order(world: World, programme: Programme, **fields: Any) -> Order:
    values: dict[str, Any] = {
        "applicant_kind": Applicant.ENTERPRISE, "enterprise": world.enterprise, "trade": "模具", "description": "模具飞边，良率只有七成",
    }  # fmt: skip
    order: Order = cases.register(programme, by=world["cadre"], **(values | fields))
    return order
