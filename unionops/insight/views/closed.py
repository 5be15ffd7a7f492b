"""Closed periods: what was reported, and beside it what the rows say today."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.org.enums import DISTRICT_WIDE, TOWN_ROLES
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation, User
from unionops.org.views.answers import person

from ..closing import frozen_periods
from ..models import Grain
from ..periods import Kind, containing

# As many closed periods as a table can show: two years of months, half a year of weeks.
MOST_SHOWN = 26


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    user = person(request)
    places = _places(user)
    shown = _chosen(places, request.GET.get("organisation", ""))
    text = request.GET.get("grain", Grain.MONTH)
    if text not in Grain.values:
        raise Http404("no such grain")
    grain = Grain(text)
    measures, periods = frozen_periods(shown.pk, grain, MOST_SHOWN)
    context = {
        "places": [(place.pk, str(place)) for place in places],
        "shown": shown,
        "grain": grain,
        "grains": [
            {
                "label": one.label,
                "url": f"{reverse('insight:closed')}?grain={one}&organisation={shown.pk}",
                "current": one == grain,
            }
            for one in Grain
        ],
        "measures": measures,
        "rows": [_row(grain, row) for row in periods],
    }
    return render(request, "insight/closed.html", context)


def _places(user: User) -> list[Organisation]:
    """The district and its towns for who works for all of it, else one's own towns."""
    scope = user.scope
    if not scope.has(*DISTRICT_WIDE, *TOWN_ROLES):
        raise NotAllowed(_("您的岗位没有看板。"), next_step=_("领导、驻联干部、镇街和科室可以看各自范围内的数。"))
    if scope.districts:
        found = Organisation.objects.filter(pk__in=scope.districts) | Organisation.objects.towns().filter(
            district__in=scope.districts
        )
    else:
        found = Organisation.objects.filter(pk__in=scope.towns)
    return list(found.order_by("path", "pk"))


def _chosen(places: list[Organisation], text: str) -> Organisation:
    if not text:
        return places[0]
    for place in places:
        if str(place.pk) == text:
            return place
    raise Http404("no such organisation")


def _row(grain: Grain, row: Any) -> dict[str, Any]:
    period = containing(row.starts_on, Kind(grain))
    return {
        "label": period.label,
        "url": f"{reverse('insight:board')}?period={period.code}",
        "closed_at": row.closed_at,
        "cells": [
            {"frozen": frozen, "now": now, "is_restated": frozen != now}
            for frozen, now in zip(row.frozen, row.now, strict=True)
        ],
    }
