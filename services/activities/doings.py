"""Everything that is done with an activity beside its steps: what it asks, who may, and which action does it.

One view (views.do) serves them all; a programme with rules of its own registers more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Text
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.models import User

from . import forms
from .actions import enrolments, meetings, opinions, planning, spending
from .enums import ENROLLING, HELD, ActivityState, EnrolmentState, EnrolmentVerb
from .models import Activity, ActivitySession, Enrolment, Expense, Goods
from .permissions import BEFORE_THE_END, MONEY, PLANNING, WORKING, check_state, check_works
from .rules import rule_of


@dataclass(frozen=True, kw_only=True)
class Doing:
    """``item`` finds what it is about from the last part of the address; ``states`` are those of the activity."""

    key: str
    label: Text
    icon: str
    form: type[forms.DoForm]
    act: Callable[[Activity, Any, User, dict[str, Any]], Any]
    states: frozenset[str]
    who: frozenset[str] = WORKING
    item: Callable[[Activity, str], Any] | None = None
    # Stands against it for this activity beside state and person.
    against: Callable[[User, Activity], None] = lambda user, case: None
    text: Text = ""
    danger: bool = False
    # Its form says which version the person saw; over HTTP If-Match says it.
    looks: bool = False
    # Long forms have a page of their own instead of a dialog.
    is_long: bool = False
    # Where it leads afterwards; the default is the page of the case.
    back: Callable[[Activity, Any, User], str] | None = None

    def check(self, user: User, case: Activity) -> None:
        check_works(user, case, self.who)
        check_state(case, self.states)
        self.against(user, case)


_doings: dict[str, Doing] = {}


def register_doing(doing: Doing) -> None:
    _doings[doing.key] = doing


def find(key: str) -> Doing:
    if key not in _doings:
        raise Http404
    return _doings[key]


def doings() -> list[Doing]:
    return list(_doings.values())


def row_of(related: str) -> Callable[[Activity, str], Any]:
    def find_row(case: Activity, text: str) -> Any:
        if not text.isdecimal() or len(text) > 15:
            raise Http404
        return get_object_or_404(getattr(case, related), pk=int(text))

    return find_row


def enrolment_of(case: Activity, text: str) -> Enrolment:
    try:
        key = UUID(text)
    except ValueError as error:
        raise Http404 from error
    return get_object_or_404(Enrolment.objects.select_related("activity__programme"), activity=case, pk=key)


def enrols_here(user: User, case: Activity) -> None:
    if not rule_of(case).enrols:
        raise ActionError(_("这类活动有自己的报名表，请用那张表报名。"))


def drawn_here(user: User, case: Activity) -> None:
    if not case.is_drawn or case.drawn_at is not None:
        raise InvalidTransition(_("这次活动不抽签，或者已经抽过了。"))


def with_ballot(user: User, case: Activity) -> None:
    if not case.programme.limit("ballot"):
        raise InvalidTransition(_("这个项目没有测评。"))


def with_contest(user: User, case: Activity) -> None:
    if not case.programme.limit("contest"):
        raise InvalidTransition(_("这个项目没有评比。"))


def hand_out(case: Activity, goods: Goods, by: User, given: dict[str, Any]) -> Any:
    one = case.enrolments.select_related("activity__programme").filter(serial=given["who"]).first()
    if one is None:
        raise ActionError(_("名单里没有这个号。"), field="who")
    return spending.hand_out(goods, one, by=by)


def to_list(case: Activity, item: Any, user: User) -> str:
    return reverse("activities:enrolments", args=[case.pk])


def _leave(verb: str) -> Callable[[Activity, Enrolment, User, dict[str, Any]], Any]:
    return lambda case, one, by, given: enrolments.leave(one, by=by, verb=verb, reason=given["reason"])


def session_of(case: Activity, text: str) -> ActivitySession:
    found: ActivitySession = row_of("sessions")(case, text)
    found.activity = case
    return found


def expense_of(case: Activity, text: str) -> Expense:
    found: Expense = row_of("expenses")(case, text)
    found.activity = case
    return found


W, S = EnrolmentVerb, ActivityState
# What may be done with one enrolment in each state.
OF_ENROLMENT = {
    EnrolmentState.APPLIED: ("qualify", "refuse"),
    EnrolmentState.QUALIFIED: ("withdraw",),
    EnrolmentState.CONFIRMED: ("withdraw",),
    EnrolmentState.WAITING: ("withdraw",),
    EnrolmentState.AGREED: ("withdraw", "expel"),
    EnrolmentState.ATTENDING: ("withdraw", "expel"),
}


def register_usual() -> None:
    for doing in (
        Doing(key="plan", label=_("改方案"), icon="pencil", form=forms.PlanForm, is_long=True, looks=True, states=PLANNING,
              act=lambda case, item, by, given: planning.change_plan(case, by=by, **given)),
        Doing(key="enrol", label=pgettext_lazy("活动", "报名"), icon="person-plus", form=forms.EnrolForm, states=ENROLLING,
              against=enrols_here, act=lambda case, item, by, given: enrolments.enrol(case, by=by, **given)),
        Doing(key="draw", label=_("抽签"), icon="shuffle", form=forms.NothingForm, states=ENROLLING,
              text=_("抽签只做一次。每个号的签是种子和号数的摘要，结果和种子一起公布，谁都能验算。"),
              against=drawn_here, act=lambda case, item, by, given: enrolments.draw(case, by=by)),
        Doing(key="qualify", label=_("审核通过"), icon="check-lg", form=forms.NothingForm, states=BEFORE_THE_END, item=enrolment_of, back=to_list,
              act=lambda case, one, by, given: enrolments.qualify(one, by=by)),
        Doing(key="refuse", label=_("不符合条件"), icon="x-lg", form=forms.WhyForm, states=BEFORE_THE_END, item=enrolment_of, back=to_list,
              act=_leave(W.REFUSE)),
        Doing(key="withdraw", label=_("退出"), icon="person-dash", form=forms.WhyForm, states=BEFORE_THE_END, item=enrolment_of, back=to_list,
              text=_("退出后，候补第一位马上递补。"), act=_leave(W.WITHDRAW)),
        Doing(key="expel", label=_("劝退"), icon="person-x", form=forms.WhyForm, states=BEFORE_THE_END, item=enrolment_of, back=to_list, danger=True,
              act=_leave(W.EXPEL)),
        Doing(key="session", label=_("加一场"), icon="calendar-check", form=forms.SessionForm, states=BEFORE_THE_END,
              act=lambda case, item, by, given: planning.add_session(case, by=by, **given)),
        Doing(key="drop", label=_("取消这一场"), icon="trash", form=forms.NothingForm, states=BEFORE_THE_END, item=session_of, danger=True,
              act=lambda case, one, by, given: planning.remove_session(one, by=by)),
        Doing(key="heads", label=_("记人数"), icon="people", form=forms.HeadsForm, states=HELD, item=session_of,
              act=lambda case, one, by, given: meetings.count_heads(one, given["heads"], by=by)),
        Doing(key="series", label=_("再办一期"), icon="files", form=forms.SeriesForm, states=frozenset(ActivityState.values),
              act=lambda case, item, by, given: planning.copy(case, by=by, **given)),
        Doing(key="goods", label=_("备物资"), icon="plus-lg", form=forms.GoodsForm, states=BEFORE_THE_END,
              act=lambda case, item, by, given: spending.bring(case, by=by, **given)),
        Doing(key="give", label=_("发放"), icon="check2", form=forms.HandOutForm, states=HELD, item=row_of("goods"), act=hand_out,
              text=_("一人一份，领过的不能再领。")),
        Doing(key="spend", label=_("记支出"), icon="cash-stack", form=forms.ExpenseForm, states=BEFORE_THE_END, who=MONEY,
              act=lambda case, item, by, given: spending.spend(case, by=by, **given)),
        Doing(key="reverse", label=_("冲销"), icon="arrow-counterclockwise", form=forms.WhyForm, states=BEFORE_THE_END, who=MONEY, item=expense_of,
              act=lambda case, one, by, given: spending.reverse(one, by=by, **given)),
        Doing(key="rate", label=_("记评价"), icon="star", form=forms.RateForm, states=HELD | {S.ACCOUNTED}, item=enrolment_of, back=to_list,
              act=lambda case, one, by, given: opinions.rate(one, by=by, **given)),
        Doing(key="poll", label=_("开始测评"), icon="clipboard-check", form=forms.PollForm, states=frozenset({S.RUNNING}),
              text=_("名单从这时起冻结，一人一票，不记名。票号只显示这一次。"),
              against=with_ballot, act=lambda case, item, by, given: opinions.open_poll(case, by=by, **given)),
        Doing(key="close", label=_("截止测评"), icon="lock", form=forms.NothingForm, states=HELD,
              against=with_ballot, act=lambda case, item, by, given: opinions.close_poll(case, by=by)),
        Doing(key="entry", label=_("登记参赛"), icon="person-plus", form=forms.EntryForm, states=HELD | {S.OPEN, S.FULL},
              against=with_contest, act=lambda case, item, by, given: opinions.enter(case, by=by, **given)),
        Doing(key="score", label=_("打分"), icon="pencil", form=forms.ScoreForm, states=frozenset({S.RUNNING}),
              against=with_contest, act=lambda case, item, by, given: opinions.judge(given.pop("entry"), by=by, **given)),
    ):  # fmt: skip
        register_doing(doing)
