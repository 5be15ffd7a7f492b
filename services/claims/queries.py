"""Reads for the pages of money and of what hangs on the wall."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from unionops.org.models import User

from ..enums import DESK_ROLES
from ..models import Programme
from .enums import ClaimState, PaymentState
from .enums import ClaimVerb as V
from .models import Claim, Payment, PaymentBatch, Publication

# None of them is closed: said again, so that the index of what is open is read.
READY = Q(state__in=(ClaimState.APPROVED, ClaimState.RETURNED), closed_at=None)


def paying_programmes(user: User) -> QuerySet[Programme]:
    """Programmes whose department pays, where this person is posted."""
    own = [organisation for role, organisation in user.scope.posts if role in DESK_ROLES]
    return Programme.objects.filter(organisation__in=own, steps__contains=[V.PAY])


def ready_to_pay(programme: Programme) -> QuerySet[Claim]:
    found: QuerySet[Claim] = Claim.objects.filter(READY, programme=programme)
    return found.select_related("town", "budget_line", "programme").order_by("town", "registered_at")


def ready_counts(user: User) -> list[dict[str, Any]]:
    """[{programme, count, sum}] of what waits for a batch."""
    programmes = {row.pk: row for row in paying_programmes(user)}
    rows = (
        Claim.objects.filter(READY, programme__in=programmes)
        .order_by()
        .values("programme")
        .annotate(count=Count("pk"), sum=Sum("amount"))
    )
    return [{"programme": programmes[row["programme"]], "count": row["count"], "sum": row["sum"]} for row in rows]


def batches(user: User) -> QuerySet[PaymentBatch]:
    """Newest first. The sums stand in the list of columns, so that they are made for the rows that are shown and no others."""
    rows = Payment.objects.filter(batch=OuterRef("pk")).order_by().values("batch")

    def told(value: Any) -> Subquery:
        return Subquery(rows.annotate(told=value).values("told"))

    def in_state(state: str) -> Any:
        return Coalesce(told(Count("pk", filter=Q(state=state))), 0)

    return PaymentBatch.objects.visible_to(user).select_related("programme", "made_by").annotate(
        count=Coalesce(told(Count("pk")), 0), sum=told(Sum("amount")), sent=in_state(PaymentState.SENT),
        returned=in_state(PaymentState.RETURNED),
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
