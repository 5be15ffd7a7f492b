"""The desk of a centre: the day, the book, the rooms, the calendar outside, and what its head sees."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from disputes.actions import agreements, appointments, duties, feeds, steps, team
from disputes.actions.agreements import ObligationDraft
from disputes.actions.intake import PartyDraft
from disputes.enums import Side
from disputes.ics import escaped, folded
from disputes.models import Appointment, CalendarFeed, Dispute, Duty, Room
from tests.disputes import stories
from tests.disputes.test_steps_matrix import EVERYBODY
from tests.sampling import taken
from unionops.china.days import fill_calendar
from unionops.org.errors import ActionError
from unionops.org.models import Event

pytestmark = pytest.mark.django_db

CENTRE = {"mediator", "head", "case_clerk", "second_mediator"}
DISTRICT = {"leader", "chief", "clerk"}
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def room(hall):
    return appointments.open_room(hall.centre, by=hall["head"], name="第一调解室")


def meet(hall, case, room, *, at=None, **fields):
    at = at or timezone.now() + HOUR
    return appointments.book(case, by=hall["mediator"], room=room, starts_at=at, ends_at=at + HOUR, **fields)


def test_who_enters_which_page(client, hall, room):
    tables = {
        "day": CENTRE | DISTRICT,
        "book": CENTRE | DISTRICT,
        "rooms": CENTRE | DISTRICT | {"admin"},
        "centre": {"head"} | DISTRICT,
        "rota": CENTRE | DISTRICT | {"admin"},
        "rota_new": {"head", "admin"},
    }
    made = meet(hall, stories.mediating(hall), room)
    for name in EVERYBODY:
        client.force_login(hall[name])
        for key, people in tables.items():
            answer = client.get(reverse(f"disputes:{key}")).status_code
            assert answer == (200 if name in people else 403), (name, key)
        post = client.post(reverse("disputes:rooms"), {"organisation": hall.centre.pk, "name": f"{name}室", "seats": 6})
        assert post.status_code == (302 if name in {"head", "admin"} else 403), name
        assert client.post(reverse("disputes:feed_make")).status_code == (200 if name in CENTRE | DISTRICT else 403)
        sees = name in CENTRE | DISTRICT | {"worker_side", "firm_side", "judge"}
        assert client.get(reverse("disputes:cancel", args=[made.pk])).status_code == (200 if sees else 404), name
    assert Room.objects.count() == 3


def test_booked_called_off_and_never_twice(client, hall, room):
    case = stories.mediating(hall)
    client.force_login(hall["mediator"])
    day = stories.today() + stories.days(1)
    asked = {
        "dispute": case.pk, "room": room.pk, "on": day.isoformat(), "starts": "09:00", "ends": "10:00",
        "kind": "online", "link": "https://meeting.example.cn/j/8041",
    }  # fmt: skip
    book = reverse("disputes:book")
    assert client.post(book, asked).status_code == 302
    for wrong, words in (
        ({}, "已有预约"),
        ({"starts": "11:00", "ends": "10:30"}, "结束时间要晚于开始时间"),
        ({"on": "后天"}, "有效的日期"),
        ({"room": "999999"}, "选择"),
        ({"dispute": "nonsense"}, ""),
        ({"link": "http://meeting.example.cn/j/8041", "starts": "14:00", "ends": "15:00"}, "https://"),
    ):
        answer = client.post(book, asked | wrong)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), wrong
    html = client.get(book, {"on": day.isoformat()}).content.decode()
    assert "第一调解室" in html
    assert client.get(book, {"on": "nonsense"}).status_code == 200
    made = Appointment.objects.get()
    # Whoever sees the case enters from its page.
    assert made.link in client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    assert made.starts_at == timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    assert client.post(reverse("disputes:cancel", args=[made.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("disputes:cancel", args=[made.pk]), {"reason": "改期"}).status_code == 302
    assert client.post(book, asked).status_code == 302
    assert Appointment.objects.standing().count() == 1


def parsed(text: str) -> list[dict[str, str]]:
    """An object of RFC 5545 read again: unfolded, each event by its names, texts without their escapes."""
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    events: list[dict[str, str]] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            events[-1][name] = re.sub(r"\\([\\;,n])", lambda found: {"n": "\n"}.get(found[1], found[1]), value)
    return events


def test_feed_is_read_again(client, hall, room):
    case = stories.mediating(hall)
    note = "带身份证, 病历；\n第二行: 很长的备注" * 6
    made = meet(hall, case, room, note=note, link="https://meeting.example.cn/j/8041")
    off = meet(hall, case, room, at=made.ends_at)
    appointments.cancel(off, by=hall["mediator"], reason="改期")
    old = feeds.make_feed(hall["mediator"], by=hall["mediator"])
    client.force_login(hall["mediator"])
    shown = client.post(reverse("disputes:feed_make"))
    address = re.search(r"http://testserver(\S+\.ics)", shown.content.decode())[1]
    assert shown["Cache-Control"] == "no-store"
    client.logout()

    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    first, second = parsed(answer.content.decode())
    assert first["DTSTART"] == f"{made.starts_at.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    assert (first["DESCRIPTION"], first["STATUS"], second["STATUS"]) == (note, "CONFIRMED", "CANCELLED")
    assert first["LOCATION"].endswith("第一调解室")
    assert (first["URL"], "URL" in second) == ("https://meeting.example.cn/j/8041", False)
    assert case.number in first["SUMMARY"]
    assert "沈月琴" not in answer.content.decode()
    assert client.get(reverse("disputes:calendar_feed", args=[old])).status_code == 404
    assert old not in CalendarFeed.objects.get().digest
    hall["mediator"].postings.update(valid_to=stories.today() - stories.days(1))
    assert client.get(address).status_code == 404


def test_feed_is_revoked(client, hall):
    secret = feeds.make_feed(hall["mediator"], by=hall["mediator"])
    address = reverse("disputes:calendar_feed", args=[secret])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 405
    client.force_login(hall["mediator"])
    client.post(reverse("disputes:feed_revoke"))
    client.logout()
    assert client.get(address).status_code == 404


def test_lines_fold_between_letters():
    for text in ("a" * 200, "调解" * 60, "a调" * 50 + "𠮷" * 30, ""):
        parts = list(folded(text))
        assert all(len(part.encode()) <= 75 for part in parts)
        assert parts[0] + "".join(part[1:] for part in parts[1:]) == text
        assert all(part.startswith(" ") for part in parts[1:])
    assert escaped("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"


def test_head_sees_load_lateness_and_conflicts(client, hall):
    case = stories.mediating(hall)
    team.declare_interest(hall["mediator"], by=hall["mediator"], kind="kin", name="沈月琴")
    case.deadline.due_on = stories.today() - stories.days(2)
    case.deadline.save()
    stories.accepted(hall)
    client.force_login(hall["head"])

    html = client.get(reverse("disputes:centre")).content.decode()
    assert "近亲属" in html
    assert case.number in html
    assert html.index("超期的案件") < html.index(case.number) < html.index("等着指派调解员")
    assert "mediator 在手 1 件" in html
    # The way there stands on every page of the desk, for whoever may go it.
    there = f'href="{reverse("disputes:centre")}"'
    assert all(
        there in client.get(reverse(f"disputes:{page}")).content.decode() for page in ("day", "book", "rooms", "rota")
    )
    client.force_login(hall["mediator"])
    assert there not in client.get(reverse("disputes:book")).content.decode()


def test_day_of_a_mediator(client, hall, room):
    """Whom to meet when and where, those of colleagues apart, what is on the table by its deadline, who is on duty."""
    late, case = stories.mediating(hall), stories.mediating(hall)
    late.deadline.due_on = stories.today() - stories.days(2)
    late.deadline.save()
    other = appointments.open_room(hall.centre, by=hall["head"], name="第二调解室")
    nine = at_noon(stories.today() + stories.days(1)) - 3 * HOUR
    meet(hall, case, room, at=nine + 2 * HOUR, note="带身份证")
    meet(hall, late, room, at=nine)
    meet(hall, case, other, at=nine, mediator=hall["second_mediator"])
    meet(hall, case, room, at=nine + 24 * HOUR)
    off = meet(hall, case, room, at=nine + 6 * HOUR)
    appointments.cancel(off, by=hall["mediator"], reason="改期")
    client.force_login(hall["mediator"])
    page = client.get(reverse("disputes:day"), {"on": timezone.localdate(nine).isoformat()}).content.decode()
    parts = {name: part for part in page.split("<section ")[1:] for name in [part.split('"')[3].removesuffix("-h")]}

    assert re.findall(r"<time [^>]*>([\d:]+)</time>", parts["mine"]) == ["09:00", "11:00"]
    for words in ("到 12:00", "第一调解室", "带身份证", case.title):
        assert words in parts["mine"]
    assert re.findall(r"<time [^>]*>([\d:]+)</time>", parts["others"]) == ["09:00"]
    assert "第二调解室" in parts["others"]
    assert hall["second_mediator"].name in parts["others"]
    # What is late stands first.
    assert parts["cases"].index(late.number) < parts["cases"].index("超 2 天") < parts["cases"].index(case.number)


def test_pages_cost_the_same_for_many(client, hall, room, django_assert_max_num_queries):
    case = stories.mediating(hall)
    team.declare_interest(hall["mediator"], by=hall["mediator"], kind="kin", name="沈月琴")
    costs = {key: [] for key in ("day", "book", "rooms", "centre")}
    start = timezone.make_aware(datetime.datetime.combine(stories.today(), datetime.time(0)))
    slot = datetime.timedelta(minutes=10)
    made = 0
    for count in (1, 3, 60):
        for _turn in range(count):
            at = start + slot * made
            made += 1
            Appointment.objects.create(
                dispute=case, room=room, mediator=hall["mediator"], kind="online", starts_at=at, ends_at=at + slot,
                made_by=hall["mediator"],
            )  # fmt: skip
            Room.objects.create(organisation=hall.centre, name=f"小间 {made}")
        client.force_login(hall["head"])
        for key, found in costs.items():
            client.get(reverse(f"disputes:{key}"))
            with django_assert_max_num_queries(60) as counted:
                client.get(reverse(f"disputes:{key}"))
            found.append(len(counted))
    assert all(len(set(found)) == 1 for found in costs.values()), costs
    assert Dispute.objects.count() == 1


def test_a_room_is_renamed_closed_and_opened_again(client, hall, room):
    client.force_login(hall["head"])
    other = appointments.open_room(hall.centre, by=hall["head"], name="第二调解室")
    page = reverse("disputes:room", args=[room.pk])
    assert client.post(page, {"name": "第二调解室", "seats": 6}).status_code == 422
    assert client.post(page, {"name": "圆桌调解室", "seats": 6}).status_code == 302
    # Whoever opened the page before that is told, and keeps what was typed.
    late = client.post(page, {"name": "方桌调解室", "seats": 9, "version": room.version})
    assert (late.status_code, "现在是：名称：圆桌调解室，座位：6" in late.content.decode()) == (422, True)
    assert 'value="方桌调解室"' in late.content.decode()
    room.refresh_from_db()
    assert (room.name, room.seats) == ("圆桌调解室", 6)
    case, second = stories.mediating(hall), stories.mediating(hall)
    at = timezone.now() + HOUR
    made = meet(hall, case, room, at=at)
    past = meet(hall, case, room, at=timezone.now() - 3 * HOUR)
    close = reverse("disputes:room_close", args=[room.pk])

    # What is still to come is shown, and stands against the closing.
    shown = client.get(page).content.decode()
    assert case.number in shown
    assert "还有 1 个预约" in shown
    refused = client.post(close)
    assert (refused.status_code, "还有 1 个预约" in refused.content.decode()) == (422, True)
    taken = meet(hall, second, other, at=at, mediator=hall["second_mediator"])
    full = client.post(close, {"move_to": other.pk})
    assert (full.status_code, "移不过去" in full.content.decode()) == (422, True)
    made.refresh_from_db()
    room.refresh_from_db()
    assert (made.room, room.is_active, room.name) == (room, True, "圆桌调解室")

    appointments.cancel(taken, by=hall["mediator"], reason="改期")
    assert client.post(close, {"move_to": other.pk}).status_code == 302
    for row in (made, past, room):
        row.refresh_from_db()
    assert (made.room, past.room, room.is_active) == (other, room, False)
    with pytest.raises(ActionError, match="可预约"):
        meet(hall, case, room, at=at + 5 * HOUR)
    assert "不接受预约" in client.get(page).content.decode()
    assert client.post(reverse("disputes:room_reopen", args=[room.pk])).status_code == 302
    meet(hall, case, room, at=at + 5 * HOUR)


def test_who_keeps_a_room(client, hall, room):
    answers = {}
    asked = {name for name in EVERYBODY if name in ("head", "admin", "mediator", "cadre") or taken("room", name, of=3)}
    for name in asked:
        client.force_login(hall[name])
        page = client.get(reverse("disputes:room", args=[room.pk])).status_code
        shut = client.post(reverse("disputes:room_close", args=[room.pk])).status_code
        answers[name] = page
        assert shut == (302 if page == 200 else page), name
        Room.objects.filter(pk=room.pk).update(is_active=True)
    keepers = {name for name, status in answers.items() if status == 200}
    assert keepers == {"head", "admin"}
    assert {name for name, status in answers.items() if status == 403} == (CENTRE | DISTRICT) & asked - keepers


# --- the rota

MONDAY = datetime.date(2026, 11, 23)


def at_noon(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def plan(hall, name="judge", **fields):
    given = {
        "by": hall["head"],
        "user": hall[name],
        "seat": "judge",
        "first": MONDAY,
        "last": MONDAY + stories.days(13),
    }
    return duties.put_on(hall.centre, **{**given, "now": at_noon(MONDAY), **fields})


def days_of(made):
    return [duty.day.isoformat() for duty in made]


def test_rota_takes_the_working_days_that_were_asked_for(hall):
    fill_calendar()

    assert days_of(plan(hall, weekdays=[1, 3])) == ["2026-11-24", "2026-11-26", "2026-12-01", "2026-12-03"]
    # 2027-01-01 is a holiday; the weekend after it is one too.
    assert days_of(
        plan(hall, "arbitrator", first=datetime.date(2026, 12, 31), last=datetime.date(2027, 1, 4), weekdays=range(7))
    ) == ["2026-12-31", "2027-01-04"]


def test_nobody_is_on_duty_twice_and_nothing_is_half_planned(hall):
    plan(hall, weekdays=[2], part="morning")

    assert len(plan(hall, weekdays=[2], part="afternoon")) == 2
    with pytest.raises(ActionError, match="2026-11-25 已经在"):
        plan(hall, weekdays=[1, 2])
    assert Duty.objects.count() == 4
    with pytest.raises(ActionError, match="只能排今天和以后的班"):
        plan(hall, first=MONDAY - stories.days(1))
    with pytest.raises(ActionError, match="最多排 92 天"):
        plan(hall, last=MONDAY + stories.days(92))
    with pytest.raises(ActionError, match="没有可以排班的工作日"):
        plan(hall, last=MONDAY, weekdays=[5])


def test_head_plans_a_week_and_whoever_sits_there_sees_it(client, hall):
    today = stories.today()
    client.force_login(hall["head"])
    fields = {
        "centre": hall.centre.pk, "user": hall["judge"].pk, "seat": "judge", "first": today.isoformat(),
        "last": (today + stories.days(6)).isoformat(), "weekdays": ["0", "1", "2", "3", "4"], "part": "whole",
    }  # fmt: skip
    assert client.post(reverse("disputes:rota_new"), fields).status_code == 302
    coming = Duty.objects.latest("day")
    on = f"?on={coming.day.isoformat()}"
    assert f"disputes/desk/rota/{coming.pk}/off/" in client.get(reverse("disputes:rota") + on).content.decode()
    assert hall["judge"].name in client.get(reverse("disputes:day") + on).content.decode()

    # The judge has no post in the centre: the own days are there, the desk is not.
    client.force_login(hall["judge"])
    page = client.get(reverse("disputes:rota") + on).content.decode()
    assert hall["judge"].name in page
    assert "预约簿" not in page
    assert reverse("disputes:rota") in client.get(reverse("disputes:board")).content.decode()
    assert client.post(reverse("disputes:rota_off", args=[coming.pk])).status_code == 403
    client.force_login(hall["arbitrator"])
    assert client.get(reverse("disputes:rota")).status_code == 403
    assert client.get(reverse("disputes:rota_off", args=[coming.pk])).status_code == 404

    client.force_login(hall["head"])
    assert client.post(reverse("disputes:rota_off", args=[coming.pk])).status_code == 302
    assert client.post(reverse("disputes:rota_off", args=[coming.pk])).status_code == 422
    assert hall["judge"].name not in client.get(reverse("disputes:day") + on).content.decode()
    assert set(Event.objects.filter(verb__endswith="_duty").values_list("verb", flat=True)) == {
        "organisation.put_on_duty", "organisation.take_off_duty"
    }  # fmt: skip


def test_what_is_owed_to_many_on_one_day_stands_once(client, hall):
    people = [PartyDraft(side=Side.APPLICANT, name=f"挡车工{n}", amount=Decimal("1000.50")) for n in range(1, 4)]
    people.append(PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise))
    case = stories.accepted(hall, parties=people, cause="pay_arrears")
    case = steps.assign(case, by=hall["head"], members=stories.members(hall), recusal_checked=True)
    firm, day = case.parties.get(side=Side.RESPONDENT), stories.today() + stories.days(3)
    owed = [
        ObligationDraft(
            debtor=firm, creditor=worker, what="首期工资", amount=Decimal("1000.50"), instalment=1, due_on=day
        )
        for worker in case.parties.filter(side=Side.APPLICANT)
    ]
    draft = agreements.agree(
        case, by=hall["mediator"], result="付清", way="转账", total=Decimal("3001.50"), obligations=owed
    )
    stories.sign(draft, by=hall["mediator"])
    agreements.make_effective(stories.fresh(case), by=hall["case_clerk"])
    client.force_login(hall["mediator"])
    shown = client.get(reverse("disputes:day")).content.decode()
    assert (shown.count("首期工资"), "共 3 笔" in shown, "3,001.50" in shown) == (1, True, True)
    assert "首期工资 3,001.50 元" in client.get(reverse("disputes:board")).content.decode()
