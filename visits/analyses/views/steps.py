"""A verb's form in place of «下一步», and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unionops.casework.views.steps import Asked, take
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
    asked = Asked(
        title=title, name=name, back=page_of(shown), version=shown.version,
        stale=_("您打开以后，别人也动了这份季分析。看过经过里的变化，仍要这样办就再按一次。"),
    )  # fmt: skip

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "visits/_inform.html", opened, status=status)
        context = analysis_context(request, shown, active=name, **opened)
        return render(request, "analyses/analysis.html", context, status=status)

    return take(request, form, asked, act, draw)
