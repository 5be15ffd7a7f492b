"""What the figures of disputes say of a spring that can be counted by hand; sums, shares of money, and the board."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from disputes.actions import agreements
from tests.disputes import spring, stories
from tests.insight.test_boards import marks, pages_of, total
from tests.kept import kept
from tests.weight import LIGHT, weight
from tests.world import World, make_world
from unionops.insight import boards
from unionops.insight.figures import Figure, Question, answer, figure_of
from unionops.insight.frozen import freeze, thaw
from unionops.insight.indicators import Asked, Unit, find, indicators
from unionops.insight.periods import parse

pytestmark = pytest.mark.django_db

SPRING = "2026-03-01..2026-05-31"
OURS = [one.code for one in indicators() if one.rows.code in ("dispute", "obligation")]


@kept
def mediated() -> World:
    return spring.mediate(make_world())


@pytest.fixture
def world(mediated: World) -> World:
    return mediated


def ask(code, user, period=SPRING, by="", **where):
    span = parse(period)
    return Question(find(code), Asked(user, span, span.last), by, where)


def words(world, code, **more):
    return figure_of(ask(code, world["leader"], **more)).words


def test_the_spring_counted_by_hand(world):
    said = {code: words(world, code) for code in OURS}

    assert said["dispute_count"] == said["dispute_accepted_count"] == "3"
    assert said["dispute_ended_count"] == "2"
    # One agreed, one failed; the third is still mediated.
    assert said["dispute_success_rate"] == "50.00"
    assert said["dispute_success_on_accepted_rate"] == "33.33"
    assert said["dispute_taken_up_rate"] == "100.00"
    assert said["dispute_settled_rate"] == said["dispute_performed_rate"] == "33.33"
    assert said["dispute_collective_count"] == "1"
    assert said["dispute_people_count"] == "14"
    assert said["dispute_amount_claimed"] == "129,000.00"
    assert said["dispute_agency_rate"] == "66.67"
    assert said["dispute_confirmation_rate"] == said["dispute_immediate_rate"] == "100.00"
    assert said["dispute_open_count"] == said["dispute_overdue_count"] == "1"
    assert said["obligation_due_count"] == "1"
    assert said["obligation_fulfilment_rate"] == said["obligation_fulfilment_money_rate"] == "100.00"
    assert said["obligation_amount_agreed"] == said["obligation_amount_paid"] == "25,000.00"
    # Received on the 2nd, 9th of March and the 1st of April, each accepted two days later.
    assert said["dispute_days_to_accept"] == said["dispute_days_to_accept_p90"] == "2.0"
    # 4th to 10th, 11th to 20th of March.
    assert (said["dispute_days_to_mediate"], said["dispute_days_to_mediate_p90"]) == ("7.5", "8.7")
    # 2nd to 10th, 9th to 20th of March.
    assert (said["dispute_days_to_end"], said["dispute_days_to_end_p90"]) == ("9.5", "10.7")
    # Paid on the day on which the agreement took effect.
    assert said["obligation_days_to_pay"] == said["obligation_days_to_pay_p90"] == "0.0"
    assert said["dispute_followup_rate"] == said["dispute_kept_rate"] == said["dispute_satisfaction_rate"] == "100.00"


def test_a_share_of_money_is_not_a_share_of_rows(world):
    hall = stories.Hall(world, world["mediator"].postings.get().organisation, None, None)
    case = stories.effective(hall)
    first = case.agreements.get().obligations.get(instalment=1)
    agreements.fulfil(first, by=world["case_clerk"], on=stories.today(), proof_note="银行回单")
    last = stories.today() + stories.days(40)
    period = f"{stories.today()}..{last}"

    # Three things are due, papers and two instalments; one instalment of 10,000 in 25,000 was paid.
    assert words(world, "obligation_due_count", period=period) == "3"
    assert words(world, "obligation_fulfilment_rate", period=period) == "33.33"
    assert words(world, "obligation_fulfilment_money_rate", period=period) == "40.00"


def test_sums_are_divided_like_counts(world):
    leader = world["leader"]
    (by_cause,) = answer([ask("dispute_people_count", leader, by="cause")])

    assert {key: figure.words for key, figure in by_cause.items()} == {
        "si_maternity": "1", "pay_overtime": "1", "pay_arrears": "12",
    }  # fmt: skip
    assert words(world, "dispute_people_count", cause="pay_arrears") == "12"
    for dimension, expected in {
        "dispute_source": {"window": "2", "visit": "1"},
        "cause": {"si_maternity": "1", "pay_overtime": "1", "pay_arrears": "1"},
        "cause_group": {"a4": "1", "a5": "2"},
        "is_collective": {"true": "1", "false": "2"},
    }.items():
        (found,) = answer([ask("dispute_accepted_count", leader, by=dimension)])
        assert {key: figure.words for key, figure in found.items()} == expected, dimension


def test_nothing_is_no_money_and_no_share(world):
    assert words(world, "dispute_amount_claimed", period="2001") == "0.00"
    assert words(world, "dispute_people_count", period="2001") == "0"
    assert words(world, "obligation_fulfilment_money_rate", period="2001") == "—"


def test_kept_sums_and_shares_of_money_say_the_same(world):
    leader = world["leader"]
    questions = [ask(code, leader) for code in OURS]
    kept = freeze(questions)

    thawed = [thaw(one, leader) for one in kept]
    assert [one.words for one in thawed] == [figure_of(question).words for question in questions]


def test_rounding_of_sums_and_shares():
    money, share = find("dispute_amount_claimed"), find("obligation_fulfilment_money_rate")

    assert Figure(money, 2, None, Decimal("1234.5")).words == "1,234.50"
    assert Figure(share, 1, 3, Decimal(1), Decimal(3)).words == "33.33"


def test_cut_off_hides_what_came_later(world):
    span = parse(SPRING)
    asked = Asked(world["leader"], span, datetime.date(2026, 3, 9))

    assert figure_of(Question(find("dispute_success_on_accepted_rate"), asked)).words == "0.00"
    assert figure_of(Question(find("dispute_open_count"), asked)).value == 2


def test_board_shows_and_opens_its_rows(world):
    client = Client()
    client.force_login(world["leader"])
    board = client.get(f"/insight/of/disputes/?period={SPRING}")
    text = board.content.decode()

    assert board.status_code == 200
    assert weight(board) < LIGHT
    for code in ("dispute_success_rate", "obligation_amount_paid", "dispute_open_count"):
        assert f"indicator={code}" in text
    # Both ways to count the success stand there with what they divide by what.
    for formula in (
        "成功率 =（达成协议 + 和解撤回）÷（达成协议 + 和解撤回 + 调解不成）",
        "按受理的成功率 = 其中到截止日成功的 ÷ 期内受理的全部",
    ):
        assert formula in text
    rows = client.get(f"/insight/rows/?indicator=obligation_fulfilment_money_rate&period={SPRING}").content.decode()
    assert "支付生育津贴" in rows
    assert str(find("obligation_fulfilment_money_rate").meaning) in rows


def test_every_mark_of_the_board_opens_what_it_counts(world):
    """Each tile, bar, column, step, part and cell of the tables: a count opens so many rows, a sum its rows, or says itself there."""
    client = Client()
    client.force_login(world["leader"])
    seen, linked, text = {}, set(), ""
    for page in pages_of(client, "/insight/of/disputes/"):
        for link, number in marks(page):
            assert seen.setdefault(link, number) == number, link
        linked |= {unescape(link) for link in re.findall(r'href="(/insight/rows/[^"]+)"', page)}
        text += page
    for link, number in seen.items():
        opened = client.get(link).content.decode()
        is_sum = find(parse_qs(urlsplit(link).query)["indicator"][0]).unit == Unit.SUM
        assert total(opened) == number or (is_sum and f'<p class="figure__v">{number:,}<' in opened), link
    for link in linked - set(seen):
        opened = client.get(link)
        assert opened.status_code == 200, link
        (shown,) = re.findall(r'<p class="figure__v">([^<]+)<', opened.content.decode())
        assert shown in text, link
    # The months, the groups of causes, the funnel, the ages, the sources, the causes, and what is counted beside them.
    asked = {parse_qs(urlsplit(link).query)["indicator"][0] for link in {*seen, *linked}}
    (board,) = [one for one in boards.boards() if one.code == "disputes"]
    wanted = (
        {tile.indicator for tile in board.tiles}
        | {code for tile in board.tiles for code in tile.beside}
        | {*board.more}
    )
    assert asked >= wanted | {chart.indicator for chart in board.charts}
    assert {"dispute_source", "cause", "cause_group", "month", "age", "dispute_stage"} <= {
        key for link in {*seen, *linked} for key in parse_qs(urlsplit(link).query)
    }
