"""Figures from indicators: any number of them, for any periods, whole or divided, in one SQL statement."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import CharField, DateTimeField, F, FloatField, Func, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, NullIf
from django.http import Http404
from django.utils import timezone

from . import dimensions
from .dimensions import NONE
from .indicators import Asked, Indicator, Narrowing, Part, Unit

HUNDREDTH, TENTH = Decimal("0.01"), Decimal("0.1")
# The key of a whole that is not divided.
WHOLE = ""


@dataclass(frozen=True)
class Question:
    """One figure, or with ``by`` one for each value of a dimension; ``where`` narrows by values of other dimensions."""

    indicator: Indicator
    asked: Asked
    by: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> dict[str, str]:
        """The filters that this indicator's rows know of."""
        return {name: value for name, value in self.where.items() if value and name in self.indicator.dimensions}

    @property
    def ignored(self) -> list[str]:
        """The filters that say nothing about these rows: a visit has no category."""
        return [name for name, value in self.where.items() if value and name not in self.indicator.dimensions]


@dataclass(frozen=True)
class Figure:
    """A count with its whole. ``value`` is per cent, a count, days or a sum; None where there is nothing to divide by.

    ``measured`` is what was measured over the counted rows, days or their sum; ``whole`` the sum over all of them.
    """

    indicator: Indicator
    numerator: int = 0
    denominator: int | None = None
    measured: Decimal | None = None
    whole: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        match self.indicator.unit:
            case Unit.RATE:
                part, whole = self.share
                return (part * 100 / whole).quantize(HUNDREDTH, ROUND_HALF_UP) if whole else None
            case Unit.DAYS:
                return None if self.measured is None else self.measured.quantize(TENTH, ROUND_HALF_UP)
            case Unit.SUM:
                return (self.measured or Decimal(0)).quantize(Decimal(1).scaleb(-self.indicator.places), ROUND_HALF_UP)
        return Decimal(self.numerator)

    @property
    def share(self) -> tuple[Decimal, Decimal]:
        """What a rate divides: rows, or the amounts that are added up over them."""
        if self.indicator.amount:
            return self.measured or Decimal(0), self.whole or Decimal(0)
        return Decimal(self.numerator), Decimal(self.denominator or 0)

    @property
    def words(self) -> str:
        """94.70, 1,833 or 3.5; a rate of nothing is a dash, never 0 %."""
        if self.value is None:
            return "—"
        return f"{self.value:,.0f}" if self.indicator.unit == Unit.COUNT else f"{self.value:,f}"


def rows_of(question: Question, part: str = Part.NUMERATOR) -> QuerySet:
    """The very rows that a figure counts, for its list."""
    rows = question.indicator.counted(part, question.asked)
    for name, value in question.kept.items():
        dimension = dimensions.find(name)
        if dimension is None or not (value == NONE or dimension.known(value)):
            raise Http404(f"no such {name}")
        # Some paths are properties of the model under another name: the alias must not meet a field.
        alias = f"_where_{name}"
        rows = rows.alias(**{alias: _expression(question, name)})
        rows = rows.filter(**({f"{alias}__isnull": True} if value == NONE else {alias: value}))
    return rows


def answer(questions: Sequence[Question]) -> list[dict[str, Figure]]:
    """For each question the figures by value; the key of an undivided one is `WHOLE`. One statement for all."""
    found: list[dict[str, Figure]] = [{} for _question in questions]
    wanted: dict[Hashable, list[tuple[int, Part]]] = {}
    for place, question in enumerate(questions):
        for part in question.indicator.parts:
            wanted.setdefault(_same(question, part), []).append((place, part))
    served = list(wanted.values())
    for number, key, count, measured in _read(questions, [places[0] for places in served]):
        for place, part in served[number]:
            figure = found[place].get(key) or _nothing(questions[place].indicator)
            found[place][key] = (
                replace(figure, numerator=count, measured=measured)
                if part == Part.NUMERATOR
                else replace(figure, denominator=count, whole=measured)
            )
    for question, figures in zip(questions, found, strict=True):
        if not question.by and not figures:
            figures[WHOLE] = _nothing(question.indicator)
    return found


def _nothing(indicator: Indicator) -> Figure:
    return Figure(indicator, 0, 0 if indicator.denominator else None)


def _same(question: Question, part: str) -> Hashable:
    """Equal for parts that are the same rows, however many figures they serve: a cohort is the whole of five rates."""
    indicator = question.indicator
    narrowed: tuple[Narrowing | None, Narrowing | None] = indicator.denominator, indicator.numerator
    if part == Part.DENOMINATOR:
        narrowed = indicator.denominator, None
    elif indicator.denominator is None:
        narrowed = indicator.numerator, None
    measured: Hashable = indicator.amount
    if indicator.days is not None:
        measured = id(indicator.days), indicator.percentile
    paths = indicator.moment, tuple((indicator.more_dimensions or {}).items())
    kept = tuple(sorted(question.kept.items()))
    return indicator.rows.code, narrowed, question.asked, question.by, kept, paths, measured


def figure_of(question: Question) -> Figure:
    """One undivided figure."""
    return answer([question])[0][WHOLE]


def _read(questions: Sequence[Question], places: Sequence[tuple[int, Part]]) -> list[tuple[Any, ...]]:
    """(number of the place, key, count, what was measured) of each part, read at once."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, (place, part) in enumerate(places):
        try:
            sql, values = _counting(questions[place], part)
        except EmptyResultSet:
            # Django knows beforehand that nobody sees anything there.
            continue
        parts.append(sql)
        parameters += [number, *values]
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return list(cursor.fetchall())


def _counting(question: Question, part: str) -> tuple[str, tuple[Any, ...]]:
    indicator = question.indicator
    measured: Combinable = Value(None, FloatField())
    measure = "NULL"
    if indicator.amount:
        measured, measure = F(indicator.amount), "sum(d)"
    elif indicator.days is not None and part == Part.NUMERATOR:
        measured = indicator.days
        measure = f"percentile_cont({float(indicator.percentile)}) WITHIN GROUP (ORDER BY d)"
    rows = rows_of(question, part).order_by().annotate(
        _key=_expression(question, question.by) if question.by else Value(WHOLE, CharField()), _measured=measured
    )  # fmt: skip
    sql, values = rows.values_list("_key", "_measured").query.sql_with_params()
    # The key of what has no value is a word of its own, so that it can stand in an address.
    key = f"COALESCE(k, '{NONE}')"
    outer = f"SELECT %s::int, {key}, count(*), ({measure})::numeric FROM ({sql}) AS t (k, d) GROUP BY {key}"
    return outer, values


def _expression(question: Question, dimension: str) -> Combinable:
    """The value of a dimension as text; an empty one is none."""
    if dimension == "month":
        return _month(question.indicator)
    path = question.indicator.path(dimension)
    if callable(path):
        path = path(question.asked)
    return NullIf(Cast(F(path) if isinstance(path, str) else path, CharField()), Value(""))


def _month(indicator: Indicator) -> Combinable:
    """2024-05, as the calendar of the country has it."""
    day: Combinable = F(indicator.moment)
    if isinstance(indicator.rows.model._meta.get_field(indicator.moment), models.DateTimeField):
        day = Func(Value(timezone.get_default_timezone_name()), day, function="timezone", output_field=DateTimeField())
    return Func(day, Value("YYYY-MM"), function="to_char", output_field=CharField())
