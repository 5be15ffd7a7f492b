"""What is counted, declared once beside what it counts; every figure, list, export and page reads the declaration.

An indicator is two querysets: the rows that count, and for a rate the rows of which they are a part, told by a condition on
them. `figures` counts them, `rows` lists them; so a figure and the list behind it cannot differ. Rates of the same rows are
counted while these are read once.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import Combinable

from unionops.casework.transitions import Text
from unionops.org.models import User

from .periods import ONE_DAY, Period, start_of


class Unit(StrEnum):
    COUNT = "count"
    # A share of the denominator, in per cent with two decimals.
    RATE = "rate"
    # A percentile of days over the counted rows, or their mean, with one decimal.
    DAYS = "days"
    # What is added up over the counted rows: people, yuan.
    SUM = "sum"


class TimeRole(StrEnum):
    """By which of its days a row belongs to a period."""

    REGISTERED = "registered"
    CLOSED = "closed"
    VISITED = "visited"
    DUE = "due"
    DONE = "done"
    # Counted as it stands at the cut-off, whenever it began.
    STANDING = "standing"


class Part(StrEnum):
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Asked:
    """Who asks about which period, as of which day (the whole of that day counts)."""

    user: User
    period: Period
    at: datetime.date

    @property
    def until(self) -> datetime.datetime:
        """The first moment after the cut-off."""
        return start_of(self.at + ONE_DAY)

    @property
    def end(self) -> datetime.datetime:
        """The first moment that is outside the period or after the cut-off."""
        return min(self.period.end, self.until)

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """First and last day of the period that the cut-off lets through."""
        return self.period.first, min(self.period.last, self.at)


Narrowing = Callable[[QuerySet, Asked], QuerySet]
# Which of the rows of a rate are its part.
Share = Callable[[Asked], Q]
# A path of the rows' model, or an expression where the cut-off decides.
Path = str | Combinable | Callable[[Asked], Combinable]


@dataclass(frozen=True)
class Column:
    """One column of the list behind a figure. ``show`` turns the value of the path into words."""

    label: Text
    path: str | Combinable
    show: Callable[[Any], object] = str
    css: str = ""
    path_en: str = ""


@dataclass(frozen=True)
class Rows:
    """One kind of row that is counted: who sees it, how it is divided, how it is listed.

    ``paths`` maps the code of a dimension to where the row keeps its value; ``order`` is the column of the list's order,
    newest first.
    """

    code: str
    unit: Text
    model: type[Model]
    visible: Callable[[User], QuerySet]
    paths: Mapping[str, Path]
    columns: Sequence[Column]
    order: str
    url: Callable[[Any], str]
    key: str = "pk"
    # What the address is made from: another thing than the row where the row has no page of its own.
    link: str = "pk"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure: `counted` narrows the visible rows; of a rate these are the whole, and `share` says which are the part.

    ``moment`` is the path of the day or time by which rows stand in months. ``percentile`` of ``days`` (a path in days) is
    the value of an indicator in days, or in ``days_unit`` where the path measures something else; None asks for the mean. ``amount`` is a path that is added up: a sum is its total in ``amount_unit`` with
    ``places`` decimals, and a rate that has one is a share of amounts, not of rows: of the same path, or of ``amount_of``. ``strength`` is how good is told: +1 more is better, -1 less is better, 0 neither.
    """

    code: str
    name: Text
    meaning: Text
    unit: Unit
    rows: Rows
    time: TimeRole
    counted: Narrowing
    share: Share | None = None
    moment: str = ""
    days: Combinable | Callable[[Asked], Combinable] | None = None
    percentile: float | None = 0.5
    days_unit: Text = ""
    amount: str = ""
    amount_of: str = ""
    amount_unit: Text = ""
    places: int = 0
    more_dimensions: Mapping[str, Path] | None = None
    strength: int = 0
    source: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        months = ("month",) if self.moment else ()
        return (*self.rows.paths, *(self.more_dimensions or {}), *months)

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part.NUMERATOR, Part.DENOMINATOR) if self.share else (Part.NUMERATOR,)

    def whole(self, asked: Asked) -> QuerySet:
        """The rows that this person sees and that count; of a rate those of which a part is told."""
        return self.counted(self.rows.visible(asked.user), asked)

    def path(self, dimension: str) -> Path:
        return {**self.rows.paths, **(self.more_dimensions or {})}[dimension]


_indicators: dict[str, Indicator] = {}


def register(*indicators: Indicator) -> None:
    for indicator in indicators:
        if (indicator.unit == Unit.RATE) != (indicator.share is not None):
            raise ValueError(f"{indicator.code}: a rate and nothing else has a share")
        if (indicator.unit == Unit.DAYS) != (indicator.days is not None):
            raise ValueError(f"{indicator.code}: days are measured by an expression")
        if indicator.unit == Unit.SUM and not indicator.amount:
            raise ValueError(f"{indicator.code}: a sum adds up something")
        _indicators[indicator.code] = indicator


def indicators() -> list[Indicator]:
    """In the order of their declaration."""
    return list(_indicators.values())


Finder = Callable[[str], Indicator | None]
_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """Find figures that are not known at start-up, because people declare them: sums of fields of their own."""
    if finder not in _finders:
        _finders.append(finder)


def find(code: str) -> Indicator | None:
    return _indicators.get(code) or next((found for finder in _finders if (found := finder(code))), None)
