"""福利慰问: how much each kind of it may be, by the standards of the year (domain C51, 4.2)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError

from ..models.parameters import parameter
from ..shapes import Turn
from .enums import COMMITTED
from .enums import ClaimVerb as V
from .models import Claim, committed_to
from .specials import Reckoned, Special, register_special

BENEFITS = "benefits"


class Ceiling(NamedTuple):
    """The standard by its code, what holds where nobody has set it, and whether a year has so much in all."""

    code: str
    usual: Decimal
    is_yearly: bool


# What the check answers of a second stay with the same illness.
AGAIN = "慰问过"
# Base-level benefits as one province has them: so much a year, or each time that something happens.
EACH_TIME = Ceiling("benefit_event", Decimal(2000), is_yearly=False)
CEILINGS = {
    "节日": Ceiling("benefit_holiday", Decimal(2200), is_yearly=True),
    "生日": Ceiling("benefit_birthday", Decimal(500), is_yearly=True),
    "困难": Ceiling("benefit_hardship", Decimal(2000), is_yearly=True),
}


def reckon(claim: Claim, on: datetime.date) -> Reckoned | None:
    """The most that may be approved: nothing for a second stay in hospital with the same illness in a year."""
    kind = claim.details.get("kind")
    if not kind:
        return None
    ceiling = CEILINGS.get(kind, EACH_TIME)
    row = parameter(claim.district_id, ceiling.code, on)
    most = row.value if row else ceiling.usual
    rows = [row] if row else []
    if claim.details.get("same_illness") == AGAIN:
        return Reckoned(Decimal(0), [(kind, _("同一种病一年慰问一次"))], rows)
    if not ceiling.is_yearly:
        return Reckoned(most, [(kind, _("每次最多 %(most)s 元") % {"most": _yuan(most)})], rows)
    had = _had(claim, kind, on.year)
    left = max(most - had, Decimal(0))
    words = _("一年最多 %(most)s − 今年已有 %(had)s = %(left)s 元") % {
        "most": _yuan(most),
        "had": _yuan(had),
        "left": _yuan(left),
    }
    return Reckoned(left, [(kind, words)], rows)


def _had(claim: Claim, kind: str, year: int) -> Decimal:
    others = committed_to(claim, {"approved_at__year": year, "state__in": COMMITTED, "details__kind": kind})
    return Decimal(others.aggregate(sum=Sum("amount"))["sum"] or 0)


def _yuan(value: Decimal) -> str:
    return f"{value:,.2f}"


def taken(turn: Turn) -> None:
    """What was worked out at the check may be less by now: approvals of a programme wait for each other."""
    if turn.verb != V.APPROVE:
        return
    found = reckon(turn.row, timezone.localdate(turn.now))
    if found is not None and found.amount is not None and turn.row.amount > found.amount:
        raise ActionError(_("测算是 %(most)s 元，不能批得更多。") % {"most": _yuan(found.amount)}, field="amount")


def register() -> None:
    register_special(Special(code=BENEFITS, reckon=reckon, taken=taken))
