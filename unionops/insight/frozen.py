"""Figures as they were when a paper was made from them: kept with the paper as JSON, and never counted anew.

A kept figure still knows what it asked, so that it opens to its rows; those are today's rows, the figure is not.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from unionops.org.models import User

from . import dimensions, indicators, periods
from .asking import rows_url
from .dimensions import NONE
from .figures import WHOLE, Figure, Question, answer
from .indicators import Asked, Part


@dataclass(frozen=True)
class Frozen:
    """One kept figure. ``label`` names the value of the dimension by which it was divided, as it was called then."""

    figure: Figure
    question: Question
    label: str = ""

    @property
    def words(self) -> str:
        return self.figure.words

    @property
    def url(self) -> str:
        return rows_url(self.question)

    @property
    def whole_url(self) -> str:
        return rows_url(self.question, Part.DENOMINATOR) if self.figure.denominator is not None else ""


def freeze(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The figures of undivided questions, in their order, counted by one statement."""
    return [_kept(question, found[WHOLE]) for question, found in zip(questions, answer(questions), strict=True)]


def freeze_divided(question: Question) -> list[dict[str, Any]]:
    """One figure for each value of ``question.by``, in the dimension's own order or the largest first."""
    dimension = dimensions.find(question.by)
    assert dimension is not None
    found = answer([question])[0]
    names = dimension.names(question.asked.user, [key for key in found if key != NONE])
    if dimension.order:
        keys = [key for key in (*dimension.order, NONE) if key in found]
    else:
        keys = sorted(found, key=lambda key: (key == NONE, -found[key].numerator, key))
    return [
        _kept(replace(question, by="", where={**question.where, question.by: key}), found[key], names.get(key, ""))
        for key in keys
    ]


def thaw(kept: Mapping[str, Any], user: User) -> Frozen | None:
    """Read a kept figure for somebody; None when the product no longer knows its indicator."""
    indicator = indicators.find(kept["indicator"])
    if indicator is None:
        return None
    asked = Asked(user, periods.parse(kept["period"]), datetime.date.fromisoformat(kept["at"]))
    figure = Figure(
        indicator, kept["numerator"], kept["denominator"], _decimal(kept["days"]), _decimal(kept.get("whole"))
    )
    return Frozen(figure, Question(indicator, asked, "", kept["where"]), kept["label"])


def _kept(question: Question, figure: Figure, label: str = "") -> dict[str, Any]:
    return {
        "indicator": question.indicator.code,
        "period": question.asked.period.code,
        "at": question.asked.at.isoformat(),
        "where": dict(question.kept),
        "label": label,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        # What was measured, days or a sum; figures that were kept before there were sums have no whole.
        "days": None if figure.measured is None else str(figure.measured),
        "whole": None if figure.whole is None else str(figure.whole),
    }


def _decimal(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)
