"""Reads across aggregates: the rows of the lists, of the inbox and of search."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unionops import prepared
from unionops.casework.deadlines import Lamp, lamp, working_days
from unionops.casework.enums import Urgency
from unionops.casework.inbox import InboxRow
from unionops.casework.models import FollowUp, Supervision, Task
from unionops.casework.search import Hit, contains
from unionops.casework.waiting import ME, Own, among
from unionops.china.names import is_han
from unionops.org.models import Enterprise, KeyListEntry, Leave, User
from unionops.prepared import Gap, Statement, gap

from .enums import TRANSITIONS, IssueState, Policy, VisitState
from .models import Consultation, Issue, Visit, VisitPlan

# Of the pairs of characters of a text so many stand in the title of an issue of the same enterprise that may be the same one.
ENOUGH_SHARED = 2
MOST_PAIRS = 12
# Characters that any text has.
EVERYDAY = frozenset("能不没有问吗呢么什怎可以想要是的了和在还也就都到说去来一")

# The step that is usually next in a state, for the column «下一步».
NEXT_STEP = {
    source: transition
    for transition in reversed(list(TRANSITIONS.values()))
    if transition.on_page
    for source in transition.sources
    if transition.usual
}
BACK_STATES = {IssueState.RETURNED, IssueState.REOPENED}
# A visit that was sent back counts nowhere until it is submitted again.
_RETURNED = Q(state=VisitState.RETURNED)

DEADLINE_COLUMNS = (
    "deadline__due_on",
    "deadline__soon_on",
    "deadline__paused_on",
    "deadline__met_on",
    "deadline__provisional",
)


def category_words(path: str = "") -> Any:
    """The name of a category in the language of the reader, for values(); ``path`` leads to it."""
    if get_language() != "en":
        return F(f"{path}name")
    return Coalesce(NullIf(F(f"{path}name_en"), Value("")), F(f"{path}name"))


class IssueRow(NamedTuple):
    """One row of the issue list, read as values in one statement; the first two columns are key and sort."""

    id: UUID
    sort: object
    number: str
    title: str
    urgency: int
    state: str
    category: str
    enterprise: str | None
    town: str
    registered_at: datetime.datetime
    holder_user: str | None
    holder_organisation: str | None
    holder_role: str
    claimant_count: int
    due_on: datetime.date | None
    soon_on: datetime.date | None
    paused_on: datetime.date | None
    met_on: datetime.date | None
    provisional: bool | None

    @property
    def lamp(self) -> Lamp:
        return lamp(self.due_on, self.soon_on, self.paused_on, self.met_on, provisional=bool(self.provisional))


ISSUE_COLUMNS = (
    "number",
    "title",
    "urgency",
    "state",
    "category__name",
    "enterprise__name",
    "town__short_name",
    "registered_at",
    "holder_user__name",
    "holder_organisation__short_name",
    "holder_role",
    "claimant_count",
    *DEADLINE_COLUMNS,
)


def issue_inbox(user: User, most: int) -> Iterable[InboxRow]:
    return _inbox_rows(Issue.objects.in_hands_of(user), most)


def department_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Everything open that lies with the person's departments and towns, whoever handles it."""
    scope = user.scope
    return _inbox_rows(
        Issue.objects.visible_to(user).open().filter(
            Q(holder_organisation__in=scope.departments | scope.towns)
            | Q(lead_department__in=scope.departments)
            | Q(district__in=scope.districts)
        ),
        most,
    )  # fmt: skip


def watched_inbox(user: User, most: int) -> Iterable[InboxRow]:
    watched = user.watches.filter(kind="issue").values("case_id")
    return _inbox_rows(Issue.objects.visible_to(user).filter(pk__in=watched), most)


def issues_elsewhere(user: User) -> int:
    return _followed(user).count()


def followed_inbox(user: User, most: int) -> Iterable[InboxRow]:
    return _inbox_rows(_followed(user), most)


def _followed(user: User) -> QuerySet:
    """Open issues that this person follows and somebody else now holds."""
    return Issue.objects.visible_to(user).open().filter(liaison=user).exclude(holder_user=user)


def _inbox_rows(issues: QuerySet, most: int) -> Iterable[InboxRow]:
    rows = issues.order_by(F("deadline__due_on").asc(nulls_last=True), "urgency", "pk").values_list(
        "pk", "number", "title", "urgency", "state", "enterprise__name", "visit__target_name", *DEADLINE_COLUMNS
    )[:most]
    for pk, number, title, urgency, state, enterprise, target, due, soon, paused, met, provisional in rows:
        step = NEXT_STEP.get(state)
        yield InboxRow(
            kind="issue",
            kind_label=_("回访") if state == IssueState.FOLLOWUP_DUE else _("诉求"),
            icon="telephone" if state == IssueState.FOLLOWUP_DUE else "chat-square-text",
            number=number,
            title=title,
            url=reverse("visits:issue", args=[pk]),
            urgency=urgency,
            place=enterprise or target or "",
            step=step.label if step else "",
            lamp=lamp(due, soon, paused, met, provisional=bool(provisional)),
            back=str(IssueState(state).label) if state in BACK_STATES else "",
            waits_for_signature=state == IssueState.DISPATCHED,
        )


def task_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Milestones and tasks that this person or their department must finish."""
    scope = user.scope
    mine = Q(owner=user) | Q(owner=None, organisation__in=scope.departments | scope.towns)
    rows = Task.objects.filter(mine, kind="issue", done_at=None).order_by("due_on", "pk")[:most]
    return _with_issue(rows, label=_("任务"), icon="list-check", step=_("完成任务"), titled_by="what")


def tasks_waiting() -> Iterable[QuerySet]:
    tasks = Task.objects.filter(kind="issue", done_at=None)
    return tasks.filter(owner=ME), tasks.filter(among("organisation", Own.HOUSES), owner=None)


def supervision_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """督办 orders that this person's organisation must answer."""
    scope = user.scope
    rows = (
        Supervision.objects.filter(
            kind="issue", sort="order", answered_at=None, organisation__in=scope.departments | scope.towns
        )
        .annotate(due_on=F("answer_due_on"))
        .order_by("answer_due_on", "pk")[:most]
    )
    return _with_issue(rows, label=_("督办"), icon="megaphone", step=_("答复督办"), titled_by="text")


def supervisions_waiting() -> Iterable[QuerySet]:
    orders = Supervision.objects.filter(kind="issue", sort="order", answered_at=None)
    return (orders.filter(among("organisation", Own.HOUSES)),)


def sample_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """The month's random re-visits, for the follow-up people of the district."""
    clerks = {organisation for role, organisation in user.scope.posts if role == "clerk"}
    rows = FollowUp.objects.filter(kind="issue", is_sample=True, done_at=None, district__in=clerks).order_by(
        "due_on", "pk"
    )[:most]
    return _with_issue(rows, label=_("抽查"), icon="shuffle", step=_("抽查回访"), titled_by="")


def _with_issue(rows: Iterable, *, label: str, icon: str, step: str, titled_by: str) -> Iterable[InboxRow]:
    rows = list(rows)
    issues = Issue.objects.select_related("enterprise").in_bulk([row.case_id for row in rows])
    for row in rows:
        issue = issues.get(row.case_id)
        if issue is None:
            continue
        yield InboxRow(
            kind=type(row)._meta.model_name or "",
            kind_label=label,
            icon=icon,
            number=issue.number,
            title=getattr(row, titled_by) if titled_by else issue.title,
            url=reverse("visits:issue", args=[issue.pk]),
            urgency=issue.urgency,
            place=issue.enterprise.name if issue.enterprise else "",
            step=step,
            lamp=lamp(row.due_on, row.due_on, None, None),
        )


def visit_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Visits of this person that the office sent back to be completed."""
    rows = Visit.objects.filter(_RETURNED, officer=user, district__in=user.scope.member_of)
    for visit in rows.select_related("enterprise").order_by("visited_on", "pk")[:most]:
        yield InboxRow(
            kind="visit",
            kind_label=_("走访"),
            icon="journal-text",
            number=visit.number,
            title=visit.target,
            url=reverse("visits:visit", args=[visit.pk]),
            urgency=Urgency.NORMAL,
            place="",
            step=_("补正后提交"),
            lamp=lamp(None, None, None, None),
            back=str(VisitState.RETURNED.label),
        )


def visits_waiting() -> Iterable[QuerySet]:
    return (Visit.objects.filter(_RETURNED, officer=ME),)


# --- the week of a cadre


class Week(NamedTuple):
    year: int
    week: int
    monday: datetime.date
    visits: list[Visit]
    plans: list[VisitPlan]
    quota: int

    @property
    def done(self) -> int:
        return len(self.visits)

    @property
    def missing(self) -> int:
        return max(0, self.quota - self.done)


def visits_in_week(user: User, monday: datetime.date) -> QuerySet[Visit]:
    """What a person visited in a week, also as the second one; days and district are what the index begins with."""
    days = (monday, monday + datetime.timedelta(days=6))
    made = Visit.objects.filter(officers=user, district__in=user.scope.member_of, visited_on__range=days)
    return made.exclude(_RETURNED)


_done = Statement(
    lambda: (
        Visit.objects.filter(
            prepared.among("district", Gap("districts")),
            officers=gap("user"),
            visited_on__range=(gap("first"), gap("last")),
        )
        .exclude(_RETURNED)
        .order_by()
        .values("pk")
    )
)


def done_in_week(user: User, monday: datetime.date) -> int:
    """How many of `visits_in_week` there are."""
    last = monday + datetime.timedelta(days=6)
    return len(_done.read(user=user.pk, districts=sorted(user.scope.member_of), first=monday, last=last))


def week_of(user: User, day: datetime.date) -> Week:
    """A cadre's week: what is done, what is planned, and the quota with leave and short weeks out (domain 2.8)."""
    year, week, weekday = day.isocalendar()
    monday = day - datetime.timedelta(days=weekday - 1)
    visits = visits_in_week(user, monday).select_related("enterprise").order_by("visited_on", "started_at", "pk")
    plans = VisitPlan.objects.filter(user=user, iso_year=year, iso_week=week, visit=None).select_related(
        "enterprise", "enterprise__town"
    )
    return Week(year, week, monday, list(visits), list(plans), quota_of(user, monday))


_leaves = Statement(
    lambda: (
        Leave.objects.filter(user=gap("user"), starts_on__lte=gap("last"), ends_on__gte=gap("first"))
        .order_by()
        .values_list("starts_on", "ends_on")
    )
)


def quota_of(user: User, monday: datetime.date) -> int:
    """The week's quota; 0 in a week with fewer than three working days on duty (domain 2.8)."""
    sunday = monday + datetime.timedelta(days=6)
    days = set(working_days(monday, sunday))
    for first, last in _leaves.read(user=user.pk, first=monday, last=sunday):
        days -= {day for day in days if first <= day <= last}
    return user.weekly_quota if len(days) >= 3 else 0


def long_not_visited(user: User, most: int, *, days: int = 60) -> QuerySet[Enterprise]:
    """Enterprises of one's towns that nobody has visited for long: key enterprises first, never visited before long ago."""
    today = timezone.localdate()
    towns = user.scope.towns
    made = Visit.objects.filter(enterprise=OuterRef("pk")).exclude(_RETURNED)
    last = made.order_by("-visited_on").values("visited_on")[:1]
    key = KeyListEntry.objects.on(today).filter(enterprise=OuterRef("pk"))
    planned = VisitPlan.objects.filter(enterprise=OuterRef("pk"), user=user, visit=None)
    return (
        Enterprise.objects.visible_to(user)
        .filter(town__in=towns)
        .exclude(status="closed")
        .annotate(last_visit=last, is_key=Exists(key), is_planned=Exists(planned))
        .filter(Q(last_visit=None) | Q(last_visit__lte=today - datetime.timedelta(days=days)))
        .select_related("town")
        .order_by("-is_key", F("last_visit").asc(nulls_first=True), "pinyin")[:most]
    )


def agenda_of(user: User, day: datetime.date) -> list[Consultation]:
    """Today's consultations in which the person's departments take part or that the person convened."""
    scope = user.scope
    return list(
        Consultation.objects.filter(concluded_at=None, planned_at__date=day)
        .filter(
            Q(participants__in=scope.departments | scope.towns)
            | Q(convened_by=user)
            | Q(issue__lead_department__in=scope.departments)
            | Q(issue__district__in=scope.districts)
        )
        .distinct()
        .select_related("issue")
        .prefetch_related("participants")
        .order_by("planned_at")
    )


# --- what explanations rest on

# Among so many of one's newest issues the policies named last are looked for.
NEWEST_ISSUES = 40
MOST_BASES = 3
_named = Statement(
    lambda: (
        Issue.objects.filter(liaison=gap("user"))
        .order_by("-registered_at")
        .values_list("explanation_basis")[:NEWEST_ISSUES]
    )
)


def bases_at_hand(user: User, issue: Issue | None = None) -> list[str]:
    """Policies to choose by one tap: those promoted on the visit of the issue, then those that this person named last."""
    last = dict.fromkeys(basis for (basis,) in _named.read(user=user.pk) if basis)
    promoted = issue.visit.policies if issue is not None and issue.visit is not None else []
    return [*(str(Policy(policy).label) for policy in promoted if policy in Policy), *list(last)[:MOST_BASES]]


# --- similar issues and search


def similar_issues(user: User, text: str, *, enterprise_id: object = None, most: int = 4) -> QuerySet[Issue]:
    """Possible duplicates while typing: the same enterprise or shared words, of the last year."""
    since = timezone.now() - datetime.timedelta(days=365)
    issues = Issue.objects.visible_to(user).counted().filter(registered_at__gte=since)
    words = contains("title", text) | contains("description", text)
    if enterprise_id:
        pairs = _telling_pairs(text)
        shared = [Case(When(title__contains=pair, then=1), default=0) for pair in pairs]
        issues = issues.filter(enterprise=enterprise_id).annotate(shared=sum(shared, Value(0)))
        words |= Q(shared__gte=min(ENOUGH_SHARED, len(pairs) or ENOUGH_SHARED))
    return issues.filter(words).order_by("-registered_at")[:most]


def _telling_pairs(text: str) -> list[str]:
    """The pairs of characters that say what a text is about, as far as they are counted: not «能不能» or «没有»."""
    pairs = {text[start : start + 2] for start in range(len(text) - 1)}
    return sorted(pair for pair in pairs if all(map(is_han, pair)) and not set(pair) <= EVERYDAY)[:MOST_PAIRS]


def find_issues(user: User, query: str, most: int) -> list[Hit]:
    issues = Issue.objects.visible_to(user).filter(search_issues(query))
    rows = issues.order_by("-registered_at").values_list("pk", "number", "title", "enterprise__name", "state")[:most]
    return [
        Hit(f"{number} {title}", " · ".join(filter(None, [enterprise, str(IssueState(state).label)])),
            reverse("visits:issue", args=[pk]))
        for pk, number, title, enterprise, state in rows
    ]  # fmt: skip


def search_issues(query: str) -> Q:
    return (
        Q(number__icontains=query)
        | contains("title", query)
        | contains("description", query)
        | contains("enterprise__name", query)
    )


def find_visits(user: User, query: str, most: int) -> list[Hit]:
    visits = Visit.objects.visible_to(user).filter(search_visits(query))
    rows = visits.order_by("-visited_on").values_list(
        "pk", "number", "visited_on", "enterprise__name", "target_name", "officer__name"
    )[:most]
    return [
        Hit(f"{number} {enterprise or target}", f"{day:%Y-%m-%d} · {officer}", reverse("visits:visit", args=[pk]))
        for pk, number, day, enterprise, target, officer in rows
    ]


def search_visits(query: str) -> Q:
    return Q(number__icontains=query) | contains("summary", query) | contains("enterprise__name", query)
