"""The centre of the demo: the published result by SQL, the two cases that were told, and accounts that sign in."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from disputes import demo as centre
from disputes.demo.history import ACCEPTED, FIRST, LAST
from disputes.enums import ConfirmationState, DisputeState, Outcome, Seat, SessionKind, Side
from disputes.models import Confirmation, Dispute, Obligation, SessionNote
from tests import database
from unionops.casework.inbox import inbox
from unionops.casework.models import FollowUp
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import parse
from unionops.org.models import User
from visits.demo.district import build_district
from visits.demo.loading import SEED

PASSWORD = "unionops-demo"


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The district without its visits, and the centre: loaded once for all tests of this file."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            district = build_district(PASSWORD, seed=SEED)
            centre.load(district, timezone.now())
        yield district
        database.copy()


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("told")]


def figure(code, period=f"{FIRST}..2023-11-14"):
    span = parse(period)
    return figure_of(Question(find(code), Asked(User.objects.get(username="leader"), span, span.last)))


def test_published_result_by_sql():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE outcome IN ('agreed', 'settled')),"
            " count(*) FILTER (WHERE outcome IN ('agreed', 'settled', 'failed'))"
            " FROM disputes_dispute WHERE received_on BETWEEN %s AND %s",
            [FIRST, LAST],
        )
        accepted, settled, decided = cursor.fetchone()

    assert accepted == ACCEPTED == 50
    assert settled / decided > 0.85
    assert settled / accepted > 0.85


def test_figures_say_the_same():
    assert figure("dispute_accepted_count").value == 50
    assert figure("dispute_success_rate").words == "87.76"
    assert figure("dispute_success_on_accepted_rate").words == "86.00"
    assert figure("obligation_fulfilment_rate").value < 100


def test_maternity_case_was_found_by_screening_and_paid_after_a_month():
    case = Dispute.objects.get(cause="si_maternity")
    obligation = Obligation.objects.get(agreement__dispute=case)

    assert (case.source, case.state, case.outcome) == ("screening", DisputeState.FULFILLED, Outcome.AGREED)
    assert (obligation.amount, obligation.fulfilled_on) == (Decimal("25000.00"), obligation.due_on)
    assert (obligation.fulfilled_on - case.ended_on).days == 30
    assert [one.kind for one in case.sessions.order_by("number")] == [
        SessionKind.BACK_TO_BACK, SessionKind.BACK_TO_BACK, SessionKind.FACE_TO_FACE,
    ]  # fmt: skip
    assert {seat.seat for seat in case.team.all()} == {Seat.MEDIATOR, Seat.GOLD_MEDIATOR, Seat.JUDGE, Seat.UNION}
    assert Confirmation.objects.get(agreement__dispute=case).state == ConfirmationState.CONFIRMED
    assert FollowUp.objects.filter(case_id=case.pk, resolved=True).exists()


def test_collective_case_paid_one_instalment_and_broke_the_second():
    case = Dispute.objects.get(people_count=23)
    owed = Obligation.objects.filter(agreement__dispute=case)

    assert (case.is_collective, case.state) == (True, DisputeState.BREACHED)
    assert case.parties.filter(side=Side.APPLICANT).count() == 23
    assert case.parties.filter(is_elected=True).count() == 3
    assert set(owed.filter(instalment=1).values_list("fulfilled_on", flat=True)) != {None}
    assert set(owed.filter(instalment=2).values_list("fulfilled_on", flat=True)) == {None}
    assert sum(one.amount for one in owed) == case.agreements.get().total == case.amount_claimed


def test_every_account_signs_in_and_finds_its_cases(client):
    sees = {name: Dispute.objects.visible_to(User.objects.get(username=name)).count() for name in centre.ACCOUNTS}

    for name in centre.ACCOUNTS:
        answered = client.post(reverse("org:sign_in"), {"username": name, "password": PASSWORD})
        assert answered.status_code == 302, name
        client.logout()
    assert sees["head"] == sees["desk"] == Dispute.objects.count()
    assert (sees["court"], sees["labour"], sees["justice"]) == (2, 1, 1)
    court = User.objects.get(username="court")
    assert not SessionNote.objects.visible_to(court).exclude(session__side_heard="").exists()


def test_work_is_waiting_in_every_stage():
    states = set(Dispute.objects.exclude(state=DisputeState.ARCHIVED).values_list("state", flat=True))

    assert states >= {
        DisputeState.REGISTERED, DisputeState.CONSENT_PENDING, DisputeState.ACCEPTED, DisputeState.MEDIATING,
        DisputeState.SUSPENDED, DisputeState.AGREED, DisputeState.EFFECTIVE, DisputeState.BREACHED,
    }  # fmt: skip
    assert Dispute.objects.in_hands_of(User.objects.get(username="mediator")).exists()
    assert inbox(User.objects.get(username="leader"), "mine") is not None
