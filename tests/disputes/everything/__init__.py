"""Something to show on each page of disputes, for the walks over every page of the product."""

from __future__ import annotations

from typing import Any

from tests.world import World

from . import cases, desk, law, outside, papers, steps

PARTS = (cases, steps, desk, law, papers, outside)
NO_DISPUTE_PAGES = tuple(name for part in PARTS for name in part.NO_PAGES)
DISPUTE_KEEPERS = tuple(keeper for part in PARTS for keeper in part.KEEPERS)


def make_disputes(world: World) -> None:
    for part in PARTS:
        part.make(world)


def dispute_value(name: str, key: str) -> Any:
    found = (part.value(name, key) for part in PARTS)
    return next(value for value in found if value is not None)
