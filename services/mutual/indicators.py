"""Figures of mutual aid: units, people, money of a period, counted by the first day of the plan."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.insight.indicators import Asked, Column, Indicator, Rows, TimeRole, Unit, register
from unionops.jinja import money, short_day

from .models import UnitEnrolment

ROWS = Rows(
    code="unitenrolment",
    unit=pgettext_lazy("单位", "家"),
    model=UnitEnrolment,
    visible=UnitEnrolment.objects.visible_to,
    paths={"town": "town_id"},
    columns=(
        Column(_("单位"), "unit", css="c-title"),
        Column(_("互助计划"), "plan__name", css="nw c-meta"),
        Column(_("镇街"), "town__short_name", lambda value: value or "—", css="nw c-meta"),
        Column(_("参保人数"), "people", css="num c-meta"),
        Column(_("互助金（元）"), "fee", money, css="num c-meta"),
        Column(_("到账日期"), "paid_on", short_day, css="nw c-meta"),
    ),
    order="entered_at",
    url=lambda pk: reverse("mutual:unit", args=[pk]),
)
CODES = ("mutual_units", "mutual_people", "mutual_members", "mutual_rate", "mutual_fee")


def _covered(rows: QuerySet, asked: Asked) -> QuerySet:
    first, last = asked.days
    return rows.filter(covered_from__gte=first, covered_from__lte=last, paid_on__isnull=False)


def declare() -> None:
    register(
        Indicator(
            code="mutual_units", name=_("医疗互助：参保单位"), unit=Unit.COUNT, rows=ROWS, time=TimeRole.REGISTERED,
            moment="covered_from", meaning=_("保障期在期内开始、互助金已到账的单位。"), counted=_covered, source="domain 4.3",
        )
    )  # fmt: skip
    register(
        Indicator(
            code="mutual_rate", name=_("医疗互助：参保率"), unit=Unit.RATE, rows=ROWS, time=TimeRole.REGISTERED, moment="covered_from",
            meaning=_("参保单位的参保人数占这些单位工会会员数的百分比。"), counted=_covered, share=lambda asked: Q(members__gte=0), amount="people",
            amount_of="members", amount_unit=_("人"), source="domain 4.3", strength=1,
        )
    )  # fmt: skip
    for code, name, meaning, path, unit, places in (
        ("mutual_people", _("医疗互助：参保人数"), _("参保单位名单上的人数合计。"), "people", _("人"), 0),
        ("mutual_members", _("医疗互助：参保单位的会员"), _("参保单位的工会会员数合计，参保率的分母。"), "members", _("人"), 0),
        ("mutual_fee", _("医疗互助：互助金"), _("参保单位已到账的互助金合计。"), "fee", _("元"), 2),
    ):  # fmt: skip
        register(
            Indicator(
                code=code, name=name, unit=Unit.SUM, rows=ROWS, time=TimeRole.REGISTERED, moment="covered_from", meaning=meaning,
                counted=_covered, amount=path, amount_unit=unit, places=places, source="domain 4.3",
            )
        )  # fmt: skip
