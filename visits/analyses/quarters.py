"""Which quarter is due for what: days of Asia/Shanghai, closings of casework.periods."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.periods import closes_on
from unionops.insight.periods import Kind, Period, containing, parse
from unionops.org.errors import ActionError

from .enums import HAND_IN_DAYS


def quarter_of(day: datetime.date) -> Period:
    return containing(day, Kind.QUARTER)


def last_quarter(today: datetime.date) -> Period:
    """The newest quarter that is over."""
    return quarter_of(today).before()


def quarters_before(today: datetime.date, count: int) -> list[Period]:
    """Quarters that are over, the newest first."""
    found = [last_quarter(today)]
    while len(found) < count:
        found.append(found[-1].before())
    return found


def read_quarter(text: str, today: datetime.date) -> Period:
    """The quarter of an address; without one the newest that is over."""
    if not text:
        return last_quarter(today)
    found = parse(text)
    if found.kind != Kind.QUARTER:
        raise ActionError(_("季度写成 2026-Q3。"), field="period")
    return found


def is_closed(quarter: Period, today: datetime.date) -> bool:
    """The books of its last month are closed (domain 2.2)."""
    return today > quarter.last and today > closes_on(quarter.last)


def cut_off_of(quarter: Period, today: datetime.date) -> datetime.date:
    """As of which day its figures are taken: the closing of its books, or today before that.

    So the paper of an old quarter that is made up for is as old as its neighbours, and can be compared with them.
    """
    return min(closes_on(quarter.last), today)


def hand_in_by(quarter: Period) -> datetime.date:
    """The last day for the reflections of a quarter."""
    return deadlines.working_day_after(quarter.last, HAND_IN_DAYS)


def title_of(quarter: Period) -> str:
    """2026 年第 3 季度, as a Chinese paper calls it, whatever the language of who presses the button."""
    return f"{quarter.first.year} 年第 {(quarter.first.month + 2) // 3} 季度"


def four_before(quarter: Period) -> tuple[Period, Period]:
    """The first and the last of the four quarters before."""
    last = quarter.before()
    return last.before().before().before(), last
