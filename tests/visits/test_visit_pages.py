"""The list of visits, one visit and the plan of the week, for each role and for any number of rows."""

from __future__ import annotations

import datetime
import html
import itertools
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.world import make_enterprise
from unionops.casework.models import Notice, SavedView
from unionops.org.models import Event
from visits import jobs
from visits.actions.visits import VisitDraft, correct_visit, log_visit, plan_visit
from visits.models import Visit, VisitPlan, VisitVersion
from visits.queries import done_in_week, week_of

MOST_STATEMENTS = 6
_serial = itertools.count(1)


def make_visit(world, by: str = "cadre", **fields: object) -> Visit:
    draft = {"visited_on": timezone.localdate(), "enterprise": world.enterprise, "contact_phone": "13800002047"}
    return log_visit(VisitDraft(**draft | fields), by=world[by]).visit


def old_visit(world, **fields: object) -> Visit:
    """A visit as a ledger would bring it: rows in any number, without the action's steps."""
    values = {
        "district": world.district, "number": f"V25-{next(_serial):04d}", "visited_on": timezone.localdate(),
        "officer": world["cadre"], "submitted_by": world["cadre"], "town": world.town, "enterprise": world.enterprise,
    }  # fmt: skip
    visit = Visit(**values | fields)
    visit.set_week()
    visit.save()
    return visit


# Who sees a visit of the town; everybody else gets 404, as if it did not exist.
SEES = {"cadre", "leader", "chief", "clerk", "town"}


def test_visit_exists_for_its_town_and_its_district(world, as_person):
    url = reverse("visits:visit", args=[make_visit(world).pk])

    seen = {name for name in world.people if as_person(name).get(url).status_code == 200}

    assert seen == SEES
    for name in set(world.people) - seen:
        assert as_person(name).get(url).status_code == 404, name


@pytest.mark.parametrize("page", ["visit", "visit_edit", "visit_print", "visit_reveal"])
def test_visit_of_another_district_does_not_exist(world, elsewhere, as_person, page):
    theirs = make_visit(elsewhere)

    for name in ("cadre", "leader", "clerk", "admin"):
        assert as_person(name).get(reverse(f"visits:{page}", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("page", ["visits", "plan", "log"])
def test_nobody_without_an_account_gets_in(db, page):
    assert Client().get(reverse(f"visits:{page}"))["Location"].startswith(reverse("org:sign_in"))


@pytest.mark.parametrize("page", ["visit", "visit_print"])
def test_page_says_what_was_seen(world, as_person, page):
    visit = make_visit(
        world, summary="订单足", policies=["refund"], contact_name="沈国祥",
        checklist={"employment": {"grade": "problem", "note": "加班超时"}},
    )  # fmt: skip

    shown = as_person("leader").get(reverse(f"visits:{page}", args=[visit.pk])).content.decode()

    for words in (visit.number, world.enterprise.name, "订单足", "经费返还", "沈国祥", "加班超时", "138"):
        assert words in shown
    assert "13800002047" not in shown


@pytest.mark.parametrize("query", ["", "?period=month", "?q=恒润", "?which=mine&sort=issues", "?sort=number"])
def test_list_costs_the_same_for_any_number_of_visits(world, as_person, query):
    counts = []
    for wanted in (1, 3, 100):
        while Visit.objects.count() < wanted:
            old_visit(world, enterprise=make_enterprise(world.town))
        cadre = as_person("cadre")
        cadre.get(f"/visits/{query}")
        with CaptureQueriesContext(connection) as queries:
            assert cadre.get(f"/visits/{query or '?all=1'}").status_code == 200
        # The check of the login session is a cache's; what is left is person, postings, rows, count and bell.
        counts.append(len(queries))

    assert max(counts) <= MOST_STATEMENTS, counts


def test_list_is_walked_page_by_page_without_loss(world, as_person):
    numbers = {
        old_visit(world, visited_on=timezone.localdate() - datetime.timedelta(days=n % 7)).number for n in range(120)
    }
    cadre, url, found = as_person("cadre"), "/visits/?all=1", []

    while url:
        response = cadre.get(url)
        found += re.findall(r"V25-\d{4}", response.content.decode())
        url = _next(response)

    assert len(found) == len(set(found)) == 120
    assert set(found) == numbers


def _next(response) -> str:

    found = re.search(r'<a href="([^"]+)" rel="next"', response.content.decode())
    return html.unescape(found[1]) if found else ""


def test_filters_say_what_they_say(world, as_person):
    today = timezone.localdate()
    mine = old_visit(world, visited_on=today)
    key = old_visit(world, visited_on=today - datetime.timedelta(days=200), is_key_enterprise=True)
    late = old_visit(world, visited_on=today - datetime.timedelta(days=40), late=True, town=world.other_town)
    heard = old_visit(world, visited_on=today, issue_count=2, officer=world["other_cadre"], mode="phone")
    leader = as_person("leader")
    found = {
        query: {number for number in (mine.number, key.number, late.number, heard.number) if number in shown}
        for query in (
            "period=week", "which=key", "which=late", "which=issues", f"town={world.other_town.pk}", "mode=phone",
            f"officer={world['other_cadre'].pk}", f"until={today - datetime.timedelta(days=100)}", f"q={mine.number}",
        )
        for shown in [leader.get(f"/visits/?{query}").content.decode()]
    }  # fmt: skip

    assert found == {
        "period=week": {mine.number, heard.number}, "which=key": {key.number}, "which=late": {late.number},
        "which=issues": {heard.number}, f"town={world.other_town.pk}": {late.number}, "mode=phone": {heard.number},
        f"officer={world['other_cadre'].pk}": {heard.number},
        f"until={today - datetime.timedelta(days=100)}": {key.number}, f"q={mine.number}": {mine.number},
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["town=x", "town=999999", "officer=-1", "since=2026-02-30", "period=never", "after=zzz", "sort=x", "q=\0", "q=%25_'", "after=" + "A" * 400],
)  # fmt: skip
def test_filter_that_makes_no_sense_filters_nothing(world, as_person, query):
    assert as_person("leader").get(f"/visits/?{query}").status_code == 200


def test_filter_is_remembered_until_cleared(world, as_person):
    cadre = as_person("cadre")

    cadre.get("/visits/?period=month")
    assert cadre.get("/visits/")["Location"] == "/visits/?period=month"
    cadre.get("/visits/?all=1")
    assert cadre.get("/visits/").status_code == 200


# --- correction


def facts(visit: Visit, **changed: object) -> dict[str, object]:
    return {
        "version": visit.version, "visited_on": visit.visited_on.isoformat(), "mode": visit.mode, "summary": visit.summary,
        "contact_name": "", "contact_role": "", "companions": "", "interviewee_count": "", **changed,
    }  # fmt: skip


def test_correction_is_a_version_and_who_may_not_gets_403(world, as_person):
    visit = make_visit(world, summary="订单足")
    url = reverse("visits:visit_edit", args=[visit.pk])

    assert as_person("town").post(url, facts(visit)).status_code == 403
    response = as_person("cadre").post(
        url, facts(visit, summary="订单不足", reason="写反了", **{"check-rights": "good"})
    )

    assert response.status_code == 302, response.content.decode()
    visit.refresh_from_db()
    assert (visit.summary, visit.version) == ("订单不足", 2)
    assert visit.checklist == {"rights": {"grade": "good"}}
    assert VisitVersion.objects.get(visit=visit).fields["summary"] == "订单足"
    shown = as_person("cadre").get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "订单足 → 订单不足" in shown
    assert "写反了" in shown


def test_two_corrections_at_once_lose_nothing(world, as_person):
    visit = make_visit(world, summary="订单足")
    cadre, url = as_person("cadre"), reverse("visits:visit_edit", args=[visit.pk])
    mine = facts(visit, summary="我写的小结")
    correct_visit(visit, by=world["clerk"], fields={"summary": "督办岗写的"})

    refused = cadre.post(url, mine)

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "我写的小结" in page
    assert 'name="version" value="2"' in page
    assert cadre.post(url, mine | {"version": "2"}).status_code == 302
    visit.refresh_from_db()
    assert visit.summary == "我写的小结"


def test_corrections_that_do_not_collide_become_one(world, as_person):
    visit = make_visit(world, summary="订单足")
    url = reverse("visits:visit_edit", args=[visit.pk])
    mine = facts(visit, contact_name="沈国祥", **{"check-rights": "problem", "check-rights-note": "没有职代会"})
    others = {"summary": "订单不足", "started_at": datetime.time(9, 30), "policies": ["refund"]}
    correct_visit(visit, by=world["clerk"], fields=others | {"checklist": {"workers": {"grade": "good"}}})
    correct_visit(visit, by=world["clerk"], fields={"summary": "订单少", "mode": "phone"})

    assert as_person("cadre").post(url, mine).status_code == 302

    visit.refresh_from_db()
    assert (visit.version, visit.summary, visit.contact_name, visit.mode) == (4, "订单少", "沈国祥", "phone")
    assert (visit.started_at, visit.policies) == (datetime.time(9, 30), ["refund"])
    assert visit.checklist == {"workers": {"grade": "good"}, "rights": {"grade": "problem", "note": "没有职代会"}}


def test_collision_is_shown_place_by_place_with_who_and_when(world, as_person):
    visit = make_visit(world, summary="订单足")
    cadre, url = as_person("cadre"), reverse("visits:visit_edit", args=[visit.pk])
    mine = facts(visit, summary="我写的小结", **{"check-rights": "problem", "check-rights-note": "没有职代会"})
    others = {"summary": "督办岗写的", "contact_name": "丁伟民", "checklist": {"rights": {"grade": "good"}}}
    correct_visit(visit, by=world["clerk"], fields=others)

    refused = cadre.post(url, mine)

    page = refused.content.decode()
    assert refused.status_code == 409
    table = page[page.index('<table class="versus"') : page.index("</table>")]
    assert table.count("<tr>") == 3
    for words in ("我写的小结", "督办岗写的", "问题（没有职代会）", "良好", world["clerk"].name):
        assert words in table
    # What the other wrote elsewhere is in the form; what collides is as it was typed.
    assert 'value="丁伟民"' in page
    assert "我写的小结</textarea>" in page
    visit.refresh_from_db()
    assert (visit.version, visit.summary) == (2, "督办岗写的")
    assert cadre.post(url, mine | {"version": "2", "contact_name": "丁伟民"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.version, visit.summary, visit.contact_name) == (3, "我写的小结", "丁伟民")


def test_third_correction_after_the_collision_is_looked_at_again(world, as_person):
    visit = make_visit(world, summary="订单足")
    cadre, url = as_person("cadre"), reverse("visits:visit_edit", args=[visit.pk])
    mine = facts(visit, summary="我写的小结")
    correct_visit(visit, by=world["clerk"], fields={"summary": "督办岗写的"})
    assert cadre.post(url, mine).status_code == 409
    correct_visit(visit, by=world["clerk"], fields={"summary": "督办岗又写的"})

    again = cadre.post(url, mine | {"version": "2"})

    assert again.status_code == 409
    assert "督办岗又写的" in again.content.decode()
    assert 'name="version" value="3"' in again.content.decode()


def test_visit_of_a_closed_month_is_corrected_with_a_reason_only(world, as_person):
    visit = old_visit(world, visited_on=timezone.localdate() - datetime.timedelta(days=90))
    cadre, url = as_person("cadre"), reverse("visits:visit_edit", args=[visit.pk])

    without = cadre.post(url, facts(visit, summary="补记"))
    assert without.status_code == 422
    assert "要写理由" in without.content.decode()
    visit.refresh_from_db()
    assert visit.version == 1


# --- sent back to be completed


def send_back(client: Client, visit: Visit, reason: str):
    return client.post(reverse("visits:visit_return", args=[visit.pk]), {"reason": reason})


def told(verb: str) -> list[str]:
    return list(Notice.objects.filter(verb=f"visit.{verb}").values_list("user__username", flat=True))


def test_visit_that_was_sent_back_counts_nowhere_until_it_comes_again(world, as_person):
    visit, cadre, today = make_visit(world), as_person("cadre"), timezone.localdate()
    assert as_person("town").get(reverse("visits:visit_return", args=[visit.pk])).status_code == 403
    assert send_back(as_person("cadre"), visit, "自己退").status_code == 403
    assert send_back(as_person("clerk"), visit, " ").status_code == 422

    assert send_back(as_person("clerk"), visit, "五看没有填").status_code == 302

    assert told("return_back") == ["cadre"]
    assert week_of(world["cadre"], today).done == done_in_week(world["cadre"], monday_of(today)) == 0
    assert visit.number in cadre.get(reverse("casework:inbox")).content.decode()
    page = cadre.get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "五看没有填" in page
    assert "补正后提交" in page
    assert send_back(as_person("leader"), visit, "再退一次").status_code == 409
    assert visit.number in as_person("leader").get("/visits/?which=returned").content.decode()

    edit = reverse("visits:visit_edit", args=[visit.pk])
    assert "五看没有填" in cadre.get(edit).content.decode()
    assert cadre.post(edit, facts(visit, **{"check-rights": "good"})).status_code == 302

    assert told("resubmit") == ["clerk"]
    assert week_of(world["cadre"], today).done == done_in_week(world["cadre"], monday_of(today)) == 1
    assert visit.number not in cadre.get(reverse("casework:inbox")).content.decode()
    assert "补正后重新提交" in as_person("leader").get(reverse("visits:visit", args=[visit.pk])).content.decode()


def monday_of(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=day.weekday())


def test_visit_that_was_sent_back_for_nothing_is_submitted_as_it_was(world, as_person):
    visit = make_visit(world)
    send_back(as_person("clerk"), visit, "照片看不清")

    cadre = as_person("cadre")
    cadre.post(reverse("visits:visit_edit", args=[visit.pk]), facts(visit))

    visit.refresh_from_db()
    assert (visit.state, visit.version) == ("submitted", 1)


def test_closed_month_takes_nothing_back_and_leaves_out_what_never_came(world, as_person):
    closed = old_visit(world, visited_on=timezone.localdate() - datetime.timedelta(days=90))
    missing = old_visit(world, visited_on=closed.visited_on, state="returned")

    assert send_back(as_person("clerk"), closed, "漏了").status_code == 409
    jobs.lock_closed_months(timezone.now())

    assert set(Visit.objects.values_list("pk", "state")) == {(closed.pk, "locked"), (missing.pk, "returned")}


def test_many_are_sent_back_with_one_reason_and_a_receipt(world, as_person):
    open_one, again = make_visit(world), make_visit(world)
    send_back(as_person("leader"), again, "先退过")
    closed = old_visit(world, visited_on=timezone.localdate() - datetime.timedelta(days=90))
    fields = {"verb": "return_back", "picked": [visit.pk for visit in (open_one, again, closed)], "text": "请补五看"}

    page = as_person("clerk").post(reverse("visits:visit_bulk"), fields).content.decode()

    assert "办好 1 件，跳过 2 件" in page
    assert "已经退回" in page
    assert "已经结账锁定" in page
    open_one.refresh_from_db()
    assert open_one.state == "returned"
    assert as_person("cadre").post(reverse("visits:visit_bulk"), fields).status_code == 403
    assert 'name="picked"' not in as_person("cadre").get("/visits/?all=1").content.decode()


def test_filter_of_visits_is_kept_under_a_name_of_ones_own(world, as_person):
    leader, query = as_person("leader"), "which=late"
    leader.post(reverse("visits:visit_save_view"), {"name": "补录的", "query": query})
    view = SavedView.objects.get(page="visits")

    assert f"/visits/?{query}" in leader.get("/visits/?all=1").content.decode()
    assert (
        "补录的"
        not in as_person("clerk")
        .get("/visits/?all=1")
        .content.decode()
        .partition("<main")[2]
        .partition('class="fb"')[0]
    )
    as_person("clerk").post(reverse("visits:visit_drop_view", args=[view.pk]))
    assert SavedView.objects.exists()
    leader.post(reverse("visits:visit_drop_view", args=[view.pk]))
    assert not SavedView.objects.exists()


# --- the contact's number


def test_contact_is_shown_after_a_reason_and_the_look_is_in_the_timeline(world, as_person):
    visit = make_visit(world)
    url = reverse("visits:visit_reveal", args=[visit.pk])

    assert as_person("town").post(url, {"reason": "想看"}).status_code == 403
    assert as_person("cadre").post(url, {"reason": ""}).status_code == 422
    told = as_person("cadre").post(url, {"reason": "约下次走访"}, headers={"HX-Request": "true"})

    assert "13800002047" in told.content.decode()
    assert told["Cache-Control"] == "no-store"
    event = Event.objects.get(kind="visit", verb="visit.reveal")
    assert (event.by, event.data["reason"]) == (world["cadre"], "约下次走访")
    assert "约下次走访" in as_person("leader").get(reverse("visits:visit", args=[visit.pk])).content.decode()


# --- the plan


def test_plan_is_made_dropped_and_ones_own(world, as_person):
    cadre, today = as_person("cadre"), timezone.localdate()

    cadre.post(reverse("visits:plan"), {"enterprise": str(world.enterprise.pk), "day": today.isoformat()})
    plan = VisitPlan.objects.get()
    assert as_person("other_cadre").post(reverse("visits:plan_drop", args=[plan.pk])).status_code == 404
    assert world.enterprise.name in cadre.get(reverse("visits:plan")).content.decode()
    cadre.post(reverse("visits:plan_drop", args=[plan.pk]))

    assert not VisitPlan.objects.exists()


@pytest.mark.parametrize(("enterprise", "day"), [("x", ""), ("", "2026-02-30"), ("", "1999-01-01"), ("", "")])
def test_plan_of_nonsense_is_refused(world, as_person, enterprise, day):
    response = as_person("cadre").post(reverse("visits:plan"), {"enterprise": enterprise, "day": day})

    assert response.status_code == 422
    assert not VisitPlan.objects.exists()


def test_plan_costs_the_same_for_any_number_of_firms(world, as_person):
    cadre, counts = as_person("cadre"), []
    for wanted in (1, 3, 40):
        while VisitPlan.objects.count() < wanted:
            plan_visit(world["cadre"], make_enterprise(world.town), day=timezone.localdate())
        cadre.get(reverse("visits:plan"))
        with CaptureQueriesContext(connection) as queries:
            assert cadre.get(reverse("visits:plan")).status_code == 200
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts


def test_plan_is_for_who_makes_visits(world, as_person):
    allowed = {name for name in world.people if as_person(name).get(reverse("visits:plan")).status_code == 200}

    assert allowed == {"cadre", "other_cadre", "town"}
