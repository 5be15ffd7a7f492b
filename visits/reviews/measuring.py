"""From a frozen scheme to the results of a round: values, points, totals, ranks and grades, each kept in a sheet.

A sheet is JSON: ``{"lines": [{"name", "code", "weight", "floor", "full", "value", "words", "kept", "note", "by"}, …]}``; ``value`` is an exact
fraction as text («876/925»), null where there is nothing to divide by. `lines_of` computes the points anew from it, so that
the page shows the same arithmetic that made the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from unionops.insight import indicators, periods
from unionops.insight.figures import Question
from unionops.insight.frozen import freeze, freeze_divided
from unionops.insight.indicators import Asked, Unit
from unionops.org.models import User

from . import arithmetic
from .enums import TRIM_FROM, Award, Grade, Kind
from .models import Criterion, ManualScore, Review, Scheme, Subject

K = TypeVar("K")
GRADES = (Grade.EXCELLENT, Grade.GOOD, Grade.PASS)
AWARDS = (Award.FIRST, Award.SECOND, Award.THIRD, Award.NONE)
# What people, towns and departments are called among the dimensions of the figures.
DIMENSION = {Kind.CADRE: "cadre", Kind.TOWN: "town", Kind.DEPARTMENT: "department"}


def measurable(kind: str) -> list[indicators.Indicator]:
    """The indicators that know this dimension and tell good from bad."""
    dimension = DIMENSION[Kind(kind)]
    return [one for one in indicators.indicators() if one.strength and dimension in one.dimensions]


def exact(kept: Mapping[str, Any], unit: str) -> Fraction | None:
    """The value of a kept figure without any rounding; None where there is nothing to divide by."""
    if unit == Unit.SUM:
        return Fraction(Decimal(kept["days"] or 0))
    if unit == Unit.RATE and kept.get("whole") is not None:
        whole = Fraction(Decimal(kept["whole"]))
        return Fraction(Decimal(kept["days"] or 0)) * 100 / whole if whole else None
    if unit == Unit.RATE:
        return Fraction(kept["numerator"] * 100, kept["denominator"]) if kept["denominator"] else None
    if unit == Unit.DAYS:
        return None if kept["days"] is None else Fraction(Decimal(kept["days"]))
    return Fraction(kept["numerator"])


def figures_of(
    review: Review, kind: str, subjects: Sequence[Subject], code: str, by: User
) -> dict[str, dict[str, Any]]:
    """One kept figure for each subject, as at the cut-off of the review; nothing counted is a figure too."""
    indicator = indicators.find(code)
    if indicator is None:
        return {}
    dimension = DIMENSION[Kind(kind)]
    asked = Asked(by, periods.parse(str(review.year)), review.cut_off)
    found = {one["where"][dimension]: one for one in freeze_divided(Question(indicator, asked, by=dimension))}
    missing = [subject for subject in subjects if subject.key not in found]
    empty = freeze([Question(indicator, asked, where={dimension: subject.key}) for subject in missing])
    return found | {subject.key: one for subject, one in zip(missing, empty, strict=True)}


def sheets(review: Review, scheme: Scheme, subjects: Sequence[Subject], by: User) -> dict[int, dict[str, Any]]:
    """The sheet of each subject of a scheme."""
    criteria = list(scheme.criteria.order_by("position"))
    figures = {one.code: figures_of(review, scheme.kind, subjects, one.code, by) for one in criteria if one.code}
    rows = ManualScore.objects.filter(subject__in=subjects, criterion__in=criteria).select_related("by")
    scores = {(score.subject_id, score.criterion_id): score for score in rows}
    return {
        subject.pk: {"lines": [_line(one, figures, scores.get((subject.pk, one.pk)), subject) for one in criteria]}
        for subject in subjects
    }


def _line(
    one: Criterion, figures: Mapping[str, Mapping[str, Any]], score: ManualScore | None, subject: Subject
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "name": one.name, "code": one.code, "weight": str(one.weight), "floor": str(one.floor), "full": str(one.full),
        "value": None, "kept": None, "note": "", "by": "",
    }  # fmt: skip
    if one.code:
        kept = figures.get(one.code, {}).get(subject.key)
        indicator = indicators.find(one.code)
        if kept is not None and indicator is not None:
            value = exact(kept, indicator.unit)
            line |= {"kept": kept, "value": None if value is None else str(value)}
    elif score is not None:
        line |= {"value": str(Fraction(score.score)), "note": score.note, "by": score.by.name}
    return line


@dataclass(frozen=True)
class Reckoned:
    """One line of the arithmetic: ``points`` and ``product`` are exact; None where the line was left out."""

    name: str
    code: str
    weight: Decimal
    floor: Decimal
    full: Decimal
    value: Fraction | None
    points: Fraction | None
    scaled: Fraction | None
    product: Fraction | None
    kept: Mapping[str, Any] | None
    note: str
    by: str


def lines_of(sheet: Mapping[str, Any]) -> list[Reckoned]:
    """The arithmetic of a sheet, line by line."""
    lines = sheet["lines"]
    earned = [
        None
        if one["value"] is None
        else arithmetic.points(Fraction(one["value"]), Decimal(one["floor"]), Decimal(one["full"]))
        for one in lines
    ]
    weights = arithmetic.scaled([(Decimal(one["weight"]), got) for one, got in zip(lines, earned, strict=True)])
    return [
        Reckoned(
            one["name"], one["code"], Decimal(one["weight"]), Decimal(one["floor"]), Decimal(one["full"]),
            None if one["value"] is None else Fraction(one["value"]), got, weight,
            None if got is None or weight is None else weight * got / 100, one["kept"], one["note"], one["by"],
        )
        for one, got, weight in zip(lines, earned, weights, strict=True)
    ]  # fmt: skip


def total_of(sheet: Mapping[str, Any]) -> Decimal | None:
    found = [line.product for line in lines_of(sheet) if line.product is not None]
    return arithmetic.rounded(sum(found, Fraction(0))) if found else None


def graded(totals: Sequence[Decimal | None], scheme: Scheme) -> list[tuple[int | None, Grade]]:
    """(rank, grade) of each total. Places are a share of those ranked; below the pass mark nobody has one of them."""
    ranks = arithmetic.ranks(totals)
    count = sum(1 for rank in ranks if rank is not None)
    places = [arithmetic.share_of(count, share) for share in (scheme.first, scheme.second)]
    found: list[tuple[int | None, Grade]] = []
    for score, rank, number in zip(totals, ranks, arithmetic.placed(ranks, places), strict=True):
        if score is None or number is None:
            found.append((None, Grade.NONE))
        elif score < scheme.pass_mark:
            found.append((rank, Grade.FAIL))
        else:
            found.append((rank, GRADES[number]))
    return found


def judged(scores: Mapping[K, Sequence[Fraction]], scheme: Scheme) -> dict[K, tuple[Decimal, int, Award]]:
    """(mean, rank, award) of each submission from the exact scores of its reviewers."""
    keys = list(scores)
    means = [arithmetic.rounded(arithmetic.trimmed_mean(scores[key], TRIM_FROM).value) for key in keys]
    ranks = arithmetic.ranks(list(means))
    classes = arithmetic.placed(ranks, [scheme.first, scheme.second, scheme.third])
    found = {}
    for key, mean, rank, number in zip(keys, means, ranks, classes, strict=True):
        assert rank is not None
        assert number is not None
        found[key] = (mean, rank, AWARDS[number] if mean >= scheme.pass_mark else Award.NONE)
    return found


def score_of(marks: Sequence[tuple[Decimal, Decimal]]) -> Fraction:
    """The weighted score of one reviewer from (weight, mark)."""
    return sum((Fraction(weight) * Fraction(mark) / 100 for weight, mark in marks), Fraction(0))
