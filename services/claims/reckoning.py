"""Amounts that a rule works out: the refund of union funds (domain 4.7) and the reward for a hazard (domain 4.8)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.models import User

from ..models import Parameter
from ..models.parameters import parameter
from ..shapes import Turn
from .enums import ClaimVerb as V
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
    # Of what was received so much is returned.
    ratio: Decimal

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
        fen(payroll * rate), fen(received), base, fen(received) - base, min(fen(received), fen(received * ratio)), ratio
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


# Whoever works where the hazard is has a fifth more (domain 4.8).
INSIDER = ("hazard_insider_extra", Decimal("0.20"))
# What the check and the grading answer.
REPORTED_BEFORE, IS_INSIDER = "前面有人报过", "是"


def reckon_hazard(claim: Claim, on: datetime.date) -> Reckoned | None:
    """By the grade, more for whoever works there; nothing for whoever was not the first to report it."""
    grade = claim.details.get("grade")
    if grade not in REWARDS:
        return None
    code, usual = REWARDS[grade]
    numbers, rows = _numbers(claim.district_id, on, {code: usual, INSIDER[0]: INSIDER[1]})
    reward, share = numbers[code], numbers[INSIDER[0]]
    lines = [(_("奖励"), f"{grade}：{_yuan(reward)}")]
    if claim.details.get("first") == REPORTED_BEFORE:
        lines.append(
            (
                _("首个报告"),
                _("%(number)s 已经报过，只奖励首个报告人，这一件 0 元") % {"number": claim.details.get("earlier", "")},
            )
        )
        return Reckoned(Decimal(0), lines, rows)
    if claim.details.get("insider") == IS_INSIDER:
        extra = fen(reward * share)
        lines.append((_("本单位职工加发"), f"{reward:,.2f} × {(share * 100).normalize():f}% = {_yuan(extra)}"))
        lines.append((_("合计"), f"{reward:,.2f} + {extra:,.2f} = {_yuan(reward + extra)}"))
        reward += extra
    return Reckoned(reward, lines, rows)


def hazard_taken(turn: Turn) -> None:
    """Whoever is not the first is told by the number of the first one."""
    row = turn.row
    if turn.verb != V.CHECK or row.details.get("first") != REPORTED_BEFORE:
        return
    number = str(row.details.get("earlier") or "").strip()
    known = Claim.objects.filter(programme=row.programme_id, number=number, registered_at__lte=row.registered_at)
    if not number or not known.exclude(pk=row.pk).exists():
        raise ActionError(_("请写前面那件报告的编号；要是这个项目里更早登记的。"), field="extra_earlier")


def against_reward(user: User, row: Claim, verb: str) -> ActionError | None:
    if verb == V.APPROVE and row.details.get("first") == REPORTED_BEFORE:
        return InvalidTransition(_("前面有人报过，只奖励首个报告人。请不予奖励，并答复报告人。"))
    return None


def register() -> None:
    register_special(Special(code="rebates", reckon=reckon_rebate))
    register_special(Special(code="hazards", reckon=reckon_hazard, taken=hazard_taken, against=against_reward))
