from __future__ import annotations

from typing import Any

from services.bookings.models import Booking
from tests.services.places.stations import booked, make_venue
from tests.world import World

# Shown to whoever has shown a telephone.
NO_PAGES: tuple[str, ...] = ("bookings:ask",)
KEEPERS: tuple[tuple[str, str], ...] = (("bookings:", "officer"),)


def prepare(world: World, case: Any, verb: str) -> None:
    """Nothing."""


def make(world: World) -> None:
    """A venue with an hour that somebody asked for and nobody has answered."""
    booked(world, make_venue(world), public=True)


def value(name: str, key: str) -> Any:
    if not name.startswith("bookings:"):
        return None
    one = Booking.objects.select_related("place").get()
    if name == "bookings:step":
        return {"pk": one.pk, "verb": "confirm"}[key]
    return {"pk": one.place_id, "code": one.place.public_code}[key]
