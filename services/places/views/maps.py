"""The map of a programme and its list: the same places in the same order, for those who see a map and those who do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.casework.paging import capped_count
from unionops.casework.permissions import refusal
from unionops.org.views.answers import person

from ...models import Programme
from ...permissions import check_may_register
from ...shapes import kind_for
from .. import geo
from ..enums import RepairState
from ..forms.finding import PlaceFilter
from ..models import Place, PlaceQuerySet, Repair
from ..permissions import check_plans
from ..queries import (
    LIST_ROWS,
    MOST_SHOWN,
    Shown,
    Wanted,
    due_for_inspection,
    markers,
    shown_places,
    wanted_places,
)
from .finding import place_programme


@require_safe
def place_map(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = place_programme(request, code), person(request)
    places = Place.objects.visible_to(user).filter(programme=programme)
    context = listing(request, programme, places, reverse("places:map_data", args=[code]))
    context |= {
        "programme": programme,
        "page_of": lambda row: reverse("services:place", args=[row.pk]),
        "may_register": not refusal(check_may_register, user, programme),
        "may_plan": not refusal(check_plans, user, programme),
        "links": [
            {"label": _("巡查和报修"), "url": reverse("places:upkeep", args=[code]), "glyph": "clipboard-check"},
            {"label": _("建设规划"), "url": reverse("places:plans", args=[code]), "glyph": "bar-chart-steps"},
            {"label": _("选址建议"), "url": reverse("places:suggestions", args=[code]), "glyph": "geo-alt"},
        ],
    }
    return render(request, "places/map.html", context)


@require_safe
def map_data(request: HttpRequest, code: str) -> JsonResponse:
    programme = place_programme(request, code)
    return data_of(request, programme, Place.objects.visible_to(person(request)).filter(programme=programme))


def listing(
    request: HttpRequest, programme: Programme, places: PlaceQuerySet, data_url: str, *, is_public: bool = False
) -> dict[str, Any]:
    """What the map and the list of a page share; it costs the same whatever the number of places."""
    form = PlaceFilter(request.GET, programme=programme, is_public=is_public)
    wanted, now = form.wanted(), timezone.now()
    found = wanted_places(places, wanted, now)
    first = _first(request)
    rows = shown_places(found, wanted, now, first, min(LIST_ROWS, MOST_SHOWN - first) + 1)
    more = len(rows) > LIST_ROWS and first + LIST_ROWS < MOST_SHOWN
    count = first + len(rows) if len(rows) <= LIST_ROWS else capped_count(found)
    query = request.GET.copy()
    query.pop("from", None)
    following = query.copy()
    following["from"] = str(first + LIST_ROWS)
    return {
        "filter": form,
        "rows": [_told(row, programme) if is_public else row for row in rows[:LIST_ROWS]],
        "wanted": wanted,
        "count": f"{count - 1}+" if count > 1000 else str(count),
        "is_filtered": form.is_asked,
        "is_placed": bool(wanted.near or wanted.box),
        "here": request.path,
        "first_url": f"{request.path}?{query.urlencode()}" if first else "",
        "next_url": f"{request.path}?{following.urlencode()}" if more else "",
        "data_url": f"{data_url}?{query.urlencode()}" if query else data_url,
        "tiles": settings.UNIONOPS_MAP_TILES,
        "credit": settings.UNIONOPS_MAP_CREDIT,
        "system": settings.UNIONOPS_MAP_SYSTEM,
        "most": MOST_SHOWN,
        "keep": [(name, request.GET[name]) for name in ("near", "box") if request.GET.get(name)],
    }


def _told(row: Shown, programme: Programme) -> Shown:
    """As the programme lets anybody read it."""
    told = kind_for(programme.shape).published(programme)
    return replace(
        row, facilities=row.facilities if "facilities" in told else [], stars=row.stars if "stars" in told else 0
    )


def _first(request: HttpRequest) -> int:
    text = request.GET.get("from", "")
    first = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    return min(first, MOST_SHOWN - LIST_ROWS)


def data_of(
    request: HttpRequest, programme: Programme, places: PlaceQuerySet, *, is_public: bool = False
) -> JsonResponse:
    """The same places as the list, all of its pages at once."""
    wanted, now = PlaceFilter(request.GET, programme=programme, is_public=is_public).wanted(), timezone.now()
    rows: list[Shown] = shown_places(wanted_places(places, wanted, now), wanted, now, 0, MOST_SHOWN + 1)
    urls = {row.code: page_url(row, is_public=is_public) for row in rows}
    found = [{**one, "url": urls[one["key"]]} for one in markers(rows[:MOST_SHOWN], settings.UNIONOPS_MAP_SYSTEM)]
    return JsonResponse({"places": found, "more": len(rows) > MOST_SHOWN, "near": _there(wanted)})


def page_url(row: Shown, *, is_public: bool) -> str:
    return reverse("places:public_place", args=[row.code]) if is_public else reverse("services:place", args=[row.pk])


def _there(wanted: Wanted) -> list[float] | None:
    if wanted.near is None:
        return None
    point = geo.from_wgs84(wanted.near, settings.UNIONOPS_MAP_SYSTEM)
    return [point.latitude, point.longitude]


MOST_ROWS = 50


@require_safe
def upkeep(request: HttpRequest, code: str) -> HttpResponse:
    """What is to be inspected, and what is to be mended."""
    programme, user = place_programme(request, code), person(request)
    today = timezone.localdate()
    due = due_for_inspection(programme, user, today)
    places = list(due.select_related("town")[: MOST_ROWS + 1])
    repairs = Repair.objects.visible_to(user).filter(place__programme=programme, closed_on=None)
    shown = list(repairs.select_related("place__town").order_by("due_on", "pk")[: MOST_ROWS + 1])
    context = {
        "programme": programme, "today": today, "due": places[:MOST_ROWS], "more_due": len(places) > MOST_ROWS,
        "repairs": shown[:MOST_ROWS], "more_repairs": len(shown) > MOST_ROWS,
        "every": programme.limit("inspect_days", 90), "may_plan": not refusal(check_plans, user, programme),
        "open_state": RepairState.OPEN,
    }  # fmt: skip
    return render(request, "places/upkeep.html", context)
