"""Several at the same moment, for tests of what must happen once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def all_at_once(count: int, send: Callable[[int], Any]) -> list[Any]:
    """Run in real threads with a database connection each, let go together."""
    gate = threading.Barrier(count)
    answers: list[Any] = [None] * count

    def run(place: int) -> None:
        gate.wait()
        try:
            answers[place] = send(place)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[place]) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
