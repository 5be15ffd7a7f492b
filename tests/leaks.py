"""Marks put into what must not be told, and looked for in whatever a door answers, a table holds or a log line says."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from unionops.logs import JsonLines

# {secret: the texts by which it is known}; none of them stands in anything that may be known.
Signs = Mapping[Any, Collection[str]]
# {(person, secret): the addresses at which the person reads it}
Found = dict[tuple[str, Any], set[str]]


def said(answer: Any) -> str:
    """All that an answer says, whatever it is: a page, a refusal, a file, what is written in a workbook, where it leads."""
    assert answer.status_code < 500, answer.request["PATH_INFO"]
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = f"{answer.headers.get('Location', '')} {answer.headers.get('Content-Disposition', '')}"
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return head + " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    return head + data.decode(errors="replace")


def asked(text: str, url: str, signs: Signs) -> str:
    """What somebody has typed themselves is not told to them: the words of a search stand in its own field."""
    if "?q=" in url:
        for sign in (sign for texts in signs.values() for sign in texts if sign in url):
            text = text.replace(sign, "")
    return text


def stands(sign: str, text: str) -> bool:
    """A code of a few digits may be part of any long number: it stands there only by itself."""
    if len(sign) > 8 or not sign.isdecimal():
        return sign in text
    return re.search(rf"(?<![0-9A-Za-z.]){sign}(?![0-9A-Za-z])", text) is not None


def look(found: Found, who: str, url: str, answer: Any, signs: Signs) -> None:
    """Note each secret that the answer, or a text, tells."""
    text = answer if isinstance(answer, str) else asked(said(answer), url, signs)
    for secret, texts in signs.items():
        if any(stands(sign, text) for sign in texts):
            found.setdefault((who, secret), set()).add(url)


def walk(found: Found, who: str, get: Any, urls: Iterable[str], signs: Signs) -> None:
    for url in urls:
        look(found, who, url, get(url), signs)


def in_tables(signs: Signs) -> dict[Any, set[str]]:
    """{secret: the tables in which it stands in clear}, whatever the column; bytes are read as bytes."""
    texts = {secret: [*given, *(sign.encode().hex() for sign in given)] for secret, given in signs.items()}
    every = [f"%{sign}%" for given in texts.values() for sign in given]
    found: dict[Any, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {connection.ops.quote_name(table)} t WHERE t::text LIKE ANY(%s)",
                [every],
            )
            (row,) = cursor.fetchall()
            for secret, given in texts.items():
                if any(stands(sign, row[0]) for sign in given):
                    found.setdefault(secret, set()).add(table)
    return found


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def log_lines() -> Iterator[list[str]]:
    """The lines that the product writes meanwhile, as it writes them."""
    lines: list[str] = []
    handler, root = _Lines(lines), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
