"""A cadre's week: the quota with leave and short weeks out of it, who comes first, and what is written down late."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.world import SINCE, make_enterprise
from unionops.china.days import fill_calendar
from unionops.org.models import KeyListEntry
from visits.actions.visits import VisitDraft, log_visit
from visits.models import Visit
from visits.queries import quota_of

Day = datetime.date


def test_quota_leaves_out_leave_and_short_weeks(world):
    fill_calendar()
    cadre = world["cadre"]
    assert cadre.weekly_quota == 4
    cadre.leaves.create(starts_on=Day(2026, 3, 9), ends_on=Day(2026, 3, 10))
    cadre.leaves.create(starts_on=Day(2026, 3, 16), ends_on=Day(2026, 3, 18))

    # A whole week, two days of leave, three days of leave, Spring Festival.
    mondays = (Day(2026, 3, 2), Day(2026, 3, 9), Day(2026, 3, 16), Day(2026, 2, 16))
    assert [quota_of(cadre, monday) for monday in mondays] == [4, 4, 0, 0]


def test_week_on_leave_asks_for_no_visit(world, as_person):
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    world["cadre"].leaves.create(starts_on=monday, ends_on=monday + datetime.timedelta(days=6))

    assert "本周不计任务" in as_person("cadre").get(reverse("visits:plan")).content.decode()


def test_key_enterprises_come_first_among_those_not_visited_for_long(world, as_person):
    key = make_enterprise(world.town, "重点纺织有限公司")
    KeyListEntry.objects.create(enterprise=key, valid_from=SINCE)
    recent = make_enterprise(world.town, "新近走访有限公司")
    long_ago = timezone.localdate() - datetime.timedelta(days=90)
    visit = Visit(
        district=world.district, number="V25-9001", visited_on=long_ago, officer=world["cadre"], town=world.town,
        enterprise=key, submitted_by=world["cadre"],
    )  # fmt: skip
    visit.set_week()
    visit.save()
    log_visit(VisitDraft(visited_on=timezone.localdate(), enterprise=recent), by=world["cadre"])

    page = as_person("cadre").get(reverse("visits:plan")).content.decode()

    listed = page[page.index('id="long-h"') :]
    # The other one was never visited, and is no key enterprise.
    assert listed.index(key.name) < listed.index(world.enterprise.name)
    assert "90 天没去" in listed
    assert recent.name not in listed


@pytest.mark.parametrize(
    ("written", "late"), [(Day(2026, 11, 13), False), (Day(2026, 11, 16), False), (Day(2026, 11, 17), True)]
)
def test_visit_is_late_from_tuesday_on(world, as_person, written, late):
    now = timezone.make_aware(datetime.datetime.combine(written, datetime.time(23, 59)))
    draft = VisitDraft(visited_on=Day(2026, 11, 12), enterprise=world.enterprise, late_reason="忘了写" if late else "")
    visit = log_visit(draft, by=world["cadre"], now=now).visit

    assert visit.late is late
    assert Visit.objects.get().late is late
    assert ("补录" in as_person("leader").get(reverse("visits:visit", args=[visit.pk])).content.decode()) is late
