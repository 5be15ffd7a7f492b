"""Reads: the places of a map and of its list, the progress of a plan, repairs in the inbox, what is due to be inspected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from unionops.casework.deadlines import lamp
from unionops.casework.enums import Urgency
from unionops.casework.inbox import InboxRow
from unionops.casework.reference import towns
from unionops.casework.waiting import Own, among
from unionops.org.models import User

from ..models import Programme
from . import geo
from .catalogue import read_checklist, usual_checklist
from .enums import REPAIR_TRANSITIONS, SERVING, Counts, Facility, PlaceState
from .models import CheckList, CoveragePlan, Inspection, Place, PlaceQuerySet, Repair

# A map and its list show so many at most, the nearest first; nobody reads more, and neither grows with the district.
MOST_SHOWN = 100
LIST_ROWS = 50


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for: the map, its list and the public page ask with the same words."""

    text: str = ""
    town: int | None = None
    facilities: tuple[str, ...] = ()
    stars: int = 0
    open_now: bool = False
    state: str = ""
    near: geo.Point | None = None
    box: tuple[float, float, float, float] | None = None


def wanted_places(places: PlaceQuerySet, wanted: Wanted, now: datetime.datetime) -> PlaceQuerySet:
    """The places in their order: by distance where a point is named, else the newest first."""
    found = places
    if wanted.text:
        found = found.filter(Q(title__icontains=wanted.text) | Q(address__icontains=wanted.text))
    if wanted.town:
        found = found.filter(town=wanted.town)
    if wanted.facilities:
        found = found.filter(facilities__contains=list(wanted.facilities))
    if wanted.stars:
        found = found.filter(stars__gte=wanted.stars)
    # What is given up is found by asking for it.
    found = found.filter(state=wanted.state) if wanted.state else found.exclude(state=PlaceState.CLOSED)
    if wanted.open_now:
        found = found.open_at(now)
    if wanted.box:
        west, south, east, north = wanted.box
        found = found.filter(wgs_longitude__range=(west, east), wgs_latitude__range=(south, north))
    return found.nearest(wanted.near) if wanted.near else found.order_by("-registered_at", "-id")


COLUMNS = (
    "pk", "title", "state", "town__short_name", "town__name", "address", "facilities", "stars", "week", "season_from",
    "season_to", "wgs_longitude", "wgs_latitude", "public_code", "suspended_until",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A place as the map and the list show it."""

    pk: Any
    title: str
    state: str
    town: str
    address: str
    facilities: list[str]
    stars: int
    is_open: bool
    point: geo.Point | None
    metres: float | None
    code: str
    until: datetime.date | None

    @property
    def distance(self) -> str:
        if self.metres is None:
            return ""
        if self.metres < 1000:
            return _("%(n)s 米") % {"n": round(self.metres / 10) * 10}
        return _("%(n)s 公里") % {"n": f"{self.metres / 1000:.1f}"}

    @property
    def words(self) -> str:
        """Whether one can go there now."""
        if self.is_open:
            return _("开放中")
        return _("现在关门") if self.state in SERVING else str(PlaceState(self.state).label)


def shown_places(
    found: PlaceQuerySet, wanted: Wanted, now: datetime.datetime, first: int = 0, most: int = LIST_ROWS
) -> list[Shown]:
    """One statement whatever the number of places; ``most`` of them from ``first``."""
    rows = found.values_list(*COLUMNS)[first : first + most]
    return [_shown(row, wanted, now) for row in rows]


def _shown(row: tuple[Any, ...], wanted: Wanted, now: datetime.datetime) -> Shown:
    pk, title, state, short, name, address, facilities, stars, week, begin, end, east, north, code, until = row
    point = None if east is None else geo.Point(east, north)
    place = Place(state=state, week=week, season_from=begin, season_to=end)
    return Shown(
        pk=pk, title=title, state=state, town=short or name or "", address=address,
        facilities=[str(Facility(one).label) for one in Facility.values if one in facilities], stars=stars,
        is_open=place.is_open_at(now), point=point,
        metres=geo.metres_between(wanted.near, point) if wanted.near and point else None, code=code, until=until,
    )  # fmt: skip


def markers(rows: Iterable[Shown], system: str) -> list[dict[str, Any]]:
    """What the map draws, in the system of its tiles. Nothing in it is personal."""
    found = []
    for row in rows:
        if row.point is not None:
            there = geo.from_wgs84(row.point, system)
            found.append(
                {
                    "at": [round(there.latitude, 6), round(there.longitude, 6)], "title": row.title, "town": row.town,
                    "address": row.address, "open": row.is_open, "serving": row.state in SERVING, "words": row.words,
                    "key": row.code,
                }
            )  # fmt: skip
    return found


# --- upkeep


def checklist_of(programme: Programme) -> list[tuple[str, bool]]:
    """(item, is serious) of each line that an inspection of this programme looks at today."""
    return read_checklist(checklist_row(programme).items)


def checklist_row(programme: Programme) -> CheckList:
    """The programme's own list, or one with the usual items that is not stored."""
    own = CheckList.objects.filter(programme=programme).first()
    return own or CheckList(programme=programme, items=list(usual_checklist(programme.code)))


def next_inspection(place: Place) -> datetime.date | None:
    """When it is due again: counted from the last one, or from the day it opened; None where nothing is due."""
    days = place.programme.limit("inspect_days")
    since = place.inspected_on or place.opened_on
    if not days or since is None or place.state not in SERVING:
        return None
    return since + datetime.timedelta(days=int(days))


def due_for_inspection(programme: Programme, user: User, today: datetime.date) -> PlaceQuerySet:
    """The places in use that nobody has looked at for as long as the programme allows."""
    places = Place.objects.visible_to(user).filter(programme=programme).serving()
    last = today - datetime.timedelta(days=int(programme.limit("inspect_days", 90)))
    long_ago = Q(inspected_on__lte=last) | Q(inspected_on=None, opened_on__lte=last)
    return places.filter(long_ago).order_by(F("inspected_on").asc(nulls_first=True), "pk")


def open_repairs(user: User) -> QuerySet[Repair]:
    """Repairs that are in the hands of this person's department or town."""
    scope = user.scope
    mine = Q(place__organisation__in=scope.departments) | Q(place__town__in=scope.towns)
    return Repair.objects.filter(mine, district__in=scope.member_of, closed_on=None)


def repairs_waiting() -> Iterable[QuerySet[Repair]]:
    repairs = Repair.objects.filter(among("district", Own.DISTRICTS), closed_on=None)
    return repairs.filter(among("place__organisation", Own.HOUSES)), repairs.filter(among("place__town", Own.HOUSES))


def repair_inbox(user: User, most: int) -> Iterator[InboxRow]:
    rows = (
        open_repairs(user)
        .select_related("place__programme", "place__town")
        .exclude(repaired_by=user)
        .order_by("due_on", "pk")[:most]
    )
    for repair in rows:
        step = next((one for one in REPAIR_TRANSITIONS.values() if one.usual and repair.state in one.sources), None)
        yield InboxRow(
            kind="repair", kind_label=_("报修"), icon="wrench", number=repair.place.number,
            title=_("%(place)s：%(what)s") % {"place": repair.place.title, "what": repair.what},
            url=reverse("places:repair", args=[repair.pk]), urgency=Urgency.URGENT if repair.is_serious else Urgency.NORMAL,
            place=(repair.place.town.short_name or repair.place.town.name) if repair.place.town else "",
            step=step.label if step else "", lamp=lamp(repair.due_on, repair.due_on, None, None), key=repair.pk,
        )  # fmt: skip


# --- the plan


@dataclass(frozen=True)
class TownProgress:
    name: str
    serving: int
    done: int


@dataclass(frozen=True)
class Progress:
    plan: CoveragePlan
    done: int
    by_year: list[tuple[int, int]]
    towns: list[TownProgress]

    @property
    def rate(self) -> Decimal:
        """Per cent of the target with two decimals: 14 of 90 are 15.56."""
        return (Decimal(self.done) * 100 / self.plan.target).quantize(Decimal("0.01"))

    @property
    def covered(self) -> int:
        return sum(town.serving > 0 for town in self.towns)


def days_counted(plan: CoveragePlan) -> tuple[str, ...]:
    return {
        Counts.UPGRADED: ("upgraded_on",), Counts.OPENED: ("opened_on",), Counts.BOTH: ("opened_on", "upgraded_on"),
    }[Counts(plan.counts)]  # fmt: skip


def done_in(plan: CoveragePlan, year: int | None = None) -> PlaceQuerySet:
    """The places of the plan that are done, in all its years or in one; each counts once, by its first day in them."""
    first, last = (plan.from_year, plan.to_year) if year is None else (year, year)
    span = (datetime.date(first, 1, 1), datetime.date(last, 12, 31))
    hit = Q()
    for name in days_counted(plan):
        hit |= Q(**{f"{name}__range": span})
    places = Place.objects.filter(programme=plan.programme).filter(hit)
    if year is not None and year > plan.from_year:
        before = (datetime.date(plan.from_year, 1, 1), datetime.date(year - 1, 12, 31))
        for name in days_counted(plan):
            places = places.exclude(**{f"{name}__range": before})
    return places


def progress(plan: CoveragePlan) -> Progress:
    """How far the plan is, by year and by town, counted from the places themselves."""
    done = dict(done_in(plan).order_by().values_list("town").annotate(n=Count("pk")))
    serving = dict(
        Place.objects.filter(programme=plan.programme).serving().order_by().values_list("town").annotate(n=Count("pk"))
    )
    rows = [
        TownProgress(unit.short_name or unit.name, serving.get(unit.id, 0), done.get(unit.id, 0))
        for unit in towns(plan.programme.district_id)
    ]
    if serving.get(None) or done.get(None):
        rows.append(TownProgress(_("未写镇街"), serving.get(None, 0), done.get(None, 0)))
    by_year = [(year, done_in(plan, year).count()) for year in range(plan.from_year, plan.to_year + 1)]
    return Progress(plan, sum(done.values()), by_year, rows)


# --- one place


def opinion(place: Place) -> dict[str, Any]:
    """The mean of the stars that visitors gave, and how many did."""
    return dict(place.feedback.aggregate(mean=Avg("stars"), count=Count("pk")))


def served(place: Place, year: int) -> dict[str, int]:
    found = place.services.filter(on__year=year).aggregate(times=Count("pk"), people=Sum("people"))
    return {"times": found["times"], "people": found["people"] or 0}


def last_inspections(place: Place, most: int = 5) -> list[Inspection]:
    return list(place.inspections.select_related("by")[:most])


def repairs_of(place: Place, most: int = 10) -> list[Repair]:
    """The open ones first, then the latest that are done."""
    return list(place.repairs.order_by(F("closed_on").desc(nulls_first=True), "due_on", "pk")[:most])
