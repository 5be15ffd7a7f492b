"""Every (subject × state × verb × role) of a paper, and (state × verb × role) of a reflection, as tables."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from unionops.casework.models import Notice
from unionops.casework.transitions import pairs
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event
from visits.analyses.actions import papers, reflections
from visits.analyses.enums import (
    ANALYSIS_TRANSITIONS,
    REFLECTION_TRANSITIONS,
    AnalysisState,
    AnalysisVerb,
    ReflectionState,
    ReflectionVerb,
)
from visits.analyses.models import Analysis, Reflection
from visits.analyses.permissions import choices

from .conftest import SPRING, SUMMER, fill, prepare, put_in_state, sql

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
DRAFTING, SENT = {"draft", "returned"}, {"submitted", "reviewed"}
# (subject, verb): the states in which it may be done, and by whom; nobody else, and in no other state.
EXPECTED = {
    ("district", AnalysisVerb.SUBMIT): (DRAFTING, {"clerk"}),
    ("district", AnalysisVerb.REVIEW): ({"submitted"}, {"leader"}),
    ("district", AnalysisVerb.SIGN): ({"reviewed"}, {"chief"}),
    ("district", AnalysisVerb.RETURN): (SENT, {"leader", "chief"}),
    ("district", AnalysisVerb.REOPEN): ({"signed"}, {"chief"}),
    ("town", AnalysisVerb.SUBMIT): (DRAFTING, {"clerk", "cadre"}),
    ("town", AnalysisVerb.REVIEW): (set(), set()),
    ("town", AnalysisVerb.SIGN): (SENT, {"leader", "chief"}),
    ("town", AnalysisVerb.RETURN): (SENT, {"leader", "chief"}),
    ("town", AnalysisVerb.REOPEN): ({"signed"}, {"leader", "chief"}),
}
REASON = {AnalysisVerb.RETURN: {"reason": "再写细些"}, AnalysisVerb.REOPEN: {"reason": "数字有误"}}


@pytest.mark.parametrize("subject", ["district", "town"])
def test_steps_by_state_and_role(prepared, subject):
    people = {name: prepared[name] for name in EVERYBODY}
    fill(prepare(prepared)[subject], prepared)
    known = Analysis.objects.get(subject=getattr(prepared, subject))
    for state in AnalysisState:
        with transaction.atomic():
            row = put_in_state(known, state, prepared)
            for verb in AnalysisVerb:
                states, names = EXPECTED[subject, verb]
                for name, somebody in people.items():
                    allowed = state in states and name in names
                    try:
                        with transaction.atomic():
                            after = papers.STEPS[verb](row, by=somebody, now=SUMMER, **REASON.get(verb, {}))
                            told = Event.objects.about("analysis", row.pk).filter(verb=f"analysis.{verb}").count()
                            transaction.set_rollback(True)
                    except ActionError as error:
                        assert not allowed, (state, verb, name, str(error))
                        refused = NotAllowed if state in states else InvalidTransition
                        assert isinstance(error, refused), (state, verb, name, str(error))
                        assert str(error)
                    else:
                        assert allowed, (state, verb, name)
                        assert told == 1
                        assert after.state in ANALYSIS_TRANSITIONS[verb].targets
                    offered = {choice.transition.verb: choice for choice in choices(somebody, row)}[verb]
                    assert offered.is_allowed == allowed, (state, verb, name)
                    assert offered.is_allowed or str(offered.reason)
            transaction.set_rollback(True)


def test_database_refuses_moves_outside_the_table(prepared):
    row = prepare(prepared)["town"]
    known = set(pairs(ANALYSIS_TRANSITIONS))
    for source in AnalysisState:
        for target in AnalysisState:
            if source == target or (source, target) in known:
                continue
            with transaction.atomic():
                put_in_state(row, source, prepared)
                with pytest.raises(DatabaseError, match="state"), transaction.atomic():
                    sql("UPDATE analyses_analysis SET state = %s WHERE id = %s", [target, row.pk])
                transaction.set_rollback(True)


def test_database_refuses_papers_that_begin_in_the_middle(prepared):
    row = prepare(prepared)["town"]
    row.pk, row.state, row.number, row.starts_on = None, AnalysisState.SUBMITTED, "Q26-9999", SPRING.before().first
    row._state.adding = True
    with pytest.raises(DatabaseError, match="cannot begin"), transaction.atomic():
        row.save(force_insert=True)


def test_a_paper_is_not_sent_on_without_advice_and_plan(prepared):
    row = prepare(prepared)["district"]
    with pytest.raises(NotAllowed, match="对策建议"):
        papers.submit(row, by=prepared["clerk"])


def test_whoever_sends_a_paper_does_not_sign_it(prepared):
    row = put_in_state(fill(prepare(prepared)["town"], prepared), "submitted", prepared)
    Analysis.objects.filter(pk=row.pk).update(submitted_by=prepared.people["leader"])
    with pytest.raises(NotAllowed, match="自己"):
        papers.sign(row, by=prepared["leader"])


def test_whoever_gets_the_pen_is_told(prepared):
    row = fill(prepare(prepared)["district"], prepared)
    row = papers.submit(row, by=prepared["clerk"])
    row = papers.review(row, by=prepared["leader"])
    papers.sign(row, by=prepared["chief"])
    told = {notice.verb: notice.user.username for notice in Notice.objects.filter(kind="analysis")}
    assert told == {"analysis.submit": "leader", "analysis.review": "chief", "analysis.sign": "clerk"}


@pytest.mark.parametrize(("verb", "action"), [("return_back", papers.return_back), ("reopen", papers.reopen)])
def test_it_comes_back_only_with_a_reason_that_stays(prepared, verb, action):
    state = "signed" if verb == "reopen" else "submitted"
    row = put_in_state(prepare(prepared)["town"], state, prepared)
    with pytest.raises(ActionError, match="请写"):
        action(row, by=prepared["leader"], reason="  ")
    row = action(row, by=prepared["leader"], reason="漏了一个镇街")
    assert "漏了一个镇街" in (row.return_reason, row.reopen_reason)
    if verb == "reopen":
        fill(row, prepared)
        papers.submit(row, by=prepared["clerk"])
        assert papers.sign(row, by=prepared["leader"]).reopen_reason == "漏了一个镇街"


# --- reflections

# verb: the states in which it may be done and by whom, of the cadre's own.
EXPECTED_OF_REFLECTION = {
    ReflectionVerb.HAND_IN: ({"draft", "returned"}, {"cadre"}),
    ReflectionVerb.RETURN: ({"submitted"}, {"leader", "chief", "clerk"}),
}


def do(verb, row, somebody):
    if verb == ReflectionVerb.HAND_IN:
        return reflections.hand_in(row, by=somebody, title="加班费", text="算法说不清", now=SUMMER)
    return reflections.return_reflection(row, by=somebody, reason="写细些", now=SUMMER)


@pytest.mark.parametrize("is_signed", [False, True])
def test_reflection_by_state_and_role(prepared, is_signed):
    known = reflections.begin_reflection(prepared.district, SPRING, by=prepared["cadre"], now=SUMMER)
    if is_signed:
        put_in_state(prepare(prepared)["district"], "signed", prepared)
    people = {name: prepared[name] for name in EVERYBODY}
    for state in ReflectionState:
        with transaction.atomic():
            for step in {"draft": [], "submitted": ["submitted"], "returned": ["submitted", "returned"]}[state]:
                Reflection.objects.filter(pk=known.pk).update(state=step)
            row = Reflection.objects.get(pk=known.pk)
            for verb, (states, names) in EXPECTED_OF_REFLECTION.items():
                for name, somebody in people.items():
                    allowed = state in states and name in names and not (is_signed and verb == ReflectionVerb.RETURN)
                    try:
                        with transaction.atomic():
                            after = do(verb, row, somebody)
                            transaction.set_rollback(True)
                    except ActionError as error:
                        assert not allowed, (state, verb, name, str(error))
                    else:
                        assert allowed, (state, verb, name)
                        assert after.state in REFLECTION_TRANSITIONS[verb].targets
            transaction.set_rollback(True)
