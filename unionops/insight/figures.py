"""Figures from indicators: any number of them, for any periods, whole or divided, in one SQL statement."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, CharField, DateTimeField, F, Func, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, NullIf
from django.http import Http404
from django.utils import timezone

from . import dimensions
from .dimensions import NONE
from .indicators import Asked, Indicator, Part, Unit

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
    rows = _narrowed(question)
    share = question.indicator.share
    return rows.filter(share(question.asked)) if share and part == Part.NUMERATOR else rows


def _narrowed(question: Question) -> QuerySet:
    rows = question.indicator.whole(question.asked)
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
    wanted: dict[Hashable, list[int]] = {}
    for place, question in enumerate(questions):
        wanted.setdefault(_same(question), []).append(place)
    for place, key, figure in _read([[(place, questions[place]) for place in places] for places in wanted.values()]):
        found[place][key] = figure
    for question, figures in zip(questions, found, strict=True):
        if not question.by and not figures:
            figures[WHOLE] = Figure(question.indicator, 0, 0 if question.indicator.share else None)
    return found


def _same(question: Question) -> Hashable:
    """Equal for questions about the same rows, divided alike: a cohort is the whole of five rates and is read once."""
    indicator, kept = question.indicator, question.kept
    own = indicator.more_dimensions or {}
    paths = tuple((name, own[name]) for name in {question.by, *kept} if name in own)
    moment = indicator.moment if "month" in {question.by, *kept} else ""
    return (
        indicator.rows.code,
        indicator.counted,
        question.asked,
        question.by,
        tuple(sorted(kept.items())),
        paths,
        moment,
    )


def figure_of(question: Question) -> Figure:
    """One undivided figure."""
    return answer([question])[0][WHOLE]


def _read(groups: Sequence[Sequence[tuple[int, Question]]]) -> Iterator[tuple[int, str, Figure]]:
    """(place, key, figure) of all questions at once; those of a group are about the same rows."""
    parts: list[str] = []
    parameters: list[Any] = []
    for number, group in enumerate(groups):
        try:
            sql, values = _counting([question for _place, question in group])
        except EmptyResultSet:
            # Django knows beforehand that nobody sees anything there.
            continue
        parts.append(sql)
        parameters += [number, *values]
    if not parts:
        return
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        rows = cursor.fetchall()
    for number, key, whole, counts, measured, sums in rows:
        for (place, question), count, value, total in zip(groups[number], counts, measured, sums, strict=True):
            yield (
                place,
                key,
                Figure(question.indicator, count, whole if question.indicator.share else None, value, total),
            )


def _counting(questions: Sequence[Question]) -> tuple[str, tuple[Any, ...]]:
    """The statement that reads the rows of these questions once; for each its count, what it measures, and the sum of all."""
    first = questions[0]
    told: dict[str, Any] = {
        "_key": _expression(first, first.by) if first.by else Value(WHOLE, CharField()),
    }
    names: dict[Hashable, str] = {}
    counts, measured, sums = [], [], []
    for question in questions:
        indicator = question.indicator
        if indicator.share is not None and ("share", id(indicator.share)) not in names:
            name = names["share", id(indicator.share)] = f"_share{len(names)}"
            told[name] = Case(When(indicator.share(question.asked), then=True), default=False)
        if indicator.days is not None and ("days", id(indicator.days)) not in names:
            name = names["days", id(indicator.days)] = f"_days{len(names)}"
            told[name] = indicator.days(question.asked) if callable(indicator.days) else indicator.days
        for path in filter(None, (indicator.amount, indicator.amount_of)):
            if ("amount", path) not in names:
                name = names["amount", path] = f"_amount{len(names)}"
                told[name] = F(path)
        part = f" FILTER (WHERE {names['share', id(indicator.share)]})" if indicator.share else ""
        counts.append(f"count(*){part}")
        total = f"sum({names['amount', indicator.amount]})" if indicator.amount else "NULL"
        sums.append(f"sum({names['amount', indicator.amount_of]})" if indicator.amount_of else total)
        if indicator.days is not None:
            order = names["days", id(indicator.days)]
            measured.append(_measure(order, indicator.percentile))
        else:
            measured.append(f"{total}{part}" if indicator.amount else "NULL")
    sql, values = _narrowed(first).order_by().annotate(**told).values_list(*told).query.sql_with_params()
    # The key of what has no value is a word of its own, so that it can stand in an address.
    key = f"COALESCE(_key, '{NONE}')"
    outer = (
        f"SELECT %s::int, {key}, count(*), ARRAY[{', '.join(counts)}], ARRAY[{', '.join(measured)}]::numeric[],"
        f" ARRAY[{', '.join(sums)}]::numeric[]"
        f" FROM ({sql}) AS t ({', '.join(told)}) GROUP BY {key}"
    )
    return outer, values


def _measure(order: str, percentile: float | None) -> str:
    return (
        f"avg({order})"
        if percentile is None
        else f"percentile_cont({float(percentile)}) WITHIN GROUP (ORDER BY {order})"
    )


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
