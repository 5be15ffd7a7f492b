"""Into which category a household falls, and how that was worked out (domain 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from .enums import Category

FEN = Decimal("0.01")
MONTHS = 12
# Twice the subsistence standard; costs above 80 % of the income of the year (Qingdao).
RELATIVE_FACTOR, ACCIDENT_SHARE = Decimal(2), Decimal("0.8")


@dataclass(frozen=True)
class Judged:
    """``per_head`` in yuan a month, rounded to fen; the category is decided before the rounding."""

    per_head: Decimal
    category: Category
    lines: list[tuple[str, str]]


def judge(
    income: Decimal, rigid: Decimal, people: int, standard: Decimal, *, factor: Decimal = RELATIVE_FACTOR,
    accident_cost: Decimal = Decimal(0), accident_share: Decimal = ACCIDENT_SHARE,
) -> Judged:  # fmt: skip
    """(income − rigid expenditure) ÷ 12 ÷ people: below the standard is deep, below ``factor`` times it is relative.

    Else a sudden event that cost more than ``accident_share`` of the income of the year is accidental. Income, rigid and
    the cost are yuan a year, the standard is yuan a month and a head. ``people`` is at least one.
    """
    if people < 1:
        raise ValueError("a household has at least one person")
    rest, parts = income - rigid, MONTHS * people
    per_head = (rest / parts).quantize(FEN, ROUND_HALF_UP)
    if rest < standard * parts:
        category = Category.DEEP
    elif rest < standard * factor * parts:
        category = Category.RELATIVE
    elif accident_cost > 0 and accident_cost > income * accident_share:
        category = Category.ACCIDENTAL
    else:
        category = Category.NONE
    lines = [
        (
            _("月人均"),
            _("（%(income)s − %(rigid)s）÷ 12 ÷ %(people)s = %(per_head)s 元")
            % {"income": f"{income:,.2f}", "rigid": f"{rigid:,.2f}", "people": people, "per_head": f"{per_head:,.2f}"},
        ),
        (_("低保标准"), _("%(n)s 元，%(factor)s 倍是 %(upper)s 元") % {
            "n": f"{standard:,.2f}", "factor": f"{factor.normalize():f}", "upper": f"{standard * factor:,.2f}"}),
    ]  # fmt: skip
    if accident_cost:
        lines.append(
            (
                _("突发支出"),
                _("%(cost)s 元，全年收入的 %(share)s 是 %(most)s 元")
                % {
                    "cost": f"{accident_cost:,.2f}", "share": f"{accident_share:.0%}",
                    "most": f"{income * accident_share:,.2f}",
                },
            )
        )  # fmt: skip
    return Judged(per_head, category, [*lines, (_("结论"), str(category.label))])
