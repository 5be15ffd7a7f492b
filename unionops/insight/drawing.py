"""A board with its figures, ready to be printed: one statement for the figures, one for the names of each dimension."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from unionops.joining import listed

from . import dimensions
from .asking import rows_url
from .boards import Board, Chart, Oldest, Tile
from .dimensions import NONE
from .figures import WHOLE, Figure, Question, answer, rows_of
from .indicators import Asked, Part, Unit
from .periods import Period
from .pictures import Answers, Names, Picture, found, picture, unit_of

__all__ = ["draw", "draw_part", "unit_of"]

# The oldest rows that a board names one by one.
MOST_OLDEST = 5


def draw(board: Board, asked: Asked, where: Mapping[str, str]) -> dict[str, Any]:
    """Read everything that the board shows and turn it into words, addresses and lengths in per cent.

    The grids are parts of their own: of them there is the head only.
    """
    now = {code: _question(code, asked, where) for code in _codes(board)}
    compared = {*(tile.indicator for tile in board.tiles), *board.more}
    last_year = _last_year(asked.period)
    before, year = (
        {code: replace(now[code], asked=_aged(asked, period)) for code in now if code in compared and period}
        for period in (asked.period.before(), last_year)
    )
    pictures = [picture(chart, asked, where) for chart in board.charts]
    drawn = [one for one in pictures if not one.chart.is_later]
    asking = [one.questions() for one in drawn]
    later = [one for one in pictures if one.chart.is_later]
    counting = {
        one.chart.id: Question(found(one.chart.counts), asked, one.chart.by, where) for one in later if one.chart.counts
    }
    wanted = [
        *now.values(),
        *before.values(),
        *year.values(),
        *(q for some in asking for q in some),
        *counting.values(),
    ]
    answers = iter(answer(wanted))
    figures = {code: next(answers)[WHOLE] for code in now}
    earlier = {code: next(answers)[WHOLE] for code in before}
    years = {code: next(answers)[WHOLE] for code in year}
    told = [[next(answers) for _question in some] for some in asking]
    counts = {code: len(next(answers)) for code in counting}
    names = _names(asked, [one.keys(parts) for one, parts in zip(drawn, told, strict=True)])
    finished = {id(one): one.drawn(parts, names) for one, parts in zip(drawn, told, strict=True)}

    def shown(code: str) -> dict[str, Any]:
        changes = [_change(figures[code], earlier[code], before[code], _("上期"))]
        return _figure(figures[code], now[code]) | {"changes": changes}

    def tile(one: Tile) -> dict[str, Any]:
        found = shown(one.indicator)
        if one.indicator in years:
            code = one.indicator
            found["changes"].append(_change(figures[code], years[code], year[code], _("去年同期")))
        beside = [_figure(figures[code], now[code]) for code in one.beside]
        return found | {"lead": one.lead, "beside": beside}

    # What is declared before the first narrow picture stands above the columns.
    tops = len(list(takewhile(lambda one: one.chart.wide, pictures)))
    charts = [finished.get(id(one)) or one.head(counts.get(one.chart.id, 0)) | {"bars": []} for one in pictures]
    return {
        "tiles": [tile(one) for one in board.tiles],
        "charts": [chart | {"top": place < tops} for place, chart in enumerate(charts)],
        "more": [
            shown(code)
            | {
                "before": _beside(earlier[code], before[code]),
                "year": _beside(years[code], year[code]) if year else None,
            }
            for code in board.more
        ],
        "before": asked.period.before().label,
        "year_earlier": last_year.label if last_year else "",
        "weakest": _weakest(charts),
        "oldest": _oldest(board.oldest, asked, where) if board.oldest else None,
    }


def draw_part(chart: Chart, asked: Asked, where: Mapping[str, str]) -> dict[str, Any]:
    """One picture alone, with everything that it has."""
    one: Picture = picture(chart, asked, where)
    answers: Answers = answer(one.questions())
    names: Names = _names(asked, [one.keys(answers)])
    return one.drawn(answers, names)


def _codes(board: Board) -> Iterator[str]:
    for tile in board.tiles:
        yield from (tile.indicator, *tile.beside)
    yield from board.more


def _question(code: str, asked: Asked, where: Mapping[str, str]) -> Question:
    return Question(found(code), asked, "", where)


def _last_year(period: Period) -> Period | None:
    """The same span a year ago, unless it overlaps this one or is the period before anyway."""
    found = period.year_earlier()
    return found if found.last < period.first and found != period.before() else None


def _aged(asked: Asked, period: Period) -> Asked:
    """Another period at the same age: as many days after its end, or before it, as this one has now."""
    return Asked(asked.user, period, period.last + (asked.at - asked.period.last))


def _names(asked: Asked, needed: Sequence[Mapping[str, Iterable[str]]]) -> dict[str, Mapping[str, str]]:
    wanted: dict[str, set[str]] = {}
    for keys in needed:
        for code, some in keys.items():
            wanted.setdefault(code, set()).update(key for key in some if key != NONE)
    found = {}
    for code, values in wanted.items():
        dimension = dimensions.find(code)
        assert dimension is not None
        found[code] = dimension.names(asked.user, values)
    return found


def _weakest(charts: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The last of the sorted bars of a rate, where it is lower than the first."""
    for chart in charts:
        bars = [bar for bar in chart["bars"] if chart["kind"] == "bars" and chart["rate"] and bar["rate"] is not None]
        if len(bars) > 1 and bars[-1]["rate"] < bars[0]["rate"]:
            return dict(bars[-1])
    return None


def _oldest(oldest: Oldest, asked: Asked, where: Mapping[str, str]) -> dict[str, Any]:
    """The rows that are late for longest, each by name."""
    question = _question(oldest.indicator, asked, where)
    rows = (
        rows_of(question)
        .order_by(F(oldest.due).asc(nulls_last=True), "pk")
        .values_list("pk", oldest.text, oldest.due, oldest.holder)[:MOST_OLDEST]
    )
    return {
        "title": oldest.title,
        "url": rows_url(question),
        "rows": [
            {
                "text": text, "url": question.indicator.rows.url(pk), "holder": holder or "",
                "days": (asked.at - due).days if due else 0,
            }
            for pk, text, due, holder in rows
        ],
    }  # fmt: skip


def _figure(figure: Figure, question: Question) -> dict[str, Any]:
    indicator = figure.indicator
    whole = figure.denominator is not None
    ignored = [dimension.label for code in question.ignored if (dimension := dimensions.find(code))]
    # A share of money says how much of how much.
    of_money = whole and bool(indicator.amount)
    counted, all_counted = figure.share if of_money else (figure.numerator, figure.denominator or 0)
    return {
        "code": indicator.code,
        "label": indicator.name,
        "meaning": indicator.meaning,
        "value": figure.words,
        "unit": unit_of(indicator) if figure.value is not None else "",
        "rows_unit": indicator.amount_unit if of_money else indicator.rows.unit,
        "numerator": f"{counted:,}",
        "denominator": f"{all_counted:,}" if whole else "",
        "url": rows_url(question),
        "whole_url": rows_url(question, Part.DENOMINATOR) if whole else "",
        "ignored": _("不按%(what)s筛选") % {"what": listed(ignored)} if ignored else "",
    }


def _beside(figure: Figure, question: Question) -> dict[str, str]:
    """A figure of another period: it opens the rows that it counts, as that of this one does."""
    return {"value": figure.words, "url": rows_url(question)}


def _change(now: Figure, then: Figure, question: Question, what: str) -> dict[str, str]:
    """«较上期 +0.36 百分点», and whether that is up or down; a neighbour without rows is nothing to compare with.

    It opens the other figure with its rows: those of this one are opened by the figure above.
    """
    if now.value is None or then.value is None or (then.numerator == 0 and not then.denominator):
        return {"glyph": "dash", "words": _("%(what)s没有可比的数") % {"what": what}, "tone": "", "url": "", "then": ""}
    difference = now.value - then.value
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    number = f"{abs(difference):,f}" if now.indicator.unit != Unit.COUNT else f"{abs(difference):,.0f}"
    unit = _("百分点") if now.indicator.unit == Unit.RATE else unit_of(now.indicator)
    good = difference * now.indicator.strength
    return {
        "glyph": "arrow-up" if difference > 0 else "arrow-down" if difference < 0 else "dash",
        "words": _("较%(what)s %(number)s %(unit)s") % {"what": what, "number": sign + number, "unit": unit},
        "tone": "good" if good > 0 else "bad" if good < 0 else "",
        "url": rows_url(question),
        "then": f"{what} {then.words}",
    }
