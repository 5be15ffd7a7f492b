"""Figures of care classes: attended days of planned days, and what went wrong. No child is named in the rows behind them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.insight import dimensions, periods
from unionops.insight.asking import FIGURE_ROLES, rows_url
from unionops.insight.dimensions import Dimension, is_key
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, Column, Indicator, Rows, TimeRole, Unit, find, register
from unionops.jinja import short_day
from unionops.org.models import User

from ..activities.models import Activity
from .enums import THERE, DayState, NoteKind
from .models import CareNote, ChildDay, ClassFile

RATE, INCIDENTS = "childcare_attendance_rate", "childcare_incidents"
STATES = dict(DayState.choices)


def _page(pk: Any) -> str:
    return reverse("services:activity", args=[pk])


DAYS = Rows(
    code="childday",
    unit=pgettext_lazy("单位", "人天"),
    model=ChildDay,
    visible=ChildDay.objects.visible_to,
    paths={
        "town": "child__class_file__activity__town_id",
        "programme": "child__class_file__activity__programme_id",
        "care_class": "child__class_file_id",
    },
    columns=(
        Column(_("班级"), "child__class_file__activity__title", css="c-title"),
        Column(_("序号"), "child__enrolment__serial", css="num c-meta"),
        Column(_("日期"), "day", short_day, css="nw c-meta"),
        Column(_("状态"), "state", lambda value: STATES.get(value, "—"), css="nw c-meta"),
    ),
    order="day",
    url=_page,
    link="child__class_file__activity_id",
)
NOTES = Rows(
    code="carenote",
    unit=pgettext_lazy("单位", "起"),
    model=CareNote,
    visible=lambda user: CareNote.objects.filter(class_file__activity__in=Activity.objects.visible_to(user)),
    paths={
        "town": "class_file__activity__town_id",
        "programme": "class_file__activity__programme_id",
        "care_class": "class_file_id",
    },
    columns=(
        Column(_("班级"), "class_file__activity__title", css="c-title"),
        Column(_("日期"), "at", short_day, css="nw c-meta"),
        Column(_("登记人"), "by__name", css="nw c-meta"),
    ),
    order="at",
    url=_page,
    link="class_file__activity_id",
)


def _met(rows: QuerySet, asked: Asked) -> QuerySet:
    first, last = asked.days
    return rows.filter(day__gte=first, day__lte=last)


def _incidents(rows: QuerySet, asked: Asked) -> QuerySet:
    return rows.filter(kind=NoteKind.INCIDENT, at__gte=asked.period.start, at__lt=asked.end)


def _names(user: User, values: Collection[str]) -> Mapping[str, str]:
    seen = ClassFile.objects.filter(activity__in=Activity.objects.visible_to(user), pk__in=values)
    return {str(pk): title for pk, title in seen.values_list("pk", "activity__title")}


def declare() -> None:
    dimensions.register(Dimension("care_class", _("托管班"), _names, is_key))
    register(
        Indicator(
            code=RATE, name=_("托管班：出勤率"), unit=Unit.RATE, rows=DAYS, time=TimeRole.DONE, moment="day", counted=_met,
            share=lambda asked: Q(state__in=THERE), strength=1, source="domain 4.4",
            meaning=_("开班的日子里，名单上的孩子到班的人天占应到人天；没有标记的按没到算。每天的记录保存一年。"),
        ),
        Indicator(
            code=INCIDENTS, name=_("托管班：意外"), unit=Unit.COUNT, rows=NOTES, time=TimeRole.REGISTERED, moment="at",
            counted=_incidents, strength=-1, source="domain 4.4", meaning=_("期内登记的意外，不论轻重。记录保存一年。"),
        ),
    )  # fmt: skip


def attendance(found: ClassFile, user: User) -> dict[str, Any]:
    """The rate of one class from its first day on, and where its rows are listed; empty before the first day."""
    span = ChildDay.objects.filter(child__class_file=found).aggregate(first=Min("day"), last=Max("day"))
    indicator = find(RATE)
    if span["first"] is None or indicator is None:
        return {}
    period = periods.parse(f"{span['first'].isoformat()}..{span['last'].isoformat()}")
    asked = Asked(user, period, period.cut_off(timezone.localdate()))
    question = Question(indicator, asked, "", {"care_class": str(found.pk)})
    figure = figure_of(question)
    return {
        "there": figure.numerator, "planned": figure.denominator, "rate": figure.value,
        "url": rows_url(question) if user.scope.has(*FIGURE_ROLES) else "",
    }  # fmt: skip
