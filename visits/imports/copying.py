"""Rows by COPY: hundreds of columns a millisecond, the constant ones written once."""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import orjson
from django.db import connection, models
from psycopg import sql

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ARRAY_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"'})


def text(value: str) -> str:
    """A text as COPY reads it. Almost none has anything to escape."""
    return value if value.isprintable() and "\\" not in value else value.translate(_ESCAPES)


def literal(value: Any) -> str:
    """Any value that a column can have, as COPY reads it."""
    match value:
        case None:
            return NULL
        case bool():
            return "t" if value else "f"
        case str():
            return text(str(value))
        case bytes() | memoryview():
            return "\\\\x" + bytes(value).hex()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case dict():
            return text(orjson.dumps(value).decode())
        case list() | tuple():
            return array(value)
        case models.Model():
            return literal(value.pk)
        case _:
            return str(value)


def array(values: Iterable[object]) -> str:
    quoted = (f'"{str(value).translate(_ARRAY_ESCAPES)}"' for value in values)
    return text("{" + ",".join(quoted) + "}")


class Lines:
    """COPY lines of one table. ``columns`` vary from row to row; all others are ``fixed``, or the default of the field."""

    def __init__(self, model: type[models.Model], columns: Sequence[str], fixed: dict[str, Any] | None = None) -> None:
        fixed = fixed or {}
        fields = [field for field in model._meta.concrete_fields if not _fills_itself(field, columns, fixed)]
        unknown = {*columns, *fixed} - {field.attname for field in fields}
        assert not unknown, f"{model.__name__} has no {sorted(unknown)}"
        others = [field for field in fields if field.attname not in columns]
        names = [*columns, *(field.attname for field in others)]
        tail = "".join("\t" + literal(_fixed_value(field, fixed)).replace("%", "%%") for field in others)
        by_name = {field.attname: field.column for field in fields}
        self.sql = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join([sql.Identifier(by_name[name] or name) for name in names]),
        )
        # line(values in the order of ``columns``, already as COPY reads them)
        self.line: Callable[[tuple[Any, ...]], str] = ("\t".join(["%s"] * len(columns)) + tail + "\n").__mod__


def _fills_itself(field: models.Field, columns: Sequence[str], fixed: dict[str, Any]) -> bool:
    """A key that the database counts up by itself, or what it makes from other columns."""
    return field.generated or (
        isinstance(field, models.AutoField) and field.attname not in columns and field.attname not in fixed
    )


def _fixed_value(field: models.Field, fixed: dict[str, Any]) -> Any:
    value = fixed[field.attname] if field.attname in fixed else field.get_default()
    return field.get_prep_value(value) if isinstance(value, str) else value


def copy_lines(lines: Lines, rows: Iterable[str]) -> None:
    """Send rows on the connection of this thread, in its transaction."""
    with connection.cursor() as cursor:
        send(cursor.connection, [(lines, list(rows))])


def copy_objects(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model as they are: what ``bulk_create`` does, in a third of its time."""
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not _fills_itself(field, (), {})]
    copy_lines(
        lines := Lines(model, [field.attname for field in fields]),
        map(lines.line, zip(*(_stored(field, objects) for field in fields), strict=True)),
    )


def _stored(field: models.Field, objects: Iterable[models.Model]) -> Iterator[str]:
    """A column from above to below: what stands in many rows alike is turned into words once."""
    last: Any = None
    words = NULL
    for each in objects:
        value = field.pre_save(each, add=True)
        if value is not last:
            last, words = value, _words(field, value)
        yield words


def _words(field: models.Field, value: Any) -> str:
    if value is not None and isinstance(field, models.JSONField):
        return text(orjson.dumps(value).decode())
    return literal(field.get_db_prep_save(value, connection))


Batch = Sequence[tuple[Lines, Sequence[str]]]


def send(raw: Any, batch: Batch) -> None:
    with raw.cursor() as cursor:
        for lines, rows in batch:
            if rows:
                with cursor.copy(lines.sql) as copy:
                    copy.write("".join(rows))


class Sender:
    """Sends one batch in the background while the next is being made: the server works on the other processor.

    The connection belongs to the sending thread until `wait`; whoever asks the database in between waits first.
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        self._raw = connection.connection
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="copy")
        self._sending: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.wait()
        except Exception:
            # The first failure is the one to report.
            if error is None:
                raise
        finally:
            self._thread.shutdown()

    def send(self, batch: Batch) -> None:
        self.wait()
        self._sending = self._thread.submit(send, self._raw, batch)

    def wait(self) -> None:
        if self._sending is not None:
            sending, self._sending = self._sending, None
            sending.result()


def new_keys() -> Iterator[str]:
    """UUIDv7 as text, rising, a million a second: the time, a counter, and 62 random bits each (RFC 9562, 6.2)."""
    last = 0
    while True:
        last = max(last + 1, time.time_ns() // 1_000_000)
        stamp = f"{last:012x}"
        stamp = f"{stamp[:8]}-{stamp[8:]}-7"
        tails = os.urandom(8 * 4096).hex()
        for count in range(4096):
            tail = tails[count * 16 : count * 16 + 16]
            yield f"{stamp}{count:03x}-{'89ab'[int(tail[0], 16) & 3]}{tail[1:4]}-{tail[4:]}"
