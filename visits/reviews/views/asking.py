"""What the pages of this room share: a form in place of «下一步» or on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.casework.views.steps import Asked, take
from unionops.insight.asking import FIGURE_ROLES
from unionops.org.errors import InvalidTransition, NotAllowed
from unionops.org.models import User
from unionops.org.views.answers import person

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
    template: str = "reviews/step.html",
    **more: Any,
) -> HttpResponse:
    """Show the form as a part or as a page; do what it asks; keep what was typed when that is refused."""
    asked = Asked(
        title=title, back=back, version=version, said=said, raises=(InvalidTransition, NotAllowed)
    )  # fmt: skip

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        part = bool(request.htmx)  # type: ignore[attr-defined]
        context = {**opened, "crumbs": crumbs, **more}
        return render(request, "reviews/_inform.html" if part else template, context, status=status)

    return take(request, form, asked, act, draw)


def links_figures(user: User) -> bool:
    """Whether the lists behind figures open to this person."""
    return user.scope.has(*FIGURE_ROLES)
