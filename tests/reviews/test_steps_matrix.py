"""Every (state × verb × role) of a review and of a submission, through the actions and through the pages."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from tests.sampling import taken
from unionops.casework.transitions import pairs
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event
from visits.reviews.actions import reviews, submissions
from visits.reviews.enums import (
    REVIEW_TRANSITIONS,
    SUBMISSION_TRANSITIONS,
    ReviewState,
    ReviewVerb,
    SubmissionState,
    SubmissionVerb,
)
from visits.reviews.models import Review, Submission

from . import stories

EVERYBODY = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
KEEPERS = {"clerk", "leader"}
REVIEW_EXPECTED = {
    ReviewVerb.OPEN: KEEPERS,
    ReviewVerb.START: KEEPERS,
    ReviewVerb.SETTLE: KEEPERS,
    ReviewVerb.PUBLISH: {"leader"},
    ReviewVerb.CONFIRM: {"leader"},
    ReviewVerb.REOPEN: {"leader"},
}
SUBMISSION_EXPECTED = {
    SubmissionVerb.SUBMIT: {"cadre"},
    SubmissionVerb.RETURN: KEEPERS,
    SubmissionVerb.WITHDRAW: {"cadre"},
}


def review_fields(verb):
    return {
        ReviewVerb.OPEN: {"closes_on": timezone.localdate() + datetime.timedelta(days=9)},
        ReviewVerb.REOPEN: {"reason": "有一份材料评错了"},
    }.get(verb, {})


def asked(state, transition, verb, name):
    """Each way of the table is tried by everybody; where there is none, the state refuses all alike: a share of them tries."""
    return state in transition.sources or taken(state, verb, name, of=4)


def test_tables_are_whole():
    assert set(reviews.STEPS) == set(REVIEW_TRANSITIONS) == set(ReviewVerb) == set(REVIEW_EXPECTED)
    assert set(submissions.STEPS) == set(SUBMISSION_TRANSITIONS) == set(SubmissionVerb) == set(SUBMISSION_EXPECTED)
    assert set(stories.IN_STATE) == set(ReviewState)


@pytest.mark.parametrize("state", list(ReviewState))
def test_review_by_verb_and_role(world, as_person, state):
    review = stories.IN_STATE[state](world)
    for verb, transition in REVIEW_TRANSITIONS.items():
        for name in EVERYBODY:
            if not asked(state, transition, verb, name):
                continue
            allowed = state in transition.sources and name in REVIEW_EXPECTED[verb]
            before = Event.objects.about("review", review.pk).filter(verb=f"review.{verb}").count()
            with transaction.atomic():
                try:
                    after = reviews.STEPS[verb](review, by=world[name], **review_fields(verb))
                except (InvalidTransition, NotAllowed) as error:
                    assert not allowed, (verb, name, error)
                    assert (state not in transition.sources) == isinstance(error, InvalidTransition), (verb, name)
                    assert str(error)
                else:
                    assert allowed, (verb, name)
                    assert after.state in transition.targets
                    assert Event.objects.about("review", review.pk).filter(verb=f"review.{verb}").count() == before + 1
                transaction.set_rollback(True)
            # The page calls the same action: of those whom it refuses each run asks a share.
            if not allowed and not taken("page", state, verb, name, of=4):
                continue
            with transaction.atomic():
                answer = as_person(name).post(reverse("reviews:step", args=[review.pk, verb]), review_fields(verb))
                visible = Review.objects.visible_to(world[name]).exists()
                expected = 302 if allowed else 404 if not visible else 409 if state not in transition.sources else 403
                assert answer.status_code == expected, (verb, name, answer.status_code)
                transaction.set_rollback(True)


@pytest.mark.parametrize("state", list(SubmissionState))
def test_submission_by_verb_and_role(world, as_person, state):
    paper = stories.submission_in(world, state)
    for verb, transition in SUBMISSION_TRANSITIONS.items():
        fields = {"reason": "请补数据"} if verb == SubmissionVerb.RETURN else {}
        for name in EVERYBODY:
            if not asked(state, transition, verb, name):
                continue
            allowed = state in transition.sources and name in SUBMISSION_EXPECTED[verb]
            with transaction.atomic():
                try:
                    after = submissions.STEPS[verb](paper, by=world[name], **fields)
                except (InvalidTransition, NotAllowed):
                    assert not allowed, (verb, name)
                else:
                    assert allowed, (verb, name)
                    assert after.state in transition.targets
                transaction.set_rollback(True)
            if not allowed and not taken("page", state, verb, name, of=4):
                continue
            with transaction.atomic():
                answer = as_person(name).post(reverse("reviews:submission_step", args=[paper.pk, verb]), fields)
                visible = Submission.objects.visible_to(world[name]).exists()
                expected = 302 if allowed else 404 if not visible else 409 if state not in transition.sources else 403
                assert answer.status_code == expected, (verb, name, answer.status_code)
                transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("model", "table", "born"),
    [(Review, REVIEW_TRANSITIONS, "preparing"), (Submission, SUBMISSION_TRANSITIONS, "draft")],
)
def test_database_knows_the_table_too(world, model, table, born):
    stories.submission_in(world, SubmissionState.SUBMITTED)
    row = model.objects.get()
    known = {target for source, target in pairs(table) if source == row.state}
    for state in {value for value, _label in model._meta.get_field("state").choices} - {row.state}:
        try:
            with transaction.atomic():
                model.objects.filter(pk=row.pk).update(
                    state=state, closes_on=timezone.localdate()
                ) if model is Review else (model.objects.filter(pk=row.pk).update(state=state, return_reason="改"))
                transaction.set_rollback(True)
        except DatabaseError:
            assert state not in known, state
        else:
            assert state in known, state


def test_reasons_are_asked_for(world):
    review = stories.settled(world)
    with pytest.raises(ActionError, match="理由"):
        reviews.reopen(review, by=world["leader"], reason="  ")
    assert connection.in_atomic_block


def test_each_round_stays(world):
    review = stories.settled(world)
    first = list(review.subjects.get(user=world.people["cadre"]).results.values_list("round", "total"))
    review = reviews.reopen(review, by=world["leader"], reason="补一份评分")
    stories.by_hand(world, review, 60)
    review = reviews.settle(review, by=world["clerk"])

    found = list(
        review.subjects.get(user=world.people["cadre"]).results.order_by("round").values_list("round", "total")
    )
    assert [number for number, _total in found] == [1, 2]
    assert found[0] == first[0]
    assert found[1][1] < found[0][1]
