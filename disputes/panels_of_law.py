"""What the case page shows of the law: how the limitation stands, and what was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unionops.org.models import User

from .clocks import Reading, is_wage_claim, read_clock
from .enums import END_STATES
from .law.limitation import ClockState
from .models import Dispute, Elements, LimitationEvent
from .reckoning import Reckoned


def clock_context(dispute: Dispute, events: Sequence[LimitationEvent] | None = None) -> dict[str, Any]:
    """The clock with its events; one query beside that of the working calendar, none for events that are handed over."""
    today = timezone.localdate()
    if events is None:
        events = list(events_of(dispute))
    reading = read_clock(dispute, events, today)
    return {
        "today": today,
        "events": events,
        "reading": reading,
        "words": words_of(reading) if reading else "",
        "is_wage_claim": is_wage_claim(dispute),
        "aid_at_once": reading is not None and reading.clock.aid_at_once(today),
    }


def events_of(dispute: Dispute) -> QuerySet[LimitationEvent]:
    return dispute.limitation_events.select_related("evidence", "recorded_by")


def words_of(reading: Reading) -> str:
    """«余 47 天», «已过 3 天», or why it doesn't run."""
    if reading.left is None or reading.state in (ClockState.NOT_RUNNING, ClockState.SUSPENDED):
        return str(reading.state.label)
    if reading.left < 0:
        return ngettext("时效已过 %(n)d 天", "时效已过 %(n)d 天", -reading.left) % {"n": -reading.left}
    if reading.left == 0:
        return _("时效今天届满")
    return ngettext("时效余 %(n)d 天", "时效余 %(n)d 天", reading.left) % {"n": reading.left}


def clock_reads(dispute: Dispute, user: User) -> dict[str, QuerySet[Any]]:
    return {} if dispute.state in END_STATES else {"events": events_of(dispute)}


def clock_panel(dispute: Dispute, user: User, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """Shown to whoever sees the case, while it isn't put away."""
    if dispute.state in END_STATES:
        return None
    return {"dispute": dispute, **clock_context(dispute, found["events"])}


def elements_reads(dispute: Dispute, user: User) -> dict[str, QuerySet[Any]]:
    return {"elements": Elements.objects.filter(dispute=dispute)}


def elements_panel(dispute: Dispute, user: User, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The focus of the dispute and the computed sums."""
    elements = next(iter(found["elements"]), None)
    claims = [Reckoned.of(claim) for claim in elements.claims] if elements else []
    return {
        "dispute": dispute,
        "elements": elements,
        "claims": claims,
        "total": sum((claim.amount for claim in claims), Decimal(0)),
    }
