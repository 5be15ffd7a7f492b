"""Stations of the small district, as the office would register them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from services.actions import cases
from services.bookings.actions import book
from services.bookings.models import Booking
from services.enums import Applicant, Shape
from services.models import Programme
from services.places.catalogue import PROGRAMMES
from services.places.models import Place
from tests.services.worlds import make_programme
from tests.world import World

KINDS = {row["code"]: row for row in PROGRAMMES}
EVERY_DAY = {str(number): [(480, 1200)] for number in range(7)}
# 越城区, in the system of AMap.
BRIDGE = (120.5856, 29.9972)


def make_stations(world: World, **fields: Any) -> Programme:
    """The programme of stations as the catalogue has it."""
    row = {key: value for key, value in KINDS["stations"].items() if key != "shape"}
    return make_programme(world, Shape.PLACE, **(row | fields))


def profile(**fields: Any) -> dict[str, Any]:
    values = {
        "sort": "joint", "address": "人民中路 1 号", "area": Decimal(32), "capacity": 20, "longitude": BRIDGE[0],
        "latitude": BRIDGE[1], "system": "gcj02", "hours": EVERY_DAY, "manager": "王建国", "is_published": True,
        "facilities": ["rest", "water", "meal", "charge", "medicine", "shelter", "toilet", "wifi"],
    }  # fmt: skip
    return values | fields


def make_station(
    world: World, programme: Programme, *, title: str = "八字桥驿站", opened: bool = True, **fields: Any
) -> Place:
    station = cases.register(
        programme, by=world["officer"], applicant_kind=Applicant.UNION, applicant_name="斗门街道总工会", town=world.town,
        title=title, phone="13800002047", **profile(**fields),
    )  # fmt: skip
    if opened:
        today = timezone.localdate()
        for verb in ("start_building", "accept", "open"):
            if verb in programme.steps or verb == "open":
                station = cases.take(
                    station, verb, by=world["officer"], **({"on": today} if verb != "start_building" else {})
                )
    return station


def make_venue(world: World, *, code: str = "workers_homes", **fields: Any) -> Place:
    """A house of the workers that is open every day from eight to eight and takes bookings."""
    row = {key: value for key, value in KINDS[code].items() if key != "shape"}
    programme = make_programme(world, Shape.PLACE, **row)
    given = {"functions": ["教育培训室", "文体活动室"]} if code == "workers_homes" else {}
    return make_station(world, programme, title="塔山职工之家", extras=given, **fields)


def booked(world: World, venue: Place, *, public: bool = False, **fields: Any) -> Booking:
    """Tomorrow from two to four, as the desk writes it down or as somebody asks from outside."""
    given = {
        "on": timezone.localdate() + datetime.timedelta(days=1), "starts_at": datetime.time(14), "ends_at": datetime.time(16), "people": 8,
        "name": "陈桂芳", "phone": "13800002047", "room": "教育培训室",
    }  # fmt: skip
    return book(venue, by=world["officer"], public=public, **(given | fields))


def fill(world: World, programme: Programme, count: int, number_from: int = 0, **fields: Any) -> None:
    """Many stations at once around the bridge, as a ledger would bring them."""
    now = timezone.now()
    rows = []
    for number in range(count):
        row = Place(
            district=world.district, programme=programme, organisation_id=programme.organisation_id, town=world.town,
            number=f"{programme.prefix}{99 - number_from}-{number:05d}", title=f"驿站 {number}", applicant_kind=Applicant.UNION,
            applicant_name="斗门街道总工会", registered_by=world.people["officer"], state="open", ledger_import=world.imported,
            registered_at=now - datetime.timedelta(minutes=number), facilities=["rest", "water"], opened_on=now.date(),
        )  # fmt: skip
        row.put_point(120.5 + number % 100 * 0.001, 30.0 + number // 100 * 0.001, "gcj02")
        row.put_hours(EVERY_DAY)
        for name, value in fields.items():
            setattr(row, name, value)
        rows.append(row)
    Place.objects.bulk_create(rows)
