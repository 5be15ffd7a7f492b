"""What is done around an issue through the page: time, pauses, the list of measures, outside bodies, calls, samples."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from unionops.casework import jobs
from unionops.casework.models import CaseLink, FollowUp, Notice, Task
from unionops.org.models import Event
from visits import jobs as visit_jobs
from visits.actions import steps
from visits.models import Issue


def later(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


@pytest.fixture
def handled(world) -> Issue:
    """Dispatched and signed for: its clock of fifteen working days runs."""
    issue = steps.dispatch(world.issue("submitted"), by=world["leader"], department=world.department)
    return steps.sign_for(issue, by=world["handler"])


@pytest.fixture
def care(as_person):
    def act(who: str, issue: Issue, name: str, part: int | None = None, **fields: object):
        known = Issue.objects.get(pk=issue.pk)
        place = ("visits:do", [issue.pk, name]) if part is None else ("visits:settle", [issue.pk, name, part])
        return as_person(who).post(reverse(place[0], args=place[1]), {"version": known.version, **fields})

    return act


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=f"issue.{verb}").values_list("user__username", flat=True))


def test_urgency_measures_running_clocks_anew(world, handled, care):
    before = handled.deadline.due_on

    assert care("leader", handled, "set_urgency", urgency="2", reason="涉及停工").status_code == 302

    handled.refresh_from_db()
    assert (handled.urgency, handled.deadline.rule) == (2, "issue.handle.2")
    assert handled.deadline.due_on < before


def test_only_the_leader_gives_more_time(world, handled, care):
    before = handled.deadline.due_on
    assert care("handler", handled, "extend", days="5", reason="企业要对账").status_code == 403
    assert care("leader", handled, "extend", days="61", reason="企业要对账").status_code == 422
    assert care("leader", handled, "extend", days="5", reason="").status_code == 422

    assert care("leader", handled, "extend", days="5", reason="企业要对账").status_code == 302

    handled.deadline.refresh_from_db()
    assert handled.deadline.due_on > before


@pytest.mark.parametrize(("reason", "stops"), [("court", True), ("third_party", True), ("other", False)])
def test_clock_stops_only_for_an_allowed_reason(world, handled, as_person, reason, stops):
    fields = {"version": handled.version, "reason": reason, "resume_on": later(20).isoformat()}
    assert as_person("handler").post(reverse("visits:step", args=[handled.pk, "suspend"]), fields).status_code == 403
    assert as_person("leader").post(reverse("visits:step", args=[handled.pk, "suspend"]), fields).status_code == 302

    handled.refresh_from_db()
    assert (handled.state, bool(handled.deadline.paused_on)) == ("suspended", stops)


def test_list_of_measures_runs_to_its_date_under_supervision(world, handled, as_person):
    rows = {
        "task-TOTAL_FORMS": "1",
        "task-INITIAL_FORMS": "0",
        "task-0-what": "完成招标",
        "task-0-due_on": later(20).isoformat(),
    }
    fields = {
        "measure": "改建车棚",
        "roadmap": "先设计后施工",
        "responsible": "王工",
        "due_on": later(60).isoformat(),
        **rows,
    }
    address = reverse("visits:step", args=[handled.pk, "propose_plan"])
    assert as_person("handler").post(address, {"version": handled.version, **fields}).status_code == 302
    handled.refresh_from_db()
    plan = reverse("visits:step", args=[handled.pk, "plan"])
    assert as_person("handler").post(plan, {"version": handled.version}).status_code == 403
    assert as_person("leader").post(plan, {"version": handled.version}).status_code == 302

    handled.refresh_from_db()
    assert (handled.state, handled.deadline.due_on) == ("planned", later(60))
    assert "完成招标" in as_person("handler").get(reverse("casework:inbox")).content.decode()
    # When the date has passed, those who supervise hear of it.
    jobs.escalate(timezone.now() + datetime.timedelta(days=61))
    assert told("overdue") == {"handler", "leader", "clerk"}


def test_outside_body_answers_and_the_department_tells_the_claimant(world, handled, care, as_person):
    steps.transfer(handled, by=world["leader"], body="区人社局", letter_number="越工函〔2026〕7 号")
    referral = handled.referrals.get()
    today = timezone.localdate().isoformat()
    assert (
        care(
            "handler", handled, "referral", referral.pk, reply="已立案查处", replied_on=later(1).isoformat()
        ).status_code
        == 422
    )

    assert care("handler", handled, "referral", referral.pk, reply="已立案查处", replied_on=today).status_code == 302

    page = as_person("cadre").get(reverse("visits:issue", args=[handled.pk])).content.decode()
    for words in ("区人社局", "越工函〔2026〕7 号", "已立案查处"):
        assert words in page
    answered = steps.answer(
        handled, by=world["handler"], result_kind="transferred", result_text="监察已立案", answer_way="phone"
    )
    assert answered.state == "followup_due"


def test_calls_that_nobody_took_are_counted(world, handled, care):
    steps.answer(handled, by=world["handler"], result_kind="resolved", result_text="已补发", answer_way="phone")

    for _call in range(3):
        assert care("clerk", handled, "attempt", note="无人接听").status_code == 302

    assert FollowUp.objects.get(case_id=handled.pk).attempts == 3
    assert care("handler", handled, "attempt").status_code == 403


def test_sampled_issue_is_visited_again_once(world, care, as_person):
    last_month = timezone.localdate().replace(day=1) - datetime.timedelta(days=3)
    issue = world.issue(
        "closed", closed_at=timezone.make_aware(datetime.datetime.combine(last_month, datetime.time(10)))
    )
    visit_jobs.draw_samples(timezone.now())
    sample = FollowUp.objects.get(case_id=issue.pk, is_sample=True)
    assert issue.number in as_person("clerk").get(reverse("casework:inbox")).content.decode()
    fields = {"way": "site", "resolved": "0", "satisfaction": "not", "note": "车间说又停了"}
    assert care("leader", issue, "sample", sample.pk, **fields).status_code == 403

    assert care("clerk", issue, "sample", sample.pk, **fields).status_code == 302

    sample.refresh_from_db()
    assert (sample.way, sample.resolved, sample.done_by) == ("site", False, world["clerk"])
    assert told("bad_sample") == {"leader"}
    assert care("clerk", issue, "sample", sample.pk, **fields).status_code in (409, 422)
    assert Event.objects.about("issue", issue.pk).filter(verb="issue.sample").count() == 1


def test_linked_and_watched(world, handled, care, as_person):
    other = world.issue("handling")
    assert care("handler", handled, "link", other="S26-0").status_code == 422
    assert care("handler", handled, "link", other=other.number).status_code == 302
    assert CaseLink.objects.get().to_id == other.pk
    assert other.number in as_person("handler").get(reverse("visits:issue", args=[handled.pk])).content.decode()

    as_person("chief").post(reverse("visits:watch", args=[handled.pk]), {"on": "1"})
    care("handler", handled, "note", text="已约下周三谈")
    assert "chief" in told("note")


def test_task_of_a_consultation_is_ticked_off_by_its_unit(world, handled, care):
    steps.consult(handled, by=world["handler"], question="怎么认定", participants=[world.other_department])
    task = steps.TaskDraft(what="查考勤", due_on=later(3), organisation=world.other_department)
    steps.conclude(handled, by=world["handler"], minutes="按合同补足", tasks=[task])
    done = Task.objects.get(case_id=handled.pk)

    assert care("cadre", handled, "task", done.pk).status_code == 403
    assert care("handler", handled, "task", done.pk, note="考勤已核").status_code == 302

    done.refresh_from_db()
    assert (done.done_by, done.note) == (world["handler"], "考勤已核")


def test_holder_hears_when_seven_tenths_are_over(world, handled):
    soon = timezone.make_aware(datetime.datetime.combine(handled.deadline.soon_on, datetime.time(9)))

    jobs.escalate(soon - datetime.timedelta(days=1))
    assert told("due_soon") == set()
    jobs.escalate(soon)

    assert told("due_soon") == {"handler"}
