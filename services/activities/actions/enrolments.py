"""Coming in, waiting, moving up, leaving. The row of the activity is the lock: places are counted under it, one by one."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from services.actions.cases import take
from unionops.casework.moves import lock, shift
from unionops.casework.notices import notify
from unionops.china.identity import mask_identity, read_identity
from unionops.china.names import clean_name
from unionops.china.phones import mask_phone, read_phone
from unionops.org.actions.saving import reading
from unionops.org.errors import ActionError, InvalidTransition
from unionops.org.events import record_event
from unionops.org.models import User

from ..enums import ENROLLING, ENROLMENT, SEATED, ActivityState, ActivityVerb, EnrolmentState, EnrolmentVerb
from ..models import Activity, Enrolment
from ..permissions import BEFORE_THE_END, check_enrols, check_state, check_works
from ..rules import rule_of

Now = datetime.datetime | None
E, W = EnrolmentState, EnrolmentVerb
# Seconds that somebody stands in line when the enrolment has just been opened and everybody comes.
IN_LINE = 20


@transaction.atomic
def enrol(
    activity: Activity, *, by: User, name: str, phone: str = "", identity: str = "", unit: str = "", group: str = "",
    note: str = "", public: bool = False, special: bool = False, hidden: bool = False, now: Now = None,
) -> Enrolment:  # fmt: skip
    """One more person: in, on the waiting list, or to be looked at. Returns the enrolment.

    Cadres call it with themselves as ``by``; the public form calls it with the system account and ``public``. Refuses who
    is enrolled already (by identity number or telephone), after the last day, and where a programme has its own form
    unless that form asks (``special``).
    """
    now = now or timezone.now()
    row = lock(activity, patience=IN_LINE)
    if not public:
        check_works(by, row)
    check_enrols(row)
    if not (special or rule_of(row).enrols):
        raise ActionError(_("这类活动有自己的报名表，请用那张表报名。"))
    if row.enrol_until and timezone.localdate(now) > row.enrol_until:
        raise InvalidTransition(_("报名已在 %(day)s 截止。") % {"day": row.enrol_until})
    if group and group not in row.priority_groups:
        raise ActionError(_("没有“%(group)s”这类优先对象。") % {"group": group}, field="group")
    with reading("name"):
        name = clean_name(name)
    serial = (row.enrolments.aggregate(last=Max("serial"))["last"] or 0) + 1
    one = Enrolment(
        activity=row, serial=serial, name=name, unit=unit, group=group, is_priority=bool(group), note=note, by=by,
        enrolled_at=now, is_hidden=hidden,
    )  # fmt: skip
    _put(one, phone, identity)
    _refuse_twice(row, one, by_phone=not special)
    one.state = _first_state(row)
    one.save(force_insert=True)
    _tell(row, by, _("登记报名第 %(n)d 号") % {"n": serial}, now, result=one.get_state_display())
    _mark(row, now)
    return one


def _put(one: Enrolment, phone: str, identity: str) -> None:
    if not phone and not identity:
        raise ActionError(_("请写手机或身份证号，好认出是同一个人。"), field="phone")
    if identity:
        with reading("identity"):
            number = read_identity(identity).number
        one.put("identity", number, mask_identity(number))
    if phone:
        with reading("phone"):
            number = read_phone(phone).number
        one.put("phone", number, mask_phone(number))
    one.person_key = one.identity_hash or one.phone_hash


def _refuse_twice(row: Activity, one: Enrolment, *, by_phone: bool) -> None:
    live = row.enrolments.live()
    found = live.filter(person_key=one.person_key).first()
    if found is None and by_phone and one.phone_hash:
        # Who gave a number of another kind the first time is still the same person.
        found = live.filter(phone_hash=one.phone_hash, name=one.name).first()
    if found:
        raise ActionError(
            _("这个人已经报过名，是第 %(n)d 号（%(state)s）。")
            % {"n": found.serial, "state": found.get_state_display()},
            field="identity" if one.identity_hash else "phone",
        )


def seated(row: Activity) -> int:
    return row.enrolments.filter(state__in=SEATED).count()


def has_room(row: Activity) -> bool:
    return row.capacity == 0 or seated(row) < row.capacity


def _first_state(row: Activity) -> str:
    if row.is_checked:
        return E.APPLIED
    return E.QUALIFIED if row.is_drawn and row.drawn_at is None else _seat(row)


def _seat(row: Activity) -> str:
    return E.CONFIRMED if has_room(row) else E.WAITING


@transaction.atomic
def qualify(enrolment: Enrolment, *, by: User, now: Now = None) -> Enrolment:
    """Looked at and found fit: in, on the waiting list, or in the draw."""
    row, one = _both(enrolment, by)
    target = E.QUALIFIED if row.is_drawn and row.drawn_at is None else _seat(row)
    shift(one, ENROLMENT, W.QUALIFY, target=target)
    return _kept(row, one, W.QUALIFY, by, now)


@transaction.atomic
def go_on(enrolment: Enrolment, verb: str, *, by: User, now: Now = None) -> Enrolment:
    """Sign the agreement, begin, complete: steps that give and take no place."""
    if verb not in (W.SIGN, W.ATTEND, W.COMPLETE):
        raise InvalidTransition(_("没有这一步。"))
    row, one = _both(enrolment, by)
    shift(one, ENROLMENT, verb)
    return _kept(row, one, verb, by, now)


@transaction.atomic
def leave(
    enrolment: Enrolment, *, by: User, verb: str = W.WITHDRAW, reason: str = "", public: bool = False, now: Now = None
) -> Enrolment:  # fmt: skip
    """Withdraw, be refused or be expelled; the first of the waiting list moves up in the same transaction."""
    if verb not in (W.WITHDRAW, W.REFUSE, W.EXPEL):
        raise InvalidTransition(_("没有这一步。"))
    now = now or timezone.now()
    row, one = _both(enrolment, by, public=public)
    shift(one, ENROLMENT, verb)
    one.ended_at = now
    _kept(row, one, verb, by, now, marks=False, reason=reason)
    rule_of(row).left(one)
    move_up(row, now=now)
    return one


def move_up(row: Activity, *, now: datetime.datetime) -> list[Enrolment]:
    """Fill free places from the waiting list in its order. The caller holds the lock of the activity."""
    moved: list[Enrolment] = []
    system = User.objects.system()
    if row.state in ENROLLING:
        while has_room(row) and (one := Enrolment.objects.filter(activity=row).queue().first()):
            shift(one, ENROLMENT, W.MOVE_UP)
            one.moved_at = now
            one.save(update_fields=["state", "moved_at"])
            _tell(row, system, _("候补递补第 %(n)d 号") % {"n": one.serial}, now)
            notify(row, "record", by=system, to=[one.by_id], now=now)
            rule_of(row).seated(one)
            moved.append(one)
    _mark(row, now)
    return moved


@transaction.atomic
def draw(activity: Activity, *, by: User, now: Now = None) -> Activity:
    """Draw the places by lot: each lot is the hash of the seed and the number, so everybody can draw again and compare."""
    now = now or timezone.now()
    row = lock(activity)
    check_works(by, row)
    check_state(row, ENROLLING)
    if not row.is_drawn or row.drawn_at is not None:
        raise InvalidTransition(_("这次活动不抽签，或者已经抽过了。"))
    if row.enrolments.filter(state=E.APPLIED).exists():
        raise InvalidTransition(_("还有报名没有审核。"), next_step=_("请先审核完再抽签。"))
    drawn = in_order(row, list(row.enrolments.filter(state=E.QUALIFIED)))
    free = row.capacity - seated(row) if row.capacity else len(drawn)
    for place, one in enumerate(drawn):
        shift(one, ENROLMENT, W.DRAW, target=E.CONFIRMED if place < free else E.WAITING)
        one.lot = row.lot(one.serial)
    Enrolment.objects.bulk_update(drawn, ["state", "lot"])
    row.drawn_at = now
    row.version += 1
    row.save(update_fields=["drawn_at", "version"])
    _tell(row, by, _("抽签录取"), now, seed=row.seed, drawn=[one.serial for one in drawn], places=free)
    _mark(row, now)
    return row


def in_order(row: Activity, found: list[Enrolment]) -> list[Enrolment]:
    """As the lots fall: who is asked to come in first, then the smallest lot."""
    return sorted(found, key=lambda one: (not one.is_priority, row.lot(one.serial)))


def _both(enrolment: Enrolment, by: User, *, public: bool = False) -> tuple[Activity, Enrolment]:
    """The activity under its lock, then the enrolment as it is now."""
    row = lock(enrolment.activity)
    if not public:
        check_works(by, row)
    check_state(row, BEFORE_THE_END)
    one = Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    one.activity = row
    return row, one


def _kept(
    row: Activity, one: Enrolment, verb: str, by: User, now: Now, *, marks: bool = True, **data: Any
) -> Enrolment:
    one.save(update_fields=["state", "ended_at"])
    if verb == W.ATTEND:
        # The first day of a child is told by its day; the timeline would drown in a class.
        return one
    what = _("第 %(n)d 号%(verb)s") % {"n": one.serial, "verb": ENROLMENT[verb].label}
    _tell(row, by, what, now, **data)
    if marks:
        _mark(row, now or timezone.now())
    return one


def _tell(row: Activity, by: User, what: str, now: Now, **data: Any) -> None:
    """A line of the timeline: never a name, children may be among them."""
    record_event(row, "record", by=by, now=now, data={"what": what, **data})


def _mark(row: Activity, now: datetime.datetime | None) -> None:
    """Full or open again, as the places are."""
    room = has_room(row)
    verb = ActivityVerb.FILL if row.state == ActivityState.OPEN and not room else ""
    if row.state == ActivityState.FULL and room:
        verb = ActivityVerb.REOPEN
    if verb:
        changed = take(row, verb, by=User.objects.system(), now=now)
        row.refresh_from_db(fields=["state", "version"])
        row.version = changed.version
