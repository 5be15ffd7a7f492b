"""The book of a place for whoever keeps it, and the page where everybody may ask for an hour."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.counter.actions.receipts import receipt_url
from unionops.counter.doors import open_door, verified_door
from unionops.counter.visitors import visitor_of
from unionops.org.errors import ActionError, TooMany
from unionops.org.forms.fields import refuse
from unionops.org.views.answers import Step, data, person, step

from ..places.hours import in_one_line, spell
from ..places.models import Place
from ..places.views.finding import visible_place
from ..places.views.public import published_place
from ..shapes import kind_for
from . import actions, outside, queries
from .enums import TRANSITIONS
from .forms import DeskForm, PublicBookForm, form_of
from .models import Booking
from .permissions import check_bookable, check_books, check_step, refused_steps, steps_of

ROWS = 50


@require_safe
def bookings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What comes, the nearest first; what was, the latest first."""
    place, user = visible_place(request, pk), person(request)
    check_books(user, place)
    is_past, now = request.GET.get("tab") == "past", timezone.now()
    rows = Booking.objects.filter(place=place)
    rows = rows.filter(ends__lte=now).order_by("-starts", "-pk") if is_past else rows.filter(ends__gt=now)
    text = request.GET.get("from", "")
    begin = int(text) if text.isdecimal() and len(text) < 6 else 0
    found = list(rows[begin : begin + ROWS + 1])
    for one in found:
        # The person's place in it is the same for every row.
        one.place = place
    tab = "tab=past&" if is_past else ""
    context = {
        "place": place, "is_past": is_past, "year": queries.year(place, timezone.localdate().year),
        "rows": [{**queries.shown(one), "offers": _offers(user, one), "waiting": _waiting(user, one)} for one in found[:ROWS]],
        "may_book": not refusal(check_bookable, place),
        "next_url": f"{request.path}?{tab}from={begin + ROWS}" if len(found) > ROWS else "",
        "first_url": f"{request.path}?{tab}" if begin else "",
    }  # fmt: skip
    return render(request, "bookings/bookings.html", context)


def _offers(user: Any, one: Booking) -> list[dict[str, Any]]:
    rows = [TRANSITIONS[verb] for verb in steps_of(user, one)]
    return [
        {"url": reverse("bookings:step", args=[one.pk, row.verb]), "label": row.label, "glyph": row.icon, "usual": row.usual}
        for row in rows
    ]  # fmt: skip


def _waiting(user: Any, one: Booking) -> list[tuple[Any, str]]:
    """What this state would allow but for something else, with the reason: the hour has not come."""
    return [
        (TRANSITIONS[verb].label, str(error))
        for verb, error in refused_steps(user, one)
        if one.state in TRANSITIONS[verb].sources
    ]


@sensitive_post_parameters("phone")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    place, user = visible_place(request, pk), person(request)
    check_books(user, place)
    check_bookable(place)
    form = DeskForm(data(request), place=place)
    asked = Step(
        title=_("登记预约"), submit=_("登记"), back=reverse("bookings:bookings", args=[pk]), text=_hours_words(place)
    )
    return step(request, form, asked, lambda: actions.book(place, by=user, **form.given()), _("已约好。"))


def _hours_words(place: Place) -> str:
    return _("开放时间：%(hours)s") % {"hours": in_one_line(place.hours)}


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    user = person(request)
    rows = Booking.objects.visible_to(user).select_related("place__programme", "place__town")
    one = get_object_or_404(rows, pk=pk)
    if verb not in TRANSITIONS:
        raise Http404
    check_step(user, one, verb)
    form: Any = form_of(verb, data(request), one)
    label = TRANSITIONS[verb].label
    asked = Step(
        title=label, submit=label, back=reverse("bookings:bookings", args=[one.place_id]),
        effects=[(_("时间"), f"{one.day.isoformat()} {one.clock}"), (_("房间"), one.room_words), (_("预约人"), one.name)],
    )  # fmt: skip

    def act() -> Any:
        known = {key: value for key, value in form.cleaned_data.items() if key in ("reason", "people")}
        return actions.take(one, verb, by=user, **known)

    return step(request, form, asked, act, _("%(verb)s：已办好。") % {"verb": label})


# --- without an account


def _bookable(code: str) -> Place:
    place = published_place(code)
    if refusal(check_bookable, place):
        raise Http404
    return place


@open_door
@require_safe
def public(request: HttpRequest, code: str) -> HttpResponse:
    """When it is open and what is taken; who took it is nobody's business."""
    place = _bookable(code)
    days: dict[Any, list[dict[str, str]]] = {}
    for one in queries.taken(place):
        days.setdefault(one.day, []).append({"clock": one.clock, "room": one.room_words})
    context = {"place": place, "hours": spell(place.hours), "days": list(days.items()), "shown": queries.DAYS_SHOWN}
    context["shows_capacity"] = "capacity" in kind_for(place.programme.shape).published(place.programme)
    return render(request, "bookings/public.html", context)


@verified_door
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    place, visitor = _bookable(code), visitor_of(request)
    assert visitor is not None
    form = PublicBookForm(data(request), place=place)
    if form.is_bound and form.is_valid():
        try:
            _made, receipt = outside.book(place, form.given(), visitor=visitor)
        except TooMany:
            raise
        except ActionError as error:
            refuse(form, error)
        else:
            return HttpResponseRedirect(receipt_url(receipt))
    context = {"place": place, "form": form, "visitor": visitor, "hours": spell(place.hours)}
    response = render(request, "bookings/ask.html", context, status=422 if form.is_bound else 200)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response
