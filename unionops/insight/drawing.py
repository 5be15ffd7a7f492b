"""A board with its figures, ready to be printed: one statement for the figures, one for the names of each dimension."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import dimensions, indicators
from .asking import rows_url
from .boards import Board, Chart, Tile
from .dimensions import NONE
from .figures import WHOLE, Figure, Question, answer
from .indicators import Asked, Indicator, Part, Unit
from .periods import Period

# The middle of the rate's line is told only while there is room for its figures.
FULL = Decimal(100)


def draw(board: Board, asked: Asked, where: Mapping[str, str]) -> dict[str, Any]:
    """Read everything that the board shows and turn it into words, addresses and lengths in per cent."""
    now = {code: _question(code, asked, where) for code in _codes(board)}
    compared = {*(tile.indicator for tile in board.tiles), *board.more}
    before = {
        code: replace(question, asked=_aged(asked, asked.period.before()))
        for code, question in now.items()
        if code in compared
    }
    last_year = _last_year(asked.period)
    year = {
        tile.indicator: replace(now[tile.indicator], asked=_aged(asked, last_year)) for tile in board.tiles if last_year
    }
    divided = [replace(_question(chart.indicator, asked, where), by=chart.by) for chart in board.charts]
    answers = iter(answer([*now.values(), *before.values(), *year.values(), *divided]))
    figures = {code: next(answers)[WHOLE] for code in now}
    earlier = {code: next(answers)[WHOLE] for code in before}
    years = {code: next(answers)[WHOLE] for code in year}
    parts = list(answers)
    names = _names(asked, board, parts)

    def shown(code: str) -> dict[str, Any]:
        return _figure(figures[code], now[code]) | {"changes": [_change(figures[code], earlier[code], _("上期"))]}

    def tile(one: Tile) -> dict[str, Any]:
        found = shown(one.indicator)
        if one.indicator in years:
            found["changes"].append(_change(figures[one.indicator], years[one.indicator], _("去年同期")))
        beside = [_figure(figures[code], now[code]) for code in one.beside]
        return found | {"lead": one.lead, "beside": beside}

    return {
        "tiles": [tile(one) for one in board.tiles],
        "charts": [
            _chart(chart, question, values, names[chart.by])
            for chart, question, values in zip(board.charts, divided, parts, strict=True)
        ],
        "more": [shown(code) | {"before": earlier[code].words} for code in board.more],
        "before": asked.period.before().label,
        "year_earlier": last_year.label if last_year else "",
    }


def _codes(board: Board) -> Iterator[str]:
    for tile in board.tiles:
        yield from (tile.indicator, *tile.beside)
    yield from board.more


def _question(code: str, asked: Asked, where: Mapping[str, str]) -> Question:
    indicator = indicators.find(code)
    assert indicator is not None, f"no indicator {code}"
    return Question(indicator, asked, "", where)


def _last_year(period: Period) -> Period | None:
    """The same span a year ago, unless it overlaps this one or is the period before anyway."""
    found = period.year_earlier()
    return found if found.last < period.first and found != period.before() else None


def _aged(asked: Asked, period: Period) -> Asked:
    """Another period at the same age: as many days after its end, or before it, as this one has now."""
    return Asked(asked.user, period, period.last + (asked.at - asked.period.last))


def _names(asked: Asked, board: Board, parts: list[dict[str, Figure]]) -> dict[str, Mapping[str, str]]:
    wanted: dict[str, set[str]] = {}
    for chart, values in zip(board.charts, parts, strict=True):
        wanted.setdefault(chart.by, set()).update(key for key in values if key != NONE)
    found = {}
    for code, keys in wanted.items():
        dimension = dimensions.find(code)
        assert dimension is not None
        found[code] = dimension.names(asked.user, keys)
    return found


def _figure(figure: Figure, question: Question) -> dict[str, Any]:
    indicator = figure.indicator
    whole = figure.denominator is not None
    ignored = [dimension.label for code in question.ignored if (dimension := dimensions.find(code))]
    return {
        "code": indicator.code,
        "label": indicator.name,
        "meaning": indicator.meaning,
        "value": figure.words,
        "unit": unit_of(indicator) if figure.value is not None else "",
        "rows_unit": indicator.rows.unit,
        "numerator": f"{figure.numerator:,}",
        "denominator": f"{figure.denominator:,}" if whole else "",
        "url": rows_url(question),
        "whole_url": rows_url(question, Part.DENOMINATOR) if whole else "",
        "ignored": _("不按%(what)s筛选") % {"what": "、".join(map(str, ignored))} if ignored else "",
    }


def unit_of(indicator: Indicator) -> str:
    match indicator.unit:
        case Unit.RATE:
            return "%"
        case Unit.DAYS:
            return _("天")
    return str(indicator.rows.unit)


def _change(now: Figure, then: Figure, what: str) -> dict[str, str]:
    """«较上期 +0.36 百分点», and whether that is up or down; a neighbour without rows is nothing to compare with."""
    if now.value is None or then.value is None or (then.numerator == 0 and not then.denominator):
        return {"glyph": "dash", "words": _("%(what)s没有可比的数") % {"what": what}, "tone": ""}
    difference = now.value - then.value
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    number = f"{abs(difference):,f}" if now.indicator.unit != Unit.COUNT else f"{abs(difference):,.0f}"
    unit = _("百分点") if now.indicator.unit == Unit.RATE else unit_of(now.indicator)
    good = difference * now.indicator.strength
    return {
        "glyph": "arrow-up" if difference > 0 else "arrow-down" if difference < 0 else "dash",
        "words": _("较%(what)s %(number)s %(unit)s") % {"what": what, "number": sign + number, "unit": unit},
        "tone": "good" if good > 0 else "bad" if good < 0 else "",
    }


def _chart(chart: Chart, question: Question, values: Mapping[str, Figure], names: Mapping[str, str]) -> dict[str, Any]:
    keys = _ordered(chart, values)
    longest = max((_length(values[key]) for key in keys), default=0)
    rate = question.indicator.unit == Unit.RATE
    bars = [_bar(values[key], question, key, names.get(key) or _("未填写"), longest, chart) for key in keys]
    return {
        "kind": chart.kind,
        "id": f"{chart.indicator}-{chart.by}",
        "title": chart.title,
        "counted": str(chart.counted) % {"n": len([key for key in keys if key != NONE])},
        "wide": chart.wide,
        "beside": chart.beside,
        "rate": rate,
        "unit": unit_of(question.indicator),
        "rows_unit": question.indicator.rows.unit,
        "by": getattr(dimensions.find(chart.by), "label", ""),
        "bars": bars,
        "line": _line(bars) if chart.kind == "months" and rate else "",
    }


def _ordered(chart: Chart, values: Mapping[str, Figure]) -> list[str]:
    dimension = dimensions.find(chart.by)
    assert dimension is not None
    if dimension.order:
        return [key for key in (*dimension.order, NONE) if key in values]
    if chart.kind == "months":
        return sorted(values)
    return sorted(values, key=lambda key: (key == NONE, -(values[key].value or 0), -_length(values[key]), key))


def _length(figure: Figure) -> int:
    return figure.numerator if figure.denominator is None else figure.denominator


def _bar(figure: Figure, question: Question, key: str, label: str, longest: int, chart: Chart) -> dict[str, Any]:
    """Lengths in per cent of the picture: of a rate's bar the whole is 100, in columns the longest one is."""
    whole = figure.denominator is not None
    scale = longest if chart.kind == "months" or not whole else figure.denominator
    done = FULL * figure.numerator / scale if scale else Decimal(0)
    rest = FULL * (figure.denominator - figure.numerator) / scale if whole and scale else Decimal(0)  # type: ignore[operator]
    more = {question.by: key}
    return {
        "key": key,
        "label": label,
        "value": figure.words,
        "tick": pgettext("刻度", "%(n)s月") % {"n": int(key[5:])} if chart.kind == "months" and key != NONE else "",
        "short": f"{figure.value:.1f}" if figure.value is not None and whole else figure.words,
        "rate": figure.value,
        "numerator": f"{figure.numerator:,}",
        "denominator": f"{figure.denominator:,}" if whole else "",
        "rest": f"{figure.denominator - figure.numerator:,}" if whole else "",  # type: ignore[operator]
        "done_length": f"{done:.2f}",
        "rest_length": f"{rest:.2f}",
        "rest_from": f"{FULL - done - rest:.2f}",
        "done_from": f"{FULL - done:.2f}",
        "url": rows_url(question, Part.NUMERATOR, **more),
        "whole_url": rows_url(question, Part.DENOMINATOR, **more) if whole else "",
    }


def _line(bars: list[dict[str, Any]]) -> str:
    """Points of the rate in a picture of 100 x 100: the middle of each column, 0 % at the foot."""
    step = FULL / len(bars) if bars else FULL
    points = [
        f"{step * place + step / 2:.2f},{FULL - bar['rate']:.2f}"
        for place, bar in enumerate(bars)
        if bar["rate"] is not None
    ]
    return " ".join(points)
