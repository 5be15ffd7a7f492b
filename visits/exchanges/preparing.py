"""What stands on an agenda by itself (domain 2.9): decisions, frozen figures, cases, issues, answers, questions."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from unionops.casework.deadlines import lamp_of
from unionops.casework.enums import Urgency
from unionops.insight import indicators
from unionops.insight.figures import Question, rows_of
from unionops.insight.frozen import freeze, freeze_divided
from unionops.insight.indicators import Asked
from unionops.org.models import Event, Organisation, User
from visits.enums import COLLECTIVE_FROM, UNDER_WAY, ClaimantKind, IssueState, ResultKind
from visits.models import Issue
from visits.models.issues import IssueQuerySet

from .circles import Circle, circle_of, reader_of
from .enums import DecisionState, Section
from .models import Decision, Exchange

# A meeting talks about so many; the rest is counted and stands in the list of issues.
MOST_TYPICAL = 2
MOST_UNRESOLVED = 20
MOST_CONSULT = 10
MOST_ANSWERS = 12
MOST_QUESTIONS = 5
# From this many times a question is asked often.
OFTEN = 2
# What somebody said about why an issue is not settled, by the verb of the event.
REASONS = ("note", "decline", "answer_supervision", "extend", "suspend", "reopen", "return_back", "record_reply")
VISIT_FIGURES = ("visit_count", "visited_firm_count", "coverage_rate")
OFFICER_FIGURES = ("visit_count", "weekly_quota_rate")


@dataclass(frozen=True)
class Draft:
    """One automatic item; ``key`` is what it is about within its section."""

    section: str
    key: str
    data: dict[str, Any] = field(default_factory=dict)
    issue: Issue | None = None
    decision: Decision | None = None


def drafts(exchange: Exchange, now: datetime.datetime) -> list[Draft]:
    """Everything that belongs on the agenda now, in its order."""
    circle = circle_of(exchange)
    found = [*_decisions(exchange)]
    reader = reader_of(exchange)
    if reader is not None:
        asked = Asked(reader, exchange.period, exchange.period.cut_off(timezone.localdate(now)))
        found += [
            Draft(Section.VISITS, "figures", visit_figures(asked, circle)),
            Draft(Section.NEW_ISSUES, "figures", issue_figures(asked, circle)),
            *_questions(asked, circle),
        ]
    issues = _issues(exchange, circle)
    consulted = _to_consult(issues)
    found += _typical(exchange, issues)
    found += _unresolved(exchange, issues, {issue.pk for issue in consulted}, now)
    found += _about(Section.CONSULT, consulted, now)
    found += _answers(exchange, issues)
    found.append(Draft(Section.FOCUS, "focus"))
    return found


def _issues(exchange: Exchange, circle: Circle) -> IssueQuerySet:
    issues = Issue.objects.filter(district=exchange.district_id).counted()
    if not circle.is_all:
        issues = issues.filter(town__in=circle.towns)
    return issues.select_related("deadline", "lead_department", "enterprise", "town")


def _decisions(exchange: Exchange) -> Iterator[Draft]:
    """What the last exchange decided, and whatever older is not brought to an end.

    What a district decided before it had groups, or a group that is no more, is looked after by all.
    """
    last = Exchange.objects.filter(
        district=exchange.district_id, group=exchange.group_id, month__lt=exchange.month
    ).order_by("-month", "-pk")[:1]
    ours = Q(exchange__group=exchange.group_id) | Q(exchange__group=None) | Q(exchange__group__is_active=False)
    waiting = ours & Q(state__in=[DecisionState.OPEN, DecisionState.REPORTED])
    rows = (
        Decision.objects.filter(
            waiting | Q(exchange__in=last.values("pk")),
            district=exchange.district_id,
            exchange__month__lt=exchange.month,
        )
        .select_related("owner")
        .order_by(F("closed_at").asc(nulls_first=True), "due_on", "pk")
    )
    for row in rows:
        yield Draft(Section.DECISIONS, f"decision:{row.pk}", state_of(row), decision=row)


def state_of(decision: Decision) -> dict[str, Any]:
    """How a decision stands, for the minutes that must not change any more."""
    return {"state": decision.state, "result": decision.result, "due_on": decision.due_on.isoformat()}


# --- figures


def _question(code: str, asked: Asked, by: str = "", **where: str) -> Question:
    indicator = indicators.find(code)
    assert indicator is not None
    return Question(indicator, asked, by, where)


def _divided(code: str, asked: Asked, by: str, wanted: Sequence[int] | None, **where: str) -> list[dict[str, Any]]:
    """One figure for each value; of a group only its own."""
    kept = freeze_divided(_question(code, asked, by, **where))
    return kept if wanted is None else [one for one in kept if one["where"][by] in {str(pk) for pk in wanted}]


def visit_figures(asked: Asked, circle: Circle) -> dict[str, Any]:
    """Visits by town and by officer; a district without groups has its whole beside them."""
    towns, officers = (None, None) if circle.is_all else (circle.towns, circle.officers)
    whole = (*VISIT_FIGURES, "weekly_quota_rate")
    return {
        "at": asked.at.isoformat(),
        "whole": freeze([_question(code, asked) for code in whole]) if circle.is_all else [],
        "towns": _names(Organisation, circle.towns),
        "by_town": [_divided(code, asked, "town", towns) for code in VISIT_FIGURES],
        "officers": _names(User, circle.officers),
        "by_officer": [_divided(code, asked, "cadre", officers) for code in OFFICER_FIGURES],
    }


def issue_figures(asked: Asked, circle: Circle) -> dict[str, Any]:
    """New issues: category x town, and urgency x town."""
    towns = None if circle.is_all else circle.towns
    by_town = _divided("issue_count", asked, "town", towns)
    heard = [one["where"]["town"] for one in by_town]
    return {
        "at": asked.at.isoformat(),
        "whole": freeze([_question("issue_count", asked)]) if circle.is_all else [],
        "by_town": by_town,
        "urgencies": [str(value) for value in Urgency.values],
        "cells": [
            one
            for town in heard
            for by in ("urgency", "category")
            for one in _divided("issue_count", asked, by, None, town=town)
        ],
    }


def _names(model: type[Organisation | User], pks: Sequence[int]) -> list[list[str]]:
    """[key, name] pairs in their order: JSON in the database forgets the order of names."""
    rows = model.objects.filter(pk__in=pks)
    return [[str(row.pk), str(row)] for row in (rows.order_by("path") if model is Organisation else rows)]


# --- issues


def _typical(exchange: Exchange, issues: IssueQuerySet) -> list[Draft]:
    """Proposals: solved this month, with the most workers helped, and with the most money recovered."""
    solved = issues.filter(
        state=IssueState.CLOSED, result_kind=ResultKind.RESOLVED,
        closed_at__gte=exchange.period.start, closed_at__lt=exchange.period.end,
    )  # fmt: skip
    helped = list(solved.filter(workers_benefited__gt=0).order_by("-workers_benefited", "pk")[:MOST_TYPICAL])
    paid = solved.filter(amount_recovered__gt=0).exclude(pk__in=[issue.pk for issue in helped])
    found = [*helped, *paid.order_by("-amount_recovered", "pk")[:MOST_TYPICAL]]
    return [
        Draft(
            Section.TYPICAL,
            f"issue:{issue.pk}",
            {
                "workers": issue.workers_benefited,
                "amount": str(issue.amount_recovered),
                "result": issue.result_text[:300],
                "department": str(issue.lead_department or ""),
            },
            issue=issue,
        )
        for issue in found
    ]


def _to_consult(issues: IssueQuerySet) -> list[Issue]:
    """Issues that one department does not settle alone.

    * in consultation or sent back by the department, * opened again after an answer, * collective or 特急, and under way.
    """
    alone = Q(state__in=[IssueState.CONSULTING, IssueState.DECLINED])
    again = Q(reopen_count__gt=0, state__in=[IssueState.REOPENED, IssueState.DISPATCHED, *UNDER_WAY])
    grave = (Q(claimant_count__gte=COLLECTIVE_FROM) | Q(urgency=Urgency.CRITICAL)) & Q(state__in=UNDER_WAY)
    return list(issues.filter(alone | again | grave).order_by("urgency", "registered_at", "pk")[:MOST_CONSULT])


def _unresolved(exchange: Exchange, issues: IssueQuerySet, elsewhere: set[Any], now: datetime.datetime) -> list[Draft]:
    """Whatever is overdue today, and what came up in the month and is still open."""
    late = issues.overdue(timezone.localdate(now)).order_by("deadline__due_on", "pk")
    month = issues.open().filter(registered_at__gte=exchange.period.start, registered_at__lt=exchange.period.end)
    found = list(late[:MOST_UNRESOLVED])
    rest = month.exclude(pk__in=[issue.pk for issue in found]).exclude(pk__in=elsewhere)
    found += rest.order_by("urgency", "registered_at", "pk")[: MOST_UNRESOLVED - len(found)]
    return _about(Section.UNRESOLVED, found, now)


def _about(section: str, issues: Sequence[Issue], now: datetime.datetime) -> list[Draft]:
    """The named department, how it stands and the last word on why."""
    said = _last_words(issues)
    return [
        Draft(
            section,
            f"issue:{issue.pk}",
            {
                "state": issue.state,
                "department": str(issue.lead_department or issue.town),
                "late_days": max(0, -lamp_of(issue.deadline, timezone.localdate(now)).days)
                if _is_late(issue, now)
                else 0,
                "suspended_for": issue.suspend_reason,
                **said.get(str(issue.pk), {}),
            },
            issue=issue,
        )
        for issue in issues
    ]


def _is_late(issue: Issue, now: datetime.datetime) -> bool:
    return lamp_of(issue.deadline, timezone.localdate(now)).is_over


def _last_words(issues: Sequence[Issue]) -> dict[str, dict[str, str]]:
    events = (
        Event.objects.filter(
            kind="issue", subject_id__in=[str(issue.pk) for issue in issues],
            verb__in=[f"issue.{verb}" for verb in REASONS],
        )
        .select_related("by")
        .order_by("subject_id", "-at", "-pk")
        .distinct("subject_id")
    )  # fmt: skip
    found = {}
    for event in events:
        words = next((str(event.data[key]) for key in ("text", "note", "reason") if event.data.get(key)), "")
        if words:
            found[event.subject_id] = {
                "reason": words[:300],
                "reason_by": event.by.name,
                "reason_on": event.at.isoformat(),
            }
    return found


def _answers(exchange: Exchange, issues: IssueQuerySet) -> list[Draft]:
    """Answers of the month for a firm; of a claim that is kept from the firm the firm hears nothing (domain 2.10)."""
    open_to_it = Q(claimant_kind__in=[ClaimantKind.FIRM, ClaimantKind.UNION]) | Q(hide_from_firm=False)
    rows = issues.filter(
        open_to_it, enterprise__isnull=False, is_sensitive=False, answered_at__gte=exchange.period.start,
        answered_at__lt=exchange.period.end,
    ).exclude(result_text="")  # fmt: skip
    return [
        Draft(
            Section.ANSWERS,
            f"issue:{issue.pk}",
            {"firm": issue.enterprise.name if issue.enterprise else "", "result": issue.result_text[:300]},
            issue=issue,
        )
        for issue in rows.order_by("-answered_at", "pk")[:MOST_ANSWERS]
    ]


def _questions(asked: Asked, circle: Circle) -> list[Draft]:
    """Categories that were explained on the spot more than once: the rows of the indicator, so that both say the same."""
    indicator = indicators.find("explained_rate")
    assert indicator is not None
    rows = rows_of(Question(indicator, asked))
    if not circle.is_all:
        rows = rows.filter(town__in=circle.towns)
    counts = (
        rows.order_by()
        .values("category", "category__name")
        .annotate(times=Count("pk"))
        .filter(times__gte=OFTEN)
        .order_by("-times", "category")[:MOST_QUESTIONS]
    )
    found = []
    for line in counts:
        examples = list(
            rows.filter(category=line["category"]).exclude(explanation="").order_by("-registered_at", "-pk")[:3]
        )
        found.append(
            Draft(
                Section.QUESTIONS,
                f"category:{line['category']}",
                {
                    "category": line["category"],
                    "name": line["category__name"],
                    "times": line["times"],
                    "asked": [one.title for one in examples],
                    "explanation": next((one.explanation[:300] for one in examples), ""),
                    "basis": next((one.explanation_basis for one in examples if one.explanation_basis), ""),
                },
            )
        )
    return found
