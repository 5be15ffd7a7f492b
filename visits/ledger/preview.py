"""What the page shows before anything is written: each cell as it stands, as it was read, and what is wrong with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from unionops.casework.enums import Urgency
from unionops.casework.sheets import Cell, is_blank, show, text_of, words_of
from unionops.org.enums import Industry, SizeClass

from ..enums import ResultKind, VisitMode
from . import words
from .directory import Directory
from .fields import fields_of
from .lists import is_key, until_open
from .readers import Readers
from .reading import Part, Reading
from .rows import Bad
from .tally import Tally
from .visits import heard, numbered_rows

# What became of a row.
GOOD = "good"
ISSUE = "issue"
REFUSED = "refused"
# A further issue of a visit that is refused: it can be read, and stays out with its visit.
SWALLOWED = "swallowed"
DUPLICATE = "duplicate"
IGNORED = "ignored"

_ISSUE_FIELDS = frozenset(
    {
        "issue",
        "demand",
        "category",
        "urgency",
        "department",
        "result",
        "resolved_on",
        "claimants",
        "satisfaction",
        "note",
    }
)
_LONGEST_SHOWN = 300

Cells = dict[str, Cell]


class Look(NamedTuple):
    """One cell with all that may say what it means."""

    readers: Readers
    directory: Directory
    cell: Cell
    cells: Cells


Shower = Callable[[Look], "str | Bad"]


@dataclass(frozen=True, slots=True)
class PreviewCell:
    field: str
    header: str
    raw: str
    # Empty where the cell has no reading.
    reading: str
    # In words; empty where all is well.
    problem: str
    refused: bool


@dataclass(frozen=True, slots=True)
class PreviewRow:
    sheet: str
    row: int
    status: str
    cells: list[PreviewCell]
    # For duplicates the row that said the same before.
    same_as: int | None = None


def preview(reading: Reading, start: int = 0, count: int = 50, *, only: str = "") -> list[PreviewRow]:
    """Rows below the headers from ``start`` on, all of them or only those with one status."""
    window = Window(reading)
    rows = (
        (part, number, row)
        for part in reading.parts
        for number, row in numbered_rows(part.sheet, part.layout)
        if not only or window.status(part, number, row) == only
    )
    return [window.show(part, number, row) for part, number, row in islice(rows, start, start + count)]


class Window:
    """Looks at rows again with the results of a complete pass beside it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        tally = reading.tally
        self._refused = {(problem.sheet, problem.row) for problem in tally.problems}
        self._swallowed = set(tally.swallowed)
        self._problems = {(problem.sheet, problem.row, problem.field): problem for problem in tally.problems}
        self._notes = {(note.sheet, note.field, note.value): note for note in tally.notes}
        self._duplicates = {(copy.sheet, copy.row): copy.first_row for copy in tally.duplicates}
        self._ignored = set(tally.ignored)
        self._readers: dict[str, Readers] = {}

    def status(self, part: Part, number: int, row: list[Cell]) -> str:
        place = (part.sheet.name, number)
        if place in self._refused:
            return REFUSED
        if place in self._swallowed:
            return SWALLOWED
        if place in self._duplicates:
            return DUPLICATE
        if place in self._ignored:
            return IGNORED
        cells = _cells(part, row)
        return GOOD if any(not is_blank(cell) for name, cell in cells.items() if name not in _ISSUE_FIELDS) else ISSUE

    def show(self, part: Part, number: int, row: list[Cell]) -> PreviewRow:
        status = self.status(part, number, row)
        shown = list(self._shown(part, number, row, status))
        return PreviewRow(part.sheet.name, number, status, shown, self._duplicates.get((part.sheet.name, number)))

    def _shown(self, part: Part, number: int, row: list[Cell], status: str) -> Iterator[PreviewCell]:
        sheet, cells = part.sheet.name, _cells(part, row)
        for field in fields_of(self._reading.kind):
            choice = part.layout.mapping.columns.get(field.name)
            if choice is None:
                continue
            cell = cells[field.name]
            raw = show(cell)[:_LONGEST_SHOWN]
            reading = "" if status == IGNORED else self._read(part, field.name, cells)
            problem = self._problems.get((sheet, number, field.name)) or self._notes.get(
                (sheet, field.name, raw.strip()[:100])
            )
            if field.name in self._readers_of(part).covered:
                # As it was read, which is masked; else enough to find the cell by.
                raw = reading or (f"{raw[:3]}***" if raw else "")
            if problem is not None and status != IGNORED:
                yield PreviewCell(
                    field.name, choice.header, raw, "" if problem.refused else reading, problem.text, problem.refused
                )
            else:
                yield PreviewCell(field.name, choice.header, raw, reading, "", refused=False)

    def _read(self, part: Part, name: str, cells: Cells) -> str:
        readers = self._readers_of(part)
        shower = readers.showers.get(name) or _SHOWERS.get(name)
        shown = shower(Look(readers, self._reading.directory, cells[name], cells)) if shower else text_of(cells[name])
        return "" if isinstance(shown, Bad) else str(shown)[:_LONGEST_SHOWN]

    def _readers_of(self, part: Part) -> Readers:
        if part.sheet.name not in self._readers:
            self._readers[part.sheet.name] = self._make_readers(part)
        return self._readers[part.sheet.name]

    def _make_readers(self, part: Part) -> Readers:
        tally = Tally()
        tally.begin(part.sheet.name)
        readers: Readers = self._reading.reader_of(part, tally).readers
        return readers


def _cells(part: Part, row: list[Cell]) -> Cells:
    return {name: row[choice.column] for name, choice in part.layout.mapping.columns.items()}


def _day(day: datetime.date | Bad | None) -> str | Bad:
    return day if isinstance(day, Bad) else day.isoformat() if day else ""


def _when(look: Look) -> str | Bad:
    when = look.readers.when[look.cell]
    if isinstance(when, Bad):
        return when
    half = {"am": _("上午"), "pm": _("下午")}.get(when.half, "")
    until = f"{_('至')} {when.until.isoformat()}" if when.until else ""
    return " ".join(part for part in (when.on.isoformat(), half, until) if part)


def _firm(look: Look) -> str | Bad:
    firm = look.readers.firm[look.cells.get("enterprise", ""), look.cells.get("credit_code", "")]
    return firm if isinstance(firm, Bad) else firm.name


def _towns(look: Look) -> str | Bad:
    """Lists of cadres name several towns in a cell; other ledgers name one."""
    keys = look.readers.towns[look.cell]
    if isinstance(keys, Bad):
        return keys
    return "、".join(look.directory.towns_by_key[key].name for key in keys)


def _who(look: Look) -> str | Bad:
    who = look.readers.who[look.cell]
    return who if isinstance(who, Bad) else who.text


def _issue(look: Look) -> str:
    return heard(look.cell) or (_("无问题") if not is_blank(look.cell) else "")


def _subject(look: Look) -> str:
    text = heard(look.cells.get("issue", "")) or heard(look.cells.get("demand", ""))
    if not text:
        return ""
    code = look.readers.subject[look.cell] or words.guess_subject(text) or words.OTHER
    return look.directory.subject_names.get(code, code)


def _outcome(look: Look) -> str:
    if not heard(look.cells.get("issue", "")) and not heard(look.cells.get("demand", "")):
        return ""
    kind, _resolved, _written = look.readers.outcome[look.cell]
    return str(ResultKind(kind).label) if kind else _("未办结")


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value else ""


_SHOWERS: dict[str, Shower] = {
    "date": _when,
    "cadre": _who,
    "town": _towns,
    "enterprise": _firm,
    "credit_code": lambda look: look.readers.code[look.cell],
    "contact": lambda look: look.readers.name[look.cell],
    "name": lambda look: look.readers.name[look.cell],
    "phone": lambda look: look.readers.phone[look.cell],
    "staff": lambda look: _number(look.readers.staff[look.cell]),
    "members": lambda look: _number(look.readers.members[look.cell]),
    "interviewed": lambda look: _number(look.readers.interviewed[look.cell]),
    "claimants": lambda look: _number(look.readers.claimants[look.cell]),
    "mode": lambda look: _label(VisitMode, look.readers.mode[look.cell]) if not is_blank(look.cell) else "",
    "summary": lambda look: words_of(look.cell),
    "issue": _issue,
    "demand": _issue,
    "category": _subject,
    "urgency": lambda look: _label(Urgency, look.readers.urgency[look.cell]) if not is_blank(look.cell) else "",
    "result": _outcome,
    "resolved_on": lambda look: _day(look.readers.day[look.cell]),
    "size": lambda look: _label(SizeClass, words.read_size(text_of(look.cell))),
    "industry": lambda look: _label(Industry, words.read_industry(text_of(look.cell))),
    "key": lambda look: _("是") if is_key(look.cell) else _("否"),
    "from": lambda look: _day(look.readers.day[look.cell]),
    "until": lambda look: _day(look.readers.day[until_open(look.cell)]),
}


def _number(count: int | None) -> str:
    return "" if count is None else str(count)
