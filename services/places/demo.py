"""The stations of the demo: one in each town, 14 of them upgraded in 2024 of the 90 of the plan, 42 services (domain C44)."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

from django.utils import timezone

from unionops.casework.models import Notice
from unionops.org.models import User
from visits.demo.district import Demo
from visits.demo.present import READ_AFTER

from ..actions import cases
from ..enums import Applicant
from ..models import Programme
from . import geo
from .actions import planning, running, upkeep
from .actions.upkeep import Checked
from .enums import BASE_FACILITIES, Counts, Facility, Given, PlaceSort, RepairSource, Result, System
from .models import Place, ServiceGiven
from .permissions import is_desk_of
from .queries import checklist_of

UPGRADED, SERVICES, PEOPLE = 14, 42, 480
MIDDLE = geo.Point(120.585, 30.01)
SPOTS = ("菜场", "公交站", "环卫所", "快递园", "文化礼堂", "银行网点", "便民中心")
EXTRAS = (Facility.FRIDGE, Facility.BOOKS, Facility.AED, Facility.PUMP, Facility.PRESSURE, Facility.HAIRCUT)
EVERY_DAY = {str(number): [(480, 1200)] for number in range(7)}
WHOLE_DAY = {str(number): [(0, 1440)] for number in range(7)}


def tell(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic. Nothing is told where the programme is not installed or another department runs it."""
    programme = Programme.objects.filter(district=demo.district, code="stations").first()
    officer = demo.people["officer"]
    if programme is None or not is_desk_of(officer, programme):
        return
    pick = random.Random(4405)  # noqa: S311 -- the same stations on every machine, nothing secret
    stations = [_station(demo, programme, officer, number, pick) for number in range(len(demo.towns))]
    _serve(stations[:UPGRADED], officer)
    _look_after(programme, stations, officer, now)
    planning.save_plan(
        programme,
        by=officer,
        name="户外劳动者驿站三年全域全覆盖",
        from_year=2024,
        to_year=2026,
        target=90,
        counts=Counts.UPGRADED,
    )
    planning.suggest(
        programme,
        by=demo.people["cadre"],
        address="迪荡商圈东门",
        reason="外卖员多，午后没有地方歇脚。",
        town=demo.towns[0],
        now=now,
    )
    old = now - READ_AFTER
    Notice.objects.filter(kind="place", at__lt=old).update(read_at=old)


def _at(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


def _station(demo: Demo, programme: Programme, officer: User, number: int, pick: random.Random) -> Place:
    town = demo.towns[number]
    begun = _at(datetime.date(2023, 6, 5) + datetime.timedelta(days=7 * number))
    short, spot = town.short_name or town.name, SPOTS[number % len(SPOTS)]
    station: Place = cases.register(
        programme, by=officer, applicant_kind=Applicant.UNION, applicant_name=f"{town.name}总工会", town=town, now=begun,
        title=f"{short}{spot}驿站", address=f"{short}人民路 {pick.randrange(2, 300)} 号", directions=f"{spot}旁，蓝底白字的招牌。",
        sort=pick.choice(PlaceSort.values), area=Decimal(pick.choice((12, 18, 30, 36))), capacity=pick.choice((6, 10, 20, 24)),
        facilities=[*BASE_FACILITIES[: pick.randint(6, 8)], *pick.sample(EXTRAS, 2)], system=System.GCJ02,
        longitude=round(MIDDLE.longitude + pick.uniform(-0.09, 0.09), 6), is_published=True,
        latitude=round(MIDDLE.latitude + pick.uniform(-0.055, 0.055), 6), hours=WHOLE_DAY if number % 4 == 0 else EVERY_DAY,
    )  # fmt: skip
    for weeks, verb in ((2, "start_building"), (10, "accept"), (12, "open")):
        then = begun + datetime.timedelta(weeks=weeks)
        station = cases.take(station, verb, by=officer, now=then, on=timezone.localdate(then))
    if number < UPGRADED:
        then = _at(datetime.date(2024, 3, 4) + datetime.timedelta(days=16 * number))
        station = cases.take(station, "plan_upgrade", by=officer, now=then, reason="列入三年规划")
        done = then + datetime.timedelta(days=40)
        station = cases.take(
            station, "upgrade", by=officer, now=done, on=timezone.localdate(done), note="添了微波炉和空调"
        )
    return station


def _serve(stations: list[Place], officer: User) -> None:
    """The services of 2024, three at each upgraded station; the people whom they reached are counted with it."""
    kinds = [kind for kind in Given if kind != Given.OTHER]
    ServiceGiven.objects.bulk_create(
        ServiceGiven(
            place=stations[number % len(stations)], kind=kinds[number % len(kinds)], people=PEOPLE, by=officer,
            on=datetime.date(2024, 1 + number % 12, 5 + number % 20),
        )
        for number in range(SERVICES)
    )  # fmt: skip
    for station in stations:
        station.people_served = PEOPLE * SERVICES // len(stations)
    Place.objects.bulk_update(stations, ["people_served"])


def _look_after(programme: Programme, stations: list[Place], officer: User, now: datetime.datetime) -> None:
    """Two thirds were looked at this month; one microwave does not heat, and somebody has told of a tap."""
    items = checklist_of(programme)
    for number, station in enumerate(stations):
        if number % 3 == 2:
            continue
        then = now - datetime.timedelta(days=3 + number)
        found = [
            Checked(label, Result.FAIL if number % 5 == 0 and at == 4 else Result.PASS, serious)
            for at, (label, serious) in enumerate(items)
        ]
        upkeep.inspect(station, by=officer, items=found, now=then)
        running.give_stars(station, by=officer, now=then)
    running.move_supply(stations[0], by=officer, name="矿泉水", unit="箱", change=20, low=30, now=now)
    system = User.objects.system()
    upkeep.report(
        stations[1], by=system, what="水龙头漏水", source=RepairSource.PUBLIC, now=now - datetime.timedelta(hours=5)
    )
    for place, stars in ((stations[0], 5), (stations[0], 4), (stations[1], 3)):
        running.give_feedback(place, by=system, stars=stars, now=now - datetime.timedelta(days=1))
