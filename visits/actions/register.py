"""How issues come into being: several at once from a visit, one by one from the hotline, a helper, a meeting."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import deadlines
from unionops.casework.enums import Urgency
from unionops.casework.models import Deadline
from unionops.casework.notices import notify_posted
from unionops.casework.numbering import spell, take_numbers
from unionops.china.names import mask_name
from unionops.china.phones import mask_phone
from unionops.org.enums import Role
from unionops.org.errors import ActionError
from unionops.org.events import event_of
from unionops.org.models import Enterprise, Event, Organisation, User

from ..enums import COLLECTIVE_FROM, TERM_DISPATCH, TERM_SUBMIT, ClaimantKind, Handling, IssueSource, IssueState
from ..models import Category, Issue, Visit
from ..permissions import check_may_register
from .apply import apply_close_explained, apply_explain, apply_submit
from .pen import hold_pen

NUMBER_PREFIX = "S"


@dataclass(kw_only=True)
class IssueDraft:
    """What is known of an issue when it is heard, and what was done with it at once."""

    title: str
    category: Category
    description: str = ""
    demand: str = ""
    urgency: int = Urgency.NORMAL
    source: str = IssueSource.VISIT
    claimant_kind: str = ClaimantKind.ANONYMOUS
    claimant_name: str = ""
    claimant_phone: str = ""
    claimant_count: int = 1
    hide_from_firm: bool = True
    is_sensitive: bool = False
    new_employment: bool = False
    raised_on: datetime.date | None = None
    town: Organisation | None = None
    enterprise: Enterprise | None = None
    handling: str = Handling.KEEP
    explanation: str = ""
    explanation_basis: str = ""
    understood: bool = False
    suggested_department: Organisation | None = None


@transaction.atomic
def register_issue(draft: IssueDraft, *, by: User, now: datetime.datetime | None = None) -> Issue:
    """Register an issue that was not heard on a visit."""
    town = draft.town or (draft.enterprise.town if draft.enterprise else None)
    if town is None:
        raise ActionError(_("请选择镇街。"), field="town")
    check_may_register(by, town_id=town.pk, district_id=town.district_id or town.pk)
    now = now or timezone.now()
    issue = _build(draft, by=by, visit=None, now=now)
    year = timezone.localtime(now).year
    (number,) = take_numbers(issue.district_id, NUMBER_PREFIX, year)
    issue.number = spell(NUMBER_PREFIX, year, number)
    Event.objects.bulk_create(write_issues([issue], [draft], by=by, now=now))
    return issue


def build_issues(drafts: Sequence[IssueDraft], *, by: User, visit: Visit, now: datetime.datetime) -> list[Issue]:
    """Check what was heard on a visit and make its issues, without numbers and without saving them."""
    return [_build(draft, by=by, visit=visit, now=now) for draft in drafts]


def write_issues(
    issues: Sequence[Issue], drafts: Sequence[IssueDraft], *, by: User, now: datetime.datetime
) -> list[Event]:
    """Write issues in the states to which they were brought in the same breath: one statement for each table.

    Runs inside the caller's transaction; the steps are those of `steps`, applied before the first save. Returns the
    events, which the caller saves together with its own.
    """
    events: list[Event] = []
    for issue, draft in zip(issues, drafts, strict=True):
        events += _first_steps(issue, draft, by=by, now=now)
        hold_pen(issue)
    waiting = [issue for issue in issues if issue.is_open]
    clocks = deadlines.build_all(
        [(issue, TERM_DISPATCH if issue.state == IssueState.SUBMITTED else TERM_SUBMIT) for issue in waiting],
        on=timezone.localdate(now),
    )
    for issue, clock in zip(waiting, Deadline.objects.bulk_create(clocks), strict=True):
        issue.deadline = clock
    Issue.objects.bulk_create(issues)
    _tell(issues, by=by, now=now)
    return events


def _build(draft: IssueDraft, *, by: User, visit: Visit | None, now: datetime.datetime) -> Issue:
    enterprise = draft.enterprise or (visit.enterprise if visit else None)
    town = draft.town or (visit.town if visit else None) or (enterprise.town if enterprise else None)
    if town is None:
        raise ActionError(_("请选择镇街。"), field="town")
    if not draft.title.strip():
        raise ActionError(_("请写问题是什么。"), field="title")
    if draft.raised_on and draft.raised_on > timezone.localdate(now):
        raise ActionError(_("反映日期不能晚于今天。"), field="raised_on")
    named = draft.claimant_kind != ClaimantKind.ANONYMOUS
    if named and not draft.claimant_name.strip():
        raise ActionError(_("请写反映人是谁，或者选匿名。"), field="claimant_name")
    issue = Issue(
        district_id=town.district_id or town.pk,
        title=draft.title.strip(),
        urgency=draft.urgency,
        registered_at=now,
        state_since=now,
        source=IssueSource.VISIT if visit else draft.source,
        visit=visit,
        town=town,
        enterprise=enterprise,
        registered_by=by,
        liaison=by,
        raised_on=draft.raised_on or (visit.visited_on if visit else timezone.localdate(now)),
        category=draft.category,
        description=draft.description,
        demand=draft.demand,
        claimant_kind=draft.claimant_kind,
        claimant_count=max(1, draft.claimant_count),
        new_employment=draft.new_employment,
        is_sensitive=draft.is_sensitive,
        hide_from_firm=draft.hide_from_firm,
    )
    if named:
        issue.put("claimant_name", draft.claimant_name.strip(), mask_name(draft.claimant_name.strip()))
        issue.put("claimant_phone", draft.claimant_phone, mask_phone(draft.claimant_phone))
    return issue


def _first_steps(issue: Issue, draft: IssueDraft, *, by: User, now: datetime.datetime) -> list[Event]:
    def event(verb: str, before: str, **data: object) -> Event:
        return event_of(
            issue, verb, by=by, source=before, target=issue.state, data={**data, "version": issue.version}, now=now
        )

    events = [event("register", "", source=issue.source)]
    if draft.handling == Handling.SUBMIT:
        before, data = apply_submit(issue, department=draft.suggested_department, now=now)
        events.append(event("submit", before, **data))
    elif draft.handling == Handling.EXPLAIN:
        before, data = apply_explain(
            issue, explanation=draft.explanation, basis=draft.explanation_basis, understood=draft.understood, now=now,
            basis_field="explanation_basis",
        )  # fmt: skip
        events.append(event("explain", before, **data))
        if draft.understood:
            before, data = apply_close_explained(issue, by=by, now=now)
            events.append(event("close_explained", before, **data))
    return events


def _tell(issues: Sequence[Issue], *, by: User, now: datetime.datetime) -> None:
    """The dispatcher hears of what was submitted; the leader, the same day, of what is collective or critical."""
    submitted = [issue for issue in issues if issue.state == IssueState.SUBMITTED]
    alarming = [
        issue
        for issue in issues
        if issue.is_open and (issue.claimant_count >= COLLECTIVE_FROM or issue.urgency == Urgency.CRITICAL)
    ]
    lines = [(issue, "submit", Role.CLERK) for issue in submitted] + [
        (issue, "alert", Role.LEADER) for issue in alarming
    ]
    if lines:
        notify_posted(lines, lines[0][0].district_id, by=by, now=now)
