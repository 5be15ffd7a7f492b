"""Old and new values of a timeline as the API may tell them: names of citizens are masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from unionops.china.names import mask_name

# By kind, the columns that hold names of citizens; names of firms and organisations are public.
PERSONAL = {"visit": frozenset({"contact_name"}), "person": frozenset({"name"})}


def masked(verb: str, data: Any) -> Any:
    """Return the content of an event with the names in its changes masked."""
    kind = verb.partition(".")[0]
    changes = data.get("changes") if isinstance(data, dict) else None
    if not changes or kind not in PERSONAL:
        return data
    hidden = {name: [mask_name(str(old or "")) for old in changes[name]] for name in PERSONAL[kind] & changes.keys()}
    return {**data, "changes": {**changes, **hidden}}


def told_masked(value: Any, names: Mapping[str, str]) -> Any:
    """The same text, list or record with the names masked wherever they stand; the longest first."""
    if isinstance(value, str):
        for name in sorted(names, key=len, reverse=True):
            value = value.replace(name, names[name])
        return value
    if isinstance(value, dict):
        return {key: told_masked(part, names) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [told_masked(part, names) for part in value]
    return value
