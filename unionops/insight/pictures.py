"""The pictures of a board: what each asks, whose names it needs, and the lengths, shades and addresses of its marks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from unionops.casework.transitions import Text

from . import crossing, dimensions, indicators, subjects
from .asking import query_of, rows_url
from .boards import Chart
from .dimensions import NONE
from .figures import WHOLE, Figure, Question
from .indicators import Asked, Indicator, Part, Unit
from .periods import ONE_DAY, Kind, containing, span

FULL = Decimal(100)
# Shades of a heat table above the empty one.
SHADES = 5
# A part of a bar that is narrower has no room for its number.
NARROWEST = 6
# Weeks in a grid: a quarter, and half a year where it has one row.
MANY_ROWS_WEEKS, ONE_ROW_WEEKS = 12, 26
Answers = Sequence[Mapping[str, Figure]]
Names = Mapping[str, Mapping[str, str]]


def unit_of(indicator: Indicator) -> str:
    match indicator.unit:
        case Unit.RATE:
            return "%"
        case Unit.DAYS:
            return str(indicator.days_unit or _("天"))
        case Unit.SUM:
            return str(indicator.amount_unit)
    return str(indicator.rows.unit)


def found(code: str) -> Indicator:
    indicator = indicators.find(code)
    assert indicator is not None, f"no indicator {code}"
    return indicator


class Picture:
    """One chart of one board. First `questions`, then `keys` from their answers, then `drawn` with the names of the keys."""

    def __init__(self, chart: Chart, asked: Asked, where: Mapping[str, str]) -> None:
        self.chart, self.asked, self.where = chart, asked, where
        self.question = Question(found(chart.indicator), asked, chart.by, where)

    def questions(self) -> list[Question]:
        return [self.question]

    def keys(self, answers: Answers) -> dict[str, Iterable[str]]:
        return {self.chart.by: answers[0]}

    def drawn(self, answers: Answers, names: Names) -> dict[str, Any]:
        raise NotImplementedError

    def head(self, count: int) -> dict[str, Any]:
        chart = self.chart
        return {
            "kind": chart.kind,
            "id": chart.id,
            "title": chart.title,
            "counted": str(chart.counted) % {"n": count} if chart.counted else "",
            # The rows that are counted there, where it is rows and not bars.
            "total_url": "",
            "wide": chart.wide,
            "beside": chart.beside,
            "later": chart.is_later,
            "key": chart.key,
            "rate": self.question.indicator.unit == Unit.RATE,
            "unit": unit_of(self.question.indicator),
            "rows_unit": self.question.indicator.rows.unit,
            "by": getattr(dimensions.find(chart.by), "label", ""),
            "part": f"?{urlencode(query_of(self.asked, self.where) | {'part': chart.id})}",
        }

    def page_of(self, key: str) -> str:
        """The board of the value that a bar stands for, where this person has one; never of the page that is open."""
        if self.chart.by in self.where or not subjects.may_open(self.asked.user, self.chart.by, key):
            return ""
        return subjects.url(self.chart.by, key, query_of(self.asked, {}))


class Bars(Picture):
    """Columns in time, or bars one below the other; of a rate the whole and the part of it."""

    def drawn(self, answers: Answers, names: Names) -> dict[str, Any]:
        values = answers[0]
        keys = self._ordered(values)
        longest = max((_length(values[key]) for key in keys), default=0)
        rate = self.question.indicator.unit == Unit.RATE
        named = names[self.chart.by]
        unfinished = self._unfinished() if self.chart.kind == "months" else None
        labels = {key: named.get(key) or _("未填写") for key in keys}
        if unfinished and unfinished[0] in labels:
            key, words = unfinished
            labels[key] = _("%(month)s，%(words)s") % {"month": labels[key], "words": words}
        bars = [self._bar(values[key], key, labels[key], longest) for key in keys]
        open_key = unfinished[0] if unfinished else ""
        return self.head(len([key for key in keys if key != NONE])) | {
            "bars": bars, "line": _line(bars) if self.chart.kind == "months" and rate else "",
            "open": open_key, "open_words": labels.get(open_key, ""),
        }  # fmt: skip

    def _unfinished(self) -> tuple[str, str] | None:
        """The month of which these figures hold a part only, and until when: what is low there has not come yet."""
        last = self.asked.days[1]
        month = containing(last, Kind.MONTH)
        if last == month.last:
            return None
        if last >= timezone.localdate():
            return month.code, _("还没过完")
        return month.code, _("只算到 %(day)s") % {"day": last.isoformat()}

    def _ordered(self, values: Mapping[str, Figure]) -> list[str]:
        if order := _fixed_order(self.chart.by):
            return [key for key in (*order, NONE) if key in values]
        if self.chart.kind == "months":
            return sorted(values)
        return sorted(values, key=lambda key: (key == NONE, -(values[key].value or 0), -_length(values[key]), key))

    def _bar(self, figure: Figure, key: str, label: str, longest: int) -> dict[str, Any]:
        """Lengths in per cent of the picture: of a rate's bar the whole is 100, in columns the longest one is."""
        whole = figure.denominator is not None
        is_month = self.chart.kind == "months"
        scale = longest if is_month or not whole else figure.denominator
        rest = (figure.denominator or 0) - figure.numerator if whole else 0
        done_length = FULL * figure.numerator / scale if scale else Decimal(0)
        rest_length = FULL * rest / scale if scale else Decimal(0)
        more = {self.chart.by: key}
        return {
            "key": key,
            "label": label,
            "page": self.page_of(key),
            "value": figure.words,
            "tick": pgettext("刻度", "%(n)s月") % {"n": int(key[5:])} if is_month and key != NONE else "",
            "short": f"{figure.value:.1f}" if figure.value is not None and whole else figure.words,
            "rate": figure.value,
            "numerator": f"{figure.numerator:,}",
            "denominator": f"{figure.denominator:,}" if whole else "",
            "rest": f"{rest:,}" if whole else "",
            "done_length": f"{done_length:.2f}",
            "rest_length": f"{rest_length:.2f}",
            "rest_from": f"{FULL - done_length - rest_length:.2f}",
            "done_from": f"{FULL - done_length:.2f}",
            "url": rows_url(self.question, Part.NUMERATOR, **more),
            "whole_url": rows_url(self.question, Part.DENOMINATOR, **more) if whole else "",
        }


class Stack(Picture):
    """Bars whose parts are another dimension, all of the same scale."""

    def questions(self) -> list[Question]:
        return [crossing.crossed(replace(self.question, by=""), self.chart.by, self.chart.across)]

    def keys(self, answers: Answers) -> dict[str, Iterable[str]]:
        counts = crossing.cells(answers[0])
        return {self.chart.by: crossing.keys_of(counts, 0), self.chart.across: crossing.keys_of(counts, 1)}

    def drawn(self, answers: Answers, names: Names) -> dict[str, Any]:
        counts = crossing.cells(answers[0])
        totals = crossing.sums(counts, 0)
        order = _fixed_order(self.chart.across)
        longest = max(totals.values(), default=0)
        rows = []
        for key in sorted(totals, key=lambda key: (-totals[key], key == NONE, key)):
            parts, start = [], Decimal(0)
            for shade, across in enumerate(order):
                count = counts.get((key, across), 0)
                length = FULL * count / longest
                url = rows_url(self.question, **{self.chart.by: key, self.chart.across: across}) if count else ""
                parts.append({
                    "n": count, "from": f"{start:.2f}", "length": f"{length:.2f}", "middle": f"{start + length / 2:.2f}",
                    "says": length >= NARROWEST, "shade": shade, "url": url,
                })  # fmt: skip
                start += length
            rows.append({
                "label": names[self.chart.by].get(key) or _("未填写"), "page": self.page_of(key), "total": totals[key],
                "url": rows_url(self.question, **{self.chart.by: key}), "parts": parts,
            })  # fmt: skip
        labels = dimensions.find(self.chart.across)
        assert labels is not None
        said = labels.names(self.asked.user, order)
        return self.head(sum(totals.values())) | {
            "bars": rows, "parts": [{"label": said[across], "shade": shade} for shade, across in enumerate(order)],
            "total": sum(totals.values()), "total_url": rows_url(replace(self.question, by="")),
        }  # fmt: skip


class Funnel(Picture):
    """Each step a part of the one before; beside it what still waits there."""

    def questions(self) -> list[Question]:
        steps = [Question(found(code), self.asked, "", self.where) for code in self.chart.steps]
        return [replace(self.question, by=""), replace(self.question, by=self.chart.across), *steps]

    def keys(self, answers: Answers) -> dict[str, Iterable[str]]:
        return {self.chart.across: answers[1]}

    def drawn(self, answers: Answers, names: Names) -> dict[str, Any]:
        whole, waiting, *steps = answers
        total = whole[WHOLE].numerator
        first = replace(self.question, by="")
        labels = iter(self.chart.names)
        bars = [self._step(next(labels), total, total, first, "", waiting, names)]
        order = _fixed_order(self.chart.across)
        for code, figures, stage in zip(self.chart.steps, steps, order, strict=False):
            question = Question(found(code), self.asked, "", self.where)
            bars.append(self._step(next(labels), figures[WHOLE].numerator, total, question, stage, waiting, names))
        return self.head(total) | {"bars": bars if total else [], "total": total, "total_url": rows_url(first)}

    def _step(
        self, label: Text, count: int, total: int, question: Question, stage: str, waiting: Mapping[str, Figure], names: Names
    ) -> dict[str, Any]:  # fmt: skip
        share = FULL * count / total if total else Decimal(0)
        left = waiting[stage].numerator if stage in waiting else 0
        return {
            "label": label,
            "n": f"{count:,}",
            "share": f"{share:.2f}",
            "url": rows_url(question),
            "left": left,
            "left_label": names[self.chart.across].get(stage, ""),
            "left_url": rows_url(self.question, **{self.chart.across: stage}) if left else "",
        }


class Heat(Picture):
    """Two dimensions and a shade for how many; the table is the picture."""

    questions = Stack.questions
    keys = Stack.keys

    def drawn(self, answers: Answers, names: Names) -> dict[str, Any]:
        counts = crossing.cells(answers[0])
        down, over = crossing.sums(counts, 0), crossing.sums(counts, 1)
        most = max(counts.values(), default=0)
        columns = sorted(over, key=lambda key: (key == NONE, -over[key], key))
        by, across = self.chart.by, self.chart.across
        rows = [
            {
                "label": names[by].get(key) or _("未填写"),
                "page": self.page_of(key),
                "total": down[key],
                "url": rows_url(self.question, **{by: key}),
                "cells": [
                    {
                        "n": count, "shade": -(-SHADES * count // most),
                        "url": rows_url(self.question, **{by: key, across: column}) if count else "",
                    }
                    for column in columns for count in [counts.get((key, column), 0)]
                ],
            }
            for key in sorted(down, key=lambda key: (key == NONE, -down[key], key))
        ]  # fmt: skip
        return self.head(len(down)) | {
            "bars": rows,
            "columns": [
                {"label": names[across].get(key) or _("未填写"), "n": over[key], "url": rows_url(self.question, **{across: key})}
                for key in columns
            ],
            "total": sum(down.values()),
            "total_url": rows_url(replace(self.question, by="")),
        }  # fmt: skip


class Weeks(Picture):
    """Who went each week: a row a person, a column a week, the last ones of the period."""

    def __init__(self, chart: Chart, asked: Asked, where: Mapping[str, str]) -> None:
        weeks = ONE_ROW_WEEKS if chart.by in where else MANY_ROWS_WEEKS
        last = asked.days[1]
        # An ISO week belongs to the period of its Thursday.
        thursday = last - datetime.timedelta(days=last.weekday() - 3)
        first = max(asked.period.first, thursday - (7 * (weeks - 1) + 3) * ONE_DAY)
        narrowed = (
            replace(asked, period=span(first, max(asked.period.last, first))) if first != asked.period.first else asked
        )
        super().__init__(chart, narrowed, where)
        self._board_asked = asked

    def head(self, count: int) -> dict[str, Any]:
        part = f"?{urlencode(query_of(self._board_asked, self.where) | {'part': self.chart.id})}"
        return super().head(count) | {"part": part}

    def questions(self) -> list[Question]:
        rates = [Question(found(code), self.asked, "", self.where) for code in self.chart.steps]
        divided = crossing.crossed(
            replace(self.question, by=""), self.chart.by, "week", self.chart.across, told=self.chart.told
        )
        return [divided, *rates]

    def keys(self, answers: Answers) -> dict[str, Iterable[str]]:
        counts = crossing.cells(answers[0])
        return {self.chart.by: crossing.keys_of(counts, 0), self.chart.across: crossing.keys_of(counts, 2)}

    def drawn(self, answers: Answers, names: Names) -> dict[str, Any]:
        rows: dict[str, dict[str, tuple[str, int]]] = {}
        for key, week, outcome, made in crossing.cells(answers[0]):
            rows.setdefault(key, {})[week] = outcome, int(made)
        weeks = sorted({week for row in rows.values() for week in row})
        totals = {key: sum(made for _outcome, made in row.values()) for key, row in rows.items()}
        by, said = self.chart.by, names[self.chart.across]
        rates = [figures[WHOLE] for figures in answers[1:]]
        return self.head(len(rows)) | {
            "bars": [
                {
                    "label": names[by].get(key) or _("未填写"),
                    "page": self.page_of(key),
                    "total": totals[key],
                    "url": self._opens(key) if totals[key] else "",
                    "cells": [self._cell(key, week, rows[key].get(week), said) for week in weeks],
                }
                for key in sorted(rows, key=lambda key: (-totals[key], key))
            ],
            "columns": [{"label": str(int(week[6:])), "year": week[:4]} for week in weeks],
            "rates": [
                {
                    "label": figure.indicator.name, "value": figure.words, "numerator": figure.numerator,
                    "denominator": figure.denominator, "url": rows_url(question), "whole_url": rows_url(question, Part.DENOMINATOR),
                }
                for figure in rates for question in [Question(figure.indicator, self.asked, "", self.where)]
            ],
        }  # fmt: skip

    def _cell(self, key: str, week: str, cell: tuple[str, int] | None, said: Mapping[str, str]) -> dict[str, Any]:
        if cell is None:
            return {"outcome": "", "n": "", "label": "", "url": ""}
        outcome, made = cell
        # A week without any says why there is none.
        url = (
            self._opens(key, week=week)
            if made
            else rows_url(replace(self.question, by=""), **{self.chart.by: key, "week": week})
        )
        return {"outcome": outcome, "n": made, "label": said.get(outcome, ""), "url": url}

    def _opens(self, key: str, **more: str) -> str:
        """The rows that the cells of one row count."""
        return rows_url(Question(found(self.chart.opens), self.asked), **{self.chart.by: key}, **more)


PICTURES: dict[str, type[Picture]] = {
    "months": Bars, "bars": Bars, "stack": Stack, "funnel": Funnel, "heat": Heat, "weeks": Weeks,
}  # fmt: skip


def picture(chart: Chart, asked: Asked, where: Mapping[str, str]) -> Picture:
    return PICTURES[chart.kind](chart, asked, where)


def _fixed_order(dimension: str) -> tuple[str, ...]:
    declared = dimensions.find(dimension)
    assert declared is not None
    return declared.order


def _length(figure: Figure) -> int:
    return figure.numerator if figure.denominator is None else figure.denominator


def _line(bars: Sequence[Mapping[str, Any]]) -> str:
    """Points of the rate in a picture of 100 x 100: the middle of each column, 0 % at the foot."""
    step = FULL / len(bars) if bars else FULL
    points = [
        f"{step * place + step / 2:.2f},{FULL - bar['rate']:.2f}"
        for place, bar in enumerate(bars)
        if bar["rate"] is not None
    ]
    return " ".join(points)
