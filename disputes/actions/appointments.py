"""The appointment book of a centre: rooms, and when they and their mediators are taken."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.casework.notices import notify
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, required
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..enums import SessionKind
from ..models import Appointment, Dispute, Room
from ..permissions import check_books
from .moving import Now, touch


@transaction.atomic
def open_room(organisation: Organisation, *, by: User, name: str, seats: int = 8) -> Room:
    """A room that can be booked, kept by the head of the centre or an administrator."""
    scope = by.scope
    if not (scope.holds(Role.HEAD, organisation.pk) or organisation.district_id in scope.administers):
        raise NotAllowed(_("调解室由中心负责人或系统管理员维护。"))
    name = required(name, _("请写调解室的名称。"), "name")
    if Room.objects.filter(organisation=organisation, name=name).exists():
        raise ActionError(_("这个中心已有同名的调解室。"), field="name")
    room = Room.objects.create(organisation=organisation, name=name, seats=seats)
    record_event(room, "open", by=by, data={"name": name}, district_id=organisation.district_id)
    return room


@transaction.atomic
def book(
    dispute: Dispute, *, by: User, room: Room, starts_at: datetime.datetime, ends_at: datetime.datetime,
    kind: str = SessionKind.FACE_TO_FACE, mediator: User | None = None, note: str = "", version: int | None = None, now: Now = None,
) -> Appointment:  # fmt: skip
    """Take a room for a case; the database refuses what overlaps, whoever asks at the same time."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_books(by, row)
    found = mediator or row.mediator
    if found is None:
        raise ActionError(_("请选择调解员。"), field="mediator")
    if room.organisation_id != row.organisation_id or not room.is_active:
        raise ActionError(_("请选本中心可预约的调解室。"), field="room")
    if ends_at <= starts_at:
        raise ActionError(_("结束时间要晚于开始时间。"), field="ends_at")
    if kind not in SessionKind:
        raise ActionError(_("请选择调解方式。"), field="kind")
    appointment = Appointment(
        dispute=row, room=room, mediator=found, kind=kind, starts_at=starts_at, ends_at=ends_at, note=note, made_by=by
    )
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
