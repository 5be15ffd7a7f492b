from __future__ import annotations

import datetime
from collections.abc import Collection
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.enums import Role
from unionops.org.forms.fields import Day, Text, keep_version
from unionops.org.models import Organisation, Posting, User
from visits.forms.steps import paragraph

from ..enums import END_STATES, OVER_STATES, SessionKind
from ..models import Dispute, Room

# Cases in the list of the form: a page stays small.
MOST_OFFERED = 60


class BookForm(forms.Form):
    """A time of a room for a case."""

    spans: ClassVar = {"starts": 6, "ends": 6}
    dispute = forms.ModelChoiceField(label=_("案件"), queryset=Dispute.objects.none())
    room = forms.ModelChoiceField(label=_("调解室"), queryset=Room.objects.none(), empty_label=_("请选择"))
    mediator = forms.ModelChoiceField(
        label=_("调解员"), queryset=User.objects.none(), required=False, empty_label=_("首席调解员")
    )
    on = Day(label=_("日期"))
    starts = forms.TimeField(label=_("开始"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("结束"), widget=forms.TimeInput(attrs={"type": "time"}))
    kind = forms.ChoiceField(
        label=_("方式"), choices=SessionKind.choices, widget=forms.RadioSelect, initial="face_to_face"
    )
    note = Text(label=_("备注"), max_length=200, required=False)
    link = forms.URLField(
        label=_("线上会议链接"), max_length=300, required=False, assume_scheme="https",
        help_text=_("不到场的人从这里进入，日历里也有。"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, centres: Collection[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        cases = (
            Dispute.objects.visible_to(user)
            .filter(organisation__in=centres)
            .exclude(state__in=END_STATES | OVER_STATES)
        )
        posts = Posting.objects.on(timezone.localdate()).filter(
            organisation__in=centres, role__in=[Role.MEDIATOR, Role.HEAD]
        )
        self.fields["dispute"].queryset = cases  # type: ignore[attr-defined]
        self.fields["room"].queryset = Room.objects.filter(organisation__in=centres, is_active=True)  # type: ignore[attr-defined]
        self.fields["mediator"].queryset = User.objects.filter(pk__in=posts.values("user"), is_active=True)  # type: ignore[attr-defined]

        self._offer(cases, str(self["dispute"].value() or ""))

    def _offer(self, cases: QuerySet[Dispute], wanted: str) -> None:
        """Any open case is taken; the newest are offered, and the one that was asked for."""
        rows = list(cases.order_by("-registered_at", "-pk")[:MOST_OFFERED])
        if wanted and wanted not in {str(row.pk) for row in rows}:
            with suppress(ValidationError):
                rows = [*cases.filter(pk=wanted), *rows]
        offered = [("", _("请选择")), *((str(row.pk), f"{row.number} {row.title}") for row in rows)]
        self.fields["dispute"].widget.choices = offered

    def moments(self) -> tuple[datetime.datetime, datetime.datetime]:
        """The two ends as moments of the office's clock."""
        day = self.cleaned_data["on"]
        first, last = (
            timezone.make_aware(datetime.datetime.combine(day, self.cleaned_data[name])) for name in ("starts", "ends")
        )
        return first, last


class RoomForm(forms.Form):
    organisation = forms.ModelChoiceField(label=_("调解中心"), queryset=Organisation.objects.none(), empty_label=None)
    name = Text(label=_("名称"), max_length=40)
    seats = forms.IntegerField(label=_("座位"), min_value=1, max_value=200, initial=8, localize=False)

    def __init__(self, *args: Any, centres: Collection[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        known = Organisation.objects.filter(pk__in={centre.pk for centre in centres}).order_by("name", "pk")
        self.fields["organisation"].queryset = known  # type: ignore[attr-defined]


class EditRoomForm(forms.Form):
    spans: ClassVar = {"name": 8, "seats": 4}
    name = Text(label=_("名称"), max_length=40)
    seats = forms.IntegerField(label=_("座位"), min_value=1, max_value=200, localize=False)

    def __init__(self, data: Any = None, *, room: Room) -> None:
        super().__init__(data, initial={"name": room.name, "seats": room.seats})
        keep_version(self, room.version)


class CloseRoomForm(forms.Form):
    """Where the coming appointments of a room go before it is closed."""

    move_to = forms.ModelChoiceField(
        label=_("把预约移到"), queryset=Room.objects.none(), required=False, empty_label=_("请选择")
    )  # fmt: skip

    def __init__(self, *args: Any, room: Room, has_coming: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        others = Room.objects.filter(organisation=room.organisation_id, is_active=True).exclude(pk=room.pk)
        if has_coming:
            self.fields["move_to"].queryset = others.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["move_to"]


class CancelForm(forms.Form):
    reason = paragraph(_("取消的理由"), 200)
