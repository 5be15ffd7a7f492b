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


def until_empty(page: Any, store: str) -> None:
    """Wait until the device keeps nothing more in a store («drafts», «outbox»)."""
    until(
        page,
        f"""new Promise((done) => {{
            const open = indexedDB.open("unionops");
            open.onsuccess = () => {{
                const all = open.result.transaction("{store}").objectStore("{store}").count();
                all.onsuccess = () => {{ open.result.close(); done(all.result === 0); }};
            }};
        }})""",
    )
