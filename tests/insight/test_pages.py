"""The dashboard and the lists behind its figures: for each role what it sees, as many rows as the figure says."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.sampling import WHOLE
from unionops.insight.indicators import Unit, find, indicators
from unionops.insight.management.commands.describe_indicators import page
from visits.enums import IssueState

from .conftest import at

pytestmark = pytest.mark.django_db

SPRING = "period=2026-03-01..2026-05-31"


def total(text):
    """What the foot of a list says, or 0 where it is empty."""
    found = re.search(r"共 ([\d,]+) ", text)
    return int(found[1].replace(",", "")) if found else 0


def test_docs_are_fresh():
    assert (Path(settings.BASE_DIR) / "docs/indicators.md").read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("name", ["auditor", "admin", "unposted"])
def test_who_has_no_cases_has_no_figures(history, as_person, name):
    assert as_person(name).get("/insight/").status_code == 403
    assert as_person(name).get(f"/insight/rows/?indicator=visit_count&{SPRING}").status_code == 403


def test_nobody_is_let_in_unknown(history):
    assert Client().get("/insight/").status_code == 302


def test_every_indicator_has_its_list(history, as_person):
    client = as_person("leader")
    for indicator in indicators():
        # One of its parts in each run: they share all but a filter.
        for part in indicator.parts if WHOLE else indicator.parts[:1]:
            response = client.get(f"/insight/rows/?indicator={indicator.code}&part={part}&{SPRING}")
            assert response.status_code == 200, indicator.code
            assert str(indicator.name) in response.content.decode()


def test_the_rows_of_a_sum_show_what_is_added_up(history, as_person):
    """People and money: each row its own, at the foot and above what they come to; so of the parts of a rate of sums."""
    client, money = as_person("leader"), 0
    codes = [(one, part) for one in indicators() if one.amount for part in one.parts]
    codes += [(find(code), part) for code in ("own_claim_own",) for part in find(code).parts]
    for indicator, part in codes:
        text = client.get(f"/insight/rows/?indicator={indicator.code}&part={part}&{SPRING}").content.decode()
        rows = re.findall(r'<td class="[^"]*c-sum">\s*([\d,.]*|—)[^<]*</td>', text)
        (said,) = re.findall(r"，合计 ([\d,.]+)", text) or ["0"]
        assert len(rows) == total(text), indicator.code
        summed = sum((Decimal(row.replace(",", "")) for row in rows if row not in ("", "—")), Decimal(0))
        assert summed == Decimal(said.replace(",", "")), (indicator.code, part)
        if indicator.unit == Unit.SUM:
            assert re.search(r'<p class="figure__v">([\d,.]+)', text)[1] == figure_words(indicator, summed)
        money += summed > 0
    assert money >= 10


def figure_words(indicator, value):
    return f"{value:,.{indicator.places}f}"


def test_a_list_opens_its_rows(history, as_person):
    client = as_person("leader")
    text = client.get(f"/insight/rows/?indicator=resolution_rate&{SPRING}").content.decode()
    links = re.findall(r'class="ttl" href="([^"]+)"', text)

    assert len(links) == 2
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("period=2024-13", 422),
        ("period=2025-01-15..2023-04-01", 422),
        ("since=2026-05-01&until=2026-03-01", 422),
        ("since=yesterday", 422),
        ("at=soon", 422),
        ("at=2090-01-01", 422),
        ("town=999999", 404),
        ("town=abc", 404),
        ("town=99999999999999999999", 404),
        ("category=-1", 404),
        ("urgency=9", 404),
        ("month=2026-00", 404),
        ("new_employment=maybe", 404),
        ("period=2001", 200),
        ("period=2026&at=2025-01-01", 200),
        ("since=2026-03-01&until=2026-05-31", 302),
        ("town=none", 200),
    ],
)
def test_what_makes_no_sense_is_answered_clearly(history, as_person, query, status):
    client = as_person("leader")

    assert client.get(f"/insight/?{query}").status_code == status
    if status != 302:
        assert client.get(f"/insight/rows/?indicator=issue_count&{query}").status_code == status


def test_unknown_figures_are_not_found(history, as_person):
    client = as_person("leader")

    assert client.get("/insight/rows/").status_code == 200
    assert client.get("/insight/rows/?indicator=nothing").status_code == 404
    assert client.get("/insight/rows/?indicator=visit_count&part=denominator").status_code == 404


def test_a_town_of_another_district_is_not_found(history, elsewhere, as_person):
    assert as_person("leader").get(f"/insight/?town={elsewhere.town.pk}").status_code == 404


def test_nothing_counted_is_a_dash_and_never_zero_per_cent(history, as_person):
    text = as_person("leader").get("/insight/?period=2001").content.decode()

    assert "—" in text
    assert not re.search(r">0\.00\b", text)


def test_filters_are_kept_in_every_address(history, as_person):
    town = history.town.pk
    text = as_person("leader").get(f"/insight/?{SPRING}&town={town}").content.decode()
    links = [unescape(link) for link in re.findall(r'href="(/insight/rows/[^"]+)"', text)]

    assert links
    assert all(f"town={town}" in link for link in links)
    assert "不按" not in text


def test_what_a_filter_says_nothing_about_is_told(history, as_person):
    category = history.category.parent_id

    assert "不按类别筛选" in as_person("leader").get(f"/insight/?{SPRING}&category={category}").content.decode()


def test_rows_cost_the_same_for_any_number_of_them(history, as_person):
    address = f"/insight/rows/?indicator=issue_count&{SPRING}"
    client, costs = as_person("leader"), []
    client.get(address)
    for count in (0, 3, 40):
        for number in range(count):
            history.issue(IssueState.HANDLING, number=f"M{count}-{number}", registered_at=at(4, 6))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        costs.append(len(seen))

    assert len(set(costs)) == 1, costs
    assert costs[0] <= 16


def test_a_leader_finds_the_board(history, as_person):
    assert 'href="/insight/"' in as_person("leader").get("/").content.decode()
    assert 'href="/insight/"' not in as_person("auditor").get("/org/log/").content.decode()
