"""What is asked for a plan, a list of a unit, and its payment."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import towns
from unionops.casework.sheets import UnreadableFile, open_workbook
from unionops.casework.sheets.cells import text_of
from unionops.org.forms.fields import Day, Text, keep_version
from unionops.org.models import Organisation

from ..forms.asking import PLEASE_CHOOSE, Money, day
from .models import Plan

MOST_BYTES = 5 << 20
NAME_WORDS, NUMBER_WORDS = ("姓名", "name"), ("身份证", "证件", "identity")


class PlanForm(forms.Form):
    spans: ClassVar = {
        "year": 4, "name": 8, "starts_on": 4, "ends_on": 4, "enrol_until": 4, "fee": 4, "fee_own": 4, "year_ceiling": 4,
        "waiting_days": 4, "claim_days": 4, "share": 4, "deductible": 4, "illness_amount": 4, "death_amount": 4,
    }  # fmt: skip

    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000, max_value=2100)
    name = Text(label=gettext_lazy("名称"), max_length=60)
    starts_on = Day(label=gettext_lazy("保障起"))
    ends_on = Day(label=gettext_lazy("保障止"))
    enrol_until = Day(label=gettext_lazy("参保截止"))
    fee = Money(label=gettext_lazy("每人互助金（元）"), required=True)
    fee_own = Money(label=gettext_lazy("其中个人出（元）"))
    year_ceiling = Money(label=gettext_lazy("每人一年最多（元）"), required=True)
    waiting_days = forms.IntegerField(label=gettext_lazy("等待期（天）"), min_value=0, max_value=365, help_text=gettext_lazy("保障期头几天出院的不补。"))  # fmt: skip
    claim_days = forms.IntegerField(label=gettext_lazy("出院后多少天内申请"), min_value=1, max_value=1000)
    share = forms.IntegerField(label=gettext_lazy("自付部分补助比例（%）"), min_value=0, max_value=100)
    deductible = Money(label=gettext_lazy("住院起付线（元）"))
    illness_amount = Money(label=gettext_lazy("重大疾病定额（元）"))
    death_amount = Money(label=gettext_lazy("身故慰问（元）"))

    def __init__(self, data: Any = None, *, plan: Plan | None = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={name: getattr(plan, name) for name in Plan.SEEN} if plan else initial)
        if plan:
            keep_version(self, plan.version)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for name in ("fee_own", "deductible", "illness_amount", "death_amount"):
            found[name] = found.get(name) or 0
        if found.get("starts_on") and found.get("ends_on") and found["ends_on"] <= found["starts_on"]:
            self.add_error("ends_on", _("保障止要晚于保障起。"))
        if found.get("ends_on") and found.get("enrol_until") and found["enrol_until"] > found["ends_on"]:
            self.add_error("enrol_until", _("参保截止不能晚于保障止。"))
        if found.get("fee") is not None and found["fee_own"] > found["fee"]:
            self.add_error("fee_own", _("个人出的不能比互助金多。"))
        return found


class UnitForm(forms.Form):
    """The list comes as a file, or pasted from a sheet: two columns, name and identity number."""

    spans: ClassVar = {"unit": 6, "town": 3, "members": 3}

    unit = Text(label=gettext_lazy("单位"), max_length=100)
    town = forms.TypedChoiceField(label=gettext_lazy("镇街"), coerce=int, empty_value=None, required=False)
    members = forms.IntegerField(label=gettext_lazy("工会会员数"), min_value=0, max_value=10**6)
    file = forms.FileField(
        label=gettext_lazy("名单文件"), required=False, help_text=gettext_lazy("Excel 或 CSV，表头有“姓名”和“身份证号”。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip
    lines = forms.CharField(
        label=gettext_lazy("或者粘贴名单"), required=False, max_length=500_000, strip=False, help_text=gettext_lazy("一行一人：姓名和身份证号，用空格或制表符分开。"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off", "data-unionops-unkept": True}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, district_id: int) -> None:
        super().__init__(data, files)
        units = [(unit.id, unit.short_name or unit.name) for unit in towns(district_id)]
        self.fields["town"].choices = [("", PLEASE_CHOOSE), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if upload := found.get("file"):
            found["rows"] = self._of_file(upload)
        else:
            found["rows"] = [_two(line) for line in found.get("lines", "").splitlines() if line.strip()]
        if not found["rows"] and not self.errors:
            self.add_error("file", _("请上传名单，或者粘贴在下面。"))
        return found

    def _of_file(self, upload: Any) -> list[tuple[str, str]]:
        if upload.size > MOST_BYTES:
            self.add_error("file", _("文件太大。"))
            return []
        try:
            rows = [[text_of(cell).strip() for cell in row] for row in open_workbook(upload.read(), upload.name).sheets[0].rows()]  # fmt: skip
        except UnreadableFile as error:
            self.add_error("file", str(error))
            return []
        for at, row in enumerate(rows[:10]):
            name, number = _column(row, NAME_WORDS), _column(row, NUMBER_WORDS)
            if name is not None and number is not None:
                people = [(row[name], row[number]) for row in rows[at + 1 :] if len(row) > max(name, number)]
                return [(one, text) for one, text in people if one or text]
        self.add_error("file", _("前十行里没有“姓名”和“身份证号”两列。"))
        return []

    def given(self) -> dict[str, Any]:
        found = self.cleaned_data
        town = Organisation.objects.get(pk=found["town"]) if found.get("town") else None
        return {"unit": found["unit"], "town": town, "members": found["members"], "lines": found["rows"]}


def _column(row: list[str], words: tuple[str, ...]) -> int | None:
    return next((at for at, text in enumerate(row) if any(word in text.lower() for word in words)), None)


def _two(line: str) -> tuple[str, str]:
    """The number stands last."""
    name, _gap, number = line.strip().replace("，", " ").replace(",", " ").rpartition(" ") if "\t" not in line else line.strip().rpartition("\t")  # fmt: skip
    return name.strip(), number.strip()


class PaidForm(forms.Form):
    paid_on = day(gettext_lazy("到账日期"))
    voucher = Text(label=gettext_lazy("凭证号"), max_length=40)
