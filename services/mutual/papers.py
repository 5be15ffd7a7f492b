"""医疗互助参保花名册 (D21): who of the units takes part in a year. The people stand in the list of each unit, on its page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Value

from ..enums import Shape
from ..papers.parts import town_of
from ..papers.table import ListPaper, register_papers
from .enums import PROGRAMME
from .models import UnitEnrolment, UnitQuerySet


def declare() -> None:
    register_papers(
        ListPaper(
            code="mutual_aid_roster", documents="D21", title=_("医疗互助参保花名册"), note=_("各单位参保人数和互助金"), shape=Shape.CLAIM,
            programmes=(PROGRAMME,), source=_seen, year="plan__year", order=("town__path", "unit"), row=_line,
            sums=("会员数", "参保人数", "互助金（元）"), icon="hospital",
            columns=[
                Column("单位", width=24), Column("镇街", width=10), Column("会员数", "count", 8), Column("参保人数", "count", 8),
                Column("互助金（元）", "money", 12), Column("到账日期", width=11), Column("凭证号", width=12),
            ],
        )
    )  # fmt: skip


def _seen(user: User) -> UnitQuerySet:
    return UnitEnrolment.objects.visible_to(user).select_related("plan", "town")


def _line(unit: UnitEnrolment) -> list[Cell]:
    page = reverse("mutual:unit", args=[unit.pk])
    return [
        Value(unit.unit, "text", page), town_of(unit), unit.members or None, unit.people, unit.fee, unit.paid_on, unit.voucher
    ]  # fmt: skip
