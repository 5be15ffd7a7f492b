"""Rows of the ledger of visits and issues.

Three shapes occur, often in one file: one row a visit; further issues in rows below it whose visit cells are blank or
merged; and the visit repeated in full for each issue. A row that is the same as an earlier one is a duplicate.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import Any

from unionops.casework.sheets import Cell, DateContext, Layout, Mapping, is_blank, plain, text_of, words_of
from unionops.casework.sheets.opening import Merge, Sheet

from . import words
from .directory import Directory, Firm, Town
from .readers import Readers
from .rows import Bad, Extra, IssueRow, Problem, VisitRow
from .tally import Tally

_VISIT = ("date", "cadre", "town", "enterprise", "credit_code", "contact", "phone", "staff", "mode")
_ISSUE = ("issue", "demand", "category", "urgency", "department", "result", "note")
# In the order in which they are read and repaired.
_INHERITED = ("date", "cadre", "town", "enterprise")
_EXTRA = ("companions", "contact_role", "interviewed", "summary", "policies", "next_plan")
_LATER = ("resolved_on", "claimants", "satisfaction")
_NO_EXTRA = Extra()
_NOTHING_LATER = (None, None, "")
_TOTAL = re.compile(
    r"(?:本[月季年页]|上[月季年]|全年|\d{1,2}月份?|第?[一二三四]季度|\d{4}年(?:度)?)?(?:小计|合计|总计|共计|累计|总数)(?:\d.*)?"
)
_REMARK = re.compile(
    r"^(?:注|备注|说明|填表|制表|审核|填报|统计|联系|负责人|单位负责|分管领导)[^：:]{0,6}[：:]|^\d+[.、].{12,}"
)
# The absent columns point at a blank cell that is hung on the end of each row.
_ABSENT = -1
_SEPARATOR = "\x1f"

Taker = Callable[[Sequence[Cell]], tuple[Any, ...]]


# The generated constructors of named tuples take three times as long; a long ledger makes one for each row.
_visit_row = partial(tuple.__new__, VisitRow)
_issue_row = partial(tuple.__new__, IssueRow)


class VisitSheet:
    """Reads one sheet from its header down, once.

    The visit whose further issues may follow is held in ``_open`` until a row shows that it is complete.
    """

    def __init__(self, sheet: Sheet, layout: Layout, directory: Directory, context: DateContext, tally: Tally) -> None:
        self.readers = Readers(directory, context, layout.mapping, sheet.name, tally)
        self._sheet = sheet
        self._layout = layout
        self._tally = tally
        self._visit_cells = taker(layout.mapping, _VISIT)
        self._issue_cells = taker(layout.mapping, _ISSUE)
        self._extra_cells = optional_taker(layout.mapping, _EXTRA)
        self._later_cells = optional_taker(layout.mapping, _LATER)
        self._merged = _merged_below(sheet.merges(), layout.mapping)
        # What «同上», a merged cell or a blank means: the readings of the row above, in the order of _INHERITED.
        self._above: tuple[Any, ...] = (None, None, None, None)
        self._open: tuple[Any, ...] | None = None
        self._open_row = 0
        self._issues: list[IssueRow] = []
        self._note = ""
        self._extra = _NO_EXTRA
        # The open visit stands in the file again: what follows may be a repetition too.
        self._repeated = False
        # A refused row has swallowed what follows it.
        self._refused = False

    def rows(self) -> Iterator[VisitRow]:
        """Hot: everything that repeats is looked up in a memo, everything unusual leaves by a call."""
        readers, visit_cells, issue_cells, extra_cells = (
            self.readers, self._visit_cells, self._issue_cells, self._extra_cells
        )  # fmt: skip
        when_of, who_of, town_of, firm_of = readers.when, readers.who, readers.town, readers.firm
        name_of, phone_of, count_of, mode_of, text_of_note = (
            readers.name, readers.phone, readers.staff, readers.mode, readers.text
        )  # fmt: skip
        for number, row in numbered_rows(self._sheet, self._layout):
            readers.row = number
            cells = visit_cells(row)
            if not any(cells):
                self._read_below(row)
                continue
            date, cadre, town, name, code, contact, phone, staff, mode = cells
            above: tuple[Any, ...] | None
            above = when, who, place, firm = when_of[date], who_of[cadre], town_of[town], firm_of[name, code]
            if when.__class__ is Bad or who.__class__ is Bad or place.__class__ is Bad or firm.__class__ is Bad:
                above = self._recover(cells, row, above)
                if above is None:
                    continue
            visit = (*above, name_of[contact], phone_of[phone], count_of[staff], mode_of[mode])
            if visit == self._open:
                self._repeat(row)
                continue
            if self._open is not None and (done := self._close()):
                yield done
            self._above = above
            self._open = visit
            self._open_row = number
            issue = issue_cells(row)
            self._note = text_of_note[issue[6]]
            if extra_cells:
                self._extra = self._read_extra(extra_cells(row))
            heard = self._read_issue(issue, row)
            self._issues = [heard] if heard else []
            self._repeated = self._refused = False
        if self._open is not None and (done := self._close()):
            yield done

    def _recover(self, cells: tuple[Any, ...], row: Sequence[Cell], read: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """A row that is no plain visit: blank, a total, one that leaves something to the row above, or an error."""
        if all(map(is_blank, cells)):
            self._read_below(row)
        elif isinstance(read[0], Bad) and self._is_no_visit(cells, row):
            self._tally.ignore(self.readers.row)
        else:
            repaired = self._repair(cells, *read)
            wrong = [
                self.readers.problem(bad.reason, cells[4 if bad.reason == "credit_code" else place], bad)
                for place, bad in enumerate(repaired)
                if isinstance(bad, Bad)
            ]
            if not wrong:
                return repaired
            self._refuse(cells, row, repaired, wrong)
        return None

    def _is_no_visit(self, cells: tuple[Any, ...], row: Sequence[Cell]) -> bool:
        """Whether a row without a date is a total, a remark, or the header once more."""
        texts = [cell for cell in row if isinstance(cell, str) and not is_blank(cell)]
        if is_total(texts):
            return True
        if sum(not is_blank(cell) for cell in row) <= 3 and texts and _REMARK.match(text_of(texts[0])):
            return True
        return sum(map(self.readers.is_header, _VISIT, cells)) >= 2

    def _repair(self, cells: tuple[Any, ...], when: Any, who: Any, place: Any, firm: Any) -> tuple[Any, ...]:
        """Take from above what the row leaves out with a merged cell, «同上» or a blank."""
        date, cadre, town, name, code = cells[:5]
        if isinstance(when, Bad):
            when = self._from_above(0, date, when)
        if isinstance(firm, Bad) and is_blank(code):
            firm = self._from_above(3, name, firm)
        if isinstance(place, Bad):
            place = self._from_above(2, town, place)
            if isinstance(place, Bad) and is_blank(town) and isinstance(firm, Firm):
                place = self.readers.town_of(firm) or place
        if isinstance(who, Bad):
            who = self._from_above(1, cadre, who, blank_repeats=True)
            if isinstance(who, Bad) and who.detail == "namesake" and isinstance(place, Town):
                who = self.readers.who_in_town(cadre, place.key)
        return when, who, place, firm

    def _from_above(self, position: int, cell: Cell, bad: Bad, *, blank_repeats: bool = False) -> Any:
        """The reading above if the cell points there and the row above had one."""
        blank = is_blank(cell)
        same = self.readers.row in self._merged[position] if blank else words.is_ditto(text_of(cell))
        above = self._above[position] if same or (blank and blank_repeats) else None
        return bad if above is None or isinstance(above, Bad) else above

    def _refuse(
        self, cells: tuple[Any, ...], row: Sequence[Cell], read: tuple[Any, ...], problems: list[Problem]
    ) -> None:
        """Keep what the row says for the rows below it, and swallow its further issues."""
        self._above = read
        self._refused = True
        content = [plain(text_of(cell)) for cell in (*cells, *self._issue_cells(row))]
        if self._tally.is_new(fingerprint_of(content), self.readers.row):
            self._tally.refuse(problems)

    def _read_below(self, row: Sequence[Cell]) -> None:
        """A row without a visit: a further issue of the visit above, or nothing of interest."""
        cells = self._issue_cells(row)
        issue = None
        if any(cells[:3]) and not is_total([cell for cell in row if isinstance(cell, str)]):
            issue = self._read_issue(cells, row)
        if issue is None:
            self._tally.ignore(self.readers.row)
        elif self._refused:
            self._tally.swallow(self.readers.row)
        elif self._open is None:
            self._tally.refuse([self.readers.problem("issue", issue.text, Bad("order", ""))])
        elif not (self._repeated and self._has(issue)):
            self._issues.append(issue)

    def _repeat(self, row: Sequence[Cell]) -> None:
        """The open visit again: with another issue it goes on, without one the row is a duplicate."""
        self._refused = False
        issue = self._read_issue(self._issue_cells(row), row)
        if issue and self._issues and not self._has(issue):
            self._issues.append(issue)
            return
        self._repeated = True
        self._tally.repeat(self.readers.row, self._sheet.name, self._open_row)

    def _has(self, issue: IssueRow) -> bool:
        return any(issue.text == known.text for known in self._issues)

    def _read_issue(self, cells: tuple[Any, ...], row: Sequence[Cell]) -> IssueRow | None:
        issue, demand, category, urgency, department, result, note = cells
        text, wish = heard(issue), heard(demand) if demand else ""
        if not text:
            if not wish:
                return None
            text, wish = wish, ""
        readers = self.readers
        outcome, resolved, state_text = readers.outcome[result]
        key, written = readers.department[department]
        resolved_on, claimants, satisfaction = _NOTHING_LATER
        if self._later_cells:
            resolved_on, claimants, satisfaction = self._read_later(self._later_cells(row))
        subject = readers.subject[category] or readers.guess(text)
        return _issue_row(
            (
                readers.row,
                text,
                wish,
                subject,
                readers.urgency[urgency],
                key,
                written,
                outcome,
                resolved,
                state_text,
                resolved_on,
                claimants,
                satisfaction,
                readers.text[note],
            )
        )

    def _read_later(self, cells: tuple[Any, ...]) -> tuple[Any, Any, str]:
        """Columns that few ledgers have."""
        resolved_on, claimants, satisfaction = cells
        day = self.readers.day[resolved_on]
        if isinstance(day, Bad):
            self.readers.note_bad("resolved_on", resolved_on)
            day = None
        return day, self.readers.claimants[claimants], words.read_satisfaction(text_of(satisfaction))

    def _read_extra(self, cells: tuple[Any, ...]) -> Extra:
        companions, role, interviewed, summary, policies, next_plan = cells
        return Extra(
            text_of(companions),
            text_of(role),
            self.readers.interviewed[interviewed],
            words_of(summary),
            words.read_policies(text_of(policies)),
            text_of(next_plan),
        )

    def _close(self) -> VisitRow | None:
        """Count the open visit and hand it on, unless an earlier row says the same."""
        assert self._open is not None
        when, who, town, firm, contact, phone, staff, mode = self._open
        issues, tally, number = self._issues, self._tally, self._open_row
        parts = [when.text, who.sorted_text, town.text, firm.text, contact, mode]
        if issues:
            parts += [issue.text for issue in issues]
        fingerprint = fingerprint_of(parts)
        if not tally.is_new(fingerprint, number):
            return None
        tally.count_visit(when.on, issues)
        return _visit_row(
            (
                self._sheet.name,
                number,
                when.on,
                when.half,
                when.at,
                when.until,
                who.keys,
                who.text,
                town.key,
                firm.key,
                firm.name,
                firm.credit_code,
                self.readers.target[firm],
                contact,
                phone,
                staff,
                mode,
                self._note,
                self._extra,
                tuple(issues),
                fingerprint,
            )
        )


def taker(mapping: Mapping, names: Sequence[str]) -> Taker:
    """Take the cells of the fields out of a row in one step, in this order."""
    return itemgetter(*(mapping.columns[name].column if name in mapping.columns else _ABSENT for name in names))


def optional_taker(mapping: Mapping, names: Sequence[str]) -> Taker | None:
    return taker(mapping, names) if any(name in mapping.columns for name in names) else None


def numbered_rows(sheet: Sheet, layout: Layout) -> Iterator[tuple[int, list[Cell]]]:
    """The rows below the header, counted as the spreadsheet counts them, each with one blank more at its end."""
    width = max([len(layout.headers), *(choice.column + 1 for choice in layout.mapping.columns.values())])
    for number, row in enumerate(islice(sheet.rows(), layout.last_row + 1, None), layout.last_row + 2):
        row.extend([""] * max(1, width - len(row) + 1))
        yield number, row


def heard(cell: Cell) -> str:
    """What was raised; nothing where the cell says in words, or with a stroke, that nothing was."""
    if cell in words.NO_ISSUE:
        return ""
    text = words_of(cell)
    return "" if len(text) <= words.LONGEST_NO_ISSUE and words.is_no_issue(text) else text


def is_total(texts: Sequence[str]) -> bool:
    """小计, 合计: 23家, 3月合计, in whatever column they stand."""
    return any("计" in text or "总数" in text for text in texts) and any(
        _TOTAL.fullmatch(plain(text)) for text in texts
    )


def fingerprint_of(parts: Sequence[str]) -> str:
    return hashlib.blake2b(_SEPARATOR.join(parts).encode(), digest_size=20).hexdigest()


def _merged_below(merges: Sequence[Merge], mapping: Mapping) -> list[set[int]]:
    """For each inherited field the rows, counted from one, whose cell is the lower part of a merged one."""
    merged: list[set[int]] = [set() for _name in _INHERITED]
    places = {
        mapping.columns[name].column: position for position, name in enumerate(_INHERITED) if name in mapping.columns
    }
    for (top, left), (bottom, _right) in merges:
        if bottom > top and left in places:
            merged[places[left]].update(range(top + 2, bottom + 2))
    return merged
