"""The text of one section: written, thrown away for what the figures say, and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unionops.jinja import moment
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import data, done, person, version

from ..actions import papers as actions
from ..enums import Part
from ..forms import SectionForm
from ..models import Analysis, Section
from ..permissions import check_may_draft
from ..sentences import disagreeing
from ..tables import Tables
from .papers import page_of, visible_analysis


def _section_of(request: HttpRequest, pk: UUID, part: str) -> tuple[Analysis, Section]:
    shown = visible_analysis(request, pk)
    for section in shown.sections.all():
        if section.part == part:
            return shown, section
    raise Http404("no such section")


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    """Text and figures side by side; of two people who write at once the second sees both texts."""
    shown, found = _section_of(request, pk, part)
    user = person(request)
    check_may_draft(user, shown)
    form = SectionForm(data(request), initial={"text": found.text})
    context: dict[str, Any] = {"rows": [], "changes": [], "version": found.version}
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                actions.write(shown, part, by=user, text=form.cleaned_data["text"], version=version(request))
            except NotAllowed:
                raise
            except Conflict as conflict:
                status = 409
                context |= _versus(conflict, form.cleaned_data["text"], _section_of(request, pk, part)[1])
            except ActionError as error:
                refuse(form, error)
            else:
                return _saved(request, shown, part)
    stale = disagreeing(found.based_on, found.generated) if found.is_edited else []
    context |= {
        "analysis": shown, "section": found, "label": found.get_part_display(), "form": form, "back": _place(shown, part),
        "table": Tables(shown.figures, user).of(part),
        "stale": [{"then": then, "now": now, "stands": bool(then) and then in found.text} for then, now in stale],
    }  # fmt: skip
    response = render(request, "analyses/section.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _versus(conflict: Conflict, mine: str, now: Section) -> dict[str, Any]:
    return {
        "version": conflict.current_version,
        "rows": [{"name": "text", "label": _("正文"), "mine": mine, "theirs": now.text, "differs": mine != now.text}],
        "changes": [
            {"when": moment(now.edited_at), "who": str(now.edited_by or ""), "what": _("改了正文")}
        ],
    }  # fmt: skip


def _place(shown: Analysis, part: str) -> str:
    return f"{page_of(shown)}#part-{part}"


def _saved(request: HttpRequest, shown: Analysis, part: str) -> HttpResponse:
    said = _("“%(part)s”已保存。") % {"part": Part(part).label}
    messages.success(request, said)
    return HttpResponseRedirect(_place(shown, part))


@require_POST
def reset(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    shown, _found = _section_of(request, pk, part)
    actions.reset(shown, part, by=person(request), version=version(request))
    return done(request, _("“%(part)s”已恢复为生成稿，可以撤销。") % {"part": Part(part).label}, _place(shown, part))


@require_POST
def undo(request: HttpRequest, pk: UUID, part: str) -> HttpResponse:
    shown, _found = _section_of(request, pk, part)
    actions.undo(shown, part, by=person(request), version=version(request))
    return done(request, _("“%(part)s”已改回您写的。") % {"part": Part(part).label}, _place(shown, part))
