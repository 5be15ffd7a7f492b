"""The calculators of ``disputes.law`` by name, and a claim as it is kept: what was typed and every line of the sum."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unionops.china.days import working_calendar

from .law import calculators
from .law.arithmetic import Line, Unit
from .law.calculators import ClaimSum, Payer


class Calculator(NamedTuple):
    label: str | Promise
    compute: Callable[..., ClaimSum]


def _double_pay(**asked: Any) -> ClaimSum:
    return calculators.double_pay(calendar=working_calendar(), **asked)


CALCULATORS: dict[str, Calculator] = {
    "wage_arrears": Calculator(_("拖欠工资"), calculators.wage_arrears),
    "minimum_wage": Calculator(_("最低工资差额"), calculators.minimum_wage_gap),
    "overtime": Calculator(_("加班费"), calculators.overtime),
    "severance": Calculator(_("经济补偿（N）"), calculators.severance),
    "unlawful_dismissal": Calculator(_("违法解除赔偿金（2N）"), calculators.unlawful_dismissal),
    "double_pay": Calculator(_("未签合同二倍工资"), _double_pay),
    "unused_leave": Calculator(_("未休年假工资"), calculators.unused_leave),
    "maternity_allowance": Calculator(_("生育津贴"), calculators.maternity_allowance),
    "notice_pay": Calculator(_("代通知金"), calculators.notice_pay),
    "heat_allowance": Calculator(_("高温津贴"), calculators.heat_allowance),
    "arrears_addition": Calculator(_("加付赔偿金"), calculators.arrears_addition),
}


def reckon(kind: str, asked: Mapping[str, Any]) -> ClaimSum:
    """The sum of a claim; `InvalidValue` where what was asked makes no sense."""
    return CALCULATORS[kind].compute(**asked)


def shown_lines(lines: Sequence[Line]) -> list[dict[str, str]]:
    return [
        {
            "words": str(line.words),
            "formula": line.formula,
            "result": f"{line.result:,.2f}" if line.unit == Unit.YUAN else f"{line.result.normalize():f}",
            "unit": str(line.unit.label),
            "article": str(line.article or ""),
        }
        for line in lines
    ]


def frozen(kind: str, asked: Mapping[str, Any], result: ClaimSum) -> dict[str, Any]:
    """As it is kept in the elements form: a later change of a rule alters nothing that both sides have read."""
    return {
        "kind": kind,
        "asked": {name: _plain(value) for name, value in asked.items() if value is not None},
        "amount": str(result.amount),
        "payer": result.payer.value,
        "lines": shown_lines(result.lines),
        "notes": [str(note) for note in result.notes],
        "provisional": result.provisional,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


class Reckoned(NamedTuple):
    """A kept claim, read again."""

    label: str | Promise
    amount: Decimal
    payer: Payer
    lines: Sequence[Mapping[str, str]]
    notes: Sequence[str]
    provisional: bool

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Reckoned:
        return cls(
            CALCULATORS[kept["kind"]].label, Decimal(kept["amount"]), Payer(kept["payer"]), kept["lines"],
            kept["notes"], kept["provisional"],
        )  # fmt: skip

    @classmethod
    def fresh(cls, kind: str, result: ClaimSum) -> Reckoned:
        return cls(
            CALCULATORS[kind].label, result.amount, result.payer, shown_lines(result.lines),
            [str(note) for note in result.notes], result.provisional,
        )  # fmt: skip
