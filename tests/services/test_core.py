"""What every shape shares, walked on a claim: the way of a programme, its own fields, who may, what is sealed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import Error, transaction
from django.test import Client

from services.actions import budgets, cases
from services.claims.models import Claim
from services.enums import Applicant, Channel
from services.models import BudgetLine, Programme
from tests.world import World
from unionops.casework.models import Task
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event

from .worlds import make_issue, make_line, make_programme, publish_and_clear

EXTRAS = [
    {"key": "hospital", "label": "医院", "kind": "text", "required": True},
    {"key": "diagnosis", "label": "诊断", "kind": "text", "sealed": True},
    {
        "key": "opinion",
        "label": "核对结论",
        "kind": "choice",
        "choices": ["属实", "不属实"],
        "at": "verify",
        "required": True,
    },
]


@pytest.fixture
def programme(world: World) -> Programme:
    return make_programme(world, fields=EXTRAS, terms={"submitted": [5, "working"]})


def begin(world: World, programme: Programme, **fields: object) -> Claim:
    values = {
        "applicant_kind": Applicant.PERSON, "applicant_name": "陈桂芳", "identity": "33060219900101001X",
        "phone": "13800002047", "town": world.town, "extras": {"hospital": "人民医院", "diagnosis": "慢性肾病"},
    }  # fmt: skip
    return cases.register(programme, by=world["cadre"], **(values | fields))


def test_a_claim_goes_its_way(world: World, programme: Programme) -> None:
    claim = begin(world, programme, amount_asked=Decimal(3000))
    officer, leader = world["officer"], world["leader"]
    assert claim.deadline.length == 5
    with pytest.raises(InvalidTransition, match="请先初审"):
        cases.take(claim, "publish", by=officer)
    claim = cases.take(claim, "check", by=world["town"])
    with pytest.raises(ActionError, match="核对结论"):
        cases.take(claim, "verify", by=officer)
    claim = cases.take(claim, "verify", by=officer, extras={"opinion": "属实"})
    claim = publish_and_clear(claim, world)
    with pytest.raises(NotAllowed, match="分管领导"):
        cases.take(claim, "approve", by=officer)
    line = make_line(world, programme)
    claim = cases.take(claim, "approve", by=leader, amount=Decimal("2800.00"), budget_line=line)
    claim = cases.take(claim, "pay", by=officer, account="6222020200011112222")
    for verb in ("confirm_paid", "sign", "account"):
        claim = cases.take(claim, verb, by=world["other_handler"] if verb == "confirm_paid" else officer)
    assert (claim.state, claim.amount, claim.details["opinion"]) == ("closed", Decimal(2800), "属实")
    said = Event.objects.about("claim", claim.pk).values_list("verb", flat=True)
    assert len(said) == 10


def test_a_step_that_the_programme_leaves_out_is_skipped(world: World) -> None:
    short = make_programme(world, steps=["approve"])
    claim = begin(world, short, extras={})
    with pytest.raises(InvalidTransition, match="没有这一步"):
        cases.take(claim, "check", by=world["officer"])
    claim = cases.take(claim, "approve", by=world["leader"])
    assert cases.take(claim, "account", by=world["officer"]).state == "closed"


def test_what_is_sealed_is_in_no_page_and_no_column(world: World, programme: Programme, client: Client) -> None:
    claim = begin(world, programme)
    row = Claim.objects.filter(pk=claim.pk).values()[0]
    assert not any("慢性肾病" in str(value) or "19900101001X" in str(value) for value in row.values())
    client.force_login(world["officer"])
    page = client.get(f"/services/claim/{claim.pk}/").content.decode()
    assert "人民医院" in page
    assert "慢性肾病" not in page
    shown = client.post(f"/services/claim/{claim.pk}/reveal/diagnosis/", {"reason": "核对报销"})
    assert "慢性肾病" in shown.content.decode()
    assert Event.objects.about("claim", claim.pk).filter(verb="claim.reveal").count() == 1


def test_outsiders_find_nothing(world: World, programme: Programme, elsewhere: World, client: Client) -> None:
    claim = begin(world, programme)
    for name in ("other_handler", "other_cadre", "unposted"):
        client.force_login((elsewhere if name == "other_handler" else world)[name])
        assert client.get(f"/services/claim/{claim.pk}/").status_code == 404


def test_from_an_issue_and_back(world: World, client: Client) -> None:
    programme, issue = make_programme(world, steps=[]), make_issue(world)
    client.force_login(world["handler"])
    assert programme.name in client.get(f"/services/from-issue/{issue.pk}/").content.decode()
    answer = client.post(
        f"/services/from-issue/{issue.pk}/{programme.code}/", {"applicant_kind": "person", "applicant_name": "陈桂芳"}
    )
    claim = Claim.objects.get(programme=programme)
    assert answer["Location"] == f"/services/claim/{claim.pk}/"
    issue.refresh_from_db()
    assert (claim.channel, issue.state, issue.linked_case) == (Channel.ISSUE, "converted", claim.number)
    cases.take(claim, "account", by=world["officer"])
    assert Task.objects.filter(origin="service", case_id=issue.pk).count() == 1
    assert f"/services/claim/{claim.pk}/" in client.get(f"/issues/{issue.pk}/").content.decode()


def test_the_database_refuses_what_the_table_does_not_know(world: World, programme: Programme) -> None:
    claim = begin(world, programme)
    with pytest.raises(Error), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="paid")
    line = BudgetLine.objects.create(district=world.district, year=2026, name="帮扶", source="区级", total=1000)
    budgets.promise(line, Decimal(600))
    with pytest.raises(ActionError, match="只剩"):
        budgets.promise(line, Decimal(401))
    with pytest.raises(Error), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(paid=500)


def test_a_new_programme_is_used_the_same_minute(world: World, client: Client) -> None:
    client.force_login(world["admin"])
    form = {
        "shape": "claim", "name": "子女助学", "organisation": world.other_department.pk, "applicants": ["person"],
        "steps": ["approve"], "keep_years": "5", "extra-TOTAL_FORMS": "1", "extra-INITIAL_FORMS": "0",
        "extra-0-label": "学校", "extra-0-kind": "text", "extra-0-at": "register", "extra-0-required": "on",
    }  # fmt: skip
    answer = client.post("/services/settings/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    made = Programme.objects.get(name="子女助学")
    client.force_login(world["cadre"])
    refused = client.post(f"/services/p/{made.code}/new/", {"applicant_name": "陈桂芳"})
    assert refused.status_code == 422
    done = client.post(
        f"/services/p/{made.code}/new/", {"applicant_name": "陈桂芳", f"extra_{made.extras[0].key}": "镇小"}
    )
    assert done.status_code == 302, done.content.decode()
    claim = Claim.objects.get(programme=made)
    page = client.get(done["Location"]).content.decode()
    assert "镇小" in page
    assert claim.number in client.get(f"/services/p/{made.code}/").content.decode()
