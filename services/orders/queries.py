"""The dispatch board: how quickly orders are taken, how many are answered in a day, whom nobody has answered yet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, Avg, Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.utils import timezone

from unionops.org.models import User

from .enums import END_STATES, OUTCOMES, Answer, OrderState
from .models import Craftsman, CraftsmanQuerySet, Offer, Order, OrderQuerySet, Team

DAY = datetime.timedelta(hours=24)
MOST_LISTED = 30


class Percentile(Aggregate):
    """The value below which that share lies, between two values where none is there."""

    function = "PERCENTILE_CONT"
    name = "percentile"
    output_field = DurationField()
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, **extra: Any) -> None:
        super().__init__(expression, share=repr(float(share)), **extra)


@dataclass(frozen=True)
class Speed:
    """Minutes from the coming of an order until somebody has it; None where nothing is known."""

    accepted: int
    median: float | None
    p90: float | None
    mean: float | None
    answered: int
    to_answer: int
    solved: int
    ended: int
    firms: int
    saved: Any
    orders_kept: Any
    jobs: int
    coming: int

    @property
    def reply_rate(self) -> float | None:
        return round(100 * self.answered / self.to_answer, 2) if self.to_answer else None

    @property
    def solved_rate(self) -> float | None:
        return round(100 * self.solved / self.ended, 2) if self.ended else None


def _minutes(span: datetime.timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 60, 1)


def orders_since(user: User, since: datetime.date) -> OrderQuerySet:
    """Orders that came on the day or later and that the person sees."""
    first = timezone.make_aware(datetime.datetime.combine(since, datetime.time()))
    found: OrderQuerySet = Order.objects.visible_to(user).filter(registered_at__gte=first)
    return found


def speed(user: User, since: datetime.date, *, now: datetime.datetime | None = None) -> Speed:
    """Accept time = acceptance minus coming (domain 4.6 K); the reply rate counts orders a day old or answered already."""
    now = now or timezone.now()
    took = ExpressionWrapper(F("accepted_at") - F("registered_at"), output_field=DurationField())
    replied = ExpressionWrapper(F("first_reply_at") - F("registered_at"), output_field=DurationField())
    orders = orders_since(user, since).annotate(took=took, replied=replied)
    accepted = Q(accepted_at__isnull=False)
    in_time = Q(replied__lte=DAY)
    found = orders.aggregate(
        coming=Count("pk"),
        accepted=Count("pk", filter=accepted),
        median=Percentile("took", 0.5, filter=accepted),
        p90=Percentile("took", 0.9, filter=accepted),
        mean=Avg("took", filter=accepted),
        answered=Count("pk", filter=in_time),
        to_answer=Count("pk", filter=in_time | Q(registered_at__lte=now - DAY) & ~Q(state__in=(OrderState.WITHDRAWN, OrderState.REFUSED))),
        solved=Count("pk", filter=Q(outcome=OrderState.SOLVED)),
        ended=Count("pk", filter=Q(outcome__in=OUTCOMES)),
        firms=Count("applicant_name", filter=Q(outcome__in=OUTCOMES), distinct=True),
        saved=Sum("saved"),
        orders_kept=Sum("orders_kept"),
        jobs=Sum("jobs"),
    )  # fmt: skip
    spans = {name: _minutes(found.pop(name)) for name in ("median", "p90", "mean")}
    return Speed(
        **{
            **found,
            **spans,
            "saved": found["saved"] or 0,
            "orders_kept": found["orders_kept"] or 0,
            "jobs": found["jobs"] or 0,
        }
    )


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
        rows = rows.filter(trades__contains=[trade])
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


def team_rows(user: User) -> list[Team]:
    """Teams with what they have done of what they owe this year."""
    year = timezone.localdate().year
    done = Q(orders__accepted_at__year=year, orders__outcome__in=(OrderState.SOLVED, OrderState.PARTLY))
    return list(
        Team.objects.visible_to(user)
        .annotate(
            done=Count("orders", filter=done, distinct=True),
            people=Count("members", filter=Q(members__retired_at=None), distinct=True),
        )
        .order_by("name", "pk")
    )
