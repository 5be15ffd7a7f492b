"""Whole cases by their actions: the maternity allowance to the last payment, a failure, a withdrawal, a breach."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes import terms
from disputes.actions import agreements, appointments, care, confirmations, intake, sessions, steps, team
from disputes.actions.intake import PartyDraft
from disputes.actions.team import MemberDraft
from disputes.causes import CAUSES, Cause, Column, Group, of_column, of_group
from disputes.clocks import read_clock
from disputes.enums import LimitationKind, Mark, Outcome, Seat, Side
from disputes.law.causes import NATURES
from disputes.law.limitation import InterruptionKind, SuspensionReason
from disputes.law.profiles import statutory_exit
from disputes.models import Agreement, Appointment, Centre, Dispute, Obligation, Room
from disputes.permissions import choices
from disputes.policies import waivers_in
from tests.disputes import stories
from tests.together import all_at_once
from unionops.casework.models import Deadline, FollowUp, Notice, Task, Term
from unionops.china.days import working_calendar
from unionops.jinja import day
from unionops.org.errors import ActionError, Conflict, InvalidTransition, NotAllowed
from unionops.org.models import Event
from visits.actions.register import IssueDraft, register_issue
from visits.actions.steps import dispatch, sign_for
from visits.enums import Handling, IssueState
from visits.models import Issue

pytestmark = pytest.mark.django_db


def issue_in_work(hall) -> Issue:
    """An issue that the centre handles, named and against a firm."""
    draft = IssueDraft(
        title="生育津贴没发", category=hall.world.category, description="产假工资停发三个月", demand="补发 25000 元",
        enterprise=hall.world.enterprise, town=hall.world.town, claimant_kind="person", claimant_name="沈月琴",
        claimant_phone="13812345678", handling=Handling.SUBMIT,
    )  # fmt: skip
    issue = register_issue(draft, by=hall["cadre"])
    issue = dispatch(issue, by=hall["clerk"], department=hall.centre)
    return sign_for(issue, by=hall["case_clerk"])


def test_from_an_issue_to_the_last_payment(hall):
    clerk, mediator, head, today = hall["case_clerk"], hall["mediator"], hall["head"], stories.today()
    issue = issue_in_work(hall)
    case = intake.open_from_issue(issue, by=clerk, organisation=hall.centre, cause="si_maternity")
    issue.refresh_from_db()

    assert case.number == f"越工调〔{today.year}〕第0001号"
    assert (issue.state, issue.linked_case, case.issue) == (IssueState.CONVERTED, case.number, issue)
    assert (case.claims, case.facts) == ("补发 25000 元", "产假工资停发三个月")
    # It stays open until the case has ended.
    assert Issue.objects.open().filter(pk=issue.pk).exists()
    worker = case.parties.get(side=Side.APPLICANT)
    assert (worker.name, worker.phone_masked) == ("沈月琴", "138****5678")
    assert Event.objects.about("issue", issue.pk).filter(verb="issue.reveal").count() == 2
    with pytest.raises(InvalidTransition):
        intake.open_from_issue(issue, by=clerk, organisation=hall.centre, cause="si_maternity")
    assert Dispute.objects.count() == 1

    case = steps.ask_consent(case, by=clerk, way="phone", contacted_on=today, person="人事经理")
    case = steps.accept(stories.consent(hall, case), by=clerk, scope_checked=True)
    case = steps.assign(case, by=head, members=stories.members(hall), recusal_checked=True)
    assert (case.mediator, case.holder_user, case.deadline) == (mediator, mediator, case.term)
    stories.talked_alone(hall, case, Side.APPLICANT, "25000")
    stories.talked_alone(hall, case, Side.RESPONDENT, "20000")
    sessions.hold_session(case, by=mediator, kind="face_to_face", text="达成一致", present=["沈月琴", "王建国", "法官"])
    due = case.term.due_on
    case = steps.extend(
        case, by=mediator, days=5, applicant_agreed_on=today, respondent_agreed_on=today, reason="等社保核定"
    )
    assert case.term.due_on > due
    draft = agreements.agree(case, by=mediator, **stories.terms(case))
    page = stories.page_of(case, clerk)
    with pytest.raises(ActionError, match="扫描件"):
        agreements.record_mark(draft, by=clerk, mark=Mark.SEAL, on=today)
    draft = agreements.record_marks(draft, by=clerk, marks=list(Mark), on=today, scan=page)
    assert {draft.applicant_scan, draft.respondent_scan, draft.mediator_scan, draft.seal_scan} == {page}
    draft = agreements.withdraw_mark(draft, by=clerk, mark=Mark.RESPONDENT, reason="要改第二期日期")
    with pytest.raises(ActionError, match="被申请人"):
        agreements.make_effective(case, by=clerk)
    case = agreements.talk_again(case, by=mediator, reason="改日期")
    second = agreements.agree(case, by=mediator, **stories.terms(case))
    with pytest.raises(ActionError, match="最新一稿"):
        agreements.record_mark(draft, by=clerk, mark=Mark.RESPONDENT, on=today, scan=page)
    agreements.record_marks(second, by=clerk, marks=list(Mark), on=today, scan=page)
    case = agreements.make_effective(stories.fresh(case), by=clerk)

    assert (case.outcome, case.ended_on, second.version) == (Outcome.AGREED, today, 2)
    opened = terms.windows(case)
    assert {kind: (d.unit, d.length, d.started_on) for kind, d in opened.items()} == {
        "arbitration_review": ("natural", 15, today), "judicial": ("natural", 30, today),
    }  # fmt: skip
    first = case.agreements.get(version=2).obligations.order_by("due_on").first()
    assert case.deadline.due_on == first.due_on
    assert [row.due_on for row in care.follow_ups_of(case)] == [
        first.due_on + stories.days(3), first.due_on + stories.days(23),
    ]  # fmt: skip

    confirmation = confirmations.apply(case, by=clerk, kind="arbitration_review", body="区仲裁委", applied_on=today)
    with pytest.raises(ActionError, match="人民调解委员会"):
        confirmations.apply(case, by=clerk, kind="judicial", body="区法院", applied_on=today)
    assert terms.windows(case)["arbitration_review"].met_on == today
    confirmations.accept(confirmation, by=clerk, accepted_on=today)
    stories.fulfil_all(hall, case)
    case = agreements.finish(stories.fresh(case), by=clerk)
    # A month after all has arrived somebody asks once more (domain F1).
    assert today + stories.days(30) in [row.due_on for row in care.follow_ups_of(case)]
    for follow_up in care.follow_ups_of(case):
        with pytest.raises(NotAllowed):
            care.settle_follow_up(case, follow_up, by=mediator, way="phone", resolved=True)
        care.settle_follow_up(case, follow_up, by=hall["clerk"], way="phone", resolved=True, satisfaction="very")
    assert Task.objects.get(kind="issue", case_id=issue.pk, done_at=None).owner == clerk
    issue = intake.answer_issue(case, by=clerk, result_text="已全部付清", answer_way="phone")
    assert (issue.state, issue.amount_recovered) == (IssueState.FOLLOWUP_DUE, stories.TOTAL)
    assert not Task.objects.filter(kind="issue", case_id=issue.pk, done_at=None).exists()
    case = steps.archive(stories.fresh(case), by=clerk, statement=stories.LACKS)
    assert (case.keep_until, case.closed_at is None) == (datetime.date(today.year + 10, 12, 31), False)
    assert not Deadline.objects.running().about("dispute", case.pk).exists()
    case = steps.reopen(case, by=head, reason="协议内容有误")
    assert (case.state, case.volume, case.outcome, case.mediator) == ("accepted", 2, "", None)
    assert steps.assign(case, by=head, members=stories.members(hall)[:1], recusal_checked=True).mediator == mediator


def test_failure_restarts_the_limitation(hall):
    case = stories.failed(hall)

    assert (case.outcome, case.fail_reason) == (Outcome.FAILED, "gap")
    event = case.limitation_events.get()
    assert (event.kind, event.on, event.evidence) == (LimitationKind.MEDIATION_EXPIRED, stories.today(), None)
    assert (case.deadline.unit, case.deadline.length, case.deadline.started_on) == ("natural", 30, stories.today())
    assert Deadline.objects.about("dispute", case.pk).get(rule="dispute.mediate.zj_org").met_on == stories.today()
    assert case.deadline.rule == "dispute.archive"
    assert steps.archive(case, by=hall["case_clerk"], statement=stories.LACKS).state == "archived"


def test_withdrawn_because_settled_counts_as_agreement(hall):
    assert stories.withdrawn(hall).outcome == Outcome.SETTLED
    case = steps.withdraw(stories.registered(hall), by=hall["case_clerk"], reason="不想调了")
    assert case.outcome == Outcome.WITHDRAWN
    assert set(Dispute.objects.ended().values_list("outcome", flat=True)) == {Outcome.SETTLED, Outcome.WITHDRAWN}


def test_danger_is_told_at_once(hall):
    """Transferred to the police the case is over, and the leader hears of it; a wrong place alarms nobody."""
    for reason, to, told in (("danger", "区公安分局", 1), ("wrong_place", "柯桥区调解中心", 0)):
        case = steps.transfer(stories.accepted(hall), by=hall["head"], reason=reason, to=to)
        assert (case.state, case.outcome, case.transferred_to) == ("transferred", Outcome.TRANSFERRED, to)
        assert Notice.objects.filter(verb="dispute.alert", user=hall["leader"], case_id=case.pk).count() == told


def test_breach_and_what_follows(hall):
    case = stories.breached(hall)
    now = timezone.now() + stories.LATER

    event = case.limitation_events.get()
    assert (event.kind, event.on) == (LimitationKind.AGREEMENT_BROKEN, stories.today() + stories.days(11))
    assert Notice.objects.filter(verb="dispute.breach", user=hall["leader"]).exists()
    with transaction.atomic():
        late = agreements.choose_route(case, by=hall["worker_side"], route="none", now=now)
        assert (late.state, late.outcome, late.route) == ("archived", Outcome.AGREED, "none")
        transaction.set_rollback(True)
    with pytest.raises(ActionError, match="支付令"):
        confirmations.apply(
            case, by=hall["case_clerk"], kind="payment_order", body="区法院", applied_on=stories.today()
        )
    sent = agreements.choose_route(case, by=hall["worker_side"], route="arbitration", to="区仲裁委", now=now)
    assert (sent.state, sent.outcome, sent.route) == ("transferred", Outcome.AGREED, "arbitration")


def test_collective_case(hall):
    """Ten claimants alert the leader; they elect three to five, and a panel takes the case."""
    case = stories.registered(hall)
    added = intake.add_parties(
        case, by=hall["case_clerk"],
        parties=[PartyDraft(side=Side.APPLICANT, name=f"工友{n}", amount=Decimal(1000)) for n in range(22)],
    )  # fmt: skip
    case = stories.fresh(case)
    assert (case.is_collective, case.people_count, case.amount_claimed) == (True, 23, stories.TOTAL + 22000)
    assert Notice.objects.filter(verb="dispute.alert", user=hall["leader"]).count() == 1
    # More people than were known at first: the leader hears of that case on the same day too.
    other = intake.correct(stories.registered(hall), by=hall["case_clerk"], fields={"people_count": 12})
    intake.correct(other, by=hall["case_clerk"], fields={"people_count": 13})
    assert stories.fresh(other).is_collective
    assert Notice.objects.filter(verb="dispute.alert", user=hall["leader"], case_id=other.pk).count() == 1
    many = stories.registered(hall, people_count=10)
    assert many.is_collective
    assert Notice.objects.filter(verb="dispute.alert", user=hall["leader"], case_id=many.pk).count() == 1
    case = steps.ask_consent(case, by=hall["case_clerk"], way="phone", contacted_on=stories.today(), person="经理")
    case.parties.update(consent="given", consent_on=stories.today(), consent_way="phone")
    case = steps.accept(case, by=hall["case_clerk"], scope_checked=True)
    panel = [MemberDraft(user=hall["mediator"]), MemberDraft(user=hall["second_mediator"], seat=Seat.GOLD_MEDIATOR)]

    with pytest.raises(ActionError, match="推举"):
        steps.assign(case, by=hall["head"], members=panel, recusal_checked=True)
    with pytest.raises(ActionError, match="最多"):
        intake.elect(case, by=hall["case_clerk"], representatives=added[:6])
    case = intake.elect(case, by=hall["case_clerk"], representatives=added[:3])
    with pytest.raises(ActionError, match="小组"):
        steps.assign(case, by=hall["head"], members=panel[:1], recusal_checked=True)
    assert steps.assign(case, by=hall["head"], members=panel, recusal_checked=True).state == "mediating"


UNTRUE = [
    ("UPDATE disputes_agreement SET effective_on = sealed_on, respondent_signed_on = NULL", "four_marks"),
    ("UPDATE disputes_agreement SET total = 24999.99, effective_on = sealed_on", "add up"),
    ("UPDATE disputes_obligation SET amount = 0 WHERE amount IS NOT NULL", "obligation_amount"),
    ("UPDATE disputes_obligation SET creditor_id = debtor_id", "between_two"),
    ("UPDATE disputes_obligation SET fulfilled_on = due_on", "fulfilled"),
    ("UPDATE disputes_dispute SET state = 'effective', outcome = 'agreed', ended_on = now()", "no agreement"),
    ("UPDATE disputes_dispute SET outcome = 'failed', ended_on = now()", "fits_state"),
    ("UPDATE disputes_dispute SET mediator_id = NULL", "mediated_by"),
    ("UPDATE disputes_teammember SET side = 'applicant' WHERE seat = 'mediator'", "takes_side"),
    (
        (
            "INSERT INTO disputes_confirmation (id, agreement_id, kind, state, body, applied_on, is_late, number, reason,"
            " applied_by_id) SELECT gen_random_uuid(), id, 'judicial', 'applied', 'x', now(), false, '', '', drafted_by_id"
            " FROM disputes_agreement"
        ),
        "has effect",
    ),
]


def test_database_keeps_the_draft_honest(hall):
    stories.marked(hall)
    for statement, match in UNTRUE:
        with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    # The draft may be written otherwise, and then does not add up when it takes effect.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE disputes_obligation SET amount = amount - 0.01 WHERE amount IS NOT NULL")
    with pytest.raises(DatabaseError, match="add up"), transaction.atomic():
        Agreement.objects.update(effective_on=stories.today())


def test_what_has_effect_stands(hall):
    stories.effective(hall)
    for statement in (
        "UPDATE disputes_agreement SET result = '别的'",
        "UPDATE disputes_agreement SET effective_on = NULL",
        "UPDATE disputes_obligation SET due_on = due_on + 30",
        "UPDATE disputes_obligation SET amount = amount + 1 WHERE amount IS NOT NULL",
        "DELETE FROM disputes_obligation",
        "UPDATE disputes_dispute SET state = 'fulfilled'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert (Agreement.objects.count(), Obligation.objects.count()) == (1, 3)


def test_nobody_sits_on_two_sides(hall):
    case = stories.mediating(hall)
    seat = case.team.get(user=hall["worker_side"])
    team.end_member(seat, by=hall["head"], reason="换人")

    with pytest.raises(DatabaseError, match="two_sides"), transaction.atomic():
        case.team.create(user=seat.user, seat=Seat.MEDIATOR, valid_from=stories.today(), added_by=hall["head"])
    with pytest.raises(NotAllowed):
        team.add_member(
            case, by=hall["head"], member=MemberDraft(user=hall["mediator"], seat=Seat.LAWYER, side=Side.APPLICANT)
        )


def test_appointments_never_overlap(hall):
    case = stories.mediating(hall)
    room = appointments.open_room(hall.centre, by=hall["head"], name="一号调解室")
    other = appointments.open_room(hall.centre, by=hall["head"], name="二号调解室")
    nine = timezone.now().replace(hour=1, minute=0, second=0, microsecond=0) + datetime.timedelta(days=1)
    hour = datetime.timedelta(hours=1)

    def book(where, start, **fields):
        return appointments.book(case, by=hall["mediator"], room=where, starts_at=start, ends_at=start + hour, **fields)

    first = book(room, nine)
    with pytest.raises(ActionError, match="调解室"):
        book(room, nine + hour / 2, mediator=hall["second_mediator"])
    with pytest.raises(ActionError, match="调解员"):
        book(other, nine + hour / 2)
    book(room, nine + hour)
    book(other, nine, mediator=hall["second_mediator"])
    appointments.cancel(first, by=hall["mediator"], reason="改期")
    book(room, nine)
    assert Appointment.objects.standing().count() == 3
    assert Room.objects.visible_to(hall["mediator"]).count() == 2
    assert not Room.objects.visible_to(hall["judge"]).exists()


def test_terms_of_the_profiles(hall):
    """Each profile starts on its own day; the extension of ONE_STOP_NEW has a cap."""
    today = stories.today()
    # What a law sets is no row that an administrator edits.
    assert set(Term.objects.filter(code__startswith="dispute.").values_list("code", flat=True)) == {
        "dispute.breach", "dispute.archive",
    }  # fmt: skip
    assert stories.registered(hall).term.started_on == today - stories.days(5)
    # Whatever the profile, from the sixteenth day on they may arbitrate, and the page says so.
    client = Client()
    client.force_login(hall["case_clerk"])
    platform = stories.registered(hall, new_employment=True, cause="new_pay")
    leaves = statutory_exit(platform.received_on, working_calendar())
    assert f"{day(leaves.on)} 以后，不等调解也可以申请" in " ".join(
        client.get(reverse("disputes:dispute", args=[platform.pk])).content.decode().split()
    )
    assert (platform.rule_profile, platform.term) == ("one_stop_new", None)
    with pytest.raises(ActionError, match="签收"):
        stories.registered(hall, source="court", rule_profile="court_pre", commission_number="（2026）浙0602诉前调1号")
    court = stories.registered(
        hall, source="court", rule_profile="court_pre", application_form="commission",
        commission_number="（2026）浙0602诉前调1号", papers_signed_on=today - stories.days(2),
    )  # fmt: skip
    assert (court.term.started_on, court.term.length) == (today - stories.days(2), 30)
    clocks = Deadline.objects.running().about("dispute", court.pk)
    assert {clock.rule: (clock.unit, clock.length, clock.started_on) for clock in clocks} == {
        "dispute.accept": ("working", 3, court.received_on), "dispute.contact": ("working", 3, court.received_on),
        "dispute.mediate.court_pre": ("natural", 30, court.papers_signed_on),
    }  # fmt: skip
    steps.ask_consent(court, by=hall["case_clerk"], way="online", contacted_on=today, person="人事经理")
    assert clocks.filter(rule="dispute.contact").count() == 0
    entrusted = stories.registered(hall, source="arbitration", rule_profile="arb_entrust")
    assert entrusted.term is None
    stories.consent(hall, entrusted)
    assert (stories.fresh(entrusted).term.unit, stories.fresh(entrusted).term.length) == ("working", 10)
    talks = stories.mediating(hall, new_employment=True, cause="new_pay")
    assert terms.extension_left(talks) == 15
    with pytest.raises(ActionError, match="最多延长 15 天"):
        steps.extend(
            talks, by=hall["mediator"], days=16, applicant_agreed_on=today, respondent_agreed_on=today, reason="等"
        )


def test_terms_of_cases_over_the_holidays(hall, client):
    """Vectors of domain.md 3.11 and 8 on cases as the window registers and accepts them, and on the windows of confirmation."""

    def at(text):
        return datetime.datetime.fromisoformat(f"{text}T10:00+08:00")

    def registered(text, **fields):
        moment = at(text)
        known = intake.register(
            stories.draft(hall, received_on=moment.date(), **fields), by=hall["case_clerk"], now=moment
        )
        return known, known.term.due_on.isoformat()

    for received, due in (
        ("2026-02-06", "2026-02-24"), ("2026-09-18", "2026-10-08"), ("2026-09-24", "2026-10-09"), ("2025-09-20", "2025-10-09"),
    ):  # fmt: skip
        case, found = registered(received)
        assert (found, case.term.provisional) == (due, False), received
    commissioned = {"source": "court", "application_form": "commission", "commission_number": "（2026）浙0602诉前调1号"}
    papers = {"rule_profile": "court_pre", "papers_signed_on": datetime.date(2026, 2, 6)}
    assert registered("2026-02-06", **commissioned, **papers)[1] == "2026-03-09"
    # Three working days to decide, one of them a Sunday; the windows open on the day of effect.
    for received, due in (("2026-09-18", "2026-09-22"), ("2026-02-06", "2026-02-11")):
        case = steps.ask_consent(
            registered(received)[0], by=hall["case_clerk"], way="phone", contacted_on=at(received).date(), person="经理",
            now=at(received),
        )  # fmt: skip
        assert Deadline.objects.about("dispute", case.pk).get(rule="dispute.accept").due_on.isoformat() == due
    for effective, review, judicial in (
        ("2026-09-24", "2026-10-09", "2026-10-26"),
        ("2026-02-06", "2026-02-24", "2026-03-09"),
    ):
        draft = stories.marked(hall).agreements.get()
        draft.effective_on = at(effective).date()
        found = {kind: clock.due_on.isoformat() for kind, clock in terms.open_windows(draft.dispute, draft).items()}
        assert found == {"arbitration_review": review, "judicial": judicial}
    # Across the year end nobody knows the holidays yet: the day is named, and said to be provisional.
    case, found = registered("2026-12-20")
    assert (found, case.term.provisional) == ("2027-01-04", True)
    client.force_login(hall["case_clerk"])
    assert "（暂定）" in client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    known = stories.accepted(hall)
    known.known_on = datetime.date(2024, 2, 29)
    assert read_clock(known, [], stories.today()).clock.ends_on == datetime.date(2025, 2, 28)


def test_each_step_of_a_body_has_its_last_day(hall):
    """Domain 3.3: five working days for a review, three and fifteen for a confirmation of people's mediation."""
    clerk, today = hall["case_clerk"], stories.today()

    def clock(case):
        found = terms.by_decision(terms.window_clocks(case))
        return {kind: (one.unit, one.length, one.started_on) for kind, one in found.items()}

    case = stories.effective(hall)
    asked = confirmations.apply(case, by=clerk, kind="arbitration_review", body="区仲裁委", applied_on=today)
    assert clock(case) == {}
    asked = confirmations.accept(asked, by=clerk, accepted_on=today)
    assert clock(case) == {"arbitration_review": ("working", 5, today)}
    client = Client()
    client.force_login(clerk)
    page = client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    assert "仲裁审查结束 余" in page
    confirmations.confirm(asked, by=clerk, decided_on=today, number="越仲审1号")
    assert clock(case) == {}
    Centre.objects.create(organisation=hall.centre, number_word="越工调", is_people_committee=True)
    other = stories.effective(hall)
    asked = confirmations.apply(other, by=clerk, kind="judicial", body="区法院", applied_on=today)
    assert clock(other) == {"judicial": ("natural", 3, today)}
    asked = confirmations.accept(asked, by=clerk, accepted_on=today)
    assert clock(other) == {"judicial": ("natural", 15, today)}
    confirmations.refuse(asked, by=clerk, decided_on=today, reason="内容不明确")
    assert clock(other) == {}


def test_no_deadline_blocks_a_lawful_step(hall):
    """Months after each of its terms a case is accepted, mediated, agreed upon, and confirmed, and says that it was late."""
    case, start = stories.asked(hall), timezone.now()
    with time_machine.travel(start + stories.days(60), tick=False):
        case = steps.accept(stories.fresh(case), by=hall["case_clerk"], scope_checked=True)
        assert Deadline.objects.about("dispute", case.pk).get(rule="dispute.accept").due_on < case.accepted_on
        case = steps.assign(case, by=hall["head"], members=stories.members(hall)[:1], recusal_checked=True)
        assert case.term.due_on < stories.today()
        talk = {"kind": "online", "text": "期限过后双方愿意继续谈", "present": ["沈月琴", "单位代表"]}
        sessions.hold_session(case, by=hall["mediator"], **talk)
        draft = agreements.agree(stories.fresh(case), by=hall["mediator"], **stories.terms(case))
        stories.sign(draft, by=hall["mediator"])
        case = agreements.make_effective(stories.fresh(case), by=hall["case_clerk"])
    with time_machine.travel(start + stories.days(100), tick=False):
        window = terms.windows(case)["arbitration_review"]
        assert window.due_on < stories.today()
        asked = confirmations.apply(
            case, by=hall["case_clerk"], kind="arbitration_review", body="区仲裁委", applied_on=stories.today()
        )
        assert (asked.is_late, asked.state) == (True, "applied")


def test_suspension_stops_the_clock(hall):
    case = stories.suspended(hall)
    due = case.term.due_on
    case = steps.resume(
        case, by=hall["head"], note="鉴定意见已经作出", now=timezone.now() + datetime.timedelta(days=30)
    )

    assert case.term_id == case.deadline_id
    assert Deadline.objects.get(pk=case.term_id).due_on >= due + stories.days(28)


def test_second_save_is_told_what_changed(hall):
    case = stories.mediating(hall)
    version = case.version
    stories.talked_alone(hall, case, Side.APPLICANT, "25000")

    with pytest.raises(Conflict) as refused:
        steps.fail(case, by=hall["mediator"], reason="gap", version=version)
    assert "25000" not in str(refused.value.changes)
    assert choices(hall["mediator"], stories.fresh(case))[0].is_allowed


def test_who_draws_up_an_agreement_second_is_told_of_the_first(hall):
    case = stories.mediating(hall)
    agreements.agree(case, by=hall["mediator"], version=case.version, **stories.terms(case))
    with pytest.raises(Conflict) as refused:
        agreements.agree(case, by=hall["mediator"], version=case.version, **stories.terms(case, result="一次付清"))
    assert refused.value.changes
    assert case.agreements.get().result == "单位分两期支付生育津贴"


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_draw_up_an_agreement_at_once_one_succeeds() -> None:
    """And its obligations are those of one draft: what is owed was not written twice."""
    hall = stories.make_hall()
    case = stories.mediating(hall)

    def draw_up(number: int) -> bool:
        try:
            agreements.agree(
                case, by=hall["mediator"], version=case.version, **stories.terms(case, result=f"第 {number} 稿")
            )
        except Conflict:
            return False
        return True

    written = all_at_once(8, draw_up)

    assert written.count(True) == 1
    found = case.agreements.get()
    assert found.result == f"第 {written.index(True)} 稿"
    assert sum(one.amount or 0 for one in found.obligations.all()) == found.total


def test_rights_that_cannot_be_waived_are_found_in_any_words():
    assert waivers_in("职工自愿放弃社会保险", "一次付清") == ["social_insurance"]
    assert waivers_in("双方再无争议", "职工放弃工伤认定和劳动能力鉴定") == ["work_injury"]
    assert waivers_in("按低于当地最低工资的标准支付") == ["minimum_wage"]
    assert waivers_in("单位依法补缴社会保险，支付工伤待遇和最低工资差额") == []


def test_causes_are_mapped():
    assert sum(len(of_group(group)) for group in Group) == len(Cause) == len(CAUSES)
    assert sum(len(of_column(column)) for column in Column) == len(Cause)
    assert {cause.upper() for cause in Cause} == set(NATURES)
    assert {kind.value for kind in LimitationKind} == {*InterruptionKind.values, *SuspensionReason.values, "resumed"}


def test_month_of_the_people(hall):
    """人民调解: one month by the calendar, not thirty days."""
    day = datetime.date(2026, 1, 31)
    case = stories.registered(hall, rule_profile="people_med")
    clock = terms.start_mediation(case, on=day)

    assert (clock.length, clock.unit, clock.due_on) == (28, "natural", datetime.date(2026, 2, 28))
    entrusted = stories.registered(hall, source="arbitration", rule_profile="arb_entrust")
    assert terms.extension_left(entrusted) == 0


def test_sealed_values_are_read_with_a_reason(hall):
    case = stories.registered(hall)
    worker = case.parties.get(side=Side.APPLICANT)

    assert (worker.identity_masked, worker.address_masked) == ("330602********0012", "越城区斗门街道***")
    assert intake.reveal(worker, "phone", by=hall["case_clerk"], reason="通知到场") == "13812345678"
    with pytest.raises(NotAllowed):
        intake.reveal(worker, "phone", by=hall["leader"].__class__.objects.get(username="chief"), reason="看看")
    assert Event.objects.filter(verb="dispute.reveal").count() == 1
    assert FollowUp.objects.count() == 0
