"""The rows behind a figure: exactly those that it counts, in pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from unionops.casework.paging import Order, page_of
from unionops.org.views.answers import pages, person

from .. import asking, boards, dimensions, indicators
from ..drawing import unit_of
from ..figures import Question, figure_of, rows_of
from ..indicators import Column, Part, Rows


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
    values += [column.path_en if english and column.path_en else column.path for column in kind.columns]
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
        "columns": [{"label": column.label, "cls": column.css} for column in kind.columns],
        "rows": [_row(kind, row) for row in found.rows],
        "words": asking.words_of(user, question.kept),
        "ignored": [dimension.label for code in question.ignored if (dimension := dimensions.find(code))],
        "back": f"{reverse('insight:board')}?{urlencode(asking.query_of(asked, where))}",
        "other": [(one, asking.rows_url(question, one)) for one in indicator.parts],
        **pages(request, found),
    }
    return render(request, "insight/rows.html", context)


def _row(kind: Rows, row: tuple[Any, ...]) -> dict[str, Any]:
    """What the template prints, so that it computes nothing."""
    key, _sort, *values = row
    if kind.link != "pk":
        *values, key = values
    cells = [
        {"text": _words(column, value), "cls": column.css} for column, value in zip(kind.columns, values, strict=True)
    ]
    return {"url": kind.url(key), "cells": cells}


def _words(column: Column, value: Any) -> str:
    return "" if value is None and column.show is str else str(column.show(value))
