"""Papers of a household: 登记表和建档审批表 (D16), 年度复核表 and 退档表 (D19). Numbers stand masked: a paper leaves the house."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.joining import listed
from unionops.org.enums import CASE_ROLES
from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value
from unionops.packs.gathering import office_of, one_of
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from ..claims.packs import opinions, sheet, who_asks
from .enums import Cause, ItemKind
from .models import Assessment, HouseholdFile


def file_for(user: User, text: str) -> HouseholdFile:
    related = ("claim__programme", "claim__town", "town", "organisation")
    return one_of(HouseholdFile.objects.visible_to(user).select_related(*related), text)


class FileForm(PackForm):
    """Asks nothing: the address names the file."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.file = file_for(self.user, self.query.get("file", ""))

    def parameters(self) -> dict[str, Any]:
        return {"file": str(self.file.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("档案"), f"{self.file.number} {self.file.applicant_name}")]

    def told(self) -> str:
        return self.file.number


def _household(file: HouseholdFile) -> list[Table]:
    people: list[list[Cell]] = [
        [
            _("未成年人") if one.is_minor() else one.name, one.relation, one.identity_masked, one.get_health_display(),
            "" if one.is_minor() else one.unit,
        ]
        for one in file.members.all()
    ]  # fmt: skip
    money: list[list[Cell]] = [
        [ItemKind(one.kind).label, one.whose, one.amount, one.evidence] for one in file.items.all()
    ]
    return [
        Table(
            _("家庭成员"),
            [Column(_("姓名"), width=10), Column(_("与户主关系"), width=10), Column(_("身份证号"), width=16), Column(_("健康状况"), width=10), Column(_("单位或学校"), width=14)],
            people,
        ),
        Table(
            _("一年的收入和刚性支出"),
            [Column(_("项目"), width=12), Column(_("谁的"), width=10), Column(_("一年（元）"), "money", 12), Column(_("依据"), width=20)],
            money,
        ),
    ]  # fmt: skip


def _judged(found: Assessment | None) -> Table:
    rows: list[tuple[Any, Cell]] = [(label, said) for label, said in found.lines] if found else []
    if found:
        rows.append((_("标准的依据"), f"{found.standard.name} {found.standard.source}"))
    return sheet(rows)


def registration(wanted: Wanted) -> Document:
    file = file_for(wanted.user, wanted.parameters["file"])
    why: list[tuple[Any, Cell]] = [
        (_("困难类别"), file.get_category_display() if file.category else ""),
        (_("主要致困原因"), file.get_main_cause_display() if file.main_cause else ""),
        (_("其他致困原因"), listed(Cause(one).label for one in file.other_causes)),
        (_("住房"), file.housing),
        (_("授权核对"), file.authorised_on),
        (_("建档日期"), file.opened_on),
    ]
    return Document(
        _("困难职工登记表和建档审批表"),
        [
            Section(_("申请人"), [sheet(who_asks(file.claim))]),
            Section(_("困难情况"), [sheet(why), *_household(file)]),
            Section(_("测算"), [_judged(file.assessments.select_related("standard").last())]),
            Section(_("各级意见"), [sheet(opinions(file.claim))]),
        ],
        organisation=office_of(wanted.user), number=file.number,
        signatures=[_("基层工会"), _("镇街总工会"), _("区总工会")],
    )  # fmt: skip


def reviews(wanted: Wanted) -> Document:
    file = file_for(wanted.user, wanted.parameters["file"])
    judged = list(file.assessments.order_by("at", "pk"))
    last = {now.pk: before.income for before, now in pairwise(judged)}
    rows: list[list[Cell]] = [
        [
            one.on,
            Value(last.get(one.assessment_id), "money"),
            Value(one.assessment.income, "money"),
            one.get_before_display(),
            one.get_after_display(),
            one.get_outcome_display(),
            listed(one.visitors),
            one.note,
        ]
        for one in file.reviews.select_related("assessment")
    ]
    columns = [
        Column(_("复核日期"), "date", 10), Column(_("原年收入（元）"), "money", 10), Column(_("现年收入（元）"), "money", 10),
        Column(_("原类别"), width=8), Column(_("现类别"), width=8), Column(_("结论"), width=6), Column(_("入户人员"), width=10),
        Column(_("变化情况"), width=18),
    ]  # fmt: skip
    ended: list[tuple[Any, Cell]] = [
        (_("退档日期"), file.exited_on), (_("退档原因"), file.get_exit_reason_display() if file.exit_reason else ""),
        (_("告知本人日期"), file.told_on), (_("保存到"), file.keep_until),
    ]  # fmt: skip
    return Document(
        _("困难职工年度复核表"),
        [
            Section(
                _("档案"),
                [sheet([(_("编号"), Value(file.number, "text", reverse("hardship:file", args=[file.pk]))), (_("户主"), file.applicant_name)])],
            ),
            Section(_("复核"), [Table("", columns, rows), _judged(file.assessments.select_related("standard").first())]),
            *([Section(_("退档"), [sheet(ended)])] if file.exited_on else []),
        ],
        organisation=office_of(wanted.user), number=file.number, signatures=[_("入户人员"), _("主办科室")],
    )  # fmt: skip


def declare() -> None:
    for code, document, title, note, gather in (
        (
            "household_file",
            "D16",
            gettext_lazy("困难职工登记审批表"),
            gettext_lazy("家庭、收支、测算和各级意见"),
            registration,
        ),
        ("household_review", "D19", gettext_lazy("困难职工年度复核表"), gettext_lazy("每年复核的结论和退档"), reviews),
    ):
        register_pack(
            Pack(
                code=code, title=title, note=note, icon="house-heart", roles=CASE_ROLES, form=FileForm, gather=gather,
                listed=False, documents=document,
            )
        )  # fmt: skip
