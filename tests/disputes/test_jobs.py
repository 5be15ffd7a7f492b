"""What the periodic jobs tell whom, on which day, and that a second run says nothing twice."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import F
from django.utils import timezone

from disputes import jobs
from disputes.actions import care, confirmations
from disputes.clocks import read_clock
from disputes.models import Dispute
from tests.disputes import stories
from tests.disputes.stories import days, today
from unionops.casework.models import Deadline, Notice

pytestmark = pytest.mark.django_db


def at(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=f"dispute.{verb}").values_list("user__username", flat=True))


def test_obligations_are_announced_before_and_after_their_day(hall):
    case = stories.effective(hall)
    due = case.agreements.get().obligations.get(instalment=1).due_on

    quiet = [jobs.remind_obligations(at(due - days(back))) for back in (5, 4, 2, 1, 0)]
    before, after = jobs.remind_obligations(at(due - days(3))), jobs.remind_obligations(at(due + days(1)))

    assert quiet == [0, 0, 0, 0, 0]
    # Two things are due on that day, and it is one line.
    assert (before, after) == (1, 1)
    assert told("obligation_due") == told("obligation_overdue") == {"mediator", "head", "case_clerk"}


def test_what_is_performed_is_not_announced(hall):
    case = stories.effective(hall)
    stories.fulfil_all(hall, case)

    assert jobs.remind_obligations(at(today() + days(7))) == 0


def test_windows_of_confirmation_are_watched_until_somebody_applies(hall):
    case = stories.effective(hall)
    window = Deadline.objects.get(case_id=case.pk, rule="dispute.window.arbitration_review")

    assert jobs.watch_windows(at(window.due_on - days(5))) == 1
    assert told("window_closing") == {"mediator", "head", "case_clerk"}
    assert jobs.watch_windows(at(window.due_on + days(1))) == 1
    confirmations.apply(case, by=hall["case_clerk"], kind="arbitration_review", body="区仲裁委", applied_on=today())
    assert jobs.watch_windows(at(window.due_on + days(1))) == 0


def test_mediation_over_its_term_is_put_before_the_leader_once(hall):
    case = stories.mediating(hall)
    late = at(case.term.due_on + days(1))

    assert jobs.flag_terms(at(case.term.due_on)) == 0
    assert jobs.flag_terms(late) == 1
    assert jobs.flag_terms(late + days(1)) == 0
    assert told("term_over") == {"mediator", "head", "case_clerk", "leader"}


def test_suspended_mediation_is_not_over_its_term(hall):
    case = stories.suspended(hall)

    assert jobs.flag_terms(at(case.term.due_on + days(30))) == 0


def limitation_ends(case):
    reading = read_clock(case, case.limitation_events.all(), today())
    return reading and reading.clock.ends_on


def test_limitation_is_announced_a_month_and_a_week_before_its_end(hall):
    case = stories.accepted(hall)
    assert limitation_ends(case) is None
    Dispute.objects.filter(pk=case.pk).update(known_on=today() - days(300))
    case = stories.fresh(case)
    end = limitation_ends(case)

    assert [jobs.warn_of_limitation(at(end - days(back))) for back in (31, 30, 29, 7, 6)] == [0, 1, 0, 1, 0]
    assert told("limitation_near") == {"head", "case_clerk", "leader"}


def test_limitation_that_is_near_when_a_case_comes_is_announced_at_once(hall):
    case = stories.accepted(hall)
    Dispute.objects.filter(pk=case.pk).update(known_on=today() - days(350))
    left = (limitation_ends(stories.fresh(case)) - today()).days
    assert 7 < left < 30

    assert [jobs.warn_of_limitation(at(today() + days(later))) for later in (0, 1, left - 7, left, left + 1)] == [
        1, 0, 1, 0, 0,
    ]  # fmt: skip


def test_interruption_and_suspension_move_the_end_of_the_year(hall):
    case = stories.accepted(hall)
    Dispute.objects.filter(pk=case.pk).update(known_on=today() - days(300))
    first = limitation_ends(stories.fresh(case))
    care.record_limitation_event(case, by=hall["case_clerk"], kind="claim", on=today() - days(10))
    second = limitation_ends(stories.fresh(case))
    care.record_limitation_event(case, by=hall["case_clerk"], kind="force_majeure", on=today() - days(5))

    assert first is not None
    assert second is not None
    assert second > first
    # While the cause of the suspension lasts nobody knows the end.
    assert limitation_ends(stories.fresh(case)) is None


def test_arrears_of_wages_run_from_the_end_of_the_employment(hall):
    case = stories.accepted(hall, cause="pay_arrears")
    Dispute.objects.filter(pk=case.pk).update(known_on=today() - days(700))
    assert limitation_ends(stories.fresh(case)) is None

    Dispute.objects.filter(pk=case.pk).update(employment_ended_on=F("known_on") + days(600))
    assert limitation_ends(stories.fresh(case)) > today()


def test_settled_cases_are_left_alone(hall):
    case = stories.finished(hall)
    Dispute.objects.filter(pk=case.pk).update(known_on=today() - days(335))

    assert jobs.warn_of_limitation(at(today())) == 0
