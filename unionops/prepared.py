"""Statements that almost every request asks: PostgreSQL parses and plans them once a connection, and then only runs them.

To plan the person of a session or the data of a dashboard takes longer than to find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


class _Prepared(psycopg.Cursor[tuple[Any, ...]]):
    """Django's own cursors put the values into the statement, so that no two of them are alike."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = True, binary: bool | None = None
    ) -> Any:
        return super().execute(query, params, prepare=prepare, binary=binary)


def read(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is the same text each time; a column whose type changes needs new connections."""
    with connection.cursor() as cursor:
        # Inside Django's wrapper: errors are those of Django, and whoever counts statements counts this one.
        cursor.cursor = _Prepared(connection.connection)
        cursor.execute(sql, values)
        return cursor.fetchall()
