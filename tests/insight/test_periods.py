"""Weeks, months, quarters, years and free spans, in the address and beside each other."""

from __future__ import annotations

import datetime

import pytest

from unionops.insight.periods import Kind, PeriodError, containing, parse

D = datetime.date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", D(2024, 1, 1), D(2024, 12, 31)),
        ("2024-Q3", D(2024, 7, 1), D(2024, 9, 30)),
        ("2024-Q4", D(2024, 10, 1), D(2024, 12, 31)),
        ("2024-02", D(2024, 2, 1), D(2024, 2, 29)),
        ("2023-12", D(2023, 12, 1), D(2023, 12, 31)),
        ("2024-W20", D(2024, 5, 13), D(2024, 5, 19)),
        ("2020-W53", D(2020, 12, 28), D(2021, 1, 3)),
        ("2026-W01", D(2025, 12, 29), D(2026, 1, 4)),
        ("2023-04-01..2025-01-15", D(2023, 4, 1), D(2025, 1, 15)),
        ("2024-02-29..2024-02-29", D(2024, 2, 29), D(2024, 2, 29)),
    ],
)
def test_address_is_read_and_written(text, first, last):
    period = parse(text)

    assert (period.first, period.last) == (first, last)
    assert period.code == text
    assert period.label


@pytest.mark.parametrize(
    "text",
    [
        "", "24", "2024-13", "2024-00", "2024-Q0", "2024-Q5", "2024-W00", "2024-W53", "2023-02-29..2023-03-01", "1999", "2100",
        "0000", "9999", "2024-1", "２０２４", "2025-01-15..2023-04-01", "2023-04-01..", "'; DROP TABLE", "2024\n", "2024-05-01",
    ],
)  # fmt: skip
def test_impossible_periods_are_refused_with_a_reason(text):
    if text == "2024\n":
        assert parse(text).code == "2024"
        return
    with pytest.raises(PeriodError) as refused:
        parse(text)

    assert str(refused.value)
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("text", "before", "year_earlier"),
    [
        ("2024", "2023", "2023"),
        ("2024-Q1", "2023-Q4", "2023-Q1"),
        ("2024-01", "2023-12", "2023-01"),
        ("2021-W01", "2020-W53", "2020-W01"),
        ("2020-W53", "2020-W52", "2019-W52"),
        ("2024-02-29..2024-03-09", "2024-02-19..2024-02-28", "2023-02-28..2023-03-09"),
        ("2023-04-01..2025-01-15", "2021-06-14..2023-03-31", "2022-04-01..2024-01-15"),
    ],
)
def test_neighbours(text, before, year_earlier):
    period = parse(text)

    assert period.before().code == before
    assert period.year_earlier().code == year_earlier


@pytest.mark.parametrize("kind", [Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.YEAR])
def test_every_day_belongs_to_exactly_one_period_of_a_kind(kind):
    day, seen = D(2019, 12, 20), None
    while day < D(2022, 1, 20):
        found = containing(day, kind)
        assert found.first <= day <= found.last
        if seen and found != seen:
            assert found.before() == seen
        assert parse(found.code) == found
        seen, day = found, day + datetime.timedelta(days=1)


def test_a_month_ends_with_the_last_second_in_shanghai():
    period = parse("2024-05")

    assert period.start == datetime.datetime(2024, 4, 30, 16, tzinfo=datetime.UTC)
    assert period.end == datetime.datetime(2024, 5, 31, 16, tzinfo=datetime.UTC)


def test_cut_off_is_the_end_or_today():
    assert parse("2024-05").cut_off(D(2026, 1, 1)) == D(2024, 5, 31)
    assert parse("2024-05").cut_off(D(2024, 5, 10)) == D(2024, 5, 10)
