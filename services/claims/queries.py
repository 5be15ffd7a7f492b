"""Reads for the pages of money and of what hangs on the wall."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from unionops.org.models import User

from ..enums import DESK_ROLES
from ..models import Programme
from .enums import ClaimState, PaymentState
from .enums import ClaimVerb as V
from .models import Claim, PaymentBatch, Publication

READY = (ClaimState.APPROVED, ClaimState.RETURNED)


def paying_programmes(user: User) -> QuerySet[Programme]:
    """Programmes whose department pays, where this person is posted."""
    own = [organisation for role, organisation in user.scope.posts if role in DESK_ROLES]
    return Programme.objects.filter(organisation__in=own, steps__contains=[V.PAY])


def ready_to_pay(programme: Programme) -> QuerySet[Claim]:
    found: QuerySet[Claim] = Claim.objects.filter(programme=programme, state__in=READY)
    return found.select_related("town", "budget_line", "programme").order_by("town", "registered_at")


def ready_counts(user: User) -> list[dict[str, Any]]:
    """[{programme, count, sum}] of what waits for a batch."""
    programmes = {row.pk: row for row in paying_programmes(user)}
    rows = (
        Claim.objects.filter(programme__in=programmes, state__in=READY)
        .order_by()
        .values("programme")
        .annotate(count=Count("pk"), sum=Sum("amount"))
    )
    return [{"programme": programmes[row["programme"]], "count": row["count"], "sum": row["sum"]} for row in rows]


def batches(user: User) -> QuerySet[PaymentBatch]:
    return PaymentBatch.objects.visible_to(user).select_related("programme", "made_by").annotate(
        count=Count("payments"), sum=Sum("payments__amount"),
        sent=Count("payments", filter=Q(payments__state=PaymentState.SENT)),
        returned=Count("payments", filter=Q(payments__state=PaymentState.RETURNED)),
    )  # fmt: skip


def totals(batch: PaymentBatch) -> dict[str, tuple[int, Decimal]]:
    """{state: (how many, yuan)} of the payments of a batch."""
    rows = batch.payments.order_by().values("state").annotate(count=Count("pk"), sum=Sum("amount"))
    return {row["state"]: (row["count"], row["sum"]) for row in rows}


def on_the_wall(programme: int | None = None) -> list[tuple[Programme, list[Publication]]]:
    """What is published today, by programme; nothing but the masked columns leaves here."""
    rows = Publication.objects.running(timezone.localdate()).select_related("programme__district")
    rows = rows.order_by("programme__district", "programme__name", "starts_on", "pk")
    if programme is not None:
        rows = rows.filter(programme=programme)
    found: dict[int, tuple[Programme, list[Publication]]] = {}
    for row in rows[:2000]:
        found.setdefault(row.programme_id, (row.programme, []))[1].append(row)
    return list(found.values())
