"""Which ledger is brought in, for which centre, and which of its rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.org.models import Organisation
from visits.forms.imports import UndoForm

__all__ = ["ConfirmCasesForm", "LedgerOfCasesForm", "UndoForm"]


class LedgerOfCasesForm(forms.Form):
    centre = forms.ModelChoiceField(
        label=gettext_lazy("调解中心"), queryset=Organisation.objects.none(), empty_label=None
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("台账文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}), allow_empty_file=True,
        help_text=gettext_lazy(".xlsx、.xls 或 .csv，一次最多 5000 行。表头写法不限，列的顺序不限。"),
    )  # fmt: skip
    files_ended = forms.TypedChoiceField(
        label=gettext_lazy("台账里已经结束的案件"), widget=forms.RadioSelect, initial="1", coerce=lambda value: value == "1",
        choices=[("1", gettext_lazy("已归档，卷宗在办公室")), ("0", gettext_lazy("还没归档，等着归档"))],
        help_text=gettext_lazy("没写履行情况的，已归档的算已履行，没归档的算履行中。"),
    )  # fmt: skip

    def __init__(self, *args: Any, centres: Collection[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        known = Organisation.objects.filter(pk__in={centre.pk for centre in centres}).order_by("name", "pk")
        self.fields["centre"].queryset = known  # type: ignore[attr-defined]


class ConfirmCasesForm(forms.Form):
    which = forms.ChoiceField(label=gettext_lazy("导入哪些行"), widget=forms.RadioSelect, initial="all")

    def __init__(self, *args: Any, good: int, refused: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            ("all", _("全部行，有一行读不懂就不导入")),
            ("good", _("只导入读懂的 %(n)d 行，读不懂的 %(bad)d 行改好再传") % {"n": good, "bad": refused}),
        ]
