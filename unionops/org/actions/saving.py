"""What the actions of this app share: lock a row, check its version, save it or say which column is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from unionops.china.errors import InvalidValue

from ..errors import ActionError, Conflict, Text
from ..events import changed_fields, kind_of
from ..models import Event

M = TypeVar("M", bound=models.Model)


def lock(thing: M, *, version: int | None = None) -> M:
    """Read the row again under a lock; refuse when it is no longer the version that the person saw."""
    # Not type(thing): the person of a request comes as a lazy stand-in.
    row: Any = thing._meta.model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=thing.pk)
    check_version(row, version)
    return row


def check_version(row: Any, version: int | None) -> None:
    """Refuse when the row, which the caller has locked, is no longer what the person saw; None saw nothing."""
    if version is not None and row.version != version:
        raise _changed(row.version, _changes_since(row, version))


def check_seen(version: int | None, current: int) -> None:
    """The same for what is no row of its own: its version is given."""
    if version is not None and version != current:
        raise _changed(current)


def _changed(current: int, changes: Sequence[Mapping[str, object]] = ()) -> Conflict:
    return Conflict(
        _("在您打开之后，别人改动了这里。请先看改了什么，再决定是否提交。"), current_version=current, changes=changes
    )


def _changes_since(row: models.Model, version: int) -> list[dict[str, object]]:
    events = Event.objects.about(kind_of(row), row.pk).filter(data__version__gt=version).select_related("by")
    return [{"at": event.at, "by": event.by.name, "verb": event.verb, "data": event.data} for event in events]


def check_columns(thing: models.Model, *, apart_from: set[str] | None = None) -> None:
    """Ask the columns and constraints of the model; the first one that is hurt becomes the refusal."""
    try:
        thing.full_clean(exclude=apart_from)
    except ValidationError as error:
        field, reasons = next(iter(error.message_dict.items()))
        raise ActionError(" ".join(reasons), field="" if field == NON_FIELD_ERRORS else field) from error


@contextmanager
def or_already_there(reason: Text, *, field: str = "") -> Iterator[None]:
    """Two people may enter the same thing in the same second: the unique index decides, the second one is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ActionError(reason, field=field) from error


@contextmanager
def reading(field: str) -> Iterator[None]:
    """Turn a number that cannot be read into a refusal at its field."""
    try:
        yield
    except InvalidValue as error:
        raise ActionError(error.reason, field=field) from error


def change(row: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the columns and return what differs, as {name: [old, new]} for the timeline."""
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    return changed_fields(before, dict(values))


def check_known(values: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Actions take the columns that they name and no others."""
    if unknown := set(values) - allowed:
        raise TypeError(f"not columns of this action: {sorted(unknown)}")
