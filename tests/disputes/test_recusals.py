"""回避: a member of the team stands back and sees the case no longer; a party asks for it and the head decides."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from disputes.actions import appointments, recusals, steps, team
from disputes.actions.team import MemberDraft
from disputes.enums import RecusalState, Seat
from disputes.models import Appointment, Dispute, Interest, Offer, Recusal, Room, SessionNote
from disputes.permissions import relations
from disputes.policies import conflicts
from tests.api.conftest import Caller
from tests.disputes import stories
from tests.disputes.stories import fresh
from tests.sampling import taken
from unionops.casework.models import Notice
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Event
from visits.models import Issue

pytestmark = pytest.mark.django_db

TEAM = ("mediator", "worker_side", "firm_side", "judge")


def address(case, name="recuse"):
    return reverse("disputes:do", args=[case.pk, name])


def seat_of(case, hall, name):
    return case.team.get(user=hall[name])


def told(hall, name, verb):
    return Notice.objects.filter(user=hall[name], verb=f"dispute.{verb}").count()


def test_whoever_declares_loses_the_case_and_the_head_is_told(client, hall):
    case = stories.mediating(hall)
    stories.talked_alone(hall, case, "applicant", "25000")
    for name in TEAM:
        with transaction.atomic():
            declares(client, hall, fresh(case), name)
            transaction.set_rollback(True)


def declares(client, hall, case, name):
    firm = case.parties.get(side="respondent")
    client.force_login(hall[name])
    page = reverse("disputes:dispute", args=[case.pk])
    assert address(case) in client.get(page).content.decode()
    asked = {
        "kind": "kin",
        "party": str(firm.pk),
        "reason": "法定代表人是我表哥",
        "also_later": "1",
        "version": fresh(case).version,
    }

    assert client.post(address(case), asked | {"reason": ""}).status_code == 422
    answer = client.post(address(case), asked)

    assert (answer.status_code, answer["Location"]) == (302, reverse("casework:home"))
    person = hall[name]
    assert client.get(page).status_code == 404
    assert client.get(address(case)).status_code == 404
    assert not Dispute.objects.visible_to(person).filter(pk=case.pk).exists()
    assert not SessionNote.objects.visible_to(person).filter(session__dispute=case).exists()
    assert not Offer.objects.visible_to(person).filter(dispute=case).exists()
    assert relations(person, fresh(case)) == frozenset()
    assert Notice.objects.filter(user=hall["head"], verb="dispute.recuse", case_id=case.pk).count() == 1
    found = Recusal.objects.get(dispute=case)
    assert (found.state, found.seat.user, found.party) == (RecusalState.DECLARED, person, firm)
    assert Interest.objects.get().user == person
    # The head reads why; the others that it is so.
    client.force_login(hall["head"])
    assert "法定代表人是我表哥" in client.get(page).content.decode()
    other = next(key for key in ("mediator", "judge") if key != name)
    client.force_login(hall[other])
    seen = client.get(page).content.decode()
    assert "本人申报" in seen
    assert "法定代表人是我表哥" not in seen


def test_the_lead_is_replaced_and_does_not_come_back(hall, client):
    case = stories.mediating(hall)
    recusals.declare(case, by=hall["mediator"], kind="other", reason="与申请人是邻居")
    case = fresh(case)

    assert (case.mediator, case.holder_user, case.holder_organisation) == (None, None, hall.centre)
    assert case.state == "mediating"
    with pytest.raises(NotAllowed, match="本案调解员"):
        steps.fail(case, by=hall["mediator"], reason="gap")
    with pytest.raises(NotAllowed, match="已在本案回避"):
        team.add_member(case, by=hall["head"], member=MemberDraft(user=hall["mediator"]), lead=True)
    client.force_login(hall["head"])
    assert client.get(reverse("disputes:dispute", args=[case.pk])).status_code == 200
    team.add_member(case, by=hall["head"], member=MemberDraft(user=hall["second_mediator"]), lead=True)
    assert fresh(case).holder_user == hall["second_mediator"]
    assert conflicts(hall["mediator"], case) == ["已在本案回避：其他关系"]
    # A form that assigns shows why somebody is passed over.
    failed = steps.fail(case, by=hall["second_mediator"], reason="gap")
    closed = steps.archive(failed, by=hall["case_clerk"], statement=stories.LACKS)
    steps.reopen(closed, by=hall["head"], reason="双方要求")
    shown = client.get(reverse("disputes:step", args=[case.pk, "assign"])).content.decode()
    assert "已在本案回避：其他关系" in shown


def test_of_a_panel_the_next_one_leads(hall):
    case = stories.mediating(hall)
    team.add_member(case, by=hall["head"], member=MemberDraft(user=hall["second_mediator"], seat=Seat.MEDIATOR))

    recusals.declare(fresh(case), by=hall["mediator"], kind="other", reason="曾为申请人担保")

    assert (fresh(case).mediator, fresh(case).holder_user) == (hall["second_mediator"], hall["second_mediator"])


def test_a_party_asks_the_window_records_the_head_decides(hall, client):
    case = stories.mediating(hall)
    worker = case.parties.get(side="applicant")
    asked = {
        "seat": str(seat_of(case, hall, "mediator").pk), "asked_by": str(worker.pk), "kind": "acted_for",
        "reason": "曾代理过单位", "asked_on": stories.today().isoformat(),
    }  # fmt: skip
    client.force_login(hall["case_clerk"])
    assert client.post(address(case, "ask_recusal"), asked).status_code == 302
    again = client.post(address(case, "ask_recusal"), asked)
    assert (again.status_code, "还没有决定" in again.content.decode()) == (422, True)
    found = Recusal.objects.get()
    decide = reverse("disputes:settle", args=[case.pk, "decide_recusal", found.pk])
    assert told(hall, "head", "ask_recusal") == 1
    # Until the decision nothing changes; nobody but the head decides.
    assert Dispute.objects.visible_to(hall["mediator"]).exists()
    answers = {}
    for name in ("case_clerk", "mediator", "judge", "head", "cadre"):
        client.force_login(hall[name])
        answers[name] = client.get(decide).status_code
    assert answers == {"case_clerk": 403, "mediator": 403, "judge": 403, "head": 200, "cadre": 404}
    client.force_login(hall["head"])
    assert decide in client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    assert client.post(decide, {"granted": "0", "note": ""}).status_code == 422
    assert client.post(decide, {"granted": "0", "note": "没有代理过"}).status_code == 302
    assert client.get(decide).status_code == 404
    assert Dispute.objects.visible_to(hall["mediator"]).exists()

    client.force_login(hall["case_clerk"])
    assert client.post(address(case, "ask_recusal"), asked).status_code == 302
    second = Recusal.objects.get(state="asked")
    recusals.decide(second, by=hall["head"], granted=True)

    assert not Dispute.objects.visible_to(hall["mediator"]).exists()
    assert fresh(case).mediator is None
    with pytest.raises(InvalidTransition):
        recusals.decide(second, by=hall["head"], granted=False, note="改主意")


def booked(case, hall, name, days):
    room = Room.objects.get_or_create(organisation=hall.centre, name="一号调解室")[0]
    begins = timezone.now().replace(microsecond=0) + stories.days(days)
    ends = begins + datetime.timedelta(hours=1)
    return appointments.book(
        case, by=hall["case_clerk"], room=room, starts_at=begins, ends_at=ends, mediator=hall[name]
    )


def test_what_was_booked_is_handed_over_or_free_again(hall, client):
    case, other = stories.mediating(hall), stories.mediating(hall)
    first, second = booked(case, hall, "mediator", 1), booked(case, hall, "mediator", 2)
    room = Room.objects.create(organisation=hall.centre, name="二号调解室")
    appointments.book(
        other, by=hall["case_clerk"], room=room, starts_at=second.starts_at, ends_at=second.ends_at,
        mediator=hall["second_mediator"],
    )  # fmt: skip
    client.force_login(hall["head"])
    with transaction.atomic():
        # Nobody follows: both are called off, and the room is free again.
        recusals.declare(fresh(case), by=hall["mediator"], kind="other", reason="与申请人是邻居")
        assert not case.appointments.standing().exists()
        assert "不再办理本案" in client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
        transaction.set_rollback(True)
    team.add_member(fresh(case), by=hall["head"], member=MemberDraft(user=hall["second_mediator"], seat=Seat.MEDIATOR))

    recusals.declare(fresh(case), by=hall["mediator"], kind="other", reason="与申请人是邻居")

    # Somebody follows, and is elsewhere at the time of the second.
    (kept,) = case.appointments.standing()
    assert (kept.pk, kept.mediator) == (first.pk, hall["second_mediator"])
    assert not Appointment.objects.standing().filter(mediator=hall["mediator"]).exists()
    assert told(hall, "second_mediator", "hand_over_appointment") == 1
    html = client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    for words in (f"的预约由 {hall['second_mediator'].name} 接手", "的预约取消，请另约"):
        assert words in html


def test_a_party_asks_at_every_stage_in_which_somebody_has_a_seat(hall, client):
    client.force_login(hall["case_clerk"])
    found = {}
    for state, story in stories.IN_STATE.items():
        if state != "archived" and not taken("recusal", state, of=3):
            continue
        with transaction.atomic():
            case = story(hall)
            link = address(case, "ask_recusal")
            page = client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
            found[state] = (client.get(link).status_code == 200, link in page, case.team.filter(ended_at=None).exists())
            transaction.set_rollback(True)
    assert {state: asked for state, (asked, _shown, _seat) in found.items()} == {
        state: shown for state, (_asked, shown, _seat) in found.items()
    }
    assert {state for state, (asked, _shown, seat) in found.items() if asked != seat} == {"archived"}
    seatless = {"registered", "consent_pending", "accepted", "not_accepted", "archived"}
    assert {state for state, (asked, *_rest) in found.items() if not asked} == seatless & set(found)
    assert set(found) - seatless
    # The lead has stood back, and nobody leads; of the judge it may still be asked.
    case = stories.mediating(hall)
    recusals.declare(case, by=hall["mediator"], kind="other", reason="邻居")
    assert address(case, "ask_recusal") in client.get(reverse("disputes:dispute", args=[case.pk])).content.decode()


def traces(case):
    events = Event.objects.about("dispute", case.pk).order_by("pk").values_list("verb", "data")
    rows = Recusal.objects.values_list("state", "kind", "reason", "party", "asked_by", "asked_on", "decision_note")
    return list(events), list(rows)


def test_both_doors_of_standing_back_do_the_same(hall, client):
    case = stories.mediating(hall)
    worker, firm = (case.parties.get(side=side) for side in ("applicant", "respondent"))
    seat = seat_of(case, hall, "judge")
    relation = {"kind": "kin", "reason": "亲属"}
    asks = relation | {"seat": seat.pk, "asked_by": str(worker.pk), "asked_on": str(stories.today())}

    def by_page(name, who, fields):
        client.force_login(hall[who])
        version = {"version": fresh(case).version}
        assert client.post(address(case, name), fields | version).status_code == 302

    def by_program(name, who, fields):
        answer = Caller(hall[who]).post(f"/api/v1/disputes/{case.pk}/do/{name}/", fields)
        assert answer.status_code == (204 if name == "recuse" else 200), answer.content.decode()

    def decided_by_page(granted):
        client.force_login(hall["head"])
        link = reverse("disputes:settle", args=[case.pk, "decide_recusal", Recusal.objects.get().pk])
        assert client.post(link, {"granted": str(int(granted)), "note": "查过了"}).status_code == 302

    def decided_by_program(granted):
        path = f"/api/v1/disputes/{case.pk}/do/decide_recusal/"
        fields = {"recusal": Recusal.objects.get().pk, "granted": granted, "note": "查过了"}
        answer = Caller(hall["head"]).post(path, fields)
        assert answer.json()["recusals"][0]["state"] == ("granted" if granted else "declined")

    left = []
    for ask, decide in ((by_page, decided_by_page), (by_program, decided_by_program)):
        for granted in (True, False):
            with transaction.atomic():
                ask("ask_recusal", "case_clerk", asks)
                decide(granted)
                left.append((granted, traces(case)))
                transaction.set_rollback(True)
        with transaction.atomic():
            ask("recuse", "judge", relation | {"party": str(firm.pk), "also_later": True})
            left.append((None, traces(case)))
            transaction.set_rollback(True)
    assert left[:3] == left[3:]
    # Of nobody else's seat, and by nobody whom the page refuses.
    for name, who, fields, status in (
        ("recuse", "case_clerk", relation, 403), ("ask_recusal", "mediator", asks, 403),
        ("ask_recusal", "case_clerk", asks | {"seat": 999}, 404), ("recuse", "cadre", relation, 404),
        ("decide_recusal", "head", {"recusal": 999, "granted": True}, 404),
    ):  # fmt: skip
        answer = Caller(hall[who]).post(f"/api/v1/disputes/{case.pk}/do/{name}/", fields)
        assert answer.status_code == status, (name, who)


def test_who_may_declare_and_ask(hall):
    case = stories.mediating(hall)
    everybody = ("head", "case_clerk", "mediator", "second_mediator", "judge", "worker_side", "leader", "cadre")
    may = {"declare": set(), "ask": set()}
    for name in everybody:
        for key, action in (
            ("declare", lambda by: recusals.declare(case, by=by, kind="kin", reason="亲属")),
            ("ask", lambda by: recusals.ask(
                case, by=by, seat=seat_of(case, hall, "firm_side"), asked_by=case.parties.first(), kind="kin", reason="亲属",
                asked_on=stories.today(),
            )),
        ):  # fmt: skip
            try:
                with transaction.atomic():
                    action(hall[name])
                    may[key].add(name)
                    transaction.set_rollback(True)
            except NotAllowed:
                pass
    assert may == {"declare": {"mediator", "judge", "worker_side"}, "ask": {"head", "case_clerk", "leader"}}


def test_nobody_decides_about_themselves(hall):
    case = stories.accepted(hall)
    panel = [MemberDraft(user=hall["head"])]
    case = steps.assign(case, by=hall["head"], members=panel, recusal_checked=True)
    found = recusals.ask(
        case, by=hall["case_clerk"], seat=case.team.get(), asked_by=case.parties.first(), kind="other", reason="有过节",
        asked_on=stories.today(),
    )  # fmt: skip
    assert told(hall, "leader", "ask_recusal") == 1
    with pytest.raises(NotAllowed, match="不能决定自己的回避"):
        recusals.decide(found, by=hall["head"], granted=False, note="没有")
    recusals.decide(found, by=hall["leader"], granted=True)
    assert not Dispute.objects.visible_to(hall["head"]).exists()


def test_the_database_keeps_it_whole(hall):
    case = stories.mediating(hall)
    recusals.declare(case, by=hall["judge"], kind="kin", reason="亲属")
    for change in ({"state": "asked"}, {"reason": ""}, {"decided_by": hall["head"]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Recusal.objects.update(**change)
    with pytest.raises(ActionError, match="关系"):
        recusals.declare(case, by=hall["worker_side"], kind="whatever", reason="亲属")
    assert not Issue.objects.exists()
