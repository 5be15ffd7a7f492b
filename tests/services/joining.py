"""A plan of mutual aid with a unit in it, for whoever tests services."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from services.models import Programme
from services.mutual import actions
from services.mutual.models import Plan, UnitEnrolment
from services.mutual.permissions import at_desk
from tests.world import World
from unionops.org.models import User

NAME, IDENTITY = "陈桂芳", "33060219900101001X"


def desk_of(world: World, programme: Programme) -> User:
    """Somebody of the department that runs it."""
    return next(user for user in world.people.values() if at_desk(user, programme))


def plan_for(world: World, programme: Programme, **terms: Any) -> Plan:
    year = terms.pop("year", timezone.localdate().year)
    usual = {
        "year": year, "name": f"{year} 年度职工医疗互助", "starts_on": datetime.date(year, 1, 1), "ends_on": datetime.date(year, 12, 31),
        "enrol_until": datetime.date(year, 12, 31), "fee": Decimal(100), "fee_own": Decimal(20), "waiting_days": 0, "claim_days": 180,
        "deductible": Decimal(500), "share": 50, "illness_amount": Decimal(5000), "death_amount": Decimal(2000),
        "year_ceiling": Decimal(4000),
    }  # fmt: skip
    return actions.make_plan(programme, by=desk_of(world, programme), **(usual | terms))


def covering(world: World, programme: Programme, *, confirmed: bool = True, **terms: Any) -> UnitEnrolment:
    """A unit of one; confirmed, its plan runs and the unit has paid."""
    desk = desk_of(world, programme)
    plan = actions.take(plan_for(world, programme, **terms), "open", by=desk)
    unit = actions.enter_unit(
        plan, by=world["town"], unit="恒润纺织", lines=[(NAME, IDENTITY)], town=world.town, members=4
    )
    if confirmed:
        unit = actions.confirm_paid(unit, by=desk, voucher="HZ-1", paid_on=timezone.localdate())
        for verb in ("close", "start"):
            actions.take(plan, verb, by=desk)
    return unit
