"""How issues stand on a day: the conditions from which the indicators are made (domain 2.8).

An issue keeps its state of today only. What it was on an earlier day is read from its times (registered, closed), and for
one that was taken up again after it was closed from the event of the appeal, which keeps the result that it ended.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, TruncDate

from unionops.casework.models import Deadline, FollowUp
from unionops.china.models import CalendarDay
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


def with_step(asked: Asked, *verbs: str) -> Q:
    """With such a step in the period."""
    return Q(Exists(_events(*verbs).filter(at__gte=asked.period.start, at__lt=asked.end)))


def happened(issues: QuerySet, asked: Asked, *verbs: str) -> QuerySet:
    return issues.filter(_not_void(asked), with_step(asked, *verbs))


def working_days_to(asked: Asked, *verbs: str) -> Subquery:
    """Working days after the day of registration until the last such step in the period."""
    passed = CalendarDay.objects.order_by().filter(
        is_workday=True, date__gt=OuterRef("first"), date__lte=OuterRef("last")
    )
    counted = passed.annotate(n=Func(F("pk"), function="count", output_field=IntegerField())).values("n")
    registered_at = ExpressionWrapper(OuterRef("registered_at"), DateTimeField())
    steps = _events(*verbs).filter(at__gte=asked.period.start, at__lt=asked.end).order_by("-at")
    steps = steps.alias(registered_at=registered_at).alias(first=TruncDate("registered_at"), last=TruncDate("at"))
    return Subquery(steps.annotate(days=Subquery(counted)).values("days")[:1])


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


def _last(rows: QuerySet, *order: str) -> QuerySet:
    """Of each case only the row that comes last by these columns.

    Whatever must hold of a case's last clock or call is asked of that row itself, in one EXISTS: so it is looked for among
    the few rows that fit, and not once a column for every issue of the district.
    """
    same = rows.filter(case_id=OuterRef("case_id"))
    later, equal = Q(), Q()
    for column in (*order, "pk"):
        later |= equal & Q(**{f"{column}__gt": OuterRef(column)})
        equal &= Q(**{column: OuterRef(column)})
    return rows.filter(~Exists(same.filter(later)), case_id=OuterRef("pk"))


def _clock(asked: Asked, rule: str) -> QuerySet[Deadline]:
    """The clock of a rule that counts at the cut-off: of several the last one that had begun."""
    return _last(
        Deadline.objects.filter(kind="issue", rule__startswith=rule, dropped=False, started_on__lte=asked.at),
        "started_on",
    )


def due_clock(asked: Asked) -> QuerySet[Deadline]:
    """应办结: the handling term ends in the period and by the cut-off; what is suspended now isn't due."""
    return _clock(asked, TERM_HANDLE).filter(due_on__range=asked.days, paused_on=None)


def due(issues: QuerySet, asked: Asked) -> QuerySet:
    return issues.filter(_not_void(asked), Exists(due_clock(asked)))


def overdue(asked: Asked) -> Q:
    """Of what is due: met after its last day, or not met although that day is over."""
    late = Q(met_on__gt=F("due_on"))
    waiting = Q(met_on=None) | Q(met_on__gt=asked.at)
    return Q(Exists(due_clock(asked).filter(late | (waiting & Q(due_on__lt=asked.at)))))


def _in_time(asked: Asked) -> Q:
    return Q(met_on__lte=F("due_on")) & Q(met_on__lte=asked.at)


def in_time(asked: Asked) -> Q:
    """Of what is due: met by its last day."""
    return Q(Exists(due_clock(asked).filter(_in_time(asked))))


def signed_in_time(asked: Asked) -> Q:
    return Q(Exists(_clock(asked, TERM_SIGN_FOR).filter(_in_time(asked))))


def dispatched(issues: QuerySet, asked: Asked) -> QuerySet:
    """Given to a department in the period, and signed for or past the term to do so: what is still in time isn't judged."""
    judged = _clock(asked, TERM_SIGN_FOR).filter(Q(met_on__lte=asked.at) | Q(due_on__lt=asked.at))
    return issues.filter(
        _not_void(asked), Exists(judged), dispatched_at__gte=asked.period.start, dispatched_at__lt=asked.end
    )


def call_due(asked: Asked) -> QuerySet[FollowUp]:
    """The last follow-up of an issue, where its term ends in the period."""
    calls = FollowUp.objects.filter(kind="issue", is_sample=False)
    return _last(calls, "created_at").filter(due_on__range=asked.days)


def settled_call(asked: Asked, *, sample: bool = False) -> QuerySet[FollowUp]:
    """Of the follow-ups of an issue that were done in the period the last one."""
    calls = FollowUp.objects.filter(
        kind="issue", is_sample=sample, done_at__gte=asked.period.start, done_at__lt=asked.end
    )
    return _last(calls, "done_at")


def asked_how_it_was(issues: QuerySet, asked: Asked) -> QuerySet:
    """Issues whose claimant was asked in the period; a ledger brings the rating with the closed issue itself."""
    from_ledger = Q(ledger_import__isnull=False) & closed_in_period(asked)
    return issues.filter(_not_void(asked), Q(Exists(settled_call(asked))) | from_ledger)


def rated(asked: Asked, ratings: Collection[str]) -> Q:
    calls = settled_call(asked)
    return Q(Exists(calls.filter(satisfaction__in=ratings))) | (~Q(Exists(calls)) & Q(satisfaction__in=ratings))
