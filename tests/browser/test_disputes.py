"""Disputes in real Chromium: settled and paid, broken, refused, failed on its last day.

The first is walked whole, each step by its person on its page; of the others the steps that are their own, what the first
has shown is done by the actions behind it. They share one set-up of the database; the clock of the server is moved, never
waited for.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from disputes.actions import agreements, steps
from disputes.actions.intake import PartyDraft
from disputes.actions.team import MemberDraft
from disputes.enums import Seat, Side
from disputes.models import Dispute
from tests.disputes import stories
from tests.disputes.stories import Hall, make_hall
from tests.world import make_enterprise
from unionops.org.models import Enterprise

from .devices import DESK, PHONE, Devices, look_at, nobody_sees_it, send, send_step

NAMES = {
    "case_clerk": "阮雅芳", "head": "裘志平", "mediator": "周思源", "second_mediator": "阮立强", "judge": "单国良", "arbitrator": "娄晓敏",
    "worker_side": "章若溪", "clerk": "俞晓岚", "leader": "周立群",
}  # fmt: skip
FIRM, INITIALS = "明珠家纺有限公司", "mzjf"
MONDAY = datetime.date(2026, 3, 2)
Fill = Callable[[Any], object]


@pytest.fixture
def clock(time_machine: Any) -> Callable[[datetime.date], None]:
    def go(day: datetime.date) -> None:
        moment = datetime.datetime.combine(day, datetime.time(10), tzinfo=timezone.get_default_timezone())
        time_machine.move_to(moment, tick=True)

    go(MONDAY)
    return go


@pytest.fixture
def hall(transactional_db: None, clock: Any) -> Hall:
    found = make_hall()
    for key, name in NAMES.items():
        person = found[key]
        person.name = name
        person.save()
    make_enterprise(found.world.town, FIRM, staff_count=120)
    return found


@pytest.fixture
def people(devices: Devices, hall: Hall) -> People:
    return People(devices, hall)


class People:
    """The page of each person by name; one gets a device when one is first asked for."""

    def __init__(self, devices: Devices, hall: Hall) -> None:
        self.devices, self.hall = devices, hall
        self.at: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.at:
            # The judge looks from the court room.
            self.at[name] = self.devices.open(self.hall[name], PHONE if name == "judge" else DESK)
        return self.at[name]

    def leave(self) -> None:
        """Everybody goes home; sessions do not outlast the day."""
        self.devices.leave()
        self.at.clear()


def test_four_disputes_from_their_first_day_to_their_last(people: People, clock: Any) -> None:
    settled_and_paid(people, clock)
    people.leave()
    clock(MONDAY)
    broken(people, clock)
    people.leave()
    clock(MONDAY)
    refused(people)
    failed_on_the_last_day(people, clock)


# --- the maternity allowance


def settled_and_paid(people: People, clock: Any) -> None:
    """Found by screening, both consent, heard apart and together, paid after a month.

    Five people of four bodies are at it, each on a page of their own: the mediator and the gold mediator of the centre, the
    judge of the court, the arbitrator of the labour bureau, and the union beside the worker.
    """
    desk = people["case_clerk"]
    url = register(desk, "日常排查", "沈月琴", "25000", "生育津贴", "支付生育津贴 25000 元")
    consent(desk, url, "申请人", "同意调解")
    consent(desk, url, "被申请人", "同意调解")
    step(desk, url, "受理", reviewed)
    step(people["head"], url, "指派调解员", lambda form: assign(form, "周思源", [
        ("阮立强", "金牌调解员", ""), ("单国良", "法官", ""), ("娄晓敏", "仲裁员", ""), ("章若溪", "工会代表", "申请人"),
    ]))  # fmt: skip

    mediator = people["mediator"]
    book(people["head"], mediator, url)
    step(mediator, url, "记一次调解", lambda form: alone(form, "申请人", "职工坚持全额，愿意等一个月", "要求", "25000"))
    gold, union = people["second_mediator"], people["worker_side"]
    step(gold, url, "记一次调解", lambda form: alone(form, "被申请人", "单位先提出一万五千元", "出价", "15000"))
    tells(mediator, url, "一万五千")
    tells(union, url, "职工坚持全额", but="一万五千")
    small(union, url, "记进展", lambda form: form.get_by_label("进展").fill("陪职工到医院补办了生育医疗证明"))
    for name in ("judge", "arbitrator"):
        tells(people[name], url, "第 2 次 背对背", but="坚持全额")
    step(mediator, url, "记一次调解", together)
    for name in ("judge", "arbitrator"):
        tells(people[name], url, "法官说明用人单位应当支付", but="坚持全额")
        tells(people[name], url, "陪职工到医院补办了生育医疗证明", but="一万五千")
    step(mediator, url, "拟定协议", lambda form: agree(form, "25000", MONDAY + datetime.timedelta(days=32)))
    small(mediator, url, "登记签章", signed)
    step(desk, url, "协议生效")
    expect(desk.locator("#confirmation")).to_contain_text("余 15 天")
    # Judicial confirmation is for people's mediation committees and organisations that a court has invited (domain 3.3).
    expect(desk.locator("#confirmation")).to_contain_text("也不是法院特邀调解组织")

    people.leave()
    paid_on = MONDAY + datetime.timedelta(days=31)
    clock(paid_on)
    desk = people["case_clerk"]
    for what in ("提供生育医疗证明", "支付生育津贴"):
        desk.goto(url)
        row = desk.locator(".owed tr", has_text=what)
        open_small(desk, row, "登记履行", lambda form: form.get_by_label("凭什么确认已履行").fill("银行电子回单"))
        expect(desk.locator(".owed tr", has_text=what)).to_contain_text("已履行")
    step(desk, url, "履行完毕")
    people.leave()
    clock(paid_on + datetime.timedelta(days=35))
    clerk = people["clerk"]
    clerk.goto("/todo/")
    case = Dispute.objects.get(cause="si_maternity")
    clerk.get_by_role("link", name=re.compile(case.title)).first.click()
    open_small(clerk, clerk.locator("[aria-labelledby=calls-h]"), "记回访", asked_after)
    step(people["case_clerk"], url, "归档", lacks)
    case.refresh_from_db()
    seats = {(seat.user.name, seat.user.postings.get().organisation.name) for seat in case.team.all()}
    assert seats == {
        ("周思源", "八字桥工作室"), ("阮立强", "八字桥工作室"), ("单国良", "区人民法院"), ("娄晓敏", "区人社局"), ("章若溪", "权保部"),
    }  # fmt: skip
    assert (case.state, case.outcome) == ("archived", "agreed")
    assert {row.is_late for row in case.agreements.get().obligations.all()} == {False}


def book(head: Any, mediator: Any, url: str) -> None:
    """The head opens a room; the mediator takes it from the page of the case and finds the time there."""
    head.goto("/disputes/desk/rooms/")
    head.get_by_label("名称").fill("第一调解室")
    head.get_by_role("button", name="添加").click()
    expect(head.locator("#said")).to_contain_text("第一调解室")
    mediator.goto(url)
    mediator.get_by_role("link", name="约时间").click()
    mediator.get_by_label("调解室").select_option(label="第一调解室")
    mediator.get_by_label("日期").fill("2026-03-05")
    mediator.get_by_label("开始").fill("09:30")
    mediator.get_by_label("结束").fill("11:00")
    mediator.get_by_role("button", name="预约", exact=True).click()
    expect(mediator.locator("#said")).to_contain_text("已预约")
    tells(mediator, url, "03-05 周四 09:30–11:00")


def alone(form: Any, side: str, words: str, kind: str, amount: str) -> None:
    choose(form, "背对背")
    choose(form, side)
    form.get_by_label("在场人").fill(side)
    form.get_by_label("调解笔录").fill(words)
    line = form.locator("[data-unionops-row]").first
    line.get_by_label("哪一方").select_option(label=side)
    line.get_by_label("要求或出价").select_option(label=kind)
    line.get_by_label("金额（元）").fill(amount)


def together(form: Any) -> None:
    choose(form, "面对面")
    form.get_by_label("在场人").fill("沈月琴\n单位代表\n单国良\n娄晓敏\n章若溪\n阮立强")
    form.get_by_label("调解笔录").fill("法官说明用人单位应当支付，双方谈成全额一个月内付清")


def agree(form: Any, total: str, due: datetime.date) -> None:
    """The firm pays, the worker brings her papers."""
    form.get_by_label("协议结果").fill("单位一个月内一次付清生育津贴")
    form.get_by_label("履行方式").fill("银行转账")
    form.get_by_label("总金额（元）").fill(total)
    lines = form.locator("[data-unionops-row]")
    owe(lines.nth(0), "付款", "支付生育津贴", due, total)
    if lines.count() < 2:
        form.get_by_role("button", name="再加一项").click()
    second = lines.nth(1)
    second.get_by_label("义务人").select_option(index=1)
    second.get_by_label("权利人").select_option(index=2)
    owe(second, "交付材料或物品", "提供生育医疗证明", due)


def owe(line: Any, kind: str, what: str, due: datetime.date, amount: str = "") -> None:
    line.locator("select[name$='-kind']").select_option(label=kind)
    line.locator("input[name$='-what']").fill(what)
    line.locator("input[name$='-due_on']").fill(due.isoformat())
    line.locator("input[name$='-amount']").fill(amount)


def asked_after(form: Any) -> None:
    choose(form, "按约定履行")
    choose(form, "满意")


# --- 23 workers


def broken(people: People, clock: Any) -> None:
    """A list is imported, three are elected, two instalments are agreed; the second is not paid, and the law leaves its ways."""
    hall, desk = people.hall, people["case_clerk"]
    case = stories.registered(hall, **claimed("pay_arrears", "支付两个月工资", "娄玲飞", "8600"))
    url = address_of(case)
    small(
        desk,
        url,
        "加当事人",
        lambda form: form.get_by_role("textbox", name="名单").fill("姓名\t电话\t金额\n王立强\t13800000001\t八千六"),
        said="",
    )
    # A number that is none is named with its line, and what was pasted is still there.
    form = desk.locator("form.inform")
    expect(form).to_contain_text("第 2 行 王立强")
    expect(form.get_by_role("textbox", name="名单")).to_have_value(re.compile("王立强"))
    form.get_by_role("textbox", name="名单").fill("")
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    form.locator("input[type=file]").set_input_files({"name": "名单.xlsx", "mimeType": sheet, "buffer": roll()})
    send_step(desk, None)
    case.refresh_from_db()
    assert (case.people_count, case.is_collective, str(case.amount_claimed)) == (23, True, "197800.00")
    leader = people["leader"]
    leader.goto("/notices/")
    expect(leader.get_by_text(re.compile(case.title)).first).to_be_visible()
    case = stories.ask(hall, case)
    consent(desk, url, "申请人", "同意调解", also=True)
    stories.answer(hall, case, Side.RESPONDENT)
    case = steps.accept(case, by=hall["case_clerk"], scope_checked=True)
    small(desk, url, "推举代表", lambda form: pick(form, "娄玲飞", "职工01", "职工02"))
    panel = [
        MemberDraft(user=hall["mediator"]),
        MemberDraft(user=hall["second_mediator"]),
        MemberDraft(user=hall["arbitrator"], seat=Seat.ARBITRATOR),
    ]
    steps.assign(case, by=hall["head"], members=panel, recusal_checked=True)

    mediator = people["mediator"]
    open_step(mediator, url, "拟定协议")
    form = mediator.locator("form.inform")
    form.get_by_label("协议结果").fill("单位分两期付清 23 名职工两个月工资")
    form.get_by_label("履行方式").fill("银行代发")
    form.get_by_label("总金额（元）").fill("197800")
    form.get_by_label("分几期").fill("2")
    form.get_by_label("首期日期").fill("2026-03-12")
    form.get_by_role("button", name="算出各期").click()
    lines = form.locator("[data-unionops-row]")
    expect(lines.nth(1).locator("input[name$='-amount']")).to_have_value("98900.00")
    lines.nth(1).locator("input[name$='-amount']").fill("98899.99")
    expect(form.locator("[data-unionops-sum]")).to_contain_text("还差 0.01 元")
    form.get_by_role("button", name="拟定协议").click()
    expect(form).to_contain_text("各期金额合计 197799.99 元，与总金额 197800.00 元不符")
    lines.nth(1).locator("input[name$='-amount']").fill("98900.00")
    expect(form.locator("[data-unionops-sum]")).to_contain_text("相符")
    form.get_by_role("button", name="拟定协议").click()
    expect(mediator.locator("#said")).to_contain_text("已办好")
    agreement = stories.sign(case.agreements.get(), by=hall["mediator"])
    nobody_sees_it()
    # What the three have signed binds the others by the list that these have signed.
    open_step(desk, url, "协议生效")
    desk.locator("form.inform button[type=submit]").click()
    expect(desk.locator("form.inform")).to_contain_text("要有被代表职工签名的同意名单")
    step(desk, url, "协议生效", lambda form: scanned(form, "同意名单"))

    clock(datetime.date(2026, 3, 12))
    paid = agreement.obligations.get(instalment=1)
    agreements.fulfil(paid, by=hall["case_clerk"], on=timezone.localdate(), proof_note="银行代发回单")
    people.leave()
    clock(datetime.date(2026, 4, 15))
    desk = people["case_clerk"]
    # Not before the debtor was pressed.
    open_step(desk, url, "登记未履行")
    desk.locator("form.inform button[type=submit]").click()
    expect(desk.locator("form.inform")).to_contain_text("请先联系义务人催促履行")
    desk.goto(url)
    open_small(desk, desk.locator(".owed tr", has_text="第 2 期"), "催促履行", None)
    step(desk, url, "登记未履行")
    # Every way that is open stands there with its paper, one click from the file.
    desk.goto(url)
    ways = desk.locator("#ways")
    for paper in ("支付令申请书", "仲裁申请书", "民事起诉状", "劳动保障监察投诉书"):
        expect(ways.get_by_role("button", name=f"PDF {paper}")).to_be_visible()
    expect(ways.locator("li", has_text="申请强制执行")).to_contain_text("不能直接申请强制执行")
    ways.get_by_role("button", name="Word 民事起诉状").click()
    expect(desk.locator("h1").first).to_contain_text("民事起诉状")
    open_step(desk, url, "选择救济途径")
    form = desk.locator("form.inform")
    expect(form).to_contain_text("现在走不通的途径")
    expect(form.get_by_text("申请强制执行", exact=True)).to_be_visible()
    choose(form, "申请支付令")
    form.get_by_label("向哪里申请").fill("越城区人民法院")
    form.locator("button[type=submit]").click()
    expect(desk.locator("#said")).to_contain_text("已办好")
    case.refresh_from_db()
    assert (case.state, case.route, case.outcome) == ("transferred", "payment_order", "agreed")
    assert case.limitation_events.get().on == datetime.date(2026, 4, 13)


def roll() -> bytes:
    """A workbook as a workshop keeps it: a title, a head, 22 people, a sum."""
    book, lines = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["织造车间欠薪名单"])
    sheet.append(["序号", "姓名", "联系电话", "欠薪金额"])
    for number in range(1, 23):
        sheet.append([number, f"职工{number:02d}", f"138000000{number:02d}", 8600])
    sheet.append(["", "合计", "", 22 * 8600])
    book.save(lines)
    return lines.getvalue()


# --- refused, and failed


def refused(people: People) -> None:
    """The firm will not be mediated: the case is not accepted, with the reason and the ways that remain."""
    hall, desk = people.hall, people["case_clerk"]
    case = stories.registered(hall, **claimed("comp_severance", "支付经济补偿", "金根荣", "36400"))
    url = address_of(case)
    stories.answer(hall, stories.ask(hall, case), Side.APPLICANT)
    consent(desk, url, "被申请人", "不同意调解")
    # Not accepted without the consent of both.
    open_step(desk, url, "受理")
    reviewed(desk.locator("form.inform"))
    desk.locator("form.inform button[type=submit]").click()
    expect(desk.locator("form.inform")).to_contain_text(f"还没有同意调解：{FIRM}")
    step(desk, url, "不予受理", lambda form: (
        choose(form, "一方不同意调解"),
        form.get_by_label("告知申请人的理由和救济途径").fill("单位不同意调解，可以向区仲裁委申请仲裁"),
    ))  # fmt: skip
    tells(desk, url, "可以向区仲裁委申请仲裁")
    case = steps.archive(stories.fresh(case), by=hall["case_clerk"], statement=stories.LACKS)
    assert (case.state, case.outcome, case.refusal_reason) == ("archived", "not_accepted", "no_consent")


def failed_on_the_last_day(people: People, clock: Any) -> None:
    """Fifteen days after its receipt there is no agreement: the mediation ends, the year of the limitation begins anew."""
    hall, desk = people.hall, people["case_clerk"]
    known = datetime.date(2025, 6, 10)
    case = stories.accepted(hall, **claimed("comp_illegal", "支付违法解除赔偿金", "沈丽娟", "52000", known_on=known))
    steps.assign(case, by=hall["head"], members=[MemberDraft(user=hall["mediator"])], recusal_checked=True)
    url = address_of(case)
    # A year from the day of knowing, 10 June 2025; the tenth of June 2026 is a Wednesday.
    tells(desk, url, "最后一天 2026-06-10 周三")
    people.leave()
    clock(datetime.date(2026, 3, 17))
    mediator = people["mediator"]
    tells(mediator, url, "今天到期")
    step(mediator, url, "终止调解", lambda form: choose(form, "期限届满未延期"))
    tells(mediator, url, "最后一天 2027-03-17 周三")
    people.leave()
    clock(datetime.date(2026, 3, 20))
    desk = people["case_clerk"]
    small(desk, url, "登记时效事件", lambda form: form.get_by_label("事由").select_option(label="申请仲裁"))
    # The twentieth of March 2027 is a Saturday.
    tells(desk, url, "最后一天 2027-03-22 周一")
    desk.get_by_role("link", name="怎么算的，登记中断").click()
    expect(desk.locator("main")).to_contain_text("2027-03-22")
    case = steps.archive(stories.fresh(case), by=hall["case_clerk"], statement=stories.LACKS)
    assert (case.state, case.outcome, case.fail_reason) == ("archived", "failed", "term")
    assert case.ended_on == datetime.date(2026, 3, 17)


# --- what each of them does


def claimed(cause: str, claims: str, worker: str, amount: str, **fields: Any) -> dict[str, Any]:
    """What a worker claims of the firm at the window, for the action behind it."""
    firm = Enterprise.objects.get(name=FIRM)
    parties = [
        PartyDraft(side=Side.APPLICANT, name=worker, phone="13905751234", amount=Decimal(amount)),
        PartyDraft(side=Side.RESPONDENT, enterprise=firm),
    ]
    return {"cause": cause, "claims": claims, "parties": parties, "received_on": timezone.localdate(), **fields}


def register(desk: Any, source: str, worker: str, amount: str, cause: str, claims: str) -> str:
    """At the window: who against whom, about what. Returns the address of the case."""
    desk.goto("/disputes/new/")
    choose(desk, source)
    desk.locator("[name='worker-0-name']").fill(worker)
    desk.locator("[name='worker-0-phone']").fill("13905751234")
    desk.locator("[name='worker-0-amount']").fill(amount)
    firm = desk.get_by_role("combobox", name="单位名称")
    firm.press_sequentially(INITIALS)
    desk.get_by_role("option", name=re.compile(FIRM)).click()
    desk.get_by_label("案由").select_option(label=cause)
    desk.get_by_label("请求事项").fill(claims)
    desk.get_by_label("事实和理由").fill(f"单位没有支付，协商没有结果：{claims}")
    send(desk.get_by_role("button", name="登记", exact=True))
    expect(desk.locator("#said")).to_contain_text("已登记")
    return str(desk.url)


def address_of(case: Dispute) -> str:
    return reverse("disputes:dispute", args=[case.pk])


def consent(page: Any, url: str, side: str, words: str, *, also: bool = False) -> None:
    look_at(page, url)

    def fill(form: Any) -> None:
        choose(form, words)
        if also:
            form.get_by_role("checkbox", name=re.compile("也一并登记")).check()

    part = page.locator(f".side-u--{'applicant' if side == '申请人' else 'respondent'}")
    open_small(page, part, "登记调解意愿", fill)


def assign(form: Any, lead: str, others: list[tuple[str, str, str]]) -> None:
    form.get_by_role("radio", name=f"首席 {lead}").check()
    form.get_by_role("checkbox", name=re.compile("已向每位调解员核对")).check()
    lines = form.locator("[data-unionops-row]")
    for at, (name, seat, side) in enumerate(others):
        if lines.count() <= at:
            form.get_by_role("button", name="再加一人").click()
        line = lines.nth(at)
        option = line.locator("select[name$='-user'] option", has_text=name)
        line.locator("select[name$='-user']").select_option(value=option.get_attribute("value"))
        line.locator("select[name$='-seat']").select_option(label=seat)
        if side:
            line.locator("select[name$='-side']").select_option(label=side)


def reviewed(form: Any) -> None:
    form.get_by_role("checkbox", name=re.compile("已审查")).check()


def signed(form: Any) -> None:
    """All four marks stand on one page, and here is its scan."""
    pick(form, "签名或盖章", "调解员签名", "调解组织印章")
    scanned(form, "签章页")


def scanned(form: Any, name: str) -> None:
    form.locator("input[type=file]").set_input_files(
        {"name": f"{name}.txt", "mimeType": "text/plain", "buffer": name.encode()}
    )


def choose(form: Any, words: str) -> None:
    form.get_by_role("radio", name=words, exact=True).check()


def lacks(form: Any) -> None:
    """The file is put away with what it lacks, and why."""
    form.get_by_label("卷宗情况说明").fill("当事人没有提供，文书没有制作")


def pick(form: Any, *words: str) -> None:
    """Tick every box whose words begin with one of these."""
    for wanted in words:
        for box in form.get_by_role("checkbox", name=re.compile(wanted)).all():
            box.check()


def open_step(page: Any, url: str, verb: str) -> None:
    look_at(page, url)
    page.locator("[data-unionops-verbs]").get_by_role("link", name=verb, exact=True).click()
    page.locator("form.inform").wait_for()
    nobody_sees_it()


def step(page: Any, url: str, verb: str, fill: Fill | None = None) -> None:
    """Press the verb on the page of the case, fill its form, send it."""
    open_step(page, url, verb)
    send_step(page, fill)


def small(page: Any, url: str, name: str, fill: Fill, said: str = "已办好") -> None:
    look_at(page, url)
    open_small(page, page.locator("main"), name, fill, said)


def open_small(page: Any, part: Any, name: str, fill: Fill | None, said: str = "已办好") -> None:
    """The small form beside a part of the case."""
    part.get_by_role("link", name=name, exact=True).first.click()
    send_step(page, fill, said)


def tells(page: Any, url: str, words: str, but: str = "") -> None:
    look_at(page, url)
    expect(page.locator("main")).to_contain_text(words)
    if but:
        expect(page.locator("main")).not_to_contain_text(but)
