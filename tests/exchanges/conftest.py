from __future__ import annotations

import datetime

from tests.insight.conftest import at
from tests.world import World
from unionops.org.models import User
from visits.exchanges.actions import exchanges, groups
from visits.exchanges.models import Attendance, Exchange, ExchangeGroup

MARCH = datetime.date(2026, 3, 1)
APRIL = datetime.date(2026, 4, 1)


def system() -> User:
    return User.objects.system()


def make_group(world: World, name: str = "东片走访组", *towns: object) -> ExchangeGroup:
    group = groups.create_group(world.district, by=world["admin"], name=name, leader=world["leader"])
    for town in towns or (world.town,):
        groups.add_member(group, by=world["admin"], town=town, valid_from=datetime.date(2023, 4, 1))
    return group


def prepared(
    world: World, month: datetime.date = APRIL, group: ExchangeGroup | None = None, now: datetime.datetime | None = None
) -> Exchange:
    """The exchange of a month as the clock would have prepared it."""
    now = now or at(month.month + 1, 6, 8)
    return exchanges.prepare(world.district, by=system(), month=month, group=group, now=now)


def held(world: World, month: datetime.date = APRIL, group: ExchangeGroup | None = None) -> Exchange:
    """Prepared, opened, with everybody there."""
    exchange = prepared(world, month, group)
    exchange = exchanges.hold(
        exchange, by=world["clerk"], held_at=at(month.month + 1, 8, 14), now=at(month.month + 1, 8, 14)
    )
    Attendance.objects.filter(exchange=exchange).update(present=True)
    return exchange
