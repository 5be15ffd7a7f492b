"""Disputes over HTTP: a whole case by a program, what is open and what is refused, versions, keys, secrecy."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disputes.api import views as api
from disputes.api.urls import urlpatterns as api_patterns
from disputes.enums import DisputeState, Side, Verb
from disputes.models import Appointment, Dispute, Room, Session
from disputes.permissions import choices
from disputes.urls import urlpatterns as page_patterns
from disputes.views import parts
from tests.api.conftest import Caller
from tests.disputes import stories, wholes
from tests.disputes.stories import today
from tests.sampling import taken
from unionops.casework.attachments import attach
from unionops.casework.models import Watch
from unionops.org.models import User

pytestmark = pytest.mark.django_db

PROBLEM = "application/problem+json"


@pytest.fixture
def call(hall):
    made = {}

    def caller(name):
        if name not in made:
            made[name] = Caller(hall[name])
        return made[name]

    return caller


def step(caller, case, verb, data=None, **headers):
    return caller.post(f"/api/v1/disputes/{case}/transitions/{verb}/", data or {}, **headers)


def done(response):
    assert response.status_code < 300, response.content.decode()
    return response.json()


def test_a_case_goes_its_whole_way(hall, call):
    desk, head, mediator = call("case_clerk"), call("head"), call("mediator")
    day = str(today())
    made = done(
        desk.post(
            "/api/v1/disputes/",
            {
                "organisation": hall.centre.pk,
                "source": "window",
                "cause": "si_maternity",
                "claims": "支付生育津贴",
                "facts": "产假后没有收到生育津贴。",
                "parties": [
                    {"side": "applicant", "name": "沈月琴", "phone": "13812345678", "amount": "25000.00"},
                    {"side": "respondent", "enterprise": str(hall.world.enterprise.pk)},
                ],
            },
        )
    )
    case = made["id"]
    assert "沈月琴" not in str(made)
    assert made["amount_claimed"] == "25000.00"
    worker, firm = (
        next(one["id"] for one in made["parties"] if one["side"] == side) for side in ("applicant", "respondent")
    )
    done(step(desk, case, "ask_consent", {"way": "phone", "contacted_on": day, "person": "人事经理"}))
    for party in (worker, firm):
        done(desk.post(f"/api/v1/parties/{party}/do/record_consent/", {"given": True, "on": day, "way": "phone"}))
    assert step(desk, case, "accept", {"scope_checked": False}).status_code == 422
    done(step(desk, case, "accept", {"scope_checked": True}))
    members = [{"user": hall["mediator"].pk}]
    assert done(step(head, case, "assign", {"members": members, "recusal_checked": True}))["state"] == "mediating"
    talk = {"kind": "face_to_face", "text": "双方当面谈", "present": ["双方"]}
    done(step(mediator, case, "hold_session", talk))
    owed = [
        {"debtor": firm, "creditor": worker, "what": "首期", "amount": "10000.00", "instalment": 1, "due_on": day},
        {"debtor": firm, "creditor": worker, "what": "末期", "amount": "15000.00", "instalment": 2, "due_on": day},
    ]
    terms = {"result": "分两期支付", "way": "转账", "total": "25000.00", "obligations": owed}
    refused = step(mediator, case, "agree", terms | {"total": "24999.00"})
    assert (refused.status_code, refused["Content-Type"]) == (422, PROBLEM)
    assert [one["field"] for one in refused.json()["errors"]] == ["obligations"]
    done(step(mediator, case, "agree", terms))
    (agreement,) = done(mediator.get(f"/api/v1/agreements/?dispute={case}"))["results"]
    assert (
        mediator.post(f"/api/v1/agreements/{agreement['id']}/do/record_mark/", {"mark": "seal", "on": day}).status_code
        == 422
    )
    page = str(stories.page_of(Dispute.objects.get(pk=case), hall["mediator"]).pk)
    for mark in ("applicant", "respondent", "mediator", "seal"):
        signs = {"mark": mark, "on": day, "scan": page}
        done(mediator.post(f"/api/v1/agreements/{agreement['id']}/do/record_mark/", signs))
    done(step(desk, case, "make_effective"))
    asked = {"dispute": case, "kind": "arbitration_review", "body": "区仲裁委", "applied_on": day}
    confirmation = done(desk.post("/api/v1/confirmations/", asked))
    assert confirmation["open_steps"] == ["accept", "refuse", "withdraw"]
    path = f"/api/v1/confirmations/{confirmation['id']}/transitions"
    assert done(desk.post(f"{path}/accept/", {"accepted_on": day}))["state"] == "accepted"
    assert done(desk.post(f"{path}/confirm/", {"decided_on": day, "number": "越仲审1号"}))["state"] == "confirmed"
    for one in done(desk.get(f"/api/v1/obligations/?dispute={case}&fulfilled=false"))["results"]:
        done(desk.post(f"/api/v1/obligations/{one['id']}/do/fulfil/", {"on": day, "proof_note": "银行回单"}))
    assert done(step(desk, case, "finish"))["state"] == DisputeState.FULFILLED
    assert done(step(desk, case, "archive", {"statement": stories.LACKS}))["keep_until"]
    verbs = [one["verb"] for one in done(desk.get(f"/api/v1/disputes/{case}/timeline/?limit=200"))["results"]]
    assert {"dispute.register", "dispute.assign", "dispute.make_effective", "dispute.archive"} <= set(verbs)


def test_what_is_open_is_what_the_page_offers_in_every_state(hall, call):
    """In a list of all states at once, for whoever sees them: the same answer as that of the case page."""
    cases = [make(hall) for make in stories.IN_STATE.values()]
    for name in ("mediator", "head", "case_clerk", "leader", "chief", "worker_side", "judge"):
        if name not in ("mediator", "head", "worker_side") and not taken("open", name, of=2):
            continue
        rows = {row["id"]: row for row in done(call(name).get("/api/v1/disputes/?limit=200"))["results"]}
        user = User.objects.get(pk=hall[name].pk)
        for case in Dispute.objects.visible_to(user).filter(pk__in=[case.pk for case in cases]):
            offered = choices(user, case)
            row = rows[str(case.pk)]
            assert row["allowed"] == [str(one.transition.verb) for one in offered if one.is_allowed], (name, case.state)
            assert {one["verb"] for one in row["refused"]} == {
                str(one.transition.verb) for one in offered if not one.is_allowed
            }
            assert all(one["reason"] for one in row["refused"])
        assert len(rows) == Dispute.objects.visible_to(user).count()


def test_refusals_say_why(hall, call):
    case = stories.mediating(hall).pk

    wrong_person = step(call("leader"), case, "fail", {"reason": "gap"})
    wrong_state = step(call("case_clerk"), case, "finish")
    stranger = step(call("handler"), case, "fail", {"reason": "gap"})

    assert (wrong_person.status_code, wrong_state.status_code, stranger.status_code) == (403, 409, 404)
    assert "调解员" in wrong_person.json()["detail"]
    assert "调解中" in wrong_state.json()["detail"]
    for response in (wrong_person, wrong_state, stranger):
        assert response["Content-Type"] == PROBLEM


def test_version_is_looked_at(hall, call):
    case = stories.accepted(hall)
    desk = call("case_clerk")
    address = f"/api/v1/disputes/{case.pk}/"
    tag = desk.get(address)["ETag"]

    assert desk("PATCH", address, {"claims": "另写请求"}).status_code == 428
    assert desk("PATCH", address, {"claims": "另写请求"}, if_match=tag).status_code == 200
    late = desk("PATCH", address, {"claims": "又写请求"}, if_match=tag)
    assert (late.status_code, late.json()["type"]) == (409, "urn:unionops:problem:version-conflict")
    assert (
        step(call("head"), case.pk, "transfer", {"reason": "inspection", "to": "监察大队"}, if_match=tag).status_code
        == 409
    )
    assert stories.fresh(case).claims == "另写请求"


def test_a_key_makes_it_once(hall, call):
    case = stories.mediating(hall)
    talk = {"kind": "online", "text": "线上谈", "present": ["双方"]}

    first = step(call("mediator"), case.pk, "hold_session", talk, idempotency_key="k-1")
    again = step(call("mediator"), case.pk, "hold_session", talk, idempotency_key="k-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert Session.objects.filter(dispute=case).count() == 1


def test_what_one_side_said_alone_leaves_for_its_own_people_only(hall, call):
    case = stories.mediating(hall)
    alone = {side: stories.talked_alone(hall, case, side, "24321") for side in (Side.APPLICANT, Side.RESPONDENT)}
    hears = {Side.APPLICANT: {"mediator", "worker_side"}, Side.RESPONDENT: {"mediator", "firm_side"}}
    everybody = ("mediator", "worker_side", "firm_side", "judge", "head", "leader", "case_clerk", "chief", "clerk")
    for name in everybody:
        if name not in ("mediator", "worker_side", "firm_side", "head") and not taken("alone", name, of=3):
            continue
        whole = done(call(name).get(f"/api/v1/disputes/{case.pk}/"))
        for side, session in alone.items():
            told = done(call(name).get(f"/api/v1/sessions/{session.pk}/"))
            heard = name in hears[side]
            assert (told["note"] is not None) is heard, (name, side)
            assert bool(told["offers"]) is heard, (name, side)
            assert ("底线" in str(told)) is heard, (name, side)
            assert any(offer["side"] == side for offer in whole["offers"]) is heard, (name, side)
        pages = [f"/api/v1/disputes/{case.pk}/timeline/", "/api/v1/sessions/", "/api/v1/disputes/"]
        text = "".join(call(name).get(path).content.decode() for path in pages)
        assert "24321" not in text
        assert "底线" not in text

    session = alone[Side.APPLICANT]
    address = f"/api/v1/sessions/{session.pk}/do/release_note/"
    assert call("firm_side").post(address, {"reason": "想看"}).status_code == 404
    done(call("mediator").post(address, {"reason": "申请人同意"}))
    assert done(call("firm_side").get(f"/api/v1/sessions/{session.pk}/"))["note"]["text"]


def test_appointments_are_booked_once_and_cancelled(hall, call):
    case = stories.mediating(hall)
    room = Room.objects.create(organisation=hall.centre, name="第一调解室")
    start = timezone.now() + datetime.timedelta(days=1)
    wanted = {
        "dispute": str(case.pk), "room": room.pk, "starts_at": start.isoformat(),
        "ends_at": (start + datetime.timedelta(hours=1)).isoformat(),
    }  # fmt: skip
    made = done(call("mediator").post("/api/v1/appointments/", wanted))
    taken = call("mediator").post("/api/v1/appointments/", wanted)

    assert made["room"] == "第一调解室"
    assert (taken.status_code, taken["Content-Type"]) == (422, PROBLEM)
    assert taken.json()["next_step"]
    assert done(call("mediator").post(f"/api/v1/appointments/{made['id']}/do/cancel/", {"reason": "改期"}))[
        "cancelled_at"
    ]
    done(call("mediator").post("/api/v1/appointments/", wanted))
    assert Appointment.objects.standing().count() == 1


def test_filters_narrow(hall, call):
    things = wholes.one_of_each(hall)
    stories.registered(hall, cause="pay_arrears")
    leader = call("leader")

    def ids(path):
        return {row["id"] for row in done(leader.get(path))["results"]}

    case = str(things["disputes"])
    assert ids("/api/v1/disputes/?state=effective,breached") == {case}
    assert ids("/api/v1/disputes/?cause=si_maternity") == {case}
    assert ids("/api/v1/disputes/?q=生育津贴") == {case}
    assert len(ids("/api/v1/disputes/")) == 2
    assert ids("/api/v1/obligations/?overdue=true") == set()
    assert ids(f"/api/v1/parties/?dispute={case}&side=applicant") == {str(things["parties"])}
    assert leader.get("/api/v1/disputes/?nothing=1").status_code == 400


def test_every_verb_of_the_table_has_its_address(hall, call):
    case = stories.registered(hall)
    statuses = {verb: step(call("case_clerk"), case.pk, verb).status_code for verb in Verb}

    assert set(statuses.values()) <= {200, 400, 403, 409, 422}


def test_a_letter_is_accepted_refused_and_returned(hall, call):
    """The organisation answers for itself; what it gave back it sees no more, its own answer it keeps."""
    bureau, clerk = call("arbitrator"), call("case_clerk")
    path = "/api/v1/letters"
    answers = (("refuse",), ("accept", "return"))
    for number, verbs in enumerate(answers):
        case = stories.mediating(hall)
        asked = {"organisation": hall.bureau.pk, "reason": "请派仲裁员", "kind": "commission"}
        done(call("head").post(f"/api/v1/disputes/{case.pk}/do/share/", asked))
        sent = case.shares.get()
        letter = done(bureau.get(f"{path}/{sent.pk}/"))
        assert (letter["state"], letter["open_steps"]) == ("sent", ["accept", "refuse"])
        assert letter["dispute_number"] == case.number
        # Nobody answers for another; nor before there is something to answer.
        assert clerk.post(f"{path}/{sent.pk}/transitions/accept/", {}).status_code == 403
        assert call("cadre").post(f"{path}/{sent.pk}/transitions/accept/", {}).status_code == 404
        assert bureau.post(f"{path}/{sent.pk}/transitions/return/", {"reason": "不归我们"}).status_code == 409
        for verb in verbs:
            if verb != "accept":
                assert bureau.post(f"{path}/{sent.pk}/transitions/{verb}/", {}).status_code == 400
            reason = {} if verb == "accept" else {"reason": "不归我们管"}
            letter = done(bureau.post(f"{path}/{sent.pk}/transitions/{verb}/", reason))
        assert (letter["state"], letter["decline_reason"]) == (("refused", "returned")[number], "不归我们管")
        assert letter["open_steps"] == []
        assert bureau.get(f"/api/v1/disputes/{case.pk}/").status_code == 404
        assert bureau.get(f"{path}/{sent.pk}/").status_code == 200
    assert len(done(bureau.get(f"{path}/"))["results"]) == 2
    assert len(done(clerk.get(f"{path}/?state=returned"))["results"]) == 1
    assert done(call("cadre").get(f"{path}/"))["results"] == []


# What a form of the page does, by the door of a program where it bears another name.
DOORS = {
    "evidence": "disputes/prove_limitation_event",
    "note": "disputes/add_note", "parties": "disputes/add_parties", "offer": "disputes/make_offer",
    "limitation": "disputes/record_limitation_event", "confirmation": "confirmations", "consent": "parties/record_consent",
    "agent": "parties/add_agent", "mark": "agreements/record_mark", "follow_up": "disputes/settle_follow_up",
}  # fmt: skip


def test_what_the_page_does_a_program_does_too():
    acts = {f"disputes/{name}" for name in api.CARE} | {"disputes/recuse", "confirmations"}
    acts |= {f"{resource}/{name}" for resource, (_view, care) in api.PART_ACTS.items() for name in care}
    acts |= {f"confirmations/confirmation_{verb}" for verb in api.forms.CONFIRMATION_FORMS}
    by_name = {act.rpartition("/")[2]: act for act in acts}
    missing = {name for name in (*parts.CARE, *parts.PARTS) if DOORS.get(name, by_name.get(name)) not in acts}
    assert not missing


# {address of the pages that takes what is sent about one case: the door of a program that does the same}
SENT = {
    "step": "dispute_step_", "do": "dispute_do_", "settle": "parties_do_", "upload": "dispute_attachments",
    "remove_file": "dispute_file_remove", "watch": "dispute_do_watch", "clock": "dispute_do_record_limitation_event",
    "clock_dates": "dispute", "prove": "dispute_do_prove_limitation_event", "elements": "dispute_do_save_elements",
    "claim": "dispute_do_add_claim", "claim_drop": "dispute_do_drop_claim", "take_over": "dispute_do_take_over_claims",
    "cancel": "appointments_do_cancel", "answer_letter": "letter_step_", "from_issue": "issue_step_convert",
}  # fmt: skip
# Whole numbers, and the secret of a link, are told to a person and never to a program.
TOLD_TO_PEOPLE = {"reveal", "reveal_agent", "invite", "invite_letter", "revoke_link"}
# They only show, or belong to no case: rooms, rota, imports, saved views.
NOT_OF_A_CASE = {
    "session", "confirmation", "dispute", "parties", "owed", "papers", "drop_view", "room", "room_close", "room_reopen",
    "rota_off", "import", "import_confirm", "import_undo", "import_discard",
}  # fmt: skip


def test_every_address_of_a_case_that_takes_something_has_a_door():
    keyed = {str(one.name) for one in page_patterns if "pk>" in str(one.pattern)}
    doors = {str(one.name) for one in api_patterns}
    assert keyed == set(SENT) | TOLD_TO_PEOPLE | NOT_OF_A_CASE
    known = {name: [door for door in doors if door == start or (start.endswith("_") and door.startswith(start))]
             for name, start in SENT.items() if name != "from_issue"}  # fmt: skip
    assert all(known.values()), known


def test_elements_claims_and_proofs_by_a_program(hall, call):
    case = stories.mediating(hall)
    desk, judge, path = call("case_clerk"), call("judge"), f"/api/v1/disputes/{case.pk}/do"
    told = done(
        desk.post(f"{path}/save_elements/", {"post": "缝纫工", "monthly_pay": "6200.00", "started_on": "2024-03-01"})
    )
    assert (told["elements"]["post"], told["elements"]["monthly_pay"]) == ("缝纫工", "6200.00")
    asked = {"kind": "wage_arrears", "asked": {"monthly_pay": "6200", "months": "2"}}
    assert desk.post(f"{path}/add_claim/", {"kind": "wage_arrears", "asked": {"months": "2"}}).status_code == 400
    assert judge.post(f"{path}/add_claim/", asked).status_code == 403
    done(desk.post(f"{path}/add_claim/", asked))
    told = done(desk.post(f"{path}/add_claim/", asked))
    assert [(one["kind"], one["amount"]) for one in told["elements"]["claims"]] == [("wage_arrears", "12400.00")] * 2
    done(desk.post(f"{path}/drop_claim/", {"position": 1}))
    party = case.parties.get(side=Side.APPLICANT)
    told = done(desk.post(f"{path}/take_over_claims/", {"party": str(party.pk)}))
    assert told["amount_claimed"] == "12400.00"
    # The proof of an event is a file of this case, and of no other one.
    event = done(desk.post(f"{path}/record_limitation_event/", {"kind": "claim", "on": str(today())}))[
        "limitation_events"
    ][0]
    assert event["evidence"] is None
    kept = attach(case, SimpleUploadedFile("回执.txt", "签收".encode()), by=hall["case_clerk"])
    other = attach(stories.accepted(hall), SimpleUploadedFile("别的.txt", "别的".encode()), by=hall["case_clerk"])
    wrong = {"event": event["id"], "evidence": str(other.pk)}
    assert desk.post(f"{path}/prove_limitation_event/", wrong).status_code == 404
    told = done(desk.post(f"{path}/prove_limitation_event/", wrong | {"evidence": str(kept.pk)}))
    assert told["limitation_events"][0]["evidence"] == str(kept.pk)
    done(desk.post(f"{path}/watch/", {"on": True}))
    assert Watch.objects.filter(user=hall["case_clerk"], case_id=case.pk).exists()


def test_agents_and_signatures_by_a_program(hall, call):
    case = stories.mediating(hall)
    desk, mediator, party = call("case_clerk"), call("mediator"), case.parties.get(side=Side.APPLICANT)
    speaks = {"kind": "lawyer", "name": "高明", "phone": "13900002222", "power": "special", "valid_from": str(today())}
    (agent,) = done(desk.post(f"/api/v1/parties/{party.pk}/do/add_agent/", speaks))["agents"]
    assert "13900002222" not in str(agent)
    ended = {"agent": agent["id"], "on": str(today()), "reason": "解除委托"}
    assert call("judge").post(f"/api/v1/parties/{party.pk}/do/end_agent/", ended).status_code == 403
    (agent,) = done(desk.post(f"/api/v1/parties/{party.pk}/do/end_agent/", ended))["agents"]
    assert agent["valid_to"] == str(today())
    stories.talked_alone(hall, case, "applicant", "25000")
    note = f"/api/v1/sessions/{Session.objects.get().pk}/do/sign_note/"
    assert call("judge").post(note, {"signed_on": str(today())}).status_code == 404
    assert done(mediator.post(note, {"signed_on": str(today())}))["note"]["signed_on"] == str(today())
