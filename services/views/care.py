"""Around a case without moving it: looking at a sealed value, files, watching it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unionops.casework.attachments import BadFile, attach, attachments_of, remove
from unionops.casework.models import Watch
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.events import kind_of
from unionops.org.forms.accounts import RevealForm
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import Step, data, done, person, secret, step

from ..actions.cases import add_note, label_of
from ..actions.cases import reveal as reveal_value
from ..forms.asking import ProgressForm, RemoveFileForm
from ..permissions import check_may_reveal, check_records
from ..queries import page_of
from .case_page import files_of, sealed_rows
from .finding import visible_case

MOST_FILES_AT_ONCE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, pk: UUID, shape: str, name: str) -> HttpResponse:
    """Ask why, then show a sealed value in its place; both stand in the timeline of the case."""
    shown, user = visible_case(request, shape, pk), person(request)
    if name not in {row["name"] for row in sealed_rows(shown)}:
        raise Http404
    check_may_reveal(user, shown)
    form = RevealForm(data(request))
    context: dict[str, Any] = {
        "form": form, "what": _("%(name)s的%(field)s") % {"name": shown.applicant_name or shown.number, "field": label_of(shown, name)},
        "place": f"sealed-{shown.pk}-{name}", "action": request.path, "back": page_of(shown),
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        try:
            context["value"] = reveal_value(shown, name, by=user, reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return secret(request, "org/_revealed.html" if part else "org/revealed.html", context)
    template = "org/_reveal.html" if part else "org/reveal.html"
    response = render(request, template, context, status=422 if form.errors else 200)
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    if form.errors and part:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, pk: UUID, shape: str) -> HttpResponse:
    """记进展: one line in the timeline, read by whoever sees the case."""
    shown, user = visible_case(request, shape, pk), person(request)
    check_records(user, shown)
    form = ProgressForm(data(request))
    asked = Step(
        title=_("记进展"), submit=_("记下"), back=f"{page_of(shown)}#events", text=_("看得到这件事的人都看得到。身份证号、账号和病情不要写在这里。"),
    )  # fmt: skip
    return step(request, form, asked, lambda: add_note(shown, by=user, text=form.cleaned_data["text"]), _("已记下。"))


@require_POST
def upload(request: HttpRequest, pk: UUID, shape: str) -> HttpResponse:
    """Keep the files that can be kept; each refused one is named with its reason."""
    shown, user = visible_case(request, shape, pk), person(request)
    check_records(user, shown)
    refused = []
    for file in request.FILES.getlist("files")[:MOST_FILES_AT_ONCE]:
        try:
            attach(shown, file, by=user, caption=request.POST.get("caption", "").strip())
        except BadFile as error:
            refused.append(str(error))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"files": files_of(shown, user, may_remove=True), "not_kept": refused}
        return render(request, "visits/_files.html", context, status=422 if refused else 200)
    if refused:
        raise ActionError(" ".join(refused), field="files")
    return done(request, _("已上传。"), page_of(shown))


@require_http_methods(["GET", "HEAD", "POST"])
def remove_file(request: HttpRequest, pk: UUID, shape: str, file: UUID) -> HttpResponse:
    shown, user = visible_case(request, shape, pk), person(request)
    check_records(user, shown)
    found = get_object_or_404(attachments_of(shown), pk=file)
    if found.uploaded_by_id != user.pk:
        raise NotAllowed(_("只能移除自己上传的材料。"))
    form = RemoveFileForm(data(request))
    asked = Step(
        title=_("移除《%(name)s》") % {"name": found.caption or found.name}, submit=_("移除"), back=page_of(shown), danger=True,
        text=_("移除后别人看不到这份材料，记录仍在经过里。"),
    )  # fmt: skip
    return step(
        request, form, asked,
        lambda: remove(shown, found, by=user, reason=form.cleaned_data["reason"]), _("已移除。"),
    )  # fmt: skip


@require_POST
def watch(request: HttpRequest, pk: UUID, shape: str) -> HttpResponse:
    shown, user = visible_case(request, shape, pk), person(request)
    on = request.POST.get("on") == "1"
    if on:
        Watch.objects.get_or_create(user=user, kind=kind_of(shown), case_id=shown.pk)
    else:
        Watch.objects.filter(user=user, kind=kind_of(shown), case_id=shown.pk).delete()
    return done(request, _("已关注，有动静会通知您。") if on else _("已取消关注。"), page_of(shown))
