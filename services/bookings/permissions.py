"""Who takes bookings of a place. The pages and the actions ask here."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from ..permissions import relations
from ..places.enums import SERVING
from ..places.models import Place
from ..places.permissions import KEEPERS
from .enums import TRANSITIONS, BookingVerb
from .models import Booking


def check_books(user: User, place: Place) -> None:
    """The department in charge and the town keep the book of a place."""
    if relations(user, place).isdisjoint(KEEPERS):
        raise NotAllowed(_("预约由项目经办和镇街工会登记和答复。"))


def check_bookable(place: Place) -> None:
    if not place.programme.limit("booking"):
        raise InvalidTransition(_("这里不接受预约。"))
    if place.state not in SERVING:
        raise InvalidTransition(_("这里现在不开放，不能预约。"))


def against(user: User, booking: Booking, verb: str, now: datetime.datetime | None = None) -> ActionError | None:
    transition = TRANSITIONS[verb]
    if booking.state not in transition.sources:
        return InvalidTransition(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": booking.get_state_display(), "verb": transition.label}
        )
    if relations(user, booking.place).isdisjoint(transition.actors):
        return NotAllowed(_("预约由项目经办和镇街工会登记和答复。"))
    if verb in (BookingVerb.USE, BookingVerb.MISS) and booking.starts > (now or timezone.now()):
        return InvalidTransition(_("还没有到预约的时间。"))
    return None


def steps_of(user: User, booking: Booking) -> list[str]:
    """The verbs that are open to this person now, in the order of the table."""
    return [verb for verb in TRANSITIONS if against(user, booking, verb) is None]


def refused_steps(user: User, booking: Booking) -> list[tuple[str, ActionError]]:
    """The other verbs with the reason."""
    return [(verb, error) for verb in TRANSITIONS if (error := against(user, booking, verb))]


def check_step(user: User, booking: Booking, verb: str, now: datetime.datetime | None = None) -> None:
    if error := against(user, booking, verb, now):
        raise error
