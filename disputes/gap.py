"""双方报价: the latest demand and offer over time as two lines and the gap between them, from what a person may see."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from unionops.jinja import money, short_day
from unionops.joining import statements

from .enums import OPPOSED, Side
from .models import Offer

WIDTH, HEIGHT = 560, 210
# Room for the words at the edges of the picture.
LEFT, RIGHT, TOP, BOTTOM = 64, 64, 26, 48
# The points of the picture; older ones stand in the table alone.
MOST_POINTS = 7


class Point(NamedTuple):
    """Where both sides stood after one day of talks; None while a side has named no amount."""

    on: datetime.date
    applicant: Decimal | None
    respondent: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        if self.applicant is None or self.respondent is None:
            return None
        return self.applicant - self.respondent


def points(offers: Sequence[Offer]) -> list[Point]:
    """One point a day on which somebody named an amount; what a side said last still holds on the next."""
    latest: dict[str, Decimal] = {}
    found: dict[datetime.date, Point] = {}
    for offer in sorted(offers, key=lambda offer: (offer.made_on, offer.pk)):
        if offer.amount is None or offer.side not in OPPOSED:
            continue
        latest[offer.side] = offer.amount
        found[offer.made_on] = Point(offer.made_on, latest.get(Side.APPLICANT), latest.get(Side.RESPONDENT))
    return list(found.values())


def drawn(offers: Sequence[Offer]) -> dict[str, Any] | None:
    """The picture in the units of its view box, its words, and the table behind it; None where nothing was named."""
    every = points(offers)
    if not every:
        return None
    shown = every[-MOST_POINTS:]
    amounts = [value for point in shown for value in (point.applicant, point.respondent) if value is not None]
    low, high = min(amounts), max(amounts)
    span = (high - low) or Decimal(1)

    def x(at: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at / (len(shown) - 1) if len(shown) > 1 else 0.5), 1)

    def y(amount: Decimal) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * float((high - amount) / span), 1)

    def marks(side: str) -> list[dict[str, Any]]:
        values = [(at, getattr(point, side)) for at, point in enumerate(shown)]
        return [
            {"x": x(at), "y": y(value), "words": _short(value), "says": at in (0, len(shown) - 1) or len(shown) <= 5}
            for at, value in values
            if value is not None
        ]

    sides = {"applicant": marks("applicant"), "respondent": marks("respondent")}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "sides": [
            {
                "key": key,
                "label": str(Side(key).label),
                "above": key == "applicant",
                "line": " ".join(f"{mark['x']},{mark['y']}" for mark in found),
                "marks": found,
            }
            for key, found in sides.items()
        ],
        "gaps": [
            {"x": x(at), "from": y(point.applicant), "to": y(point.respondent)}
            for at, point in enumerate(shown)
            if point.gap and point.applicant is not None and point.respondent is not None
        ],
        "days": [{"x": x(at), "words": short_day(point.on)} for at, point in enumerate(shown)],
        "words": _sentence(every),
        "said": _head(every),
        "rows": [
            {
                "on": short_day(point.on),
                "applicant": money(point.applicant) if point.applicant is not None else "—",
                "respondent": money(point.respondent) if point.respondent is not None else "—",
                "gap": money(point.gap) if point.gap is not None else "—",
            }
            for point in every
        ],
    }


def _short(amount: Decimal) -> str:
    """Whole yuan need no fen in a picture; the table has them."""
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def _head(every: Sequence[Point]) -> str:
    gaps = [point.gap for point in every if point.gap is not None]
    if not gaps:
        return _("只有一方报过数")
    if len(gaps) == 1 or gaps[0] == gaps[-1]:
        return _("差距 %(now)s 元") % {"now": _short(gaps[-1])}
    return _("差距从 %(first)s 元到 %(now)s 元") % {"first": _short(gaps[0]), "now": _short(gaps[-1])}


def _sentence(every: Sequence[Point]) -> str:
    """What the picture says to whoever does not see it."""
    parts = []
    for side, label in ((Side.APPLICANT, _("申请人")), (Side.RESPONDENT, _("被申请人"))):
        said = [value for point in every if (value := getattr(point, side)) is not None]
        if len(said) > 1:
            parts.append(
                _("%(side)s从 %(first)s 元到 %(now)s 元")
                % {"side": label, "first": _short(said[0]), "now": _short(said[-1])}
            )
        elif said:
            parts.append(_("%(side)s报 %(now)s 元") % {"side": label, "now": _short(said[0])})
    return statements(parts)
