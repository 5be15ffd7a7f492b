"""The days of a mediation centre: who meets whom when, what is due, who carries how much, who should stand back."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.joining import labelled
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation, Posting, User

from .enums import END_STATES, MEDIATING_SEATS, OVER_STATES, DisputeState
from .models import Appointment, Dispute, Duty, Interest, Obligation, Party, TeamMember
from .policies import concerns

S = DisputeState
# Cases that a mediator carries.
CARRIED = (S.MEDIATING, S.SUSPENDED, S.AGREED, S.EFFECTIVE, S.BREACHED)
WEEK = datetime.timedelta(days=7)
MOST_ROWS = 50
# What a calendar still reads of the past.
FEED_BACK = datetime.timedelta(days=30)


def centres_of(user: User) -> list[Organisation]:
    """The centres of a person's posts; of whoever sees the whole district, all of its centres."""
    scope = user.scope
    found = Organisation.objects.filter(kind=OrganisationKind.MEDIATION_CENTRE).filter(
        Q(pk__in=scope.departments) | Q(district__in=scope.districts)
    )
    return list(found.order_by("name", "pk"))


def next_duty(user: User) -> Duty | None:
    """When somebody of a partner sits in a centre next: they have no desk there that would say so."""
    if not user.scope.has(Role.PARTNER):
        return None
    return Duty.objects.standing().filter(user=user, day__gte=timezone.localdate()).order_by("day", "part").first()


def check_enters_desk(user: User) -> list[Organisation]:
    """The desk is for the people of a centre and for those who see the whole district."""
    found = centres_of(user)
    if not found:
        raise NotAllowed(_("调解工作台由调解中心的人员和能看全区的人使用。"))
    return found


def check_heads_centre(user: User) -> list[Organisation]:
    """Load and conflicts are seen by the head of a centre and by those who see the whole district."""
    scope = user.scope
    found = [
        centre
        for centre in centres_of(user)
        if scope.holds(Role.HEAD, centre.pk) or centre.district_id in scope.districts
    ]
    if not found:
        raise NotAllowed(_("中心的负荷和回避由中心负责人和能看全区的人查看。"))
    return found


class Day(NamedTuple):
    on: datetime.date
    mine: Sequence[Appointment]
    others: Sequence[Appointment]


def day_of(user: User, centres: Collection[Organisation], on: datetime.date) -> Day:
    """The appointments of a day, one's own apart; one query."""
    found = appointments_on(user, centres, on)
    return Day(
        on, [row for row in found if row.mediator_id == user.pk], [row for row in found if row.mediator_id != user.pk]
    )


def appointments_on(user: User, centres: Collection[Organisation], on: datetime.date) -> list[Appointment]:
    first = timezone.make_aware(datetime.datetime.combine(on, datetime.time.min))
    return list(
        Appointment.objects.visible_to(user)
        .standing()
        .filter(starts_at__gte=first, starts_at__lt=first + datetime.timedelta(days=1))
        .filter(Q(room__organisation__in=centres) | Q(mediator=user))
        .select_related("dispute", "room", "mediator")
        .order_by("starts_at", "room__name")
    )


def carried_by(user: User) -> list[Dispute]:
    """What a mediator has on the table, the nearest deadline first."""
    return list(
        Dispute.objects.visible_to(user)
        .filter(mediator=user, state__in=CARRIED)
        .select_related("deadline")
        .order_by("deadline__due_on", "registered_at", "pk")[:MOST_ROWS]
    )


class Owed(NamedTuple):
    """What one party owes by a day under one name: to one creditor, or to each of the ``times`` claimants of a list."""

    case: str
    number: str
    debtor: str
    what: str
    due_on: datetime.date
    times: int
    amount: Decimal | None


def obligations_due(user: User, today: datetime.date) -> list[Owed]:
    """What the parties owe one another until the end of the coming week, in the cases that a person mediates."""
    rows = (
        Obligation.objects.visible_to(user)
        .waiting()
        .filter(agreement__dispute__mediator=user, due_on__lte=today + WEEK)
        .order_by("due_on", "agreement", "what")
        .values_list("agreement__dispute", "agreement__dispute__number", "debtor__name", "what", "due_on")
        .annotate(count=Count("pk"), sum=Sum("amount"))
    )
    return [Owed(*row) for row in rows[:MOST_ROWS]]


class Load(NamedTuple):
    user: User
    carried: int
    overdue: int
    meetings: int


def load_of(centres: Collection[Organisation], today: datetime.date) -> list[Load]:
    """How much each mediator of the centres carries; three queries, however many there are."""
    posts = Posting.objects.on(today).filter(organisation__in=centres, role__in=[Role.MEDIATOR, Role.HEAD])
    people = User.objects.filter(is_active=True, pk__in=posts.values("user")).order_by("name", "pk")
    cases = dict[int, tuple[int, int]]()
    counted = (
        Dispute.objects.filter(organisation__in=centres, state__in=CARRIED)
        .order_by()
        .values("mediator")
        .annotate(
            all=Count("pk"),
            late=Count("pk", filter=Q(deadline__due_on__lt=today, deadline__met_on=None, deadline__paused_on=None)),
        )
    )
    for row in counted:
        cases[row["mediator"]] = row["all"], row["late"]
    since = timezone.make_aware(datetime.datetime.combine(today, datetime.time.min))
    meetings = dict(
        Appointment.objects.standing()
        .filter(room__organisation__in=centres, starts_at__gte=since, starts_at__lt=since + WEEK)
        .order_by()
        .values_list("mediator")
        .annotate(Count("pk"))
    )
    found = [Load(user, *cases.get(user.pk, (0, 0)), meetings.get(user.pk, 0)) for user in people]
    return sorted(found, key=lambda load: (-load.carried, -load.overdue))


def overdue_in(user: User, centres: Collection[Organisation], today: datetime.date) -> list[Dispute]:
    """Cases whose clock has run out, the longest first."""
    return list(
        Dispute.objects.visible_to(user)
        .filter(organisation__in=centres, deadline__due_on__lt=today, deadline__met_on=None, deadline__paused_on=None)
        .exclude(state__in=END_STATES)
        .select_related("deadline", "mediator")
        .order_by("deadline__due_on", "pk")[:MOST_ROWS]
    )


def unassigned_in(user: User, centres: Collection[Organisation]) -> list[Dispute]:
    """Accepted, and nobody mediates yet."""
    return list(
        Dispute.objects.visible_to(user)
        .filter(organisation__in=centres, state=S.ACCEPTED)
        .select_related("deadline")
        .order_by("deadline__due_on", "pk")[:MOST_ROWS]
    )


class Conflict(NamedTuple):
    dispute: Dispute
    mediator: User
    reason: str


def conflicts_in(user: User, centres: Collection[Organisation], today: datetime.date) -> list[Conflict]:
    """Mediators of open cases who have since declared an interest in one of the parties; three queries."""
    seats = list(
        TeamMember.objects.on(today)
        .filter(ended_at=None, seat__in=MEDIATING_SEATS, dispute__organisation__in=centres)
        .filter(dispute__in=Dispute.objects.visible_to(user))
        .exclude(dispute__state__in=[*OVER_STATES, *END_STATES])
        .filter(user__interests__isnull=False)
        .select_related("dispute", "user")
        .distinct()
    )
    interests = defaultdict[int, list[Interest]](list)
    valid = Interest.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=today), user__in={seat.user_id for seat in seats}
    )
    for interest in valid:
        interests[interest.user_id].append(interest)
    parties = defaultdict[object, list[Party]](list)
    for party in Party.objects.filter(dispute__in={seat.dispute_id for seat in seats}):
        parties[party.dispute_id].append(party)
    return [
        Conflict(seat.dispute, seat.user, labelled(interest.get_kind_display(), party.name))
        for seat in seats
        for interest in interests[seat.user_id]
        for party in parties[seat.dispute_id]
        if concerns(interest, party)
    ]


def feed_rows(user: User, now: datetime.datetime) -> list[Appointment]:
    """What the calendar of a person reads: own appointments from a month back on, those that were called off as well."""
    return list(
        Appointment.objects.visible_to(user)
        .filter(mediator=user, starts_at__gte=now - FEED_BACK)
        .select_related("dispute", "room__organisation")
        .order_by("starts_at", "pk")
    )
