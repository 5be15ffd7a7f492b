"""Booking at the public counter: a telephone, a few words, a receipt; how it stands and giving it back with number and code."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.counter.actions.receipts import make_receipt
from unionops.counter.limits import Limit, spend
from unionops.counter.lookups import Standing
from unionops.counter.models import Receipt
from unionops.counter.visitors import Visitor
from unionops.jinja import day
from unionops.org.models import User

from ..places.models import Place
from . import actions
from .enums import OPEN, BookingState
from .models import Booking

# The prefix of receipts: 预约场地.
PREFIX = "YC"
PER_PHONE = Limit("booking.phone", 6, 24 * 3600)


@transaction.atomic
def book(place: Place, given: dict[str, Any], *, visitor: Visitor) -> tuple[Booking, Receipt]:
    spend(PER_PHONE, visitor.phone_hash)
    made = actions.book(place, by=User.objects.system(), phone=visitor.phone(), public=True, **given)
    return made, make_receipt(made, prefix=PREFIX, visitor=visitor)


def find(subject_id: str) -> Booking | None:
    try:
        return Booking.objects.select_related("place__programme__organisation").filter(pk=subject_id).first()
    except (ValueError, ValidationError):
        return None


def standing(subject_id: str) -> Standing | None:
    one = find(subject_id)
    if one is None:
        return None
    lines = [(one.asked_at, _("收到预约")), (one.decided_at, one.get_state_display())]
    return Standing(
        title=_("预约%(place)s") % {"place": one.place.title}, state=one.get_state_display(), next_step=_next_step(one),
        place=one.place.applicant_name or one.place.programme.organisation.name,
        lines=[(timezone.localdate(at), words) for at, words in lines if at is not None],
    )  # fmt: skip


def _next_step(one: Booking) -> str:
    when = {"day": day(one.day), "clock": one.clock, "room": one.room_words, "address": one.place.address or "—"}
    match one.state:
        case BookingState.ASKED:
            return _("%(day)s %(clock)s %(room)s，管理单位答复以后这里会变。") % when
        case BookingState.CONFIRMED:
            return _("%(day)s %(clock)s %(room)s，地点：%(address)s。来不了请撤回，让给别人。") % when
        case BookingState.REFUSED | BookingState.CANCELLED if one.answer:
            return _("原因：%(text)s") % {"text": one.answer}
    return ""


def may_take_back(one: Booking) -> bool:
    return one.state in OPEN and one.starts > timezone.now()


def take_back(one: Booking, reason: str) -> str:
    actions.call_off(one)
    return _("已取消，时间让给了别人。")


def warning(one: Booking) -> str:
    return _("取消以后这段时间让给别人，要再用得重新预约。")
