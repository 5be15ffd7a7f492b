"""A paper in real Chromium: asked for on the dashboard, the bar on its page, the file on the disk."""

from __future__ import annotations

import threading

import pypdf
import pytest
from django.db import connection
from playwright.sync_api import expect

from tests.browser.devices import DESK, PHONE
from tests.world import World, make_world
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


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_paper_from_the_dashboard_to_the_disk(world, devices, size, tmp_path):
    page = devices.open(world["leader"], size)
    page.goto("/insight/")
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
    page.goto("/meetings/downloads/")
    expect(page.get_by_text("可以下载")).to_be_visible()
