"""The papers of places (domain 7, D23): 一览表, 巡查表, 三年建设进度表."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.joining import listed, with_reason
from unionops.org.errors import NotAllowed
from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value, numbered, paragraph
from unionops.packs.gathering import one_of
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from ..enums import Shape
from ..exporting import EXPORTING_ROLES
from ..models import Programme
from . import hours
from .enums import Counts, PlaceState, Result
from .models import CoveragePlan, Inspection, Place
from .queries import progress

# A paper is read by people; what is longer goes out as the workbook of the list.
MOST_ROWS = 2000


def programme_for(user: User, code: str) -> Programme:
    found = (
        Programme.objects.visible_to(user)
        .filter(shape=Shape.PLACE, code=code)
        .select_related("organisation", "district")
        .first()
    )
    if found is None:
        raise NotAllowed(_("没有这个阵地项目。"))
    return found


class ProgrammeForm(PackForm):
    """Asks nothing: the address names the programme."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.programme = programme_for(self.user, self.query.get("programme", ""))

    def parameters(self) -> dict[str, Any]:
        return {"programme": self.programme.code}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("项目"), self.programme.name)]

    def told(self) -> str:
        return self.programme.name


def register_of(wanted: Wanted) -> Document:
    """一览表: every place of the programme that the person sees, one line each."""
    programme = programme_for(wanted.user, wanted.parameters["programme"])
    places = Place.objects.visible_to(wanted.user).filter(programme=programme).select_related("town")
    rows: list[list[Cell]] = []
    for number, place in enumerate(
        places.order_by(F("town__path").asc(nulls_last=True), "number")[:MOST_ROWS], start=1
    ):
        rows.append(
            [
                Value(number, "count"), Value(place.title, "text", reverse("services:place", args=[place.pk])),
                (place.town.short_name or place.town.name) if place.town else "", place.address, place.get_sort_display(),
                place.applicant_name, Value(place.area, "points") if place.area else "",
                listed(place.facility_labels()), hours.in_one_line(place.hours), "★" * place.stars,
                place.opened_on, place.upgraded_on, programme.word("state", place.state, PlaceState(place.state).label),
            ]
        )  # fmt: skip
    columns = [
        Column(_("序号"), "count", 5), Column(_("名称"), width=14), Column(_("镇街"), width=7), Column(_("地址"), width=14),
        Column(_("类别"), width=7), Column(_("管理单位"), width=12), Column(_("面积（㎡）"), "points", 6), Column(_("设施"), width=20),
        Column(_("开放时间"), width=12), Column(_("星级"), width=6), Column(_("启用"), "date", 8), Column(_("提升"), "date", 8),
        Column(_("状态"), width=7),
    ]  # fmt: skip
    table = Table(programme.name, columns, rows, empty=_("还没有登记。"))
    return Document(
        _("%(name)s一览表") % {"name": programme.name}, [Section(_("一览"), [table], "rows")],
        organisation=programme.district.name, subtitle=_("截至 %(day)s") % {"day": timezone.localdate().isoformat()},
        signatures=[_("制表"), _("审核")], landscape=True,
    )  # fmt: skip


class InspectionPackForm(PackForm):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.inspection = inspection_for(self.user, self.query.get("inspection", ""))

    def parameters(self) -> dict[str, Any]:
        return {"inspection": str(self.inspection.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("阵地"), self.inspection.place.title), (_("巡查日期"), self.inspection.on.isoformat())]

    def told(self) -> str:
        return f"{self.inspection.place.title} {self.inspection.on.isoformat()}"


def inspection_for(user: User, key: str) -> Inspection:
    rows = Inspection.objects.visible_to(user).select_related("place__programme", "place__town", "by", "district")
    return one_of(rows, key)


def inspection_sheet(wanted: Wanted) -> Document:
    """巡查表: each item with its result, and what became of what was found."""
    shown = inspection_for(wanted.user, wanted.parameters["inspection"])
    words = {str(one.value): str(one.label) for one in Result}
    items: list[list[Cell]] = [
        [Value(number, "count"), item["label"], words[item["result"]], item["note"]]
        for number, item in enumerate(shown.items, start=1)
    ]
    repairs: list[list[Cell]] = [
        [one.what, one.due_on, one.get_state_display(), one.repaired_on, one.outcome]
        for one in shown.repairs.order_by("due_on", "pk")
    ]
    checks = Table(
        _("检查项"),
        [
            Column(_("序号"), "count", 5),
            Column(_("检查项"), width=30),
            Column(_("结果"), width=10),
            Column(_("问题"), width=30),
        ],
        items,
    )
    mending = Table(
        _("整改"),
        [Column(_("问题"), width=24), Column(_("期限"), "date", 10), Column(_("状态"), width=10), Column(_("修好"), "date", 10), Column(_("说明"), width=24)],
        repairs, empty=_("没有要整改的。"),
    )  # fmt: skip
    said = _("合格 %(passed)s 项，不合格 %(failed)s 项") % {"passed": shown.passed, "failed": shown.failed}
    return Document(
        _("阵地巡查表"),
        [
            Section(numbered(1, _("检查")), [paragraph(with_reason(said, shown.note)), checks], "items"),
            Section(numbered(2, _("整改")), [mending], "repairs"),
        ],
        organisation=shown.district.name, subtitle=shown.place.title, number=shown.place.number,
        meta=[(_("巡查日期"), shown.on), (_("巡查人"), shown.by.name), (_("地址"), shown.place.address)],
        signatures=[_("巡查人"), _("阵地管理员")],
    )  # fmt: skip


def plan_table(wanted: Wanted) -> Document:
    """建设进度表: the plan's target, what is done of it by year and by town."""
    programme = programme_for(wanted.user, wanted.parameters["programme"])
    sections = []
    plans = CoveragePlan.objects.filter(programme=programme).select_related("programme")
    for number, plan in enumerate(plans, start=1):
        found = progress(plan)
        said = _("%(name)s：目标 %(target)s 处，已完成 %(done)s 处，完成率 %(rate)s%%；%(covered)s 个镇街已有，共 %(towns)s 个。") % {
            "name": plan.name, "target": plan.target, "done": found.done, "rate": found.rate, "covered": found.covered,
            "towns": len(found.towns),
        }  # fmt: skip
        years = Table(
            _("按年"), [Column(_("年度"), width=10), Column(_("完成"), "count", 10)],
            [[str(year), Value(count, "count")] for year, count in found.by_year],
        )  # fmt: skip
        towns = Table(
            _("按镇街"), [Column(_("镇街"), width=16), Column(_("在用"), "count", 10), Column(_("规划期内完成"), "count", 12)],
            [[town.name, Value(town.serving, "count"), Value(town.done, "count")] for town in found.towns],
        )  # fmt: skip
        rule = paragraph(_("完成口径：%(counts)s。") % {"counts": Counts(plan.counts).label})
        sections.append(Section(numbered(number, plan.name), [paragraph(said), rule, years, towns], f"plan{number}"))
    if not sections:
        sections.append(Section(_("规划"), [paragraph(_("还没有规划。"))], "plan1"))
    return Document(
        _("%(name)s建设进度表") % {"name": programme.name}, sections, organisation=programme.district.name,
        subtitle=_("截至 %(day)s") % {"day": timezone.localdate().isoformat()}, signatures=[_("制表"), _("审核")],
    )  # fmt: skip


def declare() -> None:
    register_pack(
        Pack(
            code="place_register", title=gettext_lazy("阵地一览表"), note=gettext_lazy("一个项目的全部阵地"), icon="list-ul",
            roles=EXPORTING_ROLES, form=ProgrammeForm, gather=register_of, listed=False, sections=("rows",), documents="D23",
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="place_inspection", title=gettext_lazy("阵地巡查表"), note=gettext_lazy("一次巡查和它的整改"), icon="clipboard-check",
            roles=EXPORTING_ROLES, form=InspectionPackForm, gather=inspection_sheet, listed=False, sections=("items", "repairs"), documents="D23",
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="place_plan", title=gettext_lazy("阵地建设进度表"), note=gettext_lazy("几年规划的目标和完成"), icon="bar-chart-steps",
            roles=EXPORTING_ROLES, form=ProgrammeForm, gather=plan_table, listed=False, sections=("plan1",), documents="D23",
        )
    )  # fmt: skip
