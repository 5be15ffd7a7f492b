"""Dashboards: which figures stand on a page and how, declared by the room that owns the figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from django.db.models.expressions import Combinable

from unionops.casework.transitions import Text
from unionops.org.models import User

Kind = Literal["months", "bars", "stack", "funnel", "heat", "weeks"]


@dataclass(frozen=True)
class Tile:
    """One headline figure; what stands ``beside`` it is smaller and opens its own rows."""

    indicator: str
    beside: tuple[str, ...] = ()
    lead: bool = False


@dataclass(frozen=True)
class Chart:
    """How a figure is divided, and by which picture it is told.

    ``months`` are columns in time with the rate above them; ``bars`` lie one below the other, the best first; of a
    ``stack`` each bar is divided ``across``; a ``heat`` table has ``by`` down and ``across``; ``weeks`` are a grid of ``by``
    and weeks; a ``funnel`` leads through ``steps``, each a part of the one before, and says what waits by ``across``.
    """

    kind: Kind
    indicator: str
    by: str
    title: Text
    # «17 个镇街»: what the bars are, with %(n)s for how many there are.
    counted: Text = ""
    across: str = ""
    steps: tuple[str, ...] = ()
    # What the steps of a funnel are called, the first one included.
    names: tuple[Text, ...] = ()
    # A path whose value is written into the cell of a grid, and the figure that counts the same rows.
    told: str = ""
    opens: str = ""
    # Of a grid, the figure by which its rows are counted before it is drawn.
    counts: str = ""
    wide: bool = False
    # In the right column.
    beside: bool = False
    # What the part of a rate, the rest and the line above are called; empty: resolved and not resolved.
    key: tuple[Text, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.indicator}-{self.by or 'steps'}"

    @property
    def is_later(self) -> bool:
        """A grid of some hundred links is a part of its own, so that the page itself stays light."""
        return self.kind in ("heat", "weeks")


@dataclass(frozen=True)
class Oldest:
    """The first rows of a figure by ``due``, the oldest first: path of the day, of the words, of who holds it."""

    indicator: str
    title: Text
    due: str
    text: str
    holder: str | Combinable


@dataclass(frozen=True)
class Board:
    """``of`` is the dimension of which the page is about one value: a town, a department, a cadre; empty: everything."""

    code: str
    title: Text
    note: Text
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    # The other figures of the same rows, as a table.
    more: tuple[str, ...] = ()
    filters: tuple[str, ...] = ("town",)
    of: str = ""
    oldest: Oldest | None = None
    # Of a whole beside the first one: whether it has a tab for this person.
    tab: Callable[[User], bool] | None = None


@dataclass(frozen=True)
class Link:
    """A page of another room that belongs to the dashboards."""

    title: Text
    url_name: str


_boards: dict[str, Board] = {}
_links: list[Link] = []


def register(board: Board) -> None:
    _boards[board.code] = board


def register_link(link: Link) -> None:
    _links.append(link)


def links() -> list[Link]:
    return list(_links)


def boards() -> list[Board]:
    return list(_boards.values())


def first() -> Board:
    return next(iter(_boards.values()))


def about(dimension: str) -> Board | None:
    """The board of one value of a dimension."""
    return next((board for board in _boards.values() if board.of == dimension), None)


def tabs(user: User) -> list[Board]:
    return [board for board in _boards.values() if board.tab is not None and board.tab(user)]


def find(code: str) -> Board | None:
    return _boards.get(code)
