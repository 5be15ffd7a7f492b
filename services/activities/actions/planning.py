"""The plan of an activity, its dates, the next of a series, and the teams that owe events."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from services.actions.cases import register
from unionops.casework.moves import lock
from unionops.org.actions.saving import check_columns
from unionops.org.actions.saving import lock as lock_row
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.events import changed_fields, record_event
from unionops.org.models import Organisation, User

from ...enums import DESK_ROLES
from ..enums import ENROLLING
from ..models import Activity, ActivitySession, Attendance, Engagement, Speaker, Team
from ..permissions import BEFORE_THE_END, PLANNING, check_state, check_works
from .enrolments import move_up, seated

# What a plan says; the register form, the form that changes it and a copy read the same names.
PLAN = (
    "starts_on", "ends_on", "venue", "target", "capacity", "enrol_until", "priority_groups", "is_checked", "is_drawn",
    "budget", "budget_line", "team",
)  # fmt: skip


@transaction.atomic
def change_plan(activity: Activity, *, by: User, version: int | None = None, **given: Any) -> Activity:
    """Other dates, another place, more places: who waits moves up. Never fewer places than people in them."""
    row = lock(activity, version=version)
    check_works(by, row)
    check_state(row, PLANNING)
    before = {name: getattr(row, name) for name in PLAN}
    for name in PLAN:
        if name in given:
            setattr(row, name, given[name])
    check_plan(row)
    if row.capacity and row.capacity < seated(row):
        raise ActionError(_("已录取 %(n)d 人，名额不能更少。") % {"n": seated(row)}, field="capacity")
    if row.drawn_at and not row.is_drawn:
        raise ActionError(_("已经抽过签，不能改成不抽签。"), field="is_drawn")
    row.version += 1
    row.save()
    changes = changed_fields(before, {name: getattr(row, name) for name in PLAN})
    record_event(row, "record", by=by, data={"what": _("修改活动方案"), "changes": changes})
    if row.state in ENROLLING:
        move_up(row, now=timezone.now())
    return row


def check_plan(row: Activity) -> None:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise ActionError(_("结束日期不能早于开始日期。"), field="ends_on")
    if row.is_drawn and not row.capacity:
        raise ActionError(_("抽签录取要有名额。"), field="capacity")


@transaction.atomic
def copy(activity: Activity, *, by: User, starts_on: datetime.date) -> Activity:
    """The next of the series: the same plan and sessions, moved to other days; nobody is enrolled in it yet."""
    row = lock(activity)
    check_works(by, row)
    first = row.series or row
    lock(first)
    turn = (first.followers.aggregate(last=Max("turn"))["last"] or 1) + 1
    shift = starts_on - (row.starts_on or starts_on)
    plan = {name: getattr(row, name) for name in PLAN} | {"enrol_until": None, "starts_on": starts_on}
    plan["ends_on"] = row.ends_on + shift if row.ends_on else None
    title = _("%(title)s 第 %(n)d 期") % {"title": first.title[:100], "n": turn}
    made: Activity = register(
        row.programme, by=by, applicant_kind=row.applicant_kind, applicant_name=row.applicant_name, town=row.town,
        title=title, description=row.description, extras=row.details, **plan,
    )  # fmt: skip
    Activity.objects.filter(pk=made.pk).update(series=first, turn=turn)
    ActivitySession.objects.bulk_create(
        ActivitySession(
            activity=made, held_on=one.held_on + shift, starts_at=one.starts_at, ends_at=one.ends_at, place=one.place,
            topic=one.topic,
        )
        for one in row.sessions.all()
    )  # fmt: skip
    made.refresh_from_db()
    return made


@transaction.atomic
def add_session(
    activity: Activity, *, by: User, held_on: datetime.date, starts_at: datetime.time, ends_at: datetime.time,
    place: str = "", topic: str = "", speaker: Speaker | None = None,
) -> ActivitySession:  # fmt: skip
    """One more meeting; a speaker who is elsewhere at that time is refused, by the database too."""
    row = lock(activity)
    check_works(by, row)
    check_state(row, BEFORE_THE_END)
    if ends_at <= starts_at:
        raise ActionError(_("结束时间要晚于开始时间。"), field="ends_at")
    made = ActivitySession.objects.create(
        activity=row, held_on=held_on, starts_at=starts_at, ends_at=ends_at, place=place, topic=topic
    )
    if speaker:
        engage(made, speaker, by=by)
    record_event(
        row,
        "record",
        by=by,
        data={"what": _("安排场次 %(day)s %(time)s") % {"day": held_on, "time": f"{starts_at:%H:%M}"}},
    )
    return made


@transaction.atomic
def engage(session: ActivitySession, speaker: Speaker, *, by: User) -> Engagement:
    """Put a speaker on the rota of a session."""
    check_works(by, session.activity)
    if speaker.district_id != session.activity.district_id:
        raise ActionError(_("请选本区的宣讲员。"), field="speaker")
    Speaker.objects.select_for_update(no_key=True).get(pk=speaker.pk)
    starts, ends = (
        timezone.make_aware(datetime.datetime.combine(session.held_on, at))
        for at in (session.starts_at, session.ends_at)
    )
    other = speaker.engagements.filter(starts__lt=ends, ends__gt=starts).select_related("session__activity").first()
    if other:
        raise ActionError(
            _("%(name)s 那时要去“%(title)s”。") % {"name": speaker.name, "title": other.session.activity.title},
            field="speaker", next_step=_("请换一位，或换个时间。"),
        )  # fmt: skip
    return Engagement.objects.create(session=session, speaker=speaker, starts=starts, ends=ends)


@transaction.atomic
def remove_session(session: ActivitySession, *, by: User) -> None:
    """A meeting that will not be; one at which people have been signed in stays."""
    row = lock(session.activity)
    check_works(by, row)
    check_state(row, BEFORE_THE_END)
    if Attendance.objects.filter(session=session).exists() or session.head_count:
        raise ActionError(_("这一场已经有人签到，不能删。"))
    what = _("取消场次 %(day)s") % {"day": session.held_on}
    session.delete()
    record_event(row, "record", by=by, data={"what": what})


def check_keeps_teams(user: User, district: Organisation) -> None:
    if district.pk not in user.scope.member_of or not user.scope.has(*DESK_ROLES):
        raise NotAllowed(_("服务队和宣讲员由科室管理。"))


@transaction.atomic
def keep_team(
    district: Organisation, *, by: User, name: str, leader: str, liaison: str = "", members: list[str] | None = None,
    quota: int = 10, trade: str = "", team: Team | None = None, version: int | None = None,
) -> Team:  # fmt: skip
    """A new team, or other people in one that there is."""
    check_keeps_teams(by, district)
    row = lock_row(team, version=version) if team else Team(district=district)
    row.name, row.trade, row.leader, row.liaison = name, trade, leader, liaison
    row.members, row.quota = members or [], quota
    check_columns(row)
    row.save()
    record_event(row, "change" if team else "make", by=by, data={"name": name, "quota": quota})
    return row


@transaction.atomic
def keep_speaker(district: Organisation, *, by: User, name: str, unit: str = "", topics: str = "") -> Speaker:
    check_keeps_teams(by, district)
    row, made = Speaker.objects.get_or_create(district=district, name=name, unit=unit, defaults={"topics": topics})
    if not made:
        raise ActionError(_("已有这位宣讲员。"), field="name")
    record_event(row, "make", by=by, data={"name": name})
    return row
