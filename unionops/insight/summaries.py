"""What the rollups say of one organisation and of those directly below it; nothing here reads a raw row.

Whoever leads an upper union reads figures of everything below it this way, and cases of none of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet
from django.db.models.fields import BooleanField
from django.utils.translation import gettext as _

from unionops.org.enums import DISTRICT_WIDE, ROOT_KINDS, TOWN_ROLES, OrganisationKind
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation, User

from .figures import HUNDREDTH
from .rollups import Spec, specs

# Weeks in three years: what one answer holds at most.
MOST_PERIODS = 160
MOST_BELOW = 200


@dataclass(frozen=True)
class Summary:
    """The measures of one organisation in one period."""

    organisation_id: int
    starts_on: datetime.date
    counts: Mapping[str, int]

    def rate(self, spec: Spec, code: str) -> Decimal | None:
        """Per cent with two decimals; None where there is nothing to divide by."""
        part, whole = spec.rates[code]
        if not self.counts[whole]:
            return None
        return (Decimal(self.counts[part]) * 100 / self.counts[whole]).quantize(HUNDREDTH, ROUND_HALF_UP)


def places(user: User) -> QuerySet[Organisation]:
    """The towns, districts and upper unions whose rollups this person may read: one's own, and all below a union that one leads."""
    scope = user.scope
    if not scope.has(*DISTRICT_WIDE, *TOWN_ROLES):
        raise NotAllowed(_("您的岗位没有看板。"), next_step=_("领导、驻联干部、镇街和科室可以看各自范围内的数。"))
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
    return min(user.scope.districts or user.scope.towns)


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
    children = Organisation.objects.filter(
        parent=organisation_id, kind__in={*ROOT_KINDS, OrganisationKind.TOWN}
    ).values("pk")
    wanted = {"organisation__in": children, "grain": grain, "starts_on": starts_on}
    return _read(wanted, ["organisation"], MOST_BELOW)


def _read(wanted: Mapping[str, Any], order: Sequence[str], most: int) -> list[Summary]:
    counts: dict[tuple[int, datetime.date], dict[str, int]] = {}
    for spec in specs():
        rows = spec.rollup._default_manager.filter(**wanted).order_by(*order)
        for organisation, starts_on, *values in rows.values_list("organisation", "starts_on", *spec.measures)[:most]:
            counts.setdefault((organisation, starts_on), {}).update(zip(spec.measures, values, strict=True))
    blank = {measure: 0 for spec in specs() for measure in spec.measures}
    return [Summary(place, start, {**blank, **found}) for (place, start), found in counts.items()]
