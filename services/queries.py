"""Reads across aggregates, the same for every shape: rows of the list, of the inbox and of search, counts of the hub."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.deadlines import Lamp, lamp
from unionops.casework.inbox import InboxRow
from unionops.casework.search import Hit, contains
from unionops.china.names import mask_name
from unionops.org.events import kind_of
from unionops.org.models import User
from visits.models import Issue

from .enums import Applicant
from .models import Programme, ServiceCase, ServiceQuerySet
from .shapes import ShapeKind, shape_kinds

DEADLINE_COLUMNS = (
    "deadline__due_on", "deadline__soon_on", "deadline__paused_on", "deadline__met_on", "deadline__provisional",
)  # fmt: skip
LIST_COLUMNS = (
    "number", "title", "urgency", "state", "town__short_name", *DEADLINE_COLUMNS,
)  # fmt: skip


def page_of(case: ServiceCase) -> str:
    return reverse(f"services:{case.programme.shape}", args=[case.pk])


def seen(kind: ShapeKind, user: User) -> ServiceQuerySet:
    found: ServiceQuerySet = kind.model.objects.visible_to(user)
    return found


def search_cases(query: str) -> Q:
    return Q(number__icontains=query) | contains("title", query) | contains("applicant_name", query)


def find(kind: ShapeKind, user: User, query: str, most: int) -> list[Hit]:
    rows = (
        seen(kind, user)
        .filter(search_cases(query))
        .order_by("-registered_at")
        .values_list("pk", "number", "title", "programme__name")[:most]
    )
    return [
        Hit(f"{number} {title}", programme, reverse(f"services:{kind.shape}", args=[pk]))
        for pk, number, title, programme in rows
    ]


def next_step(kind: ShapeKind, state: str, used: Iterable[str], names: dict[str, str]) -> str:
    """The usual next step of a case in this state, as its programme calls it."""
    used = set(used)
    for verb, transition in kind.table.items():
        if transition.usual and state in transition.sources and verb not in (kind.optional | kind.spare) - used:
            return str(names.get(f"verb:{verb}") or transition.label)
    return ""


def asleep(kind: ShapeKind) -> Q:
    """Nobody has anything to do with it: in a state of rest, and no clock of it is near its end."""
    # In this order, as in the index.
    resting = Q(state__in=sorted(kind.resting))
    if not kind.wakes:
        return resting
    far = Q(deadline=None) | Q(deadline__soon_on__gt=timezone.localdate()) | Q(deadline__met_on__isnull=False)
    return resting & far


def inbox_rows(kind: ShapeKind, user: User, most: int) -> Iterable[InboxRow]:
    return _rows(kind, seen(kind, user).in_hands_of(user).exclude(asleep(kind)), most)


def desk_rows(kind: ShapeKind, user: User, most: int) -> Iterable[InboxRow]:
    scope = user.scope
    wanted = Q(organisation__in=scope.departments) | Q(district__in=scope.districts)
    return _rows(kind, seen(kind, user).open().exclude(asleep(kind)).filter(wanted), most)


def watched_rows(kind: ShapeKind, user: User, most: int) -> Iterable[InboxRow]:
    watched = user.watches.filter(kind=kind_of(kind.model)).values("case_id")
    return _rows(kind, seen(kind, user).filter(pk__in=watched), most)


def elsewhere(kind: ShapeKind, user: User) -> int:
    return _begun(kind, user).count()


def begun_rows(kind: ShapeKind, user: User, most: int) -> Iterable[InboxRow]:
    return _rows(kind, _begun(kind, user), most)


def _begun(kind: ShapeKind, user: User) -> ServiceQuerySet:
    """Open cases that this person registered and somebody else now holds."""
    mine = seen(kind, user).open().filter(registered_by=user)
    return mine.exclude(pk__in=kind.model.objects.in_hands_of(user).values("pk"))


def _rows(kind: ShapeKind, cases: ServiceQuerySet, most: int) -> Iterator[InboxRow]:
    rows = cases.order_by(F("deadline__due_on").asc(nulls_last=True), "urgency", "pk").values_list(
        "pk", "number", "title", "urgency", "state", "town__short_name", "programme__name", "programme__steps",
        "programme__names", *DEADLINE_COLUMNS,
    )[:most]  # fmt: skip
    for pk, number, title, urgency, state, town, programme, steps, names, *clock in rows:
        yield InboxRow(
            kind=kind.shape, kind_label=programme, icon=kind.icon, number=number, title=title,
            url=reverse(f"services:{kind.shape}", args=[pk]), urgency=urgency, place=town or "",
            step=next_step(kind, state, steps, names), lamp=lamp_of(clock), key=pk,
        )  # fmt: skip


def masked_titles(kind: ShapeKind, rows: Sequence[InboxRow]) -> dict[object, str]:
    """The titles of these cases with the names of citizens masked."""
    titles: dict[object, str] = {row.key: row.title for row in rows}
    people = kind.model.objects.filter(pk__in=list(titles), applicant_kind=Applicant.PERSON)
    for key, name in people.values_list("pk", "applicant_name"):
        titles[key] = titles[key].replace(name, mask_name(name))
    return titles


def lamp_of(clock: Iterable[Any]) -> Lamp:
    due, soon, paused, met, provisional = clock
    return lamp(due, soon, paused, met, provisional=bool(provisional))


def counts(user: User, today: datetime.date) -> dict[int, dict[str, int]]:
    """{programme: {open, over}} of what the person sees and somebody has to do with, one statement a shape."""
    found: dict[int, dict[str, int]] = {}
    late = Q(deadline__due_on__lt=today, deadline__met_on=None, deadline__paused_on=None)
    for kind in shape_kinds():
        at_work = seen(kind, user).filter(closed_at=None).exclude(asleep(kind))
        rows = at_work.order_by().values("programme")
        for row in rows.annotate(open=Count("pk"), over=Count("pk", filter=late)):
            found[row["programme"]] = {name: row[name] for name in ("open", "over")}
    return found


# What lets anybody apply for a programme, besides a shape that asks the public something.
_OPEN: dict[str, Any] = {"is_public": True, "retired_at": None}


def _public_shapes() -> list[str]:
    return [kind.shape for kind in shape_kinds() if kind.public_asked is not None]


def open_to_all() -> QuerySet[Programme]:
    """The programmes for which anybody may apply at the public counter."""
    rows = Programme.objects.filter(**_OPEN, shape__in=_public_shapes())
    return rows.select_related("district", "organisation").order_by("district__path", "group", "name", "pk")


def is_open_to_all(programme: Programme) -> bool:
    """The same of a programme at hand, without asking the database."""
    is_open = all(getattr(programme, name) == value for name, value in _OPEN.items())
    return is_open and programme.shape in _public_shapes()


def programmes_of(user: User) -> list[Programme]:
    return list(Programme.objects.visible_to(user).running().select_related("organisation"))


def earlier_cases(user: User, case: ServiceCase, most: int = 5) -> list[dict[str, str]]:
    """Earlier cases of the same person, in whatever programme, that this person may see."""
    if not case.identity_hash and not case.phone_hash:
        return []
    same = Q(pk__in=[])
    if case.identity_hash:
        same |= Q(identity_hash=case.identity_hash)
    if case.phone_hash:
        same |= Q(phone_hash=case.phone_hash)
    others = (
        (kind, other)
        for kind in shape_kinds()
        for other in seen(kind, user).filter(same).exclude(pk=case.pk).select_related("programme")[:most]
    )
    return [
        {"glyph": kind.icon, "label": f"{other.number} {other.title}", "url": page_of(other), "note": _("同一人员")}
        for kind, other in islice(others, most)
    ]


def outcome_for(issue: Issue) -> dict[str, Any]:
    """What an ended case says in answer to the issue from which it came; the person who answers may say it otherwise."""
    for kind in shape_kinds():
        over = Q(closed_at__isnull=False) | Q(state__in=sorted(kind.resting))
        rows = kind.model.objects.filter(over, issue=issue).select_related("programme")
        if row := rows.order_by("-state_since").first():
            told = {"programme": row.programme.name, "number": row.number, "state": row.state_words}
            return {"result_text": _("%(programme)s %(number)s 已办结：%(state)s。") % told}
    return {}
