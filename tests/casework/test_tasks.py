import datetime

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from unionops.casework import deadlines, jobs, tasks
from unionops.casework.models import Deadline, Notice, Slot
from unionops.casework.notices import notify
from visits import jobs as visit_jobs
from visits.actions import steps
from visits.models import Issue, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(with_holidays):
    return with_holidays


def test_due_times_catch_up_what_was_missed():
    job = tasks.Job("test.job", lambda due: None, hours=(9, 14))
    now = timezone.make_aware(datetime.datetime(2026, 11, 21, 10, 0))
    times = [timezone.localtime(time) for time in tasks.due_times(job, now)]

    assert times[-1] == timezone.make_aware(datetime.datetime(2026, 11, 21, 9, 0))
    assert len(times) == 8
    assert times == sorted(set(times))


def test_job_of_every_few_minutes_is_due_at_its_latest_time_only():
    job = tasks.Job("test.often", lambda due: None, minutes=5)
    now = timezone.make_aware(datetime.datetime(2026, 11, 21, 10, 7, 31))

    assert tasks.due_times(job, now) == [timezone.make_aware(datetime.datetime(2026, 11, 21, 10, 5))]


def test_slot_runs_once_however_often_it_is_delivered(monkeypatch):
    ran = []
    job = tasks.Job("test.once", ran.append, hours=(9,))
    monkeypatch.setitem(tasks._jobs, job.name, job)
    slot = Slot.objects.create(name=job.name, due_at=timezone.now())
    for _delivery in range(20):
        tasks.run_slot(slot.pk)

    assert ran == [slot.due_at]
    slot.refresh_from_db()
    assert slot.finished_at is not None
    assert slot.attempts == 1


def test_failed_slot_is_taken_up_again_with_its_error_noted(monkeypatch):
    def fail(due_at):
        raise RuntimeError("no room on the disk")

    job = tasks.Job("test.fails", fail, hours=(9,))
    monkeypatch.setitem(tasks._jobs, job.name, job)
    slot = Slot.objects.create(name=job.name, due_at=timezone.now())
    with pytest.raises(RuntimeError):
        tasks.run_slot(slot.pk)

    slot.refresh_from_db()
    assert (slot.finished_at, slot.started_at, slot.attempts) == (None, None, 1)
    assert slot.error == "RuntimeError: no room on the disk"


def overdue_issue(world):
    issue = world.issue(state="handling", handler=world["handler"], holder_user=world["handler"])
    issue.deadline = deadlines.start(issue, "issue.handle.2", on=timezone.localdate() - datetime.timedelta(days=20))
    issue.save()
    return issue


def test_overdue_case_is_escalated_once(world):
    overdue_issue(world)

    assert jobs.escalate(timezone.now()) == 1
    assert jobs.escalate(timezone.now()) == 0
    told = {notice.user.username for notice in Notice.objects.filter(verb="issue.overdue")}
    assert told == {"handler", "leader", "clerk"}


def test_paused_case_is_not_escalated(world):
    issue = overdue_issue(world)
    deadlines.pause(issue, on=timezone.localdate(), reason="等待法院", by=world["leader"])

    assert jobs.escalate(timezone.now()) == 0


def test_digest_is_mailed_in_working_hours_only_and_once(world):
    handler = world["handler"]
    handler.email = "handler@example.org"
    handler.save()
    with transaction.atomic():
        notify(overdue_issue(world), "dispatch", by=world["leader"], to={handler.pk})
    Notice.objects.update(at=timezone.make_aware(datetime.datetime(2026, 11, 1)))
    friday = timezone.make_aware(datetime.datetime(2026, 11, 20, 9))
    saturday = friday + datetime.timedelta(days=1)

    for closed in (saturday, friday - datetime.timedelta(hours=2), friday + datetime.timedelta(hours=9)):
        assert jobs.send_digests(closed) == 0
    assert jobs.send_digests(friday) == 1
    assert jobs.send_digests(friday) == 0
    (message,) = mail.outbox
    assert message.to == ["handler@example.org"]
    assert "包装车间工资拖到现在没发" in message.body


def test_sample_of_a_month_is_drawn_once(world):
    last_month = timezone.localdate().replace(day=1) - datetime.timedelta(days=3)
    closed_at = timezone.make_aware(datetime.datetime.combine(last_month, datetime.time(10)))
    for _number in range(20):
        world.issue(state="closed", closed_at=closed_at)

    assert visit_jobs.draw_samples(timezone.now()) == 2
    drawn = visit_jobs.draw_samples(timezone.now())
    assert drawn == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_followup WHERE is_sample")
        assert cursor.fetchone() == (2,)


def test_visits_of_closed_months_are_locked(world):
    def visit(day):
        row = Visit(
            district=world.district, number=f"V-{day}", visited_on=day, officer=world["cadre"], town=world.town,
            enterprise=world.enterprise, submitted_by=world["cadre"],
        )  # fmt: skip
        row.set_week()
        row.save()
        return row

    visit(datetime.date(2026, 9, 15))
    visit(datetime.date(2026, 10, 30))
    early = timezone.make_aware(datetime.datetime(2026, 11, 3, 1))
    later = timezone.make_aware(datetime.datetime(2026, 11, 20, 1))

    assert visit_jobs.lock_closed_months(early) == 1
    assert visit_jobs.lock_closed_months(later) == 1
    assert visit_jobs.lock_closed_months(later) == 0


def test_suspended_issue_is_laid_before_the_leader_on_its_day(world):
    issue = world.issue(state="handling", handler=world["handler"])
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    steps.suspend(issue, by=world["leader"], reason="court", resume_on=tomorrow)
    due = timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time(9)))

    assert visit_jobs.remind_suspended(due) == 1
    assert {n.user.username for n in Notice.objects.filter(verb="issue.resume_due")} == {"leader", "handler"}
    assert Issue.objects.get(pk=issue.pk).state == "suspended"
    assert Deadline.objects.count() == 0
