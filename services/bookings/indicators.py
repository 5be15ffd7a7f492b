"""Figures of rooms that are booked: how often they were used, by how many, and how often nobody came."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.insight.indicators import Asked, Column, Indicator, Rows, TimeRole, Unit, register
from unionops.jinja import moment

from .enums import BookingState
from .models import Booking

STATES = dict(BookingState.choices)
HELD = (BookingState.USED, BookingState.MISSED)
CODES = ("booking_used", "booking_people", "booking_missed_rate")
# Who booked stands in the book of the place, not in the rows behind a figure.
ROWS = Rows(
    code="booking",
    unit=pgettext_lazy("预约", "次"),
    model=Booking,
    visible=Booking.objects.visible_to,
    paths={"town": "place__town_id", "programme": "place__programme_id"},
    columns=(
        Column(_("场地"), "place__title", css="c-title"),
        Column(_("房间"), "room", lambda value: value or _("整个场地"), css="c-meta"),
        Column(_("开始"), "starts", moment, css="nw c-meta"),
        Column(_("人数"), "people", css="num c-meta"),
        Column(_("状态"), "state", lambda value: STATES.get(value, "—"), css="nw c-meta"),
    ),
    order="starts",
    url=lambda pk: reverse("services:place", args=[pk]),
    link="place_id",
)


def _begun(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(starts__gte=asked.period.start, starts__lt=asked.end)


def _used(rows: QuerySet, asked: Asked) -> QuerySet:
    return _begun(rows, asked).filter(state=BookingState.USED)


def _held(rows: QuerySet, asked: Asked) -> QuerySet:
    return _begun(rows, asked).filter(state__in=HELD)


def declare() -> None:
    used, people, missed = CODES
    register(
        Indicator(
            code=used, name=_("场地预约：使用次数"), unit=Unit.COUNT, rows=ROWS, time=TimeRole.DONE, moment="starts", counted=_used,
            strength=1, source="domain C22", meaning=_("期内开始、登记了使用的预约。"),
        ),
        Indicator(
            code=people, name=_("场地预约：使用人次"), unit=Unit.SUM, rows=ROWS, time=TimeRole.DONE, moment="starts", counted=_used,
            amount="people", amount_unit=_("人次"), strength=1, source="domain C22", meaning=_("期内使用的预约，实到人数合计。"),
        ),
        Indicator(
            code=missed, name=_("场地预约：没有来的占比"), unit=Unit.RATE, rows=ROWS, time=TimeRole.DONE, moment="starts", counted=_held,
            share=lambda asked: Q(state=BookingState.MISSED), strength=-1, source="domain C22",
            meaning=_("期内登记了使用或没来的预约里，没有来的占比。"),
        ),
    )  # fmt: skip
