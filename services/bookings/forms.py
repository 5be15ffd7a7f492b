"""What is asked for a booking, at the desk and by whoever has shown a telephone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.org.forms.fields import Day, Name, Phone, Text

from ..forms.asking import ConfirmForm
from ..places.models import Place
from .actions import rooms_of
from .enums import BookingVerb
from .models import Booking


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"})


class BookForm(forms.Form):
    on = Day(label=gettext_lazy("哪一天"))
    starts_at = forms.TimeField(label=gettext_lazy("从"), widget=_clock(), error_messages={"required": gettext_lazy("请写开始时间。")})  # fmt: skip
    ends_at = forms.TimeField(label=gettext_lazy("到"), widget=_clock(), error_messages={"required": gettext_lazy("请写结束时间。")})  # fmt: skip
    room = forms.ChoiceField(label=gettext_lazy("哪一间"), required=False)
    people = forms.IntegerField(
        label=gettext_lazy("几个人"), min_value=1, max_value=5000, error_messages={"required": gettext_lazy("请写几个人来。")}
    )  # fmt: skip
    purpose = Text(label=gettext_lazy("做什么用"), max_length=100, required=False)
    name = Name(label=gettext_lazy("预约人"), error_messages={"required": gettext_lazy("请写预约人的姓名。")})
    unit = Text(label=gettext_lazy("单位"), max_length=100, required=False)

    def __init__(self, data: Any = None, *, place: Place) -> None:
        super().__init__(data)
        rooms = rooms_of(place)
        if rooms:
            self.fields["room"].choices = [("", _("整个场地")), *((one, one) for one in rooms)]  # type: ignore[attr-defined]
        else:
            del self.fields["room"]
        if place.programme.limit("booking_silent"):
            # What is talked about is nobody's business (domain C49).
            del self.fields["purpose"]
        if place.capacity:
            self.fields["people"].help_text = _("最多容纳 %(n)d 人。") % {"n": place.capacity}
        self.fields["on"].initial = timezone.localdate()

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "agrees"}


class DeskForm(BookForm):
    phone = Phone(label=gettext_lazy("手机"), required=True)


class PublicBookForm(BookForm):
    agrees = forms.BooleanField(
        label=gettext_lazy("我同意管理单位为这次预约使用我填的内容，用后三个月删除。"),
        error_messages={"required": gettext_lazy("要您同意才能预约。")},
    )


class WhyForm(forms.Form):
    reason = Text(
        label=gettext_lazy("原因"), max_length=200, help_text=gettext_lazy("预约的人会看到。"),
        error_messages={"required": gettext_lazy("请写原因，预约的人会看到。")},
    )  # fmt: skip


class UsedForm(forms.Form):
    people = forms.IntegerField(label=gettext_lazy("实到人数"), min_value=1, max_value=5000)

    def __init__(self, data: Any = None, *, booking: Booking) -> None:
        super().__init__(data, initial={"people": booking.people})


FORMS: dict[str, type[forms.Form]] = dict.fromkeys(BookingVerb.values, ConfirmForm) | {
    BookingVerb.REFUSE: WhyForm, BookingVerb.CANCEL: WhyForm, BookingVerb.USE: UsedForm,
}  # fmt: skip


def form_of(verb: str, data: Any, booking: Booking) -> forms.Form:
    """What a step asks, on the page and over HTTP."""
    return UsedForm(data, booking=booking) if verb == BookingVerb.USE else FORMS[verb](data)
