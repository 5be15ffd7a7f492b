import datetime

import pytest

from unionops.casework import deadlines
from unionops.casework.deadlines import lamp
from unionops.casework.enums import Light
from unionops.casework.models import Deadline, Term
from unionops.china.calendar import DayKind
from unionops.china.days import announce_year
from visits.actions.steps import STEPS

pytestmark = pytest.mark.django_db

D = datetime.date


@pytest.fixture
def world(with_holidays):
    return with_holidays


def begin(world, code, day):
    return deadlines.start(world.issue(), code, on=day)


@pytest.mark.parametrize(
    ("code", "started", "due"),
    [
        ("issue.handle.2", D(2026, 11, 13), D(2026, 11, 20)),  # seven natural days
        ("issue.handle.3", D(2026, 9, 24), D(2026, 10, 22)),  # fifteen working days; Saturday 10-10 works
        ("issue.sign_for.3", D(2026, 9, 18), D(2026, 9, 22)),  # three working days; Sunday 09-20 works
        ("issue.sign_for.1", D(2026, 11, 21), D(2026, 11, 21)),  # the same day, even a Saturday
        ("issue.handle.4", D(2026, 2, 6), D(2026, 3, 9)),  # thirty natural days, over the Spring Festival
    ],
)
def test_due_dates_of_the_terms(world, code, started, due):
    assert begin(world, code, started).due_on == due


def test_date_beyond_the_announced_year_is_provisional(world):
    assert not begin(world, "issue.handle.3", D(2026, 11, 20)).provisional
    assert begin(world, "issue.handle.3", D(2026, 12, 20)).provisional


def test_provisional_date_is_measured_anew_when_the_year_is_announced(world):
    deadline = begin(world, "issue.handle.3", D(2026, 12, 20))
    before = deadline.due_on
    announce_year(2027, rest={D(2027, 1, 1): "元旦", D(2027, 1, 4): "元旦"}, work=[], notice="国办发明电")

    assert deadlines.recompute_provisional() == 1
    deadline.refresh_from_db()
    assert not deadline.provisional
    assert deadline.due_on > before


def test_pause_moves_the_due_date_by_what_it_removed(world):
    issue = world.issue()
    issue.deadline = deadlines.start(issue, "issue.handle.2", on=D(2026, 11, 13))
    deadlines.pause(issue, on=D(2026, 11, 16), reason="等企业交考勤", by=world["leader"])
    deadlines.resume(issue, on=D(2026, 11, 18))
    deadline = Deadline.objects.get()

    # Two days out: the seventh counted day is Sunday 11-22, which rolls to Monday.
    assert (deadline.due_on, deadline.paused_on) == (D(2026, 11, 23), None)
    kinds = [step.kind for step in deadlines.explain(deadline).steps]
    assert kinds.count(DayKind.PAUSED) == 2
    assert kinds[0] == DayKind.START
    assert kinds[-1] == DayKind.DUE


def test_pause_and_resume_on_one_day_remove_nothing(world):
    issue = world.issue()
    deadline = deadlines.start(issue, "issue.handle.2", on=D(2026, 11, 13))
    deadlines.pause(issue, on=D(2026, 11, 16), reason="等材料", by=world["leader"])
    deadlines.resume(issue, on=D(2026, 11, 16))

    assert Deadline.objects.get().due_on == deadline.due_on


def test_extension_counts_from_the_old_start(world):
    deadline = begin(world, "issue.handle.2", D(2026, 11, 13))

    assert deadlines.extend(deadline, 5).due_on == D(2026, 11, 25)


def test_later_edit_of_the_table_changes_no_running_clock(world):
    deadline = begin(world, "issue.handle.2", D(2026, 11, 13))
    Term.objects.filter(code="issue.handle.2").update(length=30)
    deadlines.recompute_provisional()
    deadline.refresh_from_db()

    assert deadline.due_on == D(2026, 11, 20)


@pytest.mark.parametrize(
    ("today", "light", "words"),
    [
        (D(2026, 11, 14), Light.OK, "余 6 天"),
        (D(2026, 11, 18), Light.SOON, "余 2 天"),
        (D(2026, 11, 20), Light.SOON, "今天到期"),
        (D(2026, 11, 23), Light.OVER, "超 3 天"),
    ],
)
def test_lamp_turns_yellow_at_seven_tenths(world, today, light, words):
    found = deadlines.lamp_of(begin(world, "issue.handle.2", D(2026, 11, 13)), today)

    assert (found.light, found.words) == (light, words)


def test_lamp_of_what_is_done_paused_or_has_no_term():
    day = D(2026, 11, 20)

    assert lamp(day, day, None, D(2026, 11, 20)).light == Light.DONE
    assert lamp(day, day, None, D(2026, 11, 22)).light == Light.LATE
    assert lamp(day, day, D(2026, 11, 16), None).light == Light.HOLD
    assert lamp(None, None, None, None).due_on is None


def test_late_case_can_still_take_its_next_step(world):
    issue = world.issue(state="dispatched")
    issue.deadline = deadlines.start(issue, "issue.sign_for.2", on=D(2026, 1, 5))
    issue.save()

    signed = STEPS["sign_for"](issue, by=world["handler"])

    assert signed.state == "handling"
    assert Deadline.objects.get(rule="issue.sign_for.2").met_on is not None
