"""A verb's form in place of «下一步» or on a page of its own, and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from unionops.casework.scans import papers_kept
from unionops.casework.views.steps import Asked, take
from unionops.org.views.answers import data, person, version

from ..actions import cases as actions
from ..permissions import check_can
from ..queries import page_of
from ..shapes import kind_for
from .finding import visible_case


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, shape: str, verb: str) -> HttpResponse:
    kind = kind_for(shape)
    if verb not in kind.forms:
        raise Http404
    shown, user = visible_case(request, shape, pk), person(request)
    if request.method != "POST":
        check_can(user, shown, verb)
    form = kind.forms[verb](data(request), request.FILES or None, user=user, case=shown, verb=verb)
    label = shown.programme.word("verb", verb, kind.table[verb].label)
    asked = Asked(title=label, name=verb, back=page_of(shown), version=shown.version)

    def act() -> None:
        fields = form.arguments()
        with papers_kept(form, form.paper_fields, shown, fields, by=user):
            actions.take(shown, verb, by=user, version=version(request), **fields)

    return take(request, form, asked, act, drawing(request, shown))


def drawing(request: HttpRequest, shown: Any) -> Any:
    """Draws the form as a part of the page of the case, or on a page of its own."""

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        part = bool(request.htmx)  # type: ignore[attr-defined]
        context = {**opened, "case": shown, "state": shown.state_words}
        return render(request, "casework/_inform.html" if part else "services/step.html", context, status=status)

    return draw
