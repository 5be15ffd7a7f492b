"""季分析 in real Chromium: prepared, written, sent, signed, printed; and a cadre hands in a reflection on a phone."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.world import World, make_world
from unionops.insight.periods import Period, start_of
from visits.actions.visits import VisitDraft, log_visit
from visits.analyses.models import Analysis, Reflection
from visits.analyses.quarters import last_quarter

from .axe import violations
from .devices import DESK, PHONE
from .test_every_page import WIDE


@pytest.fixture
def quarter() -> Period:
    return last_quarter(timezone.localdate())


@pytest.fixture
def world(transactional_db: None, quarter: Period) -> World:
    found = make_world()
    afternoon = start_of(quarter.last) + datetime.timedelta(hours=15)
    log_visit(VisitDraft(visited_on=quarter.last, enterprise=found.enterprise), by=found["cadre"], now=afternoon)
    return found


def sound(page: Any) -> None:
    page.wait_for_load_state()
    assert violations(page) == []
    assert not page.evaluate(WIDE)


def take(page: Any, url: str, verb: str) -> None:
    page.goto(url)
    page.locator("[data-unionops-verbs]").get_by_role("link", name=verb, exact=True).click()
    form = page.locator("form.inform")
    expect(form).to_be_visible()
    form.locator("button[type=submit]").click()
    expect(page.locator("#said")).to_contain_text("已办好")


def test_from_preparing_to_the_signed_paper(world, sign_in, quarter):
    clerk = sign_in("clerk", DESK)
    clerk.goto("/meetings/analyses/")
    clerk.get_by_role("link", name="补编一个季度").first.click()
    begin = clerk.get_by_role("button", name="备好数字和初稿")
    begin.wait_for()
    sound(clerk)
    begin.click()
    expect(clerk.locator("#said")).to_contain_text("备好了 3 份")
    sound(clerk)
    clerk.get_by_role("link", name="越城区总工会").last.click()
    row = Analysis.objects.get(subject=world.district)
    url = f"/meetings/analyses/{row.pk}/"
    expect(clerk.locator("#part-overview")).to_contain_text("走访 1 家次、1 家企业")
    sound(clerk)
    for part, words in (("advice", "逐件定人、定时间。"), ("plan", "重点企业走访一遍。")):
        clerk.goto(url)
        clerk.locator(f"#part-{part}").get_by_role("link", name="改正文").click()
        clerk.get_by_label("正文").fill(words)
        clerk.get_by_role("button", name="保存").click()
        expect(clerk.locator(f"#part-{part}")).to_contain_text(words)
    # A figure opens the rows that it counts.
    clerk.locator("#part-overview").get_by_role("row", name="走访家次").get_by_role("link").click()
    expect(clerk.locator(".figure__v")).to_contain_text("1")

    take(clerk, url, "送审")
    leader, chief = sign_in("leader", DESK), sign_in("chief", PHONE)
    take(leader, url, "审核通过")
    take(chief, url, "签发")
    sound(chief)
    expect(chief.locator("main")).to_contain_text("已冻结")
    expect(chief.get_by_role("link", name="改正文")).to_have_count(0)

    leader.goto(url)
    leader.get_by_role("link", name="打印").click()
    sheet = leader.locator(".sheet")
    expect(sheet).to_contain_text("逐件定人、定时间。")
    expect(sheet).to_contain_text("chief")
    sound(leader)
    leader.emulate_media(media="print")
    expect(leader.locator(".side")).to_be_hidden()
    assert len(leader.pdf(format="A4")) > 10_000


def test_a_cadre_hands_in_a_reflection_on_a_phone(world, sign_in, quarter):
    cadre = sign_in("cadre", PHONE)
    cadre.goto(f"/meetings/reflections/?period={quarter.code}")
    sound(cadre)
    cadre.get_by_role("link", name="写这个季度的").first.click()
    cadre.get_by_label("标题").fill("加班费的基数")
    cadre.get_by_label("正文").fill("真正不给的少，算法说不清的多。")
    # Kept on the device while one types: the page may be closed.
    expect(cadre.locator("[data-unionops-saved]").first).to_contain_text("草稿已存本机")
    cadre.reload()
    expect(cadre.get_by_label("正文")).to_have_value("真正不给的少，算法说不清的多。")
    cadre.locator("summary", has_text="相关走访").click()
    cadre.get_by_role("checkbox").first.check()
    sound(cadre)
    cadre.get_by_role("button", name="交上").click()
    expect(cadre.locator("#said")).to_contain_text("心得已交上")
    row = Reflection.objects.get()
    assert (row.state, row.author, row.visits.count()) == ("submitted", world["cadre"], 1)

    leader = sign_in("leader", DESK)
    leader.goto(f"/meetings/reflections/?period={quarter.code}")
    sound(leader)
    leader.get_by_role("link", name="加班费的基数").click()
    expect(leader.locator("main")).to_contain_text("真正不给的少")
    sound(leader)
