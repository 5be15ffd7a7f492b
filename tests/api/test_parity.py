"""The two doors do the same: every verb in every state by HTTP ends as the action does, and `allowed` says so before."""

from __future__ import annotations

import datetime
import json
import uuid

import pytest
from django.db import models, transaction

from tests.sampling import taken
from tests.visits.test_steps_matrix import EVERYBODY, EXPECTED, fields_of, ready
from unionops.org.errors import ActionError
from unionops.org.models import Event
from visits.actions.steps import STEPS
from visits.api.forms import FORMS
from visits.enums import TRANSITIONS, IssueState, Verb
from visits.models import Issue
from visits.permissions import choices

pytestmark = pytest.mark.django_db


def as_json(value):
    match value:
        case models.Model():
            return as_json(value.pk)
        case uuid.UUID() | datetime.date():
            return str(value)
        case list():
            return [as_json(item) for item in value]
    return value


def by_action(issue, verb, user, fields):
    """Return status and state after the step, and leave no trace."""
    status = 200
    with transaction.atomic():
        try:
            STEPS[verb](issue, by=user, **fields)
        except ActionError as error:
            status = error.status
        state = Issue.objects.get(pk=issue.pk).state
        events = list(
            Event.objects.about("issue", issue.pk).order_by("pk").values_list("verb", "source", "target", "data")
        )
        transaction.set_rollback(True)
    return status, state, without_keys(events)


def by_http(issue, verb, call, fields):
    with transaction.atomic():
        body = {name: as_json(value) for name, value in fields.items()}
        response = call.post(f"/api/v1/issues/{issue.pk}/transitions/{verb}/", body)
        state = Issue.objects.get(pk=issue.pk).state
        events = list(
            Event.objects.about("issue", issue.pk).order_by("pk").values_list("verb", "source", "target", "data")
        )
        transaction.set_rollback(True)
    return response.status_code, state, without_keys(events)


def without_keys(events):
    return json.loads(json.dumps(events, ensure_ascii=False, default=str))


@pytest.mark.parametrize("verb", list(Verb))
def test_every_step_ends_alike_through_both_doors(verb, world, callers):
    # The usual person, and one who sees everything and mostly may not.
    names = sorted((EXPECTED[verb] - {"system"}) | {"chief"})[:2] or ["chief"]
    for state in IssueState:
        # The first from which it leads on, and a share of the others: who may where is told by the table of steps.
        if state != TRANSITIONS[verb].sources[0] and not taken(verb, state, of=3):
            continue
        issue = ready(world, verb, state)
        fields = fields_of(verb, world)
        for name in names:
            if not Issue.objects.visible_to(world[name]).filter(pk=issue.pk).exists():
                assert callers(name).post(f"/api/v1/issues/{issue.pk}/transitions/{verb}/").status_code == 404
                continue
            assert by_http(issue, verb, callers(name), fields) == by_action(issue, verb, world[name], fields), (
                state,
                name,
            )


@pytest.mark.parametrize("state", list(IssueState))
def test_allowed_and_refused_are_what_the_page_shows(state, world, callers):
    issue = world.issue(state=state)
    for name in sorted(EVERYBODY):
        user = world[name]
        response = callers(name).get(f"/api/v1/issues/{issue.pk}/")
        if response.status_code == 404:
            assert not Issue.objects.visible_to(user).filter(pk=issue.pk).exists()
            continue
        record = response.json()
        shown = choices(user, issue)
        assert record["allowed"] == [choice.transition.verb for choice in shown if choice.is_allowed]
        assert {refused["verb"]: refused["reason"] for refused in record["refused"]} == {
            choice.transition.verb: str(choice.reason) for choice in shown if not choice.is_allowed
        }
        if not taken("row", state, name, of=3):
            continue
        listed = callers(name).get("/api/v1/issues/").json()["results"]
        row = next(row for row in listed if row["id"] == record["id"])
        assert (row["allowed"], row["refused"]) == (record["allowed"], record["refused"])


def test_every_verb_has_a_form_and_an_operation():
    assert set(FORMS) == set(TRANSITIONS)


# What domain 2.4 asks of each step.
REQUIRED = {
    Verb.EXPLAIN: {"explanation", "basis", "understood"},
    Verb.RETURN: {"reason"},
    Verb.DISPATCH: {"department"},
    Verb.DECLINE: {"reason"},
    Verb.CONSULT: {"question", "participants"},
    Verb.CONCLUDE: {"minutes"},
    Verb.PROPOSE_PLAN: {"measure", "roadmap", "responsible", "due_on"},
    Verb.SUSPEND: {"reason", "resume_on"},
    Verb.TRANSFER: {"body", "letter_number"},
    Verb.CONVERT: {"linked_case"},
    Verb.ANSWER: {"result_kind", "result_text", "answer_way"},
    Verb.CONFIRM: {"way"},
    Verb.REOPEN: {"way", "reason"},
    Verb.MERGE: {"into"},
    Verb.VOID: {"reason"},
    Verb.APPEAL: {"reason"},
}


@pytest.mark.parametrize("verb", list(REQUIRED))
def test_what_a_step_needs_is_asked_for_by_name(verb, world, callers):
    issue = ready(world, verb, TRANSITIONS[verb].sources[0])
    call, path = callers(min(EXPECTED[verb])), f"/api/v1/issues/{issue.pk}/transitions/{verb}/"
    body = {name: as_json(value) for name, value in fields_of(verb, world).items()}
    for name in REQUIRED[verb]:
        response = call.post(path, {key: value for key, value in body.items() if key != name})

        assert response.status_code == 400, response.content.decode()
        assert [error["field"] for error in response.json()["errors"]] == [name]
    issue.refresh_from_db()
    assert issue.state == TRANSITIONS[verb].sources[0]


@pytest.mark.parametrize(
    ("state", "more"),
    [("handling", set()), ("planned", {"planned"}), ("transferred", {"transferred"}), ("converted", {"converted", "transferred"})],
)  # fmt: skip
def test_result_that_stands_for_a_step_is_given_only_after_it(state, more, world, callers, as_person):
    issue, call = world.issue(state), callers("handler")
    steps = {"planned", "transferred", "converted"}
    body = {"result_text": "已列入明年计划", "answer_way": "phone"}
    page = as_person("handler").get(f"/issues/{issue.pk}/answer/").content.decode()
    for kind in sorted(steps):
        assert (f'value="{kind}"' in page) is (kind in more)
        with transaction.atomic():
            answered = call.post(f"/api/v1/issues/{issue.pk}/transitions/answer/", body | {"result_kind": kind})
            transaction.set_rollback(True)
        assert answered.status_code == (200 if kind in more else 422), (kind, answered.content.decode())
