"""A worker found in a visit becomes a hardship file, is published, paid, re-verified and leaves: in real Chromium."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from services.claims.models import Claim, Publication
from services.hardship.models import HouseholdFile
from tests.browser.devices import DESK, PHONE, Devices, send
from tests.browser.test_journey import NAMES, take
from tests.services.test_hardship import SEEN, programme_of
from tests.services.worlds import make_issue, make_standard
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    for key, name in {**NAMES, "officer": "方知予", "town": "何家明"}.items():
        found.people[key].name = name
        found.people[key].save()
    programme_of(found, "hardship")
    make_standard(found)
    return found


def test_from_a_visit_to_the_exit(world: World, sign_in: Any, devices: Devices) -> None:
    issue = make_issue(world)
    handler, town, officer, leader, second = (
        sign_in(name, PHONE if name == "town" else DESK)
        for name in ("handler", "town", "officer", "leader", "other_handler")
    )

    # Heard in a visit: the handler carries it into the programme.
    handler.goto(f"/services/from-issue/{issue.pk}/")
    handler.get_by_role("link", name="困难职工建档帮扶").click()
    for label, text in (
        ("姓名或单位名称", "陈桂芳"), ("身份证号", "33060219900101001X"), ("手机", "13800002047"),
        ("银行账号", "6222020200011112222"), ("申请金额（元）", "3000"),
    ):  # fmt: skip
        handler.get_by_label(label).first.fill(text)
    handler.get_by_label("病情").fill("慢性肾病")
    send(handler.get_by_role("button", name="登记", exact=True))
    claim = Claim.objects.get()
    file = HouseholdFile.objects.get(claim=claim)
    url, home = f"/services/claim/{claim.pk}/", f"/services/hardship/{file.pk}/"

    # The town checks the papers, goes there with two, and writes the household on a phone.
    def papers(form: Any) -> None:
        for name in SEEN:
            form.get_by_label(name).select_option(label="看过原件")

    def visit(form: Any) -> None:
        form.get_by_label("入户人员（至少两人）").fill("何家明 陆知行")
        form.get_by_label("看到的情况").fill("丈夫透析，女儿读小学")

    take(town, url, "初审", papers)
    take(town, url, "入户核实", visit)
    town.goto(f"{home}household/")
    town.get_by_label("主要致困原因").select_option(label="因病")
    town.get_by_label("本人签授权的日期").fill(timezone.localdate().isoformat())
    member = town.get_by_role("group", name="成员 1", exact=True)
    member.get_by_label("姓名").fill("李小满")
    member.get_by_label("与户主关系").fill("女儿")
    member.get_by_label("出生日期").fill("2015-06-01")
    for number, (kind, amount) in enumerate((("工资", "40000"), ("医疗自付", "30000")), start=1):
        row = town.get_by_role("group", name=f"收支 {number}", exact=True)
        row.get_by_label("项目").select_option(label=kind)
        row.get_by_label("一年（元）").fill(amount)
    town.get_by_role("button", name="保存").click()
    expect(town.get_by_text("（40,000.00 − 30,000.00）÷ 12 ÷ 2 = 416.67 元")).to_be_visible()
    expect(town.get_by_text("李小满")).to_have_count(0)

    take(officer, url, "经济状况核对", lambda form: form.get_by_label("核对结果").select_option(label="属实"))
    take(officer, url, "公示", lambda form: form.get_by_label("监督电话").fill("85120000"))

    # Anybody reads it, nobody learns who it is.
    visitor = devices.open(size=PHONE)
    visitor.goto("/public/notices/")
    expect(visitor.get_by_text("陈**")).to_be_visible()
    expect(visitor.get_by_text("深度困难")).to_be_visible()
    assert "陈桂芳" not in visitor.content()
    a_month = datetime.timedelta(days=30)
    shown = Publication.objects.get()
    Publication.objects.filter(pk=shown.pk).update(starts_on=shown.starts_on - a_month, ends_on=shown.ends_on - a_month)
    officer.reload()
    take(officer, url, "结束公示")

    take(leader, url, "审批", lambda form: form.get_by_label("批准金额（元）").fill("3000"))
    take(officer, url, "交银行发放")
    # Whoever has sent it does not say that it has arrived.
    officer.goto(url)
    expect(officer.get_by_role("link", name="登记到账")).to_have_count(0)
    take(second, url, "登记到账")
    take(town, url, "登记签收")
    take(officer, url, "入账结案")
    claim.refresh_from_db()
    assert (claim.state, claim.amount) == ("closed", 3000)

    # A year on it is reviewed by two, and then it is left.
    officer.goto(home)
    officer.get_by_role("link", name="年度复核").click()
    officer.get_by_label("入户人员（至少两人）").fill("何家明 陆知行")
    officer.get_by_role("button", name="完成复核").click()
    expect(officer.get_by_text("复核：保持，深度困难")).to_be_visible()
    officer.get_by_role("link", name="退档").click()
    officer.get_by_label("本人申请").check()
    send(officer.get_by_role("button", name="退档"))
    expect(officer.locator("#said")).to_contain_text("已退档")
    file.refresh_from_db()
    assert (file.state, file.keep_until.year) == ("exited", timezone.localdate().year + 10)
