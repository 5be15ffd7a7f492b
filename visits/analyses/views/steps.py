"""A verb's form in place of «下一步», and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import data, person, version

from ..actions import papers as actions
from ..enums import ANALYSIS_TRANSITIONS
from ..forms import STEP_FORMS, RefreshForm, StepForm
from ..models import Analysis
from ..permissions import check_can, check_may_draft
from .papers import analysis_context, page_of, visible_analysis


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in STEP_FORMS:
        raise Http404
    shown, user = visible_analysis(request, pk), person(request)
    if request.method != "POST":
        check_can(user, shown, verb)
    form = STEP_FORMS[verb](data(request))

    def act() -> None:
        actions.STEPS[verb](shown, by=user, version=version(request), **form.arguments())

    return in_place(request, shown, form, title=str(ANALYSIS_TRANSITIONS[verb].label), name=verb, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def refresh(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Count the figures anew, as of a day between the end of the quarter and today."""
    shown, user = visible_analysis(request, pk), person(request)
    if request.method != "POST":
        check_may_draft(user, shown)
    form = RefreshForm(data(request), analysis=shown)

    def act() -> None:
        actions.refresh(shown, by=user, version=version(request), **form.arguments())

    return in_place(request, shown, form, title=_("重新取数"), name="refresh", act=act)


def in_place(
    request: HttpRequest, shown: Analysis, form: StepForm, *, title: str, name: str, act: Callable[[], Any]
) -> HttpResponse:
    """Show the form in the page or as its part; do what it asks; keep what was typed when that is refused."""
    status, current = 200, shown.version
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                act()
            except NotAllowed:
                raise
            except Conflict as conflict:
                # The form comes back with the version of now: whoever still wants it presses once more.
                current, status = conflict.current_version, 409
                form.add_error(None, _("您打开以后，别人也动了这份季分析。看过经过里的变化，仍要这样办就再按一次。"))
            except ActionError as error:
                refuse(form, error)
            else:
                return _done(request, _("%(verb)s：已办好。") % {"verb": title}, page_of(shown), f"{name}:{shown.pk}")
    opened = {
        "form": form, "action": request.path, "title": title, "name": name, "draft": f"{name}:{shown.pk}",
        "version": current, "changes": [], "close_url": page_of(shown),
    }  # fmt: skip
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "visits/_inform.html", opened, status=status)
    else:
        context = analysis_context(request, shown, active=name, **opened)
        response = render(request, "analyses/analysis.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _done(request: HttpRequest, said: str, back: str, draft: str) -> HttpResponse:
    messages.success(request, said, extra_tags=f"draft-done:{draft}")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(back)
    return HttpResponseRedirect(back)
