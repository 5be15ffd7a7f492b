"""Lists that every page needs and nobody changes on it: read once, kept in the cache, dropped when edited."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from asgiref.local import Local
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation, Posting

T = TypeVar("T")

# A change made elsewhere than through the pages (a script, a restore) is seen after this.
SECONDS = 300


# What this request has read already; outside of a request nothing is held.
_here = Local()


def _begin(**_signal: Any) -> None:
    _here.lists = {}


def _end(**_signal: Any) -> None:
    _here.lists = None


request_started.connect(_begin)
request_finished.connect(_end)


def kept(name: str, read: Callable[[], T]) -> T:
    held = getattr(_here, "lists", None)
    if held is not None and name in held:
        return held[name]
    value = cache.get(f"reference:{name}")
    if value is None:
        value = read()
        cache.set(f"reference:{name}", value, SECONDS)
    if held is not None:
        held[name] = value
    return value


def drop(*names: str) -> None:
    """Forget lists after the commit of the change to them."""

    def forget() -> None:
        cache.delete_many([f"reference:{name}" for name in names])
        for name in names:
            (getattr(_here, "lists", None) or {}).pop(name, None)

    transaction.on_commit(forget)


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    name: str
    short_name: str
    kind: str
    code: str


def units(district_id: int, *kinds: str) -> list[Unit]:
    """The organisations of a district that are valid today, in tree order."""

    def read() -> list[Unit]:
        rows = (
            Organisation.objects.filter(Q(district=district_id) | Q(pk=district_id))
            .valid_on(timezone.localdate())
            .order_by("path", "pk")
            .values_list("pk", "name", "short_name", "kind", "code")
        )
        return [Unit(*row) for row in rows]

    found = kept(f"units:{district_id}", read)
    return [unit for unit in found if not kinds or unit.kind in kinds]


def towns(district_id: int) -> list[Unit]:
    return units(district_id, OrganisationKind.TOWN)


def departments(district_id: int) -> list[Unit]:
    return units(district_id, OrganisationKind.DEPARTMENT)


def drop_units(district_id: int) -> None:
    drop(f"units:{district_id}")


class Colleague(NamedTuple):
    """Somebody to choose from a list; the keys are what one types to find them."""

    id: int
    name: str
    place: str
    keys: str


def colleagues(district_id: int, roles: Collection[str]) -> list[Colleague]:
    """Whoever holds one of the roles in the district today, by name; each once, with all places of their postings."""

    def read() -> list[Colleague]:
        rows = (
            Posting.objects.on(timezone.localdate())
            .filter(Q(organisation__district=district_id) | Q(organisation=district_id))
            .filter(role__in=roles, user__is_active=True)
            .order_by("user__pinyin", "user", "organisation__path")
            .values_list(
                "user", "user__name", "user__pinyin", "user__initials", "organisation__short_name", "organisation__name"
            )
        )
        found: dict[int, Colleague] = {}
        for pk, name, pinyin, initials, short, whole in rows:
            place, known = short or whole, found.get(pk)
            if known is None:
                found[pk] = Colleague(pk, name, place, f"{initials} {pinyin.replace(' ', '')} {pinyin}".lower())
            elif place not in known.place.split(" "):
                found[pk] = known._replace(place=f"{known.place} {place}")
        return list(found.values())

    return kept(f"colleagues:{district_id}:{'+'.join(sorted(roles))}", read)
