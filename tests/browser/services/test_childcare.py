"""A child in real Chromium: enrolled from the waiting list, signed in with one tap, refused to a stranger, picked up."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from services.childcare.actions import children
from services.childcare.models import CareNote, Child, ChildDay, ClassFile
from tests.browser.devices import TABLET, Devices
from tests.services.caring import Class, identity, make_class, staff
from tests.world import make_world


@pytest.fixture
def care(transactional_db: None) -> Class:
    """A class with one place, which is taken; it has not begun, and it is open at whatever hour this runs."""
    found = make_class(make_world(), capacity=1, starts_on=timezone.localdate() - datetime.timedelta(days=1))
    ClassFile.objects.update(hours_from=datetime.time(0), hours_to=datetime.time(23, 59))
    staff(found)
    found.child("俞子墨", 13)
    return found


def test_from_the_waiting_list_to_grandmothers_hand(devices: Devices, care: Class) -> None:
    world = care.world
    case = f"/services/activity/{care.activity.pk}/"
    officer = devices.open(world["officer"], TABLET)

    # Enrolled with the guardian's consent: the class is full, so the child waits.
    officer.goto(f"{case}do/child/")
    for label, text in (
        ("孩子姓名", "何以宁"), ("孩子身份证号", identity(12)), ("出生日期", "2017-05-12"), ("过敏和健康", "花生过敏"),
        ("监护人姓名", "丁香兰"), ("监护人手机", "15800001234"), ("紧急联系人", "邵美娟"), ("紧急联系人手机", "13600003300"), ("另一位接送人", "茹玉珍"), ("另一位手机", "13700006620"),
    ):  # fmt: skip
        officer.get_by_label(label).first.fill(text)
    officer.get_by_label("年级").select_option(label="三年级")
    officer.get_by_label("女", exact=True).check()
    officer.get_by_label("与孩子的关系").first.select_option(label="母亲")
    officer.get_by_label("紧急联系人与孩子的关系").select_option(label="朋友或邻居")
    officer.get_by_label("另一位与孩子的关系").select_option(label="祖辈")
    officer.get_by_label("纸质签字").check()
    officer.get_by_role("button", name="登记孩子").click()
    expect(officer.locator("main")).to_contain_text("还不能提交")
    officer.get_by_label("监护人看过").check()
    officer.get_by_role("button", name="登记孩子").click()
    officer.wait_for_url(case)
    officer.goto(f"{case}enrolments/")
    expect(officer.locator("main")).to_contain_text("候补第 1 位")
    expect(officer.locator("main")).not_to_contain_text("何以宁")

    # The other child withdraws: this one moves up, its agreement is signed, the class begins.
    officer.goto(f"{case}enrolments/")
    officer.get_by_role("row").nth(1).get_by_role("link", name="退出").click()
    officer.get_by_label("理由").fill("搬家")
    officer.get_by_role("button", name="退出").click()
    expect(officer.locator("main")).not_to_contain_text("候补第 1 位")
    child = care.again(Child.objects.get(enrolment__name="何以宁"))
    assert child.enrolment.state == "confirmed"
    children.sign_agreement(child, by=world["officer"])
    officer.goto(case)
    officer.get_by_role("link", name="开始", exact=True).click()
    officer.locator("form.inform").get_by_role("button", name="开始").click()
    expect(officer.locator(".head")).to_contain_text("进行中")

    # The door is closed until a leader has opened it.
    officer.goto(f"/services/childcare/{care.activity.pk}/day/")
    officer.get_by_role("link", name="申请查看").click()
    officer.get_by_label("理由").fill("带班、签到和接送")
    officer.get_by_role("button", name="申请查看").click()
    expect(officer.locator("#said")).to_contain_text("已办好")
    leader = devices.open(world["leader"], TABLET)
    leader.goto(case)
    leader.get_by_role("link", name="同意查看").click()
    leader.get_by_role("button", name="同意查看").click()
    expect(leader.locator("#said")).to_contain_text("已办好")

    # The father brings it; a stranger goes without the child; grandmother takes it home.
    officer.goto(f"/services/childcare/{care.activity.pk}/day/")
    officer.locator("a.kid", has_text="何以宁").click()
    officer.locator(".who .pick").first.click()
    officer.get_by_role("button", name="送到，签到").click()
    expect(officer.locator(".kid--in")).to_contain_text("已到")
    officer.locator("a.kid", has_text="何以宁").click()
    officer.locator("#t-other").check()
    officer.get_by_label("名单外的人是谁").fill("自称邻居的人")
    officer.get_by_role("button", name="记下，不能接走").click()
    expect(officer.locator("#said")).to_contain_text("没有被接走")
    assert ChildDay.objects.get().state == "arrived"
    assert CareNote.objects.get().kind == "turned_away"
    officer.get_by_label("祖辈").check()
    officer.get_by_role("button", name="确认祖辈接走").click()
    expect(officer.locator(".kid--out")).to_contain_text("祖辈")
    assert ChildDay.objects.get().left_with.open("name") == "茹玉珍"
