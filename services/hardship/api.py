"""Files of households in hardship over HTTP, to be read: who it is for is masked, members and their numbers never leave."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from unionops.casework.api.records import ClockField
from unionops.org.api import filters
from unionops.org.api.endpoints import Endpoint, Listing, Order, answer, page_of
from unionops.org.api.records import LabelField, MaskedNameField, Reader, UnitField
from unionops.org.models import User

from .enums import Category, Cause, ExitReason, FileState
from .models import HouseholdFile

TAG = "services"
RESOURCES = ("households",)


class HouseholdRecord(serializers.Serializer):
    """困难职工档案. ``claim`` is the application with which it began."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    claim = serializers.UUIDField(source="claim_id")
    applicant = MaskedNameField("applicant_name")
    town = UnitField("town")
    organisation = UnitField("organisation")
    state = serializers.ChoiceField(FileState.choices)
    state_label = LabelField("state", FileState)
    category = serializers.CharField()
    main_cause = serializers.CharField()
    registered_at = serializers.DateTimeField()
    opened_on = serializers.DateField(allow_null=True)
    exited_on = serializers.DateField(allow_null=True)
    exit_reason = serializers.CharField()
    national_number = serializers.CharField()
    version = serializers.IntegerField()
    clock = ClockField()


READER = Reader(HouseholdRecord, "id", "registered_at")


def _open(rows: QuerySet, value: bool, user: User) -> QuerySet:
    return (
        rows.exclude(state__in=HouseholdFile.END_STATES) if value else rows.filter(state__in=HouseholdFile.END_STATES)
    )


class HouseholdList(Listing):
    tag, name = TAG, "households"
    model = HouseholdFile
    reader = READER
    order = Order("registered_at", descending=True)
    summaries: ClassVar = {"GET": gettext_lazy("困难职工档案，新的在前")}
    answers: ClassVar = {"GET": page_of(HouseholdRecord)}
    filters: ClassVar = [
        filters.choice("state", FileState),
        filters.choice("category", Category),
        filters.choice("main_cause", Cause),
        filters.choice("exit_reason", ExitReason),
        filters.flag("open", _open, gettext_lazy("还没有了结")),
        filters.key("town"),
    ]


class HouseholdDetail(Endpoint):
    tag, name = TAG, "household"
    summaries: ClassVar = {"GET": gettext_lazy("一份困难职工档案")}
    answers: ClassVar = {"GET": HouseholdRecord}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        record = READER.one(HouseholdFile.objects.visible_to(request.user).filter(pk=pk), self.asker)  # type: ignore[arg-type]
        if record is None:
            raise Http404
        return answer(record)


urlpatterns: list[URLPattern] = [
    path("households/", HouseholdList.as_view(), name="households"),
    path("households/<uuid:pk>/", HouseholdDetail.as_view(), name="household"),
]
