import datetime
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from disputes.law.limitation import (
    INTERRUPTION_ARTICLES,
    Clock,
    ClockState,
    Interruption,
    InterruptionKind,
    LimitationLog,
    StepKind,
    Suspension,
    SuspensionReason,
    limitation_clock,
)
from tests.disputes.law.conftest import a_year_on
from unionops.china.errors import InvalidValue

ONE_DAY = datetime.timedelta(days=1)
CLAIM, PROMISE = InterruptionKind.CLAIM, InterruptionKind.PROMISE


def kinds(clock: Clock) -> list[StepKind]:
    return [step.kind for step in clock.because]


@pytest.mark.parametrize(
    ("known_on", "ends_on"),
    [
        # No 29 February in the next year: the last day of the month (民法典 202).
        (date(2024, 2, 29), date(2025, 2, 28)),
        # 2025-10-03 lies in the holiday of National Day, which ends on the 8th.
        (date(2024, 10, 3), date(2025, 10, 9)),
        # 2026-02-17 lies in Spring Festival; 2026-02-24 is the first working day.
        (date(2025, 2, 17), date(2026, 2, 24)),
        # 2025-10-11 is a working Saturday.
        (date(2024, 10, 11), date(2025, 10, 11)),
        (date(2024, 11, 20), date(2025, 11, 20)),
    ],
)
def test_a_year_from_the_day_of_knowing(calendar, known_on, ends_on):
    clock = limitation_clock(LimitationLog(known_on), calendar)

    assert (clock.ends_on, clock.provisional) == (ends_on, False)
    assert kinds(clock) == [StepKind.KNOWN, StepKind.ENDS]
    assert clock.state(known_on - ONE_DAY) == ClockState.NOT_RUNNING
    assert clock.state(known_on) == ClockState.RUNNING
    assert clock.state(ends_on) == ClockState.RUNNING
    assert clock.state(ends_on + ONE_DAY) == ClockState.EXPIRED
    assert clock.days_left(ends_on - 3 * ONE_DAY) == 3
    assert clock.days_left(ends_on + ONE_DAY) == -1


def test_year_that_is_not_announced(calendar):
    clock = limitation_clock(LimitationLog(date(2026, 11, 20)), calendar)

    assert (clock.ends_on, clock.provisional) == (date(2027, 11, 22), True)


def test_wage_arrears_during_employment_do_not_run(calendar):
    clock = limitation_clock(LimitationLog(date(2020, 1, 1), wage_arrears=True), calendar)

    assert clock.ends_on is None
    assert clock.state(date(2026, 11, 21)) == ClockState.NOT_RUNNING
    assert clock.days_left(date(2026, 11, 21)) is None
    assert clock.aid_at_once(date(2026, 11, 21)) is False
    assert kinds(clock) == [StepKind.EMPLOYED]


def test_wage_arrears_run_from_the_end_of_employment(calendar):
    log = LimitationLog(date(2020, 1, 1), wage_arrears=True, employment_ended_on=date(2025, 6, 30))
    clock = limitation_clock(log, calendar)

    assert (clock.started_on, clock.ends_on) == (date(2025, 6, 30), date(2026, 6, 30))
    assert kinds(clock) == [StepKind.EMPLOYMENT_ENDED, StepKind.ENDS]


def test_other_claims_do_not_wait_for_the_end_of_employment(calendar):
    log = LimitationLog(date(2025, 3, 3), employment_ended_on=date(2025, 6, 30))

    assert limitation_clock(log, calendar).ends_on == date(2026, 3, 3)


@pytest.mark.parametrize("kind", InterruptionKind)
def test_each_kind_of_event_starts_a_new_year(calendar, kind):
    log = LimitationLog(date(2025, 3, 3), interruptions=[Interruption(kind, date(2025, 5, 6))])
    clock = limitation_clock(log, calendar)

    assert clock.ends_on == date(2026, 5, 6)
    assert kinds(clock) == [StepKind.KNOWN, StepKind.INTERRUPTED, StepKind.ENDS]
    assert clock.because[1].article == INTERRUPTION_ARTICLES[kind]
    assert clock.because[1].words == f"{kind.label}：时效中断，重新计算一年"


def test_eight_events_of_order_17():
    numbers = [article.item for article in INTERRUPTION_ARTICLES.values() if article.number == 31]

    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len(INTERRUPTION_ARTICLES) == len(InterruptionKind) == 14


def test_event_before_the_start_and_after_the_end(calendar):
    log = LimitationLog(
        date(2024, 3, 4),
        interruptions=[
            Interruption(CLAIM, date(2025, 3, 5)),
            Interruption(CLAIM, date(2024, 3, 1)),
            Interruption(PROMISE, date(2025, 4, 1)),
        ],
    )
    clock = limitation_clock(log, calendar)

    assert clock.ends_on == date(2025, 3, 4)
    assert kinds(clock) == [
        StepKind.KNOWN, StepKind.BEFORE, StepKind.TOO_LATE, StepKind.PROMISED_LATE, StepKind.ENDS,
    ]  # fmt: skip
    assert clock.because[3].article.number == 192


def test_event_on_the_last_day_and_on_a_day_that_rolled(calendar):
    # A year from 2024-10-03 ends on 2025-10-09; the 9th still interrupts, the 10th no more.
    kept = limitation_clock(
        LimitationLog(date(2024, 10, 3), interruptions=[Interruption(CLAIM, date(2025, 10, 9))]), calendar
    )
    lost = limitation_clock(
        LimitationLog(date(2024, 10, 3), interruptions=[Interruption(CLAIM, date(2025, 10, 10))]), calendar
    )

    assert kept.ends_on == date(2026, 10, 9)
    assert lost.ends_on == date(2025, 10, 9)


def test_event_on_the_day_of_knowing(calendar):
    log = LimitationLog(date(2025, 3, 3), interruptions=[Interruption(CLAIM, date(2025, 3, 3))])
    clock = limitation_clock(log, calendar)

    assert clock.ends_on == date(2026, 3, 3)
    assert kinds(clock) == [StepKind.KNOWN, StepKind.INTERRUPTED, StepKind.ENDS]


def test_suspension_that_begins_on_the_last_day(calendar):
    last = Suspension(SuspensionReason.OTHER, date(2026, 3, 3))
    clock = limitation_clock(LimitationLog(date(2025, 3, 3), suspensions=[last]), calendar)

    assert clock.ends_on is None
    assert clock.state(date(2026, 3, 4)) == ClockState.SUSPENDED


def test_event_without_evidence_is_left_out_on_request(calendar):
    log = LimitationLog(date(2025, 3, 3), interruptions=[Interruption(CLAIM, date(2025, 5, 6), proven=False)])

    assert limitation_clock(log, calendar).ends_on == date(2026, 5, 6)
    proven = limitation_clock(log, calendar, only_proven=True)
    assert proven.ends_on == date(2026, 3, 3)
    assert kinds(proven) == [StepKind.KNOWN, StepKind.UNPROVEN, StepKind.ENDS]


def test_suspended_days_are_added(calendar):
    cause = Suspension(SuspensionReason.FORCE_MAJEURE, date(2025, 5, 1), date(2025, 5, 30))
    clock = limitation_clock(LimitationLog(date(2025, 3, 3), suspensions=[cause]), calendar)

    # Thirty days after 2026-03-03.
    assert clock.ends_on == date(2026, 4, 2)
    assert clock.state(date(2025, 5, 1)) == clock.state(date(2025, 5, 30)) == ClockState.SUSPENDED
    assert clock.state(date(2025, 5, 31)) == ClockState.RUNNING
    step = clock.because[1]
    assert (step.kind, step.on, step.until) == (StepKind.SUSPENDED, date(2025, 5, 1), date(2025, 5, 30))
    assert step.words == "不可抗力：时效中止，这些天不计算"


def test_suspension_before_the_start_changes_nothing(calendar):
    cause = Suspension(SuspensionReason.OTHER, date(2025, 1, 1), date(2025, 3, 3))
    clock = limitation_clock(LimitationLog(date(2025, 3, 3), suspensions=[cause]), calendar)

    assert clock.ends_on == date(2026, 3, 3)
    assert kinds(clock) == [StepKind.KNOWN, StepKind.ENDS]


def test_suspension_that_lasts(calendar):
    cause = Suspension(SuspensionReason.NO_REPRESENTATIVE, date(2025, 5, 1))
    clock = limitation_clock(LimitationLog(date(2025, 3, 3), suspensions=[cause]), calendar)

    assert clock.ends_on is None
    assert clock.state(date(2025, 4, 30)) == ClockState.RUNNING
    assert clock.state(date(2030, 1, 1)) == ClockState.SUSPENDED
    assert kinds(clock) == [StepKind.KNOWN, StepKind.SUSPENDED_OPEN]


def test_suspension_after_the_end_changes_nothing(calendar):
    causes = [
        Suspension(SuspensionReason.OTHER, date(2026, 3, 4)),
        Suspension(SuspensionReason.OTHER, date(2026, 3, 4), date(2026, 3, 9)),
    ]
    clock = limitation_clock(LimitationLog(date(2025, 3, 3), suspensions=causes), calendar)

    assert clock.ends_on == date(2026, 3, 3)
    assert clock.state(date(2026, 3, 5)) == ClockState.EXPIRED
    assert kinds(clock) == [StepKind.KNOWN, StepKind.ENDS]


def test_suspension_backwards_is_refused(calendar):
    cause = Suspension(SuspensionReason.OTHER, date(2025, 5, 2), date(2025, 5, 1))

    with pytest.raises(InvalidValue, match="不能早于"):
        limitation_clock(LimitationLog(date(2025, 3, 3), suspensions=[cause]), calendar)


def test_legal_aid_at_once_in_the_last_days(calendar):
    clock = limitation_clock(LimitationLog(date(2024, 11, 20)), calendar)

    answers = {day: clock.aid_at_once(date(2025, 11, day)) for day in (13, 14, 20, 21)}
    assert answers == {13: False, 14: True, 20: True, 21: False}


def walk(known_on, events, paused, working):
    """The year as a heap of days, one taken away each evening that counts; an event brings a new heap."""
    start = day = known_on
    heap = (a_year_on(start) - start).days
    while True:
        if day in events:
            start, heap = day, (a_year_on(day) - day).days
        day += ONE_DAY
        if day not in paused:
            heap -= 1
        may_end = heap <= 0 and day in working and day not in paused
        if may_end and day not in events:
            return start, day


offsets = st.integers(-20, 900)


@settings(max_examples=120)
@given(
    known_on=st.dates(date(2011, 1, 1), date(2020, 1, 1)) | st.just(date(2012, 2, 29)) | st.just(date(2016, 2, 29)),
    events=st.lists(offsets, max_size=4),
    causes=st.lists(st.tuples(offsets, st.integers(0, 90)), max_size=3),
)
def test_clock_agrees_with_taking_days_from_a_heap(calendar, announced, known_on, events, causes):
    days = [known_on + ONE_DAY * offset for offset in events]
    suspensions = [
        Suspension(SuspensionReason.OTHER, known_on + ONE_DAY * first, known_on + ONE_DAY * (first + length))
        for first, length in causes
    ]
    paused = {
        cause.first + ONE_DAY * step for cause in suspensions for step in range((cause.last - cause.first).days + 1)
    }
    log = LimitationLog(known_on, interruptions=[Interruption(CLAIM, day) for day in days], suspensions=suspensions)

    clock = limitation_clock(log, calendar)

    assert (clock.started_on, clock.ends_on) == walk(known_on, set(days), paused, announced)
    assert clock.because[-1].ends_on == clock.ends_on
    steps = [step for step in clock.because if step.event == CLAIM]
    assert [step.on for step in steps] == sorted(days)
