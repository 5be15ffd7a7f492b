"""工作台: what a person must do today, across all kinds of case. Each domain registers its source at start-up."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from django.utils import timezone

from .deadlines import Lamp
from .transitions import Text
from .waiting import Doorbell, Waits

if TYPE_CHECKING:
    from unionops.org.models import User

# The inbox is for one person's day; whoever holds more than this works from the list.
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class InboxRow:
    kind: str
    kind_label: Text
    icon: str
    number: str
    title: str
    url: str
    urgency: int
    place: str
    step: Text
    lamp: Lamp
    # Why it came back to this person (returned, reopened), else empty.
    back: Text = ""
    waits_for_signature: bool = False
    key: object = None

    @property
    def order(self) -> tuple[datetime.date, int, str]:
        return (self.lamp.due_on or datetime.date.max, self.urgency, self.number)


@dataclass(frozen=True)
class InboxSource:
    name: str
    rows: Callable[[User, int], Iterable[InboxRow]]
    # Querysets of which at least one has a row whenever `rows` has one; a source without them is always asked.
    waits: Waits | None = None
    # Rows in other hands that this person started or leads: how many, and which.
    elsewhere: Callable[[User], int] = lambda user: 0
    begun_rows: Callable[[User, int], Iterable[InboxRow]] = lambda user, most: ()
    # As `waits`, for `elsewhere`; a source without them counts nothing.
    begun: Waits | None = None
    # What is in the person's whole department, and what the person watches.
    department: Callable[[User, int], Iterable[InboxRow]] = lambda user, most: ()
    watched: Callable[[User, int], Iterable[InboxRow]] = lambda user, most: ()
    # {key: title} with the names of citizens masked, for doors through which titles leave the house (the API).
    masked: Callable[[Sequence[InboxRow]], Mapping[object, str]] = lambda rows: {}


_sources: dict[str, InboxSource] = {}
_rows_bell, _elsewhere_bell = Doorbell(), Doorbell()


def register_inbox(source: InboxSource) -> None:
    _sources[source.name] = source


def all_sources() -> Mapping[str, InboxSource]:
    return _sources


def inbox(user: User, tab: str = "mine") -> list[InboxRow]:
    """All rows of a tab in the order of work: overdue first, then by due date, urgency and number."""
    pick = {"mine": "rows", "department": "department", "watched": "watched", "elsewhere": "begun_rows"}[tab]
    found = {"mine": waiting_sources, "elsewhere": begun_sources}.get(tab)
    sources = found(user) if found else _sources.values()
    rows = chain.from_iterable(getattr(source, pick)(user, MOST_ROWS) for source in sources)
    return sorted(rows, key=lambda row: row.order)[:MOST_ROWS]


def waiting_sources(user: User) -> Iterable[InboxSource]:
    """The sources that may have something for this person."""
    rung = _rows_bell.ring(user, {source.name: source.waits for source in _sources.values() if source.waits})
    return [source for source in _sources.values() if source.waits is None or source.name in rung]


def masked_titles(rows: Sequence[InboxRow]) -> dict[object, str]:
    """The titles that must not leave as they are, by the key of their row: one question a source that has such rows."""
    found: dict[object, str] = {}
    for source in _sources.values():
        if mine := [row for row in rows if row.kind == source.name and row.key is not None]:
            found.update(source.masked(mine))
    return found


def begun_sources(user: User) -> Iterable[InboxSource]:
    """The sources that may have something that this person began."""
    rung = _elsewhere_bell.ring(user, {source.name: source.begun for source in _sources.values() if source.begun})
    return [_sources[name] for name in rung]


def elsewhere(user: User) -> int:
    return sum(source.elsewhere(user) for source in begun_sources(user))


def grouped(rows: list[InboxRow], today: datetime.date | None = None) -> list[tuple[str, list[InboxRow]]]:
    """Split the inbox into overdue, today, until next Monday, and later."""
    today = today or timezone.localdate()
    monday = today + datetime.timedelta(days=7 - today.weekday())
    groups: dict[str, list[InboxRow]] = {"over": [], "today": [], "week": [], "later": []}
    for row in rows:
        due = row.lamp.due_on
        if row.lamp.is_over:
            groups["over"].append(row)
        elif due == today:
            groups["today"].append(row)
        elif due and due <= monday:
            groups["week"].append(row)
        else:
            groups["later"].append(row)
    return list(groups.items())
