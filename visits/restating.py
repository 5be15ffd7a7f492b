"""What has changed in a closed period since it was closed: late entries, corrections, and every later step of its issues."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.insight.closing import LateChange, Span
from unionops.org.models import Event, User

from . import timeline
from .enums import END_STATES, TRANSITIONS, Verb
from .models import Issue, LedgerImport, Visit

# What brings an issue in, ends it or takes it up again: a figure of issues follows from nothing else.
_ENDS = [verb for verb, step in TRANSITIONS.items() if END_STATES & {*step.sources, *step.targets}]
_ISSUE_VERBS = [f"issue.{verb}" for verb in ("register", "import", *_ENDS)]
_TAKEN_UP_AGAIN = [f"issue.{verb}" for verb in (Verb.APPEAL, Verb.REOPEN)]


def late_changes(user: User, span: Span) -> Iterator[LateChange]:
    """Everything that this person may see of it, in no order; at most `span.most` of each kind."""
    yield from _entered(user, span)
    yield from _corrected(user, span)
    yield from _moved(user, span)
    yield from _taken_back(span)


def _in_place(span: Span) -> Q:
    return Q(town=span.organisation) | Q(district=span.organisation)


def _entered(user: User, span: Span) -> Iterator[LateChange]:
    visits = Visit.objects.visible_to(user).filter(
        _in_place(span), visited_on__range=span.days, submitted_at__gt=span.since
    )
    for visit in visits.select_related("enterprise", "submitted_by").order_by("-submitted_at")[: span.most]:
        words = _("%(who)s 补录 %(day)s 的走访。") % {"who": visit.submitted_by, "day": visit.visited_on.isoformat()}
        yield LateChange(visit.submitted_at, f"{visit.number} {visit.target}", _visit_url(visit), words)


def _corrected(user: User, span: Span) -> Iterator[LateChange]:
    """Corrections of visits that lie in the period, or lay in it before."""
    first, last = (day.isoformat() for day in span.days)
    corrections = _since(span, "visit", ["visit.correct"])
    was_there = corrections.filter(data__changes__visited_on__0__gte=first, data__changes__visited_on__0__lte=last)
    visits = Visit.objects.visible_to(user).filter(
        _in_place(span), Q(visited_on__range=span.days) & Exists(_about(corrections)) | Q(Exists(_about(was_there)))
    )
    found = {str(visit.pk): visit for visit in visits.select_related("enterprise")[: span.most]}
    for event in corrections.filter(subject_id__in=found).select_related("by"):
        visit, data = found[event.subject_id], event.data or {}
        changes = data.get("changes") or {}
        words = _("%(who)s 更正走访。") % {"who": event.by}
        if "visited_on" in changes:
            before, after = changes["visited_on"]
            words = _("%(who)s 把走访日期从 %(before)s 改为 %(after)s。") % {
                "who": event.by,
                "before": before,
                "after": after,
            }
        yield LateChange(
            event.at, f"{visit.number} {visit.target}", _visit_url(visit), words, str(data.get("reason") or "")
        )  # fmt: skip


def _moved(user: User, span: Span) -> Iterator[LateChange]:
    """Steps of issues that were registered or closed in the period, or were closed in it before they were taken up again."""
    first, last = (day.isoformat() for day in span.days)
    steps = _since(span, "issue", _ISSUE_VERBS)
    again = steps.filter(verb__in=_TAKEN_UP_AGAIN, data__closed_on__gte=first, data__closed_on__lte=last)
    within = Q(registered_at__gte=span.start, registered_at__lt=span.end) | Q(
        closed_at__gte=span.start, closed_at__lt=span.end
    )
    issues = Issue.objects.visible_to(user).filter(
        _in_place(span), within & Exists(_about(steps)) | Q(Exists(_about(again)))
    )
    found = {str(issue.pk): issue for issue in issues.order_by("-registered_at")[: span.most]}
    events = list(steps.filter(subject_id__in=found).select_related("by"))
    for event, entry in zip(events, timeline.entries(events), strict=True):
        issue = found[event.subject_id]
        yield LateChange(
            event.at, f"{issue.number} {issue.title}", reverse("visits:issue", args=[issue.pk]), entry.text, entry.quote
        )  # fmt: skip


def _taken_back(span: Span) -> Iterator[LateChange]:
    """Imports that were undone since: their rows are gone, so that nothing else can be shown of them."""
    undone = LedgerImport.objects.filter(
        district__in=[span.organisation.pk, span.organisation.district_id],
        undone_at__gt=span.since,
        finished_at__lte=span.since,
    )
    for record in undone.select_related("undone_by")[: span.most]:
        words = _("%(who)s 撤销了导入“%(file)s”。") % {"who": record.undone_by, "file": record.file_name}
        yield LateChange(record.undone_at, record.file_name, reverse("visits:import", args=[record.pk]), words)  # type: ignore[arg-type]


def _since(span: Span, kind: str, verbs: list[str]) -> QuerySet[Event]:
    return Event.objects.filter(kind=kind, verb__in=verbs, at__gt=span.since)


def _about(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(subject_id=Cast(OuterRef("pk"), CharField()))


def _visit_url(visit: Visit) -> str:
    return reverse("visits:visit", args=[visit.pk])
