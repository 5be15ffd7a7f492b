"""A place through its life: who may take which step, what each leaves behind, what is found and mended, how it is rated."""

from __future__ import annotations

import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from services.actions import cases
from services.enums import Shape
from services.permissions import choices
from services.places import geo, queries
from services.places.actions import planning, profile, running, upkeep
from services.places.actions.upkeep import Checked
from services.places.catalogue import base_facilities
from services.places.enums import REPAIR_TRANSITIONS, SUGGESTION_TRANSITIONS, TRANSITIONS, PlaceState, RepairState
from services.places.enums import PlaceVerb as V
from services.places.enums import RepairVerb as RepairV
from services.places.models import Place, Repair, Supply
from services.places.permissions import repair_choices
from services.places.queries import checklist_of
from services.places.standard import six_have
from services.shapes import kind_for
from tests.services.walking import register_case
from tests.services.worlds import make_programme
from tests.world import World
from unionops.casework.inbox import inbox
from unionops.casework.transitions import pairs
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event

from .stations import BRIDGE, fill, make_station, make_stations

pytestmark = pytest.mark.django_db

ROLES = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
DESK = {"officer", "other_handler"}
LOCAL = DESK | {"town"}
# Who takes a step where the state allows it; everybody else is refused.
EXPECTED = {
    V.START_BUILDING: LOCAL, V.ACCEPT: DESK, V.OPEN: DESK, V.PLAN_UPGRADE: DESK, V.UPGRADE: DESK, V.RECTIFY: DESK,
    V.RESTORE: DESK, V.SUSPEND: LOCAL, V.REOPEN: LOCAL, V.CLOSE: DESK,
}  # fmt: skip
EXPECTED_REPAIRS = {
    RepairV.START: LOCAL, RepairV.REPAIR: LOCAL, RepairV.CHECK: LOCAL, RepairV.REJECT: LOCAL, RepairV.DISMISS: DESK,
}  # fmt: skip
# What stands before a step of the line in a programme that takes every step.
NEXT = {V.START_BUILDING: PlaceState.PLANNED, V.ACCEPT: PlaceState.BUILDING, V.OPEN: PlaceState.ACCEPTED}


def expected(state: str, verb: str, name: str) -> bool:
    in_line = NEXT.get(verb, state) == state
    return state in TRANSITIONS[verb].sources and in_line and name in EXPECTED[verb]


def test_every_state_verb_and_role(world: World) -> None:
    station = make_station(world, make_stations(world))
    people = {name: world[name] for name in ROLES}
    wrong = []
    for state in PlaceState:
        station.state = state
        for name, user in people.items():
            for choice in choices(user, station):
                allowed, verb = choice.is_allowed, choice.transition.verb
                if allowed != expected(state, verb, name):
                    wrong.append((state, verb, name, str(choice.reason)))
    assert wrong == []


def test_every_allowed_step_moves_and_records(world: World) -> None:
    """And the database refuses every move that the table does not know."""
    programme, officer, today = make_stations(world), world["officer"], timezone.localdate()
    wanted = [(v, s) for v, one in TRANSITIONS.items() for s in one.sources if NEXT.get(v, s) == s]
    fill(world, programme, len(wanted) + len(PlaceState))
    rows = list(Place.objects.filter(programme=programme).order_by("number"))
    Place.objects.all().delete()
    for row, state in zip(rows, [*(state for _verb, state in wanted), *PlaceState], strict=True):
        row.state, row.address = state, "环城南路 9 号"
    Place.objects.bulk_create(rows)
    for row, (verb, _state) in zip(rows, wanted, strict=False):
        moved = cases.take(row, verb, by=officer, on=today, reason="按规定", note="")
        assert moved.state in TRANSITIONS[verb].targets
        assert Event.objects.about("place", row.pk).get().verb == f"place.{verb}"
    known = set(pairs(TRANSITIONS))
    for row in rows[len(wanted) :]:
        for target in set(PlaceState) - {row.state}:
            if (row.state, target) not in known:
                with pytest.raises(DatabaseError), transaction.atomic():
                    Place.objects.filter(pk=row.pk).update(state=target)


def test_a_place_opens_when_it_can_be_found(world: World) -> None:
    programme = make_stations(world, steps=[])
    station = make_station(world, programme, opened=False, longitude=None, latitude=None, system="", hours={})
    officer, today = world["officer"], timezone.localdate()
    with pytest.raises(InvalidTransition, match="坐标"):
        cases.take(station, "open", by=officer, on=today)
    with pytest.raises(ActionError, match="国内"):
        profile.change_profile(station, by=officer, longitude=2.35, latitude=48.85, system="wgs84")
    station = profile.change_profile(
        station, by=world["town"], longitude=BRIDGE[0], latitude=BRIDGE[1], system="gcj02", hours={"0": [(480, 1080)]}
    )
    # Kept as it was given, and where that is on the ground.
    assert (station.longitude, station.latitude, station.system) == (*BRIDGE, "gcj02")
    assert geo.metres_between(geo.Point(*BRIDGE), station.point) > 300
    station = cases.take(station, "open", by=officer, on=today)
    # An open place is nobody's work, and no town of elsewhere changes it.
    assert (station.state, station.opened_on, station.holder_organisation_id) == ("open", today, None)
    with pytest.raises(NotAllowed):
        profile.change_profile(station, by=world["cadre"], address="别处")
    assert not any(row.key == station.pk for row in inbox(officer, "department"))


def test_the_manager_is_sealed(world: World) -> None:
    station = make_station(world, make_stations(world))
    row = Place.objects.filter(pk=station.pk).values().get()
    assert not any("王建国" in str(value) or "13800002047" in str(value) for value in row.values())
    assert cases.reveal(station, "manager", by=world["officer"], reason="联系开门") == "王建国"
    assert Event.objects.about("place", station.pk).filter(verb="place.reveal").count() == 1


# --- upkeep

ITEMS = [
    Checked("饮水机能用", "pass"),
    Checked("微波炉能用", "fail", False, "不热"),
    Checked("插座没有破损", "fail", True),
]


def test_what_fails_is_mended_and_seen_by_another(world: World) -> None:
    station = make_station(world, make_stations(world))
    officer, town = world["officer"], world["town"]
    found = upkeep.inspect(station, by=town, items=[*ITEMS, Checked("图书", "none")])
    today = timezone.localdate()
    assert (found.passed, found.failed, found.judged) == (1, 2, 3)
    serious, oven = station.repairs.order_by("due_on")
    assert (serious.is_serious, serious.due_on) == (True, today + datetime.timedelta(days=1))
    assert oven.due_on == today + datetime.timedelta(days=7)
    assert {row.key for row in inbox(officer)} >= {serious.pk, oven.pk}
    cases.take(station, "rectify", by=officer, reason="插座破损")
    with pytest.raises(InvalidTransition, match="严重"):
        cases.take(station, "restore", by=officer)
    serious = upkeep.move_repair(serious, "repair", by=town, outcome="换了插座")
    with pytest.raises(NotAllowed, match="换一个人"):
        upkeep.move_repair(serious, "check", by=town)
    serious = upkeep.move_repair(serious, "reject", by=officer, outcome="还松")
    upkeep.move_repair(serious, "repair", by=officer, outcome="又换了")
    upkeep.move_repair(serious, "check", by=town)
    assert cases.take(station, "restore", by=officer).state == "open"
    # On the same day and later: what was late stays late.
    assert queries.next_inspection(Place.objects.get(pk=station.pk)) == today + datetime.timedelta(days=30)


def test_repairs_by_state_verb_and_role(world: World) -> None:
    station = make_station(world, make_stations(world))
    repair = upkeep.report(station, by=world["officer"], what="灯不亮")
    repair.place = Place.objects.select_related("programme").get(pk=station.pk)
    people, wrong = {name: world[name] for name in ROLES}, []
    for state in RepairState:
        repair.state = state
        for name, user in people.items():
            for choice in repair_choices(user, repair):
                verb = choice.transition.verb
                meant = state in REPAIR_TRANSITIONS[verb].sources and name in EXPECTED_REPAIRS[verb]
                if choice.is_allowed != meant:
                    wrong.append((state, verb, name))
    assert wrong == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Repair.objects.filter(pk=repair.pk).update(state="checked", closed_on=timezone.localdate())


def test_store_services_and_visitors(world: World) -> None:
    station, officer = make_station(world, make_stations(world)), world["officer"]
    running.move_supply(station, by=officer, name="矿泉水", unit="箱", change=20, low=5)
    running.move_supply(station, by=officer, name="矿泉水", change=-18)
    with pytest.raises(ActionError, match="只有 2"):
        running.move_supply(station, by=officer, name="矿泉水", change=-3)
    supply = Supply.objects.get()
    assert (supply.balance, supply.is_low, sum(supply.moves.values_list("change", flat=True))) == (2, True, 2)
    running.give_service(station, by=officer, kind="cooling", people=120)
    running.count_visits(station, by=officer, visits=80)
    running.count_visits(station, by=world["town"], visits=95)
    station.refresh_from_db()
    assert (station.people_served, station.visits, queries.served(station, timezone.localdate().year)) == (
        120, 95, {"times": 1, "people": 120},
    )  # fmt: skip
    with pytest.raises(ActionError, match="将来"):
        running.count_visits(station, by=officer, visits=1, on=timezone.localdate() + datetime.timedelta(days=1))


def test_the_six_haves_say_what_is_missing(world: World, client: Client) -> None:
    """六有 (domain 4.5): each of the six with what it rests on; a repair or an inspection changes it."""
    programme = make_stations(world)
    station = make_station(world, programme, area=None, manager="", facilities=["rest", "water"])
    found = {have.label: (have.is_met, have.words) for have in six_have(station)}
    assert [met for met, _words in found.values()] == [False, False, False, False, False, True]
    assert found["有统一标识名称"][1] == "一年内没有巡查过"
    assert found["有固定场所"][1] == "没有面积"
    assert "充电" in found["有健全设施"][1]
    assert found["有完善功能"][1] == "没有登记管理人员"
    profile.change_profile(
        station, by=world["town"], area=Decimal(32), manager="王建国", facilities=list(base_facilities("stations"))
    )
    labels = [label for label, _serious in checklist_of(programme)]
    upkeep.inspect(
        station,
        by=world["town"],
        items=[Checked(one, "fail" if "制度" in one else "pass", False, "没上墙") for one in labels],
    )
    station = Place.objects.select_related("programme").get(pk=station.pk)
    found = {have.label: (have.is_met, have.words) for have in six_have(station)}
    assert [met for met, _words in found.values()] == [True, True, True, True, False, True]
    assert "管理制度上墙" in found["有规范制度"][1]
    client.force_login(world["officer"])
    page = client.get(f"/services/place/{station.pk}/").content.decode()
    assert "达到 5 项，共 6 项" in page
    room = make_station(world, make_stations(world, code="mothers_rooms", prefix="MQ"), title="小屋")
    assert "六有标准" not in client.get(f"/services/place/{room.pk}/").content.decode()


def test_stars_are_kept_with_their_sum(world: World) -> None:
    station, officer = make_station(world, make_stations(world)), world["officer"]
    with pytest.raises(NotAllowed):
        running.give_stars(station, by=world["town"])
    assert running.give_stars(station, by=officer).stars == 0
    upkeep.inspect(station, by=officer, items=[Checked("饮水机能用", "pass")])
    rating = running.give_stars(station, by=officer)
    station.refresh_from_db()
    # 40 + 0 of extras + 10 + 10 + 10 + 10 + 0 of services.
    assert (rating.total, rating.stars, station.stars) == (Decimal("80.00"), 4, 4)
    assert sum(Decimal(line["points"]) for line in rating.lines) == rating.total
    profile.honour(station, by=officer, name="最美驿站", year=2025, giver="省总工会")
    with pytest.raises(ActionError, match="已经登记"):
        profile.honour(station, by=officer, name="最美驿站", year=2025)


# --- planning


def test_fourteen_of_ninety(world: World) -> None:
    """浦江 2024: 14 of the 90 of 2024-2026 (domain 8)."""
    programme = make_stations(world)
    fill(world, programme, 14, upgraded_on=datetime.date(2024, 9, 1))
    fill(world, make_stations(world, code="elsewhere", prefix="QX"), 3, upgraded_on=datetime.date(2024, 9, 1))
    with pytest.raises(NotAllowed):
        planning.save_plan(
            programme, by=world["cadre"], name="三年", from_year=2024, to_year=2026, target=90, counts="upgraded"
        )
    plan = planning.save_plan(
        programme, by=world["officer"], name="三年", from_year=2024, to_year=2026, target=90, counts="upgraded"
    )
    found = queries.progress(plan)
    assert (found.done, str(found.rate), found.by_year) == (14, "15.56", [(2024, 14), (2025, 0), (2026, 0)])
    assert [(town.name, town.serving, town.done) for town in found.towns] == [("斗门街道", 14, 14), ("马山街道", 0, 0)]
    assert found.covered == 1
    # Counted both ways, a place counts once.
    plan = planning.save_plan(
        programme, by=world["officer"], plan=plan, name="三年", from_year=2024, to_year=2026, target=90, counts="both"
    )
    Place.objects.filter(programme=programme).update(opened_on=datetime.date(2025, 1, 1))
    assert queries.progress(plan).by_year == [(2024, 14), (2025, 0), (2026, 0)]


def test_a_suggestion_becomes_a_planned_place(world: World) -> None:
    programme = make_stations(world)
    made = planning.suggest(programme, by=world["cadre"], address="迪荡商圈", reason="外卖员多", town=world.town)
    for name in set(ROLES) - DESK:
        for verb in SUGGESTION_TRANSITIONS:
            with pytest.raises(NotAllowed):
                planning.decide_suggestion(made, verb, by=world[name], answer="好", name="新站")
    planning.decide_suggestion(made, "survey", by=world["officer"])
    done = planning.decide_suggestion(made, "adopt", by=world["officer"], answer="明年建", name="迪荡驿站")
    assert (done.state, done.place.state, done.place.title, done.place.town) == (
        "adopted",
        "planned",
        "迪荡驿站",
        world.town,
    )
    with pytest.raises(InvalidTransition):
        planning.decide_suggestion(made, "decline", by=world["officer"], answer="不行")


# --- finding


def test_the_nearest_comes_from_the_index(world: World) -> None:
    programme = make_stations(world)
    fill(world, programme, 300)
    here = geo.Point(120.55, 30.01)
    found = Place.objects.filter(programme=programme).nearest(here)
    with connection.cursor() as cursor:
        # A table that nobody has counted yet is sorted: ask what the index can do, not what the planner guesses.
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off")
    plan = found.values_list("pk")[:10].explain()
    assert "place_spot" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan
    everyone = Place.objects.filter(programme=programme)
    truly = sorted(everyone, key=lambda row: geo.metres_between(here, row.point))[:10]
    near = [geo.metres_between(here, row.point) for row in found[:10]]
    assert near == pytest.approx([geo.metres_between(here, row.point) for row in truly], rel=1e-3)


def test_open_now_is_the_same_in_the_database(world: World) -> None:
    programme = make_stations(world)
    fill(world, programme, 4)
    always, night, weekend, summer = Place.objects.filter(programme=programme).order_by("number")
    always.put_hours({str(number): [(0, 1440)] for number in range(7)})
    night.put_hours({str(number): [(1320, 1800)] for number in range(7)})
    weekend.put_hours({"5": [(480, 1080)], "6": [(480, 1080)]})
    summer.season_from, summer.season_to = 601, 930
    for row in (always, night, weekend, summer):
        row.save()
    moments = [
        timezone.make_aware(datetime.datetime(2026, month, day, hour, minute))
        for month, day in ((1, 5), (6, 1), (7, 4), (9, 30), (10, 1))
        for hour, minute in ((0, 0), (5, 59), (6, 0), (8, 0), (17, 59), (18, 0), (23, 59))
    ]
    for moment in moments:
        there = set(Place.objects.open_at(moment).values_list("pk", flat=True))
        assert there == {row.pk for row in Place.objects.all() if row.is_open_at(moment)}
    # What was kept before there was a column for the half hours is filled in the same.
    kept = dict(Place.objects.values_list("pk", "half_hours"))
    assert len(kept[night.pk]) == 7 * 16
    Place.objects.update(half_hours=[])
    with connection.cursor() as cursor:
        cursor.execute(import_module("services.places.migrations.0004_fill_half_hours").FILL)
    assert dict(Place.objects.values_list("pk", "half_hours")) == kept


def test_an_activity_that_was_held_here_and_the_place_name_each_other(world: World, client: Client) -> None:
    officer, station = world["officer"], make_station(world, make_stations(world))
    activity = register_case(world, make_programme(world, Shape.ACTIVITY), kind_for(Shape.ACTIVITY))
    with pytest.raises(ActionError, match="没有编号"):
        running.give_service(station, by=officer, kind="cooling", people=12, activity_number="S1")
    running.give_service(station, by=officer, kind="cooling", people=12, activity_number=activity.number)
    client.force_login(officer)
    pages = [reverse("services:place", args=[station.pk]), reverse("services:activity", args=[activity.pk])]
    for page, other in (pages, pages[::-1]):
        assert f'href="{other}"' in client.get(page).content.decode()
