from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from disputes.actions import intake
from disputes.actions.intake import DisputeDraft, PartyDraft
from disputes.enums import Side
from disputes.models import Appointment, Room
from tests.world import World

# Only for what is sent, or answered with a file.
NO_PAGES: tuple[str, ...] = ("disputes:feed_make", "disputes:feed_revoke", "disputes:calendar_feed")
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = (
    ("disputes:day", "mediator"),
    ("disputes:rooms", "mediator"),
    ("disputes:book", "mediator"),
    ("disputes:cancel", "mediator"),
    ("disputes:centre", "leader"),
)


def make(world: World) -> None:
    """A room, and a case that meets there now."""
    by = world["mediator"]
    centre = by.postings.get().organisation
    case = intake.register(
        DisputeDraft(
            organisation=centre, source="window", cause="pay_arrears", claims="支付工资", parties=[
                PartyDraft(side=Side.APPLICANT, name="陈阿婆"),
                PartyDraft(side=Side.RESPONDENT, enterprise=world.enterprise),
            ],
        ), by=by,
    )  # fmt: skip
    now = timezone.now()
    Appointment.objects.create(
        dispute=case, room=Room.objects.create(organisation=centre, name="第一调解室"), mediator=by, kind="face_to_face",
        starts_at=now, ends_at=now + datetime.timedelta(hours=1), made_by=by,
    )  # fmt: skip


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    if name == "disputes:cancel":
        return Appointment.objects.get().pk
    return "no-such-key" if name == "disputes:calendar_feed" else None
