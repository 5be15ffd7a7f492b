"""Whether a claim stands on a valid enrolment, and what it comes to. The arithmetic stays with the case."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.jinja import money, short_day
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.models import User

from ..claims.enums import COMMITTED
from ..claims.enums import ClaimVerb as V
from ..claims.models import Claim
from ..claims.specials import Reckoned, Special, register_special
from .enums import BY_SHARE, COVERING, ITEMS, PROGRAMME
from .models import Participant, Plan

FEN = Decimal("0.01")
# From the check on, until money is promised.
JUDGED = (V.CHECK, V.VERIFY, V.APPROVE)


def plan_of(claim: Claim) -> Plan | None:
    year = claim.details.get("plan_year")
    return Plan.objects.filter(district=claim.district_id, year=year).first() if year else None


def participant_of(claim: Claim, plan: Plan) -> Participant | None:
    """By the identity number, in a unit whose money has come."""
    if not claim.identity_hash:
        return None
    rows = Participant.objects.filter(plan=plan, identity_hash=claim.identity_hash, unit__paid_on__isnull=False)
    return rows.select_related("unit").first()


def _day(claim: Claim) -> datetime.date | None:
    text = claim.details.get("discharged_on")
    return datetime.date.fromisoformat(text) if text else None


def against(_user: User, claim: Claim, verb: str) -> ActionError | None:
    """No plan, not enrolled, too early, too late: each with what can be done about it."""
    if verb not in JUDGED:
        return None
    plan = plan_of(claim)
    if plan is None:
        return InvalidTransition(_("还没有这个年度的互助计划。"), next_step=_("请先在“互助计划和参保”里建。"))
    if plan.state not in COVERING:
        return InvalidTransition(_("“%(plan)s”还没有进入保障期。") % {"plan": plan})
    if participant_of(claim, plan) is None:
        return InvalidTransition(
            _("“%(plan)s”里没有这个身份证号的有效参保。") % {"plan": plan},
            next_step=_("请核对身份证号和单位是否缴费；没有参保的不予批准。"),
        )
    return _against_day(claim, plan)


def _against_day(claim: Claim, plan: Plan) -> ActionError | None:
    on = _day(claim)
    if on is None:
        return InvalidTransition(_("没有出院日期，不能核对保障期。"))
    if not plan.covers_from <= on <= plan.ends_on:
        return InvalidTransition(
            _("出院日期 %(day)s 不在保障期内：%(from)s 到 %(to)s，等待期 %(n)d 天已算上。")
            % {"day": short_day(on), "from": short_day(plan.covers_from), "to": short_day(plan.ends_on), "n": plan.waiting_days}
        )  # fmt: skip
    last = on + datetime.timedelta(days=plan.claim_days)
    if timezone.localdate(claim.registered_at) > last:
        return InvalidTransition(
            _("超过了申请期限：出院后 %(n)d 天，到 %(day)s。") % {"n": plan.claim_days, "day": short_day(last)}
        )
    return None


def benefit(plan: Plan, item: str, own: Decimal, had: Decimal) -> tuple[Decimal, list[tuple[str, str]]]:
    """The amount and its arithmetic: a share of the own part above the deductible, or a fixed sum, within the ceiling of the year."""
    deductible = plan.deductible if item == ITEMS[0] else Decimal(0)
    if item in BY_SHARE:
        amount = (max(own - deductible, Decimal(0)) * plan.share / 100).quantize(FEN, ROUND_HALF_UP)
        how = _("（自付 %(own)s − 起付线 %(floor)s）× %(share)s%% = %(sum)s") % {
            "own": money(own), "floor": money(deductible), "share": plan.share, "sum": money(amount)
        }  # fmt: skip
    else:
        amount = plan.illness_amount if item == ITEMS[1] else plan.death_amount
        how = _("定额 %(sum)s") % {"sum": money(amount)}
    left = max(plan.year_ceiling - had, Decimal(0))
    lines = [
        (item, how),
        (_("一年限额"), _("最多 %(most)s，已批 %(had)s，还可 %(left)s") % {"most": money(plan.year_ceiling), "had": money(had), "left": money(left)}),
    ]  # fmt: skip
    final = min(amount, left)
    return final, [*lines, (_("补助金额"), money(final))]


def had_of(claim: Claim, plan: Plan) -> Decimal:
    """What the same person has been granted from this plan already."""
    rows = Claim.objects.filter(
        programme=claim.programme_id,
        identity_hash=claim.identity_hash,
        details__plan_year=plan.year,
        state__in=COMMITTED,
    ).exclude(pk=claim.pk)
    return Decimal(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def reckon(claim: Claim, _on: datetime.date) -> Reckoned | None:
    plan = plan_of(claim)
    if plan is None or not claim.identity_hash:
        return None
    own = Decimal(str(claim.details.get("own_cost") or 0))
    amount, lines = benefit(plan, str(claim.details.get("item", "")), own, had_of(claim, plan))
    return Reckoned(amount, [(_("互助计划"), str(plan)), *lines], (), {"category": str(claim.details.get("item", ""))})


def panel(claim: Claim, _user: User) -> dict[str, Any] | None:
    """On the page of a claim: by which enrolment it is covered."""
    if claim.programme.code != PROGRAMME:
        return None
    plan = plan_of(claim)
    found = participant_of(claim, plan) if plan else None
    return {"plan": plan, "unit": found.unit if found else None}


def register() -> None:
    register_special(Special(code=PROGRAMME, against=against, reckon=reckon))
