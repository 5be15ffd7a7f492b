"""Sums done by hand; and for any numbers, the formula that is printed gives the result that is printed."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disputes.law.arithmetic import number, percent, yuan
from disputes.law.calculators import (
    ClaimSum,
    Payer,
    arrears_addition,
    double_pay,
    heat_allowance,
    leave_days,
    maternity_allowance,
    minimum_wage_gap,
    notice_pay,
    overtime,
    severance,
    unlawful_dismissal,
    unused_leave,
    wage_arrears,
)
from disputes.law.money import rounded
from unionops.china.errors import InvalidValue

D = Decimal


def sums(claim: ClaimSum) -> list[tuple[str, Decimal]]:
    return [(line.formula, line.result) for line in claim.lines]


def test_wage_arrears():
    claim = wage_arrears(monthly_pay=D(6000), months=D(3), days=D(10), paid=D(5000))

    # 6,000 x 3 = 18,000; 6,000 / 21.75 x 10 = 2,758.6206...
    assert sums(claim) == [
        ("6,000.00 × 3", D("18000.00")),
        ("6,000.00 ÷ 21.75 × 10", D("2758.62")),
        ("18,000.00 + 2,758.62", D("20758.62")),
        ("20,758.62 − 5,000.00", D("15758.62")),
    ]
    assert claim.amount == D("15758.62")


def test_wage_arrears_of_months_only():
    claim = wage_arrears(monthly_pay=D("4321.50"), months=D("2.5"))

    assert sums(claim) == [("4,321.50 × 2.5", D("10803.75"))]
    assert claim.amount == D("10803.75")


def test_more_paid_than_due():
    claim = wage_arrears(monthly_pay=D(3000), months=D(1), paid=D(3500))

    assert claim.lines[-1].result == D(-500)
    assert claim.amount == 0
    assert claim.notes == ("已付的超过应付的，没有差额。",)


def test_addition_to_arrears():
    assert arrears_addition(arrears=D("15758.62"), percentage=50).amount == D("7879.31")
    assert arrears_addition(arrears=D("15758.62"), percentage=100).amount == D("15758.62")
    with pytest.raises(InvalidValue, match="50% 到 100%"):
        arrears_addition(arrears=D(1), percentage=49)


def test_minimum_wage():
    gap = minimum_wage_gap(standard=D(2490), paid_monthly=D(2600), extras=D(400), months=D(3))
    assert sums(gap) == [
        ("2,600.00 − 400.00", D(2200)), ("2,490.00 − 2,200.00", D(290)), ("290.00 × 3", D(870)),
    ]  # fmt: skip
    # What is not below the standard lacks nothing.
    enough = minimum_wage_gap(standard=D(2490), paid_monthly=D(2490), months=D(1))
    assert (enough.amount, len(enough.notes)) == (D(0), 1)


def test_overtime():
    claim = overtime(monthly_pay=D(5220), workday_hours=D(20), rest_day_hours=D(16), holiday_hours=D(8), paid=D(1000))

    # 5,220 / 174 = 30 an hour.
    assert sums(claim) == [
        ("5,220.00 ÷ 174 × 20 × 150%", D("900.00")),
        ("5,220.00 ÷ 174 × 16 × 200%", D("960.00")),
        ("5,220.00 ÷ 174 × 8 × 300%", D("720.00")),
        ("900.00 + 960.00 + 720.00", D("2580.00")),
        ("2,580.00 − 1,000.00", D("1580.00")),
    ]
    assert [line.article.item for line in claim.lines[:3]] == [1, 2, 3]


def test_no_overtime():
    assert overtime(monthly_pay=D(5220)) == ClaimSum(D(0), ())


@pytest.mark.parametrize(
    ("started_on", "ended_on", "months"),
    [
        (date(2020, 3, 1), date(2023, 2, 28), "3"),
        (date(2020, 3, 1), date(2023, 3, 1), "3.5"),
        (date(2020, 3, 1), date(2023, 8, 30), "3.5"),
        # Six months exactly are "six months or more".
        (date(2020, 3, 1), date(2023, 8, 31), "4"),
        (date(2020, 3, 1), date(2024, 2, 29), "4"),
        # Six months after 31 August begins 29 February, the last day of its month.
        (date(2023, 8, 31), date(2024, 2, 27), "0.5"),
        (date(2023, 8, 31), date(2024, 2, 28), "1"),
        (date(2023, 8, 31), date(2023, 8, 31), "0.5"),
    ],
)
def test_years_of_severance(started_on, ended_on, months):
    claim = severance(started_on=started_on, ended_on=ended_on, average_pay=D(8000))

    assert claim.lines[0].result == D(months)
    assert claim.amount == D(8000) * D(months)


def test_severance_and_twice():
    facts = {"started_on": date(2019, 5, 6), "ended_on": date(2026, 1, 15), "average_pay": D("7350.40")}

    # 6 years 8 months and 10 days: 7 months.
    assert severance(**facts).amount == D("51452.80")
    double = unlawful_dismissal(**facts)
    assert sums(double) == [
        ("6 + 1", D(7)),
        ("7,350.40 × 7", D("51452.80")),
        ("51,452.80 × 2", D("102905.60")),
    ]
    assert double.lines[0].words == "工作年限 6 年 8 个月零 10 天，折合"
    assert double.notes == ("支付了赔偿金的，不再支付经济补偿。",)


def test_severance_of_high_pay_is_capped():
    facts = {"started_on": date(2010, 1, 1), "ended_on": date(2025, 12, 31), "local_average_pay": D("8123.45")}

    # Three times 8,123.45 = 24,370.35; sixteen years become twelve.
    capped = severance(**facts, average_pay=D(30000))
    assert sums(capped) == [
        ("16", D(16)), ("8,123.45 × 3", D("24370.35")), ("12", D(12)), ("24,370.35 × 12", D("292444.20")),
    ]  # fmt: skip
    # At three times exactly nothing is capped, neither pay nor years.
    assert severance(**facts, average_pay=D("24370.35")).amount == D("389925.60")


def test_severance_of_low_pay_is_lifted():
    claim = severance(
        started_on=date(2024, 1, 1), ended_on=date(2025, 12, 31), average_pay=D(2000), minimum_wage=D(2490)
    )

    assert claim.amount == D(4980)


def test_service_before_the_labour_contract_law_is_noted():
    claim = severance(started_on=date(2007, 12, 31), ended_on=date(2020, 12, 31), average_pay=D(5000))

    assert "2008年1月1日以前" in claim.notes[0]
    assert severance(started_on=date(2008, 1, 1), ended_on=date(2020, 12, 31), average_pay=D(5000)).notes == ()


def test_notice_pay():
    assert notice_pay(last_month_pay=D("6789.01")).amount == D("6789.01")


def test_double_pay_of_whole_months(calendar):
    claim = double_pay(
        started_on=date(2025, 1, 1), worked_until=date(2025, 6, 30), monthly_pay=D(6000), calendar=calendar
    )

    # February to June.
    assert sums(claim) == [("6,000.00 × 5", D(30000))]
    assert claim.lines[0].words == "2025-02-01 至 2025-06-30 未订立书面劳动合同，满月的部分"


def test_double_pay_ends_before_a_full_year(calendar):
    claim = double_pay(
        started_on=date(2024, 1, 15), worked_until=date(2026, 6, 30), monthly_pay=D(6000), calendar=calendar
    )

    assert sums(claim) == [("6,000.00 × 11", D(66000))]
    assert "2024-02-15 至 2025-01-14" in claim.lines[0].words


def test_double_pay_ends_before_the_contract(calendar):
    claim = double_pay(
        started_on=date(2025, 1, 1), worked_until=date(2025, 12, 31), monthly_pay=D(6525), calendar=calendar,
        contract_on=date(2025, 4, 16),
    )  # fmt: skip

    # Two months; 1 to 15 April 2025 has 10 working days (the 4th is a holiday): 6,525 / 21.75 = 300 a day.
    assert sums(claim) == [
        ("6,525.00 × 2", D(13050)),
        ("6,525.00 ÷ 21.75 × 10", D(3000)),
        ("13,050.00 + 3,000.00", D(16050)),
    ]
    assert claim.provisional is False


def test_part_of_a_month_is_never_more_than_the_month(calendar):
    # 1 to 30 July 2025 has 22 working days, more than 21.75.
    claim = double_pay(
        started_on=date(2025, 6, 1), worked_until=date(2025, 7, 30), monthly_pay=D(6000), calendar=calendar
    )

    assert claim.amount == D(6000)


def test_double_pay_of_a_single_day(calendar):
    known = double_pay(
        started_on=date(2025, 3, 1), worked_until=date(2025, 4, 1), monthly_pay=D(6525), calendar=calendar
    )
    unknown = double_pay(
        started_on=date(2026, 12, 4), worked_until=date(2027, 1, 4), monthly_pay=D(6525), calendar=calendar
    )

    assert (known.amount, known.provisional) == (D(300), False)
    assert (unknown.amount, unknown.provisional) == (D(300), True)


def test_no_double_pay_in_the_first_month(calendar):
    facts = {"started_on": date(2025, 3, 1), "monthly_pay": D(6000), "calendar": calendar}

    assert double_pay(**facts, worked_until=date(2025, 3, 31)).amount == 0
    signed = double_pay(**facts, worked_until=date(2025, 9, 1), contract_on=date(2025, 4, 1))
    assert (signed.amount, signed.lines) == (0, ())
    assert signed.notes == ("没有超过一个月未订立书面劳动合同的期间。",)


def test_double_pay_over_days_not_announced(calendar):
    claim = double_pay(
        started_on=date(2026, 11, 1), worked_until=date(2027, 1, 10), monthly_pay=D(6000), calendar=calendar
    )

    assert claim.provisional is True


@pytest.mark.parametrize(("years", "days"), [(0, 0), (1, 5), (9, 5), (10, 10), (19, 10), (20, 15), (40, 15)])
def test_days_of_leave(years, days):
    assert leave_days(years) == days


def test_unused_leave():
    claim = unused_leave(monthly_pay=D(8700), worked_years=12, taken=D(4))

    # 8,700 / 21.75 = 400 a day; six days at twice the pay, because the first was paid with the wage.
    assert sums(claim) == [("10", D(10)), ("10 − 4", D(6)), ("8,700.00 ÷ 21.75 × 6 × 200%", D(4800))]
    assert unused_leave(monthly_pay=D(8700), worked_years=12, taken=D(4), normal_pay_received=False).amount == D(7200)


def test_unused_leave_of_part_of_a_year():
    # 200 / 365 x 5 = 2.74: two whole days; 200 / 365 x 15 = 8.22.
    claim = unused_leave(monthly_pay=D(8700), worked_years=3, days_of_year=200)
    assert sums(claim) == [
        ("5", D(5)), ("200 ÷ 365 × 5", D("2.74")), ("2", D(2)), ("8,700.00 ÷ 21.75 × 2 × 200%", D(1600)),
    ]  # fmt: skip
    assert unused_leave(monthly_pay=D(8700), worked_years=25, days_of_year=200).lines[2].result == 8
    # 364.9 / 365 would round up to five; 364 days give four.
    assert unused_leave(monthly_pay=D(8700), worked_years=3, days_of_year=364).lines[2].result == 4
    assert unused_leave(monthly_pay=D(8700), worked_years=3, days_of_year=366).lines[2].result == 5


def test_leave_taken_beyond_what_was_due_is_not_taken_back():
    assert unused_leave(monthly_pay=D(8700), worked_years=3, days_of_year=200, taken=D(4)).amount == 0
    assert unused_leave(monthly_pay=D(8700), worked_years=0).amount == 0
    assert unused_leave(monthly_pay=D(8700), worked_years=3, agreed_days=7).lines[0].result == 7


def test_maternity_allowance_of_the_case_of_25000_yuan():
    """The seed gives the sum alone; 98 days at the average of 7,653.06 a month make it: 24,999.996."""
    claim = maternity_allowance(insured=False, own_pay=D("7653.06"))

    assert sums(claim) == [("98", D(98)), ("7,653.06 ÷ 30 × 98", D("25000.00"))]
    assert (claim.amount, claim.payer) == (D("25000.00"), Payer.EMPLOYER)


def test_maternity_allowance_of_an_insured_worker():
    claim = maternity_allowance(
        insured=True, unit_average_pay=D(6000), own_pay=D(7000), difficult=True, children=2, paid=D(600)
    )

    # 98 + 15 + 15 = 128 days at 200 a day.
    assert sums(claim) == [
        ("98 + 15 + 15 × 1", D(128)), ("6,000.00 ÷ 30 × 128", D(25600)), ("25,600.00 − 600.00", D(25000)),
    ]  # fmt: skip
    assert claim.payer == Payer.FUND
    assert "补足" in claim.notes[0]


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({}, 98),
        ({"children": 3}, 128),
        ({"difficult": True}, 113),
        ({"further_days": 60}, 158),
        ({"miscarriage_month": 3}, 15),
        ({"miscarriage_month": 4}, 42),
    ],
)
def test_days_of_maternity_leave(facts, days):
    assert maternity_allowance(insured=False, own_pay=D(3000), **facts).amount == D(100) * days


@pytest.mark.parametrize("insured", [True, False])
def test_maternity_allowance_needs_the_pay_it_rests_on(insured):
    facts = {"own_pay": D(1)} if insured else {"unit_average_pay": D(1)}

    with pytest.raises(InvalidValue) as missing:
        maternity_allowance(insured=insured, **facts)
    assert missing.value.code == "missing"


def test_heat_allowance():
    assert sums(heat_allowance(monthly_standard=D(300), months=D(4), paid=D(300))) == [
        ("300.00 × 4", D(1200)),
        ("1,200.00 − 300.00", D(900)),
    ]


@pytest.mark.parametrize(
    "compute",
    [
        lambda: wage_arrears(monthly_pay=D(-1), months=D(1)),
        lambda: wage_arrears(monthly_pay=D(1), months=D(-1)),
        lambda: wage_arrears(monthly_pay=D("NaN"), months=D(1)),
        lambda: wage_arrears(monthly_pay=D("1.005"), months=D(1)),
        lambda: wage_arrears(monthly_pay=D("1E30"), months=D(1)),
        lambda: overtime(monthly_pay=D(1), holiday_hours=D("Infinity")),
        lambda: severance(started_on=date(2025, 1, 2), ended_on=date(2025, 1, 1), average_pay=D(1)),
        lambda: unused_leave(monthly_pay=D(1), worked_years=-1),
        lambda: unused_leave(monthly_pay=D(1), worked_years=1, days_of_year=367),
        lambda: maternity_allowance(insured=False, own_pay=D(1), children=0),
    ],
)
def test_impossible_facts_are_refused(compute):
    with pytest.raises(InvalidValue):
        compute()


def read(formula: str) -> Fraction:
    """What somebody with pencil and paper makes of a printed formula."""
    signs = {"×": "*", "÷": "/", "−": "-"}
    text = "".join(signs.get(sign, sign) for sign in formula.replace(",", ""))
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    return eval(re.sub(r"\d+(?:\.\d+)?", r"F('\g<0>')", text), {"F": Fraction})  # noqa: S307 -- our own digits


def by_hand(value: Fraction) -> Decimal:
    return (D(value.numerator) / D(value.denominator)).quantize(D("0.01"), ROUND_HALF_UP)


amounts = st.decimals(0, 100_000, places=2)
counts = st.decimals(0, 400, places=1)
days = st.dates(date(2008, 1, 1), date(2026, 1, 1))
CALCULATORS = {
    wage_arrears: {"monthly_pay": amounts, "months": counts, "days": counts, "paid": amounts},
    overtime: {
        "monthly_pay": amounts, "workday_hours": counts, "rest_day_hours": counts, "holiday_hours": counts, "paid": amounts,
    },
    unlawful_dismissal: {
        "started_on": days, "ended_on": st.dates(date(2026, 1, 1), date(2026, 11, 21)), "average_pay": amounts,
        "local_average_pay": amounts, "minimum_wage": amounts,
    },
    unused_leave: {
        "monthly_pay": amounts, "worked_years": st.integers(0, 40), "taken": st.decimals(0, 15, places=1),
        "days_of_year": st.integers(0, 366) | st.none(),
    },
    maternity_allowance: {
        "insured": st.booleans(), "unit_average_pay": amounts, "own_pay": amounts, "children": st.integers(1, 4),
        "difficult": st.booleans(), "further_days": st.integers(0, 90), "paid": amounts,
    },
    heat_allowance: {"monthly_standard": amounts, "months": counts, "paid": amounts},
}  # fmt: skip


@settings(max_examples=150)
@given(data=st.data(), calculator=st.sampled_from(list(CALCULATORS)))
def test_printed_formula_gives_the_printed_result(data, calculator):
    claim = calculator(**{name: data.draw(values) for name, values in CALCULATORS[calculator].items()})

    assert [by_hand(read(line.formula)) for line in claim.lines] == [line.result for line in claim.lines]
    assert claim.amount == max(claim.lines[-1].result if claim.lines else D(0), D(0))
    assert claim.amount == claim.amount.quantize(D("0.01"))


@settings(max_examples=60)
@given(started_on=days, length=st.integers(0, 500), pay=amounts, signed=st.integers(0, 500) | st.none())
def test_double_pay_is_never_more_than_eleven_months(calendar, started_on, length, pay, signed):
    claim = double_pay(
        started_on=started_on, worked_until=date.fromordinal(started_on.toordinal() + length), monthly_pay=pay,
        calendar=calendar, contract_on=None if signed is None else date.fromordinal(started_on.toordinal() + signed),
    )  # fmt: skip

    assert 0 <= claim.amount <= pay * 11
    assert [by_hand(read(line.formula)) for line in claim.lines] == [line.result for line in claim.lines]


@pytest.mark.parametrize(
    ("quantity", "formula", "value"),
    [
        ((number(2) + number(3)) * number(4), "(2 + 3) × 4", 20),
        (number(12) / (number(2) * number(3)), "12 ÷ (2 × 3)", 2),
        (number(9) - (number(2) + number(3)), "9 − (2 + 3)", 4),
        (number(9) - number(2) - number(3), "9 − 2 − 3", 4),
        (yuan(D("-1.5")) + yuan(D(1000)), "(-1.50) + 1,000.00", Fraction("998.5")),
        (number("1E+3") * percent(50), "1000 × 50%", 500),
    ],
)
def test_formula_of_a_quantity(quantity, formula, value):
    assert (quantity.formula, quantity.value) == (formula, value)
    assert read(formula) == value


@pytest.mark.parametrize(
    ("value", "result"),
    [("0.005", "0.01"), ("0.004999", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1/3", "0.33")],
)
def test_half_a_fen_is_rounded_up(value, result):
    assert rounded(Fraction(value)) == D(result)
