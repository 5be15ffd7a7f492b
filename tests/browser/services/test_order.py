"""In real Chromium: an order is accepted by the second craftsman asked, solved by a panel, confirmed with savings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from services.orders.models import Order
from tests.services.craftsmen import craft_programme, make_craftsman, post_order
from tests.world import PASSWORD, World, make_world

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def sign_in(browser: Any, live_server: Any) -> Iterator[Any]:
    """Sign a person in on a device of their own; faults on the pages fail the test."""
    faults: list[str] = []
    contexts = []

    def page_of(username: str, size: dict[str, int]) -> Any:
        context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{live_server.url}/sign-in/")
        page.get_by_label("登录名").fill(username)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
        return page

    yield page_of
    for context in contexts:
        context.close()
    assert faults == []


def open_step(page: Any, name: str) -> Any:
    page.get_by_role("link", name=name, exact=True).first.click()
    form = page.locator("#inform form")
    expect(form).to_be_visible()
    return form


def send(page: Any, form: Any, name: str) -> None:
    """Press, and wait until the product says that it is done: another person's page must not come before it."""
    form.get_by_role("button", name=name).click()
    expect(page.locator("#said")).to_contain_text("已办好")


def test_order_is_taken_by_the_second_and_solved_by_a_panel(
    world: World, sign_in: Any, live_server: Any, tmp_path: Path
) -> None:
    first, second = make_craftsman(world, "王建国", skills=["热流道"]), make_craftsman(world, "李卫东")
    make_craftsman(world, "周师傅", account=False, trades=["注塑"])
    order = post_order(world, craft_programme(world), skills=["热流道"], title="模具飞边，良率上不去")
    address = f"{live_server.url}/services/order/{order.pk}/"

    desk = sign_in("officer", DESK)
    desk.goto(address)
    form = open_step(desk, "推送")
    # The best stands first with the arithmetic, and is ticked.
    expect(form.get_by_role("checkbox").first).to_be_checked()
    expect(form).to_contain_text("王建国")
    expect(form).to_contain_text("专长：热流道 +10")
    send(desk, form, "推送")
    expect(desk.get_by_role("heading", name="问了谁")).to_be_visible()

    phone = sign_in(first.user.username, PHONE)
    phone.get_by_role("link", name="模具飞边，良率上不去").first.click()
    form = open_step(phone, "不接")
    form.get_by_label("原因").select_option("busy")
    send(phone, form, "不接")

    other = sign_in(second.user.username, PHONE)
    other.get_by_role("link", name="模具飞边，良率上不去").first.click()
    form = open_step(other, "接单")
    send(other, form, "接单")
    expect(other.get_by_role("heading", name="远程答疑")).to_be_visible()
    other.get_by_label("说点什么").fill("先拍一张分型面")
    other.get_by_role("button", name="留言", exact=True).click()
    expect(other.get_by_text("先拍一张分型面")).to_be_visible()
    form = open_step(other, "发起会诊")
    form.get_by_role("checkbox", name="王建国 浙江工匠").check()
    send(other, form, "发起会诊")
    form = open_step(other, "会诊结论")
    form.get_by_label("会诊意见").fill("导柱磨损")
    form.get_by_label("解决方案").fill("换导柱，合模力加两成")
    send(other, form, "会诊结论")
    expect(other.get_by_text("换导柱，合模力加两成").first).to_be_visible()
    form = open_step(other, "登记结果")
    form.get_by_role("radio", name="已解决").check()
    send(other, form, "登记结果")

    desk.goto(address)
    stamp = tmp_path / "确认书.txt"
    stamp.write_text("恒润纺织确认节约十二万元")
    form = open_step(desk, "登记对方确认")
    form.get_by_label("确认人").fill("吴厂长")
    form.get_by_label("节约成本（元）").fill("120,000")
    form.get_by_role("button", name="登记对方确认").click()
    # Without the paper nothing counts.
    expect(form).to_contain_text("书面确认，请上传")
    form.get_by_label("盖章的成效确认书").set_input_files(stamp)
    form.get_by_role("button", name="登记对方确认").click()
    expect(desk.get_by_text("120,000.00 元")).to_be_visible()
    desk.goto(f"{live_server.url}/services/orders/board/")
    expect(desk.get_by_text("120,000.00")).to_be_visible()
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.craftsman, order.saved) == ("confirmed", second, Decimal(120000))
