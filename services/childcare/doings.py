"""What is done with a class and its children beside the steps of an activity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unionops.casework.permissions import refusal
from unionops.org.errors import InvalidTransition
from unionops.org.models import User

from ..activities.doings import Doing, register_doing, row_of
from ..activities.enums import ENROLLING, HELD, ActivityState
from ..activities.forms import NothingForm, WhyForm
from ..activities.models import Activity
from ..activities.permissions import BEFORE_THE_END, MONEY, PLANNING
from ..queries import page_of
from . import forms
from .actions import access, children, classes, days
from .actions.children import Person
from .enums import CODE, GrantVerb
from .models import AccessGrant, Carer, Child, ClassFile, PickUp
from .permissions import RESPONSIBLE, check_cares, check_may_see

S = ActivityState
ALWAYS = frozenset(S.values)


def of_class(user: User, case: Activity) -> None:
    if case.programme.code != CODE:
        raise InvalidTransition(_("只有托管班才有这一步。"))


def with_file(user: User, case: Activity) -> None:
    of_class(user, case)
    file_of(case)


def let_in(user: User, case: Activity) -> None:
    with_file(user, case)
    check_cares(user, file_of(case))


def file_of(case: Activity) -> ClassFile:
    """The file of the class; the activity of it is the one that was found for this person."""
    found = ClassFile.objects.filter(activity=case).first()
    if found is None:
        raise InvalidTransition(_("还没有填班级档案。"), next_step=_("请先填季次、时间、年级和年龄。"))
    found.activity = case
    return found


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def child_of(case: Activity, text: str) -> Child:
    children_ = Child.objects.select_related("enrolment__activity__programme", "class_file")
    found = get_object_or_404(children_, class_file__activity=case, pk=_key(text))
    found.class_file.activity = case
    return found


def carer_of(case: Activity, text: str) -> Carer:
    found: Carer = row_of("carers")(file_of(case), text)  # type: ignore[arg-type]
    found.class_file.activity = case
    return found


def grant_row(case: Activity, text: str) -> AccessGrant:
    return get_object_or_404(
        AccessGrant.objects.select_related("class_file__activity__programme", "asked_by"),
        class_file__activity=case,
        pk=_key(text),
    )


def pick_up_of(case: Activity, text: str) -> PickUp:
    rows = PickUp.objects.select_related("child__class_file__activity__programme")
    return get_object_or_404(rows, child__class_file__activity=case, pk=_key(text), removed_at=None)


def to_child(case: Activity, item: Any, user: User) -> str:
    """The page of the child; whoever may not see the child goes on with the class."""
    child = item if isinstance(item, Child) else item.child
    if refusal(check_may_see, user, child.class_file):
        return page_of(case)
    return reverse("childcare:child", args=[case.pk, child.pk])


def _decide(verb: str) -> Callable[[Activity, AccessGrant, User, dict[str, Any]], Any]:
    return lambda case, grant, by, given: access.decide(grant, verb, by=by)


def _add_pick_up(case: Activity, child: Child, by: User, given: dict[str, Any]) -> Any:
    guardian = given.pop("guardian")
    return children.add_pick_up(child, by=by, person=Person(**given), guardian=guardian)


def _enrol(case: Activity, item: Any, by: User, given: dict[str, Any]) -> Any:
    return children.enrol_child(case, by=by, **given)


OWN = (
    Doing(key="class-file", label=_("填班级档案"), icon="card-checklist", form=forms.FileForm, states=PLANNING, against=of_class, is_long=True, looks=True,
          act=lambda case, item, by, given: classes.keep_file(case, by=by, **given)),
    Doing(key="accept", label=_("场地验收"), icon="clipboard-check", form=forms.AcceptForm, states=PLANNING, who=MONEY, against=with_file, is_long=True,
          text=_("八个方面都看过、都合格，才能发布报名。"),
          act=lambda case, item, by, given: classes.accept(file_of(case), by=by, **given)),
    Doing(key="carer", label=_("加人员"), icon="person-plus", form=forms.CarerForm, states=BEFORE_THE_END, against=with_file,
          act=lambda case, item, by, given: classes.add_carer(file_of(case), by=by, **given)),
    Doing(key="recheck", label=_("登记查询"), icon="shield-check", form=forms.RecheckForm, states=BEFORE_THE_END, against=with_file, item=carer_of,
          text=_("上岗前查，以后每年再查一次（未成年人保护法第六十二条）。"),
          act=lambda case, one, by, given: classes.check_carer(one, by=by, **given)),
    Doing(key="let-go", label=_("离开"), icon="person-dash", form=NothingForm, states=BEFORE_THE_END, against=with_file, item=carer_of,
          act=lambda case, one, by, given: classes.let_go(one, by=by)),
    Doing(key="insure", label=_("登记保险"), icon="life-preserver", form=forms.InsuranceForm, states=BEFORE_THE_END, against=with_file,
          act=lambda case, item, by, given: classes.insure(file_of(case), by=by, **given)),
    Doing(key="safety", label=_("安全检查"), icon="list-check", form=forms.SafetyForm, states=BEFORE_THE_END, against=with_file,
          act=lambda case, item, by, given: classes.check_safety(file_of(case), by=by, **given)),
    Doing(key="subsidy", label=_("申请补助"), icon="cash-stack", form=NothingForm, states=HELD - {S.RUNNING}, who=MONEY, against=with_file,
          act=lambda case, item, by, given: classes.apply_for_subsidy(file_of(case), by=by)),
    Doing(key="child", label=_("登记孩子"), icon="person-plus", form=forms.ChildForm, states=ENROLLING, against=with_file, is_long=True, act=_enrol),
    Doing(key="ask", label=_("申请查看"), icon="key", form=forms.AskForm, states=ALWAYS, against=with_file,
          text=_("看孩子的姓名、家长和接送人，要由分管领导同意。每次查看都会记下来。"),
          act=lambda case, item, by, given: access.ask(file_of(case), by=by, **given)),
    Doing(key="grant", label=_("同意查看"), icon="check-lg", form=NothingForm, states=ALWAYS, who=RESPONSIBLE, against=with_file, item=grant_row,
          act=_decide(GrantVerb.GRANT)),
    Doing(key="deny", label=_("不同意"), icon="x-lg", form=NothingForm, states=ALWAYS, who=RESPONSIBLE, against=with_file, item=grant_row,
          act=_decide(GrantVerb.REFUSE)),
    Doing(key="revoke", label=_("收回授权"), icon="lock", form=NothingForm, states=ALWAYS, who=RESPONSIBLE, against=with_file, item=grant_row,
          act=_decide(GrantVerb.END)),
    Doing(key="agree", label=_("登记协议"), icon="pencil-square", form=NothingForm, states=ENROLLING, against=with_file, item=child_of, back=to_child,
          act=lambda case, child, by, given: children.sign_agreement(child, by=by)),
    Doing(key="add-pick-up", label=_("加接送人"), icon="person-plus", form=forms.PickUpForm, states=BEFORE_THE_END, against=let_in, item=child_of,
          back=to_child, act=_add_pick_up),
    Doing(key="contact", label=_("登记紧急联系人"), icon="telephone", form=forms.ContactForm, states=BEFORE_THE_END, against=let_in, item=child_of,
          back=to_child, looks=True, text=_("监护人电话打不通时找这个人；这个人不能接走孩子。"),
          act=lambda case, child, by, given: children.change_contact(child, by=by, **given)),
    Doing(key="drop-pick-up", label=_("撤销接送人"), icon="person-x", form=WhyForm, states=BEFORE_THE_END, against=let_in, item=pick_up_of,
          back=to_child, act=lambda case, one, by, given: children.remove_pick_up(one, by=by, **given)),
    Doing(key="alone", label=_("自己离开"), icon="person", form=forms.AloneForm, states=BEFORE_THE_END, against=let_in, item=child_of,
          back=to_child, looks=True, act=lambda case, child, by, given: children.allow_alone(child, by=by, **given)),
    Doing(key="consent", label=_("监护人撤回同意"), icon="arrow-return-left", form=NothingForm, states=BEFORE_THE_END, against=with_file, item=child_of,
          danger=True, text=_("撤回后孩子退出这个班，健康情况、紧急联系人和接送人不再保存。"),
          act=lambda case, child, by, given: children.withdraw_consent(child, by=by)),
    Doing(key="care", label=_("记一笔"), icon="journal-plus", form=forms.CareForm, states=frozenset({S.RUNNING}), against=let_in, item=child_of,
          back=to_child, act=lambda case, child, by, given: days.write(child.class_file, by=by, child=child, **given)),
)  # fmt: skip


def register_own() -> None:
    for doing in OWN:
        register_doing(doing)
