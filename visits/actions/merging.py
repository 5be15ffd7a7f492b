"""Two corrections of one visit that crossed: what each changed is kept, and only where both meant the same fact is asked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from unionops.org.events import plain

from ..models import Visit
from .visits import EDITABLE

CHECK = "check-"


class Collision(NamedTuple):
    """One fact that both have changed, differently; the other's stands in the books."""

    fact: str
    mine: Any
    theirs: Any
    by: str
    at: datetime.datetime


class Merged(NamedTuple):
    """Facts of the other that were not touched here, and facts that collide."""

    taken: list[str]
    collisions: list[Collision]


def facts_in(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Every fact by itself: two who looked at two of the five headings have not written over each other."""
    facts: dict[str, Any] = {}
    for name in columns.keys() & set(EDITABLE):
        value = plain(columns[name])
        if name == "checklist":
            facts |= {f"{CHECK}{heading}": said for heading, said in (value or {}).items()}
        else:
            # The order in which policies were ticked says nothing.
            facts[name] = sorted(value) if isinstance(value, list) else value
    return facts


def merge(now: Visit, mine: Mapping[str, Any], *, since: int) -> Merged:
    """Compare what a person typed on the version of then with what the visit says now."""
    typed = facts_in(mine)
    current = {name: getattr(now, name) for name in EDITABLE}
    theirs = facts_in(current)
    hands: dict[str, tuple[str, datetime.datetime]] = {}
    after, columns = theirs, current
    # From the newest back: each old version holds what its correction replaced.
    for old in now.versions.filter(version__gte=since).select_related("by").order_by("-version"):
        columns = columns | old.fields
        before = facts_in(columns)
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                hands.setdefault(name, (old.by.name, old.at))
        after = before
    seen = after
    taken, collisions = [], []
    for name in sorted(hands):
        then, new, own = seen.get(name), theirs.get(name), typed.get(name)
        if own == new:
            continue
        if own == then:
            taken.append(name)
        elif new != then:
            collisions.append(Collision(name, own, new, *hands[name]))
    return Merged(taken, collisions)
