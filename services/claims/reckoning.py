"""Amounts that a rule works out: the refund of union funds (domain 4.7) and the reward for a hazard (domain 4.8)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from ..models import Parameter
from ..models.parameters import parameter
from .models import Claim
from .specials import Reckoned, Special, register_special

FEN = Decimal("0.01")
# 工会法 Art 43: two per cent of the payroll; sixty per cent of it stay with the base union.
DUE_RATE, BASE_SHARE = Decimal("0.02"), Decimal("0.60")
REFUND_RATIO = Decimal(1)
# Seed 3: what may lead to an accident, and what can cause one directly.
REWARDS = {
    "可能导致事故": ("hazard_reward_may", Decimal(2000)),
    "可直接引发事故": ("hazard_reward_direct", Decimal(3000)),
}


def fen(value: Decimal) -> Decimal:
    return value.quantize(FEN, ROUND_HALF_UP)


@dataclass(frozen=True)
class Refund:
    """All in yuan with two decimals."""

    due: Decimal
    received: Decimal
    base: Decimal
    upper: Decimal
    refund: Decimal

    @property
    def difference(self) -> Decimal:
        """Paid too much (above zero) or too little: a line for the list of 缴费异常."""
        return self.received - self.due


def refund_of(
    payroll: Decimal, received: Decimal, *, rate: Decimal = DUE_RATE, share: Decimal = BASE_SHARE,
    ratio: Decimal = REFUND_RATIO,
) -> Refund:  # fmt: skip
    """due = payroll x 2 %; base and upper part of what was received; refund = received x ratio, never more than received."""
    base = fen(received * share)
    return Refund(
        fen(payroll * rate), fen(received), base, fen(received) - base, min(fen(received), fen(received * ratio))
    )


def _numbers(
    district_id: int, on: datetime.date, wanted: Mapping[str, Decimal]
) -> tuple[dict[str, Decimal], list[Parameter]]:
    """The values in force on the day, with the rows that said so; a code that nobody has set keeps its default."""
    rows = {code: parameter(district_id, code, on) for code in wanted}
    found = {code: (row.value if row else wanted[code]) for code, row in rows.items()}
    return found, [row for row in rows.values() if row]


def _yuan(value: Decimal) -> str:
    return _("%(n)s 元") % {"n": f"{value:,.2f}"}


REBATE_NUMBERS = {"fund_due_rate": DUE_RATE, "fund_base_share": BASE_SHARE, "rebate_ratio": REFUND_RATIO}


def refund_for(claim: Claim, numbers: Mapping[str, Decimal]) -> Refund | None:
    """What a claim comes to by these numbers (those of REBATE_NUMBERS); None while payroll or fees are not known."""
    if claim.details.get("payroll") in (None, "") or claim.details.get("received") in (None, ""):
        return None
    return refund_of(
        Decimal(claim.details["payroll"]), Decimal(claim.details["received"]), rate=numbers["fund_due_rate"],
        share=numbers["fund_base_share"], ratio=numbers["rebate_ratio"],
    )  # fmt: skip


def rebate_numbers(district_id: int, on: datetime.date) -> tuple[dict[str, Decimal], list[Parameter]]:
    return _numbers(district_id, on, REBATE_NUMBERS)


def reckon_rebate(claim: Claim, on: datetime.date) -> Reckoned | None:
    numbers, rows = rebate_numbers(claim.district_id, on)
    found = refund_for(claim, numbers)
    if found is None:
        return None
    lines = [
        (
            _("应缴"),
            f"{Decimal(claim.details.get('payroll')):,.2f} × {numbers['fund_due_rate'].normalize():f} = {_yuan(found.due)}",
        ),
        (_("实缴"), _yuan(found.received)),
        (_("基层留成"), f"{found.received:,.2f} × {numbers['fund_base_share'].normalize():f} = {_yuan(found.base)}"),
        (_("上缴部分"), f"{found.received:,.2f} − {found.base:,.2f} = {_yuan(found.upper)}"),
        (_("返还"), f"{found.received:,.2f} × {numbers['rebate_ratio'].normalize():f} = {_yuan(found.refund)}"),
    ]
    if found.difference:
        words = _("多缴 %(n)s") if found.difference > 0 else _("少缴 %(n)s")
        lines.append((_("缴费异常"), words % {"n": _yuan(abs(found.difference))}))
    return Reckoned(found.refund, lines, rows)


def reckon_hazard(claim: Claim, on: datetime.date) -> Reckoned | None:
    grade = claim.details.get("grade")
    if grade not in REWARDS:
        return None
    code, usual = REWARDS[grade]
    numbers, rows = _numbers(claim.district_id, on, {code: usual})
    return Reckoned(numbers[code], [(_("奖励"), f"{grade}：{_yuan(numbers[code])}")], rows)


def register() -> None:
    register_special(Special(code="rebates", reckon=reckon_rebate))
    register_special(Special(code="hazards", reckon=reckon_hazard))
