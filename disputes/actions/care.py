"""What is done around a dispute without moving it: limitation events, notes, and the follow-up after it."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.enums import Way
from unionops.casework.models import Attachment, FollowUp, Watch
from unionops.casework.moves import lock
from unionops.casework.notices import holders, notify, notify_posted
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, required
from unionops.org.events import kind_of, record_event
from unionops.org.models import User

from ..enums import LimitationKind
from ..models import Dispute, LimitationEvent
from ..permissions import check_may_follow_up, check_records
from .moving import Now, check_not_later, check_of_case, touch


@transaction.atomic
def record_limitation_event(
    dispute: Dispute, *, by: User, kind: str, on: datetime.date, note: str = "", evidence: Attachment | None = None,
    version: int | None = None, now: Now = None,
) -> LimitationEvent:  # fmt: skip
    """An event that interrupts or suspends the limitation of arbitration, with its proof (domain 3.4)."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_records(by, row)
    if kind not in LimitationKind:
        raise ActionError(_("请选择事由。"), field="kind")
    found = LimitationEvent.objects.create(
        dispute=row,
        kind=kind,
        on=check_not_later(on, now, "on"),
        note=note,
        evidence=check_of_case(row, evidence, "evidence"),
        recorded_by=by,
        recorded_at=now,
    )
    touch(row, "record_limitation_event", by=by, now=now, reason=found.get_kind_display(), on=on, note=note)
    return found


@transaction.atomic
def prove_limitation_event(
    event: LimitationEvent, *, by: User, evidence: Attachment, now: Now = None
) -> LimitationEvent:
    """Attach the proof of delivery to an event that a step has written, or that came without it."""
    row = lock(event.dispute)
    check_records(by, row)
    event.evidence = check_of_case(row, evidence, "evidence")
    event.save(update_fields=["evidence"])
    touch(row, "prove_limitation_event", by=by, now=now or timezone.now(), name=evidence.name)
    return event


@transaction.atomic
def add_note(dispute: Dispute, *, by: User, text: str, now: Now = None) -> Dispute:
    """One line in the timeline, read by whoever sees the case: nothing that a side said alone belongs here."""
    row = lock(dispute)
    check_records(by, row)
    text = required(text, _("请写进展。"), "text")
    record_event(row, "note", by=by, data={"text": text}, now=now or timezone.now())
    notify(row, "note", by=by, to=holders(row), now=now)
    return row


@transaction.atomic
def watch(dispute: Dispute, *, by: User, on: bool) -> None:
    """Whoever watches a case hears of it, and of nothing more than the case shows."""
    if on:
        Watch.objects.get_or_create(user=by, kind=kind_of(dispute), case_id=dispute.pk)
    else:
        Watch.objects.filter(user=by, kind=kind_of(dispute), case_id=dispute.pk).delete()


def follow_ups_of(dispute: Dispute) -> list[FollowUp]:
    """What is or was to be asked, in the order of its dates."""
    return list(FollowUp.objects.filter(kind=kind_of(dispute), case_id=dispute.pk).order_by("due_on", "pk"))


@transaction.atomic
def settle_follow_up(
    dispute: Dispute, follow_up: FollowUp, *, by: User, way: str, resolved: bool, satisfaction: str = "", note: str = "",
    danger: bool = False, now: Now = None,
) -> FollowUp:  # fmt: skip
    """案后回访 by somebody who never mediated the case: performance, satisfaction, and whether it may flare up again."""
    now = now or timezone.now()
    row = lock(dispute)
    check_may_follow_up(by, row)
    found = FollowUp.objects.select_for_update().get(pk=follow_up.pk, kind=kind_of(row), case_id=row.pk)
    if found.done_at is not None:
        raise InvalidTransition(_("这次回访已经做过。"))
    if way not in Way:
        raise ActionError(_("请选择回访方式。"), field="way")
    found.done_at, found.done_by, found.way = now, by, way
    found.resolved, found.satisfaction, found.note = resolved, satisfaction, note
    found.save()
    touch(row, "follow_up", by=by, now=now, way=str(Way(way).label), resolved=resolved, text=note, danger=danger)
    if danger or not resolved:
        notify_posted([(row, "alert", Role.LEADER)], row.district_id, by=by, now=now)
    return found
