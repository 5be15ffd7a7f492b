"""Stars of a place: what the standard gives points for, added up line by line so that everybody can check it.

The gates are the published ones (domain 4.5: five stars need 30 m² and room for 20); the points are the office's, and each
programme may set other thresholds (Programme.limits).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

# Thresholds of five to one star, in points of 100; gates of five stars; deductions for each fault of the last year.
DEFAULTS: Mapping[str, Decimal] = {
    "star_5": Decimal(90), "star_4": Decimal(80), "star_3": Decimal(70), "star_2": Decimal(60), "star_1": Decimal(50),
    "five_area": Decimal(30), "five_capacity": Decimal(20), "minus_failed": Decimal(2), "minus_late": Decimal(5),
}  # fmt: skip
Limit = Callable[[str], Decimal]


@dataclass(frozen=True)
class Measures:
    """What is known of a place on the day of the rating."""

    base_facilities: int
    base_wanted: int
    extra_facilities: int
    area: Decimal
    capacity: int
    hours: Decimal
    inspections: int
    passed: int
    judged: int
    services: int
    # Faults found in the last year, and repairs of them that were late.
    failed: int
    late: int


@dataclass(frozen=True)
class Line:
    label: str
    # How the points come about: «7 ÷ 8 × 40».
    sum: str
    points: Decimal
    most: int

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "points": str(self.points)}


@dataclass(frozen=True)
class Rated:
    lines: list[Line]
    total: Decimal
    stars: int
    # What keeps it from more stars than it has, in words.
    held_back: str


def _points(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _share(part: int | Decimal, whole: int | Decimal, most: int) -> tuple[Decimal, str]:
    """Points in proportion, never more than all of them."""
    if not whole:
        return Decimal(0), "—"
    share = min(Decimal(1), Decimal(part) / Decimal(whole))
    return _points(share * most), f"{part} ÷ {whole} × {most}"


def rate(measures: Measures, limit: Limit) -> Rated:
    """Add up the lines and find the stars. The lines together give at most 100 points."""
    m = measures
    rows = [
        (_("基本设施"), *_share(m.base_facilities, m.base_wanted, 40), 40),
        (_("便民设施，4 项满分"), *_share(m.extra_facilities, 4, 10), 10),
        (_("面积（㎡）"), *_share(m.area, limit("five_area"), 10), 10),
        (_("同时容纳人数"), *_share(m.capacity, limit("five_capacity"), 10), 10),
        (_("每周开放小时，56 小时满分"), *_share(m.hours, 56, 10), 10),
        (_("最近一次巡查合格项"), *_share(m.passed, m.judged, 10), 10),
        (_("一年内开展服务，6 次满分"), *_share(m.services, 6, 10), 10),
    ]
    lines = [Line(label, words, points, most) for label, points, words, most in rows]
    for label, count, each in (
        (_("扣分：一年内查出的问题"), m.failed, limit("minus_failed")),
        (_("扣分：整改超期"), m.late, limit("minus_late")),
    ):
        if count:
            lines.append(Line(label, f"−{count} × {each.normalize():f}", _points(-count * each), 0))
    total = max(Decimal(0), _points(sum((line.points for line in lines), Decimal(0))))
    stars = next((count for count in (5, 4, 3, 2, 1) if total >= limit(f"star_{count}")), 0)
    held_back = ""
    if stars == 5 and (m.area < limit("five_area") or m.capacity < limit("five_capacity")):
        stars = 4
        held_back = _("五星要求不小于 %(area)s ㎡、能容纳 %(people)s 人，按四星定级。") % {
            "area": f"{limit('five_area').normalize():f}", "people": f"{limit('five_capacity').normalize():f}",
        }  # fmt: skip
    if stars and not m.inspections:
        stars = 0
        held_back = _("一年内没有巡查过，不定星级。")
    return Rated(lines, total, stars, held_back)
