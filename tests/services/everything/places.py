from __future__ import annotations

from typing import Any

from tests.world import World

NO_PAGES: tuple[str, ...] = ()
KEEPERS: tuple[tuple[str, str], ...] = ()


def make(world: World) -> None:
    """What the pages of this part show."""


def value(name: str, key: str) -> Any:
    return None
