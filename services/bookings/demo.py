"""A house of the workers in the demo: its rooms, what is booked this week, and one wish that waits for an answer (domain C22)."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from visits.demo.district import Demo
from visits.demo.names import people, phone

from ..actions import cases
from ..enums import Applicant
from ..models import Programme
from ..places.enums import Facility, PlaceSort, System
from ..places.models import Place
from ..places.permissions import is_desk_of
from .actions import book

ROOMS = ["教育培训室", "文体活动室", "劳动争议调解室"]
EVERY_DAY = {str(number): [(510, 1260)] for number in range(7)}
BOOKED = (
    (1, 9, 11, "教育培训室", "班组长培训", 30, False), (1, 18, 20, "文体活动室", "合唱队排练", 24, False),
    (2, 14, 16, "劳动争议调解室", "工资协商", 8, False), (3, 9, 11, "教育培训室", "工匠讲堂", 40, True),
)  # fmt: skip


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic; nothing where the programme is not installed or nobody runs it."""
    programme = Programme.objects.filter(district=demo.district, code="workers_homes").first()
    desk = next(iter(demo.staff.get(programme.organisation_id, ())), None) if programme else None
    if programme is None or desk is None or not is_desk_of(desk, programme):
        return
    begun = now - datetime.timedelta(days=400)
    # In the town of the account of the demo, which keeps its book.
    town = next((one for one in demo.towns if one.pk in demo.people["town"].scope.towns), demo.towns[0])
    house: Place = cases.register(
        programme, by=desk, applicant_kind=Applicant.UNION, applicant_name=f"{demo.district.name}工人文化宫", town=town, now=begun,
        title="工人文化宫", address="解放北路 1 号", directions="城市广场东侧，公交总站下车。", sort=PlaceSort.OWN, area=Decimal(2600),
        capacity=60, facilities=[Facility.REST, Facility.WATER, Facility.TOILET, Facility.MEETING, Facility.WIFI], system=System.GCJ02,
        longitude=120.5801, latitude=30.0031, is_published=True, hours=EVERY_DAY, extras={"functions": ROOMS, "booking": "在网上约，或到服务台登记"},
    )  # fmt: skip
    for verb in ("accept", "open"):
        house = cases.take(house, verb, by=desk, now=begun, on=timezone.localdate(begun))
    names = iter(people(demo.pick, len(BOOKED)))
    today = timezone.localdate(now)
    for days, begin, end, room, purpose, count, public in BOOKED:
        book(
            house, by=desk, on=today + datetime.timedelta(days=days), starts_at=datetime.time(begin), ends_at=datetime.time(end), people=count,
            name=next(names), phone=phone(demo.pick), room=room, purpose=purpose, public=public, now=now,
        )  # fmt: skip
