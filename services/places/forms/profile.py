"""What is asked of a place: where it is, when it is open, what it has. The same when it begins and when it changes."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.jinja import WEEKDAYS
from unionops.org.forms.fields import Name, Phone, Text, keep_number

from ...forms.asking import Money, RegisterForm
from .. import geo, hours
from ..enums import Facility, PlaceSort, System
from ..models import Place

DAYS = tuple(f"day_{number}" for number in range(7))
_SEASON = re.compile(r"(\d{1,2})[-.月/](\d{1,2})日?")


class HoursField(forms.CharField):
    """Spans of a day; None where nothing is written, an empty list where it is closed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": 80, **options})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value) or ""
        try:
            return hours.read_spans(text) if text.strip() else None
        except hours.NoHours as error:
            raise forms.ValidationError(str(error)) from error


class SeasonDay(forms.CharField):
    """6-1 or 6月1日 as 601."""

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        match = _SEASON.fullmatch(text)
        month, day = (int(match[1]), int(match[2])) if match else (0, 0)
        if not (1 <= month <= 12 and 1 <= day <= 31):
            raise forms.ValidationError(_("请写成 6-1 这样的月和日。"))
        return month * 100 + day


class Position(forms.CharField):
    """经度,纬度 as a map copies them."""

    def to_python(self, value: Any) -> Any:
        text = (super().to_python(value) or "").strip()
        if not text:
            return None
        point = geo.read_point(text)
        if point is None:
            raise forms.ValidationError(_("请写成“120.582,30.002”，经度在前；坐标要在国内。"))
        return point


class PlaceFields(forms.Form):
    """The fields that both forms share."""

    sort = forms.ChoiceField(label=gettext_lazy("类别"), choices=PlaceSort, initial=PlaceSort.JOINT)
    address = Text(label=gettext_lazy("地址"), max_length=120, required=False)
    directions = Text(
        label=gettext_lazy("怎么走"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("给第一次来的人看，例如：菜场北门进来左手边。"),
    )
    position = Position(
        label=gettext_lazy("坐标"), required=False, max_length=60,
        help_text=gettext_lazy("从地图上复制的“经度,纬度”；人在现场可以点“用我现在的位置”。"),
        widget=forms.TextInput(attrs={"data-unionops-position": True, "autocomplete": "off"}),
    )  # fmt: skip
    system = forms.ChoiceField(
        label=gettext_lazy("坐标来自"), choices=System, initial=System.GCJ02, required=False,
        widget=forms.Select(attrs={"data-unionops-system": True}),
    )  # fmt: skip
    area = forms.DecimalField(
        label=gettext_lazy("面积（㎡）"), min_value=0, max_digits=9, decimal_places=1, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    capacity = forms.IntegerField(label=gettext_lazy("同时容纳人数"), min_value=0, max_value=30000, required=False)
    facilities = forms.MultipleChoiceField(
        label=gettext_lazy("设施"), choices=Facility, required=False, widget=forms.CheckboxSelectMultiple
    )
    every_day = HoursField(
        label=gettext_lazy("开放时间"),
        help_text=gettext_lazy("例如 8:00-18:00；全天开放写“全天”；一天有两段的用顿号分开。哪天不一样，在下面改。"),
    )
    season_from = SeasonDay(
        label=gettext_lazy("每年从"), required=False, max_length=10, help_text=gettext_lazy("只开一季的写，例如 6-1。")
    )
    season_to = SeasonDay(label=gettext_lazy("到"), required=False, max_length=10)
    manager = Name(label=gettext_lazy("管理员"), required=False)
    subsidy = Money(label=gettext_lazy("建设补助（元）"))
    is_published = forms.BooleanField(label=gettext_lazy("在公众地图上公开"), required=False, initial=True)

    spans: ClassVar[dict[str, int]] = {
        "name": 6, "host": 6, "applicant_name": 6, "sort": 6, "town": 6, "position": 6, "system": 6, "area": 3,
        "capacity": 3, "subsidy": 6, "season_from": 6, "season_to": 6, "manager": 6, "phone": 6, "enterprise_name": 6,
        **dict.fromkeys(DAYS, 3),
    }  # fmt: skip
    looks: ClassVar[dict[str, str]] = {"facilities": "picks", "applicant_kind": "chips"}

    def add_days(self) -> None:
        """A field for each weekday: empty is as every day, «休» is closed."""
        for number, name in enumerate(DAYS):
            self.fields[name] = HoursField(label=WEEKDAYS[number])

    def order(self, first: tuple[str, ...]) -> None:
        own = [name for name in PlaceFields.base_fields if name not in first]
        at = own.index("every_day") + 1
        self.order_fields([*first, *own[:at], *DAYS, *own[at:]])

    def read_place(self, found: dict[str, Any]) -> dict[str, Any]:
        """The fields as actions take them."""
        point = found.pop("position", None)
        found["longitude"], found["latitude"] = point or (None, None)
        found["system"] = (found.get("system") or System.GCJ02) if point else ""
        usual = found.pop("every_day", None)
        days = {str(number): found.pop(name, None) for number, name in enumerate(DAYS)}
        found["hours"] = {number: usual or [] if spans is None else spans for number, spans in days.items()}
        if (found.get("season_from") is None) != (found.get("season_to") is None):
            self.add_error("season_to", _("季节的开始和结束要一起填。"))
        return found


class PlaceRegisterForm(PlaceFields, RegisterForm):
    name = Text(label=gettext_lazy("阵地名称"), max_length=60)

    def fill(self) -> None:
        self.fields["applicant_name"].label = _("管理单位")
        self.fields["phone"].label = _("管理员手机")
        self.fields.pop("identity", None)
        self.fields.pop("enterprise_name", None)
        self.add_days()
        self.order(("name", "applicant_kind", "applicant_name", "sort", "town"))

    def clean(self) -> dict[str, Any]:
        return self.read_place(super().clean())

    def arguments(self) -> dict[str, Any]:
        found = super().arguments()
        title = found.pop("name")
        return {**found, "title": title}


class ProfileForm(PlaceFields):
    """The same for a place that exists. The manager's number and name never go back to the browser."""

    name = Text(label=gettext_lazy("阵地名称"), max_length=60)
    host = Text(label=gettext_lazy("管理单位"), max_length=100)
    phone = Phone(label=gettext_lazy("管理员手机"))

    submit = gettext_lazy("保存")
    after = ""
    caution = ""
    template = ""

    def __init__(self, data: QueryDict | None = None, files: Any = None, *, place: Place) -> None:
        super().__init__(data, files, initial=self._known(place))
        self.place = place
        self.add_days()
        self._fill_days()
        keep_number(self, "phone", place.phone_masked)
        manager = self.fields["manager"]
        if place.manager_masked:
            manager.help_text = _("现为 %(masked)s。不改就空着。") % {"masked": place.manager_masked}
        self.order(("name", "host", "sort"))

    @staticmethod
    def _known(place: Place) -> dict[str, Any]:
        names = ("sort", "address", "directions", "area", "capacity", "facilities", "subsidy", "is_published")
        known = {name: getattr(place, name) for name in names}
        known |= {"name": place.title, "host": place.applicant_name, "system": place.system or System.GCJ02}
        if place.longitude is not None:
            known["position"] = f"{place.longitude:.6f},{place.latitude:.6f}"
        for name in ("season_from", "season_to"):
            value = getattr(place, name)
            known[name] = f"{value // 100}-{value % 100}" if value else ""
        return known

    def _fill_days(self) -> None:
        words = [hours.write_spans(self.place.hours.get(str(number), [])) or _("休") for number in range(7)]
        if not self.place.hours:
            return
        usual = max(dict.fromkeys(words), key=words.count)
        self.fields["every_day"].initial = usual
        for name, word in zip(DAYS, words, strict=True):
            self.fields[name].initial = "" if word == usual else word

    def clean(self) -> dict[str, Any]:
        found = self.read_place(self.cleaned_data)
        if not found.get("manager"):
            found["manager"] = None
        return found

    def arguments(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def about(self) -> list[tuple[str, str]]:
        return []
