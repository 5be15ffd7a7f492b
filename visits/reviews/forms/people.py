"""Colleagues to choose from: authors and reviewers."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from unionops.org.models import Posting

from ...forms.visits import Colleague
from ..enums import SUBMITTING_ROLES


def colleagues(district_id: int) -> list[Colleague]:
    """Whoever works on cases in the district today, each once with the places of their postings."""
    rows = (
        Posting.objects.on(timezone.localdate())
        .filter(Q(organisation__district=district_id) | Q(organisation=district_id))
        .filter(role__in=SUBMITTING_ROLES, user__is_active=True)
        .order_by("user__pinyin", "user", "organisation__path")
        .values_list(
            "user", "user__name", "user__pinyin", "user__initials", "organisation__short_name", "organisation__name"
        )
    )
    found: dict[int, Colleague] = {}
    for pk, name, pinyin, initials, short, long in rows:
        place = short or long
        known = found.get(pk)
        if known is None:
            found[pk] = Colleague(pk, name, place, f"{initials} {pinyin.replace(' ', '')} {pinyin}".lower())
        elif place not in known.place.split(" "):
            found[pk] = known._replace(place=f"{known.place} {place}")
    return list(found.values())
