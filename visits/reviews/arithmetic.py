"""The arithmetic of the review: exact fractions all the way, rounded half up to two decimals once, at the end.

Nothing here reads a database; the pages show these very steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

HUNDRED = Fraction(100)
Number = Decimal | Fraction | int


def rounded(value: Fraction) -> Decimal:
    """Two decimals, half up."""
    return Decimal(math.floor(value * 100 + Fraction(1, 2))).scaleb(-2)


def points(value: Number, floor: Number, full: Number) -> Fraction:
    """0 at the floor, 100 at the full mark, a straight line between, never outside.

    Where less is better the full mark lies below the floor; the line is the same.
    """
    share = (Fraction(value) - Fraction(floor)) / (Fraction(full) - Fraction(floor))
    return min(max(share, Fraction(0)), Fraction(1)) * 100


def scaled(lines: Sequence[tuple[Number, Fraction | None]]) -> list[Fraction | None]:
    """The weight of each (weight, points) among those that could be counted; together they are 100 again."""
    counted = sum((Fraction(weight) for weight, earned in lines if earned is not None), Fraction(0))
    return [None if earned is None or not counted else Fraction(weight) * 100 / counted for weight, earned in lines]


def total(lines: Sequence[tuple[Number, Fraction | None]]) -> Fraction | None:
    """The weighted sum of points; None where nothing could be counted."""
    found = [
        weight * earned / 100
        for weight, (_weight, earned) in zip(scaled(lines), lines, strict=True)
        if weight is not None and earned is not None
    ]
    return sum(found, Fraction(0)) if found else None


@dataclass(frozen=True)
class Mean:
    """The scores that count and those left out, each from high to low."""

    kept: list[Fraction]
    dropped: list[Fraction]
    value: Fraction


def trimmed_mean(scores: Sequence[Fraction], trim_from: int) -> Mean:
    """The mean; from ``trim_from`` scores on without one highest and one lowest."""
    ordered = sorted(scores, reverse=True)
    dropped: list[Fraction] = []
    if len(ordered) >= trim_from:
        dropped = [ordered[0], ordered[-1]]
        ordered = ordered[1:-1]
    return Mean(ordered, dropped, sum(ordered, Fraction(0)) / len(ordered))


def ranks(scores: Sequence[Decimal | None]) -> list[int | None]:
    """1, 2, 2, 4: equals share a rank and the ranks behind them are left free; what has no score has no rank."""
    return [
        None if score is None else 1 + sum(1 for other in scores if other is not None and other > score)
        for score in scores
    ]


def placed(found: Sequence[int | None], places: Sequence[int]) -> list[int | None]:
    """The class of each rank, 0 the best; ``places`` is how many each class holds at most, the class after the last holds all.

    Equals are never parted: a group goes into the best class whose places, counted from the top, hold all of it. Places
    that stay empty so pass on to the next class.
    """
    ceilings = [sum(places[: number + 1]) for number in range(len(places))]
    classes: list[int | None] = []
    for rank in found:
        if rank is None:
            classes.append(None)
            continue
        last = rank + found.count(rank) - 1
        classes.append(next((number for number, most in enumerate(ceilings) if last <= most), len(places)))
    return classes


def share_of(count: int, per_cent: int) -> int:
    """How many places a share of the judged gives; parts of a place do not count."""
    return count * per_cent // 100
