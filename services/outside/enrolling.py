"""Activities and care classes at the public counter: who may come, coming in, how it stands, going out again.

What is told by number and code is the activity and a state: no name, of a child nothing at all (domain 5.5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.counter.actions.receipts import make_receipt
from unionops.counter.limits import Limit, spend
from unionops.counter.lookups import Standing
from unionops.counter.models import Receipt
from unionops.counter.visitors import Visitor
from unionops.jinja import day
from unionops.org.errors import ActionError
from unionops.org.models import User

from ..activities.actions import opinions
from ..activities.actions.enrolments import enrol, leave
from ..activities.enums import HELD, LIVE, SEATED, ActivityState, EnrolmentState
from ..activities.models import Activity, Enrolment
from ..activities.permissions import BEFORE_THE_END
from ..activities.queries import PUBLIC_STATES, ranks
from ..childcare.actions.children import enrol_child, withdraw_consent
from ..childcare.enums import CODE, Way
from ..childcare.models import Child
from ..shapes import kind_of_case

# The prefix of receipts: 报名.
PREFIX = "BM"
# Tries, not only those that succeed: a number of somebody else is not to be found by trying.
PER_PHONE = Limit("enrol.phone", 6, 24 * 3600)
E = EnrolmentState


def activities(*, children: bool | None = None) -> QuerySet[Activity]:
    """What is published and not over, with how many places are taken; ``children`` asks for care classes or for all others."""
    found = Activity.objects.filter(
        programme__is_public=True, programme__retired_at=None, state__in=PUBLIC_STATES
    ).exclude(ends_on__lt=timezone.localdate())
    # A care class has a form of its own, and none before its file is there.
    is_class = Q(programme__code=CODE)
    if children is None:
        found = found.filter(~is_class | Q(class_file__isnull=False))
    else:
        found = found.filter(is_class, class_file__isnull=False) if children else found.exclude(is_class)
    return (
        found.select_related("programme", "organisation", "town")
        .annotate(taken=Count("enrolments", filter=Q(enrolments__state__in=SEATED)))
        .order_by(F("starts_on").asc(nulls_last=True), "pk")
    )


def is_for_children(activity: Activity) -> bool:
    return activity.programme.code == CODE


def is_late(activity: Activity) -> bool:
    return activity.enrol_until is not None and activity.enrol_until < timezone.localdate()


def places_words(activity: Activity) -> str:
    """How many places are left, for whoever thinks of coming."""
    if is_late(activity):
        return _("报名已截止")
    if "capacity" not in kind_of_case(activity).published(activity.programme):
        return _("正在报名")
    if activity.capacity == 0:
        return _("不限名额")
    if activity.is_drawn and activity.drawn_at is None:
        return _("%(n)d 个名额，抽签录取") % {"n": activity.capacity}
    left = activity.capacity - activity.taken  # type: ignore[attr-defined]
    return _("还有 %(n)d 个名额") % {"n": left} if left > 0 else _("已报满，可以候补")


@transaction.atomic
def come_in(activity: Activity, given: Mapping[str, Any], *, visitor: Visitor) -> tuple[Enrolment, Receipt]:
    """Enrol whoever has shown a telephone, with a receipt."""
    spend(PER_PHONE, visitor.phone_hash)
    with _saying_nothing_of_others():
        one = enrol(activity, by=User.objects.system(), phone=visitor.phone(), public=True, **given)
    return one, make_receipt(one, prefix=PREFIX, visitor=visitor)


@transaction.atomic
def bring_child(activity: Activity, given: Mapping[str, Any], *, visitor: Visitor) -> tuple[Enrolment, Receipt]:
    """Enrol a child by its guardian, whose telephone was shown and who has agreed on the page."""
    spend(PER_PHONE, visitor.phone_hash)
    with _saying_nothing_of_others():
        child = enrol_child(activity, by=User.objects.system(), consent_way=Way.ONLINE, public=True, **given)
    return child.enrolment, make_receipt(child.enrolment, prefix=PREFIX, visitor=visitor)


@contextmanager
def _saying_nothing_of_others() -> Iterator[None]:
    """Whoever types the number of somebody else does not learn whether and where that person is enrolled."""
    try:
        yield
    except ActionError as error:
        if error.field != "identity":
            raise
        raise ActionError(
            _("没有报上：证件号码可能写错了，也可能已经报过名。"), field="identity",
            next_step=_("请核对号码，或打电话问主办单位。"),
        ) from None  # fmt: skip


# --- with number and code


def find(subject_id: str) -> Enrolment | None:
    try:
        return Enrolment.objects.select_related("activity__programme").filter(pk=subject_id).first()
    except (ValueError, ValidationError):
        return None


def standing(subject_id: str) -> Standing | None:
    one = find(subject_id)
    if one is None:
        return None
    row = one.activity
    lines = [
        (one.enrolled_at, _("收到报名")),
        (one.moved_at, _("候补转为录取")),
        (one.ended_at, one.get_state_display()),
    ]
    return Standing(
        title=row.title, state=_state(one), next_step=_next_step(one), place=row.applicant_name,
        lines=[(timezone.localdate(at), words) for at, words in lines if at is not None],
        more="outside:mine" if may_rate(one) or may_take_back(one) else "",
    )  # fmt: skip


def _state(one: Enrolment) -> str:
    if one.activity.state == ActivityState.CANCELLED:
        return _("活动已取消")
    if one.state == E.WAITING:
        return _("候补第 %(n)d 位") % {"n": ranks(one.activity).get(one.pk, 0)}
    return {
        E.APPLIED: _("已报名，等工作人员审核"), E.QUALIFIED: _("符合条件，等抽签"), E.CONFIRMED: _("已录取"),
        E.AGREED: _("已录取，协议已签"),
    }.get(EnrolmentState(one.state)) or one.get_state_display()  # fmt: skip


def _next_step(one: Enrolment) -> str:
    row = one.activity
    if row.state == ActivityState.CANCELLED or one.state not in LIVE:
        return _("有疑问请问主办单位。")
    match one.state:
        case E.WAITING:
            return _("有人退出就按顺序递补，请过几天再查。")
        case E.APPLIED | E.QUALIFIED:
            return _("有结果了这里会变，请过几天再查。")
        case E.CONFIRMED if is_for_children(row):
            return _("请监护人带证件到办班单位签协议，签了才能到班。")
        case E.CONFIRMED | E.AGREED if row.starts_on and row.starts_on >= timezone.localdate():
            return _("%(day)s开始，地点：%(place)s。") % {"day": day(row.starts_on), "place": row.venue or "—"}
    return ""


def may_rate(one: Enrolment) -> bool:
    held = one.activity.state in HELD | {ActivityState.ACCOUNTED}
    return held and one.state in SEATED and not one.has_rated


def rate(one: Enrolment, stars: int, words: str) -> object:
    return opinions.rate(one, by=User.objects.system(), score=stars, words=words.strip(), public=True)


def may_take_back(one: Enrolment) -> bool:
    """Going out as long as there is something to go out of; a guardian may take the consent back at any time."""
    child = Child.objects.filter(enrolment=one).first()
    if child is not None:
        return child.consent_withdrawn_at is None
    return one.state in LIVE - {E.COMPLETED} and one.activity.state in BEFORE_THE_END


def take_back(one: Enrolment, reason: str) -> str:
    system = User.objects.system()
    child = Child.objects.select_related("class_file__activity__programme").filter(enrolment=one).first()
    if child is not None:
        withdraw_consent(child, by=system, public=True)
        return _("已撤回同意，孩子退出托管班，健康情况、紧急联系人和接送人不再保存。")
    leave(one, by=system, public=True, reason=reason.strip() or _("本人在网上退出"))
    return _("已退出，名额让给了别人。")


def warning(one: Enrolment) -> str:
    if is_for_children(one.activity):
        return _("撤回同意后孩子退出托管班，健康情况、紧急联系人和接送人不再保存。")
    return _("退出以后名额让给候补的人，要再参加得重新报名。")
