"""Waiting for what a page answers later: Playwright takes the promise itself for a yes."""

from __future__ import annotations

from typing import Any


def until(page: Any, promise: str) -> None:
    """Ask the page again and again until what the expression promises is true.

    Raises:
        playwright.sync_api.Error: if that takes longer than fifteen seconds.
    """
    page.evaluate(
        f"""async () => {{
            const end = Date.now() + 15_000;
            while (!(await ({promise}))) {{
                if (Date.now() > end) throw new Error("It never came true");
                await new Promise((next) => setTimeout(next, 50));
            }}
        }}"""
    )
