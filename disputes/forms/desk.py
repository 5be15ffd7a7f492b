from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.enums import Role
from unionops.org.forms.fields import Day, Text
from unionops.org.models import Organisation, Posting, User
from visits.forms.steps import paragraph

from ..enums import END_STATES, SessionKind
from ..models import Dispute, Room


class CaseChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.title}"


class BookForm(forms.Form):
    """A time of a room for a case."""

    spans: ClassVar = {"dispute": 12, "room": 6, "mediator": 6, "on": 4, "starts": 4, "ends": 4, "kind": 12, "note": 12}
    dispute = CaseChoice(label=_("案件"), queryset=None)
    room = forms.ModelChoiceField(label=_("调解室"), queryset=None)
    mediator = forms.ModelChoiceField(label=_("调解员"), queryset=None, required=False, empty_label=_("首席调解员"))
    on = Day(label=_("日期"))
    starts = forms.TimeField(label=_("开始"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("结束"), widget=forms.TimeInput(attrs={"type": "time"}))
    kind = forms.ChoiceField(
        label=_("方式"), choices=SessionKind.choices, widget=forms.RadioSelect, initial="face_to_face"
    )
    note = Text(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, centres: Collection[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        cases = Dispute.objects.visible_to(user).filter(organisation__in=centres).exclude(state__in=END_STATES)
        posts = Posting.objects.on(timezone.localdate()).filter(
            organisation__in=centres, role__in=[Role.MEDIATOR, Role.HEAD]
        )
        self.fields["dispute"].queryset = cases.order_by("-registered_at", "-pk")[:200]  # type: ignore[attr-defined]
        self.fields["room"].queryset = Room.objects.filter(organisation__in=centres, is_active=True)  # type: ignore[attr-defined]
        self.fields["mediator"].queryset = User.objects.filter(pk__in=posts.values("user"), is_active=True)  # type: ignore[attr-defined]

    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """The two ends as moments of the office's clock."""
        day = self.cleaned_data["on"]
        first, last = (
            timezone.make_aware(datetime.datetime.combine(day, self.cleaned_data[name])) for name in ("starts", "ends")
        )
        return first, last


class RoomForm(forms.Form):
    organisation = forms.ModelChoiceField(label=_("调解中心"), queryset=None, empty_label=None)
    name = Text(label=_("名称"), max_length=40)
    seats = forms.IntegerField(label=_("座位"), min_value=1, max_value=200, initial=8, localize=False)

    def __init__(self, *args: Any, centres: Collection[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        known = Organisation.objects.filter(pk__in={centre.pk for centre in centres}).order_by("name", "pk")
        self.fields["organisation"].queryset = known  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    reason = paragraph(_("取消的理由"), 200)
