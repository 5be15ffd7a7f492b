"""What the rollups say of one organisation and of those directly below it; nothing here reads a raw row.

Whoever leads an upper union reads figures of everything below it this way, and cases of none of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.fields import BooleanField
from django.utils.translation import gettext as _

from unionops import prepared
from unionops.org.enums import DISTRICT_WIDE, ROOT_KINDS, TOWN_ROLES, OrganisationKind
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation, User

from .rollups import Spec, literal, specs

# Weeks in three years: what one answer holds at most.
MOST_PERIODS = 160
MOST_BELOW = 200
BELOW_KINDS = (*ROOT_KINDS, OrganisationKind.TOWN)

# (organisation, first day) -> measure -> number
Counts = dict[tuple[int, datetime.date], dict[str, int]]


class Summary(NamedTuple):
    """The measures of one organisation in one period."""

    organisation_id: int
    starts_on: datetime.date
    counts: Mapping[str, int]

    def rates(self, wanted: Iterable[tuple[str, str, str]]) -> dict[str, str | None]:
        """Per cent with two decimals by code, of (code, part, whole); None where there is nothing to divide by."""
        found: dict[str, str | None] = {}
        for code, part, whole in wanted:
            if of := self.counts[whole]:
                # Half a hundredth goes up. Whole numbers, and no Decimal of them: a dashboard has a hundred rates.
                hundredths = (self.counts[part] * 20_000 + of) // (2 * of)
                found[code] = f"{hundredths // 100}.{hundredths % 100:02d}"
            else:
                found[code] = None
        return found


def rates() -> list[tuple[str, str, str]]:
    """(code, part, whole) of every rate of the rollups."""
    return [(code, *measures) for spec in specs() for code, measures in spec.rates.items()]


def _posted(user: User) -> frozenset[int]:
    """The unions whose rollups are this person's own: those that one leads, and one's towns."""
    scope = user.scope
    if not scope.has(*DISTRICT_WIDE, *TOWN_ROLES):
        raise NotAllowed(_("您的岗位没有看板。"), next_step=_("领导、驻联干部、镇街和科室可以看各自范围内的数。"))
    return scope.districts | scope.towns


def places(user: User) -> QuerySet[Organisation]:
    """The towns, districts and upper unions whose rollups this person may read: one's own, and all below a union that one leads."""
    _posted(user)
    scope = user.scope
    led = Organisation.objects.filter(pk__in=scope.districts).annotate(
        holds=Func(OuterRef("path"), F("path"), function="starts_with", output_field=BooleanField())
    )
    return Organisation.objects.filter(
        Q(pk__in=scope.towns) | Exists(led.filter(holds=True)), kind__in={*ROOT_KINDS, OrganisationKind.TOWN}
    )


def leads_upper(user: User) -> bool:
    """Whether the person leads a union above the districts, and no district."""
    led = set(Organisation.objects.filter(pk__in=user.scope.districts).values_list("kind", flat=True))
    return led == {OrganisationKind.UPPER}


def home_of(user: User) -> int:
    """Where one begins to read: the union that one leads, else the first of one's towns."""
    return min(user.scope.districts or _posted(user))


def may_read(user: User, organisation_id: int) -> bool:
    """Whether these rollups are among one's `places`; where one is posted nobody needs to look up the tree."""
    return organisation_id in _posted(user) or places(user).filter(pk=organisation_id).exists()


def read(
    organisation_id: int, grain: str, since: datetime.date | None = None, until: datetime.date | None = None
) -> tuple[list[Summary], list[Summary]]:
    """The newest periods of an organisation that begin within these days, the oldest first, and the last of them below it.

    One statement for each rollup, written by hand and prepared: it is the data of a dashboard, and to build it anew took
    longer than to run it.
    """
    # Bounds in any case: what may be left out is no range of the index to a plan that is made once for all days.
    since, until = since or datetime.date.min, until or datetime.date.max
    asked: dict[str, Any] = {"place": organisation_id, "grain": grain, "since": since, "until": until}
    counts: Counts = {}
    for spec in specs():
        _gather(counts, spec, prepared.read(_dashboard(spec), asked))
    found = _summaries(counts)
    mine = sorted((one for one in found if one.organisation_id == organisation_id), key=lambda one: one.starts_on)
    newest = mine[-1].starts_on if mine else None
    return mine, [one for one in found if one.organisation_id != organisation_id and one.starts_on == newest]


@cache
def _dashboard(spec: Spec) -> str:
    """SQL of the periods of a place, and of the newest of them below it."""
    measures = ", ".join(f"k.{measure}" for measure in spec.measures)
    columns = (
        f"k.organisation_id, k.starts_on, {measures} FROM {spec.rollup._meta.db_table} k WHERE k.grain = %(grain)s"
    )
    return (
        f"WITH own AS (SELECT {columns} AND k.organisation_id = %(place)s"
        " AND k.starts_on BETWEEN %(since)s::date AND %(until)s::date"
        f" ORDER BY k.starts_on DESC LIMIT {MOST_PERIODS})"
        # An array, not a join: one search of the index gives what stands below, whichever kinds there are.
        f" SELECT * FROM own UNION ALL (SELECT {columns} AND k.organisation_id = ANY (ARRAY(SELECT id FROM org_organisation"
        f"  WHERE parent_id = %(place)s AND kind IN ({literal(BELOW_KINDS)})))"
        f" AND k.starts_on = (SELECT max(starts_on) FROM own) ORDER BY k.organisation_id LIMIT {MOST_BELOW})"
    )


def series(
    organisation_id: int, grain: str, since: datetime.date | None = None, until: datetime.date | None = None
) -> list[Summary]:
    """The newest periods of an organisation that begin within these days, the oldest first."""
    wanted: dict[str, Any] = {"organisation": organisation_id, "grain": grain}
    if since:
        wanted["starts_on__gte"] = since
    if until:
        wanted["starts_on__lte"] = until
    return _read(wanted, ["-starts_on"], MOST_PERIODS)[::-1]


def below(organisation_id: int, grain: str, starts_on: datetime.date) -> list[Summary]:
    """One period of everything directly below an organisation, in the order of the tree."""
    children = Organisation.objects.filter(parent=organisation_id, kind__in=BELOW_KINDS).values("pk")
    wanted = {"organisation__in": children, "grain": grain, "starts_on": starts_on}
    return _read(wanted, ["organisation"], MOST_BELOW)


def _read(wanted: Mapping[str, Any], order: Sequence[str], most: int) -> list[Summary]:
    counts: Counts = {}
    for spec in specs():
        rows = spec.rollup._default_manager.filter(**wanted).order_by(*order)
        _gather(counts, spec, rows.values_list("organisation", "starts_on", *spec.measures)[:most])
    return _summaries(counts)


def _gather(counts: Counts, spec: Spec, rows: Iterable[Sequence[Any]]) -> None:
    """Put what a rollup says beside what others say of the same place and period, in the order in which they come."""
    measures = spec.measures
    for row in rows:
        told = dict(zip(measures, row[2:], strict=True))
        if (before := counts.setdefault((row[0], row[1]), told)) is not told:
            before.update(told)


def _summaries(counts: Counts) -> list[Summary]:
    blank = {measure: 0 for spec in specs() for measure in spec.measures}
    return [
        Summary(place, start, found if len(found) == len(blank) else blank | found)
        for (place, start), found in counts.items()
    ]
