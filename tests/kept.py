"""Rows that many tests begin with: made once in an open transaction; each test changes only what it takes back.

Making a spring of visits and issues takes longer than most tests that read it. So the rows stay for as long as the
tests that follow each other ask for the same ones: pytest-django's own transaction of a test then is a savepoint
within ours. A test that commits, or that begins with nothing, ends it first.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.db import connection, transaction

PLAIN = "plain"
COMMITTING = {"transactional_db", "live_server", "django_db_reset_sequences"}


class Keeper:
    """The open transaction of this process, under the name of the fixture whose rows it holds."""

    def __init__(self) -> None:
        self.makers: dict[str, Callable[[], Any]] = {}
        self.blocker: Any = None
        self.name = ""
        self._value: Any = None
        self._transaction: Any = None

    def prepare(self, item: pytest.Item) -> None:
        """Hold what the test begins with, and nothing else."""
        wanted = self.wanted_by(item)
        if self.name and wanted != self.name:
            self.stop()
        # Before the first test with a database there is none yet.
        if wanted and not self.name and self.blocker is not None:
            with self.blocker.unblock():
                self._start(wanted)

    def wanted_by(self, item: pytest.Item) -> str:
        names = set(getattr(item, "fixturenames", ()))
        mark = item.get_closest_marker("django_db")
        if names & COMMITTING or (mark is not None and mark.kwargs.get("transaction")):
            return ""
        return self.asked_by(names) or (PLAIN if _asks_for_the_usual_district(item) else "")

    def asked_by(self, fixtures: Collection[str]) -> str:
        return next((name for name in self.makers if name in fixtures), "")

    def _start(self, name: str) -> None:
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        try:
            self._value = self.makers[name]()
            # What waits for the end of the transaction is checked now, not at the end of each test.
            connection.check_constraints()
        except Exception:  # noqa: BLE001 -- whatever it was
            # The tests that ask for it make it again and say so; all others begin with nothing.
            self._end()
        else:
            self.name = name

    def stop(self) -> None:
        if not self.name:
            return
        with self.blocker.unblock():
            self._end()

    def _end(self) -> None:
        # At the end of the session the loop of the browser may have gone, and the connection of its context with it.
        if connection.in_atomic_block:
            transaction.set_rollback(True)
            self._transaction.__exit__(None, None, None)
        self.name, self._value, self._transaction = "", None, None

    def give(self, name: str) -> Any:
        """A copy, so that no test meets what another one has done to an object."""
        return copy.deepcopy(self._value) if self.name == name else self.makers[name]()


def _asks_for_the_usual_district(item: pytest.Item) -> bool:
    """A file may have a district of its own under the same name."""
    found = item._fixtureinfo.name2fixturedefs.get("world", ())  # type: ignore[attr-defined]
    return bool(found) and found[-1].baseid == "tests"


KEEPER = Keeper()


def kept(make: Callable[[], Any]) -> Any:
    """A fixture with the name of ``make`` whose rows are made once for all tests in a row that ask for it."""
    name = make.__name__
    KEEPER.makers[name] = make

    def give(db: None) -> Any:
        return KEEPER.give(name)

    give.__doc__ = make.__doc__
    return pytest.fixture(name=name)(give)
