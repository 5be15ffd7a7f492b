from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

from unionops.casework.transitions import Transition, table_of

from ..enums import Relation


class BookingState(TextChoices):
    ASKED = "asked", pgettext_lazy("预约", "待确认")
    CONFIRMED = "confirmed", pgettext_lazy("预约", "已约好")
    REFUSED = "refused", pgettext_lazy("预约", "未同意")
    CANCELLED = "cancelled", pgettext_lazy("预约", "已取消")
    USED = "used", pgettext_lazy("预约", "已使用")
    MISSED = "missed", pgettext_lazy("预约", "没有来")


class BookingVerb(TextChoices):
    CONFIRM = "confirm", pgettext_lazy("预约", "同意")
    REFUSE = "refuse", pgettext_lazy("预约", "不同意")
    CANCEL = "cancel", pgettext_lazy("预约", "取消预约")
    USE = "use", pgettext_lazy("预约", "登记使用")
    MISS = "miss", pgettext_lazy("预约", "登记没来")


S, V = BookingState, BookingVerb
KEEPERS = (Relation.DESK, Relation.TOWN)

# domain C22: a venue has functions, opening hours and bookings.
TRANSITIONS = table_of(
    Transition(V.CONFIRM, V.CONFIRM.label, (S.ASKED,), (S.CONFIRMED,), KEEPERS, "C22", "check-lg", usual=True),
    Transition(V.REFUSE, V.REFUSE.label, (S.ASKED,), (S.REFUSED,), KEEPERS, "C22", "x-lg"),
    Transition(V.USE, V.USE.label, (S.CONFIRMED,), (S.USED,), KEEPERS, "C22", "check2-all", usual=True),
    Transition(V.MISS, V.MISS.label, (S.CONFIRMED,), (S.MISSED,), KEEPERS, "C22", "person-x"),
    Transition(V.CANCEL, V.CANCEL.label, (S.ASKED, S.CONFIRMED), (S.CANCELLED,), KEEPERS, "C22", "x-circle"),
)  # fmt: skip
# These take the room.
TAKING = (S.ASKED, S.CONFIRMED, S.USED)
OPEN = (S.ASKED, S.CONFIRMED)
