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
from unionops.org.errors import ActionError

from .enums import AT_BIRTH, FieldKind

MOST_EXTRAS = 30
NUMBERS = (FieldKind.WHOLE, FieldKind.DECIMAL, FieldKind.MONEY)


@dataclass(frozen=True)
class Extra:
    """One field. ``at`` is the step that asks it; ``sealed`` is encrypted and shown only on a logged click;
    ``public`` may be filled in by a visitor without an account; ``counted`` numbers are added up in the figures, of a
    counted choice the share of its first answer. ``target`` is what a year owes of it; ``part_of`` names the number of
    which it is a share. A number stays between ``least`` and ``most`` (0: no bound); a choice must be its first answer where
    the number ``by`` of the same programme comes to ``by_from``; a number is at most as large as its ``by``. A day with
    ``alarm`` is the term of the case, yellow so many days before."""

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
    least: int = 0
    most: int = 0
    by: str = ""
    by_from: int = 0
    alarm: int = 0


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


def check_bounds(extra: Extra, value: Any) -> None:
    """Refuses a number outside what its programme allows."""
    if extra.kind not in NUMBERS:
        return
    number = Decimal(str(value))
    if extra.most and number > extra.most:
        raise ActionError(
            _("%(label)s最多 %(n)s。") % {"label": extra.label, "n": f"{extra.most} {extra.unit}".strip()},
            field=f"extra_{extra.key}",
        )
    if number < extra.least:
        raise ActionError(
            _("%(label)s至少 %(n)s。") % {"label": extra.label, "n": f"{extra.least} {extra.unit}".strip()},
            field=f"extra_{extra.key}",
        )


def check_bound_by_others(extras: Sequence[Extra], moment: str, details: Mapping[str, Any]) -> None:
    """Refuses another answer than the first where the number that binds a choice is large enough (domain 4.10), and a number
    that is larger than the one that it may not pass (4.11).

    Asked where the field is answered, and where the number changes after it.
    """
    known = {extra.key: extra for extra in extras}
    for extra in extras:
        number = known.get(extra.by)
        is_asked = extra.at == moment or (number is not None and number.at == moment and extra.key in details)
        if number is None or not is_asked:
            continue
        measure = Decimal(str(details.get(number.key) or 0))
        field = f"extra_{extra.key if extra.at == moment else number.key}"
        if extra.kind in NUMBERS:
            if Decimal(str(details.get(extra.key) or 0)) > measure:
                raise ActionError(
                    _("%(label)s不能多于%(number)s。") % {"label": extra.label, "number": number.label}, field=field
                )
            continue
        if measure < extra.by_from:
            continue
        if details.get(extra.key) != extra.choices[0]:
            reached = f"{extra.by_from} {number.unit}".strip()
            raise ActionError(
                _("%(number)s达到 %(n)s，%(label)s只能选“%(first)s”。")
                % {"number": number.label, "n": reached, "label": extra.label, "first": extra.choices[0]},
                field=field,
            )


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
