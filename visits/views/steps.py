"""A verb's form in place of «下一步», and the step itself; what was typed survives every refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import data, person, told, version

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
    back = back or page_of(shown)
    status = 200
    current = shown.version
    changes: list[dict[str, str]] = []
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                act()
            except NotAllowed:
                raise
            except Conflict as conflict:
                # The form comes back with the version of now: whoever still wants it presses once more.
                current, changes, status = conflict.current_version, told(conflict), 409
                form.add_error(None, _("您打开以后，别人也改了这件诉求。看过下面的变化，仍要这样办就再按一次。"))
            except ActionError as error:
                refuse(form, error)
            else:
                return _done(
                    request, said or _("%(verb)s：已办好。") % {"verb": title}, back, draft=f"{name}:{shown.pk}"
                )
    opened = {
        "form": form,
        "action": request.path,
        "title": title,
        "name": name,
        "draft": f"{name}:{shown.pk}",
        "version": current,
        "changes": changes,
        "close_url": back,
        "issue": shown,
    }
    if request.htmx:  # type: ignore[attr-defined]
        response = render(request, "visits/_inform.html", opened, status=status)
    else:
        context = issue_context(request, shown, active=name, **{k: v for k, v in opened.items() if k != "issue"})
        response = render(request, "visits/issue.html", context, status=status)
    response.is_refused_form = isinstance(form, BaseForm) and form.is_bound  # type: ignore[attr-defined]
    return response


def _done(request: HttpRequest, said: str, back: str, *, draft: str) -> HttpResponse:
    messages.success(request, said, extra_tags=f"draft-done:{draft}")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(back)
    return HttpResponseRedirect(back)
