from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.org.forms.fields import Day
from unionops.org.models import Organisation, User

from ..enums import PartOfDay, Seat
from .assigning import people_of

WEEKDAYS = [
    ("0", pgettext_lazy("星期", "周一")), ("1", pgettext_lazy("星期", "周二")), ("2", pgettext_lazy("星期", "周三")),
    ("3", pgettext_lazy("星期", "周四")), ("4", pgettext_lazy("星期", "周五")), ("5", pgettext_lazy("星期", "周六")),
    ("6", pgettext_lazy("星期", "周日")),
]  # fmt: skip


class DutyForm(forms.Form):
    """Who sits in the centre, as what, on which days."""

    looks: ClassVar = {"part": "segments", "weekdays": "chips"}
    spans: ClassVar = {"first": 6, "last": 6}
    centre = forms.ModelChoiceField(label=_("调解中心"), queryset=Organisation.objects.none(), empty_label=None)
    user = forms.TypedChoiceField(label=_("值班人"), coerce=int)
    seat = forms.ChoiceField(label=_("身份"), choices=Seat.choices)
    first = Day(label=_("从哪天"))
    last = Day(label=_("到哪天"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("每周哪几天"), coerce=int, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple,
        initial=["0", "1", "2", "3", "4"], help_text=_("节假日不排，调休上班的周末照排。"),
    )  # fmt: skip
    part = forms.ChoiceField(label=_("时段"), choices=PartOfDay.choices, widget=forms.RadioSelect, initial="whole")

    def __init__(self, *args: Any, centres: Collection[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["centre"].queryset = Organisation.objects.filter(pk__in=[centre.pk for centre in centres])  # type: ignore[attr-defined]
        districts = {centre.district_id for centre in centres if centre.district_id is not None}
        people = sorted((row for district in districts for row in people_of(district)), key=lambda row: row[1])
        self.fields["user"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found["user"] = User.objects.get(pk=found["user"])
        return found
