"""A total split into instalments that add up to the fen, whatever the plan; and the check of a plan that somebody wrote."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext as _

from unionops.china.errors import InvalidValue

from .money import FEN, check_amount, from_fen, shown, to_fen
from .months import months_later

MOST_INSTALMENTS = 120


class Rest(StrEnum):
    """Which instalment takes the fen that cannot be shared out."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Instalment:
    number: int
    due_on: datetime.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a plan does not stand: ``code`` for programs, ``reason`` for people, ``number`` of the instalment, if one is meant."""

    code: str
    reason: str
    number: int | None = None


def split_equally(total: Decimal, count: int, rest: Rest = Rest.LAST) -> list[Decimal]:
    """Equal parts to the fen; one of them takes what is left over. No part is zero."""
    fen = to_fen(total)
    _check_count(count, fen)
    part, left = divmod(fen, count)
    parts = [part] * count
    parts[0 if rest == Rest.FIRST else -1] += left
    return [from_fen(part) for part in parts]


def split_by_percent(total: Decimal, percents: Sequence[Decimal], rest: Rest = Rest.LAST) -> list[Decimal]:
    """Parts by per cent, which make 100 together; each is cut to the fen and one takes what is left over."""
    fen = to_fen(total)
    _check_count(len(percents), fen)
    if any(not percent.is_finite() or percent <= 0 for percent in percents):
        raise InvalidValue("not_positive", _("每一期的比例都应大于零。"))
    if sum(percents) != 100:
        raise InvalidValue("not_hundred", _("各期比例合计应为 100%%，现在是 %(sum)s%%。") % {"sum": sum(percents)})
    parts = [int(fen * percent // 100) for percent in percents]
    parts[0 if rest == Rest.FIRST else -1] += fen - sum(parts)
    if min(parts) == 0:
        raise InvalidValue("too_small", _("金额太小，不够分成这么多期。"))
    return [from_fen(part) for part in parts]


def monthly_dates(first: datetime.date, count: int) -> list[datetime.date]:
    """The same day of each month, its last day where it has none, never drifting. Agreed dates do not roll on rest days."""
    if not 1 <= count <= MOST_INSTALMENTS:
        raise InvalidValue("count", _("期数应在 1 到 %(most)s 之间。") % {"most": MOST_INSTALMENTS})
    return [months_later(first, step) for step in range(count)]


def monthly_plan(total: Decimal, first: datetime.date, count: int, rest: Rest = Rest.LAST) -> list[Instalment]:
    """Equal instalments, one a month."""
    return _plan(monthly_dates(first, count), split_equally(total, count, rest))


def percent_plan(
    total: Decimal, shares: Sequence[tuple[datetime.date, Decimal]], rest: Rest = Rest.LAST
) -> list[Instalment]:
    """Instalments on given dates by per cent."""
    return _plan(
        [day for day, _percent in shares], split_by_percent(total, [percent for _day, percent in shares], rest)
    )


def check_plan(total: Decimal, plan: Sequence[Instalment], *, not_before: datetime.date | None = None) -> list[Problem]:
    """Everything that keeps a plan from standing in an agreement; an empty list is a plan that adds up."""
    check_amount(total)
    if not plan:
        return [Problem("empty", _("还没有填写分期。"))]
    problems = [problem for instalment in plan for problem in _problems_of(instalment, not_before)]
    problems += [
        Problem("order", _("第 %(number)s 期的日期应晚于上一期。") % {"number": later.number}, later.number)
        for earlier, later in pairwise(plan)
        if later.due_on <= earlier.due_on
    ]
    found = sum((instalment.amount for instalment in plan), Decimal(0))
    if found != total:
        words = (
            _("各期合计 %(found)s 元，比总额多 %(gap)s 元。")
            if found > total
            else _("各期合计 %(found)s 元，比总额少 %(gap)s 元。")
        )
        problems.append(Problem("sum", words % {"found": shown(found), "gap": shown(abs(found - total))}))
    return problems


def _problems_of(instalment: Instalment, not_before: datetime.date | None) -> list[Problem]:
    number, problems = instalment.number, []
    if instalment.amount <= 0:
        problems.append(Problem("not_positive", _("第 %(number)s 期的金额应大于零。") % {"number": number}, number))
    elif instalment.amount != instalment.amount.quantize(FEN):
        problems.append(Problem("fraction", _("第 %(number)s 期的金额最多写到分。") % {"number": number}, number))
    if not_before is not None and instalment.due_on < not_before:
        words = _("第 %(number)s 期的日期不能早于 %(day)s。") % {"number": number, "day": not_before}
        problems.append(Problem("early", words, number))
    return problems


def _plan(days: Sequence[datetime.date], amounts: Sequence[Decimal]) -> list[Instalment]:
    return [
        Instalment(number, day, amount) for number, (day, amount) in enumerate(zip(days, amounts, strict=True), start=1)
    ]


def _check_count(count: int, fen: int) -> None:
    if not 1 <= count <= MOST_INSTALMENTS:
        raise InvalidValue("count", _("期数应在 1 到 %(most)s 之间。") % {"most": MOST_INSTALMENTS})
    if fen < count:
        raise InvalidValue("too_small", _("金额太小，不够分成这么多期。"))
