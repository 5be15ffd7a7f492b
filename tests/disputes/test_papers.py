"""The papers of a dispute and its file: each made through the doors, read as somebody reads it, and sealed for good."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pypdf
import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from disputes.actions import agreements, care, confirmations, elements, sessions, steps
from disputes.actions.intake import PartyDraft
from disputes.actions.team import MemberDraft
from disputes.enums import Seat, Side
from disputes.law.months import months_later
from disputes.models import CaseFile, Centre, Confirmation, Dispute, FiledAttachment, Obligation, Paper
from disputes.papers import breach, facts, statistics
from disputes.papers.filing import file_list, lacking
from disputes.papers.kinds import PaperKind, number_of
from disputes.papers.talks import payments
from tests.disputes import stories
from tests.disputes.stories import Hall
from tests.packs.conftest import content, docx_text, pdf_text, work, xlsx_cells
from tests.sampling import WHOLE as WHOLE_TABLE
from tests.sampling import taken
from unionops.casework import attachments, orphans
from unionops.casework.models import Attachment
from unionops.china.capitals import in_capitals
from unionops.org.errors import ActionError
from unionops.org.models import Event
from unionops.packs import making, registry
from unionops.packs.enums import Format
from unionops.packs.models import Download

pytestmark = pytest.mark.django_db
K = PaperKind
IDENTITY, PHONE, ADDRESS = "330602196501010012", "13812345678", "越城区斗门街道越西路18号"
WHOLE = {
    K.APPLICATION, K.CONSENTED, K.ADDRESS, K.ELECTION, K.AGREEMENT, K.REVIEW, K.JUDICIAL, K.AID, *breach.PAPERS.values(),
}  # fmt: skip


def as_(hall: Hall, name: str) -> Client:
    client = Client()
    client.force_login(hall[name])
    return client


def door(case: Dispute, kind: str, about: object = "") -> str:
    about = f"&about={about}" if about else ""
    return f"{reverse('packs:new', args=[f'dispute_{kind}'])}?dispute={case.pk}{about}"


def made(client: Client, case: Dispute, kind: str, form: str = "docx", about: object = "", **answers: object) -> str:
    """Ask for a paper on its page, let a worker make it, fetch it and read it."""
    given = {"about": about} if about else {}
    sent = client.post(door(case, kind, about), {"format": form, **given, **answers})
    assert sent.status_code == 302, (kind, sent.status_code, sent.content.decode()[-1500:])
    work()
    row = Download.objects.get(pk=sent["Location"].rstrip("/").rsplit("/", 1)[-1])
    assert row.state == "ready", (kind, row.error)
    # What holds whole numbers is kept nowhere in clear beside the file itself.
    assert row.document is None
    data = content(client, row)
    return flat(docx_text(data) if form == "docx" else pdf_text(data))


def in_format(hall: Hall, paper: Paper, form: Format) -> str:
    """A paper that was made, in another format: what a click on its other button gives."""
    pack, out = registry.find(f"dispute_{paper.kind}"), io.BytesIO()
    assert pack is not None
    assert set(pack.formats) == {Format.DOCX, Format.PDF}
    making.write_document(paper.content, form, pack, hall["case_clerk"], out)
    return flat(docx_text(out.getvalue()) if form == Format.DOCX else pdf_text(out.getvalue()))


def flat(text: str) -> str:
    return "".join(text.split())


def told(case: Dispute, verb: str) -> list[dict[str, Any]]:
    return [event.data for event in Event.objects.about("dispute", case.pk).filter(verb=f"dispute.{verb}")]


def rich(hall: Hall) -> Dispute:
    """A case that has all that papers can say of it, in talks."""
    case = stories.mediating(hall, facts="产假后没有收到生育津贴。", cause="pay_arrears")
    Dispute.objects.filter(pk=case.pk).update(known_on=stories.today())
    elements.save_elements(
        case, by=hall["mediator"], fields={
            "started_on": datetime.date(2024, 3, 1), "pay_structure": "计件，次月发放", "attendance": "指纹考勤",
            "post": "缝纫工", "monthly_pay": Decimal("6200.00"), "focus": "是否应付", "agreed_facts": "双方确认产假九十八天。",
        },
    )  # fmt: skip
    return stories.fresh(case)


def agreed(hall: Hall, case: Dispute) -> Dispute:
    agreements.agree(case, by=hall["mediator"], **stories.terms(case))  # type: ignore[arg-type]
    stories.sign(case.agreements.get(), by=hall["mediator"])
    return agreements.make_effective(stories.fresh(case), by=hall["case_clerk"])


def papers_of_life(hall: Hall) -> Iterator[tuple[Dispute, str, object, dict[str, object], tuple[str, ...]]]:
    """(case, paper, what it is about, answers, what must stand in it): a case is led on between the papers."""
    firm = hall.world.enterprise.name
    case = stories.registered(hall)
    yield case, K.REGISTER, "", {}, ("调解登记表", case.number, "沈月琴", firm, "贰万伍仟元整", "正在办理")
    yield (
        case,
        K.APPLICATION,
        "",
        {},
        ("劳动争议调解申请书", "女" if int(IDENTITY[16]) % 2 == 0 else "男", "1965年1月1日出生", ADDRESS),
    )
    asked = stories.asked(hall)
    yield asked, K.CONSENT, "", {}, ("征询调解意见记录", "人事经理", "电话", "同意调解", firm, asked.number)
    offered = stories.consent(hall, stories.registered(hall, source="screening", application_form="none"))
    offered = steps.accept(offered, by=hall["case_clerk"], scope_checked=True)
    yield offered, K.CONSENTED, "", {}, ("同意调解确认书", "主动提出调解", "自愿同意", "沈月琴", offered.number)
    refused = stories.not_accepted(hall)
    yield refused, K.REFUSAL, "", {}, ("不予受理通知书", "一方不同意调解", "可以申请仲裁", "受〔")
    case = stories.accepted(hall)
    worker = case.parties.get(side=Side.APPLICANT)
    yield case, K.ACCEPTANCE, "", {}, ("受理通知书", number_of(K.ACCEPTANCE, case.number, 1), "十五日内没有达成协议")
    yield case, K.RIGHTS, "", {}, ("权利义务告知书", "申请回避", "支付令")
    yield case, K.ADDRESS, worker.pk, {}, ("送达地址确认书", "沈月琴", ADDRESS, "视为送达")
    papers = f"受理通知书 {number_of(K.ACCEPTANCE, case.number, 1)}"
    yield case, K.SERVICE, worker.pk, {"papers": papers}, ("送达回证", "沈月琴", ADDRESS, papers, "直接送达", "拒收")
    case = rich(hall)
    told = (
        "2024年3月1日起",
        "缝纫工",
        "6,200.00",
        "计件，次月发放",
        "指纹考勤",
        "双方确认产假九十八天",
        "是否应付",
        "证人",
    )
    yield case, K.APPLICATION, "", {}, told
    yield case, K.ASSIGNMENT, "", {}, ("指派单", hall["mediator"].name, "首席", "没有近亲属关系")
    yield case, K.EXTENSION, "", {"days": "10", "reason": "等工资台账"}, ("同意书", "延长10日", "等工资台账")
    both = sessions.hold_session(
        case, by=hall["mediator"], kind="face_to_face", text="双方当面谈妥分两期支付。", present=["沈月琴", "王建国"],
        points="金额和期限", place="第一调解室",
    )  # fmt: skip
    yield case, K.RECORD, both.pk, {}, ("调解笔录", "第1次调解", "分两期支付", "金额和期限", "第一调解室")
    case = agreed(hall, case)
    parts = ("10,000.00", "壹万元整", "15,000.00", "壹万伍仟元整", "25,000.00", "贰万伍仟元整", "第1期", "第2期")
    yield case, K.AGREEMENT, "", {}, ("调解协议书", "双方确认产假九十八天", *parts, "银行转账", "一式三份")
    number = number_of(K.AGREEMENT, case.number, 1)
    body = "越城区人民法院"
    Centre.objects.create(organisation=hall.centre, number_word="越工调", is_people_committee=True)
    yield case, K.REVIEW, "", {"body": "越城区仲裁委"}, ("仲裁审查申请书", "此致", "越城区仲裁委", number, "第二十七条")
    yield case, K.JUDICIAL, "", {"body": body}, ("司法确认申请书", body, "贰万伍仟元整", "第二百零五条")
    one = case.agreements.get().obligations.get(instalment=1)
    yield case, K.URGE, one.pk, {}, ("催促履行通知书", firm, "10,000.00", "没有收到履行的凭证")
    stories.fulfil_all(hall, case)
    case = agreements.finish(stories.fresh(case), by=hall["case_clerk"])
    care.settle_follow_up(
        case, care.follow_ups_of(case)[0], by=hall["case_clerk"], way="phone", resolved=True, satisfaction="very",
        note="都已收到",
    )  # fmt: skip
    yield (
        case,
        K.FOLLOW_UP,
        care.follow_ups_of(case)[0].pk,
        {},
        ("回访记录", "都已收到", "很满意", "没有参加本案的调解"),
    )
    yield (
        case,
        K.CLOSING,
        "",
        {},
        ("结案报告", "缝纫工", "6,200.00", "达成协议", "共调解1次", "第2期：末期", "银行回单", "都已收到"),
    )
    failed = stories.failed(hall)
    yield failed, K.TERMINATION, "", {}, ("终止通知书", "差距过大", "申请仲裁", "一年")
    court = stories.mediating(
        hall, source="court", rule_profile="court_pre", application_form="commission",
        commission_number="（2026）浙0602诉前调1号", papers_signed_on=stories.today(),
    )  # fmt: skip
    form = as_(hall, "mediator").get(reverse("disputes:step", args=[court.pk, "fail"])).content.decode()
    assert "向法院报告并退回材料" in form
    court = steps.fail(court, by=hall["mediator"], reason="term")
    yield court, K.TERMINATION, "", {}, ("期限届满未延期", "（2026）浙0602诉前调1号", "并退回材料", "特邀调解")
    rested = stories.suspended(hall)
    yield rested, K.SUSPENSION, "", {}, ("中止调解通知书", "等待鉴定", "不计入调解期限", rested.number)
    rested = steps.resume(rested, by=hall["head"], note="鉴定意见已经作出")
    yield rested, K.RESUMPTION, "", {}, ("恢复调解通知书", "鉴定意见已经作出", "顺延到")
    settled = stories.withdrawn(hall)
    yield settled, K.WITHDRAWAL, "", {}, ("撤回调解申请书", "自行和解", "双方已经和解", settled.number)
    moved = stories.transferred(hall)
    yield moved, K.TRANSFER, "", {}, ("移送函", "区劳动监察大队", "移送回执")


def test_each_paper_is_made_of_a_real_case(hall: Hall) -> None:
    """Word and PDF say the same; the paper keeps its number; whole numbers stand only where they must, and are told."""
    client, seen = as_(hall, "case_clerk"), set()
    for case, kind, about, answers, words in papers_of_life(hall):
        form = "docx" if len(seen) % 2 else "pdf"
        text = made(client, case, kind, form, about, **answers)
        assert not [word for word in words if flat(word) not in text], (kind, text)
        paper = Paper.objects.get(dispute=case, kind=kind, about=str(about))
        assert paper.number == number_of(kind, case.number, 1)
        assert flat(paper.number) in text
        assert (IDENTITY in text) == (kind in WHOLE), kind
        # And so it says in the other format, which is drawn of the same content.
        if taken("format", kind, of=4):
            other = in_format(hall, paper, Format.PDF if form == "docx" else Format.DOCX)
            assert not [word for word in words if flat(word) not in other], (kind, other)
        revealed = {event["field"] for event in told(case, "reveal") if f"《{K(kind).label}》" in event["reason"]}
        assert ("identity" in revealed) == (kind in WHOLE), kind
        # Neither the number nor what was said stands in a row of the table.
        assert IDENTITY.encode() not in bytes(paper.content_sealed)
        seen.add(kind)
    assert set(PaperKind) - seen == {K.ELECTION, K.ACCORD, K.MAJOR, K.BREACH, K.AID, *breach.PAPERS.values()}
    assert all(set(registry.find(f"dispute_{kind}").formats) == {Format.DOCX, Format.PDF} for kind in PaperKind)
    again = Paper.objects.filter(kind=K.TERMINATION).earliest("made_at")
    made(client, again.dispute, K.TERMINATION)
    assert Paper.objects.get(dispute=again.dispute, kind=K.TERMINATION).number == again.number


def crowd(hall: Hall) -> Dispute:
    """Twelve claimants, three of whom speak for all."""
    people = [
        PartyDraft(side=Side.APPLICANT, name=f"职工{n:02d}", phone=f"138000000{n:02d}", amount=Decimal("1000.50"))
        for n in range(1, 13)
    ]
    people.append(PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise, legal_representative="王建国"))
    case = stories.accepted(hall, parties=people, cause="pay_arrears", claims="支付工资", facts="两个月没有发工资。")
    case.parties.filter(side=Side.APPLICANT, position__lte=3).update(is_elected=True)
    return case


def test_papers_of_many_and_of_a_breach(hall: Hall) -> None:
    client = as_(hall, "head")
    case = crowd(hall)
    text = made(client, case, K.ELECTION)
    assert all(word in text for word in ("推举代表人书", "我们12人", "职工01", "职工12", "13800000001"))
    text = made(client, case, K.MAJOR, to="市总工会", risk="可能上访", measures="专人联系")
    assert all(word in text for word in ("重大劳动争议呈报表", "12人", "可能上访", "专人联系", "市总工会"))
    text = made(client, case, K.REGISTER)
    assert "职工01等12人" in text
    text = made(client, case, K.AID, "pdf")
    assert all(
        word in text
        for word in ("法律援助申请书", "免予核查经济困难状况", "应当提供法律援助", "职工12", "法律援助中心")
    )

    # What the three agree to binds the others when these have signed the list.
    panel = [MemberDraft(user=hall["mediator"]), MemberDraft(user=hall["second_mediator"])]
    case = steps.assign(case, by=hall["head"], members=panel, recusal_checked=True)
    firm = case.parties.get(side=Side.RESPONDENT)
    owed = [
        agreements.ObligationDraft(debtor=firm, creditor=one, what="工资", amount=one.amount, due_on=stories.today())
        for one in case.parties.filter(side=Side.APPLICANT)
    ]
    draft = agreements.agree(
        case, by=hall["mediator"], result="一次付清", way="转账", total=Decimal("12006.00"), obligations=owed
    )
    text = made(client, case, K.ACCORD)
    assert all(
        word in text for word in ("同意名单", "12,006.00", "一次付清", "职工01、职工02、职工03", "职工12", "第四十条")
    )
    stories.sign(draft, by=hall["mediator"])
    case = stories.fresh(case)
    with pytest.raises(ActionError, match="同意名单"):
        agreements.make_effective(case, by=hall["case_clerk"])
    scan = stories.page_of(case, hall["case_clerk"], "十二人签名")
    case = agreements.make_effective(case, by=hall["case_clerk"], consent_list=scan)
    (accord,) = [item for item in file_list(case) if item.key == K.ACCORD]
    assert (accord.needed, accord.lack, len(accord.found)) == (True, "", 2)


def broken(hall: Hall, case: Dispute) -> tuple[Dispute, datetime.datetime]:
    """The first instalment is not paid, the firm is pressed, the breach is recorded, fifteen days from now."""
    later = timezone.now() + stories.LATER
    one = case.agreements.get().obligations.get(instalment=1)
    agreements.press(one, by=hall["case_clerk"], on=timezone.localdate(later), way="phone", now=later)
    return agreements.breach(stories.fresh(case), by=hall["case_clerk"], now=later), later


def ways_on(client: Client, case: Dispute, page: str) -> dict[str, str]:
    """{paper: what its way's line says} of the card on a page; a paper that can be made has its two buttons there."""
    text = client.get(page).content.decode()
    card = text.partition('id="ways"')[2].partition("</section>")[0]
    return {row.partition("packs/dispute_")[2].partition("/")[0] or row.partition("<b>")[2].partition("</b>")[0]: row
            for row in card.split("<li>")[1:]}  # fmt: skip


# {paper: what stands in it beside the parties, the sums, the number and the days}
OF_BREACH = {
    K.PAYMENT_ORDER: ("支付令申请书", "被申请人", "第十六条", "越城区人民法院", "拖欠劳动报酬"),
    K.ARBITRATION: ("仲裁申请书", "裁决被申请人", "第十五条", "劳动人事争议仲裁委员会", "不受一年仲裁时效期间的限制"),
    K.SUIT: ("民事起诉状", "原告", "被告", "判令被告", "第五十一条", "副本1份"),
    K.INSPECTION: ("劳动保障监察投诉书", "投诉人", "被投诉单位", "第九条", "第八十五条", "第二十条"),
}  # fmt: skip


def test_a_breach_opens_each_lawful_way_with_its_paper(hall: Hall) -> None:
    """One click from the card to the file; what the law has closed says why, and is refused at its address."""
    case = agreed(hall, rich(hall))
    head, page = as_(hall, "head"), reverse("disputes:papers", args=[case.pk])
    number = number_of(K.AGREEMENT, case.number, 1)
    made(head, case, K.AGREEMENT)
    assert not ways_on(head, case, page)
    case, later = broken(hall, case)
    due = case.agreements.get().obligations.get(instalment=1).due_on
    with time_machine.travel(later, tick=False):
        # The session of today is over by then.
        head = as_(hall, "head")
        route = reverse("disputes:step", args=[case.pk, "choose_route"])
        offered = {place: ways_on(head, case, place) for place in (page, route)}
        for place, found in offered.items():
            assert set(found) == {*OF_BREACH, "申请强制执行"}, place
            assert "不能直接申请强制执行" in found["申请强制执行"]
            assert all(row.count('name="format"') == 2 for kind, row in found.items() if kind in OF_BREACH)
        assert head.get(door(case, K.ENFORCEMENT)).status_code in (400, 409, 422)
        for at, (kind, words) in enumerate(OF_BREACH.items()):
            body = str(re.search(r'name="body" value="([^"]+)"', offered[page][kind])[1])  # type: ignore[index]
            text = made(head, case, kind, ("docx", "pdf")[at % 2], body=body)
            for word in (
                *words, case.number, number, "沈月琴", IDENTITY, ADDRESS, hall.world.enterprise.name, "王建国", "10,000.00",
                "壹万元整", facts.day(due), "催促", "证据清单", body, "（签名）", "15,000.00", "缝纫工",
            ):  # fmt: skip
                assert flat(word) in text, (kind, word, text)
        text = made(head, case, K.BREACH)
        for word in (
            "未履行记录",
            "首期",
            "10,000.00",
            facts.day(due),
            facts.day(stories.today()),
            "第三十一条",
            number,
        ):
            assert flat(word) in text, (word, text)
        assert "提供生育医疗证明" in text
        text = made(head, case, K.AID)
        assert all(flat(word) in text for word in ("法律援助申请书", IDENTITY, "免予核查", case.number))
        assert as_(hall, "firm_side").get(door(case, K.AID)).status_code == 403
        # Nobody who only sees the case makes them.
        for name in ("judge", "firm_side"):
            assert not ways_on(as_(hall, name), case, page)
        case = agreements.choose_route(case, by=hall["head"], route="suit", to="越城区人民法院")
        assert set(ways_on(head, case, page)) == {K.SUIT}
        assert head.get(door(case, K.INSPECTION)).status_code in (400, 409, 422)
        assert "民事起诉状" in made(head, case, K.SUIT, body="越城区人民法院")


def test_a_confirmed_agreement_is_enforced_and_not_sued_upon(hall: Hall) -> None:
    Centre.objects.create(organisation=hall.centre, number_word="越工调", is_people_committee=True)
    case = agreed(hall, rich(hall))
    asked = confirmations.apply(
        case, by=hall["case_clerk"], kind="judicial", body="柯桥区人民法院", applied_on=stories.today()
    )
    confirmations.accept(asked, by=hall["case_clerk"], accepted_on=stories.today())
    confirmations.confirm(asked, by=hall["case_clerk"], decided_on=stories.today(), number="（2026）浙0603民特9号")
    case, later = broken(hall, stories.fresh(case))
    with time_machine.travel(later, tick=False):
        head = as_(hall, "head")
        found = ways_on(head, case, reverse("disputes:papers", args=[case.pk]))
        assert {kind for kind, row in found.items() if 'name="format"' in row} == {K.ENFORCEMENT, K.INSPECTION}
        # The page names the court that has confirmed.
        assert "柯桥区人民法院" in found[K.ENFORCEMENT]
        text = made(head, case, K.ENFORCEMENT, body="柯桥区人民法院")
        with pytest.raises(ActionError, match="可以直接申请强制执行"):
            agreements.choose_route(case, by=hall["head"], route="suit", to="越城区人民法院")
    for word in (
        "强制执行申请书",
        "申请执行人",
        "被执行人",
        "（2026）浙0603民特9号",
        "第二百零六条",
        "第二百五十条",
        "加倍支付",
        "10,000.00",
    ):
        assert word in text, (word, text)


def test_an_order_that_ended_opens_the_suit_and_one_in_force_is_enforced(hall: Hall) -> None:
    """解释（一）13: whatever the agreement was about; 民事诉讼法 227."""
    case, later = broken(hall, agreed(hall, stories.mediating(hall, cause="comp_severance")))
    by, on = hall["case_clerk"], timezone.localdate(later)
    head, page = as_(hall, "head"), reverse("disputes:papers", args=[case.pk])

    def asked_again() -> Confirmation:
        return confirmations.apply(case, by=by, kind="payment_order", body="越城区人民法院", applied_on=on)

    def opened() -> set[str]:
        return {kind for kind, row in ways_on(head, case, page).items() if 'name="format"' in row}

    with time_machine.travel(later, tick=False):
        head = as_(hall, "head")
        assert opened() == {K.PAYMENT_ORDER, K.ARBITRATION, K.INSPECTION}
        # The breach has begun the year anew.
        Dispute.objects.filter(pk=case.pk).update(known_on=stories.today())
        year = facts.day(months_later(case.limitation_events.get().on, 12))
        text = made(head, case, K.ARBITRATION, body="越城区仲裁委")
        assert "从中断时起重新计算" in text
        assert year[:5] in text
        confirmations.refuse(asked_again(), by=by, decided_on=on, reason="债务人异议成立")
        assert opened() == {K.PAYMENT_ORDER, K.ARBITRATION, K.SUIT, K.INSPECTION}
        assert "第十三条" in made(head, case, K.SUIT, body="越城区人民法院")
        order = asked_again()
        confirmations.accept(order, by=by, accepted_on=on)
        confirmations.confirm(order, by=by, decided_on=on, number="（2026）浙0602民督3号")
        assert opened() == {K.ENFORCEMENT, K.INSPECTION}
        assert "第二百二十七条" in made(head, case, K.ENFORCEMENT, body="越城区人民法院")


def test_what_is_owed_to_many_on_one_day_is_one_sentence() -> None:
    on = datetime.date(2026, 10, 13)
    owed = [Obligation(what="首期工资", amount=Decimal("4300.00"), instalment=1, due_on=on) for _worker in range(23)]
    said = [str(one.as_json()) for one in payments([*owed, Obligation(what="末期", amount=Decimal(5), due_on=on)])]
    assert len(said) == 2
    assert all(word in said[0] for word in ("共23笔", "每笔人民币4,300.00元", "98,900.00", "玖万捌仟玖佰元整"))
    assert "末期人民币5.00元" in said[1]


OFFERED = {
    # (state of the case, person): papers of which some are offered and some are not
    ("registered", "case_clerk"): ({K.APPLICATION, K.REGISTER}, {K.ACCEPTANCE, K.AGREEMENT, K.CLOSING}),
    ("accepted", "mediator"): (set(), set(PaperKind)),
    ("accepted", "head"): ({K.ACCEPTANCE, K.RIGHTS, K.ADDRESS}, {K.ASSIGNMENT, K.RECORD, K.REFUSAL}),
    ("mediating", "mediator"): ({K.ASSIGNMENT, K.EXTENSION}, {K.AGREEMENT, K.TERMINATION, K.REFUSAL}),
    ("mediating", "worker_side"): ({K.APPLICATION}, {K.ASSIGNMENT, K.REGISTER, K.ACCEPTANCE}),
    ("mediating", "judge"): (set(), set(PaperKind)),
    ("mediating", "clerk"): (set(), set(PaperKind)),
    ("agreed", "mediator"): ({K.AGREEMENT}, {K.REVIEW, K.CLOSING}),
    ("effective", "head"): ({K.REVIEW, K.JUDICIAL, K.URGE}, {K.PAYMENT_ORDER, K.EXTENSION, K.CLOSING}),
    ("fulfilled", "case_clerk"): ({K.CLOSING, K.AGREEMENT}, {K.TERMINATION, K.TRANSFER, K.URGE}),
    ("failed", "mediator"): ({K.TERMINATION, K.CLOSING}, {K.AGREEMENT, K.TRANSFER}),
    ("not_accepted", "head"): ({K.REFUSAL}, {K.ACCEPTANCE, K.RIGHTS}),
    ("transferred", "head"): ({K.TRANSFER}, {K.TERMINATION}),
}  # fmt: skip


def test_papers_are_offered_when_and_to_whom_they_make_sense(hall: Hall) -> None:
    """What the page offers opens; what it doesn't offer is refused at its address and by the worker."""
    Centre.objects.create(organisation=hall.centre, number_word="越工调", is_people_committee=True)
    cases = {state: stories.fresh(stories.IN_STATE[state](hall)) for state in {state for state, _who in OFFERED}}  # type: ignore[index]
    for (state, who), (there, absent) in OFFERED.items():
        case, client = cases[state], as_(hall, who)
        if not Dispute.objects.visible_to(hall[who]).filter(pk=case.pk).exists():
            assert client.get(reverse("disputes:papers", args=[case.pk])).status_code == 404
            continue
        page = client.get(reverse("disputes:papers", args=[case.pk]))
        assert page.status_code == 200
        text = page.content.decode()
        listed = {kind for kind in PaperKind if reverse("packs:new", args=[f"dispute_{kind}"]) + "?" in text}
        assert there <= listed, (state, who, listed)
        assert not absent & listed, (state, who, listed)
        for kind in (kind for kind in there if taken(state, who, kind, of=3)):
            assert client.get(door(case, kind)).status_code == 200, (state, who, kind)
        for kind in sorted(absent - {K.REVIEW, K.JUDICIAL})[:: 1 if WHOLE_TABLE else 3]:
            assert client.get(door(case, kind)).status_code in (400, 403, 409, 422), (state, who, kind)
    for name in ("cadre", "auditor", "arbitrator", "unposted"):
        case = cases["mediating"]
        assert as_(hall, name).get(reverse("disputes:papers", args=[case.pk])).status_code == 404
        assert as_(hall, name).get(door(case, K.REGISTER)).status_code in (403, 404)
    part = as_(hall, "mediator").get(
        reverse("disputes:papers", args=[cases["mediating"].pk]), headers={"HX-Request": "true"}
    )
    assert "<html" not in part.content.decode()
    assert "延期同意书" in part.content.decode()


def test_what_is_missing_is_said(hall: Hall) -> None:
    case = stories.accepted(hall)
    # As a ledger or a letter of the court may bring it.
    Dispute.objects.filter(pk=case.pk).update(facts="")
    text = as_(hall, "head").get(reverse("disputes:papers", args=[case.pk])).content.decode()
    assert "还缺：" in text
    form = as_(hall, "head").get(door(case, K.APPLICATION)).content.decode()
    for words in ("事实和理由", "要素表", f"{hall.world.enterprise.name}的电话"):
        assert words in form
    assert "含完整号码" in form
    assert IDENTITY not in form


SECRET = "老板的底线是一万三，怕别人跟着闹"


def test_a_note_told_alone_is_on_no_paper_of_the_others(hall: Hall) -> None:
    """笔录 of one side: its mediators and its own people make it; the other side, heads, agencies and clerks do not."""
    case = stories.mediating(hall)
    session = sessions.hold_session(
        case, by=hall["mediator"], kind="back_to_back", side_heard=Side.RESPONDENT, text=SECRET, points=SECRET,
        present=["单位代表"],
    )  # fmt: skip
    hears = {"mediator", "firm_side"}
    sees = [name for name in hall.world.people if Dispute.objects.visible_to(hall[name]).filter(pk=case.pk).exists()]
    for name in sees:
        if name not in hears | {"worker_side", "head", "judge"} and not taken("note", name, of=3):
            continue
        client = as_(hall, name)
        page = client.get(reverse("disputes:papers", args=[case.pk])).content.decode()
        assert SECRET not in page
        offered = reverse("packs:new", args=["dispute_record"]) + "?" in page
        assert offered == (name in hears), name
        sent = client.post(door(case, K.RECORD, session.pk), {"format": "pdf", "about": session.pk})
        assert (sent.status_code == 302) == (name in hears), name
        Download.objects.all().delete()
    assert {"leader", "head", "judge", "worker_side", "case_clerk"} <= set(sees)
    # Somebody asks for it past the form: the worker reads the note anew, as that person.
    from unionops.packs import making, registry

    pack = registry.find("dispute_record")
    assert pack is not None
    for name in ("worker_side", "judge", "head"):
        row = making.ask(pack, {"dispute": str(case.pk), "about": str(session.pk)}, "pdf", by=hall[name])
        work()
        row.refresh_from_db()
        assert row.state == "failed", name
    assert flat(SECRET) in made(as_(hall, "firm_side"), case, K.RECORD, about=session.pk)
    # No other paper says it, and the log doesn't either.
    for kind in (kind for kind in (K.REGISTER, K.ASSIGNMENT, K.RIGHTS) if kind == K.REGISTER or taken(kind, of=3)):
        assert flat(SECRET) not in made(as_(hall, "mediator"), case, kind)
    failed = steps.fail(stories.fresh(case), by=hall["mediator"], reason="gap")
    assert flat(SECRET) not in made(as_(hall, "mediator"), failed, K.CLOSING)
    assert SECRET not in str(list(Event.objects.values_list("data", flat=True)))
    # Sealed, it is in the content and not in the bound file.
    done = steps.archive(failed, by=hall["case_clerk"], statement="试验")
    kept = CaseFile.objects.get(dispute=done)
    assert SECRET in kept.open_content()
    work()
    kept.refresh_from_db()
    bound = pdf_text(attachments.store_path(kept.stored_as).read_bytes())
    assert "老板" not in bound
    assert "底线" not in bound
    assert "存副卷" in flat(bound)
    # A planted leak would be found: released, the same words are bound.
    assert "调解笔录" in bound


# --- the file


def upload(case: Dispute, name: str, caption: str, data: bytes, by: Any) -> Attachment:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return attachments.attach(case, SimpleUploadedFile(name, data), by=by, caption=caption)


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "navy").save(out, "JPEG")
    return out.getvalue()


def test_archive_asks_for_what_the_file_lacks(hall: Hall) -> None:
    """What is missing is named and needs a reason; what was made or brought is missing no longer."""
    case, client = stories.finished(hall), as_(hall, "case_clerk")
    lack = {item.key for item in lacking(file_list(case))}
    assert {
        "application",
        "acceptance",
        "rights",
        "address",
        "identity",
        "assignment",
        "records",
    } <= lack
    # The page with all four marks was put there before the agreement had effect.
    there = {"agreement", "scans", "performance"}
    assert not {"refusal", "termination", "election", "extension", "transfer", "power", "accord", *there} & lack
    with pytest.raises(ActionError, match="权利义务告知书"):
        steps.archive(case, by=hall["case_clerk"])
    url = reverse("disputes:step", args=[case.pk, "archive"])
    assert "卷宗情况说明" in client.get(url).content.decode()
    assert client.post(url, {"version": case.version}).status_code == 422
    assert stories.fresh(case).state == "fulfilled"

    made(client, case, K.RIGHTS)
    upload(case, "a.jpg", "申请人身份证明", photo(), hall["case_clerk"])
    lack = {item.key for item in lacking(file_list(stories.fresh(case)))}
    assert not {"rights", "identity"} & lack
    page = client.get(reverse("disputes:papers", args=[case.pk])).content.decode()
    assert "申请人身份证明" in page
    assert f"缺 {len(lack)} 项" in page

    sent = client.post(url, {"version": stories.fresh(case).version, "statement": "当事人拒绝提供，其余遗失"})
    assert sent.status_code == 302
    kept = CaseFile.objects.get(dispute=case)
    assert kept.statement == "当事人拒绝提供，其余遗失"
    assert len(kept.lacking) == len(lack)
    assert kept.keep_until == stories.fresh(case).keep_until


def test_sealed_file_is_whole_hashed_bound_once_and_kept(hall: Hall) -> None:
    case, clerk = stories.finished(hall), hall["case_clerk"]
    client = as_(hall, "case_clerk")
    made(client, case, K.AGREEMENT)
    picture = upload(case, "身份证.jpg", "", photo(), clerk)
    blank = pypdf.PdfWriter()
    for _page in range(3):
        blank.add_blank_page(595, 842)
    out = io.BytesIO()
    blank.write(out)
    upload(case, "回单.pdf", "银行回单", out.getvalue(), clerk)
    upload(case, "broken.pdf", "调查记录", b"%PDF-1.4 broken", clerk)
    before = Download.objects.count()
    case = steps.archive(stories.fresh(case), by=clerk, statement="其余没有制作")
    kept = CaseFile.objects.get(dispute=case)

    # The hash is that of the content, and the content is what was made and brought.
    text = kept.open_content()
    assert hashlib.sha256(text.encode()).hexdigest() == kept.content_sha256
    found = json.loads(text)
    assert {paper["kind"] for paper in found["papers"]} == {K.AGREEMENT, K.REGISTER, K.CLOSING}
    assert {file["sha256"] for file in found["files"]} == set(Attachment.objects.values_list("sha256", flat=True))
    assert IDENTITY not in str(kept.__dict__)

    # A worker binds it; whoever fetches it later gets the same bytes.
    assert Download.objects.count() == before + 1
    work()
    kept.refresh_from_db()
    first = content(client, Download.objects.order_by("-asked_at").first())
    assert hashlib.sha256(first).hexdigest() == kept.sha256
    again = client.post(f"{reverse('packs:new', args=['dispute_file'])}?dispute={case.pk}", {"format": "pdf"})
    work()
    assert content(client, Download.objects.get(pk=again["Location"].rstrip("/").rsplit("/", 1)[-1])) == first
    book = pypdf.PdfReader(io.BytesIO(first))
    assert len(book.pages) == kept.pages
    pages = [flat(page.extract_text()) for page in book.pages]
    assert kept.content_sha256[:20] in flat("".join(pages[:1]))
    # The cover of domain 3.8, with the day until which the file is kept.
    cover = (
        "卷名",
        "卷号",
        "调解员",
        "调解日期",
        "立卷人",
        "立卷日期",
        "保管期限",
        f"保管至{facts.day(kept.keep_until)}",
    )
    assert not [word for word in cover if word not in pages[0]]
    # The page that the index names for the agreement is the one on which it begins, and bears its number.
    index = next(page for page in pages if "卷内目录" in page)
    first_page = next(number for number, page in enumerate(pages, 1) if "劳动争议调解协议书" in page)
    assert f"{stories.today().isoformat()}{first_page}" in index
    assert str(first_page) in pages[first_page - 1]
    assert "另存" in index
    assert sum(not page.replace(str(number), "") for number, page in enumerate(pages, 1)) >= 4
    shown = client.get(reverse("disputes:papers", args=[case.pk])).content.decode()
    assert kept.content_sha256 in shown
    assert kept.sha256 in shown
    assert f"{kept.pages} 页" in shown
    assert as_(hall, "worker_side").get(reverse("disputes:papers", args=[case.pk])).status_code == 404
    refused = as_(hall, "judge").post(
        f"{reverse('packs:new', args=['dispute_file'])}?dispute={case.pk}", {"format": "pdf"}
    )
    assert refused.status_code in (403, 404)
    assert orphans.remove_orphans(timezone.now() + datetime.timedelta(days=3)) >= 0
    assert attachments.store_path(kept.stored_as).exists()

    # Only what is in it is given out, word by word.
    assert "贰万伍仟元整" in made(client, case, K.AGREEMENT)
    assert client.post(door(case, K.TRANSFER), {"format": "pdf"}).status_code in (302, 409, 422)
    work()
    assert not Paper.objects.filter(kind=K.TRANSFER).exists()

    # And nobody changes it, whoever asks the database.
    party, agreement = case.parties.first(), case.agreements.get()
    assert party
    changes = (
        lambda: CaseFile.objects.filter(pk=kept.pk).update(content_sha256="0" * 64),
        lambda: CaseFile.objects.filter(pk=kept.pk).update(sha256="0" * 64),
        kept.delete,
        lambda: Paper.objects.filter(dispute=case).update(number="9"),
        lambda: Paper.objects.filter(dispute=case).delete(),
        lambda: case.parties.update(name="别人"),
        lambda: agreement.obligations.update(proof_note="别的"),
        lambda: FiledAttachment.objects.filter(pk=picture.pk).update(removed_at=timezone.now()),
        lambda: Attachment.objects.filter(pk=picture.pk).delete(),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            change()

    # Taken up again, the case goes on in a second volume; the first stays as it is.
    case = steps.reopen(case, by=hall["head"], reason="又有新的请求")
    case = steps.assign(case, by=hall["head"], members=[MemberDraft(user=hall["mediator"])], recusal_checked=True)
    made(client, case, K.ASSIGNMENT)
    assert set(Paper.objects.filter(dispute=case, volume=2).values_list("kind", flat=True)) == {K.ASSIGNMENT}
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        Paper.objects.filter(dispute=case, volume=1).update(number="9")


def test_claim_given_up_is_sealed_as_it_is(hall: Hall) -> None:
    case = stories.breached(hall)
    case = agreements.choose_route(case, by=hall["worker_side"], route="none", note="职工不再追究")
    kept = CaseFile.objects.get(dispute=case)
    assert (case.state, kept.statement) == ("archived", "职工不再追究")
    # Who gave it up may not read all numbers: it is bound for the first one who may and asks.
    assert not Download.objects.exists()
    page = as_(hall, "head").get(reverse("disputes:papers", args=[case.pk])).content.decode()
    assert "还没有装订" in page
    as_(hall, "head").post(f"{reverse('packs:new', args=['dispute_file'])}?dispute={case.pk}", {"format": "pdf"})
    work()
    kept.refresh_from_db()
    assert kept.pages


# --- figures and words


def test_statistics_are_the_indicators(hall: Hall) -> None:
    """D14 through the door: its numbers are those of the indicators, and each leads to its rows."""
    from unionops.insight import periods
    from unionops.packs.gathering import asked_of, counted, divided

    for make in (stories.effective, stories.finished, stories.failed, stories.withdrawn, stories.transferred):
        make(hall)
    client, month = as_(hall, "head"), periods.containing(stories.today(), periods.Kind.MONTH)
    sent = client.post(reverse("packs:new", args=["dispute_statistics"]), {"format": "xlsx", "period": month.code})
    if sent.status_code == 403:
        client = as_(hall, "leader")
        sent = client.post(reverse("packs:new", args=["dispute_statistics"]), {"format": "xlsx", "period": month.code})
    work()
    row = Download.objects.get()
    assert row.state == "ready", row.error
    cells = xlsx_cells(content(client, row))
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {"受理", "达成协议", "不成", "撤回", "移送", "涉及人数", "履行率", "确认率"} <= texts
    assert any("成功率＝（达成协议＋和解撤回）÷" in text and "÷期内受理的全部" in text for text in texts)
    asked = asked_of(row.maker, month)
    assert row.document
    figures = [block for section in row.document["sections"] for block in section["blocks"]]
    total = next(block for block in figures if block.get("title") == "总表")
    whole = counted(statistics.COMPARED, asked)
    for line, code in zip(total["rows"], statistics.COMPARED, strict=True):
        assert line[1]["code"] == code
        assert str(line[1]["value"]) == str(whole[code].figure.value) or line[1]["value"] is None, code
        assert line[1]["url"]
    by_cause = next(block for block in figures if block.get("title") == "按案由")
    for place, (_label, code, outcome) in enumerate(statistics.COLUMNS, start=1):
        known = {
            one.label: one.figure.value
            for one in divided(code, "cause", asked, {"dispute_outcome": outcome} if outcome else {})
        }
        for line in by_cause["rows"]:
            value = line[place]["value"]
            assert (Decimal(value or 0)) == Decimal(str(known.get(line[0]["value"]) or 0)), (code, outcome)
    (ended,) = [line for line in by_cause["rows"] if line[0]["value"] == "生育津贴"]
    labels = [str(label) for label, _code, _outcome in statistics.COLUMNS]
    assert {label: int(ended[labels.index(label) + 1]["value"]) for label in ("达成协议", "和解撤回", "不成", "移送")} == {
        "达成协议": 2, "和解撤回": 1, "不成": 1, "移送": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("25000", "贰万伍仟元整"), ("0", "零元整"), ("0.07", "柒分"), ("0.50", "伍角整"), ("10.05", "壹拾元零伍分"), ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("100010.56", "壹拾万零壹拾元伍角陆分"), ("6007.14", "陆仟零柒元壹角肆分"), ("107000.53", "壹拾万零柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"), ("325.04", "叁佰贰拾伍元零肆分"), ("100000000", "壹亿元整"), ("100200000.10", "壹亿零贰拾万元壹角整"),
        ("10001", "壹万零壹元整"), ("-3", "负叁元整"), ("20000000000", "贰佰亿元整"),
    ],
)  # fmt: skip
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words


def test_confirmation_seats_and_papers_fit_each_other() -> None:
    assert number_of(K.URGE, "越工调〔2026〕第0012号", 2) == "越工调催〔2026〕第0012-2号"
    assert number_of(K.APPLICATION, "越工调〔2026〕第0012号", 1) == ""
    assert number_of(K.TRANSFER, "旧-12", 1) == "旧-12移"
    assert confirmations.STEPS
    assert Seat.MEDIATOR


def test_papers_of_the_meetings_hold_the_part_of_disputes(hall: Hall) -> None:
    """What disputes add to the monthly and quarterly papers and to the yearly card: their indicators, nothing else."""
    from unionops.insight import periods
    from unionops.packs.gathering import asked_of, counted
    from visits.packs import appendices, scorecard

    stories.finished(hall)
    asked = asked_of(hall["leader"], periods.containing(stories.today(), periods.Kind.QUARTER))
    (found,) = [
        part.as_json() for part in appendices.appendices(asked, {}, first=12) if "劳动争议调解" in str(part.heading)
    ]
    assert found["heading"] == "十二、劳动争议调解"
    lines = found["blocks"][0]["rows"]
    whole = counted(statistics.IN_BRIEF, asked)
    assert [line[1]["code"] for line in lines] == list(statistics.IN_BRIEF)
    assert [str(line[1]["value"]) for line in lines] == [str(whole[code].figure.value) for code in statistics.IN_BRIEF]
    assert "生育津贴" in json.dumps(found["blocks"][1], ensure_ascii=False)
    elsewhere = appendices.appendices(asked, {"town": str(hall.world.other_town.pk)}, first=1)
    assert {line[1]["value"] for part in elsewhere for line in part.as_json()["blocks"][0]["rows"][:1]} == {0}
    assert any("dispute_success_rate" in codes for _heading, codes in scorecard._lines)
