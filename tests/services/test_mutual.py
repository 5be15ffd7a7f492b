"""Mutual medical aid: a plan, lists that are counted, the money, claims against a valid enrolment, the year's figures."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from services.actions import cases
from services.actions.programmes import install
from services.catalogue import row_for
from services.claims.models import Claim
from services.enums import Applicant
from services.models import Programme
from services.mutual import actions
from services.mutual.cover import benefit
from services.mutual.enums import PROGRAMME
from services.mutual.models import Participant, Plan, UnitEnrolment
from tests.services.joining import IDENTITY, NAME, covering, plan_for
from tests.services.worlds import make_line, number_of
from tests.world import World
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme(world: World) -> Programme:
    install(world.district, [row_for(PROGRAMME)], by=world["admin"])
    found = Programme.objects.get(code=PROGRAMME)
    found.organisation = world.other_department
    found.save()
    return found


def claim(world: World, programme: Programme, **own: Any) -> Claim:
    today = timezone.localdate()
    given = {
        "plan_year": today.year, "item": "住院自付", "discharged_on": today, "own_cost": Decimal(4500), "total_cost": Decimal(9000),
    } | own  # fmt: skip
    return cases.register(
        programme, by=world["cadre"], applicant_kind=Applicant.PERSON, applicant_name=NAME, town=world.town,
        identity=given.pop("identity", IDENTITY), amount_asked=Decimal(2000), extras=given,
    )  # fmt: skip


def check(world: World, row: Claim) -> Claim:
    return cases.take(row, "check", by=world["officer"], papers=dict.fromkeys(row.programme.documents, "seen"))


def test_from_the_plan_to_the_payment(world: World, programme: Programme, as_person: Any) -> None:
    officer, town = as_person("officer"), as_person("town")
    year = timezone.localdate().year
    page = officer.get("/services/mutual/new/").content.decode()
    assert f"{year + 1}-01-01" in page
    terms = {
        "year": year, "name": "本年互助", "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31", "enrol_until": f"{year}-12-31",
        "fee": "100", "fee_own": "20", "waiting_days": "0", "claim_days": "180", "share": "50", "deductible": "500",
        "illness_amount": "5000", "death_amount": "2000", "year_ceiling": "4000",
    }  # fmt: skip
    assert officer.post("/services/mutual/new/", terms | {"fee_own": "200"}).status_code == 422
    assert officer.post("/services/mutual/new/", terms).status_code == 302
    assert officer.post("/services/mutual/new/", terms).status_code == 422
    plan = Plan.objects.get()
    home, units = f"/services/mutual/{plan.pk}/", f"/services/mutual/{plan.pk}/units/new/"
    given = {
        "unit": "恒润纺织",
        "town": world.town.pk,
        "members": "4",
        "lines": f"{NAME} {IDENTITY}\n王师傅\t{number_of(1)}",
    }
    # Not open yet, and the terms may still change.
    assert town.post(units, given).status_code == 409
    assert officer.post(f"{home}edit/", terms | {"name": "本年度互助"}).status_code == 302
    assert officer.post(f"{home}steps/open/").status_code == 302
    assert officer.get(f"{home}edit/").status_code == 409
    # All of a list or nothing: each wrong line is told.
    for bad, word in (
        (f"{NAME} 123", "第 1 行"),
        (f"{given['lines']}\n{NAME} {IDENTITY}", "是同一个人"),
        ("", "请上传名单"),
    ):
        refused = town.post(units, given | {"lines": bad})
        assert (refused.status_code, word in refused.content.decode()) == (422, True), word
    assert not UnitEnrolment.objects.exists()
    assert town.post(units, given).status_code == 302
    sheet = SimpleUploadedFile("名单.csv", f"序号,姓名,身份证号\n1,{NAME},{IDENTITY}\n2,李四,{number_of(2)}\n3,赵五,{number_of(3)}\n".encode())  # fmt: skip
    assert town.post(units, given | {"lines": "", "file": sheet}).status_code == 302
    unit = UnitEnrolment.objects.get()
    assert (unit.people, unit.fee, Participant.objects.count()) == (3, Decimal(300), 3)
    twice = town.post(units, given | {"unit": "另一家"})
    assert "已由恒润纺织参保" in twice.content.decode()
    listed = officer.get(f"/services/mutual/units/{unit.pk}/").content.decode()
    assert NAME in listed
    assert IDENTITY not in listed
    # Four eyes: whoever entered the list does not confirm the money, and after it the list stays.
    with pytest.raises(NotAllowed):
        actions.confirm_paid(unit, by=world["town"], voucher="HZ-1", paid_on=timezone.localdate())
    paid = {"voucher": "HZ-1", "paid_on": timezone.localdate().isoformat()}
    assert officer.post(f"/services/mutual/units/{unit.pk}/paid/", paid).status_code == 302
    assert town.post(units, given).status_code == 422
    row = claim(world, programme)
    with pytest.raises(InvalidTransition, match="还没有进入保障期"):
        check(world, row)
    for verb in ("close", "start"):
        assert officer.post(f"{home}steps/{verb}/").status_code == 302
    assert town.post(units, given | {"unit": "来晚的"}).status_code == 409
    row = check(world, row)
    # (4,500 - 500) x 50 %
    assert row.reckoned["amount"] == "2000.00"
    assert "恒润纺织" in officer.get(f"/services/claim/{row.pk}/").content.decode()
    row = cases.take(row, "verify", by=world["officer"])
    line = make_line(world, programme)
    with pytest.raises(ActionError, match="测算是"):
        cases.take(row, "approve", by=world["leader"], amount=Decimal(2001), budget_line=line)
    row = cases.take(row, "approve", by=world["leader"], amount=Decimal(2000), budget_line=line)
    # The ceiling of the year is what is left: 4,000 - 2,000.
    other = check(world, claim(world, programme, item="重大疾病"))
    assert Decimal(other.reckoned["amount"]) == 2000
    shown = as_person("leader").get(home).content.decode()
    for words in ("参保单位（家）", ">3<", "300.00", "75.00%"):
        assert words in shown, words


@pytest.mark.parametrize(
    ("terms", "own", "words"),
    [
        ({}, {"identity": number_of(7)}, "没有这个身份证号的有效参保"),
        ({"waiting_days": 365}, {}, "不在保障期内"),
        ({}, {"plan_year": 2001}, "还没有这个年度的互助计划"),
        ({"claim_days": 1}, {"days": 3}, "超过了申请期限"),
    ],
)
def test_what_stands_against_a_claim(
    world: World, programme: Programme, terms: dict[str, Any], own: dict[str, Any], words: str
) -> None:
    covering(world, programme, **terms)
    if days := own.pop("days", 0):
        own["discharged_on"] = timezone.localdate() - datetime.timedelta(days=days)
    row = claim(world, programme, **own)
    with pytest.raises(InvalidTransition, match=words):
        check(world, row)


def test_the_arithmetic(world: World, programme: Programme) -> None:
    plan = plan_for(world, programme)
    table = [
        ("住院自付", 4500, 0, 2000), ("住院自付", 400, 0, 0), ("意外", 400, 0, 200), ("住院自付", 100_000, 0, 4000),
        ("重大疾病", 0, 0, 4000), ("重大疾病", 0, 3500, 500), ("身故慰问", 0, 5000, 0),
    ]  # fmt: skip
    for item, own, had, amount in table:
        assert benefit(plan, item, Decimal(own), Decimal(had))[0] == amount, (item, own, had)


def test_who_sees_which_list(world: World, programme: Programme, as_person: Any) -> None:
    unit = covering(world, programme, confirmed=False)
    page = f"/services/mutual/units/{unit.pk}/"
    answers = {name: as_person(name).get(page).status_code for name in ("officer", "leader", "town", "other_cadre")}  # fmt: skip
    assert answers["officer"] == answers["leader"] == answers["town"] == 200
    assert answers["other_cadre"] == 404
    assert as_person("town").post(f"/services/mutual/{unit.plan_id}/steps/close/").status_code == 403
    assert as_person("leader").get("/services/mutual/new/").status_code == 403
