"""Figures for papers: asked at one moment, kept as `insight.frozen` keeps them, and set into tables and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.insight import dimensions, indicators
from unionops.insight.dimensions import NONE
from unionops.insight.figures import Question
from unionops.insight.frozen import Frozen, freeze, freeze_divided, thaw
from unionops.insight.indicators import Asked, Unit
from unionops.insight.periods import Period
from unionops.org.models import Organisation, User

from .documents import Cell, Chart, Column, Table, Text, Value, kind_of, of, parts_of

M = TypeVar("M", bound=Model)
NOTHING: Mapping[str, str] = {}


@contextmanager
def one_moment() -> Iterator[None]:
    """Every statement within sees the database as it was at the first: the figures of one paper fit each other."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def one_of(rows: QuerySet[M], text: str) -> M:
    """The record that an address names, if it is among those that the person sees."""
    try:
        key = UUID(text)
    except ValueError:
        raise Http404("no such record") from None
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404("no such record")
    return found


def asked_of(user: User, period: Period) -> Asked:
    """About a period, as of its last day or of today while it runs."""
    return Asked(user, period, period.cut_off(timezone.localdate()))


def office_of(user: User) -> str:
    """In whose name a paper is made: the district in which the person works."""
    district = Organisation.objects.filter(pk__in=user.scope.member_of).order_by("path").first()
    return district.name if district else ""


def question(code: str, asked: Asked, where: Mapping[str, str] = NOTHING) -> Question:
    indicator = indicators.find(code)
    if indicator is None:
        raise LookupError(f"no indicator {code}")
    return Question(indicator, asked, "", where)


def counted(codes: Iterable[str], asked: Asked, where: Mapping[str, str] = NOTHING) -> dict[str, Frozen]:
    """Undivided figures by the code of their indicator, in one statement."""
    wanted = list(dict.fromkeys(codes))
    kept = freeze([question(code, asked, where) for code in wanted])
    return {code: _thawed(one, asked.user) for code, one in zip(wanted, kept, strict=True)}


def divided(code: str, by: str, asked: Asked, where: Mapping[str, str] = NOTHING) -> list[Frozen]:
    """One figure for each value of a dimension: months in their order, others as the dimension has them."""
    found = [_thawed(one, asked.user) for one in freeze_divided(replace(question(code, asked, where), by=by))]
    if by == "month":
        found.sort(key=lambda one: one.question.where[by])
    elif not (dimension := dimensions.find(by)) or not dimension.order:
        found.sort(key=lambda one: (one.question.where[by] == NONE, -(one.figure.value or 0)))
    return found


def _thawed(kept: Mapping[str, object], user: User) -> Frozen:
    found = thaw(kept, user)
    assert found is not None
    return found


def table_of(title: Text, by: Text, figures: Sequence[Frozen], *, in_time: bool = False, drawn: bool = True) -> Table:
    """The parts of one figure with their counts and wholes, and the picture of them."""
    columns = [Column(by, width=16)]
    if not figures:
        return Table(title, columns, [])
    indicator = figures[0].figure.indicator
    has_whole = indicator.share is not None
    if has_whole:
        columns += [Column(_("算上的"), "count"), Column(_("全部"), "count")]
    columns.append(Column(indicator.name, kind_of(indicator), 12))
    rows: list[list[Cell]] = []
    for one in figures:
        done, whole = parts_of(one)
        counts = [done, whole] if has_whole else []
        rows.append([one.label or _("未填写"), *counts, of(one)])
    last = len(columns) - 1
    chart = Chart("columns", [1, 2], last) if in_time and has_whole else Chart("columns" if in_time else "bars", [last])
    return Table(title, columns, rows, chart if drawn else None)


def compared(
    codes: Sequence[str], now: Mapping[str, Frozen], before: Mapping[str, Frozen], title: Text, then: Text
) -> Table:
    """Indicator, now, count, whole, the period before: any number of indicators below each other."""
    rows: list[list[Cell]] = []
    for code in codes:
        done, whole = parts_of(now[code])
        has_whole = whole is not None
        rows.append(
            [now[code].figure.indicator.name, of(now[code]), done if has_whole else "", whole or "", of(before[code])]
        )
    columns = [
        Column(_("指标"), width=22), Column(_("本期"), width=11), Column(_("算上的"), "count", 9), Column(_("全部"), "count", 9),
        Column(then, width=11),
    ]  # fmt: skip
    return Table(title, columns, rows)


def per_thing(title: Text, by: Text, columns: Sequence[tuple[str, Sequence[Frozen]]], *, dimension: str) -> Table:
    """One row for each town, person or kind, one column for each figure; where there is none, a count is 0."""
    names: dict[str, str] = {}
    for _code, figures in columns:
        for one in figures:
            names.setdefault(one.question.where[dimension], one.label or _("未填写"))
    cells = {(code, one.question.where[dimension]): of(one) for code, figures in columns for one in figures}
    heads = [Column(by, width=16)]
    nothing: dict[str, Cell] = {}
    for code, _figures in columns:
        indicator = indicators.find(code)
        assert indicator is not None
        nothing[code] = Value(0, "count") if indicator.unit == Unit.COUNT else None
        heads.append(Column(indicator.name, kind_of(indicator)))
    rows: list[list[Cell]] = [
        [name, *(cells.get((code, key), nothing[code]) for code, _figures in columns)] for key, name in names.items()
    ]
    return Table(title, heads, rows)
