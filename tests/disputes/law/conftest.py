import datetime
from collections.abc import Collection

import pytest

from unionops.china.calendar import DayRule, WorkCalendar
from unionops.china.days import library_days


@pytest.fixture(scope="session")
def calendar() -> WorkCalendar:
    """The calendar that the product ships with."""
    return WorkCalendar(
        {day.date: DayRule(day.is_workday, day.name, day.confirmed) for day in library_days(2010, 2035)}
    )


@pytest.fixture(scope="session")
def announced(calendar) -> frozenset[datetime.date]:
    """The working days as a plain set: the oracles ask nothing else."""
    first = datetime.date(2009, 1, 1)
    days = (first + datetime.timedelta(days=step) for step in range(365 * 20))
    return frozenset(day for day in days if calendar.is_workday(day))


def count_on_fingers(
    working: Collection[datetime.date],
    start: datetime.date,
    length: int,
    *,
    only_working: bool,
    paused: Collection[datetime.date] = (),
) -> datetime.date:
    """Cross out days one by one: the last of them is the end, and no end is a day of rest or pause."""
    crossed, day = 0, start
    while True:
        day += datetime.timedelta(days=1)
        if day not in paused and (not only_working or day in working):
            crossed += 1
        if crossed >= length and day in working and day not in paused:
            return day


def a_year_on(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return datetime.date(day.year + 1, 2, 28)
