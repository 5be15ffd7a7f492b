"""What the pages of standards and budgets ask."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Parameter, Programme
from ..standards import STANDARDS
from .asking import PLEASE_CHOOSE, Day, Money, Text


class ParameterForm(forms.Form):
    code = forms.ChoiceField(label=gettext_lazy("哪一项"), required=False)
    name = Text(
        label=gettext_lazy("别的名称"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("上面没有的，在这里写名称。"),
    )
    unit = Text(label=gettext_lazy("单位"), max_length=20, required=False)
    value = forms.DecimalField(
        label=gettext_lazy("数值"), min_value=0, max_digits=14, decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    valid_from = Day(label=gettext_lazy("从哪天起"))
    source = Text(label=gettext_lazy("依据"), max_length=200, required=False)
    spans: ClassVar = {"name": 8, "unit": 4, "value": 6, "valid_from": 6}
    looks: ClassVar[dict[str, str]] = {}

    def __init__(self, data: Any = None, *, district_id: int, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        own = dict(Parameter.objects.filter(district=district_id).values_list("code", "name"))
        known = {one.code: str(one.name) for one in STANDARDS}
        self.fields["code"].choices = [("", PLEASE_CHOOSE), *{**own, **known}.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("code") and not self.cleaned_data.get("name"):
            self.add_error("code", _("请选一项，或者写名称。"))
        return self.cleaned_data


class LineForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    name = Text(label=gettext_lazy("科目"), max_length=60)
    source = Text(
        label=gettext_lazy("资金来源"), max_length=40,
        help_text=gettext_lazy("中央财政、省级、市级、区级、工会经费或社会捐助。"),
    )  # fmt: skip
    total = Money(label=gettext_lazy("预算（元）"), required=True)
    programmes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("适用项目"), queryset=Programme.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    spans: ClassVar = {"year": 3, "name": 9, "source": 6, "total": 6}
    looks: ClassVar[dict[str, str]] = {"programmes": "picks"}

    def __init__(self, data: Any = None, *, district_id: int) -> None:
        super().__init__(data, initial={"year": timezone.localdate().year})
        self.fields["programmes"].queryset = Programme.objects.filter(district=district_id).running()  # type: ignore[attr-defined]


class RaiseForm(forms.Form):
    amount = forms.DecimalField(
        label=gettext_lazy("追加（元），核减写负数"), max_digits=14, decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    reason = Text(label=gettext_lazy("依据"), max_length=200)
