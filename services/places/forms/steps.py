"""What each step of a place asks, and what is written down beside the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import towns
from unionops.org.forms.fields import Day, Lines, Text
from unionops.org.models import Organisation

from ...forms.asking import PLEASE_CHOOSE, Money, Paper, StepForm, day, note, paragraph, today
from ...models import Programme
from ..actions.upkeep import Checked
from ..enums import Counts, Given, Result, SuggestionVerb, System
from ..enums import PlaceVerb as V
from ..enums import RepairVerb as RepairV
from ..models import Place
from .profile import Position


class NoteForm(StepForm):
    note = note()


class ReasonForm(StepForm):
    reason = paragraph(gettext_lazy("理由"))


class AcceptForm(StepForm):
    on = day(gettext_lazy("验收日期"))
    paper = Paper(gettext_lazy("验收单或照片"))
    note = note(gettext_lazy("验收意见"))
    spans: ClassVar = {"on": 6, "paper": 6}


class OpenForm(StepForm):
    on = day(gettext_lazy("启用日期"))
    note = note()
    spans: ClassVar = {"on": 6}
    after = gettext_lazy("启用后公众地图上能查到。")


class UpgradeForm(StepForm):
    on = day(gettext_lazy("提升完成日期"))
    subsidy = Money(label=gettext_lazy("补助（元）"))
    paper = Paper(gettext_lazy("完工照片"))
    note = note(gettext_lazy("提升了什么"))
    spans: ClassVar = {"on": 6, "subsidy": 6}


class SuspendForm(StepForm):
    reason = paragraph(gettext_lazy("理由"))
    until = Day(label=gettext_lazy("预计恢复开放"), required=False)
    spans: ClassVar = {"until": 6}


FORMS: dict[str, type[StepForm]] = {
    **dict.fromkeys(V.values, NoteForm),
    V.ACCEPT: AcceptForm, V.OPEN: OpenForm, V.UPGRADE: UpgradeForm, V.SUSPEND: SuspendForm,
    V.PLAN_UPGRADE: ReasonForm, V.RECTIFY: ReasonForm, V.CLOSE: ReasonForm,
}  # fmt: skip


# --- beside the steps


class Asking(forms.Form):
    """A form that stands on the page of a step (casework/_inform.html)."""

    spans: ClassVar[dict[str, int]] = {}
    looks: ClassVar[dict[str, str]] = {}
    submit: ClassVar[str | Promise] = gettext_lazy("保存")
    after: ClassVar[str | Promise] = ""
    caution: ClassVar[str | Promise] = ""
    template: ClassVar[str] = ""

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, place: Place | None = None) -> None:
        super().__init__(data, files)
        self.place = place

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def about(self) -> list[tuple[str, str]]:
        return []


class ReportForm(Asking):
    what = Text(label=gettext_lazy("哪里坏了"), max_length=120)
    detail = note(gettext_lazy("情况"))
    is_serious = forms.BooleanField(label=gettext_lazy("有危险，要马上修"), required=False)
    submit = gettext_lazy("报修")


class SupplyForm(Asking):
    name = Text(label=gettext_lazy("物资"), max_length=40)
    way = forms.ChoiceField(
        label=gettext_lazy("收发"), choices=[("in", gettext_lazy("入库")), ("out", gettext_lazy("领出"))], initial="in",
        widget=forms.RadioSelect,
    )  # fmt: skip
    count = forms.IntegerField(label=gettext_lazy("数量"), min_value=1, max_value=10**6)
    unit = Text(label=gettext_lazy("单位"), max_length=10, required=False)
    low = forms.IntegerField(label=gettext_lazy("少于多少要补"), min_value=0, max_value=10**6, required=False)
    on = day(gettext_lazy("日期"))
    note = Text(label=gettext_lazy("说明"), max_length=100, required=False)
    spans: ClassVar = {"name": 6, "way": 6, "count": 3, "unit": 3, "low": 3, "on": 3}
    looks: ClassVar = {"way": "chips"}

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        way, count = found.pop("way"), found.pop("count")
        return {**found, "change": count if way == "in" else -count}


class ServiceForm(Asking):
    kind = forms.ChoiceField(label=gettext_lazy("服务类型"), choices=Given, widget=forms.RadioSelect)
    people = forms.IntegerField(label=gettext_lazy("服务人数"), min_value=1, max_value=10**6)
    on = day(gettext_lazy("日期"))
    activity_number = Text(
        label=gettext_lazy("活动编号"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("是登记过的活动就写它的编号。"),
    )
    what = Text(label=gettext_lazy("内容"), max_length=120, required=False)
    spans: ClassVar = {"people": 4, "on": 4, "activity_number": 4}
    looks: ClassVar = {"kind": "picks"}


class TallyForm(Asking):
    on = day(gettext_lazy("日期"))
    visits = forms.IntegerField(label=gettext_lazy("到访人次"), min_value=0, max_value=10**6)
    spans: ClassVar = {"on": 6, "visits": 6}
    after = gettext_lazy("同一天再填，以后填的为准。")


class HonourForm(Asking):
    name = Text(label=gettext_lazy("荣誉"), max_length=60)
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100, initial=lambda: today().year)
    giver = Text(label=gettext_lazy("授予单位"), max_length=60, required=False)
    spans: ClassVar = {"name": 6, "year": 2, "giver": 4}


class StarsForm(Asking):
    """The sum stands above the button: whoever presses it has seen it."""

    on = day(gettext_lazy("定级日期"))
    spans: ClassVar = {"on": 6}
    submit = gettext_lazy("按这个得分定级")
    template = "places/_stars.html"


class InspectionForm(forms.Form):
    """The list of the programme, an answer for each item under the thumb; a note where something is wrong."""

    on = day(gettext_lazy("巡查日期"))
    note = note(gettext_lazy("说明"))

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, items: Sequence[tuple[str, bool]]) -> None:
        super().__init__(data, files)
        self.items = items
        for number, (label, _serious) in enumerate(items):
            self.fields[f"result_{number}"] = forms.ChoiceField(label=label, choices=Result, widget=forms.RadioSelect)
            self.fields[f"note_{number}"] = Text(
                label=_("“%(item)s”的问题") % {"item": label}, max_length=200, required=False
            )
            self.fields[f"photo_{number}"] = forms.FileField(
                label=_("“%(item)s”的照片") % {"item": label}, required=False,
                widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
            )  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "number": number + 1, "label": label, "serious": serious, "result": self[f"result_{number}"],
                "note": self[f"note_{number}"], "photo": self[f"photo_{number}"],
            }
            for number, (label, serious) in enumerate(self.items)
        ]  # fmt: skip

    def ends(self) -> list[Any]:
        return [self["on"], self["note"]]

    def checked(self) -> list[Checked]:
        found = self.cleaned_data
        return [
            Checked(label, found[f"result_{number}"], serious, found[f"note_{number}"])
            for number, (label, serious) in enumerate(self.items)
        ]

    def photos(self) -> list[tuple[str, Any]]:
        """(caption, upload) of what was photographed."""
        return [
            (label, self.cleaned_data[f"photo_{number}"])
            for number, (label, _serious) in enumerate(self.items)
            if self.cleaned_data.get(f"photo_{number}")
        ]


class RepairNoteForm(Asking):
    outcome = Text(label=gettext_lazy("说明"), max_length=200, required=False)
    submit = gettext_lazy("确定")


class RepairReasonForm(Asking):
    outcome = Text(label=gettext_lazy("理由"), max_length=200)
    submit = gettext_lazy("确定")


class RepairedForm(Asking):
    outcome = Text(label=gettext_lazy("怎么修的"), max_length=200)
    on = day(gettext_lazy("修好的日子"))
    photo = forms.FileField(
        label=gettext_lazy("修好后的照片"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip
    spans: ClassVar = {"on": 6, "photo": 6}
    submit = gettext_lazy("登记修好")
    after = gettext_lazy("由另一个人复查。")


REPAIR_FORMS: dict[str, type[Asking]] = {
    RepairV.START: RepairNoteForm, RepairV.REPAIR: RepairedForm, RepairV.CHECK: RepairNoteForm, RepairV.REJECT: RepairReasonForm,
    RepairV.DISMISS: RepairReasonForm,
}  # fmt: skip


# --- plans and suggestions


class CheckListForm(Asking):
    items = Lines(
        label=gettext_lazy("检查项，一行一项"), most=40, longest=60,
        help_text=gettext_lazy("前面加“！”的是严重问题，发现后按短期限整改。"), widget=forms.Textarea(attrs={"rows": 14}),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, known: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["items"].initial = list(known)


class PlanForm(Asking):
    name = Text(label=gettext_lazy("规划名称"), max_length=60)
    from_year = forms.IntegerField(label=gettext_lazy("起始年"), min_value=2000, max_value=2100)
    to_year = forms.IntegerField(label=gettext_lazy("结束年"), min_value=2000, max_value=2100)
    target = forms.IntegerField(label=gettext_lazy("目标（处）"), min_value=1, max_value=100_000)
    counts = forms.ChoiceField(
        label=gettext_lazy("怎样算完成"), choices=Counts, widget=forms.RadioSelect, initial=Counts.UPGRADED
    )
    spans: ClassVar = {"from_year": 4, "to_year": 4, "target": 4}
    looks: ClassVar = {"counts": "chips"}

    def __init__(self, data: QueryDict | None = None, *, known: dict[str, Any] | None = None) -> None:
        super().__init__(data)
        self.initial = known or {}


class SuggestForm(Asking):
    address = Text(label=gettext_lazy("建议地点"), max_length=120)
    town = forms.TypedChoiceField(label=gettext_lazy("镇街"), coerce=int, required=False, empty_value=None)
    position = Position(
        label=gettext_lazy("坐标"), required=False, max_length=60,
        widget=forms.TextInput(attrs={"data-unionops-position": True, "autocomplete": "off"}),
    )  # fmt: skip
    system = forms.ChoiceField(
        label=gettext_lazy("坐标来自"), choices=System, initial=System.GCJ02, required=False,
        widget=forms.Select(attrs={"data-unionops-system": True}),
    )  # fmt: skip
    reason = paragraph(gettext_lazy("理由"))
    spans: ClassVar = {"town": 4, "position": 4, "system": 4}
    submit = gettext_lazy("提出建议")

    def __init__(self, data: QueryDict | None = None, *, programme: Programme) -> None:
        super().__init__(data)
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(programme.district_id)]
        self.fields["town"].choices = [("", PLEASE_CHOOSE), *units]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["longitude"], found["latitude"] = found.pop("position") or (None, None)
        town = found.pop("town")
        return {**found, "town": Organisation.objects.get(pk=town) if town else None}


class SurveyForm(Asking):
    submit = gettext_lazy("去考察")


class AdoptForm(Asking):
    name = Text(label=gettext_lazy("阵地名称"), max_length=60)
    answer = Text(label=gettext_lazy("答复"), max_length=200)
    submit = gettext_lazy("采纳")
    after = gettext_lazy("采纳后登记一处规划中的阵地。")


class DeclineForm(Asking):
    answer = Text(label=gettext_lazy("答复"), max_length=200)
    submit = gettext_lazy("不采纳")


SUGGESTION_FORMS: dict[str, type[Asking]] = {
    SuggestionVerb.SURVEY: SurveyForm, SuggestionVerb.ADOPT: AdoptForm, SuggestionVerb.DECLINE: DeclineForm,
}  # fmt: skip
