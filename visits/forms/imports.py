from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.sheets import Mapping
from unionops.org.forms.fields import Day

from ..ledger import CADRES, ENTERPRISES, KINDS, VISITS
from ..models import LedgerImport
from .steps import paragraph

KIND_LABELS = {
    VISITS: gettext_lazy("走访及问题台账"),
    ENTERPRISES: gettext_lazy("企业名录"),
    CADRES: gettext_lazy("驻联干部名单"),
}
UNDO_WORD = "撤销"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("台账文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}), allow_empty_file=True,
        help_text=gettext_lazy(".xlsx、.xls 或 .csv，不超过 60 MB。表头写法不限，列的顺序不限。"),
    )  # fmt: skip


class ColumnsForm(forms.Form):
    """What the file is, and for each thing that may be known the column where it stands."""

    kind = forms.ChoiceField(label=gettext_lazy("这是什么台账"), choices=list(KIND_LABELS.items()))

    def __init__(self, data: Any, *, record: LedgerImport) -> None:
        mapping = Mapping.from_json(record.mapping) if record.mapping else None
        super().__init__(data, initial={"kind": record.sort or VISITS})
        self.names: list[str] = []
        if mapping is None:
            return
        headers = {choice.column: choice.header for choice in [*mapping.columns.values(), *mapping.unused]}
        options = [("", _("没有这一列"))] + [
            (str(column), headers[column] or _("第 %(n)d 列") % {"n": column + 1}) for column in sorted(headers)
        ]
        for field in KINDS[mapping.kind]:
            chosen = mapping.columns.get(field.name)
            name = f"column_{field.name}"
            self.names.append(name)
            self.fields[name] = forms.ChoiceField(
                label=str(field.label),
                choices=options,
                required=field.required,
                initial=str(chosen.column) if chosen else "",
            )

    def columns(self) -> dict[str, int | None]:
        return {
            name.removeprefix("column_"): int(value) if (value := self.cleaned_data.get(name)) else None
            for name in self.names
        }

    def clean(self) -> dict[str, Any]:
        chosen: dict[str, str] = {}
        for name in self.names:
            value = self.cleaned_data.get(name)
            if value and value in chosen:
                self.add_error(name, _("这一列已经用作“%(other)s”。") % {"other": self.fields[chosen[value]].label})
            elif value:
                chosen[value] = name
        return self.cleaned_data


class ConfirmForm(forms.Form):
    which = forms.ChoiceField(
        label=gettext_lazy("导入哪些行"), widget=forms.RadioSelect,
        choices=[("all", gettext_lazy("全部行，有一行读不懂就不导入")), ("good", gettext_lazy("只导入读懂的行"))],
        initial="all",
    )  # fmt: skip
    since = Day(label=gettext_lazy("名单自哪天起有效"), required=False)
    reason = paragraph(gettext_lazy("改动已结账期间的理由"), 500, 2, required=False)


class UndoForm(forms.Form):
    reason = paragraph(gettext_lazy("改动已结账期间的理由"), 500, 2, required=False)
    typed = forms.CharField(label=gettext_lazy("写“撤销”两个字"), max_length=20, required=False)

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"].strip().strip("“”\"'").lower() not in (UNDO_WORD, "undo"):
            raise forms.ValidationError(_("请写“撤销”，确认要把这次导入整批撤掉。"))
        return UNDO_WORD
