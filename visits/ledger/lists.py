"""Rows of the list of enterprises and of the list of liaison cadres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from unionops.casework.sheets import Cell, DateContext, Layout, is_blank, plain, read_tick, text_of
from unionops.casework.sheets.opening import Sheet

from . import words
from .directory import Directory
from .readers import Readers
from .rows import Bad, CadreRow, EnterpriseRow
from .tally import Tally
from .visits import fingerprint_of, is_total, numbered_rows, taker

_ENTERPRISE = (
    "enterprise", "credit_code", "town", "size", "industry", "staff", "members", "contact", "contact_role", "phone",
    "address", "key", "note",
)  # fmt: skip
_CADRE = ("name", "town", "from", "until", "phone", "note")


class ListSheet:
    """What lists share: one row a thing, totals and blank rows between them."""

    fields: tuple[str, ...]
    readers_class: type[Readers] = Readers

    def __init__(self, sheet: Sheet, layout: Layout, directory: Directory, context: DateContext, tally: Tally) -> None:
        self.readers = self.readers_class(directory, context, layout.mapping, sheet.name, tally)
        self.sheet = sheet
        self._layout = layout
        self.tally = tally
        self._cells = taker(layout.mapping, self.fields)

    def rows(self) -> Iterator[Any]:
        for number, row in numbered_rows(self.sheet, self._layout):
            self.readers.row = number
            cells = self._cells(row)
            if self._is_nothing(cells, row):
                self.tally.ignore(number)
            elif read := self.read(cells):
                yield read

    def _is_nothing(self, cells: Sequence[Cell], row: Sequence[Cell]) -> bool:
        if all(map(is_blank, cells)) or is_total([cell for cell in row if isinstance(cell, str)]):
            return True
        return sum(map(self.readers.is_header, self.fields, cells)) >= 2

    def read(self, cells: tuple[Any, ...]) -> Any:
        raise NotImplementedError

    def refuse(self, cells: Sequence[Cell], wrong: list[tuple[str, Bad]]) -> None:
        if self.tally.is_new(self.fingerprint(cells), self.readers.row):
            place = dict(zip(self.fields, cells, strict=True))
            self.tally.refuse([self.readers.problem(name, place[name], bad) for name, bad in wrong])

    def fingerprint(self, cells: Sequence[Cell]) -> str:
        return fingerprint_of([plain(text_of(cell)) for cell in cells])


class EnterpriseSheet(ListSheet):
    fields = _ENTERPRISE

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # credit code → name, of the rows before
        self._names: dict[str, str] = {}

    def read(self, cells: tuple[Any, ...]) -> EnterpriseRow | None:
        name_cell, code_cell, town_cell, size, industry, staff, members, contact, role, phone, address, key, note = (
            cells
        )
        readers = self.readers
        name, code, town = readers.firm_name(name_cell), readers.code[code_cell], readers.town[town_cell]
        if wrong := self._wrong(name, code, town):
            self.refuse(cells, wrong)
            return None
        fingerprint = self.fingerprint(cells)
        if not self.tally.is_new(fingerprint, readers.row):
            return None
        if code and (other := self._names.setdefault(code, name)) != name:
            self.tally.refuse([readers.problem("credit_code", code_cell, Bad("credit_code", "twice", other))])
            return None
        stands_out = is_key(key)
        if stands_out is None:
            readers.note_bad("key", key)
        self.tally.rows += 1
        self.tally.keys += bool(stands_out)
        return EnterpriseRow(
            self.sheet.name,
            readers.row,
            name,
            code,
            None if isinstance(town, Bad) else town.key,
            self._word("size", size, words.read_size),
            self._word("industry", industry, words.read_industry),
            readers.staff[staff],
            readers.members[members],
            readers.name[contact],
            text_of(role),
            readers.phone[phone],
            text_of(address),
            bool(stands_out),
            text_of(note),
            fingerprint,
        )

    def _wrong(self, name: str, code: Any, town: Any) -> list[tuple[str, Bad]]:
        wrong: list[tuple[str, Bad]] = []
        if not name:
            wrong.append(("enterprise", Bad("enterprise", "missing")))
        elif len(name) > 100:
            wrong.append(("enterprise", Bad("enterprise", "long")))
        if isinstance(code, Bad):
            wrong.append(("credit_code", code))
        # A firm may stand in the list before its town is known.
        if isinstance(town, Bad) and town.detail != "missing":
            wrong.append(("town", town))
        return wrong

    def _word(self, name: str, cell: Cell, read: Any) -> str:
        written = text_of(cell)
        word = read(written)
        if written and not word:
            self.readers.note_bad(name, cell)
        return word


class CadreSheet(ListSheet):
    fields = _CADRE

    def read(self, cells: tuple[Any, ...]) -> CadreRow | None:
        name_cell, town_cell, first, last, phone, note = cells
        readers = self.readers
        name, towns = readers.name[name_cell], readers.towns[town_cell]
        valid_from, valid_to = readers.day[first], readers.day[until_open(last)]
        wrong: list[tuple[str, Bad]] = [] if name else [("name", Bad("name", ""))]
        wrong += [
            (field, bad)
            for field, bad in (("town", towns), ("from", valid_from), ("until", valid_to))
            if isinstance(bad, Bad)
        ]
        if not wrong and valid_from and valid_to and valid_to < valid_from:
            wrong.append(("until", Bad("date", "order")))
        if wrong:
            self.refuse(cells, wrong)
            return None
        fingerprint = self.fingerprint(cells)
        if not self.tally.is_new(fingerprint, readers.row):
            return None
        self.tally.rows += 1
        self.tally.towns.update(towns)
        return CadreRow(
            self.sheet.name,
            readers.row,
            name,
            towns,
            valid_from,
            valid_to,
            readers.phone[phone],
            text_of(note),
            fingerprint,
        )


def is_key(cell: Cell) -> bool | None:
    """是, √, 重点企业; nothing where the cell says neither yes nor no."""
    tick = read_tick(cell)
    return True if tick is None and text_of(cell).startswith(("重点", "是")) else tick


def until_open(cell: Cell) -> Cell:
    """至今, 在岗 and strokes say that there is no end."""
    return (
        ""
        if isinstance(cell, str) and plain(cell) in {"", "至今", "今", "现在", "在岗", "在任", "无", "长期"}
        else cell
    )
