"""Parts of the page of an order: who was asked, what was done, what was said, what is secret."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.jinja import day, money
from unionops.joining import listed
from unionops.org.models import User

from ..enums import DESK_ROLES, Relation
from ..permissions import relations
from .actions import TALKING
from .catalogue import CRAFT_CODES
from .enums import Answer, Mode
from .forms import MessageForm
from .models import Offer, Order
from .policies import READING

GLYPHS = {
    Answer.WAITING: "hourglass-split", Answer.ACCEPTED: "check2-circle", Answer.DECLINED: "x-circle", Answer.TIMED_OUT: "clock-history",
    Answer.OVERTAKEN: "arrow-right-circle", Answer.RETURNED: "arrow-return-left",
}  # fmt: skip


def facts(row: Order) -> list[tuple[Any, Any, bool]]:
    """What stands among the facts; only what was asked."""
    found: list[tuple[Any, Any, bool]] = []
    if row.mode != Mode.NORMAL or row.trade:
        found.append((_("方式"), row.get_mode_display(), False))
    for label, value in (
        (_("工种"), row.trade), (_("要会什么"), listed(row.skills)), (_("产品或工序"), row.product), (_("对口地区"), row.region),
        (_("希望哪天"), day(row.wanted_on) if row.wanted_on else ""), (_("涉及订单（元）"), money(row.at_stake) if row.at_stake else ""),
        (_("承办人"), row.craftsman.name if row.craftsman else ""), (_("服务队"), row.team.name if row.team else ""),
    ):  # fmt: skip
        if value:
            found.append((label, value, False))
    return found


def _sees_work(row: Order, user: User) -> bool:
    return not row.is_secret or not relations(user, row).isdisjoint(READING)


def secret_panel(row: Order, user: User) -> dict[str, Any] | None:
    """That there is a secret is told to everybody, what it is to the desk and whoever has the order."""
    if not row.secret_sealed:
        return None
    return {"may_read": not relations(user, row).isdisjoint(READING), "url": reverse("orders:secret", args=[row.pk])}


def offers_panel(row: Order, user: User) -> dict[str, Any] | None:
    """Who was asked, when, and what came of it: for the office, not for whoever was asked."""
    scope = user.scope
    if not (
        any(scope.holds(role, row.organisation_id) for role in DESK_ROLES)
        or scope.districts
        or row.town_id in scope.towns
    ):
        return None
    offers = list(row.offers.select_related("craftsman", "answered_by"))
    if not offers:
        return None
    return {"offers": [_offer(offer) for offer in offers], "asked": sum(not offer.is_assigned for offer in offers)}


def _offer(offer: Offer) -> dict[str, Any]:
    minutes = None
    if offer.answered_at and not offer.is_assigned:
        minutes = max(0, round((offer.answered_at - offer.offered_at).total_seconds() / 60))
    answer = Answer(offer.answer)
    said = [offer.get_reason_kind_display() if offer.reason_kind else "", offer.reason]
    if offer.on_behalf and offer.answered_by:
        said.append(_("%(who)s 代答") % {"who": offer.answered_by.name})
    return {
        "name": offer.craftsman.name, "title": offer.craftsman.title, "glyph": GLYPHS[answer],
        "words": _("科室指派") if offer.is_assigned else answer.label, "at": offer.offered_at, "due_at": offer.due_at if answer == Answer.WAITING else None,
        "minutes": minutes, "said": [part for part in said if part], "score": offer.score, "parts": offer.arithmetic,
        "phone": offer.craftsman.phone_masked if answer == Answer.WAITING and offer.craftsman.user_id is None else "",
    }  # fmt: skip


def work_panel(row: Order, user: User) -> dict[str, Any] | None:
    if not _sees_work(row, user):
        return None
    visits, panelists = list(row.visits.all()), list(row.panelists.select_related("craftsman"))
    effects = [
        (_("节约成本"), _("%(yuan)s 元") % {"yuan": money(row.saved)} if row.saved else ""),
        (_("保住或拓展的订单"), _("%(yuan)s 元") % {"yuan": money(row.orders_kept)} if row.orders_kept else ""),
        (_("带动就业"), _("%(n)d 人") % {"n": row.jobs} if row.jobs else ""),
        (_("结果"), row.get_outcome_display() if row.outcome else ""),
        (_("服务时长"), _("%(n)s 小时") % {"n": row.service_hours} if row.service_hours else ""),
        (_("转介单位"), row.referred_to),
        (_("确认"), f"{row.confirmed_name} {day(timezone.localdate(row.confirmed_at))}" if row.confirmed_at else ""),
        (_("评价"), _("%(n)d 星") % {"n": row.rating} if row.rating else ""),
        (_("评价意见"), row.opinion),
    ]
    effects = [(label, value) for label, value in effects if value]
    if not (visits or panelists or row.solution or row.trial_result or effects):
        return None
    sheet = f"{reverse('packs:new', args=['order_sheet'])}?order={row.pk}" if row.programme.code in CRAFT_CODES else ""
    return {
        "visits": visits,
        "panelists": panelists,
        "solution": row.solution,
        "trial": row.trial_result,
        "effects": effects,
        "sheet": sheet,
        "firm": row.confirmation,
    }


def thread_panel(row: Order, user: User) -> dict[str, Any] | None:
    if not _sees_work(row, user):
        return None
    messages = list(row.messages.select_related("by"))
    may = row.is_open and not relations(user, row).isdisjoint(TALKING)
    if not messages and not may:
        return None
    return {
        "messages": messages, "may_say": may, "form": MessageForm() if may else None, "url": reverse("orders:message", args=[row.pk]),
        "is_assignee": Relation.ASSIGNEE in relations(user, row),
    }  # fmt: skip
