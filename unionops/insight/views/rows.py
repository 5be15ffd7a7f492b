"""The rows behind a figure: exactly those that it counts, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_safe

from unionops.casework.paging import Order, page_of
from unionops.org.views.answers import pages, person

from .. import asking, boards, dimensions, indicators
from ..drawing import unit_of
from ..figures import Figure, Question, figure_of, rows_of
from ..indicators import Column, Indicator, Part, Rows

# Beside the usual classes of a column: this one is added up.
SUMMED = "c-sum"


@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    user = person(request)
    asked = asking.read(user, request.GET)
    # Without one in the address it is the figure for which the dashboard stands.
    indicator = indicators.find(request.GET.get("indicator") or boards.first().tiles[0].indicator)
    if indicator is None:
        raise Http404("no such indicator")
    part = request.GET.get("part", Part.NUMERATOR)
    if part not in indicator.parts:
        raise Http404("no such part")
    where = asking.filters(user, request.GET)
    question = Question(indicator, asked, "", where)
    kind = indicator.rows
    order = Order(kind.order, kind.order, descending=kind.order != "pinyin")
    english = get_language() == "en"
    values: list[Any] = ["pk", kind.order]
    columns = _columns(indicator, part)
    values += [column.path_en if english and column.path_en else column.path for column in columns]
    if kind.link != "pk":
        values.append(kind.link)
    found = page_of(rows_of(question, part), order, values=values, after=request.GET.get("after", ""))
    figure = figure_of(question)
    count = figure.numerator if part == Part.NUMERATOR else figure.denominator
    context = {
        "indicator": indicator,
        "part": part,
        "asked": asked,
        "figure": figure,
        "unit": unit_of(indicator),
        "count": f"{count:,}",
        "sum": _sum(figure, part),
        "columns": [{"label": column.label, "cls": column.css} for column in columns],
        "rows": [_row(kind, columns, row) for row in found.rows],
        "words": asking.words_of(user, question.kept),
        "ignored": [dimension.label for code in question.ignored if (dimension := dimensions.find(code))],
        "back": f"{reverse('insight:board')}?{urlencode(asking.query_of(asked, where))}",
        "other": [(one, asking.rows_url(question, one)) for one in indicator.parts],
        **pages(request, found),
    }
    return render(request, "insight/rows.html", context)


def _columns(indicator: Indicator, part: str) -> list[Column]:
    """The columns of the rows; of a sum the one that is added up, where the rows do not show it anyway."""
    shown = list(indicator.rows.columns)
    path, show = _summed(indicator, part), partial(_amount, indicator=indicator)
    if not path:
        return shown
    for place, column in enumerate(shown):
        if column.path == path:
            shown[place] = replace(column, show=show, css=f"nw {column.css} {SUMMED}")
            return shown
    return [*shown, Column(gettext_lazy("数额"), F(path), show, css=f"n nw c-meta {SUMMED}")]


def _summed(indicator: Indicator, part: str) -> str:
    return indicator.amount if part == Part.NUMERATOR else indicator.amount_of or indicator.amount


def _sum(figure: Figure, part: str) -> str:
    """What the rows of a part add up to, in words; empty where they are counted."""
    indicator = figure.indicator
    return _amount(figure.share[part != Part.NUMERATOR], indicator=indicator) if indicator.amount else ""


def _amount(value: Decimal | int | None, *, indicator: Indicator) -> str:
    """1,200.00 元: in whole units where nothing is behind the point."""
    if value is None:
        return "—"
    whole = not indicator.places and value == int(value)
    return f"{value:,.{0 if whole else indicator.places or 2}f} {indicator.amount_unit}".rstrip()


def _row(kind: Rows, columns: Sequence[Column], row: tuple[Any, ...]) -> dict[str, Any]:
    """What the template prints, so that it computes nothing."""
    key, _sort, *values = row
    if kind.link != "pk":
        *values, key = values
    cells = [{"text": _words(column, value), "cls": column.css} for column, value in zip(columns, values, strict=True)]
    return {"url": kind.url(key), "cells": cells}


def _words(column: Column, value: Any) -> str:
    return "" if value is None and column.show is str else str(column.show(value))
