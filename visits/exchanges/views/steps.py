"""A verb's form in place of «下一步», and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from unionops.casework.views.steps import arrived
from unionops.org.errors import ActionError, Conflict
from unionops.org.events import kind_of
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import data, person, told, version

from .. import permissions
from ..actions import decisions as decision_actions
from ..actions import exchanges as exchange_actions
from ..enums import DECISION_TRANSITIONS, EXCHANGE_TRANSITIONS
from ..forms.steps import DECISION_FORMS, EXCHANGE_FORMS, DecideForm, VerbForm
from ..models import Decision, Exchange
from .decisions import decision_context, page_of, visible_decision
from .meetings import address_of, exchange_context, visible


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in EXCHANGE_FORMS:
        raise Http404
    shown, user = visible(request, pk), person(request)
    if request.method != "POST":
        permissions.check_can(user, shown, verb)
    form = EXCHANGE_FORMS[verb](data(request), thing=shown)

    def act() -> None:
        exchange_actions.STEPS[verb](shown, by=user, version=version(request), **form.arguments())

    return in_place(request, shown, form, title=str(EXCHANGE_TRANSITIONS[verb].label), name=verb, act=act)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible(request, pk), person(request)
    if request.method != "POST":
        permissions.check_may_minute(user, shown)
    form = DecideForm(data(request), thing=shown)
    return in_place(
        request, shown, form, title=_("记议定事项"), name="decide", said=_("议定事项已记下，责任人会收到通知。"),
        act=lambda: decision_actions.decide(shown, by=user, **form.arguments()),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def decision_step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in DECISION_FORMS:
        raise Http404
    shown, user = visible_decision(request, pk), person(request)
    if request.method != "POST":
        permissions.check_can_decision(user, shown, verb)
    form = DECISION_FORMS[verb](data(request), thing=shown)

    def act() -> None:
        decision_actions.STEPS[verb](shown, by=user, version=version(request), **form.arguments())

    return in_place(request, shown, form, title=str(DECISION_TRANSITIONS[verb].label), name=verb, act=act)


def in_place(
    request: HttpRequest, shown: Exchange | Decision, form: VerbForm, *, title: str, name: str, act: Callable[[], Any],
    said: str = "",
) -> HttpResponse:  # fmt: skip
    """Show the form in the page or as its part; do what it asks; keep what was typed when that is refused."""
    back = address_of(shown) if isinstance(shown, Exchange) else page_of(shown)
    status, current = 200, shown.version
    changes: list[dict[str, str]] = []
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                act()
            except Conflict as conflict:
                # The form comes back with the version of now: whoever still wants it presses once more.
                current, changes, status = conflict.current_version, told(conflict), 409
                form.add_error(None, _("您打开以后，别人也动了这里。看过下面的变化，仍要这样办就再按一次。"))
            except ActionError as error:
                # Also what one may not do: the step of an issue has its own guards, and the words typed are kept.
                status = error.status
                refuse(form, error)
            else:
                done = said or _("%(verb)s：已办好。") % {"verb": title}
                return arrived(request, done, back)
    opened = {
        "form": form, "action": request.path, "title": title, "name": name, "version": current,
        "changes": changes, "close_url": back,
    }  # fmt: skip
    if request.htmx:  # type: ignore[attr-defined]
        # A refusal is drawn where the form stands; htmx swaps these two only.
        response = render(request, "casework/_inform.html", opened, status=422 if status == 403 else status)
    else:
        kind = kind_of(shown)
        context_of: Callable[..., dict[str, Any]] = (
            exchange_context if isinstance(shown, Exchange) else decision_context
        )
        context = context_of(request, shown, active=name, **opened)
        response = render(request, f"exchanges/{kind}.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response
