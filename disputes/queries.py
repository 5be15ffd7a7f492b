"""Reads across aggregates: the rows of the list, of the board, of the inbox and of search; earlier cases of the same people."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from unionops.casework.deadlines import Lamp, lamp
from unionops.casework.inbox import InboxRow
from unionops.casework.models import FollowUp
from unionops.casework.search import Hit, contains
from unionops.casework.transitions import Text
from unionops.china.names import mask_name
from unionops.org.enums import Role
from unionops.org.models import User

from .causes import Cause
from .enums import MEDIATING_SEATS, OVER_STATES, TRANSITIONS, DisputeState, PartyKind, Side
from .models import Dispute, Obligation, Party, TeamMember
from .models.disputes import DisputeQuerySet

S = DisputeState
# The step that is usually next in a state.
NEXT_STEP = {
    source: transition
    for transition in reversed(list(TRANSITIONS.values()))
    if transition.on_page
    for source in transition.sources
    if transition.usual
}
DEADLINE_COLUMNS = (
    "deadline__due_on",
    "deadline__soon_on",
    "deadline__paused_on",
    "deadline__met_on",
    "deadline__provisional",
)


class DisputeRow(NamedTuple):
    """One row of the list, read as values in one statement; the first two columns are key and sort."""

    id: object
    sort: object
    number: str
    title: str
    urgency: int
    state: str
    source: str
    centre: str
    mediator: str | None
    amount: Decimal
    people: int
    is_collective: bool
    due_on: datetime.date | None
    soon_on: datetime.date | None
    paused_on: datetime.date | None
    met_on: datetime.date | None
    provisional: bool | None

    @property
    def lamp(self) -> Lamp:
        return lamp(self.due_on, self.soon_on, self.paused_on, self.met_on, provisional=bool(self.provisional))


DISPUTE_COLUMNS = (
    "number",
    "title",
    "urgency",
    "state",
    "source",
    "organisation__short_name",
    "mediator__name",
    "amount_claimed",
    "people_count",
    "is_collective",
    *DEADLINE_COLUMNS,
)


def search_disputes(query: str) -> Q:
    """By number, or by any piece of the title, which names the parties and the cause."""
    named = Party.objects.filter(dispute=OuterRef("pk")).filter(contains("name", query))
    return Q(number__icontains=query) | contains("title", query) | Q(Exists(named))


def find_disputes(user: User, query: str, most: int) -> list[Hit]:
    disputes = Dispute.objects.visible_to(user).filter(search_disputes(query))
    rows = disputes.order_by("-registered_at").values_list("pk", "number", "title", "state")[:most]
    return [
        Hit(f"{number} {title}", str(DisputeState(state).label), reverse("disputes:dispute", args=[pk]))
        for pk, number, title, state in rows
    ]


# --- the inbox


def dispute_inbox(user: User, most: int) -> Iterable[InboxRow]:
    return _inbox_rows(Dispute.objects.visible_to(user).in_hands_of(user), most)


def centre_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Everything open of the person's centres, or of the district, whoever mediates it."""
    scope = user.scope
    wanted = Q(organisation__in=scope.departments) | Q(district__in=scope.districts)
    return _inbox_rows(Dispute.objects.visible_to(user).open().filter(wanted), most)


def watched_inbox(user: User, most: int) -> Iterable[InboxRow]:
    watched = user.watches.filter(kind="dispute").values("case_id")
    return _inbox_rows(Dispute.objects.visible_to(user).filter(pk__in=watched), most)


def disputes_elsewhere(user: User) -> int:
    return _begun(user).count()


def begun_inbox(user: User, most: int) -> Iterable[InboxRow]:
    return _inbox_rows(_begun(user), most)


def _begun(user: User) -> DisputeQuerySet:
    """Open cases that this person registered and somebody else now holds."""
    mine = Dispute.objects.visible_to(user).open().filter(registered_by=user)
    return mine.exclude(pk__in=Dispute.objects.in_hands_of(user).values("pk"))


def _inbox_rows(disputes: DisputeQuerySet, most: int) -> Iterable[InboxRow]:
    rows = disputes.order_by(F("deadline__due_on").asc(nulls_last=True), "urgency", "pk").values_list(
        "pk", "number", "title", "urgency", "state", "organisation__short_name", *DEADLINE_COLUMNS
    )[:most]
    for pk, number, title, urgency, state, centre, due, soon, paused, met, provisional in rows:
        step = NEXT_STEP.get(state)
        yield InboxRow(
            kind="dispute",
            kind_label=_("调解"),
            icon="intersect",
            number=number,
            title=title,
            url=reverse("disputes:dispute", args=[pk]),
            urgency=urgency,
            place=centre,
            step=step.label if step else "",
            lamp=lamp(due, soon, paused, met, provisional=bool(provisional)),
            key=pk,
        )


def masked_titles(rows: Sequence[InboxRow]) -> dict[object, str]:
    """The titles of these cases with the names of citizens masked."""
    titles: dict[object, str] = {row.key: row.title for row in rows}
    people = Party.objects.filter(dispute__in=list(titles), kind=PartyKind.PERSON)
    for key, name in people.values_list("dispute_id", "name"):
        titles[key] = titles[key].replace(name, mask_name(name))
    return titles


def follow_up_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Calls after a case that are due, for the follow-up people of the district; never of a case that one has mediated."""
    clerks = {organisation for role, organisation in user.scope.posts if role == Role.CLERK}
    if not clerks:
        return
    mediated = TeamMember.objects.filter(user=user, seat__in=MEDIATING_SEATS).values("dispute")
    rows = list(
        FollowUp.objects.filter(kind="dispute", done_at=None, district__in=clerks, due_on__lte=timezone.localdate())
        .exclude(case_id__in=mediated)
        .order_by("due_on", "pk")[:most]
    )
    cases = Dispute.objects.visible_to(user).in_bulk([row.case_id for row in rows])
    for row in rows:
        if case := cases.get(row.case_id):
            yield InboxRow(
                kind="followup",
                kind_label=_("案后回访"),
                icon="telephone",
                number=case.number,
                title=case.title,
                url=reverse("disputes:dispute", args=[case.pk]),
                urgency=case.urgency,
                place="",
                step=_("案后回访"),
                lamp=lamp(row.due_on, row.due_on, None, None),
            )


# --- the board


# What a lane of the board holds; what has come to its end this month stands in the last.
LANES: tuple[tuple[str, Text, frozenset[str], Text], ...] = (
    ("intake", gettext_lazy("登记征询"), frozenset({S.REGISTERED, S.CONSENT_PENDING}), gettext_lazy("3 个工作日")),
    ("accepted", pgettext_lazy("争议状态", "已受理"), frozenset({S.ACCEPTED}), gettext_lazy("待指派")),
    ("talks", gettext_lazy("调解中"), frozenset({S.MEDIATING, S.SUSPENDED}), gettext_lazy("按时限规则")),
    ("agreed", gettext_lazy("待签章生效"), frozenset({S.AGREED}), gettext_lazy("四方签章")),
    ("fulfilment", gettext_lazy("履行中"), frozenset({S.EFFECTIVE, S.BREACHED}), gettext_lazy("看最近一期")),
    ("over", gettext_lazy("待归档"), OVER_STATES, gettext_lazy("30 日内")),
)
MOST_IN_LANE = 20


@dataclass(frozen=True)
class Lane:
    key: str
    label: Text
    note: Text
    cards: list[dict[str, Any]]
    count: int


def board(disputes: DisputeQuerySet, *, most: int = MOST_IN_LANE) -> list[Lane]:
    """The open cases in their lanes, each lane by its deadlines: three statements however many cases there are."""
    lane = Case(
        *(When(state__in=states, then=Value(key)) for key, _label, states, _note in LANES),
        output_field=CharField(),
    )  # fmt: skip
    order = [F("deadline__due_on").asc(nulls_last=True), F("pk").asc()]
    placed = (
        disputes.open()
        .annotate(lane=lane)
        .annotate(
            place=Window(RowNumber(), partition_by=[F("lane")], order_by=order),
            of_lane=Window(Count("pk"), partition_by=[F("lane")]),
        )
        .filter(place__lte=most)
        .order_by("lane", "place")
        .values(
            "pk", "lane", "of_lane", "number", "cause", "state", "state_since", "people_count", "amount_claimed",
            "mediator__name", "outcome", "is_collective", *DEADLINE_COLUMNS,
        )
    )  # fmt: skip
    rows = list(placed)
    keys = [row["pk"] for row in rows]
    names = first_names(keys)
    owed = next_owed([row["pk"] for row in rows if row["lane"] == "fulfilment"])
    found = []
    for key, label, _states, note in LANES:
        mine = [row for row in rows if row["lane"] == key]
        cards = [row | {"names": names.get(row["pk"], {}), "owed": owed.get(row["pk"])} for row in mine]
        found.append(Lane(key, label, note, cards, mine[0]["of_lane"] if mine else 0))
    return found


def first_names(keys: Sequence[Any]) -> dict[Any, dict[str, str]]:
    """{case: {side: name}} of the first applicant and the first respondent of each case."""
    found: dict[Any, dict[str, str]] = {}
    parties = Party.objects.filter(dispute__in=keys, position=1).values_list("dispute", "side", "name")
    for dispute, side, name in parties:
        found.setdefault(dispute, {})[side] = name
    return found


def next_owed(keys: Sequence[Any]) -> dict[Any, Obligation]:
    """{case: what is to be performed next, ``together`` to everybody who is owed it that day} of agreements in force."""
    if not keys:
        return {}
    waiting = (
        Obligation.objects.waiting()
        .filter(agreement__dispute__in=keys)
        .annotate(together=Window(Sum("amount"), partition_by=["agreement__dispute_id", "due_on", "what"]))
        .order_by("agreement__dispute_id", "due_on", "position")
        .distinct("agreement__dispute_id")
        .select_related("agreement")
    )
    return {obligation.agreement.dispute_id: obligation for obligation in waiting}


def load_of(disputes: DisputeQuerySet, today: datetime.date | None = None) -> dict[str, Any]:
    """How much is on hand: cases, overdue ones, people and money, in one statement."""
    late = Q(deadline__due_on__lt=today or timezone.localdate(), deadline__met_on=None, deadline__paused_on=None)
    return disputes.open().aggregate(
        cases=Count("pk"), late=Count("pk", filter=late), people=Sum("people_count"), money=Sum("amount_claimed")
    )


def sums_of(disputes: DisputeQuerySet) -> dict[str, Any]:
    """People and money of cases, in one statement."""
    return disputes.aggregate(people=Sum("people_count"), money=Sum("amount_claimed"))


# --- earlier cases of the same people


def earlier_of(
    user: User, *, identities: Iterable[str] = (), phones: Iterable[str] = (), people: Iterable[Any] = (),
    pairs: Iterable[tuple[str, str]] = (), but: Any = None, most: int = 5,
) -> QuerySet[Dispute]:  # fmt: skip
    """Cases that this person may see in which the same worker stood.

    The same is whoever has the same identity number or telephone (by their keyed hashes), stands in the directory as the
    same person, or bears the same name against an employer of the same name; ``pairs`` are (worker, employer). The
    parties are asked first, by their indexes: of so many cases of a district the same worker stood in a handful.
    """
    same = Q(pk__in=[])
    if hashes := [value for value in identities if value]:
        same |= Q(identity_hash__in=hashes)
    if numbers := [value for value in phones if value]:
        same |= Q(phone_hash__in=numbers)
    if known := [value for value in people if value]:
        same |= Q(person__in=known)
    for worker, employer in pairs:
        against = Party.objects.filter(dispute=OuterRef("dispute"), side=Side.RESPONDENT, name=employer)
        same |= Q(side=Side.APPLICANT, name=worker) & Q(Exists(against))
    stood = Party.objects.filter(same).exclude(dispute=but).values("dispute")
    return Dispute.objects.visible_to(user).filter(pk__in=stood).order_by("-registered_at", "-pk")[:most]


def earlier_cases(user: User, **wanted: Any) -> list[Dispute]:
    return list(earlier_of(user, **wanted))


def cases_against(user: User, enterprise: Any, *, since: datetime.datetime, but: Any = None) -> QuerySet[Dispute, Any]:
    """The keys of the cases against the same employer that this person may see since then."""
    against = Party.objects.filter(side=Side.RESPONDENT, enterprise=enterprise).exclude(dispute=but).values("dispute")
    return Dispute.objects.visible_to(user).filter(pk__in=against, registered_at__gte=since).values_list("pk")


def of_employer(user: User, enterprise: Any, *, since: datetime.datetime, but: Any = None) -> int:
    """How many cases against the same employer this person may see since then."""
    return int(cases_against(user, enterprise, since=since, but=but).count())


def cause_label(cause: str) -> str:
    return str(Cause(cause).label)
