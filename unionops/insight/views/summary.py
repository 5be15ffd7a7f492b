"""汇总: one union by its periods, and what stands directly below it; read from rollups, so the nation is as quick as a town."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation
from unionops.org.views.answers import person

from .. import indicators, rollups, summaries
from ..models import Grain
from ..opening import addresses
from ..periods import Kind, PeriodError, containing, parse
from ..summaries import Summary
from .closed import chosen

# As many periods as one looks over at once: two years of months.
MOST_SHOWN = 26


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    user = person(request)
    shown = chosen(user, request.GET.get("organisation", ""))
    grain = request.GET.get("grain", Grain.MONTH)
    if grain not in Grain.values:
        raise Http404("no such grain")
    found = summaries.series(shown.pk, grain)[-MOST_SHOWN:][::-1]
    starts_on = _start(request.GET.get("period", ""), grain) or (found[0].starts_on if found else None)
    asked = containing(starts_on, Kind(grain)) if starts_on else None
    children = summaries.below(shown.pk, grain, starts_on) if starts_on else []
    units = Organisation.objects.in_bulk([one.organisation_id for one in children])
    here = f"{reverse('insight:summary')}?grain={grain}&organisation="
    context = {
        "shown": shown,
        "grain": grain,
        "grains": [
            {"label": one.label, "url": f"{reverse('insight:summary')}?grain={one}&organisation={shown.pk}", "current": one == grain}
            for one in Grain
        ],
        "up": [{"name": str(one), "url": f"{here}{one.pk}"} for one in _above(user, shown)],
        "columns": [*_measures(), *(indicator.name for indicator in _rates())],
        "period": asked.label if asked else "",
        "periods": [
            _row(one, period.label, f"{here}{shown.pk}&period={period.code}", addresses(user, shown, period))
            for one in found
            for period in (containing(one.starts_on, Kind(grain)),)
        ],
        "below": [
            _row(one, unit.name, f"{here}{unit.pk}", addresses(user, unit, asked)) for one in children if asked
            for unit in (units[one.organisation_id],)
        ],
        "is_upper": shown.kind == OrganisationKind.UPPER,
    }  # fmt: skip
    return render(request, "insight/summary.html", context)


def _start(text: str, grain: str) -> Any:
    if not text:
        return None
    period = parse(text)
    if period.kind != grain:
        raise PeriodError(str(period.label), field="period")
    return period.first


def _above(user: Any, shown: Organisation) -> list[Organisation]:
    keys = [int(key) for key in shown.path.split(".") if key and int(key) != shown.pk]
    return list(summaries.places(user).filter(pk__in=keys).order_by("path"))


def _measures() -> list[Any]:
    return [spec.rollup._meta.get_field(measure).verbose_name for spec in rollups.specs() for measure in spec.measures]  # type: ignore[union-attr]


def _rates() -> list[Any]:
    return [indicators.find(code) for spec in rollups.specs() for code in spec.rates]


def _row(one: Summary, label: str, url: str, opens: Mapping[str, str]) -> Mapping[str, Any]:
    counts = [{"said": f"{count:,}", "url": opens.get(measure)} for measure, count in one.counts.items()]
    shares = [
        {"said": "—", "url": None} if rate is None else {"said": f"{rate} %", "url": opens.get(code)}
        for code, rate in one.rates(summaries.rates()).items()
    ]
    return {"label": label, "url": url, "cells": [*counts, *shares]}
