"""What has changed in a closed period since it was closed: late entries, corrections, and every later step of its issues."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.insight.closing import LateChange, Span
from unionops.org.models import Enterprise, Event, User

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
    yield from _joined(user, span)


def _in_place(span: Span) -> Q:
    return Q(town=span.organisation) | Q(district=span.organisation)


def _entered(user: User, span: Span) -> Iterator[LateChange]:
    visits = Visit.objects.visible_to(user).filter(
        _in_place(span), visited_on__range=span.days, submitted_at__gt=span.since
    )
    late = visits.select_related("enterprise", "submitted_by", "ledger_import").order_by("-submitted_at")[: span.most]
    logged = Event.objects.filter(kind="visit", verb="visit.log", subject_id__in=[str(visit.pk) for visit in late])
    reasons = dict(logged.values_list("subject_id", "data__reason"))
    for visit in late:
        words = _("%(who)s 补录 %(day)s 的走访。") % {"who": visit.submitted_by, "day": visit.visited_on.isoformat()}
        reason = reasons.get(str(visit.pk)) or _reason_of(visit)
        yield LateChange(visit.submitted_at, f"{visit.number} {visit.target}", _visit_url(visit), words, reason)


def _reason_of(row: Visit | Issue) -> str:
    """Why the ledger that brought it in was imported so late."""
    return str(row.ledger_import.summary.get("reason", "")) if row.ledger_import else ""


def _corrected(user: User, span: Span) -> Iterator[LateChange]:
    """Corrections of visits that lie in the period, or lay in it before; and what was sent back and submitted again."""
    first, last = (day.isoformat() for day in span.days)
    corrections = _since(span, "visit", ["visit.correct", "visit.return_back", "visit.resubmit"])
    was_there = corrections.filter(data__changes__visited_on__0__gte=first, data__changes__visited_on__0__lte=last)
    visits = Visit.objects.visible_to(user).filter(
        _in_place(span), Q(visited_on__range=span.days) & Exists(_about(corrections)) | Q(Exists(_about(was_there)))
    )
    found = {str(visit.pk): visit for visit in visits.select_related("enterprise")[: span.most]}
    for event in corrections.filter(subject_id__in=found).select_related("by"):
        visit, data = found[event.subject_id], event.data or {}
        changes = data.get("changes") or {}
        words = {
            "visit.return_back": _("%(who)s 退回走访，补正以前不计入。"),
            "visit.resubmit": _("%(who)s 补正后重新提交走访。"),
        }.get(event.verb, _("%(who)s 更正走访。")) % {"who": event.by}
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
    issues = issues.select_related("ledger_import").order_by("-registered_at")
    found = {str(issue.pk): issue for issue in issues[: span.most]}
    events = list(steps.filter(subject_id__in=found).select_related("by"))
    for event, entry in zip(events, timeline.entries(events), strict=True):
        issue = found[event.subject_id]
        quote = entry.quote or (_reason_of(issue) if event.verb == "issue.import" else "")
        yield LateChange(
            event.at, f"{issue.number} {issue.title}", reverse("visits:issue", args=[issue.pk]), entry.text, quote
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
        place, reason = reverse("visits:import", args=[record.pk]), record.summary.get("undone_reason", "")
        yield LateChange(record.undone_at, record.file_name, place, words, reason)  # type: ignore[arg-type]


def _joined(user: User, span: Span) -> Iterator[LateChange]:
    """Firms of the period that were found to be one: there is one firm less."""
    merged = Event.objects.filter(kind="enterprise", verb="enterprise.merge", at__gt=span.since)
    visited = Visit.objects.filter(_in_place(span), visited_on__range=span.days, enterprise=OuterRef("pk"))
    firms = Enterprise.objects.visible_to(user).filter(Exists(visited), Exists(_about(merged)))
    found = {str(firm.pk): firm for firm in firms.order_by("pk")[: span.most]}
    for event in merged.filter(subject_id__in=found).select_related("by"):
        firm, data = found[event.subject_id], event.data or {}
        words = _("%(who)s 把“%(firm)s”并入这一家。") % {"who": event.by, "firm": data["duplicate"]["name"]}
        yield LateChange(
            event.at, firm.name, reverse("org:enterprise", args=[firm.pk]), words, str(data.get("reason") or "")
        )  # fmt: skip


def _since(span: Span, kind: str, verbs: list[str]) -> QuerySet[Event]:
    return Event.objects.filter(kind=kind, verb__in=verbs, at__gt=span.since)


def _about(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.filter(subject_id=Cast(OuterRef("pk"), CharField()))


def _visit_url(visit: Visit) -> str:
    return reverse("visits:visit", args=[visit.pk])
