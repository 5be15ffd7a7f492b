"""Reads about activities: what the public sees, the ranking, the result of a ballot, the progress of a team."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.utils import timezone

from unionops.org.models import Organisation

from ..shapes import kind_of_case, own_facts
from .enums import SEATED, ActivityState, EnrolmentState, Grade
from .models import Activity, Enrolment, Poll, Speaker, Tally, Team

# Of fewer ballots one could guess whose they are.
FEWEST_BALLOTS = 3
PUBLIC_STATES = frozenset({ActivityState.OPEN, ActivityState.FULL, ActivityState.RUNNING})


def numbers(activity: Activity) -> dict[str, int]:
    """How many are in, wait, and are to be looked at: one statement."""
    found: dict[str, int] = activity.enrolments.aggregate(
        seated=Count("pk", filter=Q(state__in=SEATED)),
        waiting=Count("pk", filter=Q(state=EnrolmentState.WAITING)),
        asked=Count("pk", filter=Q(state__in=(EnrolmentState.APPLIED, EnrolmentState.QUALIFIED))),
        all=Count("pk"),
    )
    return found


def ranks(activity: Activity) -> dict[Any, int]:
    """{enrolment: its place on the waiting list}, 1 is the next to move up."""
    waiting = Enrolment.objects.filter(activity=activity).queue().values_list("pk", flat=True)
    return {pk: rank for rank, pk in enumerate(waiting, 1)}


def public_face(activity: Activity) -> dict[str, Any] | None:
    """What anybody may read of an activity once it is published: no names, no money; None before and after."""
    if activity.state not in PUBLIC_STATES:
        return None
    counted = numbers(activity)
    programme = activity.programme
    told = kind_of_case(activity).published(programme)
    face = {
        "title": activity.title, "organiser": activity.applicant_name, "starts_on": activity.starts_on,
        "ends_on": activity.ends_on, "venue": activity.venue, "target": activity.target, "description": activity.description,
        "capacity": activity.capacity, "places_left": max(activity.capacity - counted["seated"], 0) if activity.capacity else None,
        "waiting": counted["waiting"], "enrol_until": activity.enrol_until, "priority_groups": activity.priority_groups,
        "is_drawn": activity.is_drawn, "commitment": activity.commitment if activity.is_drawn else "",
        "seed": activity.seed if activity.drawn_at else "",
        "sessions": [
            {"held_on": one.held_on, "starts_at": one.starts_at, "ends_at": one.ends_at, "place": one.place, "topic": one.topic}
            for one in activity.sessions.all()
        ],
        "own": own_facts(activity),
    }  # fmt: skip
    for key, (parts, nothing) in KEPT_BACK.items():
        if key not in told:
            face.update(dict.fromkeys(parts, nothing))
    return face


# What goes with each thing that a programme may keep back.
KEPT_BACK: dict[str, tuple[tuple[str, ...], Any]] = {
    "target": (("target",), ""), "description": (("description",), ""), "capacity": (("capacity", "places_left", "waiting"), None),
    "priority_groups": (("priority_groups",), ()), "sessions": (("sessions",), ()),
}  # fmt: skip


def opinion(activity: Activity) -> dict[str, Any]:
    found = activity.feedback.aggregate(count=Count("pk"), mean=Avg("score"), good=Count("pk", filter=Q(score__gte=4)))
    mean = found["mean"]
    return {**found, "mean": f"{Decimal(mean):.2f}" if mean is not None else ""}


def ranking(activity: Activity) -> list[dict[str, Any]]:
    """Entries of each event by the mean of their judges; who has the same points has the same place."""
    entries = activity.entries.annotate(mean=Avg("scores__points"), judges=Count("scores")).order_by(
        "event", "-mean", "pk"
    )
    found: list[dict[str, Any]] = []
    for entry in sorted(entries, key=lambda one: (one.event, -(one.mean or -1), one.pk)):
        before = found[-1] if found and found[-1]["event"] == entry.event else None
        place = before["place"] + before["tied"] if before else 1
        tied = 1
        if before and before["mean"] == entry.mean:
            place, tied = before["place"], before["tied"] + 1
        found.append(
            {
                "entry": entry,
                "event": entry.event,
                "mean": entry.mean,
                "judges": entry.judges,
                "place": place,
                "tied": tied,
            }
        )
    return found


def result(poll: Poll) -> dict[str, Any]:
    """Ballots given out and returned, and item × grade (domain D32); ``is_told`` once the poll is closed and its grades and
    comments are so many people's that they are nobody's."""
    issued = poll.voters.count()
    returned = poll.voters.filter(has_voted=True).count()
    cells: dict[tuple[int, str], int] = {
        (item, grade): votes
        for item, grade, votes in Tally.objects.filter(poll=poll).values_list("item", "grade", "votes")
    }
    rows = [
        {"item": item, "votes": [cells.get((at, grade), 0) for grade in Grade.values]}
        for at, item in enumerate(poll.items)
    ]
    return {
        "issued": issued, "returned": returned, "is_valid": returned * 100 >= poll.quorum * issued, "rows": rows,
        "is_closed": poll.closed_at is not None, "is_told": poll.closed_at is not None and returned >= FEWEST_BALLOTS,
        "quorum": poll.quorum, "fewest": FEWEST_BALLOTS,
    }  # fmt: skip


def comments(poll: Poll, *, counts: bool) -> list[str]:
    """What was written on the ballots: for whoever counts them, when nobody can vote any more."""
    return list(poll.comments.values_list("words", flat=True)) if counts and result(poll)["is_told"] else []


def progress(district: Organisation, year: int, trade: str = "") -> list[dict[str, Any]]:
    """Each team, or those of a trade, with its events of the year against its quota: held ones count (domain C29)."""
    held = Q(
        activities__starts_on__gte=datetime.date(year, 1, 1), activities__starts_on__lte=datetime.date(year, 12, 31),
        activities__state__in=(ActivityState.FINISHED, ActivityState.ACCOUNTED, ActivityState.ARCHIVED),
    )  # fmt: skip
    teams = Team.objects.filter(district=district, ended_at=None, **({"trade": trade} if trade else {}))
    teams = teams.annotate(held=Count("activities", filter=held))
    return [
        {"team": team, "held": team.held, "quota": team.quota, "left": max(team.quota - team.held, 0)} for team in teams
    ]


def by_turn(district: Organisation | int, now: datetime.datetime | None = None) -> QuerySet[Any]:
    """轮值: whoever spoke least this year stands first, then whoever spoke longest ago (domain C52: served by turns).

    With ``talks`` of the year, those arranged for later too; ``last`` and ``next`` are moments or None. A cancelled
    activity asks nothing of anybody.
    """
    now = now or timezone.now()
    real = ~Q(engagements__session__activity__state=ActivityState.CANCELLED)
    year = real & Q(engagements__session__held_on__year=timezone.localtime(now).year)
    return (
        Speaker.objects.filter(district=district)
        .annotate(
            talks=Count("engagements", filter=year),
            last=Max("engagements__starts", filter=real & Q(engagements__starts__lte=now)),
            next=Min("engagements__starts", filter=real & Q(engagements__starts__gt=now)),
        )
        .order_by("talks", F("last").asc(nulls_first=True), "name", "pk")
    )
