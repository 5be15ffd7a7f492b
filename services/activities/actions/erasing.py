"""What a programme keeps of people only for the activity itself is taken out afterwards (matchmaking: domain C47, 5.5)."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from unionops.org.events import record_event
from unionops.org.models import User

from ..models import Activity, Enrolment

ERASED = "—"
BATCH = 200


@transaction.atomic
def erase(now: datetime.datetime) -> int:
    """Names, numbers and notes of everybody in activities that ended long enough ago; how many they were stays.

    Returns the number of activities. Running it twice changes nothing: who has been erased is not found again.
    """
    ended = Activity.objects.filter(closed_at__lt=now, programme__limits__erase_days__gt=0).exclude(enrolments=None)
    left = ended.exclude(enrolments__in=Enrolment.objects.filter(name=ERASED)).select_related("programme").distinct()
    system, done = User.objects.system(), 0
    for row in left[:BATCH]:
        days = int(row.programme.limit("erase_days", 0))
        if row.closed_at is None or row.closed_at + datetime.timedelta(days=days) > now:
            continue
        forget_people(row)
        record_event(row, "record", by=system, now=now, data={"what": _("活动结束，已删除报名人的个人情况")})
        done += 1
    return done


def forget_people(row: Activity) -> int:
    """Take out who was enrolled; how many there were, and whether they came, stays. Returns how many."""
    found = list(row.enrolments.select_for_update(no_key=True).exclude(name=ERASED))
    for one in found:
        one.name, one.unit, one.note, one.group = ERASED, "", "", ""
        one.put("identity", "", "")
        one.put("phone", "", "")
        one.person_key = f"erased:{one.pk}"
        one.save()
    return len(found)
