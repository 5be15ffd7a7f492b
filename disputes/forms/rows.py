"""Rows of a step: what each side owes, what each side asked and gave, who takes a seat. A row without words is no row."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.org.forms.fields import Day, Text

from ..enums import OPPOSED, PARTISAN_SEATS, ObligationKind, OfferKind, Seat
from ..law.instalments import MOST_INSTALMENTS
from .asking import PLEASE_CHOOSE, Choices, Money

SIDES = [(side.value, side.label) for side in OPPOSED]
MOST_OFFERS = 20
MOST_SEATS = 12
# Whom the head brings in beside the mediators of the centre.
OTHER_SEATS = [(seat.value, seat.label) for seat in Seat if seat != Seat.MEDIATOR]


class Row(forms.Form):
    """One line; ``lead`` names the fields of which one at least makes it a line that was meant."""

    lead: ClassVar[tuple[str, ...]] = ()
    asked: ClassVar[dict[str, Any]] = {}

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if self.is_meant():
            for name, words in self.asked.items():
                if found.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, words)
        return found

    def is_meant(self) -> bool:
        return any(self.cleaned_data.get(name) not in (None, "") or name in self.errors for name in self.lead)


class ObligationRow(Row):
    lead: ClassVar = ("what", "amount", "due_on")
    asked: ClassVar = {
        "debtor": gettext_lazy("请选义务人。"),
        "creditor": gettext_lazy("请选权利人。"),
        "what": gettext_lazy("请写内容。"),
        "due_on": gettext_lazy("请写履行期限。"),
    }
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=ObligationKind.choices, required=False)
    due_on = Day(label=gettext_lazy("履行期限"), required=False)
    debtor = forms.ChoiceField(label=gettext_lazy("义务人"), required=False)
    creditor = forms.ChoiceField(label=gettext_lazy("权利人"), required=False)
    what = Text(label=gettext_lazy("内容"), max_length=300, required=False)
    amount = Money(label=gettext_lazy("金额（元）"))
    instalment = forms.IntegerField(
        label=gettext_lazy("第几期"), required=False, min_value=1, max_value=MOST_INSTALMENTS
    )

    def __init__(self, *args: Any, parties: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("debtor", "creditor"):
            self.fields[name].choices = [("", PLEASE_CHOOSE), *parties]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if not self.is_meant():
            return found
        paid = found.get("kind") == ObligationKind.PAY
        if "amount" not in self.errors and paid != bool(found.get("amount")):
            self.add_error("amount", _("付款要写大于零的金额，其他义务不写金额。"))
        if found.get("debtor") and found.get("debtor") == found.get("creditor"):
            self.add_error("creditor", _("义务人和权利人要是两个人。"))
        return found


class OfferRow(Row):
    lead: ClassVar = ("amount", "terms")
    asked: ClassVar = {"side": gettext_lazy("请选是哪一方的。"), "kind": gettext_lazy("请选要求还是出价。")}
    side = forms.ChoiceField(
        label=gettext_lazy("哪一方"), choices=[("", PLEASE_CHOOSE), *SIDES], required=False
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("要求或出价"), choices=[("", PLEASE_CHOOSE), *OfferKind.choices], required=False
    )  # fmt: skip
    amount = Money(label=gettext_lazy("金额（元）"))
    terms = Text(label=gettext_lazy("条件"), max_length=500, required=False)


class SeatRow(Row):
    lead: ClassVar = ("user",)
    asked: ClassVar = {"seat": gettext_lazy("请选办案角色。")}
    user = forms.TypedChoiceField(label=gettext_lazy("人员"), coerce=int, empty_value=None, required=False)
    seat = forms.ChoiceField(
        label=gettext_lazy("办案角色"), choices=[("", PLEASE_CHOOSE), *OTHER_SEATS], required=False
    )  # fmt: skip
    side = forms.ChoiceField(
        label=gettext_lazy("代表哪一方"), choices=[("", gettext_lazy("居中")), *SIDES], required=False
    )
    until = Day(label=gettext_lazy("参加到"), required=False)

    def __init__(self, *args: Any, people: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].choices = [("", PLEASE_CHOOSE), *people]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if self.is_meant() and found.get("side") and found.get("seat") not in PARTISAN_SEATS:
            self.add_error("side", _("只有工会代表和律师可以代表一方。"))
        return found


ObligationRows = formset_factory(ObligationRow, extra=2, max_num=MOST_INSTALMENTS + 20, validate_max=True)
OfferRows = formset_factory(OfferRow, extra=2, max_num=MOST_OFFERS, validate_max=True)
SeatRows = formset_factory(SeatRow, extra=1, max_num=MOST_SEATS, validate_max=True)


def meant(rows: Any) -> list[dict[str, Any]]:
    """The lines that were filled in, cleaned."""
    return [row.cleaned_data for row in rows.forms if row.is_meant()]
