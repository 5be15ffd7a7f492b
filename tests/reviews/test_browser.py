"""The annual review in real Chromium: from the submission over the blind scores to the publication, each by its person."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import browser_type_launch_args
from tests.browser.test_journey import DESK, PHONE, sign_in
from tests.sampling import WHOLE
from tests.world import World, make_world
from visits.reviews.models import Assignment, Review, Submission, SubmissionResult

from . import stories

__all__ = ["browser_type_launch_args", "sign_in"]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def go(page, base, url):
    page.goto(f"{base}{url}")
    return page


def step(page, name, fill=lambda page: None):
    """Open a verb of «下一步» in place, fill its form and send it."""
    page.get_by_role("link", name=name, exact=True).click()
    form = page.locator("#inform form")
    expect(form).to_be_visible()
    fill(form)
    form.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#said")).to_contain_text(f"{name}：已办好")


# The walk over every page sees both sizes; the whole way is gone at one of them.
SIZES = [pytest.param(PHONE, id="phone"), *([pytest.param(DESK, id="desk")] if WHOLE else [])]


@pytest.mark.parametrize("size", SIZES)
def test_from_submission_to_publication(world, live_server, sign_in, size):
    base = live_server.url
    clerk = sign_in("clerk", DESK)
    go(clerk, base, "/meetings/reviews/")
    clerk.get_by_role("link", name="建立年评议").first.click()
    clerk.locator("[name=year]").select_option(str(stories.year()))
    clerk.get_by_role("button", name="建立", exact=True).click()
    clerk.wait_for_url("**/meetings/reviews/")
    review = Review.objects.get()
    home = f"/meetings/reviews/{review.pk}/"
    today = timezone.localdate().isoformat()
    step(go(clerk, base, home), "开始申报", lambda form: form.get_by_label("申报截止日").fill(today))

    cadre = sign_in("cadre", size)
    go(cadre, base, f"{home}submissions/new/")
    cadre.locator("[name=kind][value=suggestion]").check()
    cadre.locator("[name=title]").fill("走访前先看上次没办完的事")
    cadre.locator("textarea[name=text]").fill("打开企业就看到没办完的诉求。")
    expect(cadre.locator("[data-unionops-saved]").first).to_contain_text("草稿已存本机")
    # What was typed outlives the page.
    cadre.reload()
    expect(cadre.locator("[name=title]")).to_have_value("走访前先看上次没办完的事")
    cadre.get_by_role("button", name="存为草稿").click()
    step(cadre, "提交")
    paper = Submission.objects.get()

    # The last day is over.
    Review.objects.update(closes_on=timezone.localdate() - datetime.timedelta(days=1))
    step(go(clerk, base, home), "转入评审")
    go(clerk, base, f"{home}panel/")
    for name in stories.PANEL:
        clerk.locator(f'[name=people][value="{world.people[name].pk}"]').check()
    clerk.get_by_role("button", name="保存", exact=True).click()
    clerk.get_by_role("link", name="抽取评委").click()
    clerk.get_by_role("button", name="抽取评委", exact=True).click()
    expect(clerk.locator("main")).to_contain_text("0/3")

    judges = [row.reviewer.username for row in Assignment.objects.select_related("reviewer").order_by("pk")]
    for at, name in enumerate(judges):
        judge = sign_in(name, size)
        go(judge, base, "/todo/")
        judge.get_by_role("link", name=paper.title).click()
        expect(judge.locator("main")).not_to_contain_text("斗门街道")
        fields = judge.locator("main form .num, main form input[inputmode=decimal]")
        for field in fields.all():
            field.fill(str(80 + at))
        judge.get_by_role("button", name="提交评分").click()
        expect(judge.locator("#said")).to_contain_text("已给")
        judge.context.close()
    stories.by_hand(world, Review.objects.get())

    step(go(clerk, base, home), "算出结果")
    leader = sign_in("leader", DESK)
    step(go(leader, base, home), "公示")
    assert str(SubmissionResult.objects.get().mean) == "81.00"

    go(cadre, base, f"{home}publication/")
    expect(cadre.locator("main")).to_contain_text("一等奖")
    cadre.get_by_role("link", name=paper.title).click()
    expect(cadre.locator("main")).to_contain_text("243 ÷ 3 = 81.00")
    go(cadre, base, f"{home}publication/").get_by_role("link", name="提出异议", exact=True).click()
    cadre.locator("[name=text]").fill("请再核对走访家次")
    cadre.get_by_role("button", name="提出异议", exact=True).click()
    expect(cadre.locator("#said")).to_contain_text("异议已提出")

    go(clerk, base, "/todo/")
    clerk.get_by_role("link", name="请再核对走访家次").click()
    clerk.locator('[name=upheld][value="0"]').check()
    clerk.locator("[name=answer]").fill("已核对，数没有错")
    clerk.get_by_role("button", name="答复", exact=True).click()
    expect(clerk.locator("main")).to_contain_text("已核对，数没有错")
    go(leader, base, home)
    leader.get_by_role("button", name=re.compile("现在不能做")).click()
    expect(leader.locator("#refused")).to_contain_text("之后才能定案")
