"""Two rows of the directory that are one firm: everything that points at the one is made to point at the other."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Exists, ForeignObjectRel, OuterRef, Q
from django.utils.functional import Promise

from .models import Enterprise, KeyListEntry


@dataclass(frozen=True)
class Effect:
    label: str | Promise
    count: int


def _pointing() -> list[ForeignObjectRel]:
    """Every foreign key to an enterprise, also of the rooms above, which this room does not import."""
    return [
        relation
        for relation in Enterprise._meta.related_objects
        if relation.one_to_many and relation.related_model is not KeyListEntry
    ]


def _rows(relation: ForeignObjectRel, enterprise: Enterprise) -> models.QuerySet:
    return relation.related_model._base_manager.filter(**{relation.field.name: enterprise})


def effects(duplicate: Enterprise) -> list[Effect]:
    """What would move, by kind, for the page that asks before it is done."""
    return [
        Effect(relation.related_model._meta.verbose_name or "", count)
        for relation in _pointing()
        if (count := _rows(relation, duplicate).count())
    ]


def repoint(keep: Enterprise, duplicate: Enterprise) -> dict[str, int]:
    """Move all rows; one that would stand twice afterwards (a plan for the same week) goes. Returns how many moved."""
    moved = {}
    for relation in _pointing():
        rows = _rows(relation, duplicate)
        for fields in _unique_with(relation):
            twin = relation.related_model._base_manager.filter(
                **{relation.field.name: keep}, **{name: OuterRef(name) for name in fields}
            )
            rows.filter(Exists(twin)).delete()
        if count := rows.update(**{relation.field.name: keep}):
            moved[str(relation.related_model._meta.model_name)] = count
    return moved


def _unique_with(relation: ForeignObjectRel) -> list[list[str]]:
    """The other columns of each unique constraint that holds the foreign key."""
    return [
        [name for name in constraint.fields if name != relation.field.name]
        for constraint in relation.related_model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and relation.field.name in constraint.fields
    ]


def join_key_periods(keep: Enterprise, duplicate: Enterprise) -> None:
    """The periods on the list of key enterprises become one history; days that both were listed count once."""
    entries = list(
        KeyListEntry.objects.filter(Q(enterprise=keep) | Q(enterprise=duplicate)).order_by("valid_from", "pk")
    )
    KeyListEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    joined: list[KeyListEntry] = []
    for entry in entries:
        last = joined[-1] if joined else None
        if last is not None and (last.valid_to is None or last.valid_to >= entry.valid_from):
            if last.valid_to is not None:
                last.valid_to = entry.valid_to and max(last.valid_to, entry.valid_to)
        else:
            joined.append(KeyListEntry(enterprise=keep, valid_from=entry.valid_from, valid_to=entry.valid_to))
    KeyListEntry.objects.bulk_create(joined)
