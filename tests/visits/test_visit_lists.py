"""The list of visits, one visit and the plan through the browser's door."""

from __future__ import annotations

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.columns import walk_columns
from tests.world import make_enterprise
from unionops.org.models import Event
from visits.actions.register import IssueDraft
from visits.actions.visits import VisitDraft, log_visit
from visits.models import Visit, VisitPlan

ROLES = ("cadre", "leader", "chief", "clerk", "town", "auditor", "admin")


def make_visit(world, **fields) -> Visit:
    draft = {
        "visited_on": timezone.localdate(), "enterprise": world.enterprise, "summary": "订单足，旺季加班多",
        "contact_name": "吴主席", "contact_phone": "13800002047", "checklist": {"workers": {"grade": "good", "note": "稳定"}},
        "policies": ["refund"],
    }  # fmt: skip
    issues = [IssueDraft(title="食堂油烟大", category=world.category)]
    return log_visit(VisitDraft(**(draft | fields)), issues, by=world["cadre"]).visit


@pytest.mark.parametrize("name", ROLES)
def test_pages_of_a_visit_for_each_role(world, as_person, name):
    visit = make_visit(world)
    client = as_person(name)
    visible = Visit.objects.visible_to(world[name]).exists()

    assert client.get(reverse("visits:visits") + "?all=1").status_code == 200
    for page in ("visit", "visit_print"):
        response = client.get(reverse(f"visits:{page}", args=[visit.pk]))
        assert response.status_code == (200 if visible else 404), page
        if visible:
            text = response.content.decode()
            assert "食堂油烟大" in text
            assert "13800002047" not in text


@pytest.mark.parametrize(("name", "query"), [("visits", "?period=month&sort=new"), ("issues", "?sort=new")])
def test_columns_are_chosen(world, as_person, name, query):
    make_visit(world)
    walk_columns(as_person("leader"), reverse(f"visits:{name}") + query)


def test_visit_of_another_district_does_not_exist(world, elsewhere, as_person):
    visit = make_visit(world)

    for page in ("visit", "visit_print", "visit_edit", "visit_reveal"):
        assert as_person("leader", elsewhere).get(reverse(f"visits:{page}", args=[visit.pk])).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "q=油烟", "q=订单", "q=%00", "period=week", "period=last_week", "period=month", "period=last_month", "which=mine",
        "which=key", "which=issues", "which=late", "which=corrected", "which=returned", "since=2026-02-30", "town=abc", "officer=999999",
        "sort=issues", "sort=number", "after=xx", "mode=site",
    ],
)  # fmt: skip
def test_list_takes_any_address(world, as_person, query):
    make_visit(world)

    assert as_person("leader").get(f"{reverse('visits:visits')}?{query}").status_code == 200


def test_list_finds_and_remembers(world, as_person):
    mine = make_visit(world)
    other = make_visit(world, enterprise=make_enterprise(world.town, "蓝湾电子有限公司"), summary="")
    client = as_person("leader")

    page = client.get(reverse("visits:visits"), {"q": "蓝湾"}).content.decode()
    again = client.get(reverse("visits:visits"), follow=True).content.decode()

    assert other.number in page
    assert mine.number not in page
    assert mine.number not in again


def correction(visit: Visit, **fields) -> dict[str, str]:
    return {
        "version": str(visit.version), "visited_on": visit.visited_on.isoformat(), "mode": "site", "summary": visit.summary,
        "contact_name": visit.contact_name, "policies": ["refund"], "check-workers": "good", "check-workers-note": "稳定",
    } | fields  # fmt: skip


def test_correction_keeps_the_version_before(world, as_person):
    visit = make_visit(world)
    url = reverse("visits:visit_edit", args=[visit.pk])

    response = as_person("cadre").post(url, correction(visit, summary="订单下滑，担心裁员"))

    assert response.status_code == 302, response.content.decode()
    page = as_person("leader").get(reverse("visits:visit", args=[visit.pk])).content.decode()
    assert "订单下滑，担心裁员" in page
    assert "订单足，旺季加班多" in page
    assert visit.versions.count() == 1


def test_stale_correction_is_told_and_keeps_its_words(world, as_person):
    visit = make_visit(world)
    url = reverse("visits:visit_edit", args=[visit.pk])
    as_person("clerk").post(url, correction(visit, summary="督办岗写的"))

    response = as_person("cadre").post(url, correction(visit, summary="干部写的"))

    page = response.content.decode()
    assert response.status_code == 409
    assert "干部写的" in page
    (current,) = re.findall(r'name="version" value="(\d+)"', page)
    assert as_person("cadre").post(url, correction(visit, summary="干部写的", version=current)).status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("visited_on", "2026-02-30"),
        ("started_at", "25:00"),
        ("interviewee_count", "-1"),
        ("mode", "boat"),
        ("visited_on", "2099-01-01"),
    ],
)
def test_bad_correction_is_named_and_keeps_the_rest(world, as_person, field, value):
    visit = make_visit(world)

    response = as_person("cadre").post(
        reverse("visits:visit_edit", args=[visit.pk]), correction(visit, summary="新的小结", **{field: value})
    )

    assert response.status_code == 422
    assert "新的小结" in response.content.decode()
    assert Visit.objects.get(pk=visit.pk).version == 1


def test_others_may_not_correct(world, as_person):
    visit = make_visit(world)

    assert as_person("town").get(reverse("visits:visit_edit", args=[visit.pk])).status_code == 403


def test_telephone_is_shown_for_a_reason_that_is_written_down(world, as_person):
    visit = make_visit(world)
    url = reverse("visits:visit_reveal", args=[visit.pk])

    shown = as_person("cadre").post(url, {"reason": "约下次走访"}, headers={"HX-Request": "true"})

    assert "13800002047" in shown.content.decode()
    assert Event.objects.about("visit", visit.pk).get(verb="visit.reveal").data["reason"] == "约下次走访"
    assert as_person("town").post(url, {"reason": "好奇"}).status_code == 403


def test_plan_is_filled_by_the_visit(world, as_person):
    client, today = as_person("cadre"), timezone.localdate()
    fields = {"enterprise": str(world.enterprise.pk), "day": today.isoformat()}

    assert client.post(reverse("visits:plan"), fields).status_code == 302
    plan = VisitPlan.objects.get()
    assert f"?plan={plan.pk}" in client.get(reverse("visits:plan")).content.decode()
    visit = make_visit(world)

    plan.refresh_from_db()
    assert plan.visit == visit
    assert client.post(reverse("visits:plan_drop", args=[plan.pk])).status_code in (409, 422)


def test_plan_is_ones_own(world, as_person):
    plan = VisitPlan.objects.create(
        user=world["cadre"],
        enterprise=world.enterprise,
        iso_year=2026,
        iso_week=1,
        planned_on=datetime.date(2026, 1, 1),
    )

    assert as_person("other_cadre").post(reverse("visits:plan_drop", args=[plan.pk])).status_code == 404
    assert as_person("leader").get(reverse("visits:plan")).status_code == 403
    assert as_person("cadre").post(reverse("visits:plan"), {"day": "2026-02-30"}).status_code == 422


def test_firm_that_was_not_visited_for_long_is_named_and_planned_with_one_tap(world, as_person):
    client = as_person("cadre")

    assert world.enterprise.name in client.get(reverse("visits:plan")).content.decode()
    monday = timezone.localdate() + datetime.timedelta(days=7 - timezone.localdate().weekday())
    client.post(reverse("visits:plan"), {"enterprise": str(world.enterprise.pk), "day": monday.isoformat()})

    assert VisitPlan.objects.get().planned_on == monday
    assert "已在计划里" in client.get(reverse("visits:plan")).content.decode()
