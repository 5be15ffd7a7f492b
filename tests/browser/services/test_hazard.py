"""In real Chromium on a phone: a hazard is reported without a name, verified and rewarded; the reporter reads it by the code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.claims.models import Claim
from tests.browser.devices import PHONE, Devices
from tests.services.visitors import hazard_programme, rewarded, verified_claim
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_hazard_is_reported_verified_and_rewarded(world: World, devices: Devices) -> None:
    hazard_programme(world)
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

    rewarded(world, verified_claim(world, Claim.objects.get()))
    page.get_by_role("link", name="查进度").click()
    page.get_by_label("回执编号").fill(number)
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("奖励已批准").first).to_be_visible()
    expect(page.get_by_text("请带编号和查询码来领奖")).to_be_visible()
