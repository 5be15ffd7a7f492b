"""The page of closed periods: reported figures, and beside them what changed since."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.kept import kept
from tests.world import World, make_world
from unionops.insight import rollups
from unionops.insight.closing import close_periods
from unionops.insight.models import Grain
from visits.actions import steps
from visits.actions.visits import correct_visit
from visits.models import Issue, LedgerImport, Visit

from .test_rollups import at, make_visit

ADDRESS = "/insight/closed/"


@kept
def closed_month() -> World:
    world = make_world()
    make_visit(world, datetime.date(2024, 5, 6), submitted_at=at(datetime.date(2024, 5, 6)))
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 6, 20)))
    return world


@pytest.fixture
def world(closed_month):
    return closed_month


def make_issue(world: World) -> Issue:
    return world.issue(
        registered_at=at(datetime.date(2024, 5, 20)), liaison=world["cadre"], registered_by=world["cadre"]
    )


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


def test_what_was_reported_in_words_stays_as_it_was(world):
    client = Client()
    client.force_login(world["leader"])
    make_visit(world, datetime.date(2024, 5, 7))
    make_issue(world)
    rollups.flush()
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 6, 20)))

    said = (
        "走访 1 次，走到企业 1 家，其中重点企业 0 家。登记诉求 0 件，截至结账解决 0 件，办结率 —，其中当场解释 0 件。"
    )
    assert said in client.get(f"{ADDRESS}2024-05/").content.decode()


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
        with CaptureQueriesContext(connection) as seen:
            client.get(ADDRESS)
        return len(seen)

    few = statements()
    close_periods(Grain.MONTH, now=at(datetime.date(2026, 6, 20)))

    assert statements() == few


# One closed period, and what caused its restatement


def period(world: World, name: str, code: str = "2024-05", **query: object):
    client = Client()
    client.force_login(world[name])
    return client.get(f"{ADDRESS}{code}/", query)


def test_rows_that_caused_a_restatement_stand_beside_it(world):
    """A late visit, one that is moved out of the month, an issue of the month that is settled later."""
    moved = Visit.objects.get()
    heard = make_issue(world)
    close_periods(Grain.QUARTER, now=at(datetime.date(2024, 7, 20)))
    assert "结账以后没有变化" in period(world, "leader", "2024-Q2").content.decode()
    with time_machine.travel(at(datetime.date(2024, 7, 25)), tick=False):
        late = make_visit(world, datetime.date(2024, 5, 7))
        correct_visit(moved, by=world["cadre"], fields={"visited_on": datetime.date(2024, 7, 2)}, reason="写错了日期")
        steps.explain(heard, by=world["cadre"], explanation="按规定", understood=True)
    rollups.flush()

    page = period(world, "leader", "2024-Q2").content.decode()

    assert f"/visits/{late.pk}/" in page
    assert "补录 2024-05-07 的走访" in page
    assert f"/visits/{moved.pk}/" in page
    assert "把走访日期从 2024-05-06 改为 2024-07-02" in page
    assert "写错了日期" in page
    assert f"/issues/{heard.pk}/" in page
    assert "当场解释" in page
    # Two visits were exchanged for each other: the count is as it was, and yet everything that happened is told.
    assert "+1" in page


def test_undone_import_is_told_by_its_name(world):
    record = world.imported
    LedgerImport.objects.filter(pk=record.pk).update(
        finished_at=at(datetime.date(2024, 6, 1)), undone_at=at(datetime.date(2024, 6, 25)), undone_by=world["clerk"]
    )
    assert f"撤销了导入“{record.file_name}”" in period(world, "leader").content.decode()


def test_who_may_not_see_the_rows_is_not_told_of_them(world, client):
    other = make_world("柯桥区总工会", "far_")
    late = make_visit(other, datetime.date(2024, 5, 9))
    rollups.flush()
    assert str(late.pk) not in period(world, "leader").content.decode()
    assert period(world, "leader", organisation=other.district.pk).status_code == 404
    assert period(other, "leader").status_code == 200


@pytest.mark.parametrize(("code", "status"), [("2024-06", 404), ("2024", 404), ("2024-13", 422), ("soon", 422)])
def test_a_period_that_is_not_closed_is_not_found(world, code, status):
    assert period(world, "leader", code).status_code == status
