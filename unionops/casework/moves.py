"""The one place that changes the state of a case."""

from __future__ import annotations

import datetime
from typing import TypeVar

from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.org.errors import Conflict, InvalidTransition
from unionops.org.events import kind_of, record_event
from unionops.org.models import Event, User

from .models import Case
from .transitions import Table

C = TypeVar("C", bound=Case)


def lock(case: C, *, version: int | None = None, patience: int = 0) -> C:
    """Read the case again under a row lock; refuse when it is no longer the version that the person saw.

    With ``patience`` the transaction waits so many seconds for its locks, where a crowd is expected to come at once: no
    longer the three after which a page says that somebody else is at it.
    """
    if patience:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience}s"])
    row: C = type(case).objects.select_for_update(of=("self",), no_key=True).get(pk=case.pk)  # type: ignore[attr-defined]
    if version is not None and row.version != version:
        raise Conflict(
            _("在您打开之后，别人改动了这件事。请先看改了什么，再决定是否提交。"),
            current_version=row.version,
            changes=changes_since(row, version),
        )
    return row


def changes_since(case: Case, version: int) -> list[dict[str, object]]:
    events = Event.objects.about(kind_of(case), case.pk).filter(data__version__gt=version).select_related("by")
    return [{"at": event.at, "by": event.by.name, "verb": event.verb, "data": event.data} for event in events]


def check_source(case: Case, verb: str) -> None:
    transition = case.TRANSITIONS[verb]
    if case.state not in transition.sources:
        raise InvalidTransition(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": case.get_state_display(), "verb": transition.label}
        )


def move(case: Case, verb: str, *, now: datetime.datetime | None = None, target: str = "") -> str:
    """Change the state as the table says and return the state before; the caller saves and records."""
    check_source(case, verb)
    transition = case.TRANSITIONS[verb]
    if not target:
        (target,) = transition.targets
    elif target not in transition.targets:
        raise InvalidTransition(_("不能从“%(state)s”转到那里。") % {"state": case.get_state_display()})
    before, case.state = case.state, target
    now = now or timezone.now()
    if target != before:
        case.state_since = now
    case.closed_at = now if target in case.END_STATES else None
    case.version += 1
    return before


def shift(row: Model, table: Table, verb: str, *, target: str = "") -> None:
    """Change the state of something that has a table of its own and is no case (a download); the caller saves.

    ``target`` is said where the table leaves a choice.
    """
    transition = table[verb]
    if row.state not in transition.sources:  # type: ignore[attr-defined]
        raise InvalidTransition(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": row.get_state_display(), "verb": transition.label}  # type: ignore[attr-defined]
        )
    (row.state,) = (target,) if target in transition.targets else transition.targets  # type: ignore[attr-defined]


def finish(
    case: Case, verb: str, *, by: User, before: str = "", now: datetime.datetime | None = None, **data: object
) -> Event:
    """Save the case and write its sentence; ``before`` is the state that `move` returned."""
    if not before:
        case.version += 1
    case.save()
    return record_event(
        case,
        verb,
        by=by,
        source=before,
        target=case.state if before else "",
        data={**data, "version": case.version},
        now=now,
    )
