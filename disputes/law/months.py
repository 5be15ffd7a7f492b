"""Months and years by the calendar (民法典 202), without the rolling of last days: that belongs to terms."""

from __future__ import annotations

import calendar
import datetime
from typing import NamedTuple

from unionops.china.calendar import ONE_DAY


class Length(NamedTuple):
    years: int
    months: int
    days: int


def months_later(day: datetime.date, count: int) -> datetime.date:
    """The same day of a later month, or its last day where it has none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def whole_months(first: datetime.date, last: datetime.date) -> int:
    """How many whole months lie in the days from first to last, both included."""
    after = last + ONE_DAY
    count = (after.year - first.year) * 12 + after.month - first.month
    return max(0, count if months_later(first, count) <= after else count - 1)


def length_of(first: datetime.date, last: datetime.date) -> Length:
    """Years, months and days of the days from first to last, both included."""
    months = whole_months(first, last)
    return Length(*divmod(months, 12), (last + ONE_DAY - months_later(first, months)).days)
