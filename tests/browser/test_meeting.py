"""A whole meeting in real Chromium: prepared, noted, decided, signed; next month's agenda begins with the decision."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.devices import DESK, PHONE
from tests.world import World, make_world
from unionops.casework.inbox import inbox
from visits.exchanges.models import Decision, Exchange
from visits.models import Issue

NAMES = {"cadre": "陆知行", "leader": "周立群", "handler": "章若溪", "clerk": "俞晓岚"}


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    for key, name in NAMES.items():
        person = found.people[key]
        person.name = name
        person.save()
    return found


def call(page: Any, month: datetime.date) -> None:
    page.goto("/meetings/")
    page.get_by_role("link", name="召集月交流").first.click()
    page.get_by_label("月份").select_option(value=month.isoformat())
    page.get_by_role("button", name="备好议程").click()
    expect(page.locator("#said")).to_contain_text("议程已经备好")


def take(page: Any, verb: str, fill: Any = None) -> None:
    page.locator("[data-unionops-verbs]").get_by_role("link", name=verb, exact=True).click()
    form = page.locator("form.inform")
    expect(form).to_be_visible()
    if fill is not None:
        fill(form)
    form.locator("button[type=submit]").click()
    expect(page.locator("#said")).to_contain_text("已办好")


def test_a_whole_meeting(world, sign_in):
    this_month = timezone.localdate().replace(day=1)
    last_month = (this_month - datetime.timedelta(days=1)).replace(day=1)
    late = timezone.now() - datetime.timedelta(days=40)
    world.issue("submitted", title="包装车间两个月加班费没发", registered_at=late, holder_role="clerk")
    leader = sign_in("leader", DESK)

    call(leader, last_month)
    exchange = Exchange.objects.get()
    url = f"/meetings/{exchange.pk}/"
    leader.get_by_role("link", name="整理议程").click()
    leader.get_by_role("link", name="加议题").first.click()
    leader.get_by_label("放在哪一部分").select_option(label="需要会诊")
    leader.get_by_label("议题").fill("加班费怎么认定")
    leader.get_by_label("诉求编号").fill(Issue.objects.get().number)
    leader.get_by_role("button", name="保存").click()
    expect(leader.locator("#said")).to_contain_text("加班费怎么认定")

    # On the day: the clerk opens the meeting on a phone and writes; what is half written survives a reload.
    clerk = sign_in("clerk", PHONE)
    clerk.goto(url)
    take(clerk, "开会")
    clerk.get_by_role("link", name="写纪要").click()
    clerk.get_by_label("周立群").check()
    clerk.get_by_label("加班费怎么认定").fill("按合同约定的基数算")
    clerk.locator("textarea[name=summary]").fill("节前把拖欠苗头摸清")
    expect(clerk.locator("[data-unionops-saved]").first).to_contain_text("草稿已存本机")
    clerk.reload()
    expect(clerk.locator("textarea[name=summary]")).to_have_value("节前把拖欠苗头摸清")
    clerk.get_by_role("button", name="保存纪要").click()
    expect(clerk.locator("#said")).to_contain_text("纪要已保存")

    # The leader decides: a task, and an issue that goes to its department in the same moment.
    leader.goto(url)
    decide(leader, "排查欠薪苗头，列出名单", "陆知行")
    decide(leader, "权保部三天内答复职工", "章若溪", dispatch="权保部")
    assert Issue.objects.get().state == "dispatched"
    take(leader, "签发纪要")
    expect(leader.locator(".pen").first).to_contain_text("纪要已签发")
    leader.goto(f"{url}print/")
    expect(leader.locator(".sheet")).to_contain_text("按合同约定的基数算")

    # The owner finds it in the inbox and reports; the next agenda begins with both.
    first, second = Decision.objects.order_by("pk")
    assert [row.number for row in inbox(world["cadre"]) if row.kind == "decision"] == [first.number]
    cadre = sign_in("cadre", PHONE)
    cadre.goto("/todo/")
    cadre.get_by_role("link", name="排查欠薪苗头").first.click()
    take(cadre, "报告完成", lambda form: form.get_by_label("落实情况").fill("走访二十一家，两家有苗头"))

    call(leader, this_month)
    part = leader.locator("#decisions")
    expect(part).to_contain_text("排查欠薪苗头，列出名单")
    expect(part).to_contain_text("走访二十一家，两家有苗头")
    expect(part).to_contain_text(second.number)
    part.get_by_role("link", name="排查欠薪苗头，列出名单").click()
    take(leader, "确认落实")
    first.refresh_from_db()
    assert first.state == "done"


def decide(page: Any, text: str, owner: str, dispatch: str = "") -> None:
    page.get_by_role("link", name="记议定事项").click()
    form = page.locator("form.inform")
    form.get_by_label("议定了什么").fill(text)
    form.get_by_label("责任人").select_option(label=next(
        words for words in form.get_by_label("责任人").locator("option").all_inner_texts() if words.startswith(owner)
    ))  # fmt: skip
    if dispatch:
        form.get_by_label("交办诉求", exact=True).check()
        form.get_by_label("议程上的诉求").select_option(index=1)
        form.get_by_label("交办给").select_option(label=dispatch)
    form.locator("button[type=submit]").click()
    expect(page.locator("#said")).to_contain_text("议定事项已记下")
    expect(page.locator("#decided")).to_contain_text(text)
