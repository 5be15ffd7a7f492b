"""The page of closed periods: reported figures, and beside them what changed since."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.world import World, make_world
from unionops.insight import rollups
from unionops.insight.closing import close_periods
from unionops.insight.models import Grain

from .test_rollups import at, make_visit

ADDRESS = "/insight/closed/"


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    make_visit(world, datetime.date(2024, 5, 6))
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 6, 20)))
    return world


def ask(world: World, name: str, **query: object):
    client = Client()
    client.force_login(world[name])
    return client.get(ADDRESS, query)


def test_late_visit_is_told_beside_the_reported_figure(world):
    before = ask(world, "leader").content.decode()
    make_visit(world, datetime.date(2024, 5, 7))
    rollups.flush()

    after = ask(world, "leader").content.decode()

    assert "2024 年 5 月" in before
    assert "现 2" not in before
    assert "现 2" in after


def test_town_sees_itself_and_no_other(world):
    assert ask(world, "cadre").status_code == 200
    assert ask(world, "cadre", organisation=world.town.pk).status_code == 200
    for hidden in (world.other_town.pk, world.district.pk, 10**12, "x"):
        assert ask(world, "cadre", organisation=hidden).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("leader", 200), ("clerk", 200), ("handler", 403), ("unposted", 403)])
def test_roles(world, name, status):
    assert ask(world, name).status_code == status


def test_what_is_no_grain_is_not_found(world):
    assert ask(world, "leader", grain="decade").status_code == 404


def test_nothing_closed_yet_says_when(world):
    assert "还没有结账的期间" in ask(world, "leader", grain="year").content.decode()


def test_as_many_statements_for_one_period_as_for_many(world):
    def statements() -> int:
        client = Client()
        client.force_login(world["leader"])
        client.get(ADDRESS)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(ADDRESS)
        return len(seen)

    few = statements()
    close_periods(Grain.MONTH, now=at(datetime.date(2026, 6, 20)))

    assert statements() == few
