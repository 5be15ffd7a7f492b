"""Every (state x verb x role) of exchanges and decisions, as a table that a leader could read."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from tests.insight.conftest import at
from unionops.casework.transitions import pairs
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event
from visits.exchanges.actions import decisions, exchanges
from visits.exchanges.enums import (
    DECISION_TRANSITIONS,
    EXCHANGE_TRANSITIONS,
    DecisionState,
    DecisionVerb,
    ExchangeState,
    ExchangeVerb,
)
from visits.exchanges.models import Decision, Exchange
from visits.exchanges.permissions import choices, decision_choices

from .conftest import held, prepared

pytestmark = pytest.mark.django_db

EVERYBODY = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "town", "mediator", "officer", "auditor", "admin", "unposted",
)  # fmt: skip
EXPECTED = {
    ExchangeVerb.HOLD: {"leader", "clerk"},
    ExchangeVerb.PUT_OFF: {"leader", "clerk"},
    ExchangeVerb.PLAN: {"leader", "clerk"},
    ExchangeVerb.SIGN: {"leader"},
    ExchangeVerb.REOPEN: {"leader"},
}
# The owner is the cadre.
DECISION_EXPECTED = {
    DecisionVerb.REPORT: {"cadre", "clerk"},
    DecisionVerb.CONFIRM: {"leader", "chief", "clerk"},
    DecisionVerb.RETURN: {"leader", "chief", "clerk"},
    DecisionVerb.CHANGE: {"leader", "chief", "clerk"},
    DecisionVerb.WITHDRAW: {"leader", "chief"},
}


def soon(days: int = 10) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def exchange_in(world, state: str) -> Exchange:
    exchange = held(world) if state in (ExchangeState.HELD, ExchangeState.SIGNED) else prepared(world)
    if state == ExchangeState.PUT_OFF:
        return exchanges.put_off(exchange, by=world["leader"], reason="台风")
    return exchanges.sign(exchange, by=world["leader"]) if state == ExchangeState.SIGNED else exchange


def decision_in(world, state: str) -> Decision:
    made = decisions.decide(held(world), by=world["leader"], text="排查欠薪", owner=world["cadre"], due_on=soon())
    if state in (DecisionState.REPORTED, DecisionState.DONE):
        made = decisions.report(made, by=world["cadre"], result="查了二十家")
    if state == DecisionState.DONE:
        return decisions.confirm(made, by=world["clerk"])
    return decisions.withdraw(made, by=world["leader"], reason="重复") if state == DecisionState.WITHDRAWN else made


FIELDS = {
    ExchangeVerb.HOLD: lambda world: {"held_at": at(5, 8)},
    ExchangeVerb.PUT_OFF: lambda world: {"reason": "台风"},
    ExchangeVerb.PLAN: lambda world: {"planned_at": at(5, 12)},
    ExchangeVerb.SIGN: lambda world: {},
    ExchangeVerb.REOPEN: lambda world: {"reason": "写漏一项"},
    DecisionVerb.REPORT: lambda world: {"result": "查了二十家"},
    DecisionVerb.CONFIRM: lambda world: {},
    DecisionVerb.RETURN: lambda world: {"reason": "名单没交", "due_on": soon()},
    DecisionVerb.CHANGE: lambda world: {"reason": "休假", "owner": world["handler"], "due_on": soon(20)},
    DecisionVerb.WITHDRAW: lambda world: {"reason": "重复"},
}


def try_everybody(world, thing, table, verb, steps, expected) -> None:
    transition = table[verb]
    for name in EVERYBODY:
        allowed = thing.state in transition.sources and name in expected[verb]
        events = Event.objects.filter(subject_id=str(thing.pk)).count()
        try:
            with transaction.atomic():
                after = steps[verb](thing, by=world[name], **FIELDS[verb](world))
                moved = Event.objects.filter(subject_id=str(thing.pk)).count() - events
                transaction.set_rollback(True)
        except ActionError as error:
            assert not allowed, (verb, thing.state, name, str(error))
            wanted = NotAllowed if thing.state in transition.sources else InvalidTransition
            assert isinstance(error, wanted), (verb, thing.state, name)
            assert str(error)
        else:
            assert allowed, (verb, thing.state, name)
            assert moved == 1
            assert after.state in transition.targets


@pytest.mark.parametrize("state", list(ExchangeState))
def test_exchange_by_state_and_role(state, world):
    thing = exchange_in(world, state)
    for verb in ExchangeVerb:
        try_everybody(world, thing, EXCHANGE_TRANSITIONS, verb, exchanges.STEPS, EXPECTED)


@pytest.mark.parametrize("state", list(DecisionState))
def test_decision_by_state_and_role(state, world):
    thing = decision_in(world, state)
    for verb in DecisionVerb:
        try_everybody(world, thing, DECISION_TRANSITIONS, verb, decisions.STEPS, DECISION_EXPECTED)


@pytest.mark.parametrize("state", list(ExchangeState))
def test_buttons_say_what_the_actions_do(state, world):
    thing = exchange_in(world, state)
    for name in EVERYBODY:
        for choice in choices(world[name], thing):
            verb = choice.transition.verb
            assert choice.is_allowed == (state in choice.transition.sources and name in EXPECTED[verb]), (name, verb)


@pytest.mark.parametrize("state", list(DecisionState))
def test_buttons_of_a_decision_say_what_the_actions_do(state, world):
    thing = decision_in(world, state)
    for name in EVERYBODY:
        for choice in decision_choices(world[name], thing):
            verb = choice.transition.verb
            expected = state in choice.transition.sources and name in DECISION_EXPECTED[verb]
            assert choice.is_allowed == expected, (name, verb)


@pytest.mark.parametrize(
    ("table", "states", "make", "column"),
    [
        (EXCHANGE_TRANSITIONS, ExchangeState, exchange_in, "exchanges_exchange"),
        (DECISION_TRANSITIONS, DecisionState, decision_in, "exchanges_decision"),
    ],
)
def test_database_refuses_moves_outside_the_table(table, states, make, column, world):
    known = set(pairs(table))
    for source in states:
        with transaction.atomic():
            thing = make(world, source)
            for target in states:
                if source != target and (source, target) not in known:
                    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute(f"UPDATE {column} SET state = %s WHERE id = %s", [target, thing.pk])
            transaction.set_rollback(True)


def test_owner_does_not_confirm_the_own_work(world):
    made = decisions.decide(held(world), by=world["leader"], text="排查欠薪", owner=world["clerk"], due_on=soon())
    made = decisions.report(made, by=world["clerk"], result="查了")

    with pytest.raises(NotAllowed, match="责任人"):
        decisions.confirm(made, by=world["clerk"])


def test_minutes_are_not_signed_without_anybody_there(world):
    exchange = held(world)
    exchange.attendance.update(present=False)

    with pytest.raises(NotAllowed, match="到会"):
        exchanges.sign(exchange, by=world["leader"])


def test_reopened_minutes_can_be_mended_and_a_false_start_goes_back(world):
    signed = exchange_in(world, ExchangeState.SIGNED)
    mended = exchanges.reopen(signed, by=world["leader"], reason="写漏一项")
    assert (mended.state, mended.closed_at, mended.signed_by) == (ExchangeState.HELD, None, None)

    back = exchanges.reopen(mended, by=world["leader"], reason="点错了")
    assert (back.state, back.held_at) == (ExchangeState.PLANNED, None)


def test_what_was_decided_keeps_a_meeting_from_going_back(world):
    exchange = held(world)
    decisions.decide(exchange, by=world["leader"], text="排查欠薪", owner=world["cadre"], due_on=soon())

    with pytest.raises(NotAllowed, match="议定事项"):
        exchanges.reopen(exchange, by=world["leader"], reason="点错了")
