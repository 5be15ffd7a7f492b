"""The table of papers: which there are, of what, for whom, and what personal data they tell.

The page of a case, the form, the maker and docs/documents.md go by it. A paper about one case is a `CasePaper`, a register
of many a `ListPaper`; to make another one, write what it says and add it to its module's rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from unionops.casework.transitions import Text
from unionops.org.events import record_event
from unionops.org.models import User
from unionops.packs.documents import Cell, Column, Document
from unionops.packs.enums import Format

from ..actions.cases import sealed_extras
from ..permissions import check_may_reveal

PAGES = (Format.DOCX, Format.PDF)
TABLES = (Format.DOCX, Format.XLSX, Format.PDF)
# (key, words) of each thing of a case that a paper may be about.
Abouts = list[tuple[str, str]]

# The cells of one case behind its running number; None leaves it out.
Row = Callable[[Any], list[Cell] | None]


@dataclass(frozen=True)
class Given:
    """One case as a paper reads it: ``about`` names the session, day or child where the paper is about one."""

    case: Any
    user: User
    about: str = ""
    on: datetime.date = field(default_factory=timezone.localdate)

    def sealed(self, key: str) -> str:
        """A sealed field of the programme in clear; only papers with a guard may call this."""
        return str(sealed_extras(self.case).get(key) or "")


@dataclass(frozen=True)
class Guard:
    """Personal data that a paper tells in full: in words, who may have it told, and how each making is written down."""

    words: Text
    check: Callable[[User, Any], object]
    log: Callable[[Given, str], object]


def whole(words: Text) -> Guard:
    """Numbers and sealed fields in full: for whoever may look at them, each making a line among the readings."""

    def log(given: Given, title: str) -> None:
        record_event(given.case, "reveal", by=given.user, data={"field": str(words), "reason": f"制作《{title}》"})

    return Guard(words, check_may_reveal, log)


@dataclass(frozen=True, kw_only=True)
class CasePaper:
    """``who`` are relations; None where `visible_to` decides. An empty ``shape`` is every shape, no ``programmes`` all."""

    code: str
    documents: str
    title: Text
    note: Text
    write: Callable[[Given], Document]
    shape: str = ""
    programmes: frozenset[str] = frozenset()
    who: frozenset[str] | None = None
    applies: Callable[[Any], bool] = lambda case: True
    guard: Guard | None = None
    abouts: Callable[[Any], Abouts] | None = None
    ask: Text = ""
    formats: Sequence[Format] = PAGES
    icon: str = "file-earmark-text"

    def is_of(self, case: Any) -> bool:
        return self.shape in ("", case.programme.shape) and (
            not self.programmes or case.programme.code in self.programmes
        )


@dataclass(frozen=True, kw_only=True)
class ListPaper:
    """A register: one line for each case of its programmes, a line of sums below where ``sums`` names columns.

    ``year`` is the lookup of the year that is asked for, empty where none is; no ``programmes``: the form asks which one of
    the shape. ``rows`` may narrow or widen what is listed, ``row`` may leave a case out by None.
    """

    code: str
    documents: str
    title: Text
    note: Text
    shape: str
    columns: Sequence[Column]
    row: Row | None = None
    # Where the rows are no cases: what of them a person sees.
    source: Callable[[User], QuerySet[Any]] | None = None
    # Makes the function of a paper's rows where they share what is read once.
    reader: Callable[[], Row] | None = None
    programmes: tuple[str, ...] = ()
    year: str = "registered_at__year"
    rows: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda found: found
    order: Sequence[str] = ("town__path", "number")
    sums: Sequence[str] = ()
    said: str = ""
    icon: str = "table"
    signatures: Sequence[str] = ("制表", "审核")
    landscape: bool = True


_case_papers: dict[str, CasePaper] = {}
_list_papers: dict[str, ListPaper] = {}


def register_papers(*papers: CasePaper | ListPaper) -> None:
    for paper in papers:
        if isinstance(paper, CasePaper):
            _case_papers[paper.code] = paper
        else:
            _list_papers[paper.code] = paper


def case_papers() -> list[CasePaper]:
    return list(_case_papers.values())


def list_papers() -> list[ListPaper]:
    return list(_list_papers.values())
