"""Who sees which case, which note and which offer, written as tables; and nobody sees them a day too long."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from disputes.actions import agreements, sessions, steps, team
from disputes.actions.team import MemberDraft
from disputes.enums import DisputeState, Seat, Side
from disputes.models import (
    Agreement,
    Appointment,
    Confirmation,
    Dispute,
    Obligation,
    Offer,
    Party,
    Session,
    SessionNote,
)
from tests.disputes import stories
from tests.disputes.stories import make_hall
from tests.kept import kept
from tests.world import make_world
from unionops.casework.models import Notice
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import Event

pytestmark = pytest.mark.django_db

from tests.disputes.test_steps_matrix import EVERYBODY  # noqa: E402 -- the same people

SEE_CASE = {
    "leader", "chief", "clerk", "mediator", "head", "case_clerk", "second_mediator", "judge", "worker_side", "firm_side",
}  # fmt: skip
# The joint note and what was said in it: whoever sees the case. What was said alone: mediators and that side.
SEE_NOTE = {
    "": SEE_CASE,
    Side.APPLICANT: {"mediator", "worker_side"},
    Side.RESPONDENT: {"mediator", "firm_side"},
}


def seen(model, hall, row):
    return {name for name in EVERYBODY if model.objects.visible_to(hall[name]).filter(pk=row.pk).exists()}


@kept
def talks():
    """A case in talks: its note of both sides, and one of each side alone."""
    hall = make_hall()
    case = stories.mediating(hall)
    alone = {side: stories.talked_alone(hall, case, side, "25000") for side in (Side.APPLICANT, Side.RESPONDENT)}
    both = sessions.hold_session(
        case, by=hall["mediator"], kind="face_to_face", text="双方当面谈", present=["沈月琴", "王建国"],
        offers=[sessions.OfferDraft(side=Side.RESPONDENT, amount=stories.TOTAL)],
    )  # fmt: skip
    return hall, case, {"": both, **alone}


def test_who_sees_which_note_and_offer(talks):
    hall, case, held = talks
    assert seen(Dispute, hall, case) == SEE_CASE
    for side, session in held.items():
        assert seen(Session, hall, session) == SEE_CASE
        assert seen(SessionNote, hall, session.note) == SEE_NOTE[side], side
        assert seen(Offer, hall, session.offers.get()) == SEE_NOTE[side], side


def test_what_was_said_alone_stays_so_at_each_stage(talks):
    """Wherever the case goes from its talks, the same people read its notes and offers; put away, its mediator alone."""
    hall, case, held = talks
    head, clerk, mediator = hall["head"], hall["case_clerk"], hall["mediator"]
    later = timezone.now() + stories.LATER

    def agree():
        agreement = agreements.agree(case, by=mediator, **stories.terms(case))
        stories.sign(agreement, by=mediator)
        return stories.fresh(case)

    def take_effect():
        return agreements.make_effective(agree(), by=clerk)

    def perform():
        stories.fulfil_all(hall, take_effect())
        return agreements.finish(stories.fresh(case), by=clerk)

    def breach():
        take_effect()
        first = case.agreements.get().obligations.get(instalment=1)
        agreements.press(first, by=clerk, on=timezone.localdate(later), way="phone", now=later)
        return agreements.breach(stories.fresh(case), by=clerk, now=later)

    def put_away():
        return steps.archive(perform(), by=clerk, statement=stories.LACKS)

    stages = {
        "suspended": lambda: steps.suspend(case, by=head, reason="appraisal"),
        "agreed": agree, "effective": take_effect, "breached": breach, "fulfilled": perform, "archived": put_away,
        "failed": lambda: steps.fail(case, by=mediator, reason="gap"),
        "withdrawn": lambda: steps.withdraw(case, by=clerk, reason="撤回"),
        "transferred": lambda: steps.transfer(case, by=head, reason="inspection", to="区劳动监察大队"),
        "accepted": lambda: steps.reopen(put_away(), by=head, reason="协议内容有误"),
    }  # fmt: skip
    # Nothing is said before somebody was assigned, and a case that was not accepted has no talks.
    assert set(stages) == set(DisputeState) - {"registered", "consent_pending", "not_accepted", "mediating"}
    people = {
        name: hall[name]
        for name in ("mediator", "worker_side", "firm_side", "second_mediator", "head", "judge", "leader")
    }
    for state, go in stages.items():
        with transaction.atomic():
            assert go().state == state
            gone = {"worker_side", "firm_side"} if state in ("archived", "accepted") else set()
            heard = {side: set() for side in held}
            offers = {side: set() for side in held}
            for name, user in people.items():
                for found, rows in ((heard, SessionNote), (offers, Offer)):
                    told = rows.objects.visible_to(user).filter(session__dispute=case)
                    for side in told.values_list("session__side_heard", flat=True):
                        found[side].add(name)
            expected = {side: SEE_NOTE[side] & set(people) - gone for side in held}
            assert (heard, offers) == (expected, expected), state
            transaction.set_rollback(True)


def test_offer_between_sessions_is_as_secret_as_one_made_alone(talks):
    hall, case, _held = talks
    offer = sessions.make_offer(
        case, by=hall["mediator"], offer=sessions.OfferDraft(side=Side.RESPONDENT, terms="愿意再加一点")
    )

    assert seen(Offer, hall, offer) == SEE_NOTE[Side.RESPONDENT]


def test_released_is_seen_by_all_of_the_case(talks):
    hall, _case, held = talks
    session = held[Side.APPLICANT]
    with pytest.raises(NotAllowed):
        sessions.release_note(session.note, by=hall["head"], reason="想看")
    sessions.release_note(session.note, by=hall["mediator"], reason="申请人当日电话同意")

    assert seen(SessionNote, hall, session.note) == SEE_CASE
    assert seen(Offer, hall, session.offers.get()) == SEE_NOTE[Side.APPLICANT]
    sessions.release_offer(session.offers.get(), by=hall["mediator"], reason="申请人当日电话同意")
    assert seen(Offer, hall, session.offers.get()) == SEE_CASE


def test_timeline_and_notices_say_nothing_of_what_was_said_alone(talks):
    secrets = ("底线", "25000")
    told = str(list(Event.objects.exclude(verb="dispute.register").values_list("data", flat=True)))
    told += str(list(Notice.objects.values_list("title", "verb")))

    assert not [secret for secret in secrets if secret in told]


def test_gap_is_counted_from_what_a_person_may_see(talks):
    hall, case, _held = talks
    everything = list(Offer.objects.visible_to(hall["mediator"]).filter(dispute=case))
    of_the_firm = list(Offer.objects.visible_to(hall["firm_side"]).filter(dispute=case))

    assert sessions.gap(everything) == 0
    assert sessions.gap(of_the_firm) is None


def test_seat_ends_at_once(talks):
    hall, case, held = talks
    team.end_member(case.team.get(user=hall["worker_side"]), by=hall["head"], reason="换人代表")
    team.end_member(case.team.get(user=hall["judge"]), by=hall["head"], reason="退出联动")

    assert seen(Dispute, hall, case) == SEE_CASE - {"worker_side", "judge"}
    assert seen(SessionNote, hall, held[Side.APPLICANT].note) == {"mediator"}


def test_seat_and_share_end_with_their_last_day(talks):
    hall, case, _held = talks
    share = team.share(case, by=hall["head"], organisation=hall.bureau, reason="联合调解", until=stories.today())
    assert seen(Dispute, hall, case) == SEE_CASE | {"arbitrator"}
    past = {"valid_from": stories.today() - stories.days(9), "valid_to": stories.today() - stories.days(1)}
    case.shares.update(**past)
    case.team.filter(user=hall["judge"]).update(**past)

    assert seen(Dispute, hall, case) == SEE_CASE - {"judge"}
    case.shares.update(valid_to=None)
    assert seen(Dispute, hall, case) == (SEE_CASE | {"arbitrator"}) - {"judge"}
    team.end_share(share, by=hall["head"])
    assert seen(Dispute, hall, case) == SEE_CASE - {"judge"}


def test_share_shows_the_case_and_not_what_was_said_alone(talks):
    hall, case, held = talks
    team.share(case, by=hall["head"], organisation=hall.bureau, reason="联合调解")
    arbitrator = hall["arbitrator"]

    assert Dispute.objects.visible_to(arbitrator).get() == case
    assert Party.objects.visible_to(arbitrator).count() == 2
    assert [note.session for note in SessionNote.objects.visible_to(arbitrator)] == [held[""]]
    assert [offer.session for offer in Offer.objects.visible_to(arbitrator)] == [held[""]]


def test_posting_that_ended_ends_everything(talks):
    hall, case, _held = talks
    hall["mediator"].postings.update(valid_to=stories.today() - stories.days(1))

    assert not Dispute.objects.visible_to(hall["mediator"]).exists()
    assert not SessionNote.objects.visible_to(hall["mediator"]).exists()
    with pytest.raises(NotAllowed):
        stories.talked_alone(hall, case, Side.APPLICANT, "1")


def test_another_district_sees_nothing(hall):
    case = stories.effective(hall)
    far = make_world("柯桥区总工会", "far_")
    models = (Dispute, Party, Session, SessionNote, Offer, Agreement, Obligation, Confirmation, Appointment)

    assert case.agreements.exists()
    assert [(name, model) for name in far.people for model in models if model.objects.visible_to(far[name])] == []


def test_archive_ends_shares_and_representatives(hall):
    case = stories.finished(hall)
    team.share(case, by=hall["head"], organisation=hall.court, reason="送交备案")
    steps.archive(case, by=hall["case_clerk"], statement=stories.LACKS)

    assert seen(Dispute, hall, case) == SEE_CASE - {"worker_side", "firm_side"}
    assert not case.shares.filter(ended_at=None).exists()


def test_recusal(hall):
    """Own firm, kin and who acted for a side are refused with the reason; a case between others is not."""
    case = stories.accepted(hall)
    mediator, head = hall["mediator"], hall["head"]

    def assigning(*people):
        return steps.assign(case, by=head, members=[MemberDraft(user=user) for user in people], recusal_checked=True)

    interest = team.declare_interest(mediator, by=mediator, kind="own_firm", enterprise=hall.world.enterprise)
    with pytest.raises(NotAllowed, match="应当回避"):
        assigning(mediator)
    team.end_interest(interest, by=head, reason="早已离职")
    kin = team.declare_interest(mediator, by=head, kind="kin", name="沈月琴")
    with pytest.raises(NotAllowed, match="近亲属"):
        assigning(mediator)
    team.end_interest(kin, by=mediator, reason="同名不同人")
    team.add_member(case, by=head, member=MemberDraft(user=mediator, seat=Seat.UNION, side=Side.APPLICANT))
    with pytest.raises(ActionError):
        assigning(mediator)
    assert assigning(hall["second_mediator"]).mediator == hall["second_mediator"]
    other = stories.accepted(hall)
    with pytest.raises(NotAllowed, match="代表过"):
        steps.assign(other, by=head, members=[MemberDraft(user=mediator)], recusal_checked=True)
    with pytest.raises(NotAllowed):
        team.declare_interest(mediator, by=hall["second_mediator"], kind="kin", name="某人")


def test_follow_up_is_not_done_by_a_mediator(hall):
    from disputes.actions import care

    case = stories.mediating(hall)
    head = hall["head"]
    team.add_member(case, by=hall["leader"], member=MemberDraft(user=head))
    sessions.hold_session(case, by=head, kind="site", text="上门", present=["王建国"])
    from disputes.permissions import check_may_follow_up

    for name in EVERYBODY:
        allowed = name in {"clerk", "case_clerk", "leader"}
        try:
            check_may_follow_up(hall[name], case)
        except NotAllowed:
            assert not allowed, name
        else:
            assert allowed, name
    assert care.follow_ups_of(case) == []
    assert timezone.localdate() == stories.today()
