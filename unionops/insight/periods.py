"""The span that a figure is about: a week, month, quarter, year or free span of days in Asia/Shanghai.

A period stands in the address as `2024`, `2024-Q3`, `2024-05`, `2024-W20` or `2023-04-01..2025-01-15`; both ends belong to it.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError

ONE_DAY = datetime.timedelta(days=1)
# Outside these years a period is a slip of the pen.
FIRST_YEAR, LAST_YEAR = 2000, 2099

YEAR = re.compile(r"(\d{4})", re.ASCII)
QUARTER = re.compile(r"(\d{4})-Q(\d)", re.ASCII)
MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)


class PeriodError(ActionError):
    """No such span of time."""


class Kind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SPAN = "span"


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a day of the country."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


@dataclass(frozen=True)
class Period:
    kind: Kind
    first: datetime.date
    last: datetime.date

    @property
    def code(self) -> str:
        """What stands in the address; `parse` reads it back."""
        match self.kind:
            case Kind.YEAR:
                return f"{self.first:%Y}"
            case Kind.QUARTER:
                return f"{self.first:%Y}-Q{self._quarter}"
            case Kind.MONTH:
                return f"{self.first:%Y-%m}"
            case Kind.WEEK:
                year, week, _weekday = self.first.isocalendar()
                return f"{year}-W{week:02d}"
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def label(self) -> str:
        match self.kind:
            case Kind.YEAR:
                return _("%(year)s 年") % {"year": self.first.year}
            case Kind.QUARTER:
                return _("%(year)s 年第 %(n)s 季度") % {"year": self.first.year, "n": self._quarter}
            case Kind.MONTH:
                return _("%(year)s 年 %(n)s 月") % {"year": self.first.year, "n": self.first.month}
            case Kind.WEEK:
                year, week, _weekday = self.first.isocalendar()
                return _("%(year)s 年第 %(n)s 周") % {"year": year, "n": week}
        return _("%(first)s 至 %(last)s") % {"first": self.first.isoformat(), "last": self.last.isoformat()}

    @property
    def _quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def start(self) -> datetime.datetime:
        return start_of(self.first)

    @property
    def end(self) -> datetime.datetime:
        """The first moment after the period."""
        return start_of(self.last + ONE_DAY)

    def before(self) -> Period:
        """The one that ends the day before this begins; a free span has a predecessor of the same length."""
        day = self.first - ONE_DAY
        match self.kind:
            case Kind.SPAN:
                return span(day - (self.last - self.first), day)
            case kind:
                return containing(day, kind)

    def year_earlier(self) -> Period:
        """The same period of the year before; week 53 falls back on week 52 where that year has none."""
        match self.kind:
            case Kind.WEEK:
                year, week, _weekday = self.first.isocalendar()
                return week_of_year(year - 1, min(week, weeks_in(year - 1)))
            case Kind.SPAN:
                return span(_year_back(self.first), _year_back(self.last))
            case kind:
                return containing(_year_back(self.first), kind)

    def cut_off(self, today: datetime.date) -> datetime.date:
        """As of which day it is told unless somebody asks otherwise: its last day, or today while it runs.

        So a figure does not grow by waiting, and two periods are compared at the same age.
        """
        return min(self.last, today)


def _year_back(day: datetime.date) -> datetime.date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28) if leap else day.replace(year=day.year - 1)


def weeks_in(year: int) -> int:
    """52 or 53: the 28th of December is always in the last ISO week of its year."""
    return datetime.date(year, 12, 28).isocalendar().week


def span(first: datetime.date, last: datetime.date) -> Period:
    return Period(Kind.SPAN, first, last)


def week_of_year(year: int, week: int) -> Period:
    monday = datetime.date.fromisocalendar(year, week, 1)
    return Period(Kind.WEEK, monday, monday + 6 * ONE_DAY)


def containing(day: datetime.date, kind: Kind) -> Period:
    """The week, month, quarter or year to which a day belongs."""
    match kind:
        case Kind.WEEK:
            year, week, _weekday = day.isocalendar()
            return week_of_year(year, week)
        case Kind.MONTH:
            return _months(kind, day.year, day.month, 1)
        case Kind.QUARTER:
            return _months(kind, day.year, (day.month - 1) // 3 * 3 + 1, 3)
        case Kind.YEAR:
            return _months(kind, day.year, 1, 12)
    raise ValueError("a free span is not found by a day")


def _months(kind: Kind, year: int, month: int, count: int) -> Period:
    first = datetime.date(year, month, 1)
    after = datetime.date(year + (month + count - 1) // 12, (month + count - 1) % 12 + 1, 1)
    return Period(kind, first, after - ONE_DAY)


def parse(text: str) -> Period:
    """Read a period from the address; what does not exist is refused with the forms that do."""
    found = _parse(text.strip())
    if found is None:
        raise PeriodError(
            _("没有“%(text)s”这个期间。") % {"text": text[:40]},
            field="period",
            next_step=_("写成 2024、2024-Q3、2024-05、2024-W20 或 2023-04-01..2025-01-15。"),
        )
    if found.first > found.last:
        raise PeriodError(_("期间的结束日期不能早于开始日期。"), field="period")
    return found


def _parse(text: str) -> Period | None:
    try:
        if found := YEAR.fullmatch(text):
            return _known(_months(Kind.YEAR, int(found[1]), 1, 12))
        if found := QUARTER.fullmatch(text):
            return _known(_months(Kind.QUARTER, int(found[1]), int(found[2]) * 3 - 2, 3))
        if found := MONTH.fullmatch(text):
            return _known(_months(Kind.MONTH, int(found[1]), int(found[2]), 1))
        if found := WEEK.fullmatch(text):
            return _known(week_of_year(int(found[1]), int(found[2])))
        if found := SPAN.fullmatch(text):
            return _known(span(datetime.date.fromisoformat(found[1]), datetime.date.fromisoformat(found[2])))
    except (ValueError, OverflowError):
        return None
    return None


def _known(period: Period) -> Period | None:
    years = period.first.year, period.last.year
    return period if all(FIRST_YEAR <= year <= LAST_YEAR for year in years) else None
