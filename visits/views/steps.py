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

from ..actions.steps import STEPS
from ..enums import TRANSITIONS
from ..forms.steps import FORMS, StepForm
from ..models import Issue
from ..permissions import check_can
from .issue_page import issue_context, page_of, visible_issue


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in FORMS:
        raise Http404
    shown = visible_issue(request, pk)
    user = person(request)
    if request.method != "POST":
        check_can(user, shown, verb)
    form = FORMS[verb](data(request), user=user, issue=shown)
    title = str(TRANSITIONS[verb].label)

    def act() -> None:
        STEPS[verb](shown, by=user, version=version(request), **form.arguments())

    return in_place(request, shown, form, title=title, name=verb, act=act)


def in_place(
    request: HttpRequest,
    shown: Issue,
    form: StepForm,
    *,
    title: str,
    name: str,
    act: Callable[[], Any],
    said: str = "",
    back: str = "",
) -> HttpResponse:
    """Show the form in the page or as its part; do what it asks; keep what was typed when that is refused."""
    asked = Asked(
        title=title, name=name, said=said, back=back or page_of(shown), version=shown.version,
        stale=_("您打开以后，别人也改了这件诉求。看过下面的变化，仍要这样办就再按一次。"),
    )  # fmt: skip

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "visits/_inform.html", {**opened, "issue": shown}, status=status)
        return render(request, "visits/issue.html", issue_context(request, shown, active=name, **opened), status=status)

    return take(request, form, asked, act, draw)
