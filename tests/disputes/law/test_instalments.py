from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disputes.law.instalments import (
    MOST_INSTALMENTS,
    Instalment,
    Rest,
    check_plan,
    monthly_dates,
    monthly_plan,
    percent_plan,
    split_by_percent,
    split_equally,
)
from unionops.china.errors import InvalidValue

D = Decimal


@pytest.mark.parametrize(
    ("total", "count", "rest", "parts"),
    [
        ("25000", 3, Rest.LAST, ["8333.33", "8333.33", "8333.34"]),
        ("25000", 3, Rest.FIRST, ["8333.34", "8333.33", "8333.33"]),
        ("0.05", 3, Rest.LAST, ["0.01", "0.01", "0.03"]),
        ("100", 1, Rest.FIRST, ["100.00"]),
    ],
)
def test_equal_parts(total, count, rest, parts):
    assert split_equally(D(total), count, rest) == [D(part) for part in parts]


def test_parts_by_percent():
    assert split_by_percent(D("10000.01"), [D(50), D(30), D(20)]) == [D("5000.00"), D("3000.00"), D("2000.01")]
    assert split_by_percent(D(100), [D("33.3"), D("66.7")], Rest.FIRST) == [D("33.30"), D("66.70")]


@pytest.mark.parametrize(
    ("split", "code"),
    [
        (lambda: split_equally(D("0.02"), 3), "too_small"),
        (lambda: split_equally(D(100), 0), "count"),
        (lambda: split_equally(D(100), MOST_INSTALMENTS + 1), "count"),
        (lambda: split_equally(D("100.001"), 2), "fraction"),
        (lambda: split_equally(D(-100), 2), "negative"),
        (lambda: split_by_percent(D(100), [D(50), D(49)]), "not_hundred"),
        (lambda: split_by_percent(D(100), [D(100), D(0)]), "not_positive"),
        (lambda: split_by_percent(D("0.10"), [D(99), D(1)], Rest.FIRST), "too_small"),
        (lambda: split_by_percent(D(100), []), "count"),
        (lambda: monthly_dates(date(2026, 1, 31), 0), "count"),
    ],
)
def test_impossible_split_is_refused(split, code):
    with pytest.raises(InvalidValue) as refused:
        split()

    assert refused.value.code == code


def test_monthly_dates_do_not_drift():
    days = [day.isoformat() for day in monthly_dates(date(2026, 12, 31), 4)]

    assert days == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]


def test_plans():
    plan = monthly_plan(D("25000.01"), date(2026, 12, 31), 2)
    shares = [(date(2027, 1, 5), D(40)), (date(2027, 3, 5), D(60))]

    assert plan == [
        Instalment(1, date(2026, 12, 31), D("12500.00")),
        Instalment(2, date(2027, 1, 31), D("12500.01")),
    ]
    assert [part.amount for part in percent_plan(D(25000), shares)] == [D(10000), D(15000)]
    assert check_plan(D("25000.01"), plan, not_before=date(2026, 12, 31)) == []


def test_plan_with_every_fault():
    plan = [
        Instalment(1, date(2026, 11, 1), D(100)),
        Instalment(2, date(2026, 12, 1), D("0.005")),
        Instalment(3, date(2026, 12, 1), D(0)),
    ]

    problems = check_plan(D(200), plan, not_before=date(2026, 11, 21))

    assert [(problem.code, problem.number) for problem in problems] == [
        ("early", 1), ("fraction", 2), ("not_positive", 3), ("order", 3), ("sum", None),
    ]  # fmt: skip
    assert check_plan(D(200), [])[0].code == "empty"


def test_gap_of_a_plan_is_named():
    plan = [Instalment(1, date(2026, 12, 1), D("1000.00"))]

    assert check_plan(D("1000.01"), plan)[0].reason == "各期合计 1,000.00 元，比总额少 0.01 元。"
    assert check_plan(D("999.99"), plan)[0].reason == "各期合计 1,000.00 元，比总额多 0.01 元。"


totals = st.decimals("1.20", "999999999999.99", places=2)
rests = st.sampled_from(Rest)


@settings(max_examples=100)
@given(
    total=totals, count=st.integers(1, MOST_INSTALMENTS), rest=rests, first=st.dates(date(2000, 1, 1), date(2100, 1, 1))
)
def test_monthly_plan_adds_up_to_the_fen(total, count, rest, first):
    plan = monthly_plan(total, first, count, rest)

    assert sum(part.amount for part in plan) == total
    assert check_plan(total, plan, not_before=first) == []
    amounts = sorted(part.amount for part in plan)
    assert amounts[-1] - amounts[0] < D("0.01") * count
    assert len(set(amounts[:-1])) <= 1


@settings(max_examples=100)
@given(total=totals, cuts=st.sets(st.integers(1, 9999), max_size=20), rest=rests)
def test_plan_by_percent_adds_up_to_the_fen(total, cuts, rest):
    edges = [0, *sorted(cuts), 10000]
    percents = [D(later - earlier) / 100 for earlier, later in pairwise(edges)]

    try:
        parts = split_by_percent(total, percents, rest)
    except InvalidValue as refused:
        assert refused.code == "too_small"
        assert total < 100
        return

    assert sum(parts) == total
    assert all(
        abs(part - total * percent / 100) < D("0.01") * len(parts)
        for part, percent in zip(parts, percents, strict=True)
    )


@settings(max_examples=60)
@given(total=totals, count=st.integers(1, 24), fen=st.integers(-500, 500).filter(bool), data=st.data())
def test_plan_that_is_wrong_by_fen_is_found(total, count, fen, data):
    plan = monthly_plan(total, date(2026, 12, 1), count)
    wrong = data.draw(st.integers(0, count - 1))
    part = plan[wrong]
    plan[wrong] = Instalment(part.number, part.due_on, part.amount + D(fen) / 100)

    assert "sum" in [problem.code for problem in check_plan(total, plan)]
