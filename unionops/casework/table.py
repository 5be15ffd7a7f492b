"""The columns of a list: how it is sorted, and which of them a person looks at.

What is chosen is kept on the device, as the last filter is: a desk has room for what a tablet has not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, QueryDict

from .paging import Order
from .transitions import Text

COOKIE = "columns"
COOKIE_SECONDS = 365 * 24 * 3600
# A cookie that browsers still take.
LONGEST = 2000


def as_said(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Column:
    """One column of a list.

    ``path`` is asked of the database only while the column is shown, and ``show`` says the value; the template prints
    these cells in one place of the row. A column without a path is printed by the template itself.
    """

    key: str
    label: Text
    sort: str = ""
    # What a sort by this column filters by where nobody has said else.
    filtered: Mapping[str, str] = field(default_factory=dict)
    css: str = ""
    cell: str = "nw c-meta"
    path: str = ""
    show: Callable[[Any], object] = as_said
    usual: bool = True
    # What leads to the row, and what a programme is about.
    always: bool = False


class Table:
    """The head, the chosen columns and the menu of one list on one page."""

    def __init__(self, request: HttpRequest, page: str, every: Sequence[Column], order: Order) -> None:
        self._request, self._page, self._every = request, page, every
        turned = frozenset(_kept(request).get(page, "").split("."))
        self.columns = [column for column in every if column.always or column.usual != (column.key in turned)]
        self.keys = frozenset(column.key for column in self.columns)
        self.heads = [self._head(column, order) for column in self.columns]

    @property
    def paths(self) -> list[str]:
        return [column.path for column in self._asked]

    def cells(self, values: Iterable[Any]) -> list[tuple[object, str, Text]]:
        """What ``paths`` have brought, in their order: in words, the classes of the cell, and what a number needs on a card."""
        return [
            (said := column.show(value), column.cell, column.label if said and column.css == "n" else "")
            for column, value in zip(self._asked, values, strict=True)
        ]

    @property
    def menu(self) -> list[dict[str, object]]:
        return [
            {"key": column.key, "label": column.label, "shown": column.key in self.keys}
            for column in self._every
            if not column.always
        ]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the menu sends along, so that the list stays as it is filtered."""
        query = self._plain()
        return [(name, value) for name, values in query.lists() for value in values]

    def chosen(self) -> HttpResponseRedirect | None:
        """Keep what the menu has sent; the address goes without it, for whoever it is shown to has columns of their own."""
        said = self._request.GET.get("columns", "")
        if not said:
            return None
        wanted = set(self._request.GET.getlist("column"))
        turned = [
            column.key for column in self._every
            if said != "usual" and not column.always and column.usual != (column.key in wanted)
        ]  # fmt: skip
        query = self._plain()
        answer = HttpResponseRedirect(f"{self._request.path}?{query.urlencode()}" if query else self._request.path)
        kept = _kept(self._request)
        kept[self._page] = ".".join(turned)
        if not turned:
            del kept[self._page]
        # Nobody needs the columns of so many lists: those chosen last stay.
        while len(kept.urlencode()) > LONGEST:
            del kept[next(iter(kept))]
        answer.set_cookie(COOKIE, kept.urlencode(), COOKIE_SECONDS, httponly=True, samesite="Lax")
        return answer

    @property
    def _asked(self) -> list[Column]:
        return [column for column in self.columns if column.path]

    def _plain(self) -> QueryDict:
        query = self._request.GET.copy()
        for name in ("after", "columns", "column"):
            query.pop(name, None)
        return query

    def _head(self, column: Column, order: Order) -> dict[str, object]:
        if not column.sort:
            return {"label": column.label, "cls": column.css}
        query = self._plain()
        for name, value in column.filtered.items():
            query.setdefault(name, value)
        query["sort"] = column.sort
        direction = "descending" if order.descending else "ascending"
        return {
            "label": column.label, "url": f"{self._request.path}?{query.urlencode()}", "cls": column.css,
            "sort": direction if column.sort == order.name else "",
        }  # fmt: skip


def _kept(request: HttpRequest) -> QueryDict:
    """By list: the keys of the columns that are turned from what is usual, with dots between them."""
    return QueryDict(request.COOKIES.get(COOKIE, "")[: 2 * LONGEST], mutable=True)
