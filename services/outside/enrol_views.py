"""Pages for people without an account: activities to come to, classes for children, places to wish for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unionops.counter.actions.receipts import receipt_url
from unionops.counter.doors import open_door, verified_door
from unionops.counter.models import Receipt
from unionops.counter.visitors import visitor_of
from unionops.org.errors import ActionError, InvalidTransition, TooMany
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import data

from ..activities.models import Activity
from ..activities.queries import public_face
from ..childcare.enums import RULE_VERSION
from . import enrolling, suggesting
from .enrol_forms import BringForm, EnrolForm, WishForm

ROWS = 30


@open_door
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    return _list(request, children=False)


@open_door
@require_safe
def classes(request: HttpRequest) -> HttpResponse:
    return _list(request, children=True)


def _list(request: HttpRequest, *, children: bool) -> HttpResponse:
    text = request.GET.get("from", "")
    begin = int(text) if text.isdecimal() and len(text) < 6 else 0
    found = list(enrolling.activities(children=children)[begin : begin + ROWS + 1])
    context = {
        "children": children, "next_url": f"{request.path}?from={begin + ROWS}" if len(found) > ROWS else "",
        "rows": [{"activity": row, "places": enrolling.places_words(row)} for row in found[:ROWS]],
    }  # fmt: skip
    return render(request, "outside/activities.html", context)


def _activity(pk: UUID) -> Activity:
    return get_object_or_404(enrolling.activities(), pk=pk)


@open_door
@require_safe
def activity(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _activity(pk)
    children = enrolling.is_for_children(row)
    context = {
        "activity": row, "face": public_face(row), "places": enrolling.places_words(row), "is_late": enrolling.is_late(row),
        "children": children, "file": row.class_file if children else None,
    }  # fmt: skip
    return render(request, "outside/activity.html", context)


@verified_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, visitor = _activity(pk), visitor_of(request)
    assert visitor is not None
    if enrolling.is_late(row):
        raise InvalidTransition(_("报名已在 %(day)s 截止。") % {"day": row.enrol_until})
    context = {"activity": row, "visitor": visitor, "version": RULE_VERSION}
    if enrolling.is_for_children(row):
        bring = BringForm(data(request), activity=row, visitor=visitor)
        return _ask(request, bring, lambda: enrolling.bring_child(row, bring.given(), visitor=visitor), "outside/bring.html", context)  # fmt: skip
    form = EnrolForm(data(request), activity=row)
    return _ask(request, form, lambda: enrolling.come_in(row, form.given(), visitor=visitor), "outside/enrol.html", context)  # fmt: skip


@verified_door
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, programme: int) -> HttpResponse:
    found, visitor = get_object_or_404(suggesting.programmes(), pk=programme), visitor_of(request)
    assert visitor is not None
    form = WishForm(data(request), programme=found)
    context = {"programme": found}
    return _ask(request, form, lambda: suggesting.suggest(found, visitor=visitor, **form.given()), "outside/wish.html", context)  # fmt: skip


@open_door
@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    """Which kind of place somebody would like."""
    return render(request, "outside/wishes.html", {"programmes": suggesting.programmes()})


def _ask(
    request: HttpRequest, form: Any, act: Callable[[], tuple[Any, Receipt]], template: str, context: dict[str, Any]
) -> HttpResponse:
    """Draw the form, or do it and show the receipt."""
    if form.is_bound and form.is_valid():
        try:
            _made, receipt = act()
        except TooMany:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(receipt_url(receipt))
    response = render(request, template, {**context, "form": form}, status=422 if form.is_bound else 200)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response
