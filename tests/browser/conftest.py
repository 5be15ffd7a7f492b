"""Debian's Chromium, driven by Playwright; without one the tests fail and say so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from tests.browser.devices import DESK, Devices
from tests.world import World

# Playwright's loop lives in this thread; the tests call Django between its calls, never from within it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# Chromium without windows, tabs and toolbars draws the same pages and spends half the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if chromium is None:
        pytest.fail("The browser tests need Chromium: apt-get install chromium-headless-shell fonts-noto-cjk")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Of a journey that failed, show what its people had before them."""
    report = yield
    found = getattr(item, "funcargs", {}).get("devices")
    if found is not None and call.when == "call" and report.failed:
        report.sections.append(("Devices", found.tell()))
    return report


@pytest.fixture
def devices(browser: Any, live_server: Any) -> Iterator[Devices]:
    with Devices(browser, live_server.url) as found:
        yield found


@pytest.fixture
def sign_in(devices: Devices, world: World) -> Callable[..., Any]:
    """Return a function that gives a person of the district a device of their own."""

    def page_of(name: str, size: dict[str, int] = DESK, **more: Any) -> Any:
        return devices.open(world[name], size, **more)

    return page_of
