"""Many at once: one visit sent 36 times is one visit, of 24 edits of one version one succeeds."""

from __future__ import annotations

import datetime
import threading
import uuid
from collections import Counter

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests.api.conftest import Caller
from tests.together import all_at_once
from tests.world import make_world
from unionops.org.models import Event
from visits.enums import IssueState
from visits.models import Issue, Visit

pytestmark = pytest.mark.django_db(transaction=True)

SENDINGS, EDITS = 36, 24


def visit_of(world, **more):
    return {
        "visited_on": timezone.localdate().isoformat(),
        "enterprise": str(world.enterprise.pk),
        "summary": "看了包装车间",
        "issues": [
            {"title": "高温补贴没发", "category": world.category.pk, "handling": "submit"},
            {"title": "食堂周末不开", "category": world.category.pk},
        ],
        **more,
    }


def test_one_visit_sent_36_times_under_one_key_is_one_visit_with_one_answer():
    world = make_world()
    call = Caller(world["cadre"])
    key, body = uuid.uuid4().hex, visit_of(world)

    answers = all_at_once(SENDINGS, lambda place: call.post("/api/v1/visits/", body, idempotency_key=key))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer["Location"] for answer in answers}) == 1
    assert Counter(answer.get("Idempotent-Replay") for answer in answers) == {None: 1, "true": SENDINGS - 1}
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 2)
    assert Event.objects.filter(verb="visit.log").count() == 1


def test_one_visit_sent_36_times_from_one_phone_is_one_visit_without_any_key():
    world = make_world()
    call = Caller(world["cadre"])
    body = visit_of(world, client_id=str(uuid.uuid4()))

    answers = all_at_once(SENDINGS, lambda place: call.post("/api/v1/visits/", body))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 2)


def test_a_key_belongs_to_its_content_and_its_person():
    world = make_world()
    cadre, other = Caller(world["cadre"]), Caller(world["other_cadre"])
    key = uuid.uuid4().hex
    first = cadre.post("/api/v1/visits/", visit_of(world), idempotency_key=key)

    changed = cadre.post("/api/v1/visits/", visit_of(world, summary="别的内容"), idempotency_key=key)
    others = other.post("/api/v1/visits/", visit_of(world), idempotency_key=key)

    assert (first.status_code, changed.status_code, others.status_code) == (201, 409, 201)
    assert changed["Content-Type"] == "application/problem+json"
    assert first.json()["id"] != others.json()["id"]
    assert Visit.objects.count() == 2


def test_a_refused_write_leaves_its_key_free():
    world = make_world()
    call = Caller(world["cadre"])
    key = uuid.uuid4().hex
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)

    refused = call.post("/api/v1/visits/", visit_of(world, visited_on=tomorrow.isoformat()), idempotency_key=key)
    corrected = call.post("/api/v1/visits/", visit_of(world), idempotency_key=key)

    assert (refused.status_code, corrected.status_code) == (422, 201)
    assert Visit.objects.count() == 1


def test_of_24_edits_of_one_version_one_succeeds_and_23_are_told():
    world = make_world()
    issue = world.issue(IssueState.SUBMITTED)
    call = Caller(world["clerk"])

    answers = all_at_once(
        EDITS, lambda place: call.patch(f"/api/v1/issues/{issue.pk}/", {"title": f"第{place}个标题"}, version=1)
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: EDITS - 1}
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    for answer in answers:
        if answer.status_code == 409:
            problem = answer.json()
            assert problem["current_version"] == 2
            assert problem["changes"][0]["data"]["changes"]["title"] == [issue.title, won["title"]]
    assert Issue.objects.get(pk=issue.pk).title == won["title"]
    assert Event.objects.filter(verb="issue.correct").count() == 1


def test_of_24_dispatches_at_once_one_moves_the_issue():
    world = make_world()
    issue = world.issue(IssueState.SUBMITTED)
    call = Caller(world["clerk"])
    path = f"/api/v1/issues/{issue.pk}/transitions/dispatch/"

    answers = all_at_once(EDITS, lambda place: call.post(path, {"department": world.department.pk}))

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: EDITS - 1}
    assert Event.objects.filter(verb="issue.dispatch").count() == 1


def test_a_lock_that_is_not_given_up_in_time_is_answered_503(settings):
    world = make_world()
    issue = world.issue(IssueState.SUBMITTED)
    call = Caller(world["clerk"])
    held, done = threading.Event(), threading.Event()

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM visits_issue WHERE id = %s FOR UPDATE", [issue.pk])
            held.set()
            done.wait(20)
            cursor.execute("ROLLBACK")
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        answer = call.patch(f"/api/v1/issues/{issue.pk}/", {"title": "等不到"}, version=1)
    finally:
        done.set()
        holder.join()

    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert answer.json()["next_step"]
    assert Issue.objects.get(pk=issue.pk).title == issue.title
