"""When a day's records are late, and when its month is closed (domain 2.2)."""

import datetime

from . import deadlines

# A month is closed this many working days after its end; from then on a visit is locked.
CLOSES_AFTER_WORKING_DAYS = 5


def late_after(day: datetime.date) -> datetime.date:
    """The last day for an entry without the mark «late»: the Monday after the week (until 24:00)."""
    return day + datetime.timedelta(days=7 - day.weekday())


def closes_on(day: datetime.date) -> datetime.date:
    """The last day on which records of the day's month are still open."""
    last = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)
    return deadlines.working_day_after(last, CLOSES_AFTER_WORKING_DAYS)


def closed_month(day: datetime.date, today: datetime.date) -> bool:
    # A day of the running month needs no calendar.
    return day < today.replace(day=1) and today > closes_on(day)
