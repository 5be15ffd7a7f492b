"""The steps of a dispute through the browser's door: each form where its verb is allowed, the way to the archive, what is refused."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disputes.actions.intake import PartyDraft
from disputes.enums import (
    CONFIRMATION_TRANSITIONS,
    ConfirmationState,
    ConfirmationVerb,
    DisputeState,
    Mark,
    Side,
    Verb,
)
from disputes.forms.agreements import CONFIRMATION_FORMS
from disputes.forms.assigning import candidates
from disputes.forms.steps import FORMS
from disputes.models import Agreement, Confirmation, Dispute, Interest, Offer, SessionNote
from disputes.permissions import choices
from disputes.views.parts import CARE, PARTS
from tests.disputes import stories
from tests.sampling import taken
from tests.weight import LIGHT, weight
from unionops.casework.models import Attachment, FollowUp
from unionops.org.enums import Industry
from unionops.org.models import Event

pytestmark = pytest.mark.django_db

S = DisputeState
PART = {"HX-Request": "true"}
PEOPLE = ("case_clerk", "head", "leader", "mediator", "worker_side", "judge", "clerk", "cadre")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.UNIONOPS_FILES = tmp_path


def as_person(hall, name):
    client = Client()
    client.force_login(hall[name])
    return client


def step_url(case, verb):
    return reverse("disputes:step", args=[case.pk, verb])


def settle_url(case, name, thing):
    return reverse("disputes:settle", args=[case.pk, name, thing.pk])


def iso(days=0):
    return (stories.today() + datetime.timedelta(days=days)).isoformat()


def rows_of(prefix, *rows):
    sent = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for position, row in enumerate(rows):
        sent |= {f"{prefix}-{position}-{name}": value for name, value in row.items()}
    return sent


def owed(case, *, first=10):
    worker, firm = case.parties.get(side=Side.APPLICANT), case.parties.get(side=Side.RESPONDENT)
    pays = {"kind": "pay", "debtor": firm.pk, "creditor": worker.pk}
    return rows_of(
        "owe",
        {"kind": "deliver", "debtor": worker.pk, "creditor": firm.pk, "what": "提供生育医疗证明", "due_on": iso(first)},
        {**pays, "what": "首期", "amount": "10,000.00", "instalment": 1, "due_on": iso(first)},
        {**pays, "what": "末期", "amount": "15000", "instalment": 2, "due_on": iso(first + 20)},
        {**pays},
    )  # fmt: skip


AGREED = {"result": "单位分两期支付生育津贴", "way": "银行转账", "total": "25,000.00", "facts": "双方对金额没有争议"}


def test_every_verb_has_its_form():
    assert set(FORMS) == set(Verb)
    assert set(CONFIRMATION_FORMS) == set(CONFIRMATION_TRANSITIONS)
    assert {f"confirmation_{verb}" for verb in ConfirmationVerb} <= set(PARTS)


def test_form_opens_where_the_verb_is_allowed_and_tells_the_reason_elsewhere(hall):
    """As its part, and a share of them as a page; whoever does not see the case finds nothing."""
    opened, shown = set(), set()
    clients = {name: as_person(hall, name) for name in PEOPLE}
    for state in DisputeState:
        with transaction.atomic():
            case = stories.fresh(stories.IN_STATE[state](hall))
            for name, client in clients.items():
                seen = Dispute.objects.visible_to(hall[name]).filter(pk=case.pk).exists()
                allowed = {c.transition.verb for c in choices(hall[name], case) if c.is_allowed} if seen else set()
                for verb in Verb:
                    # Each verb once; where it is allowed elsewhere, in a share of the states; what is refused seldom.
                    anew = verb in allowed and (verb, state) not in opened
                    known = not anew or verb in shown
                    if known and not taken(verb, state, name, of=4 if anew else 60):
                        continue
                    part = client.get(step_url(case, verb), headers=PART)
                    if not seen:
                        assert part.status_code == 404
                    elif verb not in allowed:
                        assert part.status_code in (403, 409), (state, verb, name)
                    else:
                        assert part.status_code == 200, (state, verb, name)
                        assert 'class="inform"' in part.content.decode()
                        assert "<html" not in part.content.decode()
                        if verb not in shown and taken("whole", verb, of=3):
                            page = client.get(step_url(case, verb))
                            assert page.status_code == 200
                            assert case.number in page.content.decode()
                            assert weight(page) < LIGHT
                        shown.add(verb)
                        opened.add((verb, state))
            transaction.set_rollback(True)
    assert shown == set(Verb)


def walk(hall, case):
    """How a person takes one step through the pages: the form with the version of now, and where it leads."""

    def go(name, verb, **fields):
        current = stories.fresh(case)
        response = as_person(hall, name).post(step_url(case, verb), {"version": current.version, **fields})
        assert response.status_code == 302, response.content.decode()
        return stories.fresh(case)

    def do(name, what, thing, **fields):
        response = as_person(hall, name).post(settle_url(case, what, thing), fields)
        assert response.status_code == 302, response.content.decode()

    return go, do


def test_whole_way_from_the_window_to_the_archive(hall):
    case = stories.registered(hall)
    go, do = walk(hall, case)

    assert (
        go("case_clerk", "ask_consent", way="phone", contacted_on=iso(), person="人事经理").state == "consent_pending"
    )
    for party in case.parties.all():
        do("case_clerk", "consent", party, given="1", way="phone", on=iso(), said_by=party.name)
    unchecked = as_person(hall, "case_clerk").post(
        step_url(case, "accept"), {"version": stories.fresh(case).version, "accepted_on": iso()}
    )
    assert (unchecked.status_code, "请先审查受理范围" in unchecked.content.decode()) == (422, True)
    assert go("case_clerk", "accept", accepted_on=iso(), scope_checked="on").state == "accepted"
    seats = rows_of(
        "seat",
        {"user": hall["worker_side"].pk, "seat": "union", "side": "applicant"},
        {"user": hall["firm_side"].pk, "seat": "lawyer", "side": "respondent", "until": iso(60)},
        {"user": hall["judge"].pk, "seat": "judge"},
        {},
    )
    mediating = go(
        "head", "assign", lead=hall["mediator"].pk, panel=[hall["second_mediator"].pk], recusal_checked="on", **seats
    )
    assert (mediating.state, mediating.mediator) == ("mediating", hall["mediator"])
    assert mediating.team.count() == 5
    offers = rows_of("offer", {"side": "applicant", "kind": "demand", "amount": "25,000.00"}, {"side": "", "kind": ""})
    go("mediator", "hold_session", kind="back_to_back", side_heard="applicant", held_at=f"{iso()}T00:00", present="沈月琴\n调解员", text="底线两万", **offers)  # fmt: skip
    note, offer = SessionNote.objects.get(), Offer.objects.get()
    do("mediator", "sign_note", note, signed_on=iso(), scan=SimpleUploadedFile("签名.txt", "笔录".encode()))
    do("mediator", "release_offer", offer, reason="申请人当面同意")
    do("mediator", "release_note", note, reason="申请人当面同意")
    assert go("mediator", "extend", days="5", applicant_agreed_on=iso(), respondent_agreed_on=iso(), reason="等核定").state == "mediating"  # fmt: skip
    assert go("head", "suspend", reason="appraisal").state == "suspended"
    assert go("head", "resume", note="鉴定意见已经作出").state == "mediating"
    assert go("mediator", "agree", **AGREED, **owed(case)).state == "agreed"
    assert go("mediator", "talk_again", reason="单位要改日期").state == "mediating"
    assert go("mediator", "agree", **AGREED, **owed(case)).state == "agreed"
    draft = case.agreements.get(version=2)
    for mark in Mark:
        do("case_clerk", "mark", draft, mark=mark.value, on=iso(), scan=SimpleUploadedFile("页.txt", b"signed"))
    do("case_clerk", "withdraw_mark", draft, mark="seal", reason="盖错了")
    unseen = as_person(hall, "case_clerk").post(settle_url(case, "mark", draft), {"mark": "seal", "on": iso()})
    assert (unseen.status_code, "请上传签章页的扫描件" in unseen.content.decode()) == (422, True)
    do("case_clerk", "mark", draft, mark="seal", on=iso(), scan=SimpleUploadedFile("章.txt", b"sealed anew"))
    assert go("case_clerk", "make_effective", effective_on=iso()).state == "effective"
    for obligation in draft.obligations.all():
        do("case_clerk", "press", obligation, way="phone", on=iso())
        do("case_clerk", "fulfil", obligation, on=iso(), proof_note="银行回单")
    assert go("case_clerk", "finish").state == "fulfilled"
    archived = go("case_clerk", "archive", statement=stories.LACKS)
    follow_up = FollowUp.objects.filter(case_id=case.pk).order_by("due_on").first()
    do("clerk", "follow_up", follow_up, way="phone", resolved="1", satisfaction="very", note="钱收到了")

    assert archived.state == "archived"
    assert stories.fresh(case).outcome == "agreed"
    assert Attachment.objects.filter(kind="dispute", case_id=case.pk).count() == 5
    assert SessionNote.objects.get().scan.kind == "sessionnote"
    assert SessionNote.objects.get().released_at is not None
    assert Event.objects.about("dispute", case.pk).filter(verb="dispute.fulfil").count() == 3


def test_way_that_fails_and_is_taken_up_again(hall):
    case = stories.asked(hall)
    go, _do = walk(hall, case)
    go("head", "transfer", reason="wrong_place", to="柯桥区调解中心", letter_number="移 1 号")
    go("case_clerk", "archive", statement=stories.LACKS)
    assert go("head", "reopen", reason="移送被退回").state == "registered"
    go("case_clerk", "ask_consent", way="face", contacted_on=iso(), person="王建国")
    assert go("case_clerk", "refuse", reason="no_consent", note="单位不同意，可以申请仲裁").outcome == "not_accepted"

    case = stories.mediating(hall)
    go, _do = walk(hall, case)
    assert go("mediator", "fail", reason="gap").outcome == "failed"
    assert go("case_clerk", "archive", statement=stories.LACKS).state == "archived"
    assert go("head", "reopen", reason="双方又愿意谈").state == "accepted"
    assert go("case_clerk", "withdraw", reason="自行和解", settled_privately="on").outcome == "settled"


def test_breach_shows_only_the_ways_that_are_open(hall, time_machine):
    """生育待遇 is a labour standard: no payment order, no suit upon the agreement; arbitration stays."""
    case = stories.effective(hall)
    go, do = walk(hall, case)
    time_machine.move_to(timezone.now() + stories.LATER, tick=True)
    first = case.agreements.get().obligations.get(instalment=1)
    client = as_person(hall, "case_clerk")
    early = client.post(step_url(case, "breach"), {"version": stories.fresh(case).version})
    assert early.status_code == 422
    assert "请先联系义务人催促履行" in early.content.decode()
    do("case_clerk", "press", first, way="phone", on=iso())
    go("case_clerk", "breach")

    page = client.get(step_url(case, "choose_route")).content.decode()
    routes = re.findall(r'type="radio" name="route" value="(\w+)"', page)
    refused = client.post(step_url(case, "choose_route"), {"route": "payment_order", "to": "区法院"})
    silent = client.post(step_url(case, "choose_route"), {"route": "arbitration", "to": ""})
    ended = go("case_clerk", "choose_route", route="arbitration", to="区劳动人事争议仲裁委员会")

    assert routes == ["arbitration", "none"]
    assert "只有拖欠劳动报酬、工伤医疗费、经济补偿或者赔偿金的协议可以申请支付令。" in page
    assert (refused.status_code, silent.status_code) == (422, 422)
    assert (ended.state, ended.route) == ("transferred", "arbitration")


def test_late_performance_and_confirmation(hall, time_machine):
    case = stories.effective(hall)
    go, do = walk(hall, case)
    clerk = as_person(hall, "case_clerk")
    apply_url = reverse("disputes:do", args=[case.pk, "confirmation"])
    page = clerk.get(apply_url).content.decode()
    assert re.findall(r'type="radio" name="kind" value="(\w+)"', page) == ["arbitration_review"]
    for verb, fields in (
        ("withdraw", {"reason": "材料不全"}),
        ("refuse", {"decided_on": iso(), "reason": "不属于受理范围"}),
        ("confirm", {"decided_on": iso(), "number": "越劳仲审〔2026〕9号"}),
    ):
        assert (
            clerk.post(apply_url, {"kind": "arbitration_review", "body": "区仲裁委", "applied_on": iso()}).status_code
            == 302
        )
        found = Confirmation.objects.get(state=ConfirmationState.APPLIED)
        if verb != "withdraw":
            do("case_clerk", "confirmation_accept", found, accepted_on=iso())
        wrong = clerk.get(
            settle_url(case, "confirmation_confirm" if verb == "withdraw" else "confirmation_accept", found)
        )
        assert wrong.status_code == 409
        do("case_clerk", f"confirmation_{verb}", found, **fields)
    assert set(Confirmation.objects.values_list("state", flat=True)) == {"withdrawn", "refused", "confirmed"}

    time_machine.move_to(timezone.now() + stories.LATER, tick=True)
    do("case_clerk", "press", case.agreements.get().obligations.get(instalment=1), way="phone", on=iso())
    go("case_clerk", "breach")
    routes = as_person(hall, "case_clerk").get(step_url(case, "choose_route")).content.decode()
    assert 'value="enforcement"' in routes
    stories.fulfil_all(hall, case)
    assert go("case_clerk", "finish_late").state == "fulfilled"


def test_bad_input_loses_nothing(hall):
    """Every field and row comes back as it was typed, with what is wrong at its place; nothing has happened."""
    case = stories.mediating(hall)
    client = as_person(hall, "mediator")
    sent = {**AGREED, "total": "两万五", **owed(case), "version": case.version}
    sent["owe-1-amount"], sent["owe-2-due_on"], sent["owe-0-amount"] = "一万", "后天", "5"

    answers = [
        client.post(step_url(case, "agree"), sent, headers=PART),
        client.post(step_url(case, "hold_session"), {
            "kind": "back_to_back", "side_heard": "", "held_at": "昨天", "present": "", "text": "谈了两小时",
            **rows_of("offer", {"side": "", "kind": "offer", "amount": "八千"}),
        }),
        client.post(step_url(case, "extend"), {"days": "0", "applicant_agreed_on": iso(1), "respondent_agreed_on": "", "reason": "等核定"}),
    ]  # fmt: skip
    agree, session, extend = (answer.content.decode() for answer in answers)

    assert [answer.status_code for answer in answers] == [422, 422, 422]
    for words in (
        "两万五",
        "一万",
        "后天",
        "提供生育医疗证明",
        "银行转账",
        "付款要写大于零的金额，其他义务不写金额。",
        "有的行没有写对",
    ):
        assert words in agree
    for words in ("昨天", "谈了两小时", "八千", "背对背调解要写听取哪一方，其他方式不写。", "请选是哪一方的。"):
        assert words in session
    assert "等核定" in extend
    assert stories.fresh(case).state == "mediating"
    assert not Agreement.objects.exists()
    assert not Offer.objects.exists()


def test_refusal_of_the_action_stands_in_the_form(hall):
    case = stories.mediating(hall)
    client = as_person(hall, "mediator")
    short = {**AGREED, "total": "26000", **owed(case)}

    answer = client.post(step_url(case, "agree"), {**short, "version": case.version})
    stale = client.post(step_url(case, "agree"), {**AGREED, **owed(case), "version": case.version - 1})
    again = client.post(step_url(case, "agree"), {**AGREED, **owed(case), "version": case.version}, headers=PART)

    assert "各期金额合计 25000.00 元，与总金额 26000.00 元不符。" in answer.content.decode()
    assert "各期合计 25,000.00 元，还差 1,000.00 元" in answer.content.decode()
    assert stale.status_code == 409
    assert "首期" in stale.content.decode()
    assert again.headers["HX-Redirect"]
    assert stories.fresh(case).state == "agreed"


def test_second_press_does_nothing_twice(hall):
    case = stories.mediating(hall)
    client, key = as_person(hall, "mediator"), "6a6f1f0e-6b3c-4c53-8d53-9a1f5f6f7a10"
    sent = {
        "kind": "face_to_face",
        "held_at": f"{iso()}T00:00",
        "present": "双方",
        "text": "到场",
        "_key": key,
        **rows_of("offer"),
    }

    first, second = (client.post(step_url(case, "hold_session"), sent) for _time in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert case.sessions.count() == 1


def split(hall, case, **fields):
    sent = {**AGREED, **rows_of("owe", *fields.pop("rows", ())), **fields, "arrange": "split"}
    return as_person(hall, "mediator").post(step_url(case, "agree"), sent, headers=PART).content.decode()


def test_total_is_split_into_instalments(hall):
    """Equal parts to the fen on monthly days, or by per cent; other duties and the sides of the payment stay."""
    case = stories.mediating(hall)
    worker, firm = case.parties.get(side=Side.APPLICANT), case.parties.get(side=Side.RESPONDENT)
    deliver = {
        "kind": "deliver",
        "debtor": worker.pk,
        "creditor": firm.pk,
        "what": "交还工作服",
        "due_on": "2027-02-01",
    }

    equal = split(hall, case, total="100", split_count="3", split_first="2027-01-31", rows=[deliver])
    shares = split(hall, case, total="10,000", split_shares="30、30、40%", split_first="2027-01-15")
    wrong = split(hall, case, total="10000", split_shares="30 30", split_first="2027-01-15")
    empty = split(hall, case, total="", split_count="2", split_first="2027-01-15")

    assert re.findall(r'name="owe-\d-amount"[^>]* value="([^"]+)"', equal) == ["33.33", "33.33", "33.34"]
    assert re.findall(r'name="owe-\d-due_on"[^>]* value="([^"]+)"', equal) == ["2027-02-01", "2027-01-31", "2027-02-28", "2027-03-31"]  # fmt: skip
    assert "交还工作服" in equal
    assert "与总金额相符" in equal
    assert equal.count(f'<option value="{firm.pk}" selected>') >= 3
    assert "data-unionops-errors" not in equal
    assert re.findall(r'name="owe-\d-amount"[^>]* value="([^"]+)"', shares) == ["3000.00", "3000.00", "4000.00"]
    assert "各期比例合计应为 100%" in wrong
    assert "请先写大于零的总金额。" in empty
    assert not Agreement.objects.exists()


def test_row_is_added_without_scripts(hall):
    case = stories.mediating(hall)
    sent = {
        "kind": "online",
        "text": "视频",
        "arrange": "more",
        **rows_of("offer", {"side": "applicant", "amount": "8"}, {}),
    }

    page = as_person(hall, "mediator").post(step_url(case, "hold_session"), sent)

    assert page.status_code == 200
    assert 'name="offer-TOTAL_FORMS" value="3"' in page.content.decode()
    assert "视频" in page.content.decode()
    assert "data-unionops-errors" not in page.content.decode()


def test_waiver_is_confirmed_by_a_box(hall):
    case = stories.mediating(hall)
    client = as_person(hall, "mediator")
    sent = {**AGREED, "result": "沈月琴自愿放弃社会保险补缴", **owed(case)}

    clean = client.get(step_url(case, "agree")).content.decode()
    warned = client.post(step_url(case, "agree"), sent)
    done = client.post(step_url(case, "agree"), {**sent, "warnings_read": "on"})

    assert 'name="warnings_read"' not in clean
    assert warned.status_code == 422
    assert 'name="warnings_read"' in warned.content.decode()
    assert "放弃社会保险的约定无效" in warned.content.decode()
    assert done.status_code == 302
    assert Agreement.objects.get().warnings == ["social_insurance"]


def test_assignment_shows_load_and_conflict(hall):
    stories.mediating(hall)
    case = stories.accepted(hall)
    firm = case.parties.get(side=Side.RESPONDENT).enterprise
    Interest.objects.create(
        user=hall["second_mediator"], kind="own_firm", enterprise=firm, declared_on=stories.today(), declared_by=hall["head"]
    )  # fmt: skip
    client, fields = as_person(hall, "head"), {"recusal_checked": "on", **rows_of("seat")}

    page = client.get(step_url(case, "assign")).content.decode()
    refused = client.post(step_url(case, "assign"), {"lead": hall["second_mediator"].pk, **fields})
    unchecked = client.post(step_url(case, "assign"), {"lead": hall["mediator"].pk, **rows_of("seat")})

    assert "在手 1 件" in page
    assert "应当回避" in page
    assert f'name="lead" value="{hall["second_mediator"].pk}"' not in page
    assert "应当回避：" in refused.content.decode()
    assert "请先核对调解员有无应当回避的情形。" in unchecked.content.decode()
    assert stories.fresh(case).state == "accepted"


def test_whoever_knows_the_trade_comes_first_with_the_reason(hall):
    ended = stories.failed(hall)
    stories.mediating(hall)
    case = stories.accepted(hall)
    firm = case.parties.get(side=Side.RESPONDENT).enterprise
    firm.industry = Industry.TEXTILE
    firm.save()
    experienced = ended.team.mediating().get().user

    found = candidates(case)
    page = as_person(hall, "head").get(step_url(case, "assign")).content.decode()

    # Busier than the others, and yet the first.
    assert found[0]["pk"] == experienced.pk
    assert found[0]["load"] > found[1]["load"]
    assert found[0]["trade"] == [
        f"办结{case.get_cause_display()} 1 件", f"办结{firm.get_industry_display()} 1 件"
    ]  # fmt: skip
    assert not any(one["trade"] for one in found[1:])
    assert found[0]["trade"][0] in page


def test_collective_case_elects_and_gets_a_panel(hall):
    people = [PartyDraft(side=Side.APPLICANT, name=f"职工{n}") for n in range(10)]
    parties = [*people, PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise)]
    case = stories.accepted(hall, parties=parties)
    head, clerk = as_person(hall, "head"), as_person(hall, "case_clerk")
    alone = {"lead": hall["mediator"].pk, "recusal_checked": "on", **rows_of("seat")}
    elect = reverse("disputes:do", args=[case.pk, "elect"])
    claimants = [str(party.pk) for party in case.parties.filter(side=Side.APPLICANT)]

    page = head.get(step_url(case, "assign")).content.decode()
    unelected = head.post(step_url(case, "assign"), alone).content.decode()
    too_many = clerk.post(elect, {"representatives": claimants[:6]})
    elected = clerk.post(
        elect, {"representatives": claimants[:3], "proof": SimpleUploadedFile("推举书.txt", "推举".encode())}
    )
    single = head.post(step_url(case, "assign"), alone).content.decode()
    panel = head.post(step_url(case, "assign"), {**alone, "panel": [hall["second_mediator"].pk]})

    assert "要 3 至 5 名，现有 0 名" in page
    assert "集体争议要推举 3 至 5 名代表" in unelected
    assert (too_many.status_code, elected.status_code, panel.status_code) == (422, 302, 302)
    assert "集体争议由调解小组办理" in single
    assert case.parties.filter(is_elected=True, elected_proof__isnull=False).count() == 3

    # Legal aid is offered until a partner has been asked; the letter is written by one click.
    place, share = reverse("disputes:dispute", args=[case.pk]), reverse("disputes:do", args=[case.pk, "share"])
    aid = "集体争议应当提供法律援助"
    assert (aid in clerk.get(place).content.decode(), "法律援助" in head.get(share).content.decode()) == (True, True)
    sent = head.post(share, {
        "organisation": hall.bureau.pk, "kind": "referral", "reason": "为集体争议的职工提供法律援助",
        "version": stories.fresh(case).version,
    })  # fmt: skip
    assert (sent.status_code, aid in clerk.get(place).content.decode()) == (302, False)


def test_small_forms_around_the_case(hall):
    """Seats, shares, agents, limitation, offers, notes: opened, sent wrong, sent right, ended."""
    case = stories.mediating(hall)
    head, clerk, mediator = (as_person(hall, name) for name in ("head", "case_clerk", "mediator"))
    party = case.parties.get(side=Side.APPLICANT)

    def do(client, name, **fields):
        url = reverse("disputes:do", args=[case.pk, name])
        assert client.get(url, headers=PART).status_code == 200
        assert client.post(url, {}).status_code == 422
        response = client.post(url, {"version": stories.fresh(case).version, **fields})
        assert response.status_code == 302, response.content.decode()

    def settle(client, what, thing, *, may_be_empty=False, **fields):
        url = settle_url(case, what, thing)
        assert client.get(url).status_code == 200
        assert may_be_empty or client.post(url, {}).status_code == 422
        response = client.post(url, fields)
        assert response.status_code == 302, response.content.decode()

    do(clerk, "note", text="已电话联系双方")
    do(head, "add_member", member=hall["arbitrator"].pk, seat="arbitrator", until=iso(30))
    do(head, "add_member", member=hall["town"].pk, seat="street_mediator")
    assert Dispute.objects.visible_to(hall["town"]).filter(pk=case.pk).exists()
    do(head, "share", organisation=hall.bureau.pk, reason="协查社保", until=iso(10))
    do(mediator, "offer", side="respondent", kind="offer", amount="12,000", made_on=iso())
    do(clerk, "limitation", kind="claim", on=iso(), note="微信催讨", evidence=SimpleUploadedFile("记录.txt", b"chat"))
    event = case.limitation_events.get()
    settle(clerk, "evidence", event, evidence_known=str(event.evidence_id))
    settle(clerk, "agent", party, kind="lawyer", name="周律师", power="special", phone="13900001111", valid_from=iso())
    settle(clerk, "end_agent", party.agents.get(), on=iso())
    settle(head, "end_member", case.team.get(user=hall["arbitrator"]), reason="改派")
    settle(head, "end_share", case.shares.get(), may_be_empty=True, reason="查完了")

    assert case.team.get(user=hall["arbitrator"]).ended_at is not None
    assert case.shares.get().ended_at is not None
    assert party.agents.get().valid_to == stories.today()
    assert Offer.objects.get().amount == Decimal("12000.00")
    assert set(CARE) >= {"note", "elect", "add_member", "share", "offer", "limitation", "confirmation"}


def test_who_may_not_is_refused_and_what_is_secret_is_not_there(hall):
    case = stories.mediating(hall)
    stories.talked_alone(hall, case, Side.APPLICANT, "20000")
    note, offer = SessionNote.objects.get(), Offer.objects.get()
    party = case.parties.first()
    expected = {
        ("mediator", "release_note", note): 200,
        ("worker_side", "release_note", note): 403,
        ("firm_side", "release_note", note): 404,
        ("head", "release_note", note): 404,
        ("leader", "release_offer", offer): 404,
        ("judge", "consent", party): 403,
        ("cadre", "consent", party): 404,
        ("case_clerk", "consent", party): 200,
        ("clerk", "end_member", case.team.first()): 403,
        ("head", "mark", party): 404,
    }
    answers = {key: as_person(hall, key[0]).get(settle_url(case, key[1], key[2])).status_code for key in expected}
    known = {
        name: as_person(hall, "head").get(reverse("disputes:do", args=[case.pk, name])).status_code for name in CARE
    }

    assert answers == expected
    assert known == {
        "note": 200, "parties": 200, "elect": 200, "add_member": 200, "share": 200, "offer": 403, "limitation": 200, "confirmation": 422,
        "recuse": 403, "ask_recusal": 200,
    }  # fmt: skip
    assert (
        as_person(hall, "head").get(reverse("disputes:settle", args=[case.pk, "consent", "no-such"])).status_code == 404
    )
    assert as_person(hall, "head").get(reverse("disputes:step", args=[case.pk, "no_verb"])).status_code == 404


def test_file_that_cannot_be_kept_is_named_and_nothing_is_done(hall):
    case = stories.agreed(hall)
    draft = case.agreements.get()

    answer = as_person(hall, "case_clerk").post(
        settle_url(case, "mark", draft),
        {"mark": "seal", "on": iso(), "scan": SimpleUploadedFile("章.exe", b"MZ")},
    )

    assert answer.status_code == 422
    assert "不接受 .exe 文件" in answer.content.decode()
    assert not Attachment.objects.exists()
    assert case.agreements.get().marked_on("seal") is None
