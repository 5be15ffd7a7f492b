"""The dispatch board: how quickly orders are taken, how many are answered in a day, whom nobody has answered yet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q
from django.utils import timezone

from unionops.insight import periods
from unionops.insight.asking import FIGURE_ROLES, rows_url
from unionops.insight.figures import WHOLE, Question, answer
from unionops.insight.indicators import Asked, find
from unionops.org.models import User

from .enums import END_STATES, OUTCOMES, Answer, OrderState
from .indicators import ON_BOARD
from .models import Craftsman, CraftsmanQuerySet, Offer, Order, OrderQuerySet, Squad

MOST_LISTED = 30


@dataclass(frozen=True)
class BoardFigure:
    """A figure of the board in words, with the address of the rows that it counts (empty for whoever has no figures)."""

    words: str
    count: int
    whole: int
    url: str


def figures(user: User, since: datetime.date) -> dict[str, BoardFigure]:
    """The indicators of the board for orders that came on the day or later, by the last part of their code: one statement."""
    today = timezone.localdate()
    asked = Asked(user, periods.parse(f"{since.isoformat()}..{max(since, today).isoformat()}"), today)
    opens = user.scope.has(*FIGURE_ROLES)
    questions = [Question(found, asked) for code in ON_BOARD if (found := find(code))]
    told = {}
    for question, by_key in zip(questions, answer(questions), strict=True):
        figure = by_key[WHOLE]
        url = rows_url(question) if opens else ""
        told[question.indicator.code.removeprefix("order_")] = BoardFigure(
            figure.words, figure.numerator, figure.denominator or 0, url
        )
    return told


def orders_since(user: User, since: datetime.date) -> OrderQuerySet:
    """Orders that came on the day or later and that the person sees."""
    first = timezone.make_aware(datetime.datetime.combine(since, datetime.time()))
    found: OrderQuerySet = Order.objects.visible_to(user).filter(registered_at__gte=first)
    return found


def unanswered(user: User) -> list[Offer]:
    """Offers that wait for an answer, the one that waits longest first."""
    seen = Order.objects.visible_to(user).filter(state=OrderState.PUSHED)
    rows = Offer.objects.filter(answer=Answer.WAITING, order__in=seen)
    return list(rows.select_related("order__programme", "craftsman").order_by("offered_at", "pk")[:MOST_LISTED])


def nobodys(user: User, since: datetime.date) -> list[Order]:
    """Orders that wait for the dispatcher: just come and not pushed, or refused by everybody who was asked."""
    rows = orders_since(user, since).filter(state=OrderState.POSTED)
    found = rows.select_related("programme", "town").annotate(asked=Count("offers")).order_by("registered_at", "pk")
    return list(found[:MOST_LISTED])


def register_rows(user: User, wanted: dict[str, Any]) -> CraftsmanQuerySet:
    year = timezone.localdate().year
    rows = Craftsman.objects.visible_to(user).serving().select_related("enterprise", "team", "town", "user")
    if text := wanted.get("q"):
        rows = rows.filter(Q(name__icontains=text) | Q(title__icontains=text) | Q(skills__contains=[text]))
    if trade := wanted.get("trade"):
        rows = rows.filter(Q(trades__contains=[trade]) | Q(team__trade=trade))
    if team := wanted.get("team"):
        rows = rows.filter(team=team)
    if wanted.get("free"):
        rows = rows.filter(is_available=True)
    found: CraftsmanQuerySet = (
        rows.annotate(
            open_orders=Count("orders", filter=~Q(orders__state__in=END_STATES | set(OUTCOMES) | {OrderState.CONFIRMED}), distinct=True),
            done_orders=Count("orders", filter=Q(orders__accepted_at__year=year), distinct=True),
            mean_rating=Avg("orders__rating"),
        ).order_by("name", "pk")
    )  # fmt: skip
    return found


def team_rows(user: User, trade: str = "") -> list[Squad]:
    """Teams, or those of a trade, with what they have done of what they owe this year."""
    year = timezone.localdate().year
    done = Q(orders__accepted_at__year=year, orders__outcome__in=(OrderState.SOLVED, OrderState.PARTLY))
    return list(
        Squad.objects.visible_to(user)
        .filter(**({"trade": trade} if trade else {}))
        .annotate(
            done=Count("orders", filter=done, distinct=True),
            people=Count("members", filter=Q(members__retired_at=None), distinct=True),
        )
        .order_by("name", "pk")
    )
