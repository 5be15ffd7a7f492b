"""Rollups over HTTP: the data of a dashboard, of an organisation and of what stands directly below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from unionops.joining import listed
from unionops.org.api.endpoints import Endpoint, answer
from unionops.org.api.filters import Wrong, read_key

from .. import summaries
from ..models import Grain
from ..summaries import Summary


class Period(serializers.Serializer):
    """Counts by the code of their measure, rates in per cent; a rate of nothing is null."""

    organisation = serializers.IntegerField()
    starts_on = serializers.DateField()
    counts = serializers.DictField(child=serializers.IntegerField())
    rates = serializers.DictField(child=serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True))


class Answer(serializers.Serializer):
    organisation = serializers.IntegerField()
    grain = serializers.ChoiceField(Grain.choices)
    results = Period(many=True)
    below = Period(many=True)


class Rollups(Endpoint):
    tag, name = "insight", "rollups"
    summaries: ClassVar = {"GET": gettext_lazy("汇总数：本单位各期，以及最后一期直接下级的数")}
    answers: ClassVar = {"GET": Answer}

    def parameters(self, method: str) -> list[OpenApiParameter]:
        return [
            OpenApiParameter("organisation", OpenApiTypes.INT64, description=_("单位；不写是自己的")),
            OpenApiParameter("grain", {"type": "string", "enum": Grain.values, "default": Grain.MONTH}),
            OpenApiParameter("since", OpenApiTypes.DATE, description=_("期间的第一天不早于")),
            OpenApiParameter("until", OpenApiTypes.DATE, description=_("期间的第一天不晚于")),
        ]

    def get(self, request: Request) -> HttpResponse:
        asked = self.no_query(frozenset({"organisation", "grain", "since", "until"}))
        grain = asked.get("grain", Grain.MONTH)
        if grain not in Grain.values:
            raise ValidationError({"grain": [_("可用：%(tabs)s。") % {"tabs": listed(Grain.values)}]})
        days = {name: self._day(asked[name], name) for name in ("since", "until") if asked.get(name)}
        user: Any = request.user
        try:
            place = read_key(asked["organisation"]) if asked.get("organisation") else summaries.home_of(user)
        except Wrong as wrong:
            raise ValidationError({"organisation": [str(wrong)]}) from wrong
        if not summaries.may_read(user, place):
            raise Http404
        found, children = summaries.read(place, grain, **days)
        return answer(
            {"organisation": place, "grain": grain, "results": list(_told(found)), "below": list(_told(children))}
        )

    def _day(self, text: str, name: str) -> Any:
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None:
            raise ValidationError({name: [_("应为日期，如 2026-06-30。")]})
        return day


def _told(found: Iterable[Summary]) -> Iterable[dict[str, Any]]:
    rates = summaries.rates()
    for one in found:
        yield {
            "organisation": one.organisation_id,
            "starts_on": one.starts_on,
            "counts": one.counts,
            "rates": one.rates(rates),
        }
