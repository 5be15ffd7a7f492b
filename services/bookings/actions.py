"""Booking a room of a place: nobody holds it twice, nobody books what is closed or too small."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import shift
from unionops.china.phones import mask_phone
from unionops.org.errors import ActionError, required
from unionops.org.events import record_event
from unionops.org.models import User

from ..places.hours import DAY, in_season
from ..places.models import Place
from .enums import TRANSITIONS, BookingState, BookingVerb
from .models import Booking
from .permissions import check_bookable, check_books, check_step

DAYS_AHEAD = 30
# As long as somebody may ask who was there; then only the hours stay (个人信息保护法 19).
KEEP_DAYS = 90
ERASED = "—"
BATCH = 500
Now = datetime.datetime | None


def rooms_of(place: Place) -> list[str]:
    """What can be booked by itself; a place of one room has none and is booked as a whole."""
    found = place.details.get("functions") or []
    return [str(one) for one in found] if isinstance(found, list) else []


@transaction.atomic
def book(
    place: Place, *, by: User, on: datetime.date, starts_at: datetime.time, ends_at: datetime.time, people: int, name: str,
    phone: str, room: str = "", unit: str = "", purpose: str = "", public: bool = False, now: Now = None,
) -> Booking:  # fmt: skip
    """Take the room; whoever keeps the place has it at once, whoever asks from outside waits for the answer.

    Refused where the place is closed then or not open for bookings, where more come than there is room for, and where
    somebody else has it: under the lock of the place, and by the database.
    """
    now = now or timezone.now()
    row = Place.objects.select_for_update(of=("self",), no_key=True).select_related("programme").get(pk=place.pk)
    check_bookable(row)
    if not public:
        check_books(by, row)
    starts, ends = (timezone.make_aware(datetime.datetime.combine(on, at)) for at in (starts_at, ends_at))
    _check_hours(row, on, starts_at, ends_at, now)
    if room and room not in rooms_of(row):
        raise ActionError(_("没有这个房间。"), field="room")
    if row.capacity and people > row.capacity:
        raise ActionError(_("这里最多容纳 %(n)d 人。") % {"n": row.capacity}, field="people")
    taken = row.bookings.taking().filter(starts__lt=ends, ends__gt=starts)
    if room:
        # The whole place holds each of its rooms.
        taken = taken.filter(Q(room=room) | Q(room=""))
    if other := taken.first():
        raise ActionError(
            _("%(room)s %(clock)s 已经约出去了。") % {"room": other.room_words, "clock": other.clock}, field="starts_at",
            next_step=_("请换个时间。"),
        )  # fmt: skip
    made = Booking(
        district_id=row.district_id, place=row, room=room, starts=starts, ends=ends, people=people, purpose=purpose,
        name=required(name, _("请写预约人的姓名。"), "name"), unit=unit, is_public=public, asked_at=now, asked_by=by,
        state=BookingState.ASKED if public else BookingState.CONFIRMED,
    )  # fmt: skip
    made.put("phone", phone, mask_phone(phone))
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ActionError(_("这个时间已经约出去了。"), field="starts_at", next_step=_("请换个时间。")) from error
    _tell(made, _("收到预约") if public else _("登记预约"), by, now)
    return made


def _check_hours(
    place: Place, on: datetime.date, starts_at: datetime.time, ends_at: datetime.time, now: datetime.datetime
) -> None:
    if ends_at <= starts_at:
        raise ActionError(_("结束时间要晚于开始时间。"), field="ends_at")
    if timezone.make_aware(datetime.datetime.combine(on, starts_at)) <= now:
        raise ActionError(_("这个时间已经过了。"), field="starts_at")
    most = int(place.programme.limit("booking_days", DAYS_AHEAD))
    if on > timezone.localdate(now) + datetime.timedelta(days=most):
        raise ActionError(_("最多提前 %(n)d 天预约。") % {"n": most}, field="on")
    begin, end = (at.hour * 60 + at.minute + on.weekday() * DAY for at in (starts_at, ends_at))
    if not in_season(*place.season, on) or not any(opens <= begin and end <= shuts for opens, shuts in place.week):
        raise ActionError(_("那时不开放。"), field="starts_at", next_step=_("请看开放时间，换个时间。"))


@transaction.atomic
def take(
    booking: Booking, verb: str, *, by: User, reason: str = "", people: int | None = None, now: Now = None
) -> Booking:
    """Answer it, call it off, or write down how it was used: ``people`` are those who came."""
    now = now or timezone.now()
    row = _locked(booking)
    check_step(by, row, verb, now)
    if verb in (BookingVerb.REFUSE, BookingVerb.CANCEL):
        row.answer = required(reason, _("请写原因，预约的人会看到。"), "reason")
    if people:
        row.people = people
    return _moved(row, verb, by, now)


@transaction.atomic
def call_off(booking: Booking, *, now: Now = None) -> Booking:
    """Whoever asked from outside, and shows number and code, gives the room back."""
    row = _locked(booking)
    row.answer = _("本人取消")
    return _moved(row, BookingVerb.CANCEL, User.objects.system(), now or timezone.now())


def _locked(booking: Booking) -> Booking:
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).select_related("place__programme")
    return rows.get(pk=booking.pk)


def _moved(row: Booking, verb: str, by: User, now: datetime.datetime) -> Booking:
    shift(row, TRANSITIONS, verb)
    row.decided_at, row.decided_by = now, by
    row.save()
    _tell(row, str(TRANSITIONS[verb].label), by, now)
    return row


def _tell(row: Booking, what: str, by: User, now: datetime.datetime) -> None:
    """On the timeline of the place: when and which room, never who."""
    words = _("%(what)s：%(day)s %(clock)s %(room)s") % {
        "what": what, "day": row.day.isoformat(), "clock": row.clock, "room": row.room_words
    }  # fmt: skip
    data: dict[str, Any] = {"what": words, "count": row.people}
    record_event(row.place, "record", by=by, data=data, now=now)


@transaction.atomic
def forget(due_at: datetime.datetime) -> int:
    """Who booked, ninety days afterwards; when, which room and how many stays. Run twice it finds nothing."""
    old = Booking.objects.filter(ends__lt=due_at - datetime.timedelta(days=KEEP_DAYS)).exclude(name=ERASED)
    found = list(old.select_for_update(no_key=True)[:BATCH])
    for one in found:
        one.put("phone", "", "")
        one.name, one.unit, one.purpose, one.answer = ERASED, "", "", ""
        one.save()
    return len(found)
