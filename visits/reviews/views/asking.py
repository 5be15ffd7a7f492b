"""What the pages of this room share: a form in place of «下一步» or on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from unionops.insight.asking import FIGURE_ROLES
from unionops.org.errors import ActionError, Conflict, InvalidTransition, NotAllowed
from unionops.org.forms.fields import refuse
from unionops.org.models import User
from unionops.org.views.answers import person, told

from ..forms.steps import Asking
from ..models import Review

Crumbs = Sequence[tuple[str, str]]


def visible_review(request: HttpRequest, pk: UUID) -> Review:
    return get_object_or_404(Review.objects.visible_to(person(request)).select_related("deadline", "district"), pk=pk)


def crumbs_of(review: Review, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("年评议"), reverse("reviews:reviews")),
        (review.title, reverse("reviews:review", args=[review.pk])),
        *more,
    ]


def arrived(request: HttpRequest, said: str, back: str, *, draft: str = "") -> HttpResponse:
    """The step is done: go where it leads, and let go of the draft on this device."""
    messages.success(request, said, extra_tags=f"draft-done:{draft}" if draft else "")
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(back)
    return HttpResponseRedirect(back)


def ask(
    request: HttpRequest,
    form: Asking,
    act: Callable[[], Any],
    *,
    title: str,
    crumbs: Crumbs,
    back: str,
    said: str = "",
    version: int | None = None,
    draft: str = "",
    template: str = "reviews/step.html",
    **more: Any,
) -> HttpResponse:
    """Show the form as a part or as a page; do what it asks; keep what was typed when that is refused."""
    status, changes = 200, []
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                act()
            except (InvalidTransition, NotAllowed):
                raise
            except Conflict as conflict:
                version, changes, status = conflict.current_version, told(conflict), 409
                form.add_error(None, _("您打开以后，别人也改了这里。看过下面的变化，仍要这样办就再按一次。"))
            except ActionError as error:
                refuse(form, error)
            else:
                return arrived(request, said or _("%(verb)s：已办好。") % {"verb": title}, back, draft=draft)
    context = {
        "form": form, "title": title, "crumbs": crumbs, "back": back, "version": version, "draft": draft,
        "changes": changes, **more,
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    response = render(request, "reviews/_inform.html" if part else template, context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def links_figures(user: User) -> bool:
    """Whether the lists behind figures open to this person."""
    return user.scope.has(*FIGURE_ROLES)
