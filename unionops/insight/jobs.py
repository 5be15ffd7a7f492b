"""The periodic jobs of rollups: each looks every night whether a period of its length is to be closed."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from unionops.casework.tasks import Job, register_job

from .closing import close_periods
from .models import Grain

# The figures of a month are closed before its meeting is prepared in the morning.
NIGHT = (2,)
NAMES = {Grain.WEEK: "weekly", Grain.MONTH: "monthly", Grain.QUARTER: "quarterly", Grain.YEAR: "annual"}


def _closing(grain: Grain) -> Callable[[datetime.datetime], object]:
    # A night that is made up for closes as of now: the cut-off is when the figures were taken, not when they should have been.
    return lambda _due_at: close_periods(grain)


def register_jobs() -> None:
    for grain, name in NAMES.items():
        register_job(Job(f"insight.{name}", _closing(grain), hours=NIGHT))
