"""Reads across aggregates: the list, the inbox, search, who can own a decision."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.deadlines import lamp
from unionops.casework.enums import Urgency
from unionops.casework.inbox import InboxRow
from unionops.casework.search import Hit, contains
from unionops.casework.waiting import ME
from unionops.org.enums import CASE_ROLES
from unionops.org.models import Posting, User
from visits.models import Issue
from visits.queries import DEADLINE_COLUMNS

from .enums import DECISION_END_STATES, EXCHANGE_TRANSITIONS, DecisionState, ExchangeState
from .models import AgendaItem, Decision, Exchange
from .models.exchanges import CHAIRING_ROLES

NEXT_STEP = {
    source: transition
    for transition in EXCHANGE_TRANSITIONS.values()
    if transition.usual
    for source in transition.sources
}


def exchange_list(user: User) -> QuerySet[Exchange]:
    """Newest month first, with how many decisions each made and how many of them are not brought to an end."""
    return (
        Exchange.objects.visible_to(user)
        .select_related("group", "chair")
        .annotate(
            decision_count=Count("decisions", distinct=True),
            open_count=Count("decisions", filter=~Q(decisions__state__in=DECISION_END_STATES), distinct=True),
        )
        .order_by("-month", F("group__name").asc(nulls_first=True), "-pk")
    )


def decision_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Decisions that this person owes."""
    if not user.scope.has(*CASE_ROLES):
        return
    rows = (
        Decision.objects.filter(owner=user, state=DecisionState.OPEN)
        .order_by("due_on", "pk")
        .values_list("pk", "number", "title", "exchange__title", *DEADLINE_COLUMNS)[:most]
    )
    for pk, number, title, exchange, due, soon, paused, met, provisional in rows:
        yield InboxRow(
            kind="decision", kind_label=_("议定"), icon="journal-check", number=number, title=title,
            url=reverse("exchanges:decision", args=[pk]), urgency=Urgency.NORMAL, place=exchange, step=_("报告完成"),
            lamp=lamp(due, soon, paused, met, provisional=bool(provisional)),
        )  # fmt: skip


def decisions_waiting() -> Iterable[QuerySet[Decision]]:
    return (Decision.objects.filter(owner=ME, state=DecisionState.OPEN),)


def exchange_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Exchanges that this person presides over: to be held on their day, then to be signed."""
    if not user.scope.has(*CHAIRING_ROLES):
        return
    rows = (
        Exchange.objects.filter(chair=user, state__in=[ExchangeState.PLANNED, ExchangeState.HELD])
        .select_related("group")
        .order_by("month", "pk")[:most]
    )
    for row in rows:
        day = timezone.localtime(row.when).date() if row.when else None
        due = day if row.state == ExchangeState.PLANNED else None
        yield InboxRow(
            kind="exchange", kind_label=_("月交流"), icon="people", number=row.number, title=row.heading,
            url=reverse("exchanges:exchange", args=[row.pk]), urgency=Urgency.NORMAL, place=row.place,
            step=NEXT_STEP[row.state].label, lamp=lamp(due, due, None, None),
        )  # fmt: skip


def find_decisions(user: User, query: str, most: int) -> list[Hit]:
    rows = (
        Decision.objects.visible_to(user)
        .filter(Q(number__icontains=query) | contains("text", query))
        .order_by("-registered_at")
        .values_list("pk", "number", "title", "owner__name", "state")[:most]
    )
    return [
        Hit(f"{number} {title}", f"{owner} · {DecisionState(state).label}", reverse("exchanges:decision", args=[pk]))
        for pk, number, title, owner, state in rows
    ]


def leaders(district_id: int) -> list[tuple[int, str]]:
    posts = Posting.objects.on(timezone.localdate()).filter(
        organisation=district_id, role__in=CHAIRING_ROLES, user__is_active=True
    )
    rows = User.objects.filter(pk__in=posts.values("user")).order_by("pinyin", "pk")
    return list(rows.values_list("pk", "name"))


def agenda_of(exchange: Exchange, *, with_dropped: bool = False) -> list[AgendaItem]:
    items = exchange.items.select_related(
        "issue__enterprise", "issue__town", "issue__lead_department", "issue__category", "issue__deadline",
        "decision__owner", "decision__deadline", "decision__exchange",
    ).order_by("position", "pk")  # fmt: skip
    return list(items if with_dropped else items.filter(dropped=False))


def seen_issues(user: User, items: Iterable[AgendaItem]) -> set[object]:
    """Which of these issues exist for the person: others are named but not opened."""
    pks = [item.issue_id for item in items if item.issue_id]
    return set(Issue.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()
