"""The book of a place: what is taken in the days to come, what waits for an answer, and how it was used this year."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.deadlines import lamp
from unionops.casework.enums import Urgency
from unionops.casework.inbox import InboxRow
from unionops.casework.waiting import Own, among
from unionops.org.models import User

from ..places.models import Place
from .enums import BookingState
from .models import Booking, at_desk_of, in_town_of

DAYS_SHOWN = 14


def taken(place: Place, now: datetime.datetime | None = None) -> QuerySet[Booking]:
    """The next two weeks: when and which room is taken; whoever is not of the house learns nothing more."""
    now = now or timezone.now()
    until = now + datetime.timedelta(days=DAYS_SHOWN)
    return place.bookings.taking().filter(ends__gt=now, starts__lt=until).order_by("starts", "pk")


def year(place: Place, number: int) -> dict[str, int]:
    found = place.bookings.filter(starts__year=number).aggregate(
        times=Count("pk", filter=Q(state=BookingState.USED)),
        people=Sum("people", filter=Q(state=BookingState.USED), default=0),
        missed=Count("pk", filter=Q(state=BookingState.MISSED)),
        waiting=Count("pk", filter=Q(state=BookingState.ASKED)),
    )
    return {key: int(value or 0) for key, value in found.items()}


def waits() -> Iterable[QuerySet[Booking]]:
    rows = Booking.objects.filter(state=BookingState.ASKED)
    return rows.filter(among("place__organisation", Own.HOUSES)), rows.filter(among("place__town", Own.HOUSES))


def inbox_rows(user: User, most: int, *, town: bool) -> Iterator[InboxRow]:
    """What was asked from outside and nobody has answered: due on the day before it."""
    kept = in_town_of(user) | at_desk_of(user) & Q(place__town=None) if town else at_desk_of(user)
    rows = (
        Booking.objects.filter(kept, state=BookingState.ASKED)
        .select_related("place__town")
        .order_by("starts", "pk")[:most]
    )
    for one in rows:
        due, town_of = one.day - datetime.timedelta(days=1), one.place.town
        yield InboxRow(
            kind="booking", kind_label=_("场地预约"), icon="calendar-check", number=one.place.number, title=one.place.title,
            url=reverse("bookings:bookings", args=[one.place_id]), urgency=Urgency.NORMAL,
            place=(town_of.short_name or town_of.name) if town_of else "", step=_("答复预约"), lamp=lamp(due, due, None, None), key=one.pk,
        )  # fmt: skip


def shown(one: Booking) -> dict[str, Any]:
    """A line of the book for the desk: the name in full, the telephone masked."""
    return {
        "booking": one, "day": one.day, "clock": one.clock, "room": one.room_words, "name": one.name, "unit": one.unit,
        "phone": one.phone_masked, "state": one.get_state_display(), "people": one.people, "purpose": one.purpose, "answer": one.answer,
    }  # fmt: skip
