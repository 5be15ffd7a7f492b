"""驿站服务登记 (D23): what was brought to the workers at the places of a programme in a year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from unionops.packs.documents import Cell, Column, Document, Section, Table, Value
from unionops.packs.registry import Pack, Wanted, register_pack

from ..exporting import EXPORTING_ROLES
from ..places.models import Place, ServiceGiven
from ..places.packs import ProgrammeForm, programme_for
from .making import LANGUAGE, MOST_ROWS, YEARS
from .parts import town_of


class YearForm(ProgrammeForm):
    """The address names the programme; the form asks which year."""

    year = forms.ChoiceField(label=gettext_lazy("年度"))

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        this = timezone.localdate().year
        self.fields["year"].choices = [(str(one), str(one)) for one in range(this, this - YEARS, -1)]  # type: ignore[attr-defined]

    def parameters(self) -> dict[str, Any]:
        return {**super().parameters(), "year": int(self.cleaned_data["year"])}

    def told(self) -> str:
        return f"{super().told()} {self.cleaned_data['year']}"


def services_given(wanted: Wanted) -> Document:
    programme, year = programme_for(wanted.user, wanted.parameters["programme"]), wanted.parameters["year"]
    places = Place.objects.visible_to(wanted.user).filter(programme=programme)
    found = (
        ServiceGiven.objects.filter(place__in=places, on__year=year)
        .select_related("place__town", "by")
        .order_by("on", "pk")
    )
    with translation.override(LANGUAGE):
        rows: list[list[Cell]] = [
            [
                Value(at, "count"), one.on, Value(one.place.title, "text", reverse("services:place", args=[one.place_id])), town_of(one.place),
                one.get_kind_display(), one.what, Value(one.people, "count"), one.activity_number, one.by.name,
            ]
            for at, one in enumerate(found[:MOST_ROWS], start=1)
        ]  # fmt: skip
        if rows:
            people = sum(row[6].value for row in rows)
            rows.append(["", "合计", "", "", "", "", Value(people, "count"), "", ""])
        columns = [
            Column("序号", "count", 5), Column("日期", "date", 10), Column("阵地", width=15), Column("镇街", width=8), Column("服务类型", width=8),
            Column("内容", width=18), Column("服务人数", "count", 7), Column("活动编号", width=11), Column("登记人", width=8),
        ]  # fmt: skip
        return Document(
            f"{programme.name}服务登记表", [Section("", [Table("", columns, rows, empty="这一年没有登记。")], "rows")],
            organisation=programme.district.name, subtitle=f"{year}年度", signatures=["制表", "审核"], landscape=True,
        )  # fmt: skip


def declare() -> None:
    register_pack(
        Pack(
            code="place_services", title=gettext_lazy("阵地服务登记表"), note=gettext_lazy("一年里在各阵地做了什么、服务了多少人"), icon="heart",
            roles=EXPORTING_ROLES, form=YearForm, gather=services_given, listed=False, sections=("rows",), documents="D23",
        )
    )  # fmt: skip
