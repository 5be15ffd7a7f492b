"""Accounts and posts, kept by administrators with the effect shown before it is done."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unionops.joining import listed

from ..actions import accounts as actions
from ..actions import postings as posting_actions
from ..enums import ROLE_KINDS, Role
from ..errors import NotAllowed
from ..forms.accounts import (
    AccountForm,
    DeactivateForm,
    EndForm,
    HandOverForm,
    LeaveForm,
    NewAccountForm,
    PostingForm,
)  # fmt: skip
from ..forms.directory import AccountFilter
from ..models import Event, Leave, Organisation, Posting, User
from ..models.accounts import SYSTEM_USERNAME
from ..permissions import check_manages, check_reveals, may
from ..queries import accounts as queries
from ..queries.log import sentences
from .answers import Step, again, data, done, person, secret, step, tried
from .revealing import reveal_number


def _administrator(request: HttpRequest) -> User:
    user = person(request)
    if not user.scope.administers:
        raise NotAllowed(_("账号和任职由系统管理员管理。"))
    return user


def _visible(request: HttpRequest, pk: int) -> User:
    """Colleagues of the administrator's districts; the account of the system itself is nobody's colleague."""
    found = User.objects.visible_to(person(request)).exclude(username=SYSTEM_USERNAME)
    return get_object_or_404(found, pk=pk)


def _page(account: User) -> str:
    return reverse("org:account", args=[account.pk])


@require_safe
def settings_home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    scope = user.scope
    if not scope.has(Role.ADMIN, Role.AUDITOR):
        raise NotAllowed(_("设置由系统管理员和安全审计员使用。"))
    steps = queries.first_steps(user) if scope.administers else []
    context = {
        "steps": steps,
        "steps_done": sum(one.is_done for one in steps),
        "administers": bool(scope.administers),
        "reads_log": bool(scope.log_of),
    }
    return render(request, "org/settings.html", context)


@require_safe
def account_list(request: HttpRequest) -> HttpResponse:
    user = _administrator(request)
    form = AccountFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.accounts(user, wanted)
    return render(request, "org/accounts.html", {"filter": form, "rows": rows, "count": len(rows)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: HttpRequest) -> HttpResponse:
    """First what the account will see and whom it joins; then, on a second press, the account itself."""
    user = _administrator(request)
    form = NewAccountForm(data(request), user=user)
    if form.is_bound and form.is_valid():
        ok, opened = _tried(request, form, lambda: actions.create_account(by=user, **form.cleaned_data))
        if ok:
            return _tell_password(request, opened, _("账号已开"))
    context = {"form": form, "role_kinds": _role_kinds(), "effect": _effect(form)}
    return again(request, "org/account_new.html", context)


def _tried(request: HttpRequest, form: forms.BaseForm, act: Callable[[], Any]) -> tuple[bool, Any]:
    """Do the action when it is confirmed. Before that it is done and taken back: no effect is shown of what will be refused."""
    if "confirmed" in request.POST:
        return tried(form, act)
    with transaction.atomic():
        tried(form, act)
        transaction.set_rollback(True)
    return False, None


def _role_kinds() -> list[tuple[str, str]]:
    """Which roles belong to which kinds of organisation, for the note beside the form."""
    return [(str(role.label), listed(kind.label for kind in sorted(kinds))) for role, kinds in ROLE_KINDS.items()]


def _tell_password(request: HttpRequest, opened: actions.Opened, title: str) -> HttpResponse:
    context = {"account": opened.user, "password": opened.password, "title": title, "back": _page(opened.user)}
    return secret(request, "org/account_password.html", context)


@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    user = _administrator(request)
    shown = _visible(request, pk)
    works = queries.work_of(shown, user)
    context = {
        "account": shown,
        "works": works,
        "open_count": sum(work.count for work in works),
        "leaves": shown.leaves.all()[:20],
        "events": sentences(Event.objects.about("user", shown.pk).order_by("-at", "-pk")[:30]),
        "is_locked": queries.is_locked(shown),
        "manages": may(check_manages, user, shown),
        "is_oneself": shown.pk == user.pk,
        "may_reveal": bool(shown.phone_masked) and may(check_reveals, user, shown),
        "today": timezone.localdate(),
    }
    return render(request, "org/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = _administrator(request), _visible(request, pk)
    check_manages(user, shown)
    kept = {"name": shown.name, "email": shown.email, "weekly_quota": shown.weekly_quota}
    form = AccountForm(data(request), account=shown, initial=kept)
    asked = Step(title=_("修改%(name)s") % {"name": shown.name}, submit=_("保存"), back=_page(shown))
    return step(request, form, asked, lambda: actions.edit_account(shown, by=user, **form.cleaned_data), _("已保存。"))


@require_http_methods(["GET", "HEAD", "POST"])
def account_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = _administrator(request), _visible(request, pk)
    check_manages(user, shown)
    works = queries.work_of(shown, user)
    today = timezone.localdate()
    ending = [work for work in works if work.posting.valid_to is None or work.posting.valid_to >= today]
    cases = sum(work.count for work in works)
    asked = Step(
        title=_("停用%(name)s的账号") % {"name": shown.name},
        submit=_("停用账号"),
        back=_page(shown),
        text=_("停用后立即不能登录，正开着的页面也退出。做过的事都保留。"),
        effects=[(_("今天结束的任职"), len(ending)), (_("手上没办完的事"), cases)],
        warning=_("还有 %(count)d 件事没办完：先交接，再停用。现在停用，这些事要等交接后才有人办。") % {"count": cases}
        if cases
        else "",
        danger=True,
    )
    form = DeactivateForm(data(request))
    return step(
        request, form, asked, lambda: actions.deactivate_account(shown, by=user, **form.cleaned_data), _("账号已停用。")
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = _administrator(request), _visible(request, pk)
    check_manages(user, shown)
    form = forms.Form(data(request))
    if request.method == "POST":
        ok, opened = tried(form, lambda: actions.reactivate_account(shown, by=user))
        if ok:
            messages.info(request, _("账号已启用，还没有任职，请登记任职。"))
            return _tell_password(request, opened, _("账号已启用"))
    asked = Step(
        title=_("启用%(name)s的账号") % {"name": shown.name},
        submit=_("启用"),
        back=_page(shown),
        text=_("启用时给一个一次性密码。任职要另外登记，以前的任职不恢复。"),
    )
    return _ask(request, form, asked)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account_reset(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = _administrator(request), _visible(request, pk)
    check_manages(user, shown)
    form = forms.Form(data(request))
    if request.method == "POST":
        ok, opened = tried(form, lambda: actions.reset_password(shown, by=user))
        if ok:
            return _tell_password(request, opened, _("密码已重置"))
    asked = Step(
        title=_("重置%(name)s的密码") % {"name": shown.name},
        submit=_("重置密码"),
        back=_page(shown),
        text=_("给一个一次性密码，只显示一次；本人登录后必须改成自己的。已登录的设备全部退出。"),
        danger=True,
    )
    return _ask(request, form, asked)


def _ask(request: HttpRequest, form: forms.Form, asked: Step) -> HttpResponse:
    template = "org/_step.html" if request.htmx else "org/step.html"  # type: ignore[attr-defined]
    return again(request, template, {"form": form, "step": asked})


@require_http_methods(["GET", "HEAD", "POST"])
def account_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    user, shown = _administrator(request), _visible(request, pk)
    check_manages(user, shown)
    asked = Step(
        title=_("给%(name)s解锁") % {"name": shown.name},
        submit=_("解锁"),
        back=_page(shown),
        text=_("输错密码太多次会锁 15 分钟。解锁后马上可以再登录，密码不变。"),
    )
    form = forms.Form(data(request))
    return step(request, form, asked, lambda: actions.unlock_account(shown, by=user), _("已解锁。"))


@require_http_methods(["GET", "HEAD", "POST"])
def account_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    _administrator(request)
    shown = _visible(request, pk)
    return reveal_number(request, shown, "phone", what=_("%(name)s的手机号") % {"name": shown.name}, back=_page(shown))


@require_http_methods(["GET", "HEAD", "POST"])
def posting_new(request: HttpRequest, pk: int) -> HttpResponse:
    """First who else is posted there; then, on a second press, the posting itself."""
    user, shown = _administrator(request), _visible(request, pk)
    check_manages(user, shown)
    form = PostingForm(data(request), user=user)
    if form.is_bound and form.is_valid():
        ok, _made = _tried(request, form, lambda: posting_actions.post(shown, by=user, **form.cleaned_data))
        if ok:
            return done(request, _("任职已登记，即时生效。"), _page(shown))
    context = {
        "form": form,
        "account": shown,
        "role_kinds": _role_kinds(),
        "effect": _effect(form, shown),
        "back": _page(shown),
    }
    return again(request, "org/posting_form.html", context)


@dataclass(frozen=True)
class Effect:
    """What a posting that has not been entered yet would bring about."""

    name: str
    organisation: Organisation
    role: str
    valid_from: datetime.date
    valid_to: datetime.date | None
    # Who is posted there on that day.
    colleagues: list[Posting]


def _effect(form: PostingForm, shown: User | None = None) -> Effect | None:
    if not form.is_bound or not form.is_valid():
        return None
    values = form.cleaned_data
    rows = Posting.objects.on(values["valid_from"]).filter(organisation=values["organisation"], user__is_active=True)
    return Effect(
        name=shown.name if shown else values["name"],
        organisation=values["organisation"],
        role=str(Role(values["role"]).label),
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
        colleagues=list(
            rows.exclude(user=shown and shown.pk).select_related("user").order_by("role", "user__pinyin", "pk")
        ),
    )


def _posting(request: HttpRequest, pk: int) -> Posting:
    found = Posting.objects.visible_to(person(request)).select_related("user", "organisation")
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def posting_end(request: HttpRequest, pk: int) -> HttpResponse:
    user, posting = _administrator(request), _posting(request, pk)
    check_manages(user, posting.user)
    work = next(found for found in queries.work_of(posting.user, user) if found.posting.pk == posting.pk)
    asked = Step(
        title=_("结束%(name)s的任职") % {"name": posting.user.name},
        submit=_("结束任职"),
        back=_page(posting.user),
        text=f"{posting.organisation} {posting.get_role_display()}",
        effects=[(_("在这里没办完的事"), work.count)],
        warning=_("这些事还在%(name)s名下。要一并转给别人，请用“交接”。") % {"name": posting.user.name}
        if work.count
        else "",
        danger=bool(work.count),
    )
    form = EndForm(data(request))
    return step(
        request,
        form,
        asked,
        lambda: posting_actions.end_posting(posting, by=user, **form.cleaned_data),
        _("任职已结束。"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """First the effect, in numbers; then, on a second press, the hand-over itself."""
    user, giver = _administrator(request), _visible(request, pk)
    check_manages(user, giver)
    works = [work for work in queries.work_of(giver, user) if _can_hand_over(work)]
    form = HandOverForm(data(request), user=user, giver=giver, postings=[work.posting for work in works])
    picked: list[queries.Work] = []
    if form.is_bound and form.is_valid():
        chosen = {posting.pk for posting in form.cleaned_data["postings"]}
        picked = [work for work in works if work.posting.pk in chosen]
        if "confirmed" in request.POST:
            ok, moved = tried(form, lambda: posting_actions.hand_over(giver, by=user, **form.cleaned_data))
            if ok:
                return done(request, _said(giver, form.cleaned_data["taker"], sum(moved.values())), _page(giver))
    context = {
        "form": form,
        "account": giver,
        "works": works,
        "picked": picked,
        "picked_count": sum(work.count for work in picked),
        "back": _page(giver),
    }
    return again(request, "org/hand_over.html", context)


def _can_hand_over(work: queries.Work) -> bool:
    """Posts of today, and former ones in which work was left behind."""
    today = timezone.localdate()
    posting = work.posting
    is_present = posting.valid_from <= today and (posting.valid_to is None or posting.valid_to >= today)
    return is_present or (work.count > 0 and posting.valid_from <= today)


def _said(giver: User, taker: User, count: int) -> str:
    words = ngettext(
        "%(giver)s的岗位和 %(count)d 件在办的事已交给%(taker)s。",
        "%(giver)s的岗位和 %(count)d 件在办的事已交给%(taker)s。",
        count,
    )
    return words % {"giver": giver.name, "taker": taker.name, "count": count}


@require_http_methods(["GET", "HEAD", "POST"])
def leave_new(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One's own leave from «我的», anybody's from the account page."""
    user = person(request)
    shown = user if pk is None else _visible(request, pk)
    if pk is not None:
        check_manages(_administrator(request), shown)
    back = reverse("org:me") if pk is None else _page(shown)
    form = LeaveForm(data(request))
    asked = Step(
        title=_("%(name)s请假") % {"name": shown.name},
        submit=_("登记请假"),
        back=back,
        text=_("请假的日子不算走访任务。"),
    )
    return step(
        request, form, asked, lambda: posting_actions.take_leave(shown, by=user, **form.cleaned_data), _("请假已登记。")
    )


@require_http_methods(["POST"])
def leave_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    leave = get_object_or_404(Leave.objects.select_related("user"), pk=pk)
    if leave.user_id != user.pk and not may(check_manages, user, leave.user):
        raise Http404
    posting_actions.cancel_leave(leave, by=user)
    messages.success(request, _("已销假。"))
    return HttpResponseRedirect(reverse("org:me") if leave.user_id == user.pk else _page(leave.user))
