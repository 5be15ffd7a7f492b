"""The boards in real Chromium: ECharts draws SVG that says what it shows and opens rows; the wall renews itself."""

from __future__ import annotations

import contextlib
import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from tests.world import World, make_world
from visits.actions.register import IssueDraft
from visits.actions.visits import VisitDraft, log_visit
from visits.enums import IssueState

from .devices import PHONE


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    now = timezone.now()
    for age in (1, 12, 40):
        registered = now - datetime.timedelta(days=age)
        found.issue(IssueState.HANDLING, registered_at=registered)
        found.issue(IssueState.CLOSED, registered_at=registered, closed_at=now)
    heard = IssueDraft(title="加班费没发", category=found.category, handling="submit")
    log_visit(VisitDraft(visited_on=timezone.localdate(), enterprise=found.enterprise), [heard], by=found["cadre"])
    return found


def year() -> str:
    """Two years, so that what was registered some weeks ago is in it on any day."""
    today = timezone.localdate()
    return f"period={today.replace(year=today.year - 1, day=1)}..{today}"


def test_a_board_at_a_desk(sign_in):
    page = sign_in("leader", color_scheme="light")
    page.goto(f"/insight/?{year()}")
    svg_says_what_it_shows(page)
    grids_come_after_the_page_and_tables_when_opened(page)
    # Theme and paper draw the charts anew, and a key that is pressed meanwhile is lost: marks come before them.
    a_mark_opens_its_rows_by_keyboard_and_by_mouse(page)
    a_usual_view_is_saved_in_its_dialog(page)
    another_theme_gives_other_colours(page)
    paper_shows_nothing_that_is_only_for_the_screen(page)


def svg_says_what_it_shows(page: Any) -> None:
    drawn = page.locator("[data-unionops-drawn]:has(svg)")
    drawn.nth(1).wait_for()

    expect(drawn).to_have_count(2)
    labels = [drawn.nth(place).get_attribute("aria-label") for place in range(2)]
    assert labels[0].startswith("每月登记与化解")
    assert "年" in labels[0]
    assert labels[1].startswith("在办的放了多久")
    assert "权保部" in labels[1]
    expect(page.locator(".vbars").first).to_be_hidden()


def grids_come_after_the_page_and_tables_when_opened(page: Any) -> None:
    page.locator("#issue_count-town table").wait_for()
    page.locator("#week_count-cadre table").wait_for()
    expect(page.locator("#resolution_rate-month table")).to_have_count(0)
    page.locator("#resolution_rate-month summary").click()
    page.locator("#resolution_rate-month table").wait_for()


def another_theme_gives_other_colours(page: Any) -> None:
    drawing = page.locator("[data-unionops-drawn] svg").first
    light = drawing.inner_html()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        "(before) => document.querySelector('[data-unionops-drawn] svg').innerHTML !== before", arg=light
    )

    assert "#5d93c4" in drawing.inner_html()
    page.evaluate("delete document.documentElement.dataset.theme")
    page.locator('[data-unionops-drawn] svg path[fill="#2b5c8a"]').last.wait_for()


def paper_shows_nothing_that_is_only_for_the_screen(page: Any) -> None:
    page.locator("#week_count-cadre table").wait_for()
    page.emulate_media(media="print")

    expect(page.locator(".tiles")).to_be_visible()
    expect(page.locator(".fb").first).to_be_hidden()
    expect(page.locator(".tabs-u")).to_be_hidden()
    expect(page.locator("#week_count-cadre table")).to_be_visible()
    page.emulate_media(media="screen")


def a_mark_opens_its_rows_by_keyboard_and_by_mouse(page: Any) -> None:
    chart = page.locator("[data-unionops-drawn]:has(svg)").first
    wanted = page.locator(".vbar").first.get_attribute("href")
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")

    page.go_back()
    chart.wait_for()
    bars = page.locator('[data-unionops-drawn] svg path[fill="#2b5c8a"]')
    # A bar that still grows is not hit by the first click on a busy machine, nor is the page of its rows there at once.
    for _try in range(5):
        with contextlib.suppress(TooLate):
            bars.last.click(timeout=5000)
            page.wait_for_url("**/insight/rows/**", timeout=5000, wait_until="commit")
            break
        page.reload()
        chart.wait_for()
    assert "indicator=" in page.url


def a_usual_view_is_saved_in_its_dialog(page: Any) -> None:
    page.go_back()
    page.get_by_text("常用视图", exact=True).first.click()
    page.get_by_role("button", name="把现在看的存为常用").click()
    page.get_by_label("名称").fill("两年")
    page.get_by_label("打开看板时就看这个").check()
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**{year()}")
    page.goto("/insight/")

    assert page.url.endswith(year())


def test_a_board_without_the_library(sign_in):
    """On a phone the pictures of the server stand; no page without charts fetches it; without scripts all is there."""
    page = sign_in("leader", PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/insight/?{year()}")
    page.wait_for_load_state("networkidle")

    expect(page.locator(".vbars").first).to_be_visible()
    assert not any("echarts" in url for url in asked)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]

    page = sign_in("leader")
    asked.clear()
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/issues/", "/insight/key-enterprises/"):
        page.goto(path)

    assert asked
    assert not any("charts" in url for url in asked)

    page = sign_in("leader", java_script_enabled=False)
    page.goto(f"/insight/?{year()}")
    expect(page.locator(".vbar").first).to_be_visible()
    expect(page.locator("a.hbar").first).to_be_visible()
    page.locator("#issue_count-town a.prow--more").click()
    expect(page.locator("table.grid-t")).to_be_visible()


def test_the_wall_renews_itself_and_says_since_when_it_did_not(sign_in, world):
    page = sign_in("leader")
    page.clock.install()
    page.goto(f"/insight/wall/?{year()}")
    shown = page.locator(".wall__n b").first
    before = shown.inner_text()
    expect(page.locator("[data-unionops-turn]:visible")).to_have_count(1)
    first = page.locator("[data-unionops-turn]:visible h2").inner_text()
    for _number in range(3):
        world.issue(IssueState.HANDLING, registered_at=timezone.now())
    page.clock.run_for(61_000)
    page.wait_for_function("(before) => document.querySelector('.wall__n b').textContent !== before", arg=before)
    expect(page.locator("[data-unionops-turn]:visible h2")).not_to_have_text(first, use_inner_text=True)

    # Without a network the last picture stays, and it is said how old it is.
    kept = shown.inner_text()
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    page.locator("[data-unionops-old]:visible").wait_for()
    expect(page.locator("[data-unionops-old]")).to_contain_text("没有更新", use_inner_text=True)
    expect(shown).to_have_text(kept, use_inner_text=True)

    page.context.set_offline(False)
    page.clock.run_for(61_000)
    page.locator("[data-unionops-old]").wait_for(state="hidden")
