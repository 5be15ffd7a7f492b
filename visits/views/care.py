"""What is done around an issue without moving it: notes, time, supervision, tasks, files, looking at a number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from unionops.casework.attachments import BadFile, attach, attachments_of, remove
from unionops.casework.models import FollowUp, Supervision, Task
from unionops.casework.permissions import Text
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.accounts import RevealForm
from unionops.org.forms.fields import refuse
from unionops.org.models import User
from unionops.org.views.answers import data, done, person, secret, told, version

from ..actions import care
from ..forms import care as forms
from ..forms.steps import StepForm
from ..models import Issue, OutsideReferral
from ..permissions import (
    check_may_assign,
    check_may_correct,
    check_may_extend,
    check_may_record_attempt,
    check_may_reveal,
    check_may_set_urgency,
    check_may_settle_sample,
    check_may_supervise,
    check_takes_part,
)
from .issue_page import files_of, page_of, visible_issue
from .steps import in_place

SAMPLE_SIZE = 20


class Care(NamedTuple):
    title: Text
    form: type[StepForm]
    check: Callable[[User, Issue], None]
    action: Callable[..., Any]


CARE = {
    "note": Care(gettext_lazy("记进展"), forms.NoteForm, check_takes_part, care.add_note),
    "assign": Care(gettext_lazy("指定经办人"), forms.AssignForm, check_may_assign, care.assign),
    "attempt": Care(gettext_lazy("登记未联系上"), forms.AttemptForm, check_may_record_attempt, care.record_attempt),
    "set_urgency": Care(gettext_lazy("调整轻重缓急"), forms.UrgencyForm, check_may_set_urgency, care.set_urgency),
    "extend": Care(gettext_lazy("延期"), forms.ExtendForm, check_may_extend, care.extend),
    "supervise": Care(gettext_lazy("催办、督办"), forms.SuperviseForm, check_may_supervise, care.supervise),
    "link": Care(gettext_lazy("关联另一件"), forms.LinkForm, check_takes_part, care.link),
}
# These change the issue itself and so are checked against the version that the person saw.
VERSIONED = {"assign", "set_urgency", "extend"}


@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    wanted = CARE.get(name)
    if wanted is None:
        raise Http404
    shown, user = visible_issue(request, pk), person(request)
    wanted.check(user, shown)
    form = wanted.form(data(request), user=user, issue=shown)

    def act() -> None:
        known = {"version": version(request)} if name in VERSIONED else {}
        fields = form.arguments()
        if name == "link":
            care.link(shown, fields["other"], by=user)
        else:
            wanted.action(shown, by=user, **known, **fields)

    return in_place(request, shown, form, title=str(wanted.title), name=name, act=act)


# What hangs on an issue and is answered, ticked off or checked: name in the address, its rows, form, check, action.
PARTS: dict[str, tuple[Text, type[StepForm], Callable[[User, Issue], None], Callable[..., Any]]] = {
    "task": (gettext_lazy("任务销号"), forms.CompleteTaskForm, lambda user, issue: None, care.complete_task),
    "supervision": (
        gettext_lazy("答复督办"), forms.AnswerSupervisionForm, check_takes_part, care.answer_supervision,
    ),
    "referral": (gettext_lazy("登记外部门答复"), forms.ReplyForm, check_takes_part, care.record_reply),
    "sample": (gettext_lazy("抽查回访"), forms.SampleForm, check_may_settle_sample, care.settle_sample),
}  # fmt: skip


def _part(name: str, issue: Issue, part: int) -> Any:
    about = {"kind": "issue", "case_id": issue.pk, "pk": part}
    match name:
        case "task":
            return get_object_or_404(Task, **about)
        case "supervision":
            return get_object_or_404(Supervision, **about)
        case "referral":
            return get_object_or_404(OutsideReferral, issue=issue, pk=part)
        case _:
            return get_object_or_404(FollowUp, is_sample=True, **about)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, pk: UUID, name: str, part: int) -> HttpResponse:
    if name not in PARTS:
        raise Http404
    title, form_class, check, action = PARTS[name]
    shown, user = visible_issue(request, pk), person(request)
    thing = _part(name, shown, part)
    check(user, shown)
    form = form_class(data(request), user=user, issue=shown)
    return in_place(
        request, shown, form, title=str(title), name=f"{name}-{part}",
        act=lambda: action(shown, thing, by=user, **form.arguments()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The facts on a page of their own; two people at once choose field by field whose words stay."""
    shown, user = visible_issue(request, pk), person(request)
    check_may_correct(user, shown)
    form = forms.CorrectForm(data(request), user=user, issue=shown)
    context: dict[str, Any] = {
        "issue": shown,
        "form": form,
        "version": shown.version,
        "back": page_of(shown),
        "rows": [],
    }
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                care.correct(shown, by=user, version=version(request), **form.arguments())
            except NotAllowed:
                raise
            except Conflict as conflict:
                status = 409
                context |= {
                    "version": conflict.current_version, "changes": told(conflict), "rows": _versus(form, visible_issue(request, pk)),
                }  # fmt: skip
            except ActionError as error:
                refuse(form, error)
            else:
                return done(request, _("已更正，原来的内容在经过里。"), page_of(shown))
    response = render(request, "visits/issue_correct.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _versus(form: StepForm, now: Issue) -> list[dict[str, Any]]:
    """Mine and theirs, field by field; what cannot be shown (a name, a number) goes along as it was typed."""
    rows = []
    current = form.suggested(now)
    for bound in form:
        mine = form.data.get(bound.html_name, "")
        theirs = current.get(bound.name, "")
        if bound.name in Issue.SEALED:
            theirs = mine
        theirs = {True: "on", False: "", None: ""}.get(theirs, theirs) if isinstance(theirs, bool | None) else theirs
        rows.append(
            {
                "name": bound.html_name, "label": bound.label, "mine": mine, "theirs": str(theirs),
                "mine_shown": _shown(bound, mine), "theirs_shown": _shown(bound, str(theirs)),
                "differs": str(mine) != str(theirs),
            }
        )  # fmt: skip
    return rows


def _shown(bound: Any, value: str) -> str:
    if value == "on":
        return _("是")
    choices = getattr(bound.field, "choices", None)
    if not choices:
        return value
    for key, label in choices:
        if isinstance(label, list | tuple):
            found = next((str(words) for inner, words in label if str(inner) == value), None)
            if found:
                return found
        elif str(key) == value:
            return str(label)
    return value


@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """Ask why, then show a masked value in its place; both stand in the timeline."""
    if name not in Issue.SEALED:
        raise Http404
    shown, user = visible_issue(request, pk), person(request)
    check_may_reveal(user, shown)
    form = RevealForm(data(request))
    context: dict[str, Any] = {
        "form": form, "what": Issue._meta.get_field(f"{name}_masked").verbose_name,  # type: ignore[union-attr]
        "place": f"claimant-{name}",
        "action": request.path, "back": page_of(shown), "issue": shown,
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        try:
            context["value"] = care.reveal(shown, name, by=user, reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return secret(request, "org/_revealed.html" if part else "org/revealed.html", context)
    response = render(
        request, "org/_reveal.html" if part else "org/reveal.html", context, status=422 if form.errors else 200
    )
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    if form.errors and part:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


@require_POST
def watch(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = visible_issue(request, pk)
    on = request.POST.get("on") == "1"
    care.watch(shown, by=person(request), on=on)
    return done(request, _("已关注，有动静会通知您。") if on else _("已取消关注。"), page_of(shown))


@require_POST
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the files that can be kept; each refused one is named with its reason."""
    shown, user = visible_issue(request, pk), person(request)
    check_takes_part(user, shown)
    refused = []
    for file in request.FILES.getlist("files")[:SAMPLE_SIZE]:
        try:
            attach(shown, file, by=user, caption=request.POST.get("caption", "").strip())
        except BadFile as error:
            refused.append(str(error))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"files": files_of(shown, user), "not_kept": refused}
        return render(request, "visits/_files.html", context, status=422 if refused else 200)
    if refused:
        raise ActionError(" ".join(refused), field="files")
    return done(request, _("已上传。"), page_of(shown))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_file(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    shown, user = visible_issue(request, pk), person(request)
    check_takes_part(user, shown)
    found = get_object_or_404(attachments_of(shown), pk=file)
    if found.uploaded_by_id != user.pk:
        raise NotAllowed(_("只能移除自己上传的材料。"))
    form = forms.RemoveFileForm(data(request), user=user, issue=shown)
    if form.is_bound and form.is_valid():
        remove(shown, found, by=user, reason=form.cleaned_data["reason"])
        return HttpResponseRedirect(page_of(shown)) if not request.htmx else _gone(page_of(shown))  # type: ignore[attr-defined]
    template = "visits/_remove_file.html" if request.htmx else "visits/remove_file.html"  # type: ignore[attr-defined]
    context = {"form": form, "file": found, "action": request.path, "back": page_of(shown)}
    return render(request, template, context, status=422 if form.errors else 200)


def _gone(url: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
