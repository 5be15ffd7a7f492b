"""Closed periods: what was reported, and beside it what the rows say today."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from unionops.org.api.filters import Wrong, read_key
from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation, User
from unionops.org.views.answers import person

from .. import rollups
from ..closing import Frozen, Measure, Span, frozen_period, frozen_periods, late_changes
from ..models import Grain
from ..opening import addresses
from ..periods import Kind, Period, containing, parse
from ..summaries import home_of, places

# As many closed periods as a table can show: two years of months, half a year of weeks.
MOST_SHOWN = 26
MOST_OFFERED = 200
# Where the page tells what has changed since.
LATE = "#late-h"
# A number of the sentence that was frozen with the figures, or that there was nothing to divide by.
TOLD = re.compile(r"[\d,]+(?:\.\d+ %)?|—")


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = chosen(user, request.GET.get("organisation", ""))
    text = request.GET.get("grain", Grain.MONTH)
    if text not in Grain.values:
        raise Http404("no such grain")
    grain = Grain(text)
    measures, periods = frozen_periods(shown.pk, grain, MOST_SHOWN)
    context = {
        "places": _offered(user, shown),
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
        "measures": [measure.name for measure in measures],
        "rows": [_row(user, shown, measures, containing(row.starts_on, Kind(grain)), row) for row in periods],
    }
    return render(request, "insight/closed.html", context)


@require_safe
def closed_period(request: HttpRequest, code: str) -> HttpResponse:
    """One closed period: what was reported, what it would be today, and what has happened in between."""
    user = person(request)
    shown = chosen(user, request.GET.get("organisation", ""))
    period = parse(code)
    found = frozen_period(shown.pk, period.kind, period.first)
    if found is None:
        raise Http404("no such closed period")
    measures, row = found
    opens = addresses(user, shown, period)
    changes = late_changes(user, Span(shown, (period.first, period.last), row.closed_at))
    moved = {measure.code for measure, frozen, now in zip(measures, row.frozen, row.now, strict=True) if frozen != now}
    # A figure that has moved since opens what moved it, every other one its rows.
    codes = {*opens, *(measure.code for measure in measures)}
    frozen_opens = {code: LATE if _parts(code) & moved else opens.get(code, "") for code in codes}
    context = {
        "period": period,
        "shown": shown,
        "closed_at": row.closed_at,
        "text": list(_told(row.text, frozen_opens)),
        "back": f"{reverse('insight:closed')}?grain={period.kind}&organisation={shown.pk}",
        "measures": [
            {
                "name": measure.name,
                "frozen": frozen,
                "now": now,
                "frozen_url": frozen_opens.get(measure.code),
                "url": opens.get(measure.code),
                "difference": f"{now - frozen:+d}" if now != frozen else "",
            }
            for measure, frozen, now in zip(measures, row.frozen, row.now, strict=True)
        ],
        "changes": [change._replace(quote=change.quote.strip()) for change in changes],
    }
    return render(request, "insight/closed_period.html", context)


def _parts(code: str) -> set[str]:
    """The measures of which a figure of the rollups is made: of a rate its part and its whole."""
    return next((set(spec.rates[code]) for spec in rollups.specs() if code in spec.rates), {code})


def _told(text: str, opens: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(words, address) of the pieces of a frozen sentence; one that was written otherwise is no more than its words."""
    codes = [code for spec in rollups.specs() for code in spec.told]
    numbers = list(TOLD.finditer(text))
    if len(numbers) != len(codes):
        codes, numbers = [], []
    end = 0
    for code, number in zip(codes, numbers, strict=True):
        yield text[end : number.start()], ""
        yield number[0], opens.get(code, "") if number[0] != "—" else ""
        end = number.end()
    yield text[end:], ""


def chosen(user: User, text: str) -> Organisation:
    """The organisation of the address if this person may read its figures, else where the person begins."""
    found = places(user)
    if not text:
        return found.get(pk=home_of(user))
    try:
        return found.get(pk=read_key(text))
    except (Wrong, Organisation.DoesNotExist) as error:
        raise Http404("no such organisation") from error


def _offered(user: User, shown: Organisation) -> list[tuple[int, str]]:
    """What one can go to from here: what is directly below, and the way back up as far as one may read."""
    nodes = places(user)
    near = nodes.filter(
        Q(parent=shown.pk) | Q(parent=shown.parent_id, kind=OrganisationKind.TOWN) | Q(pk__in=_above(shown))
    )
    return [(place.pk, str(place)) for place in near.order_by("path", "pk")[:MOST_OFFERED]]


def _above(shown: Organisation) -> list[int]:
    return [int(key) for key in shown.path.split(".") if key]


def _row(user: User, shown: Organisation, measures: Sequence[Measure], period: Period, row: Frozen) -> dict[str, Any]:
    opens = addresses(user, shown, period)
    page = reverse("insight:closed_period", args=[period.code])
    return {
        "label": period.label,
        "url": f"{page}?organisation={shown.pk}",
        "closed_at": row.closed_at,
        "cells": [
            {"frozen": frozen, "now": now, "is_restated": frozen != now, "url": opens.get(measure.code)}
            for measure, frozen, now in zip(measures, row.frozen, row.now, strict=True)
        ],
    }
