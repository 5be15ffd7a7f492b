"""Natural and working days, pure: terms are counted over a calendar that somebody else loaded.

民法典 201, 203 and 民事诉讼法 85: the day of the start does not count; a term in natural days whose last day is a rest
day ends on the next working day. Working days are the official ones, with the Saturdays and Sundays swapped in.
"""

from __future__ import annotations

import calendar as months
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

ONE_DAY = datetime.timedelta(days=1)
# No office sets longer terms; a typing error must not count for minutes.
LONGEST_TERM = 3660
# A yellow lamp is lit when this part of the term is used.
SOON_PERCENT = 70
_SATURDAY = 5


class Unit(StrEnum):
    NATURAL = "natural"
    WORKING = "working"


class WorkingDays(Protocol):
    """All that counting needs to know of a calendar."""

    def is_workday(self, day: datetime.date) -> bool: ...

    def all_confirmed(self, first: datetime.date, last: datetime.date) -> bool: ...

    def name(self, day: datetime.date) -> str: ...


class DayRule(NamedTuple):
    is_workday: bool
    name: str
    confirmed: bool


class WorkCalendar:
    """Days in memory, one byte each: a question costs an index. Days outside are Monday to Friday, unconfirmed."""

    __slots__ = ("_confirmed", "_first", "_names", "_work")

    def __init__(self, days: Mapping[datetime.date, DayRule]) -> None:
        ordinals = sorted(day.toordinal() for day in days)
        self._first = ordinals[0] if ordinals else 1
        size = ordinals[-1] - self._first + 1 if ordinals else 0
        self._work = bytearray(_is_weekday(self._first + position) for position in range(size))
        self._confirmed = bytearray(size)
        self._names: dict[int, str] = {}
        for day, rule in days.items():
            ordinal = day.toordinal()
            self._work[ordinal - self._first] = rule.is_workday
            self._confirmed[ordinal - self._first] = rule.confirmed
            if rule.name:
                self._names[ordinal] = rule.name

    def is_workday(self, day: datetime.date) -> bool:
        ordinal = day.toordinal()
        position = ordinal - self._first
        return bool(self._work[position]) if 0 <= position < len(self._work) else _is_weekday(ordinal)

    def all_confirmed(self, first: datetime.date, last: datetime.date) -> bool:
        start, end = first.toordinal() - self._first, last.toordinal() - self._first + 1
        if start >= end:
            return True
        return start >= 0 and end <= len(self._confirmed) and 0 not in self._confirmed[start:end]

    def name(self, day: datetime.date) -> str:
        return self._names.get(day.toordinal(), "")


class Span(NamedTuple):
    """Days that do not count, both ends included; a last day before the first removes nothing."""

    first: datetime.date
    last: datetime.date


class DayKind(StrEnum):
    START = "start"
    COUNTED = "counted"
    PAUSED = "paused"
    REST = "rest"
    # Passed over after the last counted day, because the term may not end there.
    ROLLED = "rolled"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the page that shows how a due date was computed; ``number`` is the count, if the day counted."""

    day: datetime.date
    kind: DayKind
    number: int | None
    is_workday: bool
    name: str


@dataclass(frozen=True, slots=True)
class DueDate:
    on: datetime.date
    # A day on the way lies in a year whose holidays are not announced yet.
    provisional: bool


@dataclass(frozen=True, slots=True)
class Computation:
    due: DueDate
    steps: list[Step] = field(default_factory=list)


def due_date(
    calendar: WorkingDays, start: datetime.date, length: int, unit: str, pauses: Sequence[Span] = ()
) -> DueDate:
    """The last day of a term. Zero days means the day itself, rest day or not (即办, 特急)."""
    _check_length(length)
    if length == 0:
        return DueDate(start, provisional=False)
    counts = _counts(calendar, unit, pauses)
    day, left = start, length
    while left:
        day += ONE_DAY
        left -= counts(day)
    while not _may_end(calendar, unit, day, pauses):
        day += ONE_DAY
    return DueDate(day, provisional=not calendar.all_confirmed(start + ONE_DAY, day))


def explain_due_date(
    calendar: WorkingDays, start: datetime.date, length: int, unit: str, pauses: Sequence[Span] = ()
) -> Computation:
    """The same answer as ``due_date`` with every day on the way."""
    due = due_date(calendar, start, length, unit, pauses)
    if length == 0:
        return Computation(due, [_step(calendar, start, DayKind.DUE, 0)])
    counts = _counts(calendar, unit, pauses)
    steps = [_step(calendar, start, DayKind.START, None)]
    number = 0
    for day in _days(start + ONE_DAY, due.on):
        if day == due.on:
            steps.append(_step(calendar, day, DayKind.DUE, length))
        elif number == length:
            steps.append(_step(calendar, day, DayKind.ROLLED, None))
        elif counts(day):
            number += 1
            steps.append(_step(calendar, day, DayKind.COUNTED, number))
        else:
            kind = DayKind.PAUSED if _is_paused(day, pauses) else DayKind.REST
            steps.append(_step(calendar, day, kind, None))
    return Computation(due, steps)


def due_after_months(calendar: WorkingDays, start: datetime.date, count: int) -> DueDate:
    """The same day of a later month, or its last day where it has none (民法典 202); rest days roll on (203)."""
    _check_length(count)
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    day = datetime.date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))
    while not calendar.is_workday(day):
        day += ONE_DAY
    return DueDate(day, provisional=not calendar.all_confirmed(start + ONE_DAY, day))


def soon_date(
    calendar: WorkingDays, start: datetime.date, length: int, unit: str, pauses: Sequence[Span] = ()
) -> datetime.date:
    """The first day on which 70 % of the term is used; never rolled, so never after the due date."""
    _check_length(length)
    counts = _counts(calendar, unit, pauses)
    day, left = start, -(-length * SOON_PERCENT // 100)
    while left:
        day += ONE_DAY
        left -= counts(day)
    return day


def days_used(
    calendar: WorkingDays, start: datetime.date, until: datetime.date, unit: str, pauses: Sequence[Span] = ()
) -> int:
    """How many days of the unit have counted after the start, the last one included."""
    counts = _counts(calendar, unit, pauses)
    return sum(counts(day) for day in _days(start + ONE_DAY, until))


def workdays_between(calendar: WorkingDays, first: datetime.date, last: datetime.date) -> int:
    """Working days from the first to the last day, both included."""
    return sum(calendar.is_workday(day) for day in _days(first, last))


def next_workday(calendar: WorkingDays, day: datetime.date) -> datetime.date:
    """The day itself, or the first working day after it."""
    while not calendar.is_workday(day):
        day += ONE_DAY
    return day


def _counts(calendar: WorkingDays, unit: str, pauses: Sequence[Span]) -> Callable[[datetime.date], bool]:
    working = Unit(unit) == Unit.WORKING
    if not pauses:
        return calendar.is_workday if working else lambda day: True
    return lambda day: not _is_paused(day, pauses) and (not working or calendar.is_workday(day))


def _may_end(calendar: WorkingDays, unit: str, day: datetime.date, pauses: Sequence[Span]) -> bool:
    return Unit(unit) == Unit.WORKING or (calendar.is_workday(day) and not _is_paused(day, pauses))


def _is_paused(day: datetime.date, pauses: Iterable[Span]) -> bool:
    return any(first <= day <= last for first, last in pauses)


def _step(calendar: WorkingDays, day: datetime.date, kind: DayKind, number: int | None) -> Step:
    return Step(day, kind, number, calendar.is_workday(day), calendar.name(day))


def _days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    return (first + ONE_DAY * step for step in range((last - first).days + 1))


def _is_weekday(ordinal: int) -> bool:
    return (ordinal + 6) % 7 < _SATURDAY


def _check_length(length: int) -> None:
    if not 0 <= length <= LONGEST_TERM:
        raise ValueError(f"a term has 0 to {LONGEST_TERM} days, not {length}")
