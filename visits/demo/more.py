"""What other rooms add to the demo when its story is told: each registers its loader at start-up."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .district import Demo

Loader = Callable[["Demo", datetime.datetime], None]

_loaders: list[Loader] = []


def register_demo(loader: Loader) -> None:
    if loader not in _loaders:
        _loaders.append(loader)


def load_more(demo: Demo, now: datetime.datetime) -> None:
    for loader in _loaders:
        loader(demo, now)
