"""Reads of the quarterly analysis: who owes a reflection, which papers a quarter has, what waits in an inbox."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.deadlines import NO_LAMP, lamp
from unionops.casework.enums import Urgency
from unionops.casework.inbox import InboxRow
from unionops.casework.waiting import ME
from unionops.insight.periods import Period
from unionops.org.enums import Role
from unionops.org.models import Organisation, Posting, User

from .enums import ANALYSIS_TRANSITIONS, DRAFT_STATES, AnalysisState, ReflectionState
from .models import Analysis, Reflection
from .quarters import HAND_IN_DAYS, hand_in_by, last_quarter, quarter_of


class Officer(NamedTuple):
    """A cadre who owes a reflection, and the towns served in the quarter."""

    id: int
    name: str
    towns: tuple[str, ...]
    town_ids: frozenset[int]


def officers_of(district_id: int, quarter: Period) -> list[Officer]:
    """Whoever was stationed in a town of the district on the last day of the quarter, in the order of the names."""
    posts = (
        Posting.objects.on(quarter.last)
        .filter(role=Role.LIAISON, organisation__district=district_id, user__is_active=True)
        .order_by("user__pinyin", "user", "organisation__path")
        .values_list("user", "user__name", "organisation", "organisation__short_name", "organisation__name")
    )
    found: dict[int, Officer] = {}
    for pk, name, town_id, short, full in posts:
        before = found.get(pk)
        towns, ids = (before.towns, before.town_ids) if before else ((), frozenset())
        found[pk] = Officer(pk, name, (*towns, short or full), ids | {town_id})
    return list(found.values())


def reflections_of(district_id: int, quarter: Period) -> QuerySet[Reflection]:
    """What has been handed in for a quarter."""
    found: QuerySet[Reflection] = Reflection.objects.of_quarter(quarter).handed_in().filter(district=district_id)
    return found.select_related("author").order_by("closed_at", "pk")


def towns_of(district_id: int, quarter: Period) -> QuerySet[Organisation]:
    """The towns that the district had at the end of the quarter."""
    return Organisation.objects.towns().filter(district=district_id).valid_on(quarter.last).order_by("path")


def is_signed(district_id: int, quarter: Period) -> bool:
    """Whether the analysis of the whole district for the quarter is signed."""
    return bool(Analysis.objects.of_quarter(quarter).filter(subject=district_id, state=AnalysisState.SIGNED).exists())


# --- inbox


def analysis_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """Papers that wait for this person; what is still to be drafted is one row for each quarter, not eighteen."""
    mine = Analysis.objects.in_hands_of(user)
    waiting = mine.exclude(state=AnalysisState.DRAFT).order_by("-starts_on", "subject__path")
    for pk, number, title, state, place in waiting.values_list("pk", "number", "title", "state", "subject__name")[
        :most
    ]:
        usual = next(found for found in ANALYSIS_TRANSITIONS.values() if state in found.sources and found.usual)
        yield InboxRow(
            kind="analysis",
            kind_label=_("季分析"),
            icon="clipboard-data",
            number=number,
            title=title,
            url=reverse("analyses:analysis", args=[pk]),
            urgency=Urgency.NORMAL,
            place=place,
            step=usual.label if state in DRAFT_STATES else _("审签"),
            lamp=NO_LAMP,
            back=_("退回修改") if state == AnalysisState.RETURNED else "",
        )
    drafts = mine.filter(state=AnalysisState.DRAFT).values("starts_on").annotate(n=Count("pk"), first=Min("number"))
    for row in drafts.order_by("-starts_on")[:most]:
        quarter = quarter_of(row["starts_on"])
        yield InboxRow(
            kind="analysis",
            kind_label=_("季分析"),
            icon="clipboard-data",
            number=row["first"],
            title=_("%(quarter)s的季分析还有 %(n)d 份在起草") % {"quarter": quarter.label, "n": row["n"]},
            url=f"{reverse('analyses:analyses')}?period={quarter.code}",
            urgency=Urgency.NORMAL,
            place="",
            step=_("起草"),
            lamp=NO_LAMP,
        )


def reflection_inbox(user: User, most: int) -> Iterable[InboxRow]:
    """What came back."""
    back = Reflection.objects.filter(author=user, state=ReflectionState.RETURNED, district__in=user.scope.member_of)
    for pk, number, title in back.order_by("-starts_on").values_list("pk", "number", "title")[:most]:
        yield _reflection_row(
            number, title, reverse("analyses:reflection_edit", args=[pk]), lamp=NO_LAMP, back=_("退回修改")
        )


def reflections_returned() -> Iterable[QuerySet[Reflection]]:
    return (Reflection.objects.filter(author=ME, state=ReflectionState.RETURNED),)


def reflection_due_inbox(user: User, most: int, today: datetime.date | None = None) -> Iterable[InboxRow]:
    """Within the first working days after a quarter, the one that is still to be handed in."""
    today = today or timezone.localdate()
    quarter = last_quarter(today)
    # Two natural days for a working day and a fortnight of holidays are more than enough: else the calendar is not read.
    if not user.scope.has(Role.LIAISON) or (today - quarter.last).days > 2 * HAND_IN_DAYS + 14:
        return
    due = hand_in_by(quarter)
    if today > due or _on_leave(user, today):
        return
    districts = {
        district
        for district in user.scope.member_of
        if any(officer.id == user.pk for officer in officers_of(district, quarter))
    }
    written = Reflection.objects.of_quarter(quarter).filter(author=user, district__in=districts)
    states = {reflection.district_id: reflection for reflection in written}
    for district in sorted(districts):
        known = states.get(district)
        if known is not None and known.state != ReflectionState.DRAFT:
            continue
        url = (
            reverse("analyses:reflection_edit", args=[known.pk])
            if known
            else f"{reverse('analyses:reflection_new')}?period={quarter.code}"
        )
        title = known.title if known and known.title else _("%(quarter)s调研心得") % {"quarter": quarter.label}
        yield _reflection_row(
            known.number if known else quarter.code, title, url, lamp=lamp(due, due, None, None, today=today)
        )


def _reflection_row(number: str, title: str, url: str, **more: object) -> InboxRow:
    return InboxRow(
        kind="reflection",
        kind_label=_("调研心得"),
        icon="journal-text",
        number=number,
        title=title,
        url=url,
        urgency=Urgency.NORMAL,
        place="",
        step=_("交心得"),
        **more,  # type: ignore[arg-type]
    )


def _on_leave(user: User, today: datetime.date) -> bool:
    return user.leaves.filter(starts_on__lte=today, ends_on__gte=today).exists()


def missing_by_town(officers: Iterable[Officer], handed_in: set[int]) -> dict[int, int]:
    """How many reflections each town still owes."""
    found: dict[int, int] = {}
    for officer in officers:
        if officer.id not in handed_in:
            for town in officer.town_ids:
                found[town] = found.get(town, 0) + 1
    return found


def quarters_with_papers(user: User) -> list[Period]:
    """The quarters of which this person may read a paper, the newest first."""
    days = Analysis.objects.visible_to(user).order_by("-starts_on").values_list("starts_on", flat=True).distinct()
    return [quarter_of(day) for day in days]
