"""How issues stand on a day: the conditions from which the indicators are made (domain 2.8).

An issue keeps its state of today only. What it was on an earlier day is read from its times (registered, closed), and for
one that was taken up again after it was closed from the event of the appeal, which keeps the result that it ended.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from unionops.casework.models import Deadline, FollowUp
from unionops.insight.indicators import Asked
from unionops.org.models import Event

from .enums import TERM_HANDLE, TERM_SIGN_FOR, IssueState, ResultKind, Verb

NOT_COUNTED = (IssueState.VOID, IssueState.MERGED)


def _not_void(asked: Asked) -> Q:
    """Void and merged issues don't count, from the day on which they became so."""
    return ~Q(state__in=NOT_COUNTED) | Q(closed_at__gte=asked.until)


def registered(issues: QuerySet, asked: Asked) -> QuerySet:
    """The cohort: registered in the period and counted on the day of the cut-off."""
    return issues.filter(_not_void(asked), registered_at__gte=asked.period.start, registered_at__lt=asked.end)


def _events(*verbs: str) -> QuerySet[Event]:
    return Event.objects.filter(
        kind="issue", subject_id=Cast(OuterRef("pk"), CharField()), verb__in=[f"issue.{verb}" for verb in verbs]
    )


def _closed(asked: Asked, results: Collection[str], first: datetime.date | None, last: datetime.date) -> Q:
    """Closed on a day between first and last and still closed at the cut-off."""
    closed = Q(state=IssueState.CLOSED, result_kind__in=results, closed_at__lt=asked.end if first else asked.until)
    since = Q(data__closed_on__lte=last.isoformat())
    if first:
        closed &= Q(closed_at__gte=asked.period.start)
        since &= Q(data__closed_on__gte=first.isoformat())
    taken_up_later = _events(Verb.APPEAL).filter(since, at__gte=asked.until, data__closed_as__in=list(results))
    return closed | Q(Exists(taken_up_later))


def closed_by_then(asked: Asked, results: Collection[str] = ResultKind.values) -> Q:
    """Closed with one of the results on the day of the cut-off, whenever that was."""
    return _closed(asked, results, None, asked.at)


def closed_in_period(asked: Asked, results: Collection[str] = ResultKind.values) -> Q:
    """The flow: closed in the period, whenever it was registered, and closed still at the cut-off."""
    return _closed(asked, results, *asked.days)


def open_then(issues: QuerySet, asked: Asked) -> QuerySet:
    """Registered by the cut-off and not ended by then."""
    ended = Q(closed_at__lt=asked.until) | closed_by_then(asked)
    return issues.filter(registered_at__lt=asked.until).exclude(ended)


def happened(issues: QuerySet, asked: Asked, *verbs: str) -> QuerySet:
    """Issues with such a step in the period."""
    return issues.filter(_not_void(asked), Exists(_events(*verbs).filter(at__gte=asked.period.start, at__lt=asked.end)))


# What shows that an issue came so far, each with what lies beyond it; an appeal shows that it had been closed.
CONFIRMED = (Verb.CLOSE_EXPLAINED, Verb.CONFIRM, Verb.REOPEN, Verb.APPEAL)
ANSWERED = (*CONFIRMED, Verb.ANSWER)
TAKEN_UP = (*ANSWERED, Verb.DISPATCH)


def reached(asked: Asked, verbs: Collection[str]) -> Q:
    """So far on the way from heard to resolved, on the day of the cut-off; one that was taken up again had been there as well."""
    return closed_by_then(asked) | Q(Exists(_events(*verbs).filter(at__lt=asked.until)))


def solved_for_firms(issues: QuerySet, asked: Asked, results: Collection[str]) -> QuerySet:
    """Brought to a good end in the period, for somebody in an enterprise."""
    return issues.filter(closed_in_period(asked, results), enterprise__isnull=False)


def _clock(asked: Asked, rule: str) -> QuerySet[Deadline]:
    """The clock of a rule that counts at the cut-off: of several the last one that had begun."""
    return Deadline.objects.filter(
        kind="issue", case_id=OuterRef("pk"), rule__startswith=rule, dropped=False, started_on__lte=asked.at
    ).order_by("-started_on", "-pk")


def with_clock(issues: QuerySet, asked: Asked, rule: str) -> QuerySet:
    clock = _clock(asked, rule)
    return issues.alias(
        clock_due=Subquery(clock.values("due_on")[:1]),
        clock_met=Subquery(clock.values("met_on")[:1]),
        clock_paused=Subquery(clock.values("paused_on")[:1]),
    )


def due(issues: QuerySet, asked: Asked) -> QuerySet:
    """应办结: the handling term ends in the period and by the cut-off; what is suspended now isn't due."""
    return with_clock(issues, asked, TERM_HANDLE).filter(
        _not_void(asked), clock_due__range=asked.days, clock_paused=None
    )


def overdue(asked: Asked) -> Q:
    """Of what is due: met after its last day, or not met although that day is over."""
    late = Q(clock_met__gt=F("clock_due"))
    waiting = Q(clock_met=None) | Q(clock_met__gt=asked.at)
    return late | (waiting & Q(clock_due__lt=asked.at))


def in_time(asked: Asked) -> Q:
    return Q(clock_met__lte=F("clock_due")) & Q(clock_met__lte=asked.at)


def dispatched(issues: QuerySet, asked: Asked) -> QuerySet:
    """Given to a department in the period, and signed for or past the term to do so: what is still in time isn't judged."""
    return with_clock(issues, asked, TERM_SIGN_FOR).filter(
        _not_void(asked),
        Q(clock_met__lte=asked.at) | Q(clock_due__lt=asked.at),
        dispatched_at__gte=asked.period.start,
        dispatched_at__lt=asked.end,
    )


def with_call(issues: QuerySet, asked: Asked, *, sample: bool = False, settled: bool = False) -> QuerySet:
    """The last follow-up of an issue; with ``settled`` the last one done in the period."""
    calls = FollowUp.objects.filter(kind="issue", case_id=OuterRef("pk"), is_sample=sample)
    if settled:
        calls = calls.filter(done_at__gte=asked.period.start, done_at__lt=asked.end).order_by("-done_at", "-pk")
    else:
        calls = calls.order_by("-created_at", "-pk")
    return issues.alias(
        call_due=Subquery(calls.values("due_on")[:1]),
        call_done=Subquery(calls.values("done_at")[:1]),
        call_resolved=Subquery(calls.values("resolved")[:1]),
        call_rating=Subquery(calls.values("satisfaction")[:1]),
        call_attempts=Subquery(calls.values("attempts")[:1]),
    )


def asked_how_it_was(issues: QuerySet, asked: Asked) -> QuerySet:
    """Issues whose claimant was asked in the period; a ledger brings the rating with the closed issue itself."""
    from_ledger = Q(call_done=None, ledger_import__isnull=False) & closed_in_period(asked)
    return with_call(issues, asked, settled=True).filter(_not_void(asked), Q(call_done__isnull=False) | from_ledger)


def rated(ratings: Collection[str]) -> Q:
    return Q(call_rating__in=ratings) | Q(call_done=None, satisfaction__in=ratings)
