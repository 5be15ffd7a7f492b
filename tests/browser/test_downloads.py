"""A paper in real Chromium: asked for on the dashboard, the bar on its page, the file on the disk."""

from __future__ import annotations

import threading
from typing import Any

import pypdf
import pytest
from django.db import connection
from playwright.sync_api import expect

from tests.world import PASSWORD, World, make_world
from unionops.casework.models import Outbox
from unionops.packs import making


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    found.issue()
    return found


def work(begun: threading.Event, go_on: threading.Event) -> None:
    """A worker beside the page: it begins, lets the page see that, and ends."""
    try:
        (promise,) = Outbox.objects.filter(task=making.TASK)
        row = making._begin(promise.arguments["download_id"])
        assert row is not None
        making.tell(row, 40)
        begun.set()
        go_on.wait(30)
        making._make(row)
    finally:
        connection.close()


@pytest.mark.parametrize("size", [(390, 844), (1440, 900)], ids=["phone", "desk"])
def test_a_paper_from_the_dashboard_to_the_disk(world, live_server, browser, size, tmp_path):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page: Any = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("登录名").fill(world["leader"].username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()

    page.goto(f"{live_server.url}/insight/")
    page.get_by_role("link", name="做成文件").click()
    page.get_by_role("button", name="PDF 文件").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("排队中，马上开始")).to_be_visible()

    begun, go_on = threading.Event(), threading.Event()
    worker = threading.Thread(target=work, args=(begun, go_on))
    worker.start()
    assert begun.wait(30)
    expect(page.get_by_text("正在制作，已完成 40%")).to_be_visible()
    go_on.set()
    worker.join(60)

    with page.expect_download() as caught:
        page.get_by_role("link", name="下载 ·").click()
    target = tmp_path / caught.value.suggested_filename
    caught.value.save_as(target)
    assert target.name.startswith("看板")
    assert "越城区总工会" in pypdf.PdfReader(target).pages[0].extract_text().replace(" ", "")
    page.goto(f"{live_server.url}/meetings/downloads/")
    expect(page.get_by_text("可以下载")).to_be_visible()
    context.close()
