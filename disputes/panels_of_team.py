"""What the case page shows of those who stood back, and of what a party has asked for and nobody has decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from unionops.casework.permissions import refusal
from unionops.jinja import short_day
from unionops.joining import clauses
from unionops.org.models import User

from . import permissions
from .enums import RecusalState, Relation
from .models import Dispute, Recusal

TONES = {
    RecusalState.DECLARED: "hold", RecusalState.ASKED: "soon", RecusalState.GRANTED: "hold", RecusalState.DECLINED: "done",
}  # fmt: skip
# Why somebody stands back is for those who replace them.
_READS_REASON = frozenset({Relation.HEAD, Relation.CASE_CLERK})


def recusal_reads(dispute: Dispute, user: User) -> dict[str, QuerySet[Any]]:
    return {
        "rows": Recusal.objects.filter(dispute=dispute)
        .select_related("seat__user", "asked_by", "party", "decided_by")
        .defer(*(f"{way}__{name}_sealed" for way in ("asked_by", "party") for name in ("identity", "phone", "address")))
        .order_by("recorded_at", "pk")
    }


def recusal_panel(dispute: Dispute, user: User, found: Mapping[str, Any]) -> dict[str, Any] | None:
    if not found["rows"]:
        return None
    reads = not refusal(permissions.check_relation, user, dispute, _READS_REASON)
    return {"rows": [_row(row, dispute, user, reads=reads) for row in found["rows"]]}


def _row(row: Recusal, dispute: Dispute, user: User, *, reads: bool) -> dict[str, Any]:
    asked = row.asked_by.name if row.asked_by else ""
    decides = row.state == RecusalState.ASKED and not refusal(permissions.check_decides_recusal, user, row, dispute)
    return {
        "name": row.seat.user.name,
        "seat": row.seat.get_seat_display(),
        "tone": TONES[RecusalState(row.state)],
        "state": row.get_state_display(),
        "note": clauses([row.get_kind_display(), row.party.name if row.party else "", short_day(row.asked_on)]),
        "asked_by": asked,
        "reason": row.reason if reads else "",
        "decision": row.decision_note if reads else "",
        "url": reverse("disputes:settle", args=[dispute.pk, "decide_recusal", row.pk]) if decides else "",
    }
