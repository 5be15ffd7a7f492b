"""Writing the timeline: one event in the transaction of each change."""

from __future__ import annotations

import datetime
import decimal
import uuid
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from .models import Event, User

# Set by the middleware for the span of a request, so that actions need not hand it down.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


def kind_of(thing: models.Model | type[models.Model]) -> str:
    return str(thing._meta.model_name)


def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold and a person can read."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case decimal.Decimal() | uuid.UUID():
            return str(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
        case models.Model():
            return str(value)
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset() | models.QuerySet():
            return [plain(item) for item in value]
        case _:
            return str(value)


def event_of(
    thing: models.Model,
    verb: str,
    *,
    by: User,
    data: dict[str, Any] | None = None,
    source: str = "",
    target: str = "",
    district_id: int | None = None,
    now: datetime.datetime | None = None,
) -> Event:
    """Build the event without saving it, for bulk writers.

    A thing without a district of its own (an account, a term) is logged in ``district_id``, where an auditor reads it.
    """
    kind = kind_of(thing)
    own_district = getattr(thing, "district_id", None) or (thing.pk if kind == "organisation" else None)
    return Event(
        at=now or timezone.now(),
        district_id=own_district or district_id,
        kind=kind,
        subject_id=str(thing.pk),
        verb=f"{kind}.{verb}",
        by=by,
        source=source,
        target=target,
        data=plain(data or {}),
        address=client_address.get(),
    )


def record_event(thing: models.Model, verb: str, *, by: User, **fields: Any) -> Event:
    """Write one sentence of the timeline; refuses to run outside the transaction of the change."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("record_event outside a transaction")
    event = event_of(thing, verb, by=by, **fields)
    event.save(force_insert=True)
    return event


def changed_fields(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [old, new]} of what differs, ready for an event."""
    return {name: [plain(before.get(name)), plain(value)] for name, value in after.items() if before.get(name) != value}
