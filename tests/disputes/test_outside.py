"""Disputes at the public counter, through its doors: applying, checking, links that partners open, letters that they answer."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from disputes.actions import steps, team
from disputes.actions.elements import save_elements
from disputes.enums import SHARE_TRANSITIONS, DisputeState, ShareKind, ShareState, ShareVerb
from disputes.models import Dispute, Elements, Share
from disputes.outside import applying, letters
from disputes.timeline import entries
from tests.counter.telephones import MOBILE, messages, verified
from tests.disputes import stories
from tests.disputes.stories import Hall
from tests.sampling import taken
from tests.world import make_world
from unionops.casework.attachments import attachments_of
from unionops.casework.models import Notice
from unionops.counter.actions.links import link_url
from unionops.counter.actions.receipts import code_of
from unionops.counter.enums import LinkState
from unionops.counter.models import OneTimeCode, Receipt, SignedLink
from unionops.org.models import Event, User

pytestmark = pytest.mark.django_db
APPLY = "/public/mediation/"


@pytest.fixture(autouse=True)
def _no_messages() -> Iterator[None]:
    messages()
    yield
    messages()


def as_(hall: Hall, name: str) -> Client:
    client = Client()
    client.force_login(hall[name])
    return client


def form(hall: Hall, **fields: Any) -> dict[str, Any]:
    return {
        "centre": hall.centre.pk, "name": "陈桂芳", "identity": "", "address": "越城区斗门街道越西路18号",
        "employer": "恒润纺织有限公司", "employer_phone": "", "employer_address": "", "cause": "pay_arrears",
        "claims": "补发两个月工资", "amount": "9,200", "facts": "九月起没有发工资", "people_count": "1", "agrees": "on",
    } | fields  # fmt: skip


def photo(name: str = "工资条.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def at_counter(phone: str = MOBILE) -> Client:
    client = Client()
    verified(client, phone, APPLY)
    return client


# ---- applying


def test_application_becomes_a_case_with_receipt_papers_and_a_state_to_ask_for(hall: Hall) -> None:
    assert Client().get(APPLY)["Location"] == "/public/phone/?next=%2Fpublic%2Fmediation%2F"
    assert Client().post(APPLY, form(hall)).status_code == 302
    assert not Dispute.objects.exists()
    client = Client()
    assert verified(client, back=APPLY)["Location"] == APPLY
    assert "138****0001" in client.get(APPLY).content.decode()
    done = client.post(APPLY, {**form(hall), "papers": [photo(), photo("合同.jpg")], "_key": "k1"})
    assert done.status_code == 302, done.content.decode()

    case, receipt = Dispute.objects.get(), Receipt.objects.get()
    worker = case.parties.get(side="applicant")
    assert (case.source, case.state, case.organisation, case.district) == (
        "self_service", DisputeState.REGISTERED, hall.centre, hall.world.district,
    )  # fmt: skip
    assert (case.registered_by.username, worker.open("phone"), str(case.amount_claimed)) == (
        "system", MOBILE, "9200.00",
    )  # fmt: skip
    assert case.deadline is not None
    assert attachments_of(case).count() == 2
    assert Notice.objects.filter(user=hall.world.people["case_clerk"], case_id=case.pk).exists()
    # Sent again: the same answer, one case.
    again = client.post(APPLY, {**form(hall), "papers": [photo(), photo("合同.jpg")], "_key": "k1"})
    assert again["Location"] == done["Location"]
    assert (Dispute.objects.count(), attachments_of(case).count()) == (1, 2)

    page = client.get(done["Location"]).content.decode()
    assert str(receipt) in page
    assert code_of(receipt) in page
    asked = {"number": str(receipt).lower(), "code": code_of(receipt)}
    told = Client().post("/public/check/", asked).content.decode()
    assert "已收到，等中心审查" in told
    assert hall.centre.name in told
    stories.consent(hall, case)

    steps.ask_consent(case, by=hall["case_clerk"], way="phone", contacted_on=stories.today(), person="王经理")
    steps.accept(case, by=hall["case_clerk"], scope_checked=True)
    told = Client().post("/public/check/", asked).content.decode()
    assert "已受理" in told
    # Nobody's name and nothing of the office.
    for word in ("陈桂芳", "恒润", "case_clerk", "王经理", MOBILE, "9200", str(case.pk), case.number):
        assert word not in told, word


def test_every_state_has_words_for_whoever_asked(hall: Hall) -> None:
    assert set(applying.WORDS) == set(DisputeState)
    for state, make in stories.IN_STATE.items():
        if not taken("words", state, of=3):
            continue
        found = applying.standing(str(make(hall).pk))
        assert found is not None
        assert str(found.state) == str(applying.WORDS[state][0])
        assert "收到申请" in [str(words) for _on, words in found.lines]
    assert applying.standing("no-case") is applying.standing("0193b3c5-0000-7000-8000-000000000000") is None


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(hall: Hall) -> None:
    client = at_counter()
    faults: list[tuple[dict[str, Any], str]] = [
        ({"name": ""}, "请写您的姓名"), ({"employer": ""}, "请写单位名称"), ({"agrees": ""}, "要您同意"),
        ({"identity": "123"}, "身份证"), ({"cause": "nothing"}, "选择"), ({"centre": str(hall.court.pk)}, "选择"),
        ({"employer_phone": "12"}, "电话"), ({"amount": "-1"}, "0"), ({"claims": ""}, "要求什么"),
        ({"employment_ended_on": "2099-01-01"}, "离职日期不能晚于今天"),
        ({"papers": [SimpleUploadedFile("a.exe", b"MZ")]}, "不接受 .exe"),
        ({"papers": [SimpleUploadedFile("a.jpg", b"<html>")]}, "内容和扩展名不符"),
        ({"papers": [photo() for _ in range(6)]}, "最多上传 5 份"),
    ]  # fmt: skip
    for fields, words in faults:
        answer = client.post(APPLY, {**form(hall, **fields), "_key": "k"})
        assert answer.status_code == 422, fields
        assert words in answer.content.decode(), fields
        # What was typed is still there.
        assert "九月起没有发工资" in answer.content.decode()
    assert not Dispute.objects.exists()
    assert not Receipt.objects.exists()
    # Corrected and sent under the same key it is done.
    assert client.post(APPLY, {**form(hall), "_key": "k"}).status_code == 302
    codes = [client.post(APPLY, form(hall)).status_code for _ in range(3)]
    assert codes == [302, 302, 429]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(APPLY, form(hall)).status_code == 403


def test_desk_sees_who_applied_and_earlier_cases_of_the_same_person(hall: Hall) -> None:
    earlier = stories.registered(hall)
    worker = earlier.parties.get(side="applicant")
    worker.put("phone", MOBILE, "138****0001")
    worker.save()
    other = make_world("柯桥区总工会", "far_")
    far = stories.registered(stories.make_hall(other))
    client = at_counter()
    client.post(APPLY, form(hall))
    case = Dispute.objects.get(source="self_service")
    page = as_(hall, "case_clerk").get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    assert "职工自助申请" in page
    assert str(Receipt.objects.get()) in page
    assert earlier.number in page
    assert str(far.pk) not in page
    assert as_(hall, "mediator").get(reverse("disputes:dispute", args=[earlier.pk])).status_code == 200


# ---- links


def invited(hall: Hall, **fields: Any) -> tuple[Dispute, SignedLink, str]:
    case = stories.mediating(hall)
    save_elements(case, by=hall["mediator"], fields={"post": "挡车工", "monthly_pay": 5200, "focus": "工资基数"})
    link, secret = letters.invite(
        case, by=hall["mediator"], purpose=letters.ELEMENTS, name="郑仲裁", organisation="区仲裁院", **fields
    )  # fmt: skip
    return case, link, secret


def opened(secret: str, client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    return client, client.post(f"{link_url(secret)}open/")


def answer(secret: str, client: Client, **fields: Any) -> Any:
    page = client.get(link_url(secret)).content.decode()
    found = re.search(r'name="seen" value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="seen"', page)
    values = {
        "name": "郑仲裁", "organisation": "区仲裁院", "answer": "agreed", "note": "", "seen": found[1] if found else "",
    }  # fmt: skip
    return client.post(f"{link_url(secret)}answer/", values | fields)


def states(link: SignedLink) -> LinkState:
    return SignedLink.objects.get(pk=link.pk).state_now


def verbs(case: Dispute) -> list[str]:
    rows = Event.objects.about("dispute", case.pk).filter(verb__endswith="_link").order_by("at", "pk")
    return [verb.partition(".")[2] for verb in rows.values_list("verb", flat=True)]


def test_link_is_sent_from_the_case_page_and_answered_without_an_account(hall: Hall) -> None:
    case = stories.mediating(hall)
    clerk, page = as_(hall, "case_clerk"), reverse("disputes:dispute", args=[case.pk])
    invite = reverse("disputes:invite", args=[case.pk])
    assert invite not in clerk.get(page).content.decode()
    asked = {"name": "郑仲裁", "organisation": "区仲裁院", "phone": "13900002222", "days": "3"}
    # There is nothing to confirm yet: the page does not open, and says where to begin.
    for closed in (clerk.get(invite), clerk.post(invite, asked)):
        assert (closed.status_code, "要素表还没有填" in closed.content.decode()) == (422, True)
        assert reverse("disputes:elements", args=[case.pk]) in closed.content.decode()
        assert 'name="organisation"' not in closed.content.decode()
    save_elements(case, by=hall["mediator"], fields={"post": "挡车工", "focus": "工资基数"})
    assert invite in clerk.get(page).content.decode()
    assert clerk.post(invite, asked | {"organisation": ""}).status_code == 422
    sent = clerk.post(invite, asked | {"_key": "k1"})
    secret = re.search(r"/public/links/([\w-]+)/", sent.content.decode())[1]  # type: ignore[index]
    link = SignedLink.objects.get()
    assert "no-store" in sent["Cache-Control"]
    assert secret not in repr(SignedLink.objects.values().get())
    assert link.phone_masked == "139****2222"

    outside = Client()
    gate = outside.get(link_url(secret))
    # A preview reads nothing of the case.
    for word in (case.number, "沈月琴", "挡车工"):
        assert word not in gate.content.decode()
    assert states(link) == LinkState.WAITING
    _client, there = opened(secret, outside)
    assert there["Location"] == link_url(secret)
    shown = outside.get(link_url(secret)).content.decode()
    assert all(word in shown for word in (case.number, "沈月琴", "挡车工", "工资基数"))
    assert "13812345678" not in shown
    assert answer(secret, outside, answer="differs").status_code == 422
    assert answer(secret, outside, name="").status_code == 422
    done = answer(secret, outside, answer="differs", note="工资基数应按合同", _key="k9")
    assert done.status_code == 302
    receipt = outside.get(link_url(secret)).content.decode()
    link.refresh_from_db()
    assert str(link.receipt) in receipt
    assert "有不同意见" in receipt, receipt.split("<main")[1]
    assert "挡车工" not in receipt
    # Answered once.
    assert answer(secret, outside, name="别人").status_code == 302
    link.refresh_from_db()
    assert (link.used_name, link.answer, link.note) == ("郑仲裁", "differs", "工资基数应按合同")
    assert verbs(case) == ["issue_link", "open_link", "answer_link"]
    told = clerk.get(page).content.decode()
    for word in ("有不同意见", "工资基数应按合同", str(link.receipt), "区仲裁院"):
        assert word in told
    assert "答复之后内容又改过" not in told
    save_elements(case, by=hall["mediator"], fields={"post": "检验工"})
    assert "答复之后内容又改过" in clerk.get(page).content.decode()
    # Receipts of links are not cases: nothing is told at «查进度».
    asked = {"number": str(link.receipt), "code": code_of(link.receipt)}
    assert Client().post("/public/check/", asked).status_code == 422
    texts = [entry.text for entry in entries(Event.objects.about("dispute", case.pk).select_related("by"))]
    assert any("区仲裁院" in text and "用链接答复" in text for text in texts)
    assert not any("有新的动作" in text for text in texts)


def test_link_is_refused_to_another_device_late_and_when_revoked(hall: Hall) -> None:
    case, link, secret = invited(hall)
    first, _answer = opened(secret)
    assert opened(secret, first)[1].status_code == 302
    stranger, refused = opened(secret)
    assert refused.status_code == 403
    assert "别的设备" in refused.content.decode()
    assert "挡车工" not in refused.content.decode()
    assert "挡车工" not in stranger.get(link_url(secret)).content.decode()
    assert answer(secret, stranger).status_code == 302
    # With an account and a key the refusal is written down as well.
    staff = as_(hall, "arbitrator")
    assert staff.post(f"{link_url(secret)}open/", headers={"idempotency-key": "k"}).status_code == 403
    link.refresh_from_db()
    assert (link.used_at, link.refused) == (None, 2)
    told = Notice.objects.filter(user=hall.world.people["mediator"], verb="dispute.refuse_link")
    assert told.count() == 2
    assert "别的设备来打开" in as_(hall, "mediator").get(reverse("casework:notices")).content.decode()
    for _ in range(6):
        opened(secret)
    assert told.count() == 5
    assert verbs(case).count("refuse_link") == 5

    late = timezone.now() - datetime.timedelta(days=8)
    SignedLink.objects.filter(pk=link.pk).update(
        made_at=late, opened_at=late, expires_at=late + datetime.timedelta(days=7)
    )
    for reply in (first.get(link_url(secret)), opened(secret, first)[1]):
        assert reply.status_code == 410
        assert "重新发一个链接" in reply.content.decode()
    assert answer(secret, first).status_code == 302
    assert SignedLink.objects.get(pk=link.pk).used_at is None

    _case, other, words = invited(hall)
    client, _answer = opened(words)
    revoke = reverse("disputes:revoke_link", args=[_case.pk, other.pk])
    assert as_(hall, "arbitrator").post(revoke).status_code == 404
    assert as_(hall, "judge").post(revoke).status_code == 403
    assert as_(hall, "case_clerk").get(revoke).status_code == 405
    assert as_(hall, "case_clerk").post(reverse("disputes:revoke_link", args=[case.pk, other.pk])).status_code == 404
    assert as_(hall, "case_clerk").post(revoke).status_code == 302
    assert client.get(link_url(words)).status_code == 410
    assert as_(hall, "case_clerk").post(revoke).status_code == 409
    assert "revoke_link" in verbs(_case)


def test_elements_that_changed_are_read_again_before_they_are_confirmed(hall: Hall) -> None:
    case, link, secret = invited(hall)
    client, _answer = opened(secret)
    old = re.search(
        r'name="seen"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="seen"',
        client.get(link_url(secret)).content.decode(),
    )
    seen = old[1] or old[2]  # type: ignore[index]
    save_elements(case, by=hall["mediator"], fields={"post": "检验工"})
    refused = client.post(
        f"{link_url(secret)}answer/", {"name": "郑仲裁", "organisation": "区仲裁院", "answer": "agreed", "seen": seen}
    )  # fmt: skip
    assert refused.status_code == 422
    assert "检验工" in refused.content.decode()
    assert states(link) == LinkState.OPENED
    # The page that came back is about the new one.
    assert Elements.objects.get().saved_at.isoformat() in refused.content.decode().replace("&#43;", "+")
    assert answer(secret, client).status_code == 302
    assert states(link) == LinkState.USED


def test_unknown_links_tell_nothing_and_are_counted(hall: Hall) -> None:
    client = Client()
    answers = [client.get(f"/public/links/{'x' * 43}{n}/").status_code for n in range(32)]
    assert answers == [404] * 30 + [429] * 2
    cache.clear()
    _case, _link, secret = invited(hall)
    assert client.get(link_url(secret)).status_code == 200
    assert client.get(link_url(secret[:-1])).status_code == 404


def test_who_may_send_a_link(hall: Hall) -> None:
    case, _link, _secret = invited(hall)
    share = team.share(case, by=hall["head"], organisation=hall.bureau, reason="协查", kind=ShareKind.REFERRAL)
    urls = [reverse("disputes:invite", args=[case.pk]), reverse("disputes:invite_letter", args=[case.pk, share.pk])]
    sends = {"mediator", "head", "case_clerk", "leader"}
    for name in sorted(hall.world.people):
        sees = Dispute.objects.visible_to(hall[name]).filter(pk=case.pk).exists()
        expected = 404 if not sees else 200 if name in sends else 403
        assert {as_(hall, name).get(url).status_code for url in urls} == {expected}, name
    far = stories.make_hall(make_world("柯桥区总工会", "far_"))
    assert {as_(far, name).get(urls[0]).status_code for name in ("head", "mediator", "leader")} == {404}


@pytest.mark.django_db(transaction=True)
def test_two_devices_at_once_and_one_of_them_keeps_the_link() -> None:
    hall = stories.make_hall()
    _case, link, secret = invited(hall)
    User.objects.system()
    codes: list[int] = []
    gate = threading.Barrier(2)

    def come() -> None:
        client = Client()
        client.get(link_url(secret))
        gate.wait()
        codes.append(client.post(f"{link_url(secret)}open/").status_code)
        connection.close()

    threads = [threading.Thread(target=come) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link.refresh_from_db()
    assert sorted(codes) == [302, 403]
    assert link.refused == 1


# ---- letters


def letter(hall: Hall, **fields: Any) -> tuple[Dispute, Share]:
    case = stories.mediating(hall)
    values = {"organisation": hall.bureau, "reason": "请核查参保", "kind": ShareKind.REFERRAL} | fields
    return case, team.share(case, by=hall["head"], **values)


def test_partner_answers_a_letter_in_the_account(hall: Hall) -> None:
    case, share = letter(hall)
    partner, page = as_(hall, "arbitrator"), reverse("disputes:dispute", args=[case.pk])
    accept, refuse, give_back = (reverse("disputes:answer_letter", args=[share.pk, verb]) for verb in ShareVerb)
    told = partner.get(page).content.decode()
    assert accept in told
    assert refuse in told
    assert give_back not in told
    head = as_(hall, "head")
    assert "等对方答复" in head.get(page).content.decode()
    assert case.number in head.get(reverse("disputes:centre")).content.decode()
    assert partner.post(give_back, {"reason": "不在辖区"}).status_code == 409
    assert partner.post(accept).status_code == 302
    assert partner.post(accept).status_code == 409
    assert "已接受" in head.get(page).content.decode()
    assert partner.post(give_back, {"reason": ""}).status_code == 422
    gone = partner.post(give_back, {"reason": "不在本单位管辖", "_key": "k1"})
    assert gone["Location"] == reverse("disputes:disputes")
    assert partner.get(gone["Location"]).status_code == 200
    assert partner.get(page).status_code == 404
    assert case.number not in partner.get(gone["Location"]).content.decode().split("said")[0]
    told = head.get(page).content.decode()
    assert "不在本单位管辖" in told
    assert "已退回" in told
    assert "不在本单位管辖" in head.get(reverse("disputes:centre")).content.decode()
    assert Notice.objects.filter(user=hall.world.people["head"], verb="dispute.return_share").count() == 1
    # It may be sent to the same body again.
    assert team.share(case, by=hall["head"], organisation=hall.bureau, reason="补了材料").state == ShareState.SENT


def test_letter_takes_the_answers_of_its_state_from_its_own_people(hall: Hall) -> None:
    """State by verb by person; nothing stays."""
    case, share = letter(hall)
    sees = {"arbitrator", "firm_side"}
    posted = {name for name in hall.world.people if share.organisation_id in {o for _r, o in hall[name].scope.posts}}
    assert sees <= posted
    paths: dict[str, tuple[ShareVerb, ...]] = {
        ShareState.SENT: (), ShareState.ACCEPTED: (ShareVerb.ACCEPT,), ShareState.REFUSED: (ShareVerb.REFUSE,),
        ShareState.RETURNED: (ShareVerb.ACCEPT, ShareVerb.RETURN),
    }  # fmt: skip
    for state, way in paths.items():
        for verb in ShareVerb:
            for name in ("arbitrator", "head", "cadre"):
                with transaction.atomic():
                    for step in way:
                        letters.answer_share(share, step, by=hall["arbitrator"], reason="理由")
                    visible = Dispute.objects.visible_to(hall[name]).filter(pk=case.pk).exists()
                    reply = as_(hall, name).post(
                        reverse("disputes:answer_letter", args=[share.pk, verb]), {"reason": "理由"}
                    )
                    allowed = state in SHARE_TRANSITIONS[verb].sources
                    expected = 404 if not visible else 409 if not allowed else 302 if name == "arbitrator" else 403
                    assert reply.status_code == expected, (state, verb, name)
                    transaction.set_rollback(True)
    assert as_(hall, "arbitrator").get(f"/disputes/outside/letters/{share.pk}/burn/").status_code == 404


def test_letter_is_answered_through_a_link(hall: Hall) -> None:
    case, share = letter(hall, kind=ShareKind.COMMISSION)
    head = as_(hall, "head")
    invite = reverse("disputes:invite_letter", args=[case.pk, share.pk])
    assert invite in head.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    sent = head.post(invite, {"name": "钱法官", "organisation": hall.bureau.name, "days": "1"})
    secret = re.search(r"/public/links/([\w-]+)/", sent.content.decode())[1]  # type: ignore[index]
    client, _answer = opened(secret)
    page = client.get(link_url(secret)).content.decode()
    assert "委托函" in page
    assert "请核查参保" in page
    assert "退回" not in page
    assert answer(secret, client, answer="return").status_code == 422
    assert answer(secret, client, answer="refuse").status_code == 422
    assert answer(secret, client, answer="refuse", note="缺委托材料").status_code == 302
    share.refresh_from_db()
    assert (share.state, share.declined_name, share.decline_reason) == (ShareState.REFUSED, "郑仲裁", "缺委托材料")
    assert not Dispute.objects.visible_to(hall["arbitrator"]).filter(pk=case.pk).exists()
    assert "缺委托材料" in head.get(reverse("disputes:dispute", args=[case.pk])).content.decode()
    # Answered elsewhere meanwhile: the link takes nothing any more and says so.
    other, second = letter(hall)
    link, words = letters.invite(
        other, by=hall["head"], purpose=letters.LETTER, name="钱", organisation="局", share=second
    )
    client, _answer = opened(words)
    letters.answer_share(second, ShareVerb.REFUSE, by=hall["arbitrator"], reason="已转区局")
    assert client.get(link_url(words)).status_code == 410
    assert "请核查参保" not in client.get(link_url(words)).content.decode()
    assert answer(words, client, answer="accept").status_code == 302
    assert states(link) == LinkState.OPENED
    assert (
        head.post(
            reverse("disputes:invite_letter", args=[other.pk, second.pk]),
            {"name": "钱", "organisation": "局", "days": "1"},
        ).status_code
        == 422
    )


def test_database_keeps_letters_and_links_whole(hall: Hall) -> None:
    _case, share = letter(hall)
    _other, link, _secret = invited(hall)
    now = timezone.now()
    for broken in (
        lambda: Share.objects.filter(pk=share.pk).update(state="returned"),
        lambda: Share.objects.filter(pk=share.pk).update(state="accepted"),
        lambda: Share.objects.filter(pk=share.pk).update(state="refused", declined_at=now, ended_at=now),
        lambda: SignedLink.objects.filter(pk=link.pk).update(used_at=now, used_name="x", answer="agreed"),
        lambda: SignedLink.objects.filter(pk=link.pk).update(opened_at=now),
        lambda: SignedLink.objects.filter(pk=link.pk).update(revoked_at=now),
        lambda: SignedLink.objects.filter(pk=link.pk).update(expires_at=link.made_at),
        lambda: OneTimeCode.objects.create(code_hash="x", expires_at=now - datetime.timedelta(days=1)),
    ):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
            broken()


def test_pages_cost_the_same_for_any_number_of_links_and_letters(hall: Hall) -> None:
    case, _link, _secret = invited(hall)
    costs: dict[str, set[int]] = {}
    for wanted in (1, 12):
        while SignedLink.objects.count() < wanted:
            letters.invite(case, by=hall["mediator"], purpose=letters.ELEMENTS, name="郑", organisation="院")
        while Share.objects.count() < wanted:
            share = team.share(case, by=hall["head"], organisation=hall.court, reason="协查", kind=ShareKind.REFERRAL)
            letters.answer_share(share, ShareVerb.REFUSE, by=hall["judge"], reason="缺材料")
        for name, url in (
            ("case", reverse("disputes:dispute", args=[case.pk])),
            ("centre", reverse("disputes:centre")),
        ):
            client = as_(hall, "head")
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            costs.setdefault(name, set()).add(len(asked))
    assert {name: len(found) for name, found in costs.items()} == {"case": 1, "centre": 1}, costs
