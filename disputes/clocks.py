"""The limitation clock of a case: its dates and its log, as ``disputes.law.limitation`` asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from unionops.casework.enums import Light
from unionops.china.calendar import ONE_DAY
from unionops.china.days import working_calendar

from .enums import SUSPENDING, LimitationKind
from .law.causes import Nature, natures_of
from .law.limitation import (
    Clock,
    ClockState,
    Interruption,
    InterruptionKind,
    LimitationLog,
    Suspension,
    SuspensionReason,
    limitation_clock,
)
from .models import Dispute, LimitationEvent

# From this many days before the last one the clock is yellow: time enough to write to the other side or to apply.
SOON_DAYS = 30


class Reading(NamedTuple):
    """The clock of all that is known, the one of what is proved where that ends another day, and how it stands today.

    The light is that of the earlier end: what cannot be proved does not keep a claim alive.
    """

    clock: Clock
    proven: Clock | None
    state: ClockState
    left: int | None
    light: str


def is_wage_claim(dispute: Dispute) -> bool:
    """Arrears of pay run from the end of the employment (调解仲裁法 27, last paragraph)."""
    return Nature.PAY in natures_of(dispute.cause)


def log_of(dispute: Dispute, events: Iterable[LimitationEvent]) -> LimitationLog | None:
    """None while the day of knowing is not written down, and the claim is not one that runs from another day."""
    wages = is_wage_claim(dispute)
    known_on = dispute.known_on or (dispute.received_on if wages else None)
    if known_on is None:
        return None
    interruptions: list[Interruption] = []
    suspensions: list[Suspension] = []
    open_since: tuple[SuspensionReason, datetime.date] | None = None
    for event in sorted(events, key=lambda event: (event.on, event.pk)):
        if event.kind in SUSPENDING:
            open_since = open_since or (SuspensionReason(event.kind), event.on)
        elif event.kind == LimitationKind.RESUMED:
            # The day on which the cause is gone counts again.
            if open_since is not None and event.on > open_since[1]:
                suspensions.append(Suspension(*open_since, event.on - ONE_DAY))
            open_since = None
        else:
            proven = event.evidence_id is not None
            interruptions.append(Interruption(InterruptionKind(event.kind), event.on, proven))
    if open_since is not None:
        suspensions.append(Suspension(*open_since))
    return LimitationLog(known_on, wages, dispute.employment_ended_on, interruptions, suspensions)


def read_clock(dispute: Dispute, events: Iterable[LimitationEvent], today: datetime.date) -> Reading | None:
    """How the limitation stands today; None while nobody knows from which day it runs."""
    log = log_of(dispute, events)
    if log is None:
        return None
    calendar = working_calendar()
    clock = limitation_clock(log, calendar)
    proven = limitation_clock(log, calendar, only_proven=True)
    lights = [_light(one, today) for one in (clock, proven)]
    light = next(light for light in (Light.OVER, Light.SOON, Light.OK, Light.HOLD) if light in lights)
    state, left = clock.state(today), clock.days_left(today)
    return Reading(clock, proven if proven.ends_on != clock.ends_on else None, state, left, light)


def ends_of(dispute: Dispute, events: Iterable[LimitationEvent]) -> set[datetime.date]:
    """The last day of the term by all that is known, and by what is proved; none while it does not run."""
    log = log_of(dispute, events)
    if log is None:
        return set()
    clocks = (limitation_clock(log, working_calendar(), only_proven=proven) for proven in (False, True))
    return {clock.ends_on for clock in clocks if clock.ends_on is not None}


def _light(clock: Clock, today: datetime.date) -> str:
    state, left = clock.state(today), clock.days_left(today)
    if state in (ClockState.SUSPENDED, ClockState.NOT_RUNNING):
        return Light.HOLD
    if state == ClockState.EXPIRED or clock.aid_at_once(today):
        return Light.OVER
    return Light.SOON if left is not None and left <= SOON_DAYS else Light.OK
