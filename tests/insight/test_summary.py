"""The page of rollups: a union by its periods and what is below it, up and down the tree."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kept import kept
from tests.sampling import taken
from tests.world import PASSWORD, make_world
from unionops.insight import rollups
from unionops.insight.closing import close_periods
from unionops.insight.models import Grain
from unionops.org.actions.organisations import create_upper, hang
from unionops.org.enums import Role
from unionops.org.models import Posting, User

from .conftest import at, visit
from .test_rollups import make_visit

ADDRESS = "/insight/summary/"
Day = datetime.date


@kept
def summed():
    world = make_world()
    for day in (Day(2026, 5, 6), Day(2026, 5, 7), Day(2026, 6, 1)):
        make_visit(world, day)
    make_visit(world, Day(2026, 6, 2), town=world.other_town)
    rollups.flush()
    return world


@pytest.fixture
def world(summed):
    return summed


@pytest.fixture
def top(world):
    """Somebody who leads the province."""
    system = User.objects.system()
    province = create_upper(name="浙江省总工会", by=system)
    hang(world.district, province, by=system)
    user = User.objects.create_user("top", PASSWORD, name="上级领导")
    Posting.objects.create(user=user, organisation=province, role=Role.LEADER, valid_from=Day(2023, 4, 1))
    rollups.rebuild()
    return user


def test_a_leader_goes_from_the_province_to_a_town(client, world, top):
    client.force_login(top)
    assert client.get("/insight/").url == ADDRESS
    first = client.get(ADDRESS).content.decode()
    district = client.get(ADDRESS, {"organisation": world.district.pk}).content.decode()
    town = client.get(ADDRESS, {"organisation": world.town.pk, "grain": "year"}).content.decode()

    assert "浙江省总工会" in first
    assert f"organisation={world.district.pk}" in first
    assert f"organisation={world.town.pk}" in district
    assert "2026 年" in town
    assert client.get("/issues/").status_code == 200


def test_a_period_of_the_address_says_what_is_below(client, world):
    client.force_login(world["leader"])
    june = client.get(ADDRESS).content.decode()
    may = client.get(ADDRESS, {"period": "2026-05"}).content.decode()
    below = '<h2 id="below-h">'
    assert str(world.other_town) in june[june.index(below):june.index('id="periods-h"')]  # fmt: skip
    assert str(world.other_town) not in may[may.index(below):may.index('id="periods-h"')]  # fmt: skip
    assert client.get(ADDRESS, {"period": "2026"}).status_code == 422
    assert client.get(ADDRESS, {"period": "soon"}).status_code == 422


@pytest.mark.parametrize(
    ("name", "status"), [("leader", 200), ("cadre", 200), ("town", 200), ("handler", 403), ("admin", 403)]
)
def test_roles(client, world, name, status):
    client.force_login(world[name])
    assert client.get(ADDRESS).status_code == status


def test_nothing_beyond_ones_own(client, world):
    other = make_world("柯桥区总工会", "far_")
    client.force_login(world["cadre"])
    for hidden in (world.district.pk, world.other_town.pk, other.town.pk, 10**12, "x"):
        assert client.get(ADDRESS, {"organisation": hidden}).status_code == 404


def test_as_many_statements_for_a_town_as_for_the_province(client, world, top):
    def statements(**query):
        client.get(ADDRESS, query)
        with CaptureQueriesContext(connection) as seen:
            client.get(ADDRESS, query)
        return len(seen)

    client.force_login(top)
    # Names are asked for only where there is something above or below.
    assert max(statements(), statements(grain="week"), statements(organisation=world.district.pk)) <= 8


def test_an_empty_union_says_when_there_will_be_figures(client, db):
    world = make_world()
    client.force_login(world["leader"])
    assert "还没有汇总" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("name", ["leader", "cadre"])
def test_every_number_opens_as_many_rows_as_it_says(client, history, name):
    """Of today in the summary, and of closed months; what came late is in the list of today's number.

    A firm is visited by two towns, twice by one of them, and once when it was on the list of key enterprises: of each town
    it is one firm, and of the district.
    """
    rollups.flush()
    close_periods(Grain.MONTH, now=at(6, 20))
    visit(history, "cadre", history.enterprise, 3, 12)
    for day in (13, 14):
        make_visit(history, Day(2026, 3, day), town=history.other_town, is_key_enterprise=day == 14)
    rollups.flush()
    client.force_login(history[name])
    place = f"organisation={history.town.pk}"
    other = f"organisation={history.other_town.pk}"
    seen: dict[str, str] = {}
    for page in (
        f"{ADDRESS}?",
        f"{ADDRESS}?{place}",
        "/insight/closed/?",
        f"/insight/closed/?{place}",
        "/insight/closed/2026-03/?",
        f"/insight/closed/2026-03/?{place}",
        *(
            (f"{ADDRESS}?{other}", f"/insight/closed/?{other}", f"/insight/closed/2026-03/?{other}")
            if name == "leader"
            else ()
        ),
    ):
        text = client.get(page).content.decode()
        # Nothing is left that opens nothing.
        assert not re.search(r'<td class="n(?: fw6)?">\s*[1-9]', text), page
        assert "firm_count" in text, page
        for sentence in re.findall(r'<div class="card-body"><p>(.*?)</p>', text):
            assert not re.search(r"\d", re.sub(r"<a .*?</a>", "", sentence)), page
        for link, said in set(re.findall(r'<a href="(/insight/rows/[^"]+)">(?:现 )?([\d,]+)</a>', text)):
            assert seen.setdefault(link, said) == said, (page, link)
    assert len([said for said in seen.values() if said != "0"]) >= 10
    # What counts nothing opens an empty list, one like the other.
    for link, said in seen.items():
        if said != "0" or taken(name, link, of=8):
            found = re.search(r"共 ([\d,]+) ", client.get(unescape(link)).content.decode())
            assert (found[1] if found else "0") == said, link


def test_who_leads_two_districts_opens_the_rows_of_the_one(client, history):
    elsewhere = make_world("柯桥区总工会", "far_")
    make_visit(elsewhere, Day(2026, 3, 4))
    rollups.flush()
    leader = history["leader"]
    Posting.objects.create(user=leader, organisation=elsewhere.district, role=Role.LEADER, valid_from=Day(2023, 4, 1))
    client.force_login(leader)
    for world, visits in ((history, "5"), (elsewhere, "1")):
        page = client.get(ADDRESS, {"organisation": world.district.pk, "grain": "year"}).content.decode()
        link, said = re.search(r'<a href="(/insight/rows/\?indicator=visit_count[^"]+)">(\d+)</a>', page[page.index('id="periods-h"'):]).groups()  # fmt: skip
        assert said == visits
        assert f"共 {visits} " in client.get(unescape(link)).content.decode()


def test_who_reads_figures_and_no_cases_is_given_no_lists(client, world, top):
    client.force_login(top)
    for query in ({}, {"organisation": world.district.pk}, {"organisation": world.town.pk}):
        assert "/insight/rows/" not in client.get(ADDRESS, query).content.decode()
    assert client.get("/insight/closed/", {"organisation": world.district.pk}).status_code == 200
