"""Fields of a programme's own: declared as data on the programme, asked by a step, kept with the case."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from unionops.jinja import day as day_words
from unionops.joining import listed

from .enums import AT_BIRTH, FieldKind

MOST_EXTRAS = 30


@dataclass(frozen=True)
class Extra:
    """One field. ``at`` is the step that asks it; ``sealed`` is encrypted and shown only on a logged click;
    ``public`` may be filled in by a visitor without an account; ``counted`` numbers are added up in the figures, of a
    counted choice the share of its first answer. ``target`` is what a year owes of it; ``part_of`` names the number of
    which it is a share."""

    key: str
    label: str
    kind: str = FieldKind.TEXT
    at: str = AT_BIRTH
    required: bool = False
    choices: tuple[str, ...] = ()
    hint: str = ""
    unit: str = ""
    sealed: bool = False
    public: bool = True
    counted: bool = False
    target: int = 0
    part_of: str = ""


def read_extras(rows: Iterable[Mapping[str, Any]]) -> tuple[Extra, ...]:
    known = set(Extra.__dataclass_fields__)
    return tuple(
        Extra(
            **{**{key: value for key, value in row.items() if key in known}, "choices": tuple(row.get("choices", ()))}
        )
        for row in rows
    )


def write_extras(extras: Iterable[Extra]) -> list[dict[str, Any]]:
    return [{**asdict(extra), "choices": list(extra.choices)} for extra in extras]


def plain(value: Any) -> Any:
    """What JSON keeps: decimals and days as text."""
    match value:
        case Decimal():
            return str(value)
        case datetime.date():
            return value.isoformat()
        case list() | tuple():
            return list(value)
    return value


def words(extra: Extra, value: Any, *, full: bool = False) -> str:
    """A kept value as people read it; an em dash where nothing is known. ``full`` writes a day with its year, for papers."""
    if value in (None, "", []):
        return "—"
    match extra.kind:
        case FieldKind.YES_NO:
            return _("是") if value else _("否")
        case FieldKind.MANY:
            return listed(value)
        case FieldKind.MONEY:
            return f"{Decimal(value):,.2f}"
        case FieldKind.DAY:
            return str(value) if full else day_words(datetime.date.fromisoformat(value))
    return f"{value} {extra.unit}".strip() if extra.unit else str(value)


def pairs(extras: Sequence[Extra], details: Mapping[str, Any], *, full: bool = False) -> list[tuple[str, str, bool]]:
    """(label, words, is wide) of each open field that has been asked; sealed ones are not here."""
    return [
        (extra.label, words(extra, details[extra.key], full=full), extra.kind == FieldKind.PARAGRAPH)
        for extra in extras
        if not extra.sealed and extra.key in details
    ]
