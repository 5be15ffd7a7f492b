"""What the API says of clocks, files, the timeline and the inbox."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.org.api.masking import masked
from unionops.org.api.records import Asker, LabelField, Made, Reader, Row, UserField

from ..deadlines import lamp
from ..enums import Light, Unit, Urgency


class Clock(serializers.Serializer):
    """How the deadline that counts now stands today."""

    due_on = serializers.DateField()
    light = serializers.ChoiceField(Light.choices)
    days = serializers.IntegerField(help_text="负数是已超的天数。")
    words = serializers.CharField()


class _LampField(Made):
    def make(self, values: Row, asker: Asker) -> dict[str, Any] | None:
        if values[0] is None:
            return None
        if values not in asker.memo:
            due_on, soon_on, paused_on, met_on, provisional = values
            now = lamp(due_on, soon_on, paused_on, met_on, provisional=bool(provisional), today=asker.today)
            asker.memo[values] = {"due_on": due_on, "light": now.light, "days": now.days, "words": now.words}
        return asker.memo[values]


@extend_schema_field(Clock(allow_null=True))
class ClockField(_LampField):
    """Of a case, through its deadline; null where nothing runs."""

    columns = (
        "deadline__due_on", "deadline__soon_on", "deadline__paused_on", "deadline__met_on", "deadline__provisional",
    )  # fmt: skip


@extend_schema_field(Clock())
class OwnClockField(_LampField):
    columns = ("due_on", "soon_on", "paused_on", "met_on", "provisional")


class DeadlineRow(serializers.Serializer):
    """期限: one clock of one case."""

    id = serializers.IntegerField()
    kind = serializers.CharField(help_text="issue")
    case = serializers.UUIDField(source="case_id")
    rule = serializers.CharField()
    rule_name = serializers.CharField()
    unit = serializers.ChoiceField(Unit.choices)
    unit_label = LabelField("unit", Unit)
    length = serializers.IntegerField()
    extra_days = serializers.IntegerField()
    started_on = serializers.DateField()
    soon_on = serializers.DateField()
    due_on = serializers.DateField()
    provisional = serializers.BooleanField()
    paused_on = serializers.DateField(allow_null=True)
    met_on = serializers.DateField(allow_null=True)
    dropped = serializers.BooleanField()
    clock = OwnClockField()


class Pause(serializers.Serializer):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    approved_by = UserField("approved_by")


class DeadlineRecord(DeadlineRow):
    """With what stopped it."""

    pauses = Pause(many=True)


class AttachmentRow(serializers.Serializer):
    """材料. Its bytes are at `content/`, those of an image's thumbnail at `small/`."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    case = serializers.UUIDField(source="case_id")
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    caption = serializers.CharField()
    uploaded_by = UserField("uploaded_by")
    uploaded_at = serializers.DateTimeField()


@extend_schema_field(serializers.DictField())
class EventDataField(Made):
    """What was said and what changed, with the names of citizens masked."""

    columns = ("verb", "data")

    def make(self, values: Row, asker: Asker) -> Any:
        return masked(*values)


class EventRow(serializers.Serializer):
    """经过: one sentence of the timeline."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    verb = serializers.CharField()
    by = UserField("by")
    source = serializers.CharField()
    target = serializers.CharField()
    data = EventDataField()


class InboxLine(serializers.Serializer):
    """待办"""

    kind = serializers.CharField()
    kind_label = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    urgency = serializers.ChoiceField(Urgency.choices)
    place = serializers.CharField()
    step = serializers.CharField()
    back = serializers.CharField(help_text="退回或重办的原因，否则为空。")
    waits_for_signature = serializers.BooleanField()
    clock = Clock(allow_null=True)


class Inbox(serializers.Serializer):
    results = InboxLine(many=True)
    elsewhere = serializers.IntegerField(help_text="我登记的、现在在别人手上的件数。")


DEADLINE_ROWS = Reader(DeadlineRow, "id", "due_on")
ATTACHMENT_ROWS = Reader(AttachmentRow)
EVENT_ROWS = Reader(EventRow, "id", "at")
PAUSES = Reader(Pause)
