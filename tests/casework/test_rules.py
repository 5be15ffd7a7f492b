"""Time limits and the working calendar: kept by administrators, logged, shown before they move a clock."""

from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse

from unionops.casework import deadlines
from unionops.casework.models import Deadline, Term
from unionops.china.models import CalendarDay
from unionops.org.models import Event

ADDRESSES = ("/settings/terms/", "/settings/calendar/", "/settings/calendar/2027/", "/settings/calendar/day/", "/settings/calendar/2027/announce/")  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_administrators_open_the_rules(world, as_person, client, address):
    assert as_person("admin").get(address).status_code == 200
    for who in ("leader", "clerk", "auditor", "cadre"):
        assert as_person(who).get(address).status_code == 403
    assert client.get(address).status_code == 302


def test_a_new_limit_is_for_new_clocks_and_stands_in_the_log(world, as_person):
    term = Term.objects.exclude(length=3).first()
    running = deadlines.start(world.issue(), term.code, on=datetime.date(2026, 11, 20))
    fields = {"length": "3", "unit": "natural", "source": "办理时限表 第 9 条"}

    assert as_person("admin").post(reverse("casework:term", args=[term.pk]), fields).status_code == 302

    kept = Deadline.objects.get(pk=running.pk)
    assert (kept.length, kept.due_on) == (running.length, running.due_on)
    assert deadlines.start(world.issue(), term.code, on=datetime.date(2026, 11, 20)).length == 3
    event = Event.objects.get(verb="term.edit")
    assert event.district == world.district
    assert event.data["changes"]["length"] == [term.length, 3]


@pytest.mark.parametrize("length", ["0", "-1", "366", "abc", ""])
def test_a_limit_without_sense_is_refused_at_its_field(world, as_person, length):
    term = Term.objects.first()
    answer = as_person("admin").post(
        reverse("casework:term", args=[term.pk]), {"length": length, "unit": "natural", "source": "依据"}
    )

    assert answer.status_code == 422
    assert Term.objects.get(pk=term.pk).length == term.length


def test_notice_of_a_year_is_shown_first_and_then_moves_the_clocks(world, as_person):
    term = Term.objects.filter(unit="working").first()
    clock = deadlines.start(world.issue(), term.code, on=datetime.date(2026, 12, 31))
    fields = {
        "notice": "国办发明电〔2026〕7 号", "rest": "2027-01-01 至 2027-01-14 加放", "work": "",
    }  # fmt: skip
    address = reverse("casework:calendar_announce", args=[2027])

    asked = as_person("admin").post(address, fields).content.decode()
    assert "1 个在走的期限会改变" in asked
    assert Deadline.objects.get(pk=clock.pk).due_on == clock.due_on
    assert CalendarDay.objects.of_year(2027).filter(confirmed=True).count() == 0
    assert as_person("admin").post(address, fields | {"confirmed": "1"}).status_code == 302

    assert Deadline.objects.get(pk=clock.pk).due_on > clock.due_on
    assert not CalendarDay.objects.of_year(2027).filter(confirmed=False).exists()
    assert Event.objects.get(verb="calendarday.announce").data["recomputed"] == 1


@pytest.mark.parametrize(
    ("rest", "work"),
    [("2027-13-01 春节", ""), ("春节", ""), ("2026-02-17 春节", ""), ("2027-02-11 至 2027-02-05 春节", ""), ("2027-02-05 春节", "2027-02-08")],
)  # fmt: skip
def test_notice_that_cannot_be_read_is_refused_and_kept_in_the_form(world, as_person, rest, work):
    answer = as_person("admin").post(
        reverse("casework:calendar_announce", args=[2027]),
        {"notice": "通知", "rest": rest, "work": work, "confirmed": "1"},
    )

    page = answer.content.decode()
    assert "还不能提交" in page
    assert rest in page
    assert not Event.objects.filter(verb="calendarday.announce").exists()


def test_one_day_is_changed(world, as_person):
    fields = {"date": "2026-12-12", "is_workday": "1", "name": "调休上班", "notice": "区府办通知"}

    assert as_person("admin").post(reverse("casework:calendar_day"), fields).status_code == 302

    day = CalendarDay.objects.get(pk="2026-12-12")
    assert (day.is_workday, day.confirmed, day.source) == (True, True, "office")
    assert as_person("admin").post(reverse("casework:calendar_day"), fields | {"date": "1999-01-01"}).status_code == 422


def test_limit_and_day_that_somebody_else_has_just_changed_are_told_and_kept(world, as_person):
    term = Term.objects.exclude(length__in=[3, 4]).first()
    days = {"date": "2026-12-12", "name": "调休上班", "notice": "区府办通知"}
    year = {"notice": "国办通知", "rest": "2026-01-01 元旦"}
    limit, day = reverse("casework:term", args=[term.pk]), reverse("casework:calendar_day")
    announced = reverse("casework:calendar_announce", args=[2026])
    admin, seen = as_person("admin"), {}
    for page in (limit, day, announced):
        seen[page] = {"version": re.search(r'name="version"[^>]*value="(\d+)"', admin.get(page).content.decode())[1]}
    fields = {"length": "3", "unit": "natural", "source": "第 9 条"}
    assert admin.post(limit, fields | seen[limit]).status_code == 302
    assert admin.post(day, days | {"is_workday": "1"} | seen[day]).status_code == 302

    for page, typed, stands, kept in (
        (limit, fields | {"length": "4", "unit": "working"}, "天数：3，按什么日：自然日", 'value="4"'),
        (day, days | {"is_workday": "0"}, "这一天：上班", 'value="调休上班"'),
        (announced, year, "2026-12-12", "2026-01-01 元旦</textarea>"),
        (announced, year | {"confirmed": "1"}, "2026-12-12", "2026-01-01 元旦</textarea>"),
    ):
        answer = admin.post(page, typed | seen[page])
        told = answer.content.decode()
        assert (answer.status_code, "别人改动了这里" in told, stands in told, kept in told) == (
            422,
            True,
            True,
            True,
        ), page

    term.refresh_from_db()
    assert (term.length, CalendarDay.objects.get(pk="2026-12-12").is_workday) == (3, True)
    again = {"version": re.search(r'name="version"[^>]*value="(\d+)"', told)[1]}
    assert admin.post(day, days | {"is_workday": "0"} | again).status_code == 302
