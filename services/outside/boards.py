"""What a programme shows everybody of its approved projects: the goals of unions and firms, never anything of a person (domain C21)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from ..claims.enums import COMMITTED
from ..claims.models import Claim
from ..enums import Applicant, Shape
from ..extra import words
from ..models import Programme
from ..shapes import OWN, kind_for

# The newest of each programme.
MOST = 50


def programmes() -> QuerySet[Programme]:
    """Those of which the administrator has said what everybody may read."""
    found = Programme.objects.running().filter(shape=Shape.CLAIM, is_confidential=False, public_fields__len__gt=0)
    return found.order_by("group", "name")


def boards() -> Iterator[dict[str, Any]]:
    """Each programme with its projects; a programme without any is left out."""
    for programme in programmes():
        rows = Claim.objects.filter(
            programme=programme, state__in=COMMITTED, applicant_kind__in=(Applicant.UNION, Applicant.ENTERPRISE)
        ).select_related("town")[:MOST]
        told = kind_for(Shape.CLAIM).published(programme)
        shown = [extra for extra in programme.extras if f"{OWN}{extra.key}" in told]
        if shown and (lines := [_row(programme, row, shown) for row in rows]):
            yield {"programme": programme, "rows": lines}


def _row(programme: Programme, row: Claim, shown: list[Any]) -> dict[str, Any]:
    row.programme = programme
    return {
        "name": row.applicant_name, "town": row.town.short_name if row.town else "", "state": row.state_words, "year": row.registered_at.year,
        "fields": [(extra.label, words(extra, row.details[extra.key])) for extra in shown if row.details.get(extra.key) not in (None, "", [])],
    }  # fmt: skip
