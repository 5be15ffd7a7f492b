"""What the steps of a claim change beside its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..shapes import Act, Turn
from .enums import ClaimVerb as V
from .models import Claim


def begin(row: Claim, fields: Mapping[str, Any]) -> None:
    row.amount_asked = fields.get("amount_asked") or 0


def check(turn: Turn) -> None:
    turn.row.checked_by = turn.by


def approve(turn: Turn) -> None:
    turn.row.approved_by = turn.by
    turn.row.amount = turn.fields.get("amount") or turn.row.amount_asked


ACTS: dict[str, Act] = {V.CHECK: check, V.APPROVE: approve}
