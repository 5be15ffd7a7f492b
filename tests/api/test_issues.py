"""Issues over HTTP: what is shown to whom, and that a step by HTTP is the step of the page."""

from __future__ import annotations

import pytest
from django.utils import timezone

from unionops.org.models import Event
from visits.actions.visits import VisitDraft, log_visit
from visits.enums import IssueState
from visits.models import Issue

pytestmark = pytest.mark.django_db

LIST = "/api/v1/issues/"


def one(issue) -> str:
    return f"{LIST}{issue.pk}/"


def test_list_shows_what_exists_for_the_asker_with_allowed_steps_and_reasons(world, callers):
    issue = world.issue(IssueState.SUBMITTED)

    rows = callers("clerk").get(LIST).json()["results"]

    (row,) = rows
    assert row["id"] == str(issue.pk)
    assert set(row["allowed"]) == {"dispatch", "return_back", "merge", "void"}
    assert {refused["verb"] for refused in row["refused"]}.isdisjoint(row["allowed"])
    assert all(refused["reason"] for refused in row["refused"])
    assert callers("handler").get(LIST).json()["results"] == []


def test_detail_carries_its_version_as_etag_and_masks_the_claimant(world, callers):
    issue = world.issue(IssueState.HANDLING, claimant_kind="person")
    issue.put("claimant_name", "张丰收", "张*收")
    issue.put("claimant_phone", "13812345678", "138****5678")
    issue.save()

    response = callers("handler").get(one(issue))

    assert response.status_code == 200
    assert response["ETag"] == '"1"'
    assert response.json()["claimant_name_masked"] == "张*收"
    assert "张丰收" not in response.content.decode()
    assert "13812345678" not in response.content.decode()


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_outsiders_find_nothing(world, elsewhere, callers, method):
    issue = world.issue(IssueState.SUBMITTED)

    response = callers("clerk", elsewhere)(method, one(issue), {"title": "改"}, if_match='"1"')

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_step_moves_records_and_answers_the_issue_as_it_then_is(world, callers):
    issue = world.issue(IssueState.SUBMITTED)

    response = callers("clerk").post(
        f"{one(issue)}transitions/dispatch/", {"department": world.department.pk, "urgency": 2}, if_match='"1"'
    )

    assert response.status_code == 200, response.content.decode()
    record = response.json()
    assert (record["state"], record["version"], record["urgency"]) == ("dispatched", 2, 2)
    assert record["lead_department"]["name"] == "权保部"
    assert record["deadline"]["due_on"]
    event = Event.objects.about("issue", issue.pk).get(verb="issue.dispatch")
    assert (event.source, event.target, event.by.username) == ("submitted", "dispatched", "clerk")


def test_step_in_the_wrong_state_says_why_and_what_next(world, callers):
    issue = world.issue(IssueState.SUBMITTED)

    response = callers("handler").post(f"{one(issue)}transitions/sign_for/")
    assert response.status_code == 404

    response = callers("clerk").post(f"{one(issue)}transitions/confirm/", {"way": "phone"})

    problem = response.json()
    assert (response.status_code, problem["type"]) == (409, "urn:unionops:problem:wrong-state")
    assert "已提交" in problem["detail"]
    assert problem["next_step"]


def test_step_by_the_wrong_person_is_refused_with_a_reason(world, callers):
    issue = world.issue(IssueState.DISPATCHED)

    response = callers("clerk").post(f"{one(issue)}transitions/sign_for/")

    assert (response.status_code, response.json()["type"]) == (403, "urn:unionops:problem:not-allowed")
    assert Issue.objects.get(pk=issue.pk).state == IssueState.DISPATCHED


def test_missing_fields_are_named(world, callers):
    issue = world.issue(IssueState.HANDLING)

    response = callers("handler").post(f"{one(issue)}transitions/answer/", {"result_kind": "nothing", "colour": "red"})

    problem = response.json()
    assert response.status_code == 400
    assert {error["field"] for error in problem["errors"]} == {"colour"}

    problem = callers("handler").post(f"{one(issue)}transitions/answer/", {"result_kind": "nothing"}).json()
    assert {error["field"] for error in problem["errors"]} == {"result_kind", "result_text", "answer_way"}


def test_correction_without_a_version_is_told_to_read_first(world, callers):
    issue = world.issue(IssueState.SUBMITTED)

    response = callers("clerk").patch(one(issue), {"title": "改"})

    assert response.status_code == 428
    assert "ETag" in response.json()["next_step"]


def test_correction_on_an_old_version_is_told_what_changed(world, callers):
    issue = world.issue(IssueState.SUBMITTED)
    assert callers("clerk").patch(one(issue), {"title": "新的标题"}, version=1).json()["version"] == 2

    response = callers("leader").patch(one(issue), {"title": "另一个标题"}, version=1)

    problem = response.json()
    assert (response.status_code, problem["current_version"]) == (409, 2)
    (change,) = problem["changes"]
    assert change["by"] == "clerk"
    assert change["data"]["changes"]["title"][1] == "新的标题"
    assert Issue.objects.get(pk=issue.pk).title == "新的标题"


def test_register_answers_where_it_is(world, callers):
    response = callers("cadre").post(
        LIST,
        {
            "title": "食堂周末不开",
            "category": world.category.pk,
            "source": "hotline",
            "town": world.town.pk,
            "claimant_kind": "person",
            "claimant_name": "张丰收",
            "claimant_phone": "138 1234 5678",
            "handling": "submit",
        },
    )

    assert response.status_code == 201, response.content.decode()
    record = response.json()
    assert response["Location"] == f"{LIST}{record['id']}/"
    assert record["state"] == "submitted"
    assert record["claimant_phone_masked"] == "138****5678"
    assert callers("cadre").get(response["Location"]).json()["number"] == record["number"]


def test_list_pages_follow_each_other_without_gap_or_double(world, callers):
    numbers = {world.issue(IssueState.SUBMITTED).number for _ in range(7)}
    call = callers("leader")

    seen, path = [], f"{LIST}?limit=3&count=true"
    while path:
        page = call.get(path).json()
        seen += [row["number"] for row in page["results"]]
        path = page["next"]

    assert len(seen) == 7
    assert set(seen) == numbers


def test_visit_is_sent_back_and_its_correction_submits_it_again(world, elsewhere, callers):
    draft = VisitDraft(visited_on=timezone.localdate(), enterprise=world.enterprise)
    path = f"/api/v1/visits/{log_visit(draft, by=world['cadre']).visit.pk}/"
    back = f"{path}do/return_back/"
    assert callers("clerk", elsewhere).post(back, {"reason": "五看没有填"}).status_code == 404
    assert callers("cadre").post(back, {"reason": "五看没有填"}).status_code == 403
    assert [error["field"] for error in callers("clerk").post(back, {}).json()["errors"]] == ["reason"]

    returned = callers("clerk").post(back, {"reason": "五看没有填"})
    again = callers("clerk").post(back, {"reason": "再退"})
    completed = callers("cadre").patch(path, {"checklist": {"rights": {"grade": "good"}}}, version=1)

    assert (returned.status_code, returned.json()["state"]) == (200, "returned")
    assert (again.status_code, again.json()["type"]) == (409, "urn:unionops:problem:wrong-state")
    assert (completed.status_code, completed.json()["state"], completed.json()["version"]) == (200, "submitted", 2)


@pytest.mark.parametrize("count", [1, 3, 100])
def test_list_reads_the_same_number_of_statements(world, callers, django_assert_num_queries, count):
    for _ in range(count):
        world.issue(IssueState.SUBMITTED)
    call = callers("leader")

    # token, postings, rows, names
    with django_assert_num_queries(4):
        rows = call.get(f"{LIST}?limit=200").json()["results"]

    assert len(rows) == count
