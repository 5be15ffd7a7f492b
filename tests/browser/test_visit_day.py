"""A cadre's day on a phone in real Chromium: one visit with its issues and a photo, drafts, and hours without a network."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import expect

from tests.world import PASSWORD, World, make_enterprise, make_user, make_world
from unionops.casework.models import Attachment
from unionops.org.enums import Role
from visits.models import Issue, Visit

from .devices import PHONE, Devices, sign_in_by_hand
from .waiting import until, until_empty

NEW = "/visits/new/"


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    make_enterprise(found.town, "华瑞纺织印染有限公司", staff_count=236)
    make_enterprise(found.town, "鸿睿机械有限公司", staff_count=41)
    return found


@pytest.fixture
def phone(devices: Devices, world: World) -> Any:
    """A phone in which the cadre is signed in."""
    return devices.open(world["cadre"], PHONE).context


def new_visit(phone: Any, address: str = NEW) -> Any:
    page = phone.new_page()
    page.goto(address)
    page.wait_for_function("document.documentElement.dataset.js !== undefined")
    return page


def choose(page: Any, keys: str, name: str) -> None:
    page.get_by_role("combobox", name="走访哪家").press_sequentially(keys)
    page.get_by_role("option", name=re.compile(name)).click()
    expect(page.locator(".chosen")).to_contain_text(name)


def add_issue(page: Any, title: str, handling: str) -> None:
    page.get_by_role("button", name="记一件问题").click()
    card = page.locator("[data-unionops-issue]").last
    card.locator("textarea[name$='-title']").fill(title)
    card.get_by_label("大类").select_option(label="工资")
    card.locator("select[name$='-category']").select_option(label="欠薪")
    card.locator(f"input[name$='-handling'][value='{handling}']").check()
    if handling == "explain":
        card.locator("textarea[name$='-explanation']").fill("讲明了条件、材料和时间")
        # What was promoted on this visit is one tap away.
        card.get_by_role("button", name="医疗互助", exact=True).click()
        card.locator("input[name$='-understood'][value='True']").check()
    card.get_by_role("button", name="记好这一件").click()


def picture() -> dict[str, Any]:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).save(out, "JPEG")
    return {"name": "车间.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def add_photo(page: Any) -> None:
    page.locator("[data-unionops-photos-from]").nth(1).set_input_files([picture()])
    page.locator("[data-unionops-photo]").wait_for()


def send(page: Any) -> None:
    page.get_by_role("button", name=re.compile("提交走访")).click()


def wait_until_kept(page: Any) -> None:
    page.get_by_text(re.compile("草稿已存本机")).wait_for()
    page.wait_for_timeout(600)


def test_visit_with_two_issues_and_a_photo(phone, world):
    page = new_visit(phone)

    choose(page, "hr", "华瑞纺织印染有限公司")
    page.locator("#id_check-workers_good").check()
    page.locator("#id_check-employment_problem").check()
    page.locator("[name='check-employment-note']").fill("10 月 3 人加班超 36 小时")
    page.get_by_role("checkbox", name="医疗互助").check()
    add_issue(page, "包装车间 10 月计件工资拖到现在没发", "submit")
    add_issue(page, "不清楚小微企业工会经费返还怎么申请", "explain")
    expect(page.locator("[data-unionops-issue]").first).to_contain_text("权保部")
    add_photo(page)
    page.locator("[name=summary]").fill("订单足，旺季加班多。")
    send(page)

    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    expect(page.locator("#said")).to_contain_text("2 件问题已登记")
    visit = Visit.objects.get()
    assert visit.enterprise.name == "华瑞纺织印染有限公司"
    found = Issue.objects.filter(visit=visit).values_list("state", "explanation_basis")
    assert set(found) == {("submitted", ""), ("closed", "医疗互助")}
    assert Attachment.objects.get(case_id=visit.pk).is_image
    photo = page.locator(".strip img")
    expect(photo).to_be_visible()
    until(page, "document.querySelector('.strip img').naturalWidth > 0")
    for words in ("订单足，旺季加班多。", "10 月 3 人加班超 36 小时", "医疗互助", "包装车间 10 月计件工资"):
        expect(page.get_by_text(words).first).to_be_visible()
    # The next form is empty: the draft has arrived.
    page.goto(NEW)
    page.wait_for_timeout(600)
    expect(page.get_by_text("没写完的草稿")).to_have_count(0)
    expect(page.locator("[name=summary]")).to_have_value("")


def test_half_written_visit_survives_the_closed_tab(phone, world):
    page = new_visit(phone)
    choose(page, "hr", "鸿睿机械有限公司")
    add_issue(page, "食堂菜少，问能不能加", "submit")
    add_photo(page)
    wait_until_kept(page)
    page.close()

    again = new_visit(phone)
    again.get_by_text("没写完的草稿").wait_for()
    expect(again.locator(".chosen")).to_contain_text("鸿睿机械有限公司")
    expect(again.locator("[data-unionops-photo]")).to_have_count(1)
    send(again)
    again.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))

    assert Issue.objects.get().title == "食堂菜少，问能不能加"
    assert Attachment.objects.count() == 1


def test_colleague_is_found_by_pinyin_and_stays_in_the_draft(phone, world):
    hu = make_user("hu", Role.TOWN, world.other_town, "胡建国")
    cache.clear()
    page = new_visit(phone)
    choose(page, "hr", "鸿睿机械有限公司")
    page.get_by_text("日期、时间和见到的人").click()
    page.get_by_label("按姓名或拼音找人").fill("hujian")
    expect(page.locator(".folk label:visible")).to_have_count(1)
    page.get_by_label("按姓名或拼音找人").press("Enter")
    expect(page.locator('[data-unionops-count="when"]')).to_contain_text("同行 1 人")
    wait_until_kept(page)
    page.close()

    again = new_visit(phone)
    again.get_by_text("没写完的草稿").wait_for()
    expect(again.get_by_label("胡建国")).to_be_checked()
    send(again)
    again.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))

    assert set(Visit.objects.get().officers.all()) == {world.people["cadre"], hu}


def test_two_visits_without_a_network_arrive_as_two(devices, world):
    """The form itself comes from the phone's store; what is sent later is neither lost nor taken for one visit."""
    page = devices.open(size=PHONE, service_workers="allow")
    phone = page.context
    sign_in_by_hand(page, world["cadre"], PASSWORD)
    until(page, "caches.match('/visits/new/', {ignoreVary: true}).then(Boolean)")
    phone.set_offline(True)
    for name in ("越鸿电子有限公司", "迪荡快运有限公司"):
        page.goto(f"{NEW}?fresh=1")
        page.wait_for_function("document.documentElement.dataset.js !== undefined")
        page.get_by_role("combobox", name="走访哪家").fill(name)
        page.get_by_role("option", name=re.compile("先记下名字")).click()
        page.locator("[name=summary]").fill(f"{name}的小结")
        send(page)
        page.get_by_role("heading", name="走访已存本机").wait_for()
    assert not Visit.objects.exists()

    phone.set_offline(False)
    page = new_visit(phone, "/")
    page.locator("[data-unionops-outbox]").wait_for(state="hidden")
    until_empty(page, "outbox")

    assert set(Visit.objects.values_list("enterprise__name", "summary")) == {
        ("越鸿电子有限公司", "越鸿电子有限公司的小结"), ("迪荡快运有限公司", "迪荡快运有限公司的小结"),
    }  # fmt: skip


def test_session_that_ended_keeps_the_visit_until_sign_in(phone, world):
    page = new_visit(phone)
    choose(page, "hr", "华瑞纺织印染有限公司")
    page.locator("[name=summary]").fill("写到一半会话过期")
    add_photo(page)
    phone.clear_cookies()
    send(page)
    page.get_by_role("heading", name="走访已存本机").wait_for()
    page.get_by_role("button", name="去登录").click()
    page.wait_for_url(re.compile("/sign-in/"))

    sign_in_by_hand(page, world["cadre"], PASSWORD)
    page.locator("[data-unionops-outbox]").wait_for(state="hidden")
    page.wait_for_timeout(1500)

    assert Visit.objects.get().summary == "写到一半会话过期"
    assert Attachment.objects.get().case_id == Visit.objects.get().pk


def test_any_form_is_there_again_after_the_session_has_ended(phone, world):
    page = new_visit(phone, "/org/people/new/")
    page.get_by_label("姓名").fill("陈桂芳")
    page.get_by_label("镇街").select_option(label=world.town.name)
    page.get_by_label("手机").fill("13800002047")
    page.get_by_label("备注").fill("下午四点以后找得到")
    expect(page.locator("[data-unionops-saved]")).to_contain_text("电话和证件号不存")
    phone.clear_cookies(name="sessionid")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile("/sign-in/"))
    page.get_by_label("登录名").fill("cadre")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_text("没写完的草稿").wait_for()
    values = [page.get_by_label(label).input_value() for label in ("姓名", "手机", "备注")]
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile(r"/org/people/[0-9a-f-]{36}/$"))

    assert values == ["陈桂芳", "", "下午四点以后找得到"]
    page.goto("/org/people/new/")
    page.wait_for_timeout(400)
    expect(page.get_by_label("姓名")).to_have_value("")


def test_refused_visit_shows_where_and_goes_through_when_mended(phone, world):
    page = new_visit(phone)
    choose(page, "hr", "华瑞纺织印染有限公司")
    page.locator("summary", has_text="日期、时间和见到的人").click()
    page.locator("[name=started_at]").fill("16:00")
    page.locator("[name=ended_at]").fill("15:00")
    send(page)
    expect(page.locator(".errors")).to_contain_text("结束时间不能早于开始时间")

    page.locator("[name=ended_at]").fill("17:00")
    send(page)
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))

    assert Visit.objects.get().ended_at.hour == 17


def test_planned_visit_is_one_tap_away(phone, world):
    page = new_visit(phone, "/visits/plan/")
    page.get_by_role("combobox").first.press_sequentially("hr")
    page.get_by_role("option", name=re.compile("华瑞纺织印染")).click()
    page.get_by_role("button", name="排进计划").click()
    page.get_by_role("link", name="已走访").click()
    expect(page.locator(".chosen")).to_contain_text("华瑞纺织印染有限公司")
    send(page)
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))

    page.goto("/visits/plan/")
    expect(page.get_by_role("link", name="已走访")).to_have_count(0)
    expect(page.get_by_role("link", name="华瑞纺织印染有限公司")).to_be_visible()
