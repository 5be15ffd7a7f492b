"""The public counter in real Chromium, as somebody with a telephone goes through it: sound for axe, as wide as the screen."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from disputes.models import Dispute
from tests.browser.axe import violations
from tests.browser.conftest import browser_type_launch_args
from tests.browser.waiting import until
from tests.counter.telephones import MOBILE, messages
from tests.disputes.everything import outside
from tests.sampling import WHOLE
from tests.world import World, make_world
from unionops.counter.actions.links import link_url
from unionops.counter.models import OneTimeCode

__all__ = ["browser_type_launch_args"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"
# Numbers are random: the widest that there can be takes the place of each.
WIDEST = """() => [...document.querySelectorAll(".num, .told-once")].forEach((part) => {
    part.textContent = part.textContent.replace(/[0-9A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]/g, "WW-WWWW-WWWW-W");
})"""
BACK = """(kept) => document.querySelectorAll(".num, .told-once").forEach((part, place) => { part.textContent = kept[place]; })"""
# The smallest thing that is pressed, in pixels; links in a sentence are not meant.
SMALL = """() => [...document.querySelectorAll("main button, main .btn, main .offers a, main input:not([type=hidden], .box), main select")]
    .filter((part) => part.getBoundingClientRect().height > 0 && part.getBoundingClientRect().height < 44).map((part) => part.outerHTML.slice(0, 120))"""

# Numbers of people, which the draft of a form must not hold.
KEPT = """() => [...document.querySelectorAll("main form[data-unionops-guard] :is([name*=phone], [name*=identity]):not([data-unionops-unkept])")]
    .map((part) => part.outerHTML.slice(0, 120))"""
# What lies in this tab, as anybody could read it.
LEFT = "() => JSON.stringify({ ...sessionStorage })"
LOCKED, DRAFT = "没写完的内容锁在这个窗口里", "unionops-draft"


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    outside.make(found)
    return found


class Visit:
    """A browser of somebody without an account, and what was wrong with the pages that it saw."""

    def __init__(self, browser: Any, base: str) -> None:
        self.base, self.faults, self.seen = base, [], set()
        context = browser.new_context(viewport=PHONE, locale="zh-CN", service_workers="block", reduced_motion="reduce")
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, url: str) -> None:
        self.page.goto(f"{self.base}{url}")

    def send(self, words: str, then: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()
        expect(self.page.locator("h1")).to_have_text(then)

    def look(self) -> None:
        """Judge the page on a phone by night or at a desk by day, in turns; it fits both, and a phone with large letters."""
        page, name = self.page, self.page.locator("h1").inner_text()
        turn = ("dark", "light")[len(self.seen) % 2]
        self.seen.add(name)
        for size, scheme in ((PHONE, "dark"), (DESK, "light")):
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            if WHOLE or scheme == turn:
                self.faults += [f"{name}, {scheme}: {fault}" for fault in violations(page)]
            if page.evaluate(WIDE):
                self.faults.append(f"{name}, {scheme}: wider than the screen")
        page.set_viewport_size(PHONE)
        self.faults += [f"{name}: too small to press: {part}" for part in page.evaluate(SMALL)]
        self.faults += [f"{name}: a draft would hold {part}" for part in page.evaluate(KEPT)]
        kept = page.locator(".num, .told-once").all_inner_texts()
        page.evaluate(WIDEST)
        # The last is a screen with letters twice as large.
        for width in (390, 380, 360, 320):
            page.set_viewport_size({"width": width, "height": 640})
            if page.evaluate(WIDE):
                self.faults.append(f"{name}: wider than a screen of {width} pixels")
        page.evaluate(BACK, kept)
        page.set_viewport_size(PHONE)


def test_from_the_home_page_to_the_receipt_and_back(world: World, live_server: Any, browser: Any) -> None:
    messages()
    visit = Visit(browser, live_server.url)
    page = visit.page
    visit.go("/public/")
    visit.look()
    page.get_by_role("link", name="申请劳动争议调解").click()
    expect(page.locator("h1")).to_have_text("先验证手机")
    visit.look()
    page.get_by_label("手机号").fill(MOBILE)
    visit.send("发送验证码", "填验证码")
    visit.look()
    (message,) = messages()
    page.get_by_label("验证码").fill(message["code"])
    visit.send("确定", "申请劳动争议调解")
    visit.look()
    visit.send("提交申请", "申请劳动争议调解")
    expect(page.locator(".errors")).to_be_focused()
    visit.look()
    page.get_by_label("您的姓名").fill("陈桂芳")
    page.get_by_label("单位名称").fill("恒润纺织有限公司")
    page.get_by_label("为了什么事").select_option("pay_arrears")
    page.get_by_label("您要求什么").fill("补发九月工资")
    page.get_by_label("事情的经过").fill("九月起没有发工资")
    page.get_by_label("我同意工会为调解联系单位").check()
    visit.send("提交申请", "已经收到")
    visit.look()
    number, code = page.locator("dd.num").all_inner_texts()
    assert Dispute.objects.filter(source="self_service").count() == 1
    page.get_by_role("link", name="查进度").click()
    page.get_by_label("回执编号").fill(number.lower())
    page.get_by_label("查询码").fill("000000")
    visit.send("查询", "查进度")
    expect(page.get_by_role("alert")).to_contain_text("没有找到")
    visit.look()
    page.get_by_label("查询码").fill(code)
    visit.send("查询", "查进度")
    expect(page.locator(".standing")).to_contain_text("已收到，等中心审查")
    visit.look()

    case = Dispute.objects.get(claims=outside.CLAIMS)
    _link, secret = outside.invited(case, by=world["mediator"])
    visit.go(link_url(secret))
    visit.look()
    visit.send("打开", "请确认劳动争议要素表")
    visit.look()
    page.locator("#id_answer_agreed").check(force=True)
    visit.send("提交确认", "答复已经收到")
    visit.look()
    assert re.search(r"QJ-\w{4}-\w{4}-\w", page.inner_text("main"))
    # The same link on another device.
    other = Visit(browser, live_server.url)
    other.go(link_url(secret))
    other.send("打开", "链接已在别的设备上打开")
    other.look()
    for each in (visit, other):
        each.page.context.close()

    assert not visit.faults + other.faults, "\n".join(visit.faults + other.faults)
    assert len(visit.seen) >= 8


class Applicant(Visit):
    """Somebody who asks for mediation, as far as it matters for what becomes of the text when the time is over."""

    TOLD = "九月起没有发工资"

    def show_telephone(self, phone: str) -> None:
        messages()
        self.page.get_by_label("手机号").fill(phone)
        self.send("发送验证码", "填验证码")
        (message,) = messages()
        self.page.get_by_label("验证码").fill(message["code"])
        self.send("确定", "申请劳动争议调解")

    def tell(self) -> None:
        self.page.get_by_label("事情的经过").fill(self.TOLD)
        expect(self.page.locator("[data-unionops-saved]")).to_contain_text("关掉窗口就没有了")

    def told(self) -> str:
        return str(self.page.get_by_label("事情的经过").input_value())


def test_what_was_typed_outlives_the_visit_for_the_same_telephone_only(
    world: World, live_server: Any, browser: Any, time_machine: Any
) -> None:
    visit = Applicant(browser, live_server.url)
    page = visit.page
    page.clock.install()

    def pass_on(minutes: int) -> None:
        nonlocal now
        now += datetime.timedelta(minutes=minutes)
        time_machine.move_to(now, tick=True)
        page.clock.fast_forward(minutes * 60_000)

    now = timezone.now()
    visit.go(reverse("disputes:apply"))
    visit.show_telephone(MOBILE)
    # Whoever types is not asked.
    visit.tell()
    with page.expect_response("**/public/stay/") as renewed:
        pass_on(6)
    assert renewed.value.json() == {"left": 1800}
    # Whoever does not is, and goes on by a press.
    pass_on(28)
    asked = page.get_by_role("dialog", name="还在吗？")
    expect(asked).to_contain_text("用同一个手机号再验证就能接着填")
    visit.look()
    expect(asked.get_by_role("button", name="继续")).to_be_focused()
    with page.expect_response("**/public/stay/"):
        page.keyboard.press("Enter")
    expect(asked).to_have_count(0)

    # Nobody is there: nothing of it can be read, on the page or behind it.
    pass_on(28)
    expect(asked).to_be_visible()
    pass_on(3)
    expect(page.locator("h1")).to_have_text("先验证手机")
    expect(page.get_by_text(LOCKED)).to_be_visible()
    visit.look()
    assert visit.TOLD not in page.content() + page.evaluate(LEFT)
    assert DRAFT in page.evaluate(LEFT)
    # The same telephone goes on where it was, also when the form comes too late.
    visit.show_telephone(MOBILE)
    expect(page.get_by_role("status").filter(has_text="已接着")).to_contain_text("附件没有存下来")
    assert visit.told() == visit.TOLD
    time_machine.move_to(now + datetime.timedelta(minutes=40), tick=True)
    visit.send("提交申请", "先验证手机")
    visit.show_telephone(MOBILE)
    assert visit.told() == visit.TOLD
    page.get_by_label("您的姓名").fill("陈桂芳")
    page.get_by_label("单位名称").fill("恒润纺织有限公司")
    page.get_by_label("为了什么事").select_option("pay_arrears")
    page.get_by_label("您要求什么").fill("补发九月工资")
    page.get_by_label("我同意工会为调解联系单位").check()
    visit.send("提交申请", "已经收到")
    until(page, f"!({LEFT})().includes('{DRAFT}')")

    # Another telephone finds nothing, nor does whoever comes after somebody who has left.
    visit.go(reverse("disputes:apply"))
    visit.tell()
    OneTimeCode.objects.update(ended_at=timezone.now())
    page.reload()
    visit.show_telephone("13812340002")
    expect(page.locator("form[data-unionops-guard] [name=_draft]")).to_have_count(1)
    assert visit.told() == ""
    assert DRAFT not in page.evaluate(LEFT)
    visit.tell()
    visit.send("退出", "您要办什么")
    assert DRAFT not in page.evaluate(LEFT)
    page.context.close()
    assert not visit.faults, "\n".join(visit.faults)
