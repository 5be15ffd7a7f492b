"""医疗互助参保花名册 (D21): the units that take part in a year, and the people, of one unit or of all."""

from __future__ import annotations

from typing import IO, Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unionops.org.errors import ActionError
from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value
from unionops.packs.enums import Format
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack
from visits import exporting

from ..enums import Shape
from ..exporting import EXPORTING_ROLES
from ..papers.making import LANGUAGE, MOST_ROWS
from ..papers.parts import town_of
from ..papers.table import ListPaper, register_papers
from .enums import PROGRAMME
from .models import Participant, Plan, UnitEnrolment, UnitQuerySet


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
    register_pack(
        Pack(
            code="mutual_aid_people", title=_("医疗互助参保人员花名册"), note=_("逐人：姓名、证件号（隐去中段）、单位、保障起止"), icon="people",
            roles=EXPORTING_ROLES, form=PeopleForm, gather=people, streams={Format.XLSX: stream_people}, sections=("rows",),
            documents="D21", position=61,
        )
    )  # fmt: skip


def _seen(user: User) -> UnitQuerySet:
    return UnitEnrolment.objects.visible_to(user).select_related("plan", "town")


def _line(unit: UnitEnrolment) -> list[Cell]:
    page = reverse("mutual:unit", args=[unit.pk])
    return [
        Value(unit.unit, "text", page), town_of(unit), unit.members or None, unit.people, unit.fee, unit.paid_on, unit.voucher
    ]  # fmt: skip


# --- by person


class PeopleForm(PackForm):
    """Of which year; the address may name one unit."""

    plan = forms.ChoiceField(label=_("年度"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        named_unit = self.query.get("unit", "")
        self.unit = _unit(self.user, named_unit) if named_unit else None
        if self.unit is not None:
            del self.fields["plan"]
            return
        plans = Plan.objects.filter(district__in=self.user.scope.member_of)[:20]
        self.fields["plan"].choices = [(str(one.pk), one.name) for one in plans]  # type: ignore[attr-defined]

    def parameters(self) -> dict[str, Any]:
        if self.unit is not None:
            return {"unit": str(self.unit.pk)}
        return {"plan": int(self.cleaned_data["plan"])}

    def shown(self) -> list[tuple[str, str]]:
        return [(gettext("单位"), self.unit.unit), (gettext("年度"), self.unit.plan.name)] if self.unit else []

    def told(self) -> str:
        if self.unit is not None:
            return self.unit.unit
        return str(dict(self.fields["plan"].choices).get(self.cleaned_data["plan"], ""))  # type: ignore[attr-defined]


def _unit(user: User, text: str) -> UnitEnrolment:
    try:
        key = UUID(text)
    except ValueError as error:
        raise Http404("no such unit") from error
    return get_object_or_404(_seen(user), pk=key)


def _listed(wanted: Wanted) -> tuple[Plan, UnitEnrolment | None, QuerySet[Participant]]:
    """Who is on the lists that this person sees; a list counts once the money has come, and says so until then."""
    rows = Participant.objects.filter(unit__in=UnitEnrolment.objects.visible_to(wanted.user))
    rows = rows.order_by("unit__unit", "pk")
    if named := wanted.parameters.get("unit"):
        unit = _unit(wanted.user, named)
        return unit.plan, unit, rows.filter(unit=unit)
    plan = get_object_or_404(Plan, pk=wanted.parameters["plan"], district__in=wanted.user.scope.member_of)
    return plan, None, rows.filter(plan=plan)


def people(wanted: Wanted) -> Document:
    plan, unit, found = _listed(wanted)
    rows = list(found.select_related("unit__town")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        raise ActionError(
            gettext("超过 %(n)d 人，排不成一份文件。") % {"n": MOST_ROWS},
            next_step=gettext("请到单位的页面做一个单位的，或者选 Excel 表格。"),
        )
    with translation.override(LANGUAGE):
        lines: list[list[Cell]] = [
            [
                Value(at, "count"), one.name, one.identity_masked, Value(one.unit.unit, "text", reverse("mutual:unit", args=[one.unit_id])),
                town_of(one.unit), plan.covers_from, plan.ends_on, "有效" if one.unit.paid_on else "待到账",
            ]
            for at, one in enumerate(rows, start=1)
        ]  # fmt: skip
        return Document(
            "医疗互助参保人员花名册", [Section("", [Table("", _PEOPLE, lines, empty="没有逐人的名单。")], "rows")],
            organisation=plan.programme.district.name, subtitle=f"{plan.name}{f'  {unit.unit}' if unit else ''}",
            signatures=["单位工会（盖章）", "经办人", "审核"], landscape=True,
        )  # fmt: skip


_PEOPLE = [
    Column("序号", "count", 5), Column("姓名", width=9), Column("身份证号", width=19), Column("单位", width=22), Column("镇街", width=9),
    Column("保障起", "date", 10), Column("保障止", "date", 10), Column("状态", width=7),
]  # fmt: skip
_BOOK = exporting.Table(
    _("医疗互助参保人员花名册"),
    (
        exporting.Column(_("姓名"), "name"),
        exporting.Column(_("身份证号"), "identity_masked", 22),
        exporting.Column(_("单位"), "unit__unit", 32),
        exporting.Column(_("镇街"), "unit__town__short_name"),
        exporting.Column(_("保障起"), "unit__covered_from"),
        exporting.Column(_("保障止"), "plan__ends_on"),
        exporting.Column(_("到账日期"), "unit__paid_on"),
    ),
    ("unit__unit", "pk"),
)


def stream_people(wanted: Wanted, target: IO[bytes]) -> int:
    """Every line, however many: 29,428 people are one workbook."""
    plan, unit, rows = _listed(wanted)
    told = [(gettext("年度"), plan.name), *([(gettext("单位"), unit.unit)] if unit else [])]
    whole = max(rows.count(), 1)
    return exporting.export(
        _BOOK, rows, target, by=wanted.user, filtered_by=told, tell=lambda done: wanted.tell(100 * done // whole)
    )
