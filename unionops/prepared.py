"""Statements that almost every request asks: PostgreSQL parses and plans them once a connection, and then only runs them.

To plan the person of a session or the data of a dashboard takes longer than to find it, and Django takes longer still to
put the statement together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet
from django.db.models.expressions import RawSQL
from psycopg.sql import Literal


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """Django's own cursors put the values into the statement, so that no two of them are alike."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = True, binary: bool | None = None
    ) -> Any:
        return super().execute(query, params, prepare=prepare, binary=binary)


def read(sql: str, values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is the same text each time; a column whose type changes needs new connections."""
    with connection.cursor() as cursor:
        # Inside Django's wrapper: errors are those of Django, and whoever counts statements counts this one.
        cursor.cursor = _Prepared(connection.connection)
        cursor.execute(sql, values)
        return cursor.fetchall()


@dataclass(frozen=True)
class Gap:
    """A place in a statement for a value that is known when it is asked."""

    name: str


def gap(name: str) -> RawSQL:
    return RawSQL("%s", [Gap(name)])


def among(column: str, gap: Any, kind: str = "bigint") -> Func:
    """That the column is one of a list of values."""
    values = RawSQL(f"%s::{kind}[]", [gap])  # noqa: S611 -- of one of our own words
    return Func(F(column), values, template="%(expressions)s", arg_joiner=" = ANY", output_field=BooleanField())


def written_out(sql: str, params: Sequence[Any], gaps: type) -> tuple[str, list[Any]]:
    """The statement with all values in it except for the gaps, and these in order.

    A plan for any value finds a partial index only by what stands in the statement.
    """
    connection.ensure_connection()
    left: list[Any] = []
    pieces = sql.split("%s")
    found = [pieces[0]]
    for param, piece in zip(params, pieces[1:], strict=True):
        if isinstance(param, gaps):
            left.append(param)
            found.append("%s")
        else:
            plain = str(param) if isinstance(param, str) else param
            found.append(Literal(plain).as_string(connection.connection).replace("%", "%%"))
        found.append(piece)
    return "".join(found), left


class Statement:
    """The rows of a query that is put together once a process, with gaps for what differs from one question to the next.

    It is read as it comes from PostgreSQL: only for columns that Django does not convert.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any, Any]]) -> None:
        self._rows = rows
        self._built: tuple[str, list[Any]] | None = None

    def read(self, **values: Any) -> list[tuple[Any, ...]]:
        if self._built is None:
            self._built = written_out(*self._rows().query.sql_with_params(), Gap)
        sql, gaps = self._built
        return read(sql, [values[gap.name] for gap in gaps])
