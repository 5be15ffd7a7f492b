"""The door to the reading of ledgers: open, recognise, stream, count, preview. No database."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from unionops.casework.sheets import (
    DateContext,
    Field,
    Layout,
    Mapping,
    UnreadableFile,
    Workbook,
    find_layout,
    open_workbook,
    text_of,
)
from unionops.casework.sheets.dates import find_month, find_year
from unionops.casework.sheets.headers import SEARCHED_ROWS, apply_mapping
from unionops.casework.sheets.opening import Sheet

from .directory import Directory
from .fields import CADRES, ENTERPRISES, KINDS, OTHER_KINDS, VISITS, fields_of
from .lists import CadreSheet, EnterpriseSheet
from .rows import REASONS, CadreRow, Duplicate, EnterpriseRow, Problem, VisitRow
from .tally import Tally
from .visits import VisitSheet

Row = VisitRow | EnterpriseRow | CadreRow
_READERS: dict[str, Any] = {VISITS: VisitSheet, ENTERPRISES: EnterpriseSheet, CADRES: CadreSheet}


def register_kind(kind: str, fields: tuple[Field, ...], reader: Any, reasons: dict[str, Any]) -> None:
    """Let another room read a ledger of its own with these parts.

    ``reader`` is a class as those of `lists`; ``reasons`` are the words for what it refuses or doubts.
    """
    OTHER_KINDS[kind], _READERS[kind] = fields, reader
    REASONS.update(reasons)


@dataclass(frozen=True)
class Part:
    """One sheet that is read, with its header and what its surroundings say about dates."""

    sheet: Sheet
    layout: Layout
    context: DateContext


class Reading:
    """A ledger, recognised. ``rows`` streams the good rows; the counts are those of the last complete pass."""

    def __init__(
        self, workbook: Workbook, directory: Directory, parts: list[Part], skipped: list[tuple[str, str]]
    ) -> None:
        self.workbook = workbook
        self.directory = directory
        self.parts = parts
        # Sheets that are not read, and why: hidden, no_header, other_kind.
        self.skipped = skipped
        self._tally: Tally | None = None

    @property
    def kind(self) -> str:
        return self.mapping.kind

    @property
    def mapping(self) -> Mapping:
        return self.parts[0].layout.mapping

    @property
    def rows(self) -> Iterator[Row]:
        """Stream the good rows from the beginning; each use is a pass of its own."""
        tally = Tally()
        for part in self.parts:
            tally.begin(part.sheet.name)
            yield from self.reader_of(part, tally).rows()
        self._tally = tally

    @property
    def tally(self) -> Tally:
        if self._tally is None:
            for _row in self.rows:
                pass
        assert self._tally is not None
        return self._tally

    @property
    def problems(self) -> list[Problem]:
        """Every cell for which a row is refused."""
        return self.tally.problems

    @property
    def notes(self) -> list[Problem]:
        """What was read with a doubt: one for each distinct value, at its first row."""
        return self.tally.notes

    @property
    def duplicates(self) -> list[Duplicate]:
        return self.tally.duplicates

    @property
    def ignored(self) -> list[tuple[str, int]]:
        return self.tally.ignored

    @property
    def swallowed(self) -> list[tuple[str, int]]:
        """Rows with further issues of visits that are refused."""
        return self.tally.swallowed

    def summary(self) -> dict[str, Any]:
        """The figures by which an office checks an import; keys without meaning for the kind are left out."""
        tally = self.tally
        figures: dict[str, Any] = {
            "rejected_rows": dict(tally.refused_rows),
            "duplicates": len(tally.duplicates),
            "ignored_rows": len(tally.ignored),
        }
        if self.kind == VISITS:
            figures = {
                "year": self._year(),
                "visits": tally.rows,
                "issues": tally.issues,
                "resolved": tally.resolved,
            } | figures
            figures["visits_by_month"] = self._by_month()
        elif self.kind == ENTERPRISES:
            figures = {"enterprises": tally.rows, "key_enterprises": tally.keys} | figures
        elif self.kind in OTHER_KINDS:
            figures = {self.kind: tally.rows} | figures
        else:
            figures = {"cadres": tally.rows, "towns": len(tally.towns)} | figures
        return figures

    def _year(self) -> int | None:
        """The year of the title, else the one year of all visits."""
        years = {part.context.year for part in self.parts} - {None} or {day.year for day in self.tally.days}
        return years.pop() if len(years) == 1 else None

    def _by_month(self) -> dict[str, int]:
        months: Counter[tuple[int, int]] = Counter()
        for day, count in self.tally.days.items():
            months[day.year, day.month] += count
        one_year = len({year for year, _month in months}) == 1
        return {
            str(month) if one_year else f"{year}-{month:02d}": count for (year, month), count in sorted(months.items())
        }

    def reader_of(self, part: Part, tally: Tally) -> Any:
        """Reads the rows of one sheet; it counts into this tally."""
        return _READERS[self.kind](part.sheet, part.layout, self.directory, part.context, tally)


def read_workbook(
    source: str | Path | bytes | BinaryIO,
    directory: Directory,
    mapping: Mapping | None = None,
    *,
    kind: str | None = None,
    name: str = "",
    today: datetime.date | None = None,
) -> Reading:
    """Open a ledger and recognise it. ``mapping`` is what a person corrected; ``kind`` settles what the file is.

    Raises ``UnreadableFile`` where there is nothing to read.
    """
    workbook = open_workbook(source, name)
    wanted = mapping.kind if mapping else kind
    kinds = {wanted: fields_of(wanted)} if wanted else KINDS
    skipped: list[tuple[str, str]] = []
    found: list[Part] = []
    for sheet in workbook.sheets:
        if sheet.hidden:
            skipped.append((sheet.name, "hidden"))
            continue
        part = _part(workbook, sheet, kinds, mapping, today or datetime.date.max)
        if part is None:
            skipped.append((sheet.name, "no_header"))
        else:
            found.append(part)
    if not found:
        raise UnreadableFile("no_header", _("没有找到表头：表里没有认得出的走访、企业或干部的列名。"))
    return _reading(workbook, directory, found, skipped)


def _reading(workbook: Workbook, directory: Directory, found: list[Part], skipped: list[tuple[str, str]]) -> Reading:
    """The kind with the surest header is read; sheets of another kind wait for a pass of their own."""
    kind = max(found, key=lambda part: part.layout.score).layout.mapping.kind
    parts = [part for part in found if part.layout.mapping.kind == kind]
    skipped += [(part.sheet.name, "other_kind") for part in found if part.layout.mapping.kind != kind]
    return Reading(workbook, directory, parts, skipped)


def _part(
    workbook: Workbook, sheet: Sheet, kinds: dict[str, Any], mapping: Mapping | None, today: datetime.date
) -> Part | None:
    head = list(islice(sheet.rows(), SEARCHED_ROWS + 1))
    layout = find_layout(head, kinds, sheet.merges())
    if layout is None:
        return None
    above = [text_of(cell) for row in head[: layout.first_row] for cell in row if isinstance(cell, str) and cell]
    if mapping is not None:
        layout = apply_mapping(layout, mapping)
    return Part(sheet, layout, _context(above, sheet.name, workbook.name, today))


def _context(above: list[str], sheet: str, file: str, today: datetime.date) -> DateContext:
    """The year comes from the nearest title that names exactly one: above the header, the sheet's name, the file's."""
    titles = [*above, sheet, Path(file).stem]
    year = next((year for title in titles if (year := find_year(title))), None)
    month = find_month(sheet) or next((month for title in above if (month := find_month(title))), None)
    return DateContext(year, month, today)
