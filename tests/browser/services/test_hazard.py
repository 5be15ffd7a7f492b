"""In real Chromium on a phone: a hazard is reported without a name, verified and rewarded; the reporter reads it by the code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.claims.models import Claim
from tests.browser.devices import DESK, PHONE, Devices
from tests.browser.test_journey import take
from tests.services.visitors import hazard_programme
from tests.services.worlds import make_line
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_hazard_is_reported_verified_and_rewarded(world: World, devices: Devices) -> None:
    programme = hazard_programme(world)
    page = devices.open(size=PHONE)
    page.goto("/public/")
    page.get_by_role("link", name="报告事故隐患").click()
    page.get_by_role("link", name="不留姓名办理").click()
    page.get_by_label("什么事").fill("消防通道被布匹堵死")
    page.get_by_label("哪里", exact=True).fill("三号车间")
    page.get_by_role("button", name="提交").click()
    # Consent comes first.
    expect(page.get_by_text("要您同意才能办理。").first).to_be_visible()
    page.get_by_role("checkbox", name="我同意工会为办理这件事").check()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="您的回执")).to_be_visible()
    number, code = page.locator("dd.num").all_inner_texts()
    assert re.fullmatch(r"FW-\w{4}-\w{4}-\w", number)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    # Whoever looks into it finds how grave it is; the leader approves what the rule gives.
    url = f"/services/claim/{Claim.objects.get().pk}/"
    officer, leader = devices.open(world["officer"], DESK), devices.open(world["leader"], DESK)
    take(officer, url, "初审")
    take(officer, url, "核对", lambda form: form.get_by_label("等级").select_option(label="可直接引发事故"))
    line = make_line(world, programme, total=50_000)
    take(leader, url, "审批", lambda form: form.get_by_label("预算科目").select_option(value=str(line.pk)))
    claim = Claim.objects.get()
    assert (claim.state, claim.amount) == ("approved", 3000)

    page.get_by_role("link", name="查进度").click()
    page.get_by_label("回执编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("奖励已批准").first).to_be_visible()
    expect(page.get_by_text("请带编号和查询码来领奖")).to_be_visible()
