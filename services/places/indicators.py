"""Figures of places beside those of every shape: what was upgraded, what was brought there, and to how many (domain 4.5)."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unionops.insight.indicators import Asked, Column, Indicator, Rows, TimeRole, Unit, register
from unionops.jinja import short_day

from .. import counted
from ..enums import Shape
from .enums import Given
from .models import ServiceGiven

KINDS = dict(Given.choices)
UPGRADED, SERVICES, SERVED = CODES = ("place_upgraded", "place_services", "place_served")
ROWS = Rows(
    code="servicegiven",
    unit=_("场服务"),
    model=ServiceGiven,
    visible=ServiceGiven.objects.visible_to,
    paths={"town": "place__town_id", "programme": "place__programme_id"},
    columns=(
        Column(_("阵地"), "place__title", css="c-title"),
        Column(_("服务类型"), "kind", lambda value: KINDS.get(value, "—"), css="nw c-meta"),
        Column(_("内容"), "what", lambda value: value or "—", css="c-meta"),
        Column(_("服务人数"), "people", css="num c-meta"),
        Column(_("日期"), "on", short_day, css="nw c-meta"),
    ),
    order="on",
    url=lambda pk: reverse("services:place", args=[pk]),
    link="place_id",
)


def _given(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(on__range=asked.days)


def _upgraded(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(upgraded_on__range=asked.days)


def declare() -> None:
    register(
        Indicator(
            code=UPGRADED, name=_("阵地：提升改造"), unit=Unit.COUNT, rows=counted.rows_of(Shape.PLACE), time=TimeRole.DONE,
            moment="upgraded_on", counted=_upgraded, strength=1, source="domain 4.5", meaning=_("期内完成提升改造的阵地。"),
        ),
        Indicator(
            code=SERVICES, name=_("阵地：服务活动"), unit=Unit.COUNT, rows=ROWS, time=TimeRole.DONE, moment="on", counted=_given,
            strength=1, source="domain 4.5", meaning=_("期内在阵地做的服务，一次登记一场。"),
        ),
        Indicator(
            code=SERVED, name=_("阵地：服务人次"), unit=Unit.SUM, rows=ROWS, time=TimeRole.DONE, moment="on", counted=_given,
            amount="people", amount_unit=_("人次"), strength=1, source="domain 4.5", meaning=_("期内在阵地做的服务，服务人数合计。"),
        ),
    )  # fmt: skip
