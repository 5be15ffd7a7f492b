"""Query parameters of the lists: each says how it is read, what it does and how it is documented."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Choices, IntegerChoices, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ErrorDetail, ValidationError

from unionops.china.names import clean_text
from unionops.joining import listed

from ..models import User

Text = Any
Apply = Callable[[QuerySet, Any, User], QuerySet]

LARGEST_KEY = 2**63 - 1
LONGEST_TEXT = 100


class Wrong(Exception):
    """A parameter that cannot be read; the message says what is expected."""


@dataclass(frozen=True)
class Filter:
    name: str
    read: Callable[[str], Any]
    apply: Apply
    schema: dict[str, Any]
    about: Text = ""
    many: bool = False

    def parameter(self) -> OpenApiParameter:
        schema = {"type": "array", "items": self.schema, "maxItems": 50} if self.many else self.schema
        return OpenApiParameter(
            self.name, schema, description=str(self.about), explode=False if self.many else None,
            style="form" if self.many else None,
        )  # fmt: skip


def _equal(column: str) -> Apply:
    return lambda rows, value, user: rows.filter(**{column: value})


def read_key(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= LARGEST_KEY):
        raise Wrong(_("应为编号，是一个正整数。"))
    return int(text)


def read_uuid(text: str) -> uuid.UUID:
    try:
        if len(text) > 36:
            raise ValueError
        return uuid.UUID(text)
    except ValueError as error:
        raise Wrong(_("应为 UUID。")) from error


def read_day(text: str) -> datetime.date:
    try:
        day = parse_date(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong(_("应为存在的日期，写作 2026-11-20。"))
    return day


def read_flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise Wrong(_("应为 true 或 false。"))
    return text == "true"


def read_text(text: str) -> str:
    cleaned = clean_text(text, multiline=False)
    if len(cleaned) > LONGEST_TEXT:
        raise Wrong(_("最多 100 个字。"))
    return cleaned


def key(name: str, column: str = "", about: Text = "") -> Filter:
    schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY}
    return Filter(name, read_key, _equal(column or name), schema, about)


def long_key(name: str, column: str = "", about: Text = "") -> Filter:
    return Filter(name, read_uuid, _equal(column or name), {"type": "string", "format": "uuid"}, about)


def day(name: str, lookup: str, about: Text = "") -> Filter:
    return Filter(name, read_day, _equal(lookup), {"type": "string", "format": "date"}, about)


def flag(name: str, apply: Apply, about: Text = "") -> Filter:
    return Filter(name, read_flag, apply, {"type": "boolean"}, about)


def column_flag(name: str, about: Text = "") -> Filter:
    return flag(name, _equal(name), about)


def text(name: str, apply: Callable[[QuerySet, str, User], QuerySet], about: Text = "") -> Filter:
    def apply_unless_empty(rows: QuerySet, value: str, user: User) -> QuerySet:
        return apply(rows, value, user) if value else rows

    return Filter(name, read_text, apply_unless_empty, {"type": "string", "maxLength": LONGEST_TEXT}, about)


def choice(name: str, choices: type[Choices], about: Text = "", column: str = "") -> Filter:
    """One or more codes, with commas between."""
    known = {str(value): value for value in choices.values}

    def read(text: str) -> list[Any]:
        codes = text.split(",")
        if unknown := [code for code in codes if code not in known]:
            shown = listed(clean_text(code) for code in unknown[:3])[:60]
            raise Wrong(_("没有 %(unknown)s；可用：%(known)s。") % {"unknown": shown, "known": listed(known)})
        return [known[code] for code in codes]

    kind = "integer" if issubclass(choices, IntegerChoices) else "string"
    return Filter(
        name, read, _equal(f"{column or name}__in"), {"type": kind, "enum": list(choices.values)}, about, many=True
    )


@dataclass(frozen=True)
class Asked:
    """What a list was asked for."""

    filters: list[tuple[Filter, Any]] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


def read_query(query: QueryDict, filters: Sequence[Filter], options: frozenset[str]) -> Asked:
    """Read every parameter or say what is wrong with each; a parameter that nobody knows is an error, not a no-op."""
    asked = Asked()
    if not query:
        return asked
    known = {one.name: one for one in filters}
    errors: dict[str, list[ErrorDetail]] = {}
    for name in query:
        values = query.getlist(name)
        if name in options:
            asked.options[name] = values[-1]
        elif name not in known:
            names = listed([*known, *sorted(options)])
            errors[_shown(name)] = [ErrorDetail(_("没有这个参数；可用：%(names)s。") % {"names": names}, "unknown")]
        elif len(values) > 1:
            errors[name] = [ErrorDetail(_("这个参数只能写一次。"), "repeated")]
        else:
            try:
                asked.filters.append((known[name], known[name].read(values[0])))
            except Wrong as error:
                errors[name] = [ErrorDetail(str(error), "invalid")]
    if errors:
        raise ValidationError(errors)
    return asked


def _shown(name: str) -> str:
    return clean_text(name, multiline=False)[:40]
