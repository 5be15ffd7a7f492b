"""Every (state × verb × role): who may take which step, written as a table that a leader could read."""

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from tests.sampling import taken
from unionops.casework.models import Notice
from unionops.casework.transitions import pairs
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event, User
from visits.actions.steps import STEPS
from visits.enums import TRANSITIONS, IssueState, Verb
from visits.models import Issue, Rectification
from visits.permissions import choices

pytestmark = pytest.mark.django_db

# The people of the test district who may take a step where its state allows it; everybody else may not.
CADRES = {"cadre"}
DISPATCHERS = {"leader", "clerk"}
DEPARTMENT = {"handler"}
EXPECTED = {
    Verb.EXPLAIN: CADRES,
    Verb.CLOSE_EXPLAINED: CADRES,
    Verb.SUBMIT: CADRES,
    Verb.RETURN: DISPATCHERS,
    Verb.DISPATCH: DISPATCHERS,
    Verb.SIGN_FOR: DEPARTMENT,
    Verb.DECLINE: DEPARTMENT,
    Verb.ANSWER: DEPARTMENT | CADRES,
    Verb.CONSULT: DEPARTMENT | {"leader"},
    Verb.CONCLUDE: DEPARTMENT | {"leader"},
    Verb.PROPOSE_PLAN: DEPARTMENT,
    Verb.PLAN: {"leader"},
    Verb.SUSPEND: {"leader"},
    Verb.RESUME: DEPARTMENT | {"leader"},
    Verb.TRANSFER: {"leader"},
    Verb.CONVERT: DEPARTMENT,
    Verb.OPEN_FOLLOW_UP: {"system"},
    Verb.CONFIRM: {"clerk"},
    Verb.REOPEN: {"clerk"},
    Verb.MERGE: DISPATCHERS,
    Verb.VOID: DISPATCHERS,
    Verb.APPEAL: {"leader"},
}
# What a department sent back, and what the claimant was not satisfied with, goes to the leader (rows 8 and 18).
LEADER_RULES = {(Verb.DISPATCH, IssueState.DECLINED): {"leader"}, (Verb.DISPATCH, IssueState.REOPENED): {"leader"}}
EVERYBODY = {
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
}  # fmt: skip


def may_take(verb, state):
    return LEADER_RULES.get((verb, state), EXPECTED[verb])


def soon(days=10):
    return timezone.localdate() + datetime.timedelta(days=days)


def fields_of(verb, world):
    """What each step asks for, filled in as a person would."""
    return {
        Verb.EXPLAIN: {"explanation": "讲明了条件和材料", "basis": "经费返还政策", "understood": False},
        Verb.DISPATCH: {"department": world.department},
        Verb.RETURN: {"reason": "缺具体路段"},
        Verb.DECLINE: {"reason": "不属于本科室"},
        Verb.ANSWER: {"result_kind": "resolved", "result_text": "已补发", "answer_way": "phone"},
        Verb.CONSULT: {"question": "哺乳时间扣绩效怎么认定", "participants": [world.other_department]},
        Verb.CONCLUDE: {"minutes": "应当补发"},
        Verb.PROPOSE_PLAN: {"measure": "改建车棚", "roadmap": "先设计后施工", "responsible": "王工", "due_on": soon()},
        Verb.SUSPEND: {"reason": "court", "resume_on": soon()},
        Verb.TRANSFER: {"body": "区人社局", "letter_number": "函 1 号"},
        Verb.CONVERT: {"linked_case": "T26-0001"},
        Verb.CONFIRM: {"way": "phone", "satisfaction": "satisfied"},
        Verb.REOPEN: {"way": "phone", "reason": "只做了一半"},
        Verb.MERGE: {"into": world.issue(state=IssueState.HANDLING), "reason": "两人登记了同一件事"},
        Verb.VOID: {"reason": "重复登记"},
        Verb.APPEAL: {"reason": "又拖欠了"},
    }.get(verb, {})


def ready(world, verb, state):
    """An issue in the state, with what the step's condition asks for."""
    understood = True if verb == Verb.CLOSE_EXPLAINED else None
    proposed = verb == Verb.PLAN and state == IssueState.HANDLING
    issue = world.issue(state=state, understood=understood, plan_proposed=proposed)
    if proposed:
        Rectification.objects.create(
            issue=issue,
            measure="改建",
            roadmap="先设计",
            responsible="王工",
            due_on=soon(),
            proposed_by=world["handler"],
        )
    return issue


def person(world, name):
    return User.objects.system() if name == "system" else world[name]


@pytest.mark.parametrize("verb", list(Verb))
def test_steps_by_state_and_role(verb, world):
    step, transition = STEPS[verb], TRANSITIONS[verb]
    people = {name: person(world, name) for name in sorted(EVERYBODY | {"system"})}
    for state in IssueState:
        issue = ready(world, verb, state)
        fields = fields_of(verb, world)
        for name, somebody in people.items():
            allowed = state in transition.sources and name in may_take(verb, state)
            # Where nobody may, the state is refused before the person: of those each run asks a share.
            if state not in transition.sources and not taken(verb, state, name, of=5):
                continue
            try:
                with transaction.atomic():
                    after = step(issue, by=somebody, **fields)
                    moved = Event.objects.about("issue", issue.pk).filter(verb=f"issue.{verb}").count()
                    transaction.set_rollback(True)
            except ActionError as error:
                assert not allowed, (verb, state, name, str(error))
                expected = NotAllowed if state in transition.sources else InvalidTransition
                assert isinstance(error, expected), (verb, state, name)
                assert str(error)
            else:
                assert allowed, (verb, state, name)
                assert moved == 1
                if verb != Verb.ANSWER:
                    assert after.state in transition.targets


@pytest.mark.parametrize("state", list(IssueState))
def test_buttons_say_what_the_actions_do(state, world):
    issue = world.issue(state=state)
    for name in sorted(EVERYBODY):
        for choice in choices(world[name], issue):
            verb = choice.transition.verb
            conditional = verb in (Verb.CLOSE_EXPLAINED, Verb.PLAN)
            expected = state in TRANSITIONS[verb].sources and name in may_take(verb, state) and not conditional
            assert choice.is_allowed == expected, (name, verb)
            assert choice.is_allowed or str(choice.reason)


@pytest.mark.parametrize("target", list(IssueState))
def test_database_refuses_moves_outside_the_table(target, world):
    known = set(pairs(TRANSITIONS))
    for source in IssueState:
        issue = world.issue(state=source)
        if source == target or (source, target) in known:
            continue
        with pytest.raises(DatabaseError, match="state"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE visits_issue SET state = %s WHERE id = %s", [target, issue.pk])


@pytest.mark.parametrize("state", sorted(set(IssueState) - {"registered", "explained", "submitted"}))
def test_database_refuses_rows_that_begin_in_the_middle(state, world):
    with pytest.raises(DatabaseError, match="cannot begin"), transaction.atomic():
        world.issue(state=state, ledger_import=None)


def test_timeline_cannot_be_changed(world):
    issue = STEPS[Verb.SUBMIT](world.issue(), by=world["cadre"])
    assert Event.objects.about("issue", issue.pk).count() == 1
    for statement in ("UPDATE org_event SET verb = 'x'", "DELETE FROM org_event", "TRUNCATE org_event CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Event.objects.about("issue", issue.pk).count() == 1


def test_follow_up_is_not_done_by_who_handled_it(world):
    issue = world.issue(state=IssueState.FOLLOWUP_DUE, handler=world["clerk"])

    with pytest.raises(NotAllowed, match="经办"):
        STEPS[Verb.CONFIRM](issue, by=world["clerk"], way="phone")


def test_department_may_decline_only_once(world):
    issue = world.issue(state=IssueState.DISPATCHED, declined_count=1)

    with pytest.raises(NotAllowed, match="已经退单一次"):
        STEPS[Verb.DECLINE](issue, by=world["handler"], reason="不属于本科室")


def test_closed_issue_is_taken_up_again_within_ninety_days(world):
    late = world.issue(state=IssueState.CLOSED, closed_at=timezone.now() - datetime.timedelta(days=91))
    intime = world.issue(state=IssueState.CLOSED, closed_at=timezone.now() - datetime.timedelta(days=89))

    assert STEPS[Verb.APPEAL](intime, by=world["leader"], reason="复发").state == IssueState.REOPENED
    with pytest.raises(NotAllowed, match="90"):
        STEPS[Verb.APPEAL](late, by=world["leader"], reason="复发")


def test_right_ends_with_the_posting(world):
    issue = world.issue()
    world["cadre"].postings.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))

    with pytest.raises(NotAllowed):
        STEPS[Verb.SUBMIT](issue, by=world["cadre"])
    assert not Issue.objects.visible_to(world["cadre"]).filter(town=world.town).exclude(liaison=world["cadre"]).exists()


def test_whoever_gets_the_pen_is_told(world):
    issue = STEPS[Verb.SUBMIT](world.issue(), by=world["cadre"])
    STEPS[Verb.DISPATCH](issue, by=world["leader"], department=world.department)

    assert [notice.user.username for notice in Notice.objects.filter(verb="issue.submit")] == ["clerk"]
    assert [notice.user.username for notice in Notice.objects.filter(verb="issue.dispatch")] == ["handler"]


def test_cadre_hears_of_what_came_back_and_of_the_answer(world):
    STEPS[Verb.RETURN](world.issue(IssueState.SUBMITTED), by=world["clerk"], reason="缺具体路段")
    STEPS[Verb.ANSWER](
        world.issue(IssueState.HANDLING),
        by=world["handler"],
        result_kind="resolved",
        result_text="已补发",
        answer_way="phone",
    )

    told = Notice.objects.filter(user=world["cadre"]).values_list("verb", flat=True)
    assert sorted(told) == ["issue.answer", "issue.return_back"]
