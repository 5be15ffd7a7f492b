"""Which ledger is brought in, and how its rows without a state stand."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LedgerForm(forms.Form):
    file = forms.FileField(
        label=_("台账文件"), help_text=_(".xlsx、.xls 或 .csv，一次最多 5000 行。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )  # fmt: skip


class ConfirmLedgerForm(forms.Form):
    ended = forms.TypedChoiceField(
        label=_("没写状态的行"), choices=[("1", _("算已办结")), ("0", _("算新登记"))], widget=forms.RadioSelect, initial="1",
        coerce=lambda value: value == "1",
    )  # fmt: skip
