"""The API's documentation in real Chromium, under the same content policy as every page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.world import PASSWORD, World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_documentation_opens_and_tries_a_call_without_a_fault(world: World, browser: Any, live_server: Any) -> None:
    faults: list[str] = []
    page = browser.new_page(locale="zh-CN")
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None)
    page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("登录名").fill("leader")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(re.compile(r"/$"))

    page.goto(f"{live_server.url}/api/docs/")
    page.locator("#operations-tag-issues button.expand-operation").click()
    page.locator("#operations-issues-issues_list .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()

    expect(page.locator(".opblock")).not_to_have_count(0)
    expect(page.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    assert faults == []
