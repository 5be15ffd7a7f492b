from __future__ import annotations

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disputes.actions import duties, imports, intake
from disputes.actions.intake import DisputeDraft, PartyDraft
from disputes.enums import Side
from disputes.models import Appointment, Duty, Room
from tests.disputes import stories
from tests.world import World
from visits.models import LedgerImport

# Only for what is sent, or answered with a file.
NO_PAGES: tuple[str, ...] = ("disputes:feed_make", "disputes:feed_revoke", "disputes:calendar_feed")
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = (
    ("disputes:day", "mediator"),
    ("disputes:rooms", "mediator"),
    ("disputes:room", "head"),
    ("disputes:book", "mediator"),
    ("disputes:cancel", "mediator"),
    ("disputes:centre", "leader"),
    ("disputes:rota", "head"),
    ("disputes:import", "case_clerk"),
)

LEDGER = """登记日期,申请人,身份证号,被申请人,案由,结果,结案日期
2024-03-05,王小燕,,越城纺织有限公司,拖欠工资,调解成功,2024-03-12
2024-03-06,李根,330602196501010013,越城纺织有限公司,工伤,调解不成,2024-03-20
"""


def make(world: World) -> None:
    """A room, and a case that meets there now; a ledger that waits to be confirmed."""
    by = world["mediator"]
    centre = by.postings.get().organisation
    case = intake.register(
        DisputeDraft(
            organisation=centre, source="window", cause="pay_arrears", claims="支付工资", facts="两个月没有发工资。", parties=[
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
    halls = stories.hall_of(world)
    duties.put_on(
        centre, by=halls["head"], user=by, seat="mediator", first=timezone.localdate(),
        last=timezone.localdate() + datetime.timedelta(days=6),
    )  # fmt: skip
    imports.receive(SimpleUploadedFile("调解台账.csv", LEDGER.encode()), by=halls["case_clerk"], centre=centre)


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
    if name == "disputes:cancel":
        return Appointment.objects.get().pk
    if name.startswith("disputes:room"):
        return Room.objects.get().pk
    if name == "disputes:rota_off":
        return Duty.objects.latest("day").pk
    if name.startswith("disputes:import"):
        return LedgerImport.objects.get(sort="disputes").pk
    return "no-such-key" if name == "disputes:calendar_feed" else None
