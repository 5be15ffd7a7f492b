"""Pages of long lists by key instead of by offset: the thousandth page costs what the first costs."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OrderBy, Q, QuerySet

PAGE_ROWS = 50
# Counting stops here: «1000+» tells a person as much, at no cost.
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Order:
    """A sort of a list: one column, then the key; rows without a value stand last."""

    name: str
    column: str
    descending: bool = True
    has_nulls: bool = False


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    count: int
    is_capped: bool
    next: str
    is_first: bool


def page_of(
    queryset: QuerySet, order: Order, *, values: Sequence[str], after: str = "", rows: int = PAGE_ROWS, key: str = "pk",
    counts_in_order: bool = False,
) -> Page:  # fmt: skip
    """Read one page and its capped count in two statements; ``values`` must begin with the key and the order's column.

    Where an index gives the order, the count goes along it as well: the newest rows are in memory, those of years ago are not.
    """
    sign = "-" if order.descending else ""
    nulls_last = True if order.has_nulls else None
    column = F(order.column)
    ordering: list[OrderBy | str] = [
        column.desc(nulls_last=nulls_last) if sign else column.asc(nulls_last=nulls_last),
        f"{sign}{key}",
    ]
    wanted = queryset
    if place := _decode(after):
        wanted = wanted.filter(_beyond(order, key, *place))
    found = list(wanted.order_by(*ordering).values_list(*values)[: rows + 1])
    count = (
        len(found)
        if not after and len(found) <= rows
        else capped_count(queryset, *(ordering if counts_in_order else ()))
    )
    more = len(found) > rows
    return Page(
        rows=found[:rows],
        count=min(count, MOST_COUNTED),
        is_capped=count > MOST_COUNTED,
        next=_encode(found[rows - 1][0], found[rows - 1][1]) if more else "",
        is_first=not after,
    )


def capped_count(queryset: QuerySet, *ordering: OrderBy | str) -> int:
    return queryset.order_by(*ordering).values("pk")[: MOST_COUNTED + 1].count()


def _beyond(order: Order, key: str, value: Any, pk: Any) -> Q:
    """Rows after a place; null values stand last."""
    side = "lt" if order.descending else "gt"
    if value is None:
        return Q(**{f"{order.column}__isnull": True, f"{key}__{side}": pk})
    later = Q(**{f"{order.column}__{side}": value}) | Q(**{order.column: value, f"{key}__{side}": pk})
    # The bound lets the index begin at the place.
    bound = Q(**{f"{order.column}__{side}e": value})
    beyond = bound & later
    return beyond | Q(**{f"{order.column}__isnull": True}) if order.has_nulls else beyond


def _encode(key: Any, value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime.date) else value
    return base64.urlsafe_b64encode(json.dumps([str(key), text]).encode()).decode().rstrip("=")


def _decode(after: str) -> tuple[Any, Any] | None:
    """Return (value, key); a place that somebody made up is the beginning."""
    if not after or len(after) > 300:
        return None
    try:
        key, value = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        return None
    return value, key
