"""A verb's form in place of «下一步» or on a page of its own, and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from unionops.casework.scans import papers_kept
from unionops.casework.views.steps import Asked, shown, take
from unionops.org.errors import Text
from unionops.org.views.answers import data, person, version

from ..actions.table import STEPS
from ..enums import TRANSITIONS, DisputeState, Verb
from ..forms.asking import Asking
from ..forms.steps import FORMS, AgreeForm
from ..models import Dispute
from ..papers.panel import ways_of
from ..permissions import check_can
from .finding import page_of, visible_dispute

# Pressed instead of the submit button: the form comes back with another row, or with the total split into instalments.
ARRANGE = "arrange"


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in FORMS:
        raise Http404
    case, user = visible_dispute(request, pk), person(request)
    if request.method != "POST":
        check_can(user, case, verb)
    form = FORMS[verb](data(request), request.FILES or None, user=user, dispute=case)

    def act(**fields: Any) -> None:
        STEPS[verb](case, by=user, version=version(request), **fields)

    return in_place(request, case, form, title=TRANSITIONS[verb].label, name=verb, act=act)


def in_place(
    request: HttpRequest, case: Dispute, form: Asking, *, title: Text, name: str, act: Callable[..., Any], said: Text = "",
    leads: str = "",
) -> HttpResponse:  # fmt: skip
    """Show the form as a part or as a page; do what it asks, its papers kept in the same transaction."""
    asked = Asked(
        title=title, name=name, said=said, back=page_of(case), version=case.version,
        leads=leads,
    )  # fmt: skip

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        part = bool(request.htmx)  # type: ignore[attr-defined]
        ways = ways_of(case, form.user) if name == Verb.CHOOSE_ROUTE and not part else []
        context = {**opened, "case": case, "state": DisputeState(case.state).label, "ways": ways}
        return render(request, "disputes/_inform.html" if part else "disputes/step.html", context, status=status)

    if request.method == "POST" and ARRANGE in request.POST:
        return shown(request, arranged(form, request.POST[ARRANGE]), asked, draw)

    def act_with_papers() -> None:
        fields = form.arguments()
        with papers_kept(form, form.papers, form.paper_place(), fields, by=form.user):
            act(**fields)

    return take(request, form, asked, act_with_papers, draw)


def arranged(form: Asking, how: str) -> Asking:
    """One more row, or the total in instalments; nothing that was typed is judged yet."""
    if how == "split" and isinstance(form, AgreeForm):
        return form.split()
    again = form.with_row() if form.rows is not None else form
    again.quiet()
    return again
