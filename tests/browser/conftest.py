"""Debian's Chromium, driven by Playwright; without one the tests fail and say so."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest

# Playwright's loop lives in this thread; the tests call Django between its calls, never from within it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("The browser tests need Chromium: apt-get install chromium fonts-noto-cjk")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}
