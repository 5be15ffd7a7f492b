"""The main job in real Chromium: from the visit on a phone to the closed issue, each step by its person on its page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.devices import DESK, PHONE, look_at, send_step, sign_in_by_hand
from tests.sampling import WHOLE
from tests.world import PASSWORD, World, make_enterprise, make_world
from visits.models import Issue, Visit

NAMES = {"cadre": "陆知行", "leader": "周立群", "handler": "章若溪", "clerk": "俞晓岚"}


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    for key, name in NAMES.items():
        person = found.people[key]
        person.name = name
        person.save()
    make_enterprise(found.town, "华瑞纺织印染有限公司", staff_count=236)
    return found


# The cadre and the leader are out with a phone, the others sit at a desk; the other way round when every row is walked.
@pytest.mark.parametrize(
    ("out", "inside"),
    [pytest.param(PHONE, DESK, id="phone"), *([pytest.param(DESK, PHONE, id="desk")] if WHOLE else [])],
)
def test_visit_with_two_issues_to_the_closed_issue(world, devices, sign_in, out, inside):
    cadre = devices.open(size=out)
    sign_in_by_hand(cadre, world["cadre"], PASSWORD)
    expect(cadre.get_by_role("heading", name="我的待办")).to_be_visible()
    log_visit(cadre)
    visit = Visit.objects.get()
    explained, sent = Issue.objects.order_by("number")
    assert (explained.state, sent.state, visit.issue_count) == ("closed", "submitted", 2)

    leader, clerk, handler = sign_in("leader", out), sign_in("clerk", inside), sign_in("handler", inside)
    url = f"/issues/{sent.pk}/"

    # Each finds the issue in the own inbox, takes the step, and it leaves the inbox.
    expect_in_inbox(clerk, sent, there=True)
    take(leader, url, "交办", lambda form: form.get_by_label("主办科室").select_option(label="权保部"))
    expect_in_inbox(clerk, sent, there=False)
    expect_in_inbox(handler, sent, there=True)
    take(handler, url, "签收")
    take(handler, url, "发起会诊", consult)
    take(handler, url, "会诊结论", lambda form: form.get_by_label("会诊结论").fill("按合同约定补足"))
    take(handler, url, "反馈结果", lambda form: answer(form, "已补发 9 月加班费"))
    expect_in_inbox(handler, sent, there=False)
    expect_in_inbox(clerk, sent, there=True)
    take(clerk, url, "退回重办", lambda form: form.get_by_label("反映人为什么不满意").fill("10 月的还没有补"))
    expect_in_inbox(leader, sent, there=True)
    take(leader, url, "交办", lambda form: form.get_by_label("主办科室").select_option(label="权保部"))
    take(handler, url, "签收")
    take(handler, url, "反馈结果", lambda form: answer(form, "两个月都已补发"))
    take(clerk, url, "回访办结", lambda form: form.get_by_label("满意", exact=True).check())

    sent.refresh_from_db()
    assert (sent.state, sent.reopen_count, sent.result_kind) == ("closed", 1, "resolved")
    expect_in_inbox(clerk, sent, there=False)
    # The cadre sees it in the list, and the whole way in the timeline.
    cadre.goto("/issues/?all=1")
    row = cadre.locator("tr", has_text=sent.number)
    expect(row).to_contain_text("办结")
    row.get_by_role("link").click()
    events = cadre.locator("#events")
    for words in (
        "登记",
        "交办 权保部",
        "签收",
        "发起会诊",
        "会诊结论",
        "反馈结果",
        "10 月的还没有补",
        "两个月都已补发",
        "办结",
    ):
        expect(events).to_contain_text(words)


def log_visit(page: Any) -> None:
    """记走访: two keystrokes to the firm, one issue explained on the spot, one submitted."""
    page.goto("/visits/new/")
    page.get_by_role("combobox", name="走访哪家").press_sequentially("hr")
    page.get_by_role("option", name=re.compile("华瑞纺织印染")).click()
    add_issue(page, "食堂菜少，问能不能加", "explain")
    add_issue(page, "包装车间两个月加班费没发", "submit")
    page.get_by_role("button", name=re.compile("提交走访")).click()
    expect(page.locator("#said")).to_contain_text("2 件问题已登记")


def add_issue(page: Any, title: str, handling: str) -> None:
    page.get_by_role("button", name="记一件问题").click()
    card = page.locator("[data-unionops-issue]").last
    card.locator("textarea[name$='-title']").fill(title)
    card.get_by_label("大类").select_option(label="工资")
    card.locator("select[name$='-category']").select_option(label="欠薪")
    card.locator(f"input[name$='-handling'][value='{handling}']").check()
    if handling == "explain":
        card.locator("textarea[name$='-explanation']").fill("讲了膳食委员会怎么提意见")
        card.get_by_role("textbox", name="政策依据").fill("职工食堂膳食委员会办法")
        card.get_by_label("表示明白", exact=True).check()


def take(page: Any, url: str, verb: str, fill: Any = None) -> None:
    """Open the issue, press the verb, fill its form, send it."""
    look_at(page, url)
    page.locator("[data-unionops-verbs]").get_by_role("link", name=verb, exact=True).click()
    send_step(page, fill)


def consult(form: Any) -> None:
    form.get_by_label("要会诊的问题").fill("加班基数怎么认定")
    form.get_by_label("女工部", exact=True).check()


def answer(form: Any, words: str) -> None:
    form.get_by_label("答复内容").fill(words)


def expect_in_inbox(page: Any, issue: Issue, *, there: bool) -> None:
    page.goto("/todo/")
    expect(page.get_by_text(issue.number, exact=True)).to_have_count(1 if there else 0)
