from __future__ import annotations

from tests.kept import kept
from tests.world import World, make_world
from unionops.china.days import fill_calendar


@kept
def with_holidays() -> World:
    """A district whose holidays are known."""
    fill_calendar()
    return make_world()
