"""What number and code of a receipt open: how it stands, rating it, taking it back. Each kind of thing says so at the start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unionops.counter.lookups import Standing, Text, register_lookup


@dataclass(frozen=True, kw_only=True)
class Own:
    """``find`` takes what the receipt points at and answers None where it is gone.

    ``take_back(row, reason)`` returns what is said afterwards; ``warning(row)`` stands above its button.
    """

    find: Callable[[str], Any]
    standing: Callable[[str], Standing | None]
    may_rate: Callable[[Any], bool] = lambda row: False
    rate: Callable[[Any, int, str], object] = lambda row, stars, words: None
    may_take_back: Callable[[Any], bool] = lambda row: False
    take_back: Callable[[Any, str], Text] = lambda row, reason: ""
    warning: Callable[[Any], Text] = lambda row: ""


_own: dict[str, Own] = {}


def register_own(prefix: str, label: Text, own: Own) -> None:
    """``prefix`` is that of the receipts; «查进度» knows them from now on too."""
    _own[prefix] = own
    register_lookup(prefix, label, own.standing)


def own_of(prefix: str) -> Own | None:
    return _own.get(prefix)
