"""Dashboards: which figures stand on a page and how, declared by the room that owns the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from unionops.casework.transitions import Text


@dataclass(frozen=True)
class Tile:
    """One headline figure; what stands ``beside`` it is smaller and opens its own rows."""

    indicator: str
    beside: tuple[str, ...] = ()
    lead: bool = False


@dataclass(frozen=True)
class Chart:
    """``months`` are columns in time with the rate above them, ``bars`` lie one below the other, the best first."""

    kind: Literal["months", "bars"]
    indicator: str
    by: str
    title: Text
    # «17 个镇街»: what the bars are, with %(n)s for how many there are.
    counted: Text
    wide: bool = False
    # In the right column, above the table of the other figures.
    beside: bool = False


@dataclass(frozen=True)
class Board:
    code: str
    title: Text
    note: Text
    tiles: tuple[Tile, ...]
    charts: tuple[Chart, ...]
    # The other figures of the same rows, as a table.
    more: tuple[str, ...] = ()
    filters: tuple[str, ...] = ("town",)


_boards: dict[str, Board] = {}


def register(board: Board) -> None:
    _boards[board.code] = board


def first() -> Board:
    return next(iter(_boards.values()))
