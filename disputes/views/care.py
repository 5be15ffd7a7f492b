"""Around a case without moving it: looking at a full number, files, watching it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unionops.casework.attachments import BadFile, attach, attachments_of, remove
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.forms.accounts import RevealForm
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import Step, data, done, person, secret, step

from ..actions import care
from ..actions.intake import reveal as reveal_value
from ..forms.intake import RemoveFileForm
from ..models import Agent, Party
from ..permissions import check_may_reveal, check_records
from .case_page import files_of
from .finding import page_of, visible_dispute

MOST_FILES_AT_ONCE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def reveal_party(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    parties = Party.objects.visible_to(person(request)).select_related("dispute")
    return _reveal(request, get_object_or_404(parties, pk=pk), name)


@require_http_methods(["GET", "HEAD", "POST"])
def reveal_agent(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    agents = Agent.objects.visible_to(person(request)).select_related("party__dispute")
    return _reveal(request, get_object_or_404(agents, pk=pk), name)


def _reveal(request: HttpRequest, thing: Party | Agent, name: str) -> HttpResponse:
    """Ask why, then show a masked value in its place; both stand in the timeline of the case."""
    if name not in thing.SEALED:
        raise Http404
    user = person(request)
    dispute = thing.dispute if isinstance(thing, Party) else thing.party.dispute
    check_may_reveal(user, dispute)
    form = RevealForm(data(request))
    label = thing._meta.get_field(f"{name}_masked").verbose_name  # type: ignore[union-attr]
    context: dict[str, Any] = {
        "form": form, "what": _("%(name)s的%(field)s") % {"name": thing.name, "field": label},
        "place": f"sealed-{thing.pk}-{name}", "action": request.path, "back": page_of(dispute),
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        try:
            context["value"] = reveal_value(thing, name, by=user, reason=form.cleaned_data["reason"])
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


@require_POST
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the files that can be kept; each refused one is named with its reason."""
    shown, user = visible_dispute(request, pk), person(request)
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
def remove_file(request: HttpRequest, pk: UUID, file: UUID) -> HttpResponse:
    shown, user = visible_dispute(request, pk), person(request)
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
def watch(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_dispute(request, pk), person(request)
    on = request.POST.get("on") == "1"
    care.watch(shown, by=user, on=on)
    return done(request, _("已关注，有动静会通知您。") if on else _("已取消关注。"), page_of(shown))
