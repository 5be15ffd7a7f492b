"""The vectors are those of domain.md 3.11 and 8, counted there by hand and checked against two libraries."""

import datetime
from datetime import date

import chinese_calendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unionops.china.calendar import (
    LONGEST_TERM,
    DayKind,
    DayRule,
    DueDate,
    Span,
    Step,
    Unit,
    WorkCalendar,
    days_used,
    due_after_months,
    due_date,
    explain_due_date,
    next_workday,
    soon_date,
    workdays_between,
)
from unionops.china.days import library_days

N, W = Unit.NATURAL, Unit.WORKING


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return _library(2010, 2035)


@pytest.mark.parametrize(
    ("start", "length", "unit", "due"),
    [
        (date(2026, 2, 6), 15, N, date(2026, 2, 24)),
        (date(2026, 2, 6), 30, N, date(2026, 3, 9)),
        (date(2026, 2, 6), 3, W, date(2026, 2, 11)),
        (date(2026, 2, 6), 15, W, date(2026, 3, 5)),
        (date(2026, 9, 18), 15, N, date(2026, 10, 8)),
        (date(2026, 9, 18), 3, W, date(2026, 9, 22)),
        (date(2026, 9, 18), 5, W, date(2026, 9, 24)),
        (date(2026, 9, 24), 15, N, date(2026, 10, 9)),
        (date(2026, 9, 24), 15, W, date(2026, 10, 22)),
        (date(2025, 9, 20), 15, N, date(2025, 10, 9)),
    ],
)
def test_due_date_of_an_announced_year(calendar, start, length, unit, due):
    assert due_date(calendar, start, length, unit) == DueDate(due, provisional=False)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
        date(2025, 1, 26),
        date(2025, 10, 11),
    ],
)
def test_swapped_weekend_days_are_working_days(calendar, day):
    assert day.weekday() >= 5
    assert calendar.is_workday(day) is True


@pytest.mark.parametrize("unit", [N, W])
def test_term_beyond_the_announced_years_is_provisional(calendar, unit):
    due = due_date(calendar, date(2026, 12, 20), 15, unit)

    assert due.on > date(2026, 12, 31)
    assert due.provisional is True


def test_term_beyond_the_table_counts_monday_to_friday(calendar):
    assert due_date(calendar, date(2040, 1, 2), 5, W) == DueDate(date(2040, 1, 9), provisional=True)
    assert due_date(calendar, date(1999, 1, 4), 5, W) == DueDate(date(1999, 1, 11), provisional=True)


def test_zero_days_are_the_day_itself_even_at_rest(calendar):
    sunday = date(2026, 11, 22)

    assert due_date(calendar, sunday, 0, N) == DueDate(sunday, provisional=False)
    assert due_date(calendar, sunday, 0, W) == DueDate(sunday, provisional=False)


@pytest.mark.parametrize("length", [-1, LONGEST_TERM + 1])
def test_impossible_length_is_refused(calendar, length):
    with pytest.raises(ValueError, match="a term has"):
        due_date(calendar, date(2026, 1, 1), length, N)


def test_unknown_unit_is_refused(calendar):
    with pytest.raises(ValueError, match="weeks"):
        due_date(calendar, date(2026, 1, 1), 3, "weeks")


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 9, 3), 1, date(2026, 10, 8)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_term_in_months_ends_on_the_same_day_of_the_month(calendar, start, months, due):
    assert due_after_months(calendar, start, months).on == due


def test_paused_days_do_not_count(calendar):
    pause = Span(date(2026, 11, 4), date(2026, 11, 6))

    assert due_date(calendar, date(2026, 11, 2), 5, W).on == date(2026, 11, 9)
    assert due_date(calendar, date(2026, 11, 2), 5, W, [pause]).on == date(2026, 11, 12)
    assert due_date(calendar, date(2026, 11, 2), 7, N).on == date(2026, 11, 9)
    assert due_date(calendar, date(2026, 11, 2), 7, N, [pause]).on == date(2026, 11, 12)


def test_overlapping_pauses_remove_a_day_once(calendar):
    pauses = [Span(date(2026, 11, 4), date(2026, 11, 6)), Span(date(2026, 11, 5), date(2026, 11, 6))]

    assert due_date(calendar, date(2026, 11, 2), 5, W, pauses).on == date(2026, 11, 12)


def test_pause_that_ended_before_it_began_removes_nothing(calendar):
    assert due_date(calendar, date(2026, 11, 2), 5, W, [Span(date(2026, 11, 4), date(2026, 11, 3))]).on == date(
        2026, 11, 9
    )


def test_term_does_not_roll_into_a_pause(calendar):
    """The 15th day is Saturday 2026-11-21; Monday is paused, so the term ends on Tuesday."""
    assert due_date(calendar, date(2026, 11, 6), 15, N, [Span(date(2026, 11, 23), date(2026, 11, 23))]).on == date(
        2026, 11, 24
    )


def test_steps_of_working_days_over_a_swapped_sunday(calendar):
    computation = explain_due_date(calendar, date(2026, 9, 18), 3, W)

    assert computation.due == DueDate(date(2026, 9, 22), provisional=False)
    assert computation.steps == [
        Step(date(2026, 9, 18), DayKind.START, None, True, ""),
        Step(date(2026, 9, 19), DayKind.REST, None, False, ""),
        Step(date(2026, 9, 20), DayKind.COUNTED, 1, True, "调休上班"),
        Step(date(2026, 9, 21), DayKind.COUNTED, 2, True, ""),
        Step(date(2026, 9, 22), DayKind.DUE, 3, True, ""),
    ]


def test_steps_of_natural_days_that_roll_out_of_spring_festival(calendar):
    steps = explain_due_date(calendar, date(2026, 2, 6), 15, N, [Span(date(2026, 2, 10), date(2026, 2, 10))]).steps

    assert steps[0].kind == DayKind.START
    assert [(step.day.day, step.kind, step.number) for step in steps[3:6]] == [
        (9, DayKind.COUNTED, 3),
        (10, DayKind.PAUSED, None),
        (11, DayKind.COUNTED, 4),
    ]
    assert [(step.day.day, step.kind, step.number) for step in steps[-3:]] == [
        (22, DayKind.COUNTED, 15),
        (23, DayKind.ROLLED, None),
        (24, DayKind.DUE, 15),
    ]


def test_steps_of_a_term_of_no_days(calendar):
    steps = explain_due_date(calendar, date(2026, 11, 22), 0, N).steps

    assert steps == [Step(date(2026, 11, 22), DayKind.DUE, 0, False, "")]


@pytest.mark.parametrize(
    ("length", "unit", "soon"),
    [(7, N, date(2026, 11, 7)), (15, W, date(2026, 11, 17)), (1, W, date(2026, 11, 3)), (0, N, date(2026, 11, 2))],
)
def test_yellow_lamp_at_seventy_percent(calendar, length, unit, soon):
    assert soon_date(calendar, date(2026, 11, 2), length, unit) == soon


def test_days_used_and_workdays_between(calendar):
    assert days_used(calendar, date(2026, 9, 18), date(2026, 9, 22), W) == 3
    assert days_used(calendar, date(2026, 9, 18), date(2026, 9, 18), W) == 0
    assert days_used(calendar, date(2026, 9, 18), date(2026, 9, 1), N) == 0
    assert workdays_between(calendar, date(2026, 10, 1), date(2026, 10, 11)) == 3
    assert next_workday(calendar, date(2026, 10, 1)) == date(2026, 10, 8)


def test_every_day_since_2010_agrees_with_the_state_councils_notices(calendar):
    days = [date(2010, 1, 1) + datetime.timedelta(days=n) for n in range((date(2027, 1, 1) - date(2010, 1, 1)).days)]

    assert [day for day in days if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == []
    assert calendar.all_confirmed(days[0], days[-1]) is True
    assert calendar.all_confirmed(date(2026, 12, 31), date(2027, 1, 1)) is False


announced_days = st.dates(date(2010, 1, 1), date(2025, 12, 31))
pauses = st.lists(
    st.tuples(st.dates(date(2010, 1, 1), date(2026, 6, 30)), st.integers(-1, 20)).map(
        lambda span: Span(span[0], span[0] + datetime.timedelta(days=span[1]))
    ),
    max_size=4,
)


@given(start=announced_days, length=st.integers(0, 90), unit=st.sampled_from(Unit), pauses=pauses)
@example(start=date(2020, 1, 20), length=15, unit=N, pauses=[])
def test_due_date_agrees_with_counting_on_the_fingers(calendar, start, length, unit, pauses):
    due = due_date(calendar, start, length, unit, pauses)

    assert due.on == _count_on_fingers(start, length, unit, pauses)


@given(start=announced_days, length=st.integers(1, 60), unit=st.sampled_from(Unit), pauses=pauses)
def test_steps_tell_the_whole_way(calendar, start, length, unit, pauses):
    computation = explain_due_date(calendar, start, length, unit, pauses)

    steps = computation.steps
    assert computation.due == due_date(calendar, start, length, unit, pauses)
    assert [step.day for step in steps] == [
        start + datetime.timedelta(days=n) for n in range((computation.due.on - start).days + 1)
    ]
    assert steps[0].kind == DayKind.START
    assert steps[-1].kind == DayKind.DUE
    numbers = [step.number for step in steps if step.kind == DayKind.COUNTED]
    assert numbers in (list(range(1, length)), list(range(1, length + 1)))


@given(start=announced_days, length=st.integers(0, 60), unit=st.sampled_from(Unit), pauses=pauses)
def test_lamp_turns_yellow_before_it_turns_red(calendar, start, length, unit, pauses):
    assert (
        start <= soon_date(calendar, start, length, unit, pauses) <= due_date(calendar, start, length, unit, pauses).on
    )


@given(start=announced_days, length=st.integers(0, 60), unit=st.sampled_from(Unit), pause=pauses)
def test_a_pause_never_shortens_a_term(calendar, start, length, unit, pause):
    assert due_date(calendar, start, length, unit, pause).on >= due_date(calendar, start, length, unit).on


def test_empty_calendar_is_monday_to_friday():
    calendar = WorkCalendar({})

    assert calendar.is_workday(date(2026, 11, 20)) is True
    assert calendar.is_workday(date(2026, 11, 21)) is False
    assert calendar.all_confirmed(date(2026, 11, 20), date(2026, 11, 20)) is False
    assert calendar.name(date(2026, 11, 20)) == ""


def test_gaps_between_given_days_are_unconfirmed():
    calendar = WorkCalendar(
        {date(2026, 11, 16): DayRule(False, "停工", True), date(2026, 11, 20): DayRule(True, "", True)}
    )

    assert calendar.is_workday(date(2026, 11, 16)) is False
    assert calendar.name(date(2026, 11, 16)) == "停工"
    assert calendar.is_workday(date(2026, 11, 17)) is True
    assert calendar.all_confirmed(date(2026, 11, 16), date(2026, 11, 16)) is True
    assert calendar.all_confirmed(date(2026, 11, 16), date(2026, 11, 17)) is False


def _library(first_year: int, last_year: int) -> WorkCalendar:
    return WorkCalendar(
        {day.date: DayRule(day.is_workday, day.name, day.confirmed) for day in library_days(first_year, last_year)}
    )


def _count_on_fingers(start: date, length: int, unit: Unit, pauses: list[Span]) -> date:
    paused = {first + datetime.timedelta(days=n) for first, last in pauses for n in range((last - first).days + 1)}
    day, counted = start, 0
    while counted < length:
        day += datetime.timedelta(days=1)
        if day not in paused and (unit == N or chinese_calendar.is_workday(day)):
            counted += 1
    while length and unit == N and (day in paused or not chinese_calendar.is_workday(day)):
        day += datetime.timedelta(days=1)
    return day
