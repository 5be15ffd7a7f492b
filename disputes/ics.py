"""Appointments as an iCalendar object (RFC 5545): CRLF lines, folded at 75 octets, text escaped, times in UTC."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from .models import Appointment

# RFC 5545 3.1: octets of a line without its line break; a folded line begins with a space that counts.
MOST_OCTETS = 75
PRODUCT = "-//UnionOps//Mediation//ZH"


def calendar_text(appointments: Iterable[Appointment], *, name: str, now: datetime.datetime) -> str:
    """The whole object. No names of parties: the calendar that reads it stands outside the product."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for appointment in appointments:
        lines.extend(_event(appointment, now))
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(appointment: Appointment, now: datetime.datetime) -> list[str]:
    room, is_off = appointment.room, appointment.cancelled_at is not None
    summary = _("调解 %(number)s（%(kind)s）") % {
        "number": appointment.dispute.number, "kind": appointment.get_kind_display(),
    }  # fmt: skip
    lines = [
        "BEGIN:VEVENT",
        f"UID:{appointment.pk}@unionops",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(appointment.starts_at)}",
        f"DTEND:{_utc(appointment.ends_at)}",
        f"SEQUENCE:{int(is_off)}",
        f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
        f"SUMMARY:{escaped(summary)}",
        f"LOCATION:{escaped(f'{room.organisation} {room.name}')}",
    ]
    if appointment.link:
        lines.append(f"URL:{appointment.link}")
    if appointment.note:
        lines.append(f"DESCRIPTION:{escaped(appointment.note)}")
    return [*lines, "END:VEVENT"]


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """RFC 5545 3.3.11; other control characters have no place in a text."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(letter for letter in text if letter >= " ")


def folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, never within a letter; all but the first begin with a space."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > MOST_OCTETS:
            yield part
            part, size = " ", 1
        part += letter
        size += octets
    yield part
