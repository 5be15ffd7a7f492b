"""Parts of the page of a claim: what was worked out, who went there, what hung on the wall, what was paid."""

from __future__ import annotations

from typing import Any

from unionops.org.models import User

from ..enums import DESK_ROLES
from .enums import ClaimState, EntryKind
from .models import Claim


def _at_desk(claim: Claim, user: User) -> bool:
    return any(user.scope.holds(role, claim.organisation_id) for role in DESK_ROLES)


def reckoning(claim: Claim, user: User) -> dict[str, Any] | None:
    return claim.reckoned if claim.reckoned.get("lines") else None


def checking(claim: Claim, user: User) -> dict[str, Any] | None:
    visits, papers = list(claim.visits.all()), claim.papers
    return (
        {"visits": visits, "papers": [(name, value == "seen") for name, value in papers.items()]}
        if visits or papers
        else None
    )


def wall(claim: Claim, user: User) -> dict[str, Any] | None:
    found = list(claim.publications.all())
    if not found:
        return None
    objections = list(claim.objections.select_related("answered_by"))
    return {"publications": found, "objections": objections, "may_see_contact": _at_desk(claim, user)}


def money(claim: Claim, user: User) -> dict[str, Any] | None:
    payments = list(claim.payments.select_related("batch"))
    entries = list(claim.entries.select_related("by"))
    if not payments and not entries:
        return None
    taken_back = {entry.takes_back_id for entry in entries}
    may = _at_desk(claim, user) and claim.state in (ClaimState.SIGNED, ClaimState.HELD, ClaimState.CLOSED)
    return {
        "payments": payments,
        "entries": [
            {"entry": row, "may": may and row.kind == EntryKind.PAID and row.pk not in taken_back and row.by_id != user.pk}
            for row in entries
        ],
        "sees_batches": _at_desk(claim, user) or bool(user.scope.districts),
    }  # fmt: skip
