"""Care classes over HTTP, to be read: what a class has beside its activity. Nothing of the children: each reading of a child's
data is asked for, granted and written down on the pages (domain 5.5)."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from unionops.org.api import filters
from unionops.org.api.endpoints import Endpoint, Listing, Order, answer, page_of
from unionops.org.api.records import Reader
from unionops.org.models import User

from ..activities.enums import ActivityState
from ..activities.models import Activity
from .models import ClassFile

TAG = "services"
RESOURCES = ("care-classes",)


class CareClassRecord(serializers.Serializer):
    """托管班. ``activity`` is the class as an activity, with its places and enrolments."""

    id = serializers.IntegerField()
    activity = serializers.UUIDField(source="activity_id")
    number = serializers.CharField(source="activity.number")
    title = serializers.CharField(source="activity.title")
    state = serializers.ChoiceField(ActivityState.choices, source="activity.state")
    season = serializers.CharField()
    starts_on = serializers.DateField(source="activity.starts_on", allow_null=True)
    ends_on = serializers.DateField(source="activity.ends_on", allow_null=True)
    grade_from = serializers.IntegerField()
    grade_to = serializers.IntegerField()
    age_from = serializers.IntegerField()
    age_to = serializers.IntegerField()
    capacity = serializers.IntegerField(source="activity.capacity")
    accepted_on = serializers.DateField(allow_null=True)
    insured_until = serializers.DateField(allow_null=True)
    is_new = serializers.BooleanField()


READER = Reader(CareClassRecord, "id", "activity__registered_at")


def seen(rows: QuerySet, user: User) -> QuerySet:
    """Whoever sees the activity."""
    return rows.filter(activity__in=Activity.objects.visible_to(user))


class CareClassList(Listing):
    tag, name = TAG, "care_classes"
    model = ClassFile
    reader = READER
    order = Order("activity__registered_at", descending=True)
    summaries: ClassVar = {"GET": gettext_lazy("托管班，新的在前")}
    answers: ClassVar = {"GET": page_of(CareClassRecord)}
    filters: ClassVar = [
        filters.choice("state", ActivityState, column="activity__state"),
        filters.column_flag("is_new", gettext_lazy("新办")),
        filters.key("town", "activity__town"),
    ]

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        return seen(rows, user)


class CareClassDetail(Endpoint):
    tag, name = TAG, "care_class"
    summaries: ClassVar = {"GET": gettext_lazy("一个托管班")}
    answers: ClassVar = {"GET": CareClassRecord}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        record = READER.one(seen(ClassFile.objects.filter(pk=pk), request.user), self.asker)  # type: ignore[arg-type]
        if record is None:
            raise Http404
        return answer(record)


urlpatterns: list[URLPattern] = [
    path("care-classes/", CareClassList.as_view(), name="care-classes"),
    path("care-classes/<int:pk>/", CareClassDetail.as_view(), name="care_class"),
]
