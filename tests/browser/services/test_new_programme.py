"""In real Chromium: the administrator makes a programme of each shape on the page, and each is used the same minute."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from services.activities.models import Activity
from services.claims.models import Claim
from services.models import Programme
from services.orders.models import Order
from services.places.models import Place, Repair
from tests.browser.devices import PHONE, Devices
from tests.counter.telephones import MOBILE, messages
from tests.world import World, make_world

# Shape, name, for whom, steps that are ticked, open to everybody, a field of its own.
NEW = (
    ("claim", "新业态意外救助", "职工个人", ("初审", "审批"), True, "出事的平台"),
    ("order", "女工健康问诊", "职工个人", ("登记对方确认",), True, "想问什么"),
    ("activity", "夜校插花班", "工会组织", ("发布报名",), True, "自带工具"),
    ("place", "女工休息角", "工会组织", (), True, "几张座椅"),
)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_a_new_programme_of_each_shape_is_used_at_once(world: World, devices: Devices, sign_in: Any) -> None:
    admin, officer, worker = sign_in("admin"), sign_in("officer"), devices.open(size=PHONE)
    used: dict[str, Callable[[Programme], None]] = {
        "claim": lambda programme: apply(worker, programme, "出事的平台", "外卖平台"),
        "order": lambda programme: apply(worker, programme, "想问什么", "腰疼怎么办"),
        "activity": lambda programme: enrol(officer, worker, programme),
        "place": lambda programme: place(officer, worker, programme),
    }

    for shape, name, kind, steps, is_public, field in NEW:
        make(admin, shape, name, kind, steps, is_public, field)
        programme = Programme.objects.get(name=name)
        assert (programme.shape, programme.is_public, [one.label for one in programme.extras]) == (
            shape,
            is_public,
            [field],
        )
        used[shape](programme)

    # What came in at the counter lies in the office, with the programme's own words.
    for row, said in ((Claim.objects.get(), "外卖平台"), (Order.objects.get(), "腰疼怎么办")):
        officer.goto(f"/services/{row.programme.shape}/{row.pk}/")
        expect(officer.get_by_text(said).first).to_be_visible()


def make(admin: Any, shape: str, name: str, kind: str, steps: tuple[str, ...], is_public: bool, field: str) -> None:
    """As somebody does it who has never seen the page: what it is, how it goes, what is asked."""
    admin.goto("/services/settings/")
    admin.locator(f"a[href$='?shape={shape}']").first.click()
    admin.get_by_label("名称", exact=True).fill(name)
    admin.get_by_label("主办科室", exact=True).select_option(label="女工部")
    chosen = admin.get_by_role("group", name="服务对象")
    # For persons unless somebody says otherwise.
    if kind != "职工个人":
        chosen.get_by_role("checkbox", name="职工个人", exact=True).uncheck()
        chosen.get_by_role("checkbox", name=kind, exact=True).check()
    if is_public:
        admin.get_by_label("开放自助申请").check()
    for step in steps:
        admin.locator(".picks").get_by_role("checkbox", name=step, exact=True).check()
    admin.get_by_role("button", name="加一项").click()
    admin.get_by_label("字段名称").last.fill(field)
    admin.get_by_role("button", name="保存", exact=True).click()
    expect(admin.locator("#said")).to_contain_text("现在就能登记")


def apply(worker: Any, programme: Programme, label: str, words: str) -> None:
    """A worker without an account, at the counter: the telephone is shown once."""
    messages()
    worker.goto(f"/public/services/{programme.pk}/apply/")
    if worker.get_by_label("手机号").count():
        worker.get_by_label("手机号").fill(MOBILE)
        worker.locator("main form button[type=submit]").first.click()
        expect(worker.get_by_label("验证码")).to_be_visible()
        (message,) = messages()
        worker.get_by_label("验证码").fill(message["code"])
        worker.locator("main form button[type=submit]").first.click()
    worker.get_by_label("您的姓名").fill("陈桂芳")
    worker.get_by_label("什么事").fill("想请工会帮忙")
    worker.get_by_label(label).fill(words)
    worker.get_by_role("checkbox", name="我同意工会为办理这件事").check()
    worker.get_by_role("button", name="提交").click()
    expect(worker.get_by_role("heading", name="您的回执")).to_be_visible()


def enrol(officer: Any, worker: Any, programme: Programme) -> None:
    """The office plans it and publishes it; the worker whose telephone is known comes in."""
    register(officer, programme, {"名称": "插花第一课", "主办单位": "女工部", "自带工具": "剪刀"}, days=("开始日期",))
    row = Activity.objects.get()
    officer.locator("[data-unionops-verbs]").get_by_role("link", name="发布报名").click()
    officer.locator("form.inform button[type=submit]").click()
    expect(officer.locator("#said")).to_contain_text("发布")
    worker.goto("/public/activities/")
    worker.get_by_role("link", name="插花第一课").click()
    worker.get_by_role("link", name="我要报名").click()
    worker.get_by_label("您的姓名").fill("陈桂芳")
    worker.get_by_label("我同意主办单位").check()
    worker.get_by_role("button", name="报名", exact=True).click()
    expect(worker.get_by_role("heading", name="您的回执")).to_be_visible()
    assert row.enrolments.get().name == "陈桂芳"


def place(officer: Any, worker: Any, programme: Programme) -> None:
    """The office puts the place on its list and opens it; a worker finds it and says what is broken."""
    register(officer, programme, {"阵地名称": "斗门休息角", "管理单位": "斗门街道总工会", "几张座椅": "8"})
    assert list(Place.objects.get().details.values()) == ["8"]
    # Nothing opens that nobody would find: the page says what is missing, and where it is filled in.
    expect(officer.get_by_text("还没有填地址、坐标、开放时间，请先完善资料。")).to_be_visible()
    officer.get_by_role("link", name="完善资料").first.click()
    for label, text in (("地址", "斗门大道 8 号"), ("坐标", "120.5856,29.9972"), ("开放时间", "全天")):
        officer.get_by_label(label).first.fill(text)
    officer.locator("form.inform button[type=submit]").click()
    expect(officer.locator("#said")).to_contain_text("已办好")
    officer.locator("[data-unionops-verbs]").get_by_role("link", name="启用开放").click()
    officer.locator("form.inform button[type=submit]").click()
    expect(officer.locator("#said")).to_contain_text("启用开放")
    worker.goto(f"/public/places/{programme.pk}/")
    worker.get_by_role("link", name="斗门休息角").click()
    expect(worker.get_by_text("现在开放").first).to_be_visible()
    worker.get_by_label("哪里不好").fill("椅子少了一把")
    worker.get_by_role("button", name="提交", exact=True).click()
    expect(worker.locator("#said")).to_contain_text("谢谢您")
    assert Repair.objects.get().what == "椅子少了一把"


def register(officer: Any, programme: Programme, values: dict[str, str], days: tuple[str, ...] = ()) -> None:
    officer.goto(f"/services/p/{programme.code}/new/")
    for label, text in values.items():
        officer.get_by_label(label).first.fill(text)
    for label in days:
        officer.get_by_label(label).fill((timezone.localdate() + datetime.timedelta(days=9)).isoformat())
    officer.get_by_role("button", name="登记", exact=True).click()
    officer.wait_for_url("**/services/" + programme.shape + "/*-*/")
