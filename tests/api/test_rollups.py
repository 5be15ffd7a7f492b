"""Rollups over HTTP: the same numbers as the rows, for whom they exist, in one statement however many periods."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.insight.test_rollups import at, make_visit
from tests.world import PASSWORD
from unionops.insight import rollups
from unionops.org.actions.organisations import create_upper, hang
from unionops.org.enums import Role
from unionops.org.models import Posting, User
from visits.enums import IssueState, ResultKind

pytestmark = pytest.mark.django_db
PATH = "/api/v1/rollups/"
Day = datetime.date


@pytest.fixture
def filled(world):
    make_visit(world, Day(2026, 5, 6))
    make_visit(world, Day(2026, 5, 7), town=world.other_town)
    make_visit(world, Day(2026, 6, 1))
    closed = {"closed_at": at(Day(2026, 6, 2)), "result_kind": ResultKind.RESOLVED}
    world.issue(IssueState.CLOSED, registered_at=at(Day(2026, 5, 20)), **closed)
    world.issue(registered_at=at(Day(2026, 5, 21)))
    world.issue(registered_at=at(Day(2026, 5, 22)))
    rollups.flush()
    return world


def test_a_district_by_month_and_its_towns(filled, callers):
    found = callers("leader").get(PATH).json()

    may, june = found["results"]
    assert (found["organisation"], may["starts_on"], june["starts_on"]) == (
        filled.district.pk,
        "2026-05-01",
        "2026-06-01",
    )
    assert (may["counts"]["visits"], may["counts"]["issues"], may["rates"]["resolution_rate"]) == (2, 3, "33.33")
    # Nothing was registered in June: there is no rate, and it is not 0.
    assert (june["counts"]["visits"], june["rates"]["resolution_rate"]) == (1, None)
    assert june["rates"]["flow_resolution_rate"] == "100.00"
    # Only the towns that have a row of June; the other one has none.
    assert {row["organisation"]: row["counts"]["visits"] for row in found["below"]} == {filled.town.pk: 1}


@pytest.mark.parametrize(
    "name", ["cadre", "town", "leader", "chief", "clerk", "handler", "mediator", "auditor", "admin"]
)
def test_each_role_reads_only_its_own(filled, elsewhere, callers, name):
    """(role x organisation): 200 where it leads or is stationed, 404 beyond, 403 without figures."""
    wide, towns = name in {"leader", "chief", "clerk"}, name in {"cadre", "town"}
    expected = {
        filled.district.pk: 200 if wide else 404 if towns else 403,
        filled.town.pk: 200 if wide or towns else 403,
        filled.other_town.pk: 200 if wide else 404 if towns else 403,
        filled.department.pk: 404 if wide or towns else 403,
        elsewhere.district.pk: 404 if wide or towns else 403,
        elsewhere.town.pk: 404 if wide or towns else 403,
    }
    caller = callers(name)
    assert {pk: caller.get(f"{PATH}?organisation={pk}").status_code for pk in expected} == expected


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("grain=day", "grain"),
        ("since=2026-02-30", "since"),
        ("until=soon", "until"),
        ("organisation=x", "organisation"),
    ],
)
def test_what_cannot_be_read_is_said(filled, callers, query, field):
    found = callers("leader").get(f"{PATH}?{query}")
    assert found.status_code == 400
    assert field in found.content.decode()


def test_days_narrow_the_periods(filled, callers):
    asked = callers("leader").get(f"{PATH}?grain=week&since=2026-05-10&until=2026-05-31").json()
    assert [row["starts_on"] for row in asked["results"]] == ["2026-05-18"]
    before = callers("leader").get(f"{PATH}?until=2020-01-01").json()
    assert (before["results"], before["below"]) == ([], [])


def test_the_nation_costs_what_a_district_costs(filled, elsewhere, callers):
    """A leader of an upper union reads figures of everything below it, and no case."""
    system = User.objects.system()
    nation = create_upper(name="全国总工会", by=system)
    hang(filled.district, nation, by=system)
    hang(elsewhere.district, nation, by=system)
    top = User.objects.create_user("top", PASSWORD, name="上级领导")
    Posting.objects.create(user=top, organisation=nation, role=Role.LEADER, valid_from=Day(2023, 4, 1))
    filled.people["top"] = top
    rollups.rebuild()
    caller, local = callers("top"), callers("leader")
    caller.get(PATH), local.get(PATH)

    with CaptureQueriesContext(connection) as above:
        found = caller.get(PATH).json()
    with CaptureQueriesContext(connection) as here:
        mine = local.get(PATH).json()

    assert len(above) == len(here)
    assert [row["counts"] for row in found["results"]] == [row["counts"] for row in mine["results"]]
    assert [row["organisation"] for row in found["below"]] == [filled.district.pk]
    assert caller.get(f"{PATH}?organisation={elsewhere.town.pk}").status_code == 200
    assert caller.get("/api/v1/issues/").json()["results"] == []
