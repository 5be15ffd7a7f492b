"""A day in a class: who has come, who took whom home. Nobody leaves with a person who is not on the list."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock, shift
from unionops.casework.notices import holders, notify, posted
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, required
from unionops.org.events import record_event
from unionops.org.models import User

from ...activities.actions.enrolments import go_on
from ...activities.enums import ActivityState, EnrolmentState, EnrolmentVerb
from ...activities.models import Activity
from ..enums import DAY, THERE, DayState, DayVerb, NoteKind
from ..models import ONE_YEAR, CareNote, Child, ChildDay, ClassFile, Guardian, PickUp
from ..permissions import ON_THE_LIST, check_cares, check_day, check_running
from .children import HIDDEN

Now = datetime.datetime | None
V = DayVerb
# A child with fewer days than this share is remembered next season.
LEAST_SHARE = 70
# From this on a child goes to a doctor, not into a class.
FEVER = "37.3"
COLDEST, HOTTEST = Decimal(34), Decimal(43)


def _day_of(child: Child, by: User, now: datetime.datetime) -> ChildDay:
    """The row of today under its lock, for whoever has been let in to a class that runs."""
    class_file = child.class_file
    class_file.activity = lock(class_file.activity)
    check_day(by, child)
    _expect(class_file, timezone.localdate(now), by)
    return ChildDay.objects.select_for_update(no_key=True).get(child=child, day=timezone.localdate(now))


def _expect(class_file: ClassFile, day: datetime.date, by: User) -> None:
    """The class meets on this day: every child of it is expected. Twice is once."""
    known = ChildDay.objects.filter(day=day).values("child")
    missing = class_file.children.filter(released_at=None, enrolment__state__in=ON_THE_LIST).exclude(pk__in=known)
    ChildDay.objects.bulk_create(
        [ChildDay(child=one, day=day, by=by) for one in missing.only("pk")], ignore_conflicts=True
    )


def _save(row: ChildDay, verb: str, by: User, now: datetime.datetime, **data: object) -> ChildDay:
    row.by = by
    row.save()
    record_event(row, verb, by=by, now=now, district_id=row.child.district_id, data={"child": row.child_id, **data})
    return row


@transaction.atomic
def arrive(
    child: Child, *, by: User, brought_by: PickUp | None = None, alone: bool = False, other: str = "",
    temperature: Decimal | None = None, now: Now = None,
) -> ChildDay:  # fmt: skip
    """The child is here, and who brought it: a person of its list, itself, or somebody else who is named. Back from a way
    out it only comes in again.

    Where the class takes the temperature there is one, and a child with a fever is not taken in.
    """
    now = now or timezone.now()
    row = _day_of(child, by, now)
    came_back = row.state == DayState.OUT
    shift(row, DAY, V.ARRIVE)
    if not came_back:
        _check_bringer(child, brought_by, alone, other)
        _take_temperature(row, child.class_file, temperature)
        row.arrived_at, row.brought_by, row.came_alone = now, brought_by, alone
        if other:
            _note(child.class_file, NoteKind.BROUGHT, other, by, now, child=child)
    row.left_at, row.left_with, row.left_alone = None, None, False
    if child.enrolment.state == EnrolmentState.AGREED:
        go_on(child.enrolment, EnrolmentVerb.ATTEND, by=by, now=now)
    return _save(row, V.ARRIVE, by, now)


def _check_bringer(child: Child, person: PickUp | None, alone: bool, other: str) -> None:
    if sum((person is not None, alone, bool(other.strip()))) != 1:
        raise ActionError(_("请选谁送来的；名单外的人，请写是谁。"), field="who")
    if person is not None and not PickUp.objects.filter(pk=person.pk, child=child, removed_at=None).exists():
        raise ActionError(_("这个人不在孩子的名单上。"), field="who", next_step=_("请选“名单外的人”，写明是谁。"))


def _take_temperature(row: ChildDay, class_file: ClassFile, measured: Decimal | None) -> None:
    if not class_file.takes_temperature:
        return
    if measured is None:
        raise ActionError(_("这个班签到要量体温，请填体温。"), field="temperature")
    if not COLDEST <= measured <= HOTTEST:
        raise ActionError(_("体温写得不对，请写 36.5 这样的数。"), field="temperature")
    line = Decimal(str(class_file.activity.programme.limit("fever", FEVER)))
    if measured >= line:
        raise ActionError(
            _("体温到了 %(line)s ℃，不能入班。") % {"line": line}, field="temperature",
            next_step=_("请联系家长带孩子看医生，这里记请假。"),
        )  # fmt: skip
    row.put("temperature", str(measured.quantize(Decimal("0.1"))), _("正常"))


@transaction.atomic
def pick_up(
    child: Child, *, by: User, person: PickUp | None = None, alone: bool = False, for_a_while: bool = False, now: Now = None
) -> ChildDay:  # fmt: skip
    """The child leaves with a person of its list, or by itself where a guardian has allowed that; nobody else takes it."""
    now = now or timezone.now()
    row = _day_of(child, by, now)
    if person is None and not alone:
        raise ActionError(_("请选谁来接。"), field="who")
    if person is not None:
        known = PickUp.objects.filter(pk=person.pk, child=child, removed_at=None).first()
        if known is None:
            raise NotAllowed(_("名单外的人不能接走孩子。"), next_step=_("请联系监护人改授权。"))
    elif not Child.objects.get(pk=child.pk).may_leave_alone:
        raise NotAllowed(_("监护人没有同意这个孩子自己离开。"), next_step=_("请等接送人来。"))
    verb = V.STEP_OUT if for_a_while else V.PICK_UP
    shift(row, DAY, verb)
    row.left_at, row.left_with, row.left_alone = now, person, person is None
    return _save(row, verb, by, now, alone=alone)


@transaction.atomic
def turn_away(child: Child, *, by: User, who: str, now: Now = None) -> CareNote:
    """Somebody who is not on the list came for the child and went without it."""
    now = now or timezone.now()
    row = _day_of(child, by, now)
    who = required(who, _("请写是谁来的。"), "who")
    made = _note(child.class_file, NoteKind.TURNED_AWAY, who, by, now, child=child)
    _save(row, "turned_away", by, now)
    activity = child.class_file.activity
    record_event(activity, "record", by=by, now=now, data={"what": _("拒绝名单外的人接走孩子")})
    people = posted(activity.district_id, {Role.LEADER})
    notify(activity, "turned_away", by=by, to=holders(activity) | people[Role.LEADER], now=now)
    return made


@transaction.atomic
def mark(child: Child, verb: str, *, by: User, reason: str = "", now: Now = None) -> ChildDay:
    """Absent, on leave, or entered by mistake."""
    if verb not in (V.MISS, V.EXCUSE, V.CORRECT):
        raise InvalidTransition(_("没有这一步。"))
    now = now or timezone.now()
    row = _day_of(child, by, now)
    shift(row, DAY, verb)
    if verb == V.CORRECT:
        row.arrived_at, row.brought_by, row.came_alone = None, None, False
        row.put("temperature", "", "")
    return _save(row, verb, by, now, reason=reason)


@transaction.atomic
def write(
    class_file: ClassFile, kind: str, *, by: User, words: str, child: Child | None = None, authorised_by: Guardian | None = None,
    now: Now = None,
) -> CareNote:  # fmt: skip
    """An incident, a meal, a call, medicine: the last only for a child and with a guardian's word."""
    now = now or timezone.now()
    class_file.activity = lock(class_file.activity)
    check_cares(by, class_file)
    check_running(class_file)
    words = required(words, _("请写内容。"), "words")
    if kind == NoteKind.MEDICINE and (child is None or authorised_by is None or authorised_by.child_id != child.pk):
        raise ActionError(_("用药要有这个孩子监护人的授权。"), field="authorised_by")
    made = _note(class_file, kind, words, by, now, child=child, authorised_by=authorised_by)
    record_event(made, "write", by=by, now=now, district_id=class_file.district_id, data={"kind": kind})
    if kind == NoteKind.INCIDENT:
        record_event(class_file.activity, "record", by=by, now=now, data={"what": _("登记一起意外")})
        people = posted(class_file.activity.district_id, {Role.LEADER})
        notify(class_file.activity, "incident", by=by, to=holders(class_file.activity) | people[Role.LEADER], now=now)
    return made


def _note(class_file: ClassFile, kind: str, words: str, by: User, now: datetime.datetime, **fields: object) -> CareNote:
    made = CareNote(class_file=class_file, kind=kind, at=now, by=by, **fields)
    made.put("words", words, HIDDEN)
    made.save(force_insert=True)
    return made


def alarm(now: datetime.datetime) -> int:
    """Tell whoever runs a class, and the leader, that a child has not been taken home in time: once a day and class."""
    local = timezone.localtime(now)
    today, told = local.date(), 0
    system = User.objects.system()
    running = ClassFile.objects.filter(activity__state=ActivityState.RUNNING).exclude(late_told_on=today).filter(
        children__days__day=today, children__days__state=DayState.ARRIVED
    )  # fmt: skip
    for found in running.distinct().select_related("activity__programme"):
        if local < late_from(found, local):
            continue
        with transaction.atomic():
            row = ClassFile.objects.select_for_update(no_key=True).get(pk=found.pk)
            if row.late_told_on == today:
                continue
            row.late_told_on = today
            row.save(update_fields=["late_told_on"])
            left = ChildDay.objects.filter(child__class_file=row, day=today, state=DayState.ARRIVED).count()
            record_event(
                found.activity, "record", by=system, now=now, data={"what": _("%(n)d 名孩子超时未接") % {"n": left}}
            )
            people = posted(found.activity.district_id, {Role.LEADER})
            notify(found.activity, "late_pick_up", by=system, to=holders(found.activity) | people[Role.LEADER], now=now)
            told += 1
    return told


def forget(now: datetime.datetime) -> int:
    """The days and notes of children are kept a year (domain 5.5); what they added up to stays with the child's row."""
    line = timezone.localdate(now) - datetime.timedelta(days=ONE_YEAR)
    gone, _each = ChildDay.objects.filter(day__lt=line).delete()
    more, _each = CareNote.objects.filter(at__date__lt=line).delete()
    return gone + more


def late_from(found: ClassFile, local: datetime.datetime) -> datetime.datetime:
    end = timezone.make_aware(datetime.datetime.combine(local.date(), found.hours_to), local.tzinfo)
    return end + datetime.timedelta(minutes=found.late_after)


def finished(activity: Activity) -> int | None:
    """When the class is over: each child's days of those on which the class met, too few are remembered."""
    found = ClassFile.objects.filter(activity=activity).first()
    if found is None:
        return None
    days = ChildDay.objects.filter(child__class_file=found, state__in=THERE)
    held = days.values("day").distinct().count()
    if ChildDay.objects.filter(child__class_file=found, state__in=(DayState.ARRIVED, DayState.OUT)).exists():
        raise InvalidTransition(_("还有孩子没有接走，不能结束。"))
    share = int(activity.programme.limit("attendance_percent", LEAST_SHARE))
    served = 0
    for child in found.children.filter(released_at=None).select_related("enrolment"):
        child.days_there = days.filter(child=child).count()
        child.days_held = held
        child.is_flagged = child.days_there * 100 < share * held
        child.save(update_fields=["days_there", "days_held", "is_flagged"])
        if child.days_there:
            served += 1
            if child.enrolment.state in (EnrolmentState.AGREED, EnrolmentState.ATTENDING):
                shift(child.enrolment, child.enrolment.TRANSITIONS, EnrolmentVerb.COMPLETE)
                child.enrolment.save(update_fields=["state"])
    return served
