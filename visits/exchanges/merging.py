"""Two who wrote the minutes at once: what each wrote is kept, and only where both wrote in one place a person decides."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, NamedTuple

from unionops.casework.moves import changes_since

from .models import Exchange


class Collision(NamedTuple):
    fact: str
    mine: Any
    theirs: Any
    by: str
    at: datetime.datetime


class Merged(NamedTuple):
    """What the other wrote where one wrote nothing, and where both wrote."""

    taken: dict[str, Any]
    collisions: list[Collision]


def merge(exchange: Exchange, mine: Mapping[str, Any], *, since: int) -> Merged:
    """Compare what was typed on the version of then with what the timeline says has been written since."""
    before: dict[str, Any] = {}
    after: dict[str, tuple[Any, str, datetime.datetime]] = {}
    for event in changes_since(exchange, since):
        data: Any = event["data"]
        for fact, (old, new) in (data.get("changes") or {}).items():
            before.setdefault(fact, old)
            after[fact] = (new, str(event["by"]), event["at"])  # type: ignore[assignment]
    taken: dict[str, Any] = {}
    collisions = []
    for fact, (new, by, at) in after.items():
        if fact not in mine or mine[fact] == new:
            continue
        if mine[fact] == before[fact]:
            taken[fact] = new
        elif new != before[fact]:
            collisions.append(Collision(fact, mine[fact], new, by, at))
    return Merged(taken, collisions)
