"""Who was there: by the list of the session, or by the code that hangs at the door."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_ratelimit.core import get_usage

from unionops.casework.moves import lock
from unionops.china.names import clean_name
from unionops.china.phones import read_phone
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, InvalidTransition, TooMany
from unionops.org.events import record_event
from unionops.org.models import User
from unionops.org.sealed import blind_index

from ..enums import HELD, SEATED, Door, Presence
from ..models import Activity, ActivitySession, Attendance, Enrolment
from ..permissions import check_state, check_works

Now = datetime.datetime | None
# A hundred people at one door share one address; somebody who tries numbers needs more.
MOST_A_MINUTE = 60


@transaction.atomic
def call_roll(session: ActivitySession, present: Collection[UUID], *, by: User, now: Now = None) -> int:
    """Everybody in a place is there or absent, as the list says. Returns how many are there; a second roll corrects."""
    now = now or timezone.now()
    row = lock(session.activity)
    check_works(by, row)
    check_state(row, HELD)
    seats = {one.pk: one for one in row.enrolments.filter(state__in=SEATED)}
    if unknown := set(present) - set(seats):
        raise ActionError(_("名单里没有这 %(n)d 个人。") % {"n": len(unknown)})
    known = {one.enrolment_id: one for one in session.attendance.all()}
    for pk in seats:
        presence = Presence.PRESENT if pk in set(present) else Presence.ABSENT
        if pk not in known:
            Attendance.objects.create(
                session=session, enrolment_id=pk, presence=presence, door=Door.LIST, at=now, by=by
            )
        elif known[pk].presence != presence:
            Attendance.objects.filter(pk=known[pk].pk).update(presence=presence, door=Door.LIST, at=now, by=by)
    what = _("%(session)s 点名，到 %(n)d 人") % {"session": session, "n": len(present)}
    record_event(row, "record", by=by, now=now, data={"what": what})
    return len(present)


@transaction.atomic
def count_heads(session: ActivitySession, heads: int, *, by: User) -> ActivitySession:
    """How many came where nobody enrols: a fair, a clinic, a lecture in a yard. No names, no diagnoses."""
    row = lock(session.activity)
    check_works(by, row)
    check_state(row, HELD)
    session.head_count = heads
    session.save(update_fields=["head_count"])
    record_event(row, "record", by=by, data={"what": _("%(session)s 到场 %(n)d 人") % {"session": session, "n": heads}})
    return session


@transaction.atomic
def check_in(key: str, *, phone: str, name: str, address: str, by: User, now: Now = None) -> Attendance:
    """Somebody at the door says who they are; only on the day, only who has a place, once.

    The refusal is the same for a wrong name and a wrong number: the page tells nobody who is on the list.
    """
    now = now or timezone.now()
    usage = get_usage(
        None,
        group="activities.check_in",
        key=lambda group, request: f"{key}:{address}",
        rate=f"{MOST_A_MINUTE}/m",
        increment=True,
    )
    if usage is not None and usage["should_limit"]:
        raise TooMany(_("试得太多了。"), next_step=_("请过一分钟再试，或找现场工作人员。"))
    session = ActivitySession.objects.select_related("activity__programme").filter(key=key).first()
    if session is None:
        raise ActionError(_("这个签到码不对。"))
    if session.held_on != timezone.localdate(now) or session.activity.state not in HELD:
        raise InvalidTransition(_("这一场现在不签到。"))
    with reading("phone"):
        number = read_phone(phone).number
    with reading("name"):
        written = clean_name(name)
    found = Enrolment.objects.filter(
        activity=session.activity, phone_hash=blind_index(number), name=written, state__in=SEATED
    ).first()
    if found is None:
        raise ActionError(
            _("名单里没有这个姓名和电话。"), next_step=_("请核对报名时写的姓名和手机，或找现场工作人员。")
        )
    row, _made = Attendance.objects.update_or_create(
        session=session,
        enrolment=found,
        defaults={"presence": Presence.PRESENT, "door": Door.CODE, "at": now, "by": by},
    )
    return row


def served(activity: Activity) -> int:
    """Whom it reached: everybody who was there at least once, and the heads counted where nobody enrols."""
    people = Attendance.objects.filter(session__activity=activity, presence=Presence.PRESENT)
    heads = sum(activity.sessions.values_list("head_count", flat=True))
    return people.values("enrolment").distinct().count() + heads
