"""Programmes and their cases over HTTP: the same forms and actions as the pages, nothing personal in clear, nothing twice."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from services.claims.models import Claim
from services.models import Programme
from tests.api.conftest import Caller
from tests.services.worlds import make_issue, make_line, make_programme
from tests.world import World

FIELDS = [
    {"key": "hospital", "label": "医院", "required": True},
    {"key": "child", "label": "孩子姓名"},
    {"key": "diagnosis", "label": "诊断", "sealed": True},
    {
        "key": "opinion",
        "label": "结论",
        "kind": "choice",
        "choices": ["属实", "不属实"],
        "at": "verify",
        "required": True,
    },
]
NAME, CHILD, PHONE, IDENTITY = "欧阳丰收", "欧阳小满", "13812345678", "33060219900101001X"


@pytest.fixture
def programme(world: World) -> Programme:
    return make_programme(world, fields=FIELDS, names={"state:checked": "初审过了"}, terms={"checked": [5, "working"]})


def body(of: Programme, **more: Any) -> dict[str, Any]:
    return {
        "programme": of.code, "applicant_kind": "person", "applicant_name": NAME, "phone": PHONE, "identity": IDENTITY,
        "amount_asked": "3000.00", "details": {"hospital": "人民医院", "child": CHILD, "diagnosis": "慢性肾病"}, **more,
    }  # fmt: skip


def test_a_case_goes_its_way_by_http(world: World, programme: Programme) -> None:
    cadre, officer, leader = (Caller(world[name]) for name in ("cadre", "officer", "leader"))
    made = cadre.post("/api/v1/claims/", body(programme, town=world.town.pk))
    assert made.status_code == 201, made.content.decode()
    record = made.json()
    assert record["programme"] == {"code": programme.code, "name": programme.name}
    assert (record["amount_asked"], record["details"]["hospital"]) == ("3000.00", "人民医院")
    assert record["town"]["id"] == world.town.pk
    assert {one["verb"] for one in record["refused"]} >= {"publish", "approve"}
    place = made["Location"]
    assert place == f"/api/v1/claims/{record['id']}/"

    checked = officer.post(f"{place}transitions/check/", {"note": "材料齐"}, if_match='"1"').json()
    assert (checked["state"], checked["state_label"], checked["clock"] is not None) == ("checked", "初审过了", True)
    stale = officer.post(f"{place}transitions/verify/", {"details": {"opinion": "属实"}}, if_match='"1"')
    assert stale.status_code == 409
    missing = officer.post(f"{place}transitions/verify/", {})
    assert missing.status_code == 400
    assert missing.json()["errors"][0]["field"] == "details.opinion"
    assert officer.post(f"{place}transitions/verify/", {"details": {"opinion": "属实"}}).status_code == 200
    # What stands in the form already need not be sent: so many working days, the amount asked for.
    assert officer.post(f"{place}transitions/publish/", {"complaint_phone": "85120000"}).status_code == 200
    assert officer.post(f"{place}transitions/clear/", {}).status_code == 409
    long_ago = timezone.localdate() - datetime.timedelta(days=20)
    Claim.objects.get(pk=record["id"]).publications.update(starts_on=long_ago, ends_on=long_ago + datetime.timedelta(9))
    assert officer.post(f"{place}transitions/clear/", {}).status_code == 200
    decided = {"amount": "2800.00", "budget_line": make_line(world, programme).pk}
    assert officer.post(f"{place}transitions/approve/", decided).status_code == 403
    assert leader.post(f"{place}transitions/approve/", decided).json()["amount"] == "2800.00"
    said = [event["verb"] for event in cadre.get(f"{place}timeline/").json()["results"]]
    assert said == ["claim.register", "claim.check", "claim.verify", "claim.publish", "claim.clear", "claim.approve"]


def test_names_and_sealed_values_never_leave(world: World, programme: Programme) -> None:
    officer = Caller(world["officer"])
    made = officer.post("/api/v1/claims/", body(programme, description=f"{NAME}的孩子{CHILD}住院"))
    place = made["Location"]
    for path in ("/api/v1/claims/", place, f"{place}timeline/", "/api/v1/inbox/?tab=department"):
        text = officer.get(path).content.decode()
        assert not any(secret in text for secret in (NAME, CHILD, PHONE, IDENTITY, "慢性肾病")), path
    assert officer.get(place).json()["applicant"] == "欧**收"


def test_the_same_key_makes_one_case(world: World, programme: Programme) -> None:
    cadre = Caller(world["cadre"])
    answers = [cadre.post("/api/v1/claims/", body(programme), idempotency_key="one") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Claim.objects.filter(programme=programme).count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"programme": "nothing"}, "programme"),
        ({"applicant_kind": "union"}, "applicant_kind"),
        ({"applicant_name": ""}, "applicant_name"),
        ({"identity": "330602199001010011"}, "identity"),
        ({"amount_asked": "-1"}, "amount_asked"),
        ({"details": {"hospital": "市医院", "other": "1"}}, "details.other"),
        ({"details": {}}, "details.hospital"),
        ({"details": {"hospital": {"deep": 1}}}, "details"),
        ({"enterprise_name": "名录里没有的公司"}, "enterprise_name"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_what_is_wrong_is_named(world: World, programme: Programme, change: dict[str, Any], field: str) -> None:
    answer = Caller(world["cadre"]).post("/api/v1/claims/", body(programme, **change))
    assert answer.status_code == 400, answer.content.decode()
    assert field in {error["field"] for error in answer.json()["errors"]}, answer.json()


def test_an_issue_becomes_a_case(world: World) -> None:
    programme, issue = make_programme(world, steps=[]), make_issue(world)
    answer = Caller(world["handler"]).post(
        "/api/v1/claims/", {"programme": programme.code, "applicant_kind": "person", "applicant_name": NAME, "issue": str(issue.pk)}
    )  # fmt: skip
    assert answer.status_code == 201, answer.content.decode()
    issue.refresh_from_db()
    assert (issue.state, issue.linked_case) == ("converted", answer.json()["number"])


def test_lists_are_narrowed(world: World, programme: Programme) -> None:
    cadre = Caller(world["cadre"])
    other = make_programme(world, steps=[])
    cadre.post("/api/v1/claims/", body(programme, town=world.town.pk))
    cadre.post("/api/v1/claims/", body(other, details={}, identity=""))
    for query, count in (
        (f"programme={programme.code}", 1), ("programme=nothing", 0), ("state=submitted", 2), ("state=paid", 0),
        (f"town={world.town.pk}", 1), ("since=2020-01-01", 2), ("since=2099-01-01", 0), ("open=true", 2), ("open=false", 0),
        ("channel=office", 2), ("overdue=true", 0), ("mine=true", 1), (f"q={NAME}", 2),
    ):  # fmt: skip
        assert len(cadre.get(f"/api/v1/claims/?{query}").json()["results"]) == count, query
    assert cadre.get("/api/v1/claims/?state=none").status_code == 400
    found = cadre.get(f"/api/v1/programmes/?code={programme.code}").json()["results"]
    assert [one["id"] for one in found] == [programme.pk]
    asked = cadre.get(f"/api/v1/programmes/{programme.pk}/").json()["fields_asked"]
    assert [one["key"] for one in asked] == ["hospital", "child", "diagnosis", "opinion"]
