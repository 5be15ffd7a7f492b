"""A figure divided by several dimensions at once: one part of the statement, however many rows and columns it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import CharField, F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf

from .dimensions import NONE
from .figures import Figure, Question
from .indicators import Asked, Indicator

CROSSED = "crossed"
BETWEEN = "~"


def crossed(question: Question, *by: str, told: str = "") -> Question:
    """The same question by each combination of values; ``told`` is a path whose value comes with the key."""
    indicator = question.indicator

    def key(asked: Asked) -> Combinable:
        parts = [_value(indicator, dimension, asked) for dimension in by]
        if told:
            parts.append(_text(F(told)))
        return Func(Value(BETWEEN), *parts, function="concat_ws", output_field=CharField())

    more = {**(indicator.more_dimensions or {}), CROSSED: key}
    return replace(question, indicator=replace(indicator, more_dimensions=more), by=CROSSED)


def cells(figures: Mapping[str, Figure]) -> dict[tuple[str, ...], int]:
    """Counts by the values that were crossed."""
    return {tuple(key.split(BETWEEN)): figure.numerator for key, figure in figures.items()}


def sums(counts: Mapping[tuple[str, ...], int], place: int) -> dict[str, int]:
    """The counts of one of the dimensions alone."""
    found: dict[str, int] = {}
    for key, count in counts.items():
        found[key[place]] = found.get(key[place], 0) + count
    return found


def keys_of(found: Mapping[tuple[str, ...], int], place: int) -> Sequence[str]:
    return list(dict.fromkeys(key[place] for key in found))


def _value(indicator: Indicator, dimension: str, asked: Asked) -> Combinable:
    path = indicator.path(dimension)
    if callable(path):
        path = path(asked)
    return _text(F(path) if isinstance(path, str) else path)


def _text(path: Combinable) -> Combinable:
    """As text; what has no value is a word of its own, so that it can stand in an address."""
    return Coalesce(NullIf(Cast(path, CharField()), Value("")), Value(NONE))
