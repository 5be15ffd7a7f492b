"""How a thing with a receipt number stands, for whoever knows the number and its code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise

from .numbers import is_prefix

Text = str | Promise


@dataclass(frozen=True)
class Standing:
    """What is told: plain words, no name of anybody, nothing that only the office knows.

    ``lines`` are (day, words), the oldest first; ``next_step`` is what happens next or what the person should do; ``place`` is the
    organisation to ask; ``more`` names the page (url name) on which number and code open what can be done with it now.
    """

    title: Text
    state: Text
    lines: Sequence[tuple[object, Text]] = field(default_factory=tuple)
    next_step: Text = ""
    place: Text = ""
    more: str = ""


Lookup = Callable[[str], Standing | None]


@dataclass(frozen=True)
class Kind:
    prefix: str
    label: Text
    lookup: Lookup


_kinds: dict[str, Kind] = {}


def register_lookup(prefix: str, label: Text, lookup: Lookup) -> None:
    """``prefix`` is two signs of Crockford's base 32 and belongs to one kind of thing."""
    assert is_prefix(prefix), prefix
    assert prefix not in _kinds or _kinds[prefix].lookup is lookup, f"{prefix} is taken"
    _kinds[prefix] = Kind(prefix, label, lookup)


def kind_of_prefix(prefix: str) -> Kind | None:
    return _kinds.get(prefix)
