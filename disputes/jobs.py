"""The periodic jobs of disputes: what is due, what has lapsed, what may no longer be claimed. Each may run late or twice."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionops.casework.models import Deadline, Notice
from unionops.casework.notices import Line, notify_all, posted
from unionops.casework.tasks import Job, register_job
from unionops.org.enums import Role
from unionops.org.models import User

from .clocks import ends_of
from .enums import AFTER_EFFECT, TERM_MEDIATE, TERM_WINDOW, DisputeState
from .models import Confirmation, Dispute, Obligation

# An obligation is announced this many days before its date (domain 3.6 row 13).
REMIND_BEFORE = datetime.timedelta(days=3)
# A window of confirmation is announced this many days before it closes: both sides must come and sign.
WINDOW_BEFORE = datetime.timedelta(days=5)
# 法律援助法 44 lets aid begin at once when less than seven days remain; the alarm leaves a month to act.
LIMITATION_BEFORE = (30, 7)


def _desk(cases: Collection[Dispute]) -> dict[int, set[int]]:
    """Ids of the case clerks and heads of each centre that has one of these cases."""
    centres = {case.organisation_id for case in cases}
    found = {centre: posted(centre, {Role.HANDLER, Role.HEAD}) for centre in sorted(centres)}
    return {centre: set().union(*people.values()) for centre, people in found.items()}


def _told(cases: Iterable[Dispute], verb: str) -> set[Any]:
    """Cases of which this was said before; a job that runs twice says it once."""
    keys = [case.pk for case in cases]
    return set(Notice.objects.filter(case_id__in=keys, verb=f"dispute.{verb}").values_list("case_id", flat=True))


def _last_told(cases: Iterable[Dispute], verb: str) -> dict[Any, datetime.date]:
    """{case: the day on which this was last said of it}."""
    rows = Notice.objects.filter(case_id__in=[case.pk for case in cases], verb=f"dispute.{verb}").order_by("at")
    return {case: timezone.localdate(at) for case, at in rows.values_list("case_id", "at")}


def _is_time(ends: datetime.date, today: datetime.date, said: datetime.date | None) -> bool:
    """Within a span before the end, and since that span began nothing was said."""
    if today > ends:
        return False
    begun = [first for days in LIMITATION_BEFORE if (first := ends - datetime.timedelta(days=days)) <= today]
    return bool(begun) and (said is None or said < max(begun))


def _tell(lines: Iterable[tuple[Dispute, str]], *, more: str = "", now: datetime.datetime) -> int:
    """Tell the mediator and the desk of each case, and where ``more`` names a role of the district whoever holds it."""
    told = list(lines)
    desks = _desk([case for case, _verb in told])
    leaders = {case.district_id: posted(case.district_id, {more})[more] for case, _verb in told} if more else {}
    rows: list[Line] = [
        (case, verb, {case.mediator_id} | desks[case.organisation_id] | leaders.get(case.district_id, set()))
        for case, verb in told
    ]
    notify_all(rows, by=User.objects.system(), now=now)
    return len(rows)


@transaction.atomic
def remind_obligations(due_at: datetime.datetime) -> int:
    """Each obligation is announced three days before its date and once more on the day after it has passed."""
    today = timezone.localdate(due_at)
    days = {today + REMIND_BEFORE: "obligation_due", today - datetime.timedelta(days=1): "obligation_overdue"}
    waiting = (
        Obligation.objects.waiting()
        .filter(due_on__in=days, agreement__dispute__state__in=AFTER_EFFECT)
        .select_related("agreement__dispute")
        .order_by("agreement__dispute", "due_on", "position")
    )
    # A claimant is one line of a collective case, not twenty-three.
    groups = groupby(waiting, key=lambda one: (one.agreement.dispute, one.due_on))
    return _tell([(case, days[due_on]) for (case, due_on), _rows in groups], now=due_at)


@transaction.atomic
def watch_windows(due_at: datetime.datetime) -> int:
    """Five days before a window of confirmation closes, and on the day after it has closed unused."""
    today = timezone.localdate(due_at)
    days = {today + WINDOW_BEFORE: "window_closing", today - datetime.timedelta(days=1): "window_lapsed"}
    windows = Deadline.objects.running().filter(
        kind="dispute", rule__startswith=f"{TERM_WINDOW}.", due_on__in=days
    )  # fmt: skip
    verbs: dict[Any, str] = {}
    for case, due_on in windows.order_by("-due_on").values_list("case_id", "due_on"):
        verbs[case] = days[due_on]
    asked = Confirmation.objects.values("agreement__dispute")
    cases = Dispute.objects.filter(pk__in=verbs, state=DisputeState.EFFECTIVE).exclude(pk__in=asked).order_by("pk")
    return _tell([(case, verbs[case.pk]) for case in cases], now=due_at)


@transaction.atomic
def flag_terms(due_at: datetime.datetime) -> int:
    """On expiry a mediation without extension is put before its mediator and the head, once (domain 3.6 row 17)."""
    today = timezone.localdate(due_at)
    over = Dispute.objects.filter(
        state=DisputeState.MEDIATING, term__rule__startswith=f"{TERM_MEDIATE}.", term__met_on=None,
        term__paused_on=None, term__due_on__lt=today,
    ).select_related("term").order_by("pk")  # fmt: skip
    cases = list(over)
    told = _told(cases, "term_over")
    return _tell([(case, "term_over") for case in cases if case.pk not in told], more=Role.LEADER, now=due_at)


@transaction.atomic
def warn_of_limitation(due_at: datetime.datetime) -> int:
    """A month and a week before the year of arbitration ends in a case that is not settled (调解仲裁法 27).

    A case that comes in later than that is announced at once, each time once.
    """
    today = timezone.localdate(due_at)
    settled = {DisputeState.FULFILLED, DisputeState.EFFECTIVE, DisputeState.ARCHIVED}
    cases = list(
        Dispute.objects.exclude(state__in=settled)
        .exclude(outcome="settled")
        .filter(Q(known_on__isnull=False) | Q(employment_ended_on__isnull=False))
        .prefetch_related("limitation_events")
        .order_by("pk")
    )
    # Events that nobody can prove do not silence the alarm of the earlier end.
    said = _last_told(cases, "limitation_near")
    near = [
        case
        for case in cases
        for ends in sorted(ends_of(case, case.limitation_events.all()))
        if _is_time(ends, today, said.get(case.pk))
    ]
    near = list(dict.fromkeys(near))
    return _tell([(case, "limitation_near") for case in near], more=Role.LEADER, now=due_at)


def register_jobs() -> None:
    register_job(Job("disputes.remind_obligations", remind_obligations, hours=(9,)))
    register_job(Job("disputes.watch_windows", watch_windows, hours=(9,)))
    register_job(Job("disputes.flag_terms", flag_terms, hours=(9,)))
    register_job(Job("disputes.warn_of_limitation", warn_of_limitation, hours=(9,)))
