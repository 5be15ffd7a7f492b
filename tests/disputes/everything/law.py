from __future__ import annotations

from typing import Any

from tests.world import World

# Only for what is sent, or answered with a file.
NO_PAGES: tuple[str, ...] = ()
# Who opens a page, by the beginning of its name.
KEEPERS: tuple[tuple[str, str], ...] = ()


def make(world: World) -> None:
    """Something to show on each page of this part."""


def value(name: str, key: str) -> Any:
    """What stands for a key in the address of a page; None where another part knows."""
