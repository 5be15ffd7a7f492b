"""Many small reads in one statement: a case page shows a dozen kinds of parts, and each way to the database costs more than its rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.query import ModelIterable, get_related_populators


class Counted(NamedTuple):
    """How many rows a query has, where nobody reads the rows themselves."""

    rows: models.QuerySet[Any]


def read_together(reads: Mapping[str, models.QuerySet[Any] | Counted]) -> dict[str, Any]:
    """{name: the objects, or the number} of every query, in one statement.

    Rows come back as the models that the queries would have made, with what `select_related` names and what `annotate`
    adds; `values_list` gives tuples. What `prefetch_related` names is not read: it is a read of its own, see `know`.
    PostgreSQL hands each query over as one JSON value, so sealed columns are better deferred than carried along.
    """
    found: dict[str, Any] = {}
    pieces: list[str] = []
    values: list[Any] = []
    takers: list[tuple[str, Callable[[str | None], Any]]] = []
    connection = connections["default"]
    for name, read in reads.items():
        rows = read.rows if isinstance(read, Counted) else read
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            found[name] = 0 if isinstance(read, Counted) else []
            continue
        if isinstance(read, Counted):
            pieces.append(f"(SELECT count(*)::text FROM ({sql}) AS t)")
            takers.append((name, lambda said: int(said or 0)))
        else:
            names = ", ".join(f"c{at}" for at in range(len(compiler.select)))
            pieces.append(f"(SELECT json_agg(t)::text FROM ({sql}) AS t({names}))")
            takers.append((name, _maker(rows, compiler)))
        values.extend(params)
    if pieces:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(pieces)}", values)
            (answer,) = cursor.fetchall()
        for (name, take), said in zip(takers, answer, strict=True):
            found[name] = take(said)
    return found


def unsealed(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Without the sealed columns, which no list and no page opens."""
    sealed = [field.name for field in rows.model._meta.concrete_fields if isinstance(field, models.BinaryField)]
    return rows.defer(*sealed)


def know(thing: models.Model, name: str, rows: Sequence[models.Model]) -> None:
    """Give a thing the rows of a reverse relation that were read elsewhere: `thing.name.all()` asks nobody any more."""
    manager = getattr(thing, name)
    known = manager.get_queryset()
    known._result_cache, known._prefetch_done = list(rows), True
    vars(thing).setdefault("_prefetched_objects_cache", {})[name] = known


def _maker(queryset: models.QuerySet[Any], compiler: Any) -> Callable[[str | None], list[Any]]:
    readers = [_reader(column.output_field) for column, *_rest in compiler.select]
    make: Callable[[list[Any]], Any] = tuple
    if queryset._iterable_class is ModelIterable:
        make = _model_maker(queryset, compiler)

    def take(said: str | None) -> list[Any]:
        if said is None:
            return []
        rows = json.loads(said, parse_float=Decimal)
        return [
            # What an outer join has not found is nothing, whatever its column says of itself.
            make([None if value is None else read(value) for read, value in zip(readers, row.values(), strict=True)])
            for row in rows
        ]

    return take


def _reader(field: Any) -> Callable[[Any], Any]:
    """From what JSON says to what the column means."""
    if isinstance(field, models.BinaryField):
        return lambda value: bytes.fromhex(value[2:])
    if isinstance(field, models.JSONField):
        return _as_written
    return field.to_python


def _as_written(value: Any) -> Any:
    """Broken numbers within a JSON column are floats, as everywhere; only columns of money are exact."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_as_written(item) for item in value]
    if isinstance(value, dict):
        return {key: _as_written(item) for key, item in value.items()}
    return value


def _model_maker(queryset: models.QuerySet[Any], compiler: Any) -> Callable[[list[Any]], Any]:
    """As `django.db.models.query.ModelIterable` makes them."""
    info, select, annotations = compiler.klass_info, compiler.select, compiler.annotation_col_map or {}
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, *_rest in select[first:last]]
    others = get_related_populators(info, select, queryset.db)  # type: ignore[call-arg]

    def make(row: list[Any]) -> Any:
        thing = info["model"].from_db(queryset.db, names, row[first:last])
        for other in others:
            other.populate(row, thing)
        for name, at in annotations.items():
            setattr(thing, name, row[at])
        for field, known in queryset._known_related_objects.items():  # type: ignore[attr-defined]
            if not field.is_cached(thing):
                key = tuple(getattr(thing, column.attname) for column, _other in field.related_fields)
                if (other := known.get(key[0] if len(key) == 1 else key)) is not None:
                    setattr(thing, field.name, other)
        return thing

    return make
