"""The year of arbitration of a case, from its own event log (domain 3.4)."""

from __future__ import annotations

import datetime

from unionops.china.days import working_calendar

from .causes import CAUSES, Column
from .enums import LimitationKind
from .law.limitation import (
    Clock,
    Interruption,
    InterruptionKind,
    LimitationLog,
    Suspension,
    SuspensionReason,
    limitation_clock,
)
from .models import Dispute, LimitationEvent

K = LimitationKind
INTERRUPTING: dict[str, InterruptionKind] = {
    K.CLAIM: InterruptionKind.CLAIM,
    K.COMPLAINT: InterruptionKind.COMPLAINT,
    K.PROMISE: InterruptionKind.PROMISE,
    K.REFUSED_TALKS: InterruptionKind.NEGOTIATION_REFUSED,
    K.ENDED_TALKS: InterruptionKind.NEGOTIATION_LEFT,
    K.TALKS_EXPIRED: InterruptionKind.NEGOTIATION_EXPIRED,
    K.SETTLEMENT_BROKEN: InterruptionKind.SETTLEMENT_BROKEN,
    K.REFUSED_MEDIATION: InterruptionKind.MEDIATION_REFUSED,
    K.LEFT_MEDIATION: InterruptionKind.MEDIATION_LEFT,
    K.MEDIATION_EXPIRED: InterruptionKind.MEDIATION_EXPIRED,
    K.AGREEMENT_BROKEN: InterruptionKind.AGREEMENT_BROKEN,
}


def limitation_of(case: Dispute) -> Clock | None:
    """When the year ends and why; None while nobody has written from which day it runs."""
    start = case.known_on or case.employment_ended_on
    if start is None:
        return None
    events = sorted(case.limitation_events.all(), key=lambda event: (event.on, event.pk))
    log = LimitationLog(
        known_on=start,
        wage_arrears=CAUSES[case.cause].column == Column.PAY,
        employment_ended_on=case.employment_ended_on,
        interruptions=[Interruption(INTERRUPTING[one.kind], one.on) for one in events if one.kind in INTERRUPTING],
        suspensions=_suspensions(events),
    )
    return limitation_clock(log, working_calendar())


def limitation_ends(case: Dispute) -> datetime.date | None:
    clock = limitation_of(case)
    return clock.ends_on if clock else None


def _suspensions(events: list[LimitationEvent]) -> list[Suspension]:
    """From each event that suspends to the next one that resumes; without one the cause lasts."""
    found: list[Suspension] = []
    since: datetime.date | None = None
    for event in events:
        if event.kind == K.SUSPENDED and since is None:
            since = event.on
        elif event.kind == K.RESUMED and since is not None:
            found.append(Suspension(SuspensionReason.OTHER, since, event.on))
            since = None
    return [*found, Suspension(SuspensionReason.OTHER, since)] if since else found
