"""The appointment book of a centre: rooms, and when they and their mediators are taken."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.casework.notices import notify
from unionops.org.actions.saving import check_version
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, required
from unionops.org.events import changed_fields, record_event
from unionops.org.models import Organisation, User

from ..enums import SessionKind
from ..models import Appointment, Dispute, Room
from ..permissions import check_books
from .moving import Now, touch


def keeps_rooms(user: User, organisation: Organisation) -> bool:
    scope = user.scope
    return scope.holds(Role.HEAD, organisation.pk) or organisation.district_id in scope.administers


def check_keeps_rooms(user: User, organisation: Organisation) -> None:
    if not keeps_rooms(user, organisation):
        raise NotAllowed(_("调解室由中心负责人或系统管理员维护。"))


@transaction.atomic
def open_room(organisation: Organisation, *, by: User, name: str, seats: int = 8) -> Room:
    """A room that can be booked, kept by the head of the centre or an administrator."""
    check_keeps_rooms(by, organisation)
    name = required(name, _("请写调解室的名称。"), "name")
    if Room.objects.filter(organisation=organisation, name=name).exists():
        raise ActionError(_("这个中心已有同名的调解室。"), field="name")
    room = Room.objects.create(organisation=organisation, name=name, seats=seats)
    record_event(room, "open", by=by, data={"name": name}, district_id=organisation.district_id)
    return room


def _locked_room(room: Room, by: User) -> Room:
    row = Room.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=room.pk)
    check_keeps_rooms(by, row.organisation)
    return row


@transaction.atomic
def edit_room(room: Room, *, by: User, name: str, seats: int, version: int | None = None) -> Room:
    """Another name, another number of seats; what is booked stays booked."""
    row = _locked_room(room, by)
    check_version(row, version)
    name = required(name, _("请写调解室的名称。"), "name")
    if Room.objects.filter(organisation=row.organisation, name=name).exclude(pk=row.pk).exists():
        raise ActionError(_("这个中心已有同名的调解室。"), field="name")
    changes = changed_fields({"name": row.name, "seats": row.seats}, {"name": name, "seats": seats})
    if changes:
        row.name, row.seats = name, seats
        row.save(update_fields=["name", "seats"])
        _record(row, "edit", by=by, changes=changes)
    return row


@transaction.atomic
def close_room(room: Room, *, by: User, move_to: Room | None = None, now: Now = None) -> Room:
    """No new appointment is taken. What is still to come moves to another room of the centre, or the room stays open.

    Whoever sits in a meeting that moves is told; where a time is taken in the other room nothing is closed.
    """
    now = now or timezone.now()
    row = _locked_room(room, by)
    if not row.is_active:
        raise InvalidTransition(_("这间调解室已经停用。"))
    coming = list(row.appointments.coming(now).select_related("dispute"))
    if coming and move_to is None:
        raise ActionError(
            _("还有 %(n)d 个预约，请先移到别的调解室，或者逐个取消。") % {"n": len(coming)}, field="move_to"
        )
    if move_to is not None:
        _move_all(coming, _locked_room(move_to, by), row, by=by, now=now)
    row.is_active = False
    row.save(update_fields=["is_active"])
    _record(row, "close", by=by, moved=len(coming), to=move_to.name if move_to else "")
    return row


def _move_all(coming: Sequence[Appointment], target: Room, row: Room, *, by: User, now: datetime.datetime) -> None:
    if target.organisation_id != row.organisation_id or not target.is_active or target.pk == row.pk:
        raise ActionError(_("请选本中心可预约的调解室。"), field="move_to")
    for appointment in coming:
        try:
            with transaction.atomic():
                Appointment.objects.filter(pk=appointment.pk).update(room=target)
        except IntegrityError as error:
            at = timezone.localtime(appointment.starts_at)
            raise ActionError(
                _("%(room)s在 %(time)s 已有预约，%(number)s 移不过去。")
                % {"room": target.name, "time": f"{at:%Y-%m-%d %H:%M}", "number": appointment.dispute.number},
                field="move_to",
                next_step=_("请选另一间，或先改这个预约。"),
            ) from error
        case = lock(appointment.dispute)
        touch(case, "move_appointment", by=by, now=now, name=target.name)
        notify(case, "move_appointment", by=by, to={appointment.mediator_id}, now=now)


@transaction.atomic
def reopen_room(room: Room, *, by: User) -> Room:
    """The room can be booked again."""
    row = _locked_room(room, by)
    if row.is_active:
        raise InvalidTransition(_("这间调解室可以预约。"))
    row.is_active = True
    row.save(update_fields=["is_active"])
    _record(row, "reopen", by=by)
    return row


def _record(row: Room, verb: str, *, by: User, **data: object) -> None:
    record_event(row, verb, by=by, data={"name": row.name, **data}, district_id=row.organisation.district_id)


@transaction.atomic
def book(
    dispute: Dispute, *, by: User, room: Room, starts_at: datetime.datetime, ends_at: datetime.datetime,
    kind: str = SessionKind.FACE_TO_FACE, mediator: User | None = None, note: str = "", link: str = "", version: int | None = None, now: Now = None,
) -> Appointment:  # fmt: skip
    """Take a room for a case; the database refuses what overlaps, whoever asks at the same time."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_books(by, row)
    found = mediator or row.mediator
    if found is None:
        raise ActionError(_("请选择调解员。"), field="mediator")
    # Read anew and held: whoever closes the room at the same time waits, and sees this appointment.
    held = Room.objects.select_for_update(no_key=True).filter(pk=room.pk, is_active=True).first()
    if room.organisation_id != row.organisation_id or held is None:
        raise ActionError(_("请选本中心可预约的调解室。"), field="room")
    if ends_at <= starts_at:
        raise ActionError(_("结束时间要晚于开始时间。"), field="ends_at")
    if kind not in SessionKind:
        raise ActionError(_("请选择调解方式。"), field="kind")
    if link and not link.startswith("https://"):
        raise ActionError(_("链接要以 https:// 开头。"), field="link")
    appointment = Appointment(
        dispute=row, room=room, mediator=found, kind=kind, starts_at=starts_at, ends_at=ends_at, note=note, link=link, made_by=by
    )  # fmt: skip
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(error) from error
    touch(row, "book", by=by, now=now, name=room.name, at=timezone.localtime(starts_at).isoformat(timespec="minutes"))
    notify(row, "book", by=by, to={found.pk}, now=now)
    return appointment


def _taken(error: IntegrityError) -> ActionError:
    if "appointment_mediator_once" in str(error):
        return ActionError(_("这位调解员在这段时间已有预约。"), field="mediator", next_step=_("请换时间或调解员。"))
    return ActionError(_("这间调解室在这段时间已有预约。"), field="room", next_step=_("请换时间或调解室。"))


@transaction.atomic
def cancel(appointment: Appointment, *, by: User, reason: str, now: Now = None) -> Appointment:
    now = now or timezone.now()
    row = lock(appointment.dispute)
    check_books(by, row)
    found = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if found.cancelled_at is not None:
        raise InvalidTransition(_("这个预约已经取消。"))
    reason = required(reason, _("请写取消的理由。"), "reason")
    found.cancelled_at, found.cancelled_by = now, by
    found.save(update_fields=["cancelled_at", "cancelled_by"])
    touch(row, "cancel_appointment", by=by, now=now, reason=reason)
    notify(row, "cancel_appointment", by=by, to={found.mediator_id}, now=now)
    return found


def pass_on(row: Dispute, leaver: User, *, by: User, now: datetime.datetime) -> None:
    """What somebody who leaves the case still had booked for it goes to the lead, or to another mediator of the team.

    Where nobody follows, or whoever follows is taken at that time, the room is free again; the timeline says so. The case
    is locked by the caller.
    """
    taker = _next_after(row, leaver, timezone.localdate(now))
    for appointment in row.appointments.coming(now).filter(mediator=leaver).select_for_update():
        is_handed_over = taker is not None and _hands_over(appointment, taker)
        verb = "hand_over_appointment" if is_handed_over else "release_appointment"
        if not is_handed_over:
            Appointment.objects.filter(pk=appointment.pk).update(cancelled_at=now, cancelled_by=by)
        at = timezone.localtime(appointment.starts_at)
        touch(
            row,
            verb,
            by=by,
            now=now,
            name=taker.name if taker and is_handed_over else leaver.name,
            on=f"{at:%m-%d %H:%M}",
        )
        notify(row, verb, by=by, to={taker.pk if taker else None}, now=now)


def _next_after(row: Dispute, leaver: User, today: datetime.date) -> User | None:
    if row.mediator is not None and row.mediator.pk != leaver.pk:
        return row.mediator
    others = row.team.on(today).mediating().filter(ended_at=None).exclude(user=leaver).select_related("user")
    following = others.order_by("pk").first()
    return following.user if following else None


def _hands_over(appointment: Appointment, taker: User) -> bool:
    try:
        with transaction.atomic():
            Appointment.objects.filter(pk=appointment.pk).update(mediator=taker)
    except IntegrityError:
        return False
    return True
