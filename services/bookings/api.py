"""The book of a place over HTTP, for whoever keeps it: the forms and the actions of the pages behind another door.

Who booked is masked, as the telephone is; anybody else finds the hours of a place on its public page.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from unionops.org.api import filters
from unionops.org.api.endpoints import Act, Endpoint, Listing, Order, answer, find, page_of
from unionops.org.api.records import LabelField, MaskedNameField, Reader, UserField
from unionops.org.models import User

from ..api.forms import body_of, filled, keep, sent
from ..places.api import OfPlace, PlaceField, place_of
from . import actions
from .enums import TRANSITIONS, BookingState
from .forms import FORMS, DeskForm, form_of
from .models import Booking
from .permissions import check_bookable, check_books, check_step, refused_steps, steps_of

TAG = "services"
RESOURCES = ("bookings",)


class BookingRecord(serializers.Serializer):
    """场地预约"""

    id = serializers.UUIDField()
    place = PlaceField()
    state = serializers.ChoiceField(BookingState.choices)
    state_label = LabelField("state", BookingState)
    room = serializers.CharField()
    starts = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    people = serializers.IntegerField()
    purpose = serializers.CharField()
    name = MaskedNameField("name")
    unit = serializers.CharField()
    phone = serializers.CharField(source="phone_masked")
    is_public = serializers.BooleanField()
    answer = serializers.CharField()
    asked_at = serializers.DateTimeField()
    asked_by = UserField("asked_by")
    decided_at = serializers.DateTimeField(allow_null=True)
    decided_by = UserField("decided_by")


class RefusedBookingStep(serializers.Serializer):
    verb = serializers.CharField()
    reason = serializers.CharField()


@extend_schema_field(RefusedBookingStep(many=True))
class RefusedSteps(serializers.ListField):
    """The verbs that are not open, with the reason."""


class BookingWithSteps(BookingRecord):
    """场地预约，连同现在能走的步骤、不能走的原因"""

    allowed = serializers.ListField(child=serializers.ChoiceField(list(TRANSITIONS)), read_only=True)
    refused = RefusedSteps(read_only=True)


READER = Reader(BookingRecord, "id", "starts")


def told(user: User, pk: uuid.UUID, asker: Any) -> dict[str, Any]:
    """A booking for whoever keeps its place; for anybody else there is none."""
    row: Booking = find(Booking.objects.kept_by(user).select_related("place__programme", "place__town"), pk)
    record = READER.one(Booking.objects.filter(pk=pk), asker)
    assert record is not None
    refused = [{"verb": str(verb), "reason": str(reason)} for verb, reason in refused_steps(user, row)]
    return {**record, "allowed": [str(verb) for verb in steps_of(user, row)], "refused": refused}


class BookingList(Listing):
    tag, name = TAG, "bookings"
    model = Booking
    reader = READER
    order = Order("starts", descending=True)
    summaries: ClassVar = {"GET": _("自己管的场地的预约，时间晚的在前")}
    answers: ClassVar = {"GET": page_of(BookingRecord)}
    filters: ClassVar = [
        filters.choice("state", BookingState),
        filters.long_key("place"),
        filters.column_flag("is_public", _("自助预约")),
        filters.day("since", "starts__date__gte", _("不早于这一天")),
        filters.day("until", "starts__date__lte", _("不晚于这一天")),
    ]

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        return rows.kept_by(user)  # type: ignore[attr-defined]


class BookingsOfPlace(OfPlace):
    name = "place_bookings"
    model = Booking
    reader = READER
    order = Order("starts", descending=True)
    summaries: ClassVar = {"GET": _("一处场地的预约簿"), "POST": _("登记预约")}
    forms: ClassVar = {"POST": body_of(DeskForm, "Booking")}
    answers: ClassVar = {"GET": page_of(BookingRecord), "POST": {201: BookingWithSteps}}

    def seen(self, rows: QuerySet, user: User, pk: uuid.UUID) -> QuerySet:  # type: ignore[override]
        return super().seen(rows.kept_by(user), user, pk)  # type: ignore[attr-defined]

    def post(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user = self.asker.user
        place = place_of(user, pk)
        body = self.read_form(self.forms["POST"])
        check_books(user, place)
        check_bookable(place)
        form = DeskForm(sent(body), place=place)
        keep(form)
        made = actions.book(place, by=user, **form.given())
        record = told(user, made.pk, self.asker)
        return answer(record, 201, location=reverse("api:booking", kwargs={"pk": made.pk}))


class BookingDetail(Endpoint):
    tag, name = TAG, "booking"
    summaries: ClassVar = {"GET": _("一个预约，连同现在能走的步骤")}
    answers: ClassVar = {"GET": BookingWithSteps}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(told(request.user, pk, self.asker))  # type: ignore[arg-type]


class BookingStep(Act):
    """A row of the transition table of a booking."""

    tag, name = TAG, "booking_step"
    record = BookingWithSteps

    def things(self, user: User) -> QuerySet:
        return Booking.objects.kept_by(user).select_related("place__programme", "place__town")

    def act(self, thing: Any, **body: Any) -> Any:
        by = body.pop("by")
        check_step(by, thing, self.verb)
        given = keep(filled(lambda data: form_of(self.verb, data, thing), body))
        return actions.take(thing, self.verb, by=by, **given)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return told(self.request.user, pk, self.asker)  # type: ignore[arg-type]


urlpatterns: list[URLPattern] = [
    path("bookings/", BookingList.as_view(), name="bookings"),
    path("bookings/<uuid:pk>/", BookingDetail.as_view(), name="booking"),
    path("places/<uuid:pk>/bookings/", BookingsOfPlace.as_view(), name="place_bookings"),
    *(
        path(
            f"bookings/<uuid:pk>/transitions/{verb}/",
            BookingStep.as_view(verb=str(verb), form=body_of(FORMS[verb], "Booking"), label=row.label),
            name=f"booking_step_{verb}",
        )
        for verb, row in TRANSITIONS.items()
    ),
]
