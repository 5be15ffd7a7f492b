"""The working calendar of the database: held in memory, never older than the table; filled and announced by year."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from unionops.prepared import Statement

from .calendar import DayRule, WorkCalendar
from .errors import InvalidValue
from .models import CalendarDay, CalendarStamp

FIRST_YEAR = 2020
LAST_YEAR = 2035
_SATURDAY = 5
_SHIFT_WORKDAY = "调休上班"


class InvalidNotice(InvalidValue):
    """The days do not make a year's holiday notice."""


class Filled(NamedTuple):
    added: int
    changed: int


class _Held(NamedTuple):
    stamp: UUID
    calendar: WorkCalendar


_held: _Held | None = None
_stamp = Statement(lambda: CalendarStamp.objects.filter(pk=1).values("stamp"))


def working_calendar() -> WorkCalendar:
    """The calendar, at the cost of one primary-key lookup while nobody edits it.

    The stamp is read before the days: an edit in between makes the held calendar look old, never the reverse.
    """
    global _held  # noqa: PLW0603 -- one calendar for each process is the point
    stamp = next((stamp for (stamp,) in _stamp.read()), None)
    held = _held
    if held is not None and held.stamp == stamp:
        return held.calendar
    calendar = WorkCalendar(
        {
            day: DayRule(is_workday, name, confirmed)
            for day, is_workday, name, confirmed in CalendarDay.objects.values_list(
                "date", "is_workday", "name", "confirmed"
            )
        }
    )
    if stamp is not None:
        _held = _Held(stamp, calendar)
    return calendar


@transaction.atomic
def fill_calendar(first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> Filled:
    """Write the days that the software knows. What the office entered or confirmed itself is never touched."""
    known = {day.date: day for day in library_days(first_year, last_year)}
    present = {day.date: day for day in CalendarDay.objects.select_for_update().filter(date__in=known)}
    added = [day for date, day in known.items() if date not in present]
    changed = [known[date] for date, day in present.items() if _is_outdated(day, known[date])]
    CalendarDay.objects.bulk_create(added)
    CalendarDay.objects.bulk_update(changed, ["is_workday", "name", "confirmed"], batch_size=500)
    return Filled(len(added), len(changed))


@transaction.atomic
def announce_year(
    year: int, *, rest: Mapping[datetime.date, str], work: Collection[datetime.date], notice: str
) -> list[CalendarDay]:
    """Enter the State Council's notice for a year: ``rest`` by name, ``work`` the swapped weekend days.

    Every other day is Monday to Friday. The whole year stands confirmed afterwards.
    """
    _check_notice(year, rest, work)
    days = [
        CalendarDay(
            date=date,
            is_workday=date in work or (date.weekday() < _SATURDAY and date not in rest),
            name=_SHIFT_WORKDAY if date in work else rest.get(date, ""),
            source=CalendarDay.Source.OFFICE,
            notice=notice,
            confirmed=True,
        )
        for date in _days_of(year)
    ]
    return CalendarDay.objects.bulk_create(
        days,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=["is_workday", "name", "source", "notice", "confirmed"],
    )


def unconfirmed_years() -> list[int]:
    years = CalendarDay.objects.filter(confirmed=False).values_list("date__year", flat=True)
    return list(years.order_by("date__year").distinct())


def library_days(first_year: int, last_year: int) -> Iterator[CalendarDay]:
    """Days from the ``holidays`` package. A year without swapped weekend days is one that it only estimates."""
    import holidays  # noqa: PLC0415 -- 0.2 s that only the filling of the calendar needs

    # One year more on each side: New Year's notice moves days over the turn of the year.
    china = holidays.country_holidays("CN", years=range(first_year - 1, last_year + 2), language="zh_CN")
    announced = {day.year for day in china.weekend_workdays}
    for year in range(first_year, last_year + 1):
        for date in _days_of(year):
            yield CalendarDay(
                date=date,
                is_workday=china.is_working_day(date),
                name=_SHIFT_WORKDAY if date in china.weekend_workdays else china.get(date) or "",
                source=CalendarDay.Source.LIBRARY,
                confirmed=year in announced,
            )


def _is_outdated(present: CalendarDay, known: CalendarDay) -> bool:
    if present.source != CalendarDay.Source.LIBRARY or present.confirmed > known.confirmed:
        return False
    return (present.is_workday, present.name, present.confirmed) != (known.is_workday, known.name, known.confirmed)


def _check_notice(year: int, rest: Mapping[datetime.date, str], work: Collection[datetime.date]) -> None:
    if any(day.year != year for day in [*rest, *work]):
        raise InvalidNotice("other_year", _("通知里有不属于这一年的日期。"))
    if both := sorted(set(rest) & set(work)):
        raise InvalidNotice("both", _("%s 既写了放假又写了上班。") % both[0])
    if any(day.weekday() < _SATURDAY for day in work):
        raise InvalidNotice("no_weekend", _("调休上班的日子应是周六或周日。"))


def _days_of(year: int) -> Iterator[datetime.date]:
    first = datetime.date(year, 1, 1)
    return (first + datetime.timedelta(days=step) for step in range((datetime.date(year + 1, 1, 1) - first).days))
