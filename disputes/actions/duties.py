"""The rota of a centre: who of which body sits there on which day (domain 3.10)."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.china.days import working_calendar
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.events import record_event
from unionops.org.models import Organisation, Posting, User

from ..enums import PartOfDay
from ..models import Duty
from .appointments import keeps_rooms
from .moving import Now

# A quarter at a time.
MOST_DAYS = 92
ONE_DAY = datetime.timedelta(days=1)


def check_keeps_rota(user: User, centre: Organisation) -> None:
    if not keeps_rooms(user, centre):
        raise NotAllowed(_("值班表由中心负责人或系统管理员安排。"))


@transaction.atomic
def put_on(
    centre: Organisation, *, by: User, user: User, seat: str, first: datetime.date, last: datetime.date,
    weekdays: Collection[int] = range(7), part: str = PartOfDay.WHOLE, now: Now = None,
) -> list[Duty]:  # fmt: skip
    """Put somebody on the rota for the working days of a span that are such days of the week (0 is Monday).

    Refused as a whole where one of the days is taken: whoever plans sees which, and nothing is half done.
    """
    now = now or timezone.now()
    row = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=centre.pk)
    check_keeps_rota(by, row)
    if (
        not Posting.objects.on(timezone.localdate(now))
        .filter(user=user, organisation__district=row.district_id)
        .exists()
    ):
        raise ActionError(_("%(name)s现在不在本区任职。") % {"name": user.name}, field="user")
    if first < timezone.localdate(now):
        raise ActionError(_("只能排今天和以后的班。"), field="first")
    if last < first:
        raise ActionError(_("结束日期不能早于开始日期。"), field="last")
    if (last - first).days >= MOST_DAYS:
        raise ActionError(_("一次最多排 %(n)d 天。") % {"n": MOST_DAYS}, field="last")
    calendar = working_calendar()
    span = (first + ONE_DAY * number for number in range((last - first).days + 1))
    days = [day for day in span if day.weekday() in weekdays and calendar.is_workday(day)]
    if not days:
        raise ActionError(_("这段时间里没有可以排班的工作日。"), field="weekdays")
    _check_free(user, days, part)
    made = Duty.objects.bulk_create(
        Duty(centre=row, user=user, seat=seat, day=day, part=part, put_on_by=by, put_on_at=now) for day in days
    )
    data = {"name": user.name, "first": days[0].isoformat(), "last": days[-1].isoformat(), "count": len(days)}
    record_event(row, "put_on_duty", by=by, data=data, district_id=row.district_id, now=now)
    return made


def _check_free(user: User, days: Collection[datetime.date], part: str) -> None:
    """A whole day meets its morning; the lock on the person keeps two centres from planning one at a time."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    meets = Q() if part == PartOfDay.WHOLE else Q(part__in=[part, PartOfDay.WHOLE])
    taken = Duty.objects.standing().filter(meets, user=user, day__in=days).select_related("centre").first()
    if taken is not None:
        raise ActionError(
            _("%(name)s %(day)s 已经在%(centre)s值班。")
            % {"name": user.name, "day": taken.day.isoformat(), "centre": taken.centre},
            field="first", next_step=_("请换人，或先撤掉那天的班。"),
        )  # fmt: skip


@transaction.atomic
def take_off(duty: Duty, *, by: User, now: Now = None) -> Duty:
    """Take a coming day off the rota; what was is not changed."""
    now = now or timezone.now()
    row = Duty.objects.select_for_update(of=("self",)).select_related("centre", "user").get(pk=duty.pk)
    check_keeps_rota(by, row.centre)
    if row.taken_off_at is not None:
        raise InvalidTransition(_("这个班已经撤了。"))
    if row.day < timezone.localdate(now):
        raise InvalidTransition(_("已经过去的班不能撤。"))
    row.taken_off_at, row.taken_off_by = now, by
    row.save(update_fields=["taken_off_at", "taken_off_by"])
    data = {"name": row.user.name, "first": row.day.isoformat()}
    record_event(row.centre, "take_off_duty", by=by, data=data, district_id=row.centre.district_id, now=now)
    return row
