"""Booking a room: from the public page to having used it, who may, what stands against it, and what is forgotten."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from services.bookings import actions
from services.bookings.enums import TRANSITIONS, BookingState
from services.bookings.models import Booking
from tests.api.conftest import Caller
from tests.counter.telephones import messages, verified
from tests.services.places.stations import booked, make_station, make_stations, make_venue
from tests.world import World
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_messages() -> Any:
    messages()
    yield
    messages()


def stranger() -> Client:
    """Somebody who has shown a telephone."""
    client = Client()
    verified(client)
    return client


def form(**fields: Any) -> dict[str, Any]:
    tomorrow = timezone.localdate() + DAY
    return {
        "on": tomorrow.isoformat(), "starts_at": "09:00", "ends_at": "11:00", "people": "12", "room": "教育培训室", "purpose": "工匠讲堂",
        "name": "陈桂芳", "unit": "恒润纺织", "agrees": "on",
    } | fields  # fmt: skip


def test_from_the_public_page_to_having_used_it(world: World, as_person: Any) -> None:
    venue, visitor = make_venue(world), stranger()
    booked(world, venue)
    place = f"/public/place/{venue.public_code}/"
    assert f"{place}book/" in visitor.get(place).content.decode()
    page = visitor.get(f"{place}book/").content.decode()
    assert "14:00–16:00" in page
    # Who has it is nobody's business.
    assert "陈桂芳" not in page
    assert "138" not in page
    assert Client().get(f"{place}book/ask/").status_code == 302
    assert "整个场地" in visitor.get(f"{place}book/ask/").content.decode()
    # Taken, all of the place while a room of it is taken, closed, too many, no consent: each is told at its field.
    for bad in (
        {"starts_at": "15:00", "ends_at": "17:00"}, {"starts_at": "15:00", "ends_at": "17:00", "room": ""}, {"starts_at": "06:00"},
        {"people": "21"}, {"agrees": ""},
    ):  # fmt: skip
        assert visitor.post(f"{place}book/ask/", form(**bad)).status_code == 422, bad
    # Another room at the time of the taken one.
    answer = visitor.post(f"{place}book/ask/", form(starts_at="15:00", ends_at="17:00", room="文体活动室"))
    receipt = visitor.get(answer["Location"]).content.decode()
    number, code = re.findall(r'<dd class="num">([^<]+)</dd>', receipt)
    known = {"number": number, "code": code}
    assert "待确认" in visitor.post("/public/check/", known).content.decode()
    one = Booking.objects.get(is_public=True)
    assert (one.state, one.people, one.phone_masked[:3]) == ("asked", 12, "138")
    # The town keeps the place: it is on its desk, and in the department's.
    assert "答复预约" in as_person("town").get("/todo/").content.decode()
    assert "答复预约" in as_person("officer").get("/todo/?tab=department").content.decode()
    assert "答复预约" not in as_person("cadre").get("/todo/").content.decode()
    town, book = as_person("town"), f"/places/{venue.pk}/bookings/"
    shown = town.get(book).content.decode()
    assert "陈桂芳" in shown
    assert "13800002047" not in shown
    assert as_person("cadre").get(book).status_code == 403
    assert town.post(f"/places/bookings/{one.pk}/use/", {"people": "9"}).status_code == 409
    assert town.post(f"/places/bookings/{one.pk}/confirm/").status_code == 302
    assert "答复预约" not in as_person("town").get("/todo/").content.decode()
    assert "已约好" in visitor.post("/public/check/", known).content.decode()
    told = " ".join(str(event.data) for event in Event.objects.about("place", venue.pk))
    assert "文体活动室" in told
    assert "陈桂芳" not in told
    later = one.ends + datetime.timedelta(hours=1)
    used = actions.take(one, "use", by=world["town"], people=9, now=later)
    assert (used.state, used.people) == ("used", 9)
    # Ninety days afterwards nobody knows who it was; that the room was used stays.
    assert (actions.forget(later), actions.forget(later + 91 * DAY), actions.forget(later + 91 * DAY)) == (0, 2, 0)
    used.refresh_from_db()
    assert (used.name, used.phone_hash, used.purpose, used.people) == ("—", "", "", 9)


def test_whoever_asked_gives_it_back(world: World, as_person: Any) -> None:
    venue, visitor = make_venue(world), stranger()
    answer = visitor.post(f"/public/place/{venue.public_code}/book/ask/", form())
    number, code = re.findall(r'<dd class="num">([^<]+)</dd>', visitor.get(answer["Location"]).content.decode())
    told = visitor.post("/public/services/mine/", {"number": number, "code": code}).content.decode()
    assert "取消以后这段时间让给别人" in told
    visitor.post("/public/services/mine/withdraw/", {"number": number, "code": code, "sure": "on"})
    one = Booking.objects.get()
    assert one.state == "cancelled"
    assert "已取消" in visitor.post("/public/check/", {"number": number, "code": code}).content.decode()
    officer, book = as_person("officer"), f"/places/{venue.pk}/bookings/"
    given = {key: value for key, value in form(phone="13912345678").items() if key != "agrees"}
    assert officer.post(f"{book}new/", given).status_code == 302
    assert officer.post(f"{book}new/", given).status_code == 422
    second = Booking.objects.get(state="confirmed")
    assert officer.post(f"/places/bookings/{second.pk}/cancel/", {"reason": ""}).status_code == 422
    assert officer.post(f"/places/bookings/{second.pk}/cancel/", {"reason": "电路检修"}).status_code == 302
    assert "电路检修" in officer.get(book).content.decode()


def test_every_step_in_every_state(world: World) -> None:
    """The table and the database agree; a stranger's department is refused."""
    one = booked(world, make_venue(world), public=True)
    after = one.ends + datetime.timedelta(hours=1)
    for state in BookingState.values:
        for verb, row in TRANSITIONS.items():
            with transaction.atomic():
                with transaction.atomic():
                    if state != one.state:
                        _put(one, state)
                for name in ("officer", "town"):
                    if state in row.sources:
                        with transaction.atomic():
                            moved = actions.take(one, verb, by=world[name], reason="原因", people=3, now=after)
                            assert (moved.state,) == row.targets
                            transaction.set_rollback(True)
                    else:
                        with pytest.raises(InvalidTransition):
                            actions.take(one, verb, by=world[name], reason="原因", now=after)
                if state in row.sources:
                    with pytest.raises(NotAllowed):
                        actions.take(one, verb, by=world["cadre"], reason="原因", now=after)
                transaction.set_rollback(True)


def _put(one: Booking, state: str) -> None:
    """Straight into a state, by the ways that lead there."""
    ways = {"confirmed": ["confirmed"], "refused": ["refused"], "cancelled": ["cancelled"], "used": ["confirmed", "used"], "missed": ["confirmed", "missed"]}  # fmt: skip
    for step in ways.get(state, []):
        Booking.objects.filter(pk=one.pk).update(state=step)


def test_what_stands_against_a_booking(world: World) -> None:
    venue = make_venue(world)
    one = booked(world, venue)
    # The database itself holds the room.
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.bulk_create([Booking(district=one.district, place=venue, room=one.room, starts=one.starts, ends=one.ends, people=1, name="甲", asked_by=world["officer"])])  # fmt: skip
    for bad, field in (
        ({"room": ""}, "starts_at"), ({"ends_at": datetime.time(13)}, "ends_at"), ({"on": one.day - 2 * DAY}, "starts_at"),
        ({"on": one.day + 60 * DAY}, "on"), ({"room": "没有这间"}, "room"), ({"name": " ", "room": "文体活动室"}, "name"),
    ):  # fmt: skip
        with pytest.raises(ActionError) as refused:
            booked(world, venue, **bad)
        assert refused.value.field == field, bad
    with pytest.raises(NotAllowed):
        actions.book(venue, by=world["cadre"], on=one.day, starts_at=datetime.time(9), ends_at=datetime.time(10), people=1, name="甲", phone="")  # fmt: skip
    # A station takes none, and its page offers none.
    station = make_station(world, make_stations(world))
    with pytest.raises(InvalidTransition, match="不接受预约"):
        booked(world, station)
    assert Client().get(f"/public/place/{station.public_code}/book/").status_code == 404
    # Where one talks with a counsellor nobody is asked what about (domain C49).
    room = make_venue(world, code="care_rooms")
    visitor = stranger()
    asked = visitor.get(f"/public/place/{room.public_code}/book/ask/").content.decode()
    assert 'name="people"' in asked
    assert 'name="purpose"' not in asked


def test_the_book_is_kept_over_http_and_counted(world: World, as_person: Any) -> None:
    venue, elsewhere = make_venue(world), make_station(world, make_stations(world))
    town, chief, cadre = (Caller(world[name]) for name in ("town", "chief", "cadre"))
    root = f"/api/v1/places/{venue.pk}/bookings/"
    body = {"on": str(timezone.localdate() + DAY), "starts_at": "09:00", "ends_at": "11:00", "people": 12, "room": "教育培训室", "name": "陈桂芳", "phone": "13800002047"}  # fmt: skip
    # What the pages refuse is refused here in the same words.
    for bad, field in (
        ({"ends_at": "08:00"}, "ends_at"),
        ({"people": 500}, "people"),
        ({"room": "没有这间"}, "room"),
        ({"phone": "12"}, "phone"),
    ):
        refused = town.post(root, body | bad)
        assert (refused.status_code in (400, 422), refused.json()["errors"][0]["field"]) == (True, field), bad
    made = town.post(root, body)
    assert made.status_code == 201, made.content.decode()
    record = made.json()
    assert (record["state"], record["name"], record["phone"], record["place"]["name"]) == (
        "confirmed",
        "陈*芳",
        "138****2047",
        venue.title,
    )
    assert record["allowed"] == ["cancel"]
    assert {"verb": "use", "reason": "还没有到预约的时间。"} in record["refused"]
    assert {one["verb"] for one in record["refused"]} == {"confirm", "refuse", "use", "miss"}
    assert town.post(root, body).status_code == 422
    station = town.post(f"/api/v1/places/{elsewhere.pk}/bookings/", body)
    assert (station.status_code, "不接受预约" in station.json()["detail"]) == (409, True)
    # For who keeps no book there is none.
    address = f"/api/v1/bookings/{record['id']}/"
    for who in (chief, cadre):
        assert who.get(address).status_code == 404
        assert who.post(f"{address}transitions/cancel/", {"reason": "停电"}).status_code == 404
        assert who.post(root, body).status_code == 403
        assert [who.get(one).json()["results"] for one in (root, "/api/v1/bookings/")] == [[], []]
    assert [one["id"] for one in town.get(f"/api/v1/bookings/?state=confirmed&place={venue.pk}").json()["results"]] == [
        record["id"]
    ]
    # Used, and not come: each with the step that the page takes.
    Booking.objects.filter(pk=record["id"]).update(
        starts=timezone.now() - datetime.timedelta(hours=3), ends=timezone.now() - datetime.timedelta(hours=1)
    )
    assert town.post(f"{address}transitions/use/", {"people": 0}).status_code == 400
    assert town.post(f"{address}transitions/use/", {"people": 9}).json()["people"] == 9
    missed = booked(world, venue, room="文体活动室")
    Booking.objects.filter(pk=missed.pk).update(
        starts=timezone.now() - datetime.timedelta(hours=3), ends=timezone.now() - datetime.timedelta(hours=1)
    )
    assert town.post(f"/api/v1/bookings/{missed.pk}/transitions/miss/", {}).json()["state"] == "missed"
    later = booked(world, venue, public=True)
    assert town.post(f"/api/v1/bookings/{later.pk}/transitions/refuse/", {}).status_code == 400
    assert (
        town.post(f"/api/v1/bookings/{later.pk}/transitions/refuse/", {"reason": "那天有会"}).json()["answer"]
        == "那天有会"
    )
    # The figures above the list open these rows; nobody's name is among them.
    officer = as_person("officer")
    page = officer.get(f"/services/p/{venue.programme.code}/sums/").content.decode()
    for code, value, rows in (
        ("booking_used", "1", 1),
        ("booking_people", "9", 1),
        ("booking_missed_rate", "50.00", 1),
    ):
        address = re.search(rf'href="([^"]*indicator={code}[^"]*)"', page)
        assert address is not None, code
        listed = officer.get(address[1].replace("&amp;", "&")).content.decode()
        assert value in listed, code
        assert listed.count(venue.title) >= rows
        assert "陈桂芳" not in listed


def test_the_page_says_what_cannot_be_done_yet_and_why(world: World, as_person: Any) -> None:
    venue = make_venue(world)
    booked(world, venue)
    page = as_person("town").get(f"/places/{venue.pk}/bookings/").content.decode()
    assert "还不能做的" in page
    assert "登记使用：还没有到预约的时间。" in page


def test_the_book_takes_as_many_queries_for_many(
    world: World, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    venue, officer = make_venue(world), as_person("officer")
    booked(world, venue)
    book = f"/places/{venue.pk}/bookings/"
    officer.get(book)
    with django_assert_max_num_queries(30) as one:
        officer.get(book)
    for number in range(1, 6):
        booked(world, venue, on=timezone.localdate() + (number + 1) * DAY)
    with django_assert_max_num_queries(len(one)):
        officer.get(book)
