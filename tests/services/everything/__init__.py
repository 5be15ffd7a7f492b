"""Something to show on each page of services, for the walks over every page of the product."""

from __future__ import annotations

from typing import Any

from tests.world import World

from . import activities, bookings, claims, core, mutual, orders, outside, places

PARTS = (claims, activities, places, orders, outside, mutual, bookings, core)
NO_SERVICE_PAGES = tuple(name for part in PARTS for name in part.NO_PAGES)
SERVICE_KEEPERS = tuple(keeper for part in PARTS for keeper in part.KEEPERS)


def make_services(world: World) -> None:
    for part in PARTS:
        part.make(world)


def service_value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None from a part means that another part knows."""
    found = (part.value(name, key) for part in PARTS)
    return next(value for value in found if value is not None)
