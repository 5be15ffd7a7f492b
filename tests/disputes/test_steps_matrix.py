"""Every (state × verb × role) of a dispute and of a confirmation: who may take which step."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from disputes.actions import confirmations
from disputes.actions.table import STEPS
from disputes.actions.team import MemberDraft
from disputes.enums import (
    CONFIRMATION_TRANSITIONS,
    END_STATES,
    TRANSITIONS,
    ConfirmationState,
    ConfirmationVerb,
    DisputeState,
    Verb,
)
from disputes.management.commands.draw_disputes import page
from disputes.models import Confirmation, Dispute, Session
from disputes.permissions import choices
from tests.disputes import stories
from tests.sampling import taken
from unionops.casework.transitions import pairs
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event

pytestmark = pytest.mark.django_db

S = DisputeState
DESK = {"case_clerk", "head", "leader"}
HEADS = {"head", "leader"}
MEDIATORS = {"mediator"}
REPRESENTATIVES = {"worker_side", "firm_side"}
# The people of the hall who may take a step where its state allows it; everybody else may not.
EXPECTED = {
    Verb.ASK_CONSENT: DESK,
    Verb.ACCEPT: DESK,
    Verb.REFUSE: DESK,
    Verb.ASSIGN: HEADS,
    Verb.HOLD_SESSION: MEDIATORS,
    Verb.EXTEND: MEDIATORS,
    Verb.SUSPEND: HEADS,
    Verb.RESUME: HEADS,
    Verb.AGREE: MEDIATORS,
    Verb.TALK_AGAIN: MEDIATORS,
    Verb.MAKE_EFFECTIVE: DESK,
    Verb.FINISH: DESK,
    Verb.BREACH: DESK,
    Verb.FINISH_LATE: DESK,
    Verb.CHOOSE_ROUTE: DESK | REPRESENTATIVES,
    Verb.FAIL: MEDIATORS,
    Verb.WITHDRAW: DESK | MEDIATORS,
    Verb.TRANSFER: HEADS,
    Verb.ARCHIVE: DESK,
    Verb.REOPEN: HEADS,
}
# States before anybody was assigned: nobody mediates or represents.
BEFORE_TEAM = {S.REGISTERED, S.CONSENT_PENDING, S.ACCEPTED, S.NOT_ACCEPTED}
EVERYBODY = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted", "head", "case_clerk", "second_mediator", "judge", "arbitrator", "worker_side", "firm_side",
)  # fmt: skip
MOMENT = {Verb.BREACH: stories.LATER, Verb.CHOOSE_ROUTE: stories.LATER}


def fields_of(verb, hall, case):
    """What each step asks for, filled in as a person would."""
    today = stories.today()
    return {
        Verb.ACCEPT: lambda: {"scope_checked": True},
        Verb.RESUME: lambda: {"note": "鉴定意见已经作出"},
        Verb.ASK_CONSENT: lambda: {"way": "phone", "contacted_on": today, "person": "人事经理"},
        Verb.REFUSE: lambda: {"reason": "scope", "note": "不属于劳动争议，可以起诉"},
        Verb.ASSIGN: lambda: {"members": [MemberDraft(user=hall["mediator"])], "recusal_checked": True},
        Verb.HOLD_SESSION: lambda: {"kind": "face_to_face", "text": "双方到场", "present": ["沈月琴", "王建国"]},
        Verb.EXTEND: lambda: {
            "days": 5, "applicant_agreed_on": today, "respondent_agreed_on": today, "reason": "等社保核定",
        },
        Verb.SUSPEND: lambda: {"reason": "appraisal"},
        Verb.AGREE: lambda: stories.terms(case),
        Verb.TALK_AGAIN: lambda: {"reason": "单位要求改付款日期"},
        Verb.CHOOSE_ROUTE: lambda: {"route": "arbitration", "to": "区劳动人事争议仲裁委员会"},
        Verb.FAIL: lambda: {"reason": "gap"},
        Verb.WITHDRAW: lambda: {"reason": "申请人撤回"},
        Verb.TRANSFER: lambda: {"reason": "wrong_place", "to": "柯桥区调解中心"},
        Verb.ARCHIVE: lambda: {"statement": stories.LACKS},
        Verb.REOPEN: lambda: {"reason": "协议被认定无效"},
    }.get(verb, dict)()  # fmt: skip


def case_for(verb, usual, hall):
    """The case of a state, with what the step's conditions ask for."""
    state = usual.state
    special = {
        (Verb.FINISH, S.EFFECTIVE): stories.all_fulfilled,
        (Verb.BREACH, S.EFFECTIVE): stories.overdue,
        (Verb.ACCEPT, S.REGISTERED): lambda hall: stories.consent(
            hall, stories.registered(hall, source="screening", application_form="none")
        ),
    }
    make = special.get((verb, state))
    case = make(hall) if make else usual
    if (verb, state) == (Verb.FINISH_LATE, S.BREACHED):
        stories.fulfil_all(hall, case)
    return stories.fresh(case)


def attempt(step, subject, **fields):
    """What a step does, tried and taken back: (result, events written) or the refusal."""
    before = Event.objects.count()
    try:
        with transaction.atomic():
            result = step(subject, **fields)
            written = Event.objects.count() - before
            transaction.set_rollback(True)
    except ActionError as error:
        return error, 0
    return result, written


def test_tables_are_whole():
    assert set(STEPS) == set(TRANSITIONS) == set(Verb) == set(EXPECTED)
    assert set(stories.IN_STATE) == set(DisputeState)
    reached = {target for transition in TRANSITIONS.values() for target in transition.targets}
    left = {source for transition in TRANSITIONS.values() for source in transition.sources}
    assert set(DisputeState) - left == set()
    assert reached == set(DisputeState)
    assert {S.ARCHIVED} == END_STATES


def test_diagram_is_fresh():
    root = Path(__file__).resolve().parent.parent.parent
    assert (root / "docs" / "dispute-states.md").read_text() == page()


def test_steps_by_state_and_role(hall):
    people = {name: hall[name] for name in EVERYBODY}
    for state in DisputeState:
        with transaction.atomic():
            usual = stories.fresh(stories.IN_STATE[state](hall))
            assert usual.state == state
            _refused_in_the_wrong_state(hall, usual)
            _database_refuses_other_moves(usual)
            for verb, transition in TRANSITIONS.items():
                if state in transition.sources:
                    with transaction.atomic():
                        _try_everybody(hall, people, case_for(verb, usual, hall), verb, state)
                        transaction.set_rollback(True)
            transaction.set_rollback(True)


def _refused_in_the_wrong_state(hall, case):
    """One person is enough: a wrong state is refused before anything else is read."""
    head = hall["head"]
    offered = {choice.transition.verb for choice in choices(head, case) if choice.is_allowed}
    for verb, transition in TRANSITIONS.items():
        if case.state not in transition.sources:
            assert verb not in offered
            with pytest.raises(InvalidTransition):
                STEPS[verb](case, by=head, **fields_of(verb, hall, case))


def _database_refuses_other_moves(case):
    known = set(pairs(TRANSITIONS))
    for target in DisputeState:
        if target != case.state and (case.state, target) not in known:
            with (
                pytest.raises(DatabaseError, match=r"state|agreement|obligation"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute("UPDATE disputes_dispute SET state = %s WHERE id = %s", [target, case.pk])


def _try_everybody(hall, people, case, verb, state):
    transition = TRANSITIONS[verb]
    fields = fields_of(verb, hall, case)
    now = timezone.now() + MOMENT.get(verb, datetime.timedelta())
    for name, person in people.items():
        # Who may is always asked, and a share of all who may not.
        if name not in EXPECTED[verb] and not taken(verb, state, name, of=4):
            continue
        expected = name in EXPECTED[verb] and not (state in BEFORE_TEAM and name in MEDIATORS | REPRESENTATIVES)
        result, written = attempt(STEPS[verb], case, by=person, now=now, **fields)
        if expected:
            assert not isinstance(result, ActionError), (verb, state, name, str(result))
            assert written >= 1
            after = result if isinstance(result, Dispute) else None
            assert after is None or after.state in transition.targets
        else:
            assert isinstance(result, NotAllowed), (verb, state, name, result)
            assert str(result)
        button = next(choice for choice in choices(person, case) if choice.transition.verb == verb)
        assert button.is_allowed == expected, (verb, state, name)


def test_whoever_sees_nothing_can_do_nothing(hall):
    """Nobody who may take a step is kept from seeing the case."""
    case = stories.mediating(hall)
    seeing = {name for name in EVERYBODY if Dispute.objects.visible_to(hall[name]).filter(pk=case.pk).exists()}

    assert seeing == {
        "leader", "chief", "clerk", "mediator", "head", "case_clerk", "second_mediator", "judge", "worker_side", "firm_side",
    }  # fmt: skip


def test_database_refuses_a_case_that_begins_in_the_middle(hall):
    case = stories.registered(hall)
    case.pk, case.number, case.state = None, "越工调〔2026〕第9999号", "accepted"
    case._state.adding = True

    with pytest.raises(DatabaseError, match="cannot begin"), transaction.atomic():
        case.save(force_insert=True)


def confirmation_in(hall, state):
    case = stories.effective(hall)
    clerk, today = hall["case_clerk"], stories.today()
    found = confirmations.apply(case, by=clerk, kind="arbitration_review", body="区仲裁委", applied_on=today)
    if state in (ConfirmationState.ACCEPTED, ConfirmationState.CONFIRMED):
        found = confirmations.accept(found, by=clerk, accepted_on=today)
    if state == ConfirmationState.CONFIRMED:
        found = confirmations.confirm(found, by=clerk, decided_on=today, number="越劳仲审〔2026〕1号")
    if state == ConfirmationState.REFUSED:
        found = confirmations.refuse(found, by=clerk, decided_on=today, reason="内容不明确")
    if state == ConfirmationState.WITHDRAWN:
        found = confirmations.withdraw(found, by=clerk, reason="改为司法确认")
    return found


def test_confirmation_by_state_and_role(hall):
    today = stories.today()
    fields = {
        ConfirmationVerb.ACCEPT: {"accepted_on": today},
        ConfirmationVerb.CONFIRM: {"decided_on": today, "number": "越劳仲审〔2026〕1号"},
        ConfirmationVerb.REFUSE: {"decided_on": today, "reason": "内容不明确"},
        ConfirmationVerb.WITHDRAW: {"reason": "改为司法确认"},
    }
    known = set(pairs(CONFIRMATION_TRANSITIONS))
    for state in ConfirmationState:
        found = confirmation_in(hall, state)
        for verb, transition in CONFIRMATION_TRANSITIONS.items():
            for name in EVERYBODY:
                if name not in DESK and not taken(state, verb, name, of=4):
                    continue
                result, _written = attempt(confirmations.STEPS[verb], found, by=hall[name], **fields[verb])
                if state not in transition.sources:
                    assert isinstance(result, InvalidTransition), (verb, state, name)
                elif name in DESK:
                    assert isinstance(result, Confirmation), (verb, state, name, str(result))
                    assert result.state in transition.targets
                else:
                    assert isinstance(result, NotAllowed), (verb, state, name)
        for target in set(ConfirmationState) - {state}:
            if (state, target) not in known:
                with pytest.raises(DatabaseError, match="state"), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("UPDATE disputes_confirmation SET state = %s WHERE id = %s", [target, found.pk])


def test_conditions_of_steps(hall):
    """What a step asks beside state and person is refused with the field and the reason."""
    today = stories.today()

    def refused(match, step, case, **fields):
        result, _written = attempt(STEPS[step], case, **fields)
        assert isinstance(result, ActionError), step
        assert match in str(result), (step, str(result))

    clerk, head, mediator = hall["case_clerk"], hall["head"], hall["mediator"]
    waiting = stories.asked(hall)
    waiting.parties.filter(side="respondent").update(consent="", consent_on=None)
    refused("还没有同意", Verb.ACCEPT, waiting, by=clerk, scope_checked=True)
    refused("先征询", Verb.ACCEPT, stories.registered(hall), by=clerk, scope_checked=True)
    refused("先审查", Verb.ACCEPT, stories.asked(hall), by=clerk, scope_checked=False)
    refused("怎样消除", Verb.RESUME, stories.suspended(hall), by=head, note=" ")
    taken = stories.accepted(hall)
    refused("回避", Verb.ASSIGN, taken, by=head, members=[MemberDraft(user=mediator)], recusal_checked=False)
    refused("至少指派", Verb.ASSIGN, taken, by=head, members=[], recusal_checked=True)
    refused("不是本中心", Verb.ASSIGN, taken, by=head, members=[MemberDraft(user=hall["judge"])], recusal_checked=True)
    talks = stories.mediating(hall)
    refused("背对背", Verb.HOLD_SESSION, talks, by=mediator, kind="back_to_back", text="谈", present=["王"])
    refused("不符", Verb.AGREE, talks, by=mediator, **stories.terms(talks, total=Decimal("25000.01")))
    waiver = stories.terms(talks, result="职工自愿放弃社会保险")
    refused("放弃法定权利", Verb.AGREE, talks, by=mediator, **waiver)
    assert attempt(STEPS[Verb.AGREE], talks, by=mediator, **waiver, warnings_read=True)[1] >= 1
    late = today + stories.days(400)
    refused(
        "不能晚于今天",
        Verb.EXTEND,
        talks,
        by=mediator,
        days=5,
        applicant_agreed_on=late,
        respondent_agreed_on=today,
        reason="等",
    )
    refused("还缺", Verb.MAKE_EFFECTIVE, stories.agreed(hall), by=clerk)
    running = stories.effective(hall)
    refused("还有没履行", Verb.FINISH, running, by=clerk)
    refused("没有到期", Verb.BREACH, running, by=clerk)
    refused("催促", Verb.BREACH, running, by=clerk, now=timezone.now() + stories.LATER)
    assert Session.objects.count() == 0
