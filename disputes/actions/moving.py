"""What the steps of a dispute share: lock → check → change → save → record → tell."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.models import Attachment, Task
from unionops.casework.moves import finish, lock
from unionops.casework.notices import holders, notify
from unionops.org.errors import ActionError
from unionops.org.events import kind_of
from unionops.org.models import User
from visits.enums import IssueState

from ..enums import TERM_ARCHIVE, TERM_MEDIATE
from ..models import Dispute, LimitationEvent
from ..permissions import check_can
from .pen import hold_pen

Now = datetime.datetime | None

# Tasks that a dispute puts before whoever holds the issue it came from.
FROM_DISPUTE = "dispute"
DAYS_TO_ANSWER = 3


def begin(dispute: Dispute, verb: str, *, by: User, version: int | None) -> Dispute:
    row = lock(dispute, version=version)
    check_can(by, row, verb)
    return row


def end(
    row: Dispute,
    verb: str,
    *,
    by: User,
    before: str,
    now: datetime.datetime,
    tell: set[int] | None = None,
    **data: object,
) -> Dispute:
    """Who sees the case reads this: what one side said alone is never part of ``data``."""
    hold_pen(row)
    finish(row, verb, by=by, before=before, now=now, **data)
    notify(row, verb, by=by, to=holders(row) if tell is None else tell, now=now)
    return row


def touch(row: Dispute, verb: str, *, by: User, now: datetime.datetime, **data: object) -> Dispute:
    """Something of the case changed and its state did not."""
    finish(row, verb, by=by, before="", now=now, **data)
    return row


def close_mediation(row: Dispute, outcome: str, *, on: datetime.date) -> None:
    """The mediation has this outcome; its clock is met. What follows of it is the business of the step."""
    row.outcome, row.ended_on = outcome, on
    deadlines.meet(row, on=on, rule=TERM_MEDIATE)


def only_file_remains(row: Dispute, *, now: datetime.datetime) -> None:
    """Nothing is left to the parties: no other clock applies, the file is due, and the issue can be answered."""
    today = timezone.localdate(now)
    deadlines.drop(row)
    row.deadline = deadlines.start(row, TERM_ARCHIVE, on=today)
    issue = row.issue
    if issue is None or issue.state != IssueState.CONVERTED:
        return
    Task.objects.create(
        district_id=row.district_id,
        kind=kind_of(issue),
        case_id=issue.pk,
        origin=FROM_DISPUTE,
        what=_("调解案件 %(number)s 已结束，请答复反映人") % {"number": row.number},
        organisation=issue.lead_department,
        owner=issue.handler,
        due_on=deadlines.working_day_after(today, DAYS_TO_ANSWER),
    )


def interrupt(row: Dispute, kind: str, *, on: datetime.date, by: User, now: datetime.datetime) -> None:
    """The step is itself an event of the limitation of arbitration; its proof is attached later (domain 3.4)."""
    LimitationEvent.objects.create(dispute=row, kind=kind, on=on, recorded_by=by, recorded_at=now)


def check_of_case(row: Dispute, attachment: Attachment | None, field: str) -> Attachment | None:
    """Refuse a file of another case."""
    if attachment is not None and (attachment.kind, attachment.case_id) != (kind_of(row), row.pk):
        raise ActionError(_("请选本案的材料。"), field=field)
    return attachment


def check_not_later(day: datetime.date, now: datetime.datetime, field: str) -> datetime.date:
    if day > timezone.localdate(now):
        raise ActionError(_("日期不能晚于今天。"), field=field)
    return day
