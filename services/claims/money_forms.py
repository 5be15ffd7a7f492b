"""What the pages of money ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..forms.asking import Text, day
from .models import Claim


class BatchForm(forms.Form):
    note = Text(label=gettext_lazy("说明"), max_length=100, required=False)

    def __init__(self, data: Any, *, rows: Sequence[Claim]) -> None:
        super().__init__(data)
        self.fields["picked"] = forms.MultipleChoiceField(
            choices=[(str(row.pk), row.number) for row in rows], required=False, label=_("要发放的")
        )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("picked"):
            self.add_error(None, _("请先勾选要发放的。"))
        return self.cleaned_data


class ConfirmForm(forms.Form):
    paid_on = day(gettext_lazy("到账日期"))
    voucher = Text(label=gettext_lazy("凭证号"), max_length=40, required=False)


class CorrectForm(forms.Form):
    reason = Text(label=gettext_lazy("冲回的理由"), max_length=200)
