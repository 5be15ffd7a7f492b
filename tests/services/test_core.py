"""What every shape shares, walked on a claim: the way of a programme, its own fields, who may, what is sealed."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest
from django.db import Error, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from services.actions import budgets, cases
from services.claims.models import Claim
from services.enums import Applicant, Channel
from services.models import BudgetLine, Programme
from services.shapes import kind_for, shape_kinds
from tests.api.conftest import Caller
from tests.counter.telephones import verified
from tests.world import World
from unionops.casework.models import Task
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import Kind, containing
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


def test_progress_is_told_as_often_as_there_is_some(world: World, programme: Programme, client: Client) -> None:
    claim = begin(world, programme)
    page, door = f"/services/claim/{claim.pk}/", f"/services/claim/{claim.pk}/note/"
    client.force_login(world["officer"])
    assert door in client.get(page).content.decode()
    assert client.post(door, {"text": " "}).status_code == 422
    for text in ("和导师见了第一面", "拿到第一笔订单"):
        assert client.post(door, {"text": text})["Location"].startswith(page)
    answer = Caller(world["officer"]).post(f"/api/v1/claims/{claim.pk}/do/add_note/", {"text": "带了两个徒弟"})
    assert answer.status_code == 200, answer.content.decode()
    told = client.get(page).content.decode()
    places = [told.index(text) for text in ("和导师见了第一面", "拿到第一笔订单", "带了两个徒弟")]
    assert len(set(places)) == 3
    assert Event.objects.about("claim", claim.pk).filter(verb="claim.note").count() == 3
    client.force_login(world["leader"])
    assert door not in client.get(page).content.decode()
    assert client.post(door, {"text": "我也说一句"}).status_code == 403
    client.force_login(world["other_cadre"])
    assert client.get(door).status_code == 404
    cases.take(claim, "withdraw", by=world["officer"], reason="本人不办了")
    client.force_login(world["officer"])
    assert client.get(door).status_code == 409


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
    task = Task.objects.get(case_id=issue.pk, done_at=None)
    assert f"/services/claim/{claim.pk}/" in client.get(f"/issues/{issue.pk}/").content.decode()

    # The answer says already how it ended; with it the task is done, and the follow-up opens.
    form = client.get(f"/issues/{issue.pk}/answer/").content.decode()
    told = f"{programme.name} {claim.number} 已办结"
    assert told in form
    assert told in task.what
    issue.refresh_from_db()
    answer = client.post(
        f"/issues/{issue.pk}/answer/",
        {"result_kind": "resolved", "result_text": told, "answer_way": "phone", "version": issue.version},
    )
    assert answer.status_code == 302
    issue.refresh_from_db()
    task.refresh_from_db()
    assert issue.result_text == told
    assert task.done_by == world["handler"]


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


@pytest.mark.parametrize("shape", [kind.shape for kind in shape_kinds()])
def test_every_noun_of_a_type_is_on_its_page_and_every_door_is_open(world: World, client: Client, shape: str) -> None:
    """Shape, names, steps, fields, documents, limits, budget lines, for whom, by whom, what is public, how long: then its doors."""
    kind, line = kind_for(shape), make_line(world)
    first = kind.line[0] if kind.line[0] in kind.optional else next(iter(kind.optional))
    limit = kind.limits[0][0]
    spends = shape in ("claim", "activity")
    basic = {
        "shape": shape, "name": "新的项目", "group": "试点", "summary": "先试一年", "organisation": world.other_department.pk,
        "applicants": ["union"], "steps": [first], "keep_years": "7", "is_public": "on", "documents": "身份证\n工资单",
        f"limit_{limit}": "12", "budget_lines": [line.pk], "public_fields": [key for key, _label in kind.public[:1]], "extra-TOTAL_FORMS": "3", "extra-INITIAL_FORMS": "0",
        "extra-0-label": "学校", "extra-0-kind": "text", "extra-0-at": "register", "extra-0-required": "on", "extra-0-public": "on",
        "extra-1-label": "人次", "extra-1-kind": "whole", "extra-1-at": "register", "extra-1-counted": "on", "extra-1-target": "60",
        "extra-2-label": "病情", "extra-2-kind": "text", "extra-2-at": "register", "extra-2-sealed": "on",
    }  # fmt: skip
    client.force_login(world["admin"])
    answer = client.post("/services/settings/new/", basic)
    assert answer.status_code == 302, answer.content.decode()
    made = Programme.objects.get(name="新的项目")
    keys = [extra.key for extra in made.extras]
    rows = {f"extra-{at}-key": key for at, key in enumerate(keys)} | {
        "extra-INITIAL_FORMS": "3",
        "version": made.version,
    }
    changed = basic | rows | {
        "name": "改过的项目", f"who_{first}": ["chief"], f"name_verb_{first}": "领导看一看", f"name_state_{kind.model.FIRST_STATE}": "刚到",
        f"term_{kind.model.FIRST_STATE}": "4", f"unit_{kind.model.FIRST_STATE}": "working",
    }  # fmt: skip
    answer = client.post(f"/services/settings/{made.pk}/", changed)
    assert answer.status_code == 302, answer.content.decode()
    made.refresh_from_db()
    kept = (
        made.name,
        made.group,
        made.summary,
        made.applicants,
        made.keep_years,
        made.is_public,
        made.documents,
        made.steps,
    )
    assert kept == ("改过的项目", "试点", "先试一年", ["union"], 7, True, ["身份证", "工资单"], [first])
    assert (made.limit(limit), made.deciders, made.terms) == (
        12,
        {f"verb:{first}": ["chief"]},
        {kind.model.FIRST_STATE: [4, "working"]},
    )
    assert made.names == {f"verb:{first}": "领导看一看", f"state:{kind.model.FIRST_STATE}": "刚到"}
    assert list(made.budget_lines.all()) == ([line] if spends else [])
    # Of an order nobody outside reads anything; what is sealed cannot be made public.
    assert made.public_fields == ([kind.public[0][0]] if kind.public else None)
    assert not [key for key, _label in kind.publishable(made) if key == f"extra:{keys[2]}"]
    assert [(extra.public, extra.counted, extra.sealed) for extra in made.extras] == [(True, False, False), (False, True, False), (False, False, True)]  # fmt: skip
    assert [extra.target for extra in made.extras] == [0, 60, 0]
    # A target is for what is counted, and in numbers.
    assert (
        client.post(
            f"/services/settings/{made.pk}/", changed | {"version": made.version, "extra-0-target": "5"}
        ).status_code
        == 422
    )
    if spends:
        changes = Event.objects.filter(verb="programme.change").latest("pk").data["changes"]
        assert "budget_lines" not in changes
    # Form, list, case, inbox, figure, export, import, search, API: the same minute.
    client.force_login(world["officer"])
    given = {
        "applicant_kind": "union", "applicant_name": "恒润工会", "phone": "13800002047", "town": world.town.pk, "title": "第一件", "name": "第一件", "sort": "own",
        **{f"extra_{key}": value for key, value in zip(keys, ("镇小", "30", "胃病"), strict=True)},
    }  # fmt: skip
    assert client.post(f"/services/p/{made.code}/new/", {**given, f"extra_{keys[0]}": ""}).status_code == 422
    answer = client.post(f"/services/p/{made.code}/new/", given)
    assert answer.status_code == 302, re.findall(r'class="err[^>]*>.{0,300}', answer.content.decode(), re.DOTALL)
    case = kind.model.objects.get(programme=made)
    page = client.get(answer["Location"]).content.decode()
    assert all(word in page for word in ("镇小", "30", "刚到"))
    assert "胃病" not in page
    listed = client.get(f"/services/p/{made.code}/").content.decode()
    assert case.number in listed
    assert "刚到" in listed
    assert case.number in client.get(f"/search/?q={case.number}").content.decode()
    assert client.get(f"/services/p/{made.code}/import/").status_code == 200
    book = client.get(f"/services/p/{made.code}/export.xlsx")
    cells = [str(cell) for row in load_workbook(io.BytesIO(b"".join(book))).worksheets[0].iter_rows(values_only=True) for cell in row]  # type: ignore[arg-type] # fmt: skip
    assert {case.number, "镇小"} <= set(cells)
    assert "胃病" not in str(cells)
    desk = client.get("/todo/?tab=department").content.decode() + client.get("/todo/").content.decode()
    leader_desk = Client()
    leader_desk.force_login(world["leader"])
    assert case.number in desk + leader_desk.get("/todo/").content.decode()
    today = timezone.localdate()
    asked = Asked(world["leader"], containing(today, Kind.YEAR), today)
    for code, words in ((f"{shape}_count", "1"), (f"own_{shape}_{keys[1]}", "30")):
        indicator = find(code)
        assert indicator is not None, code
        assert figure_of(Question(indicator, asked, "", {"programme": str(made.pk)})).words == words
    found = Caller(world["officer"]).get(f"/api/v1/{'activities' if shape == 'activity' else f'{shape}s'}/?programme={made.code}").json()  # fmt: skip
    assert [one["number"] for one in found["results"]] == [case.number]
    assert "50.00%" in leader_desk.get(f"/services/p/{made.code}/sums/").content.decode()
    # What is public: the door, and of the fields only the one that says so.
    if kind.public_asked is not None:
        door = Client().get(f"/public/services/{made.pk}/").content.decode()
        assert all(word in door for word in ("改过的项目", "工会组织", "身份证", "领导看一看"))
        visitor = Client()
        verified(visitor)
        asked_there = visitor.get(f"/public/services/{made.pk}/apply/").content.decode()
        assert f"extra_{keys[0]}" in asked_there
        assert f"extra_{keys[1]}" not in asked_there
    client.force_login(world["admin"])
    assert client.post(f"/services/settings/{made.pk}/retire/").status_code == 302
    client.force_login(world["officer"])
    assert client.get(f"/services/p/{made.code}/new/").status_code == 409
    assert client.get(f"/services/p/{made.code}/").status_code == 200
