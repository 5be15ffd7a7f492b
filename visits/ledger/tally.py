"""What was counted and what was wrong while a ledger was read."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field

from .rows import Duplicate, IssueRow, Problem

# A file of another kind must not fill the memory with complaints.
MOST_PROBLEMS = 20_000
# No spreadsheet has more rows than this many bits say.
_ROW_BITS = 32
_ROW_MASK = (1 << _ROW_BITS) - 1


@dataclass
class Tally:
    problems: list[Problem] = field(default_factory=list)
    # Read, but in a way that a person should know of: the first row of each such value.
    notes: list[Problem] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    # Sheet and row of each.
    ignored: list[tuple[str, int]] = field(default_factory=list)
    # Further issues of refused visits; they go with the row above them.
    swallowed: list[tuple[str, int]] = field(default_factory=list)
    rows: int = 0
    issues: int = 0
    resolved: int = 0
    keys: int = 0
    days: Counter[datetime.date] = field(default_factory=Counter)
    towns: set[object] = field(default_factory=set)
    refused_rows: Counter[str] = field(default_factory=Counter)
    # fingerprint → place of everything seen; a place is a number, because a long ledger has a hundred thousand of them
    seen: dict[str, int] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    base: int = 0

    def begin(self, sheet: str) -> None:
        self.base = len(self.sheets) << _ROW_BITS
        self.sheets.append(sheet)

    def is_new(self, fingerprint: str, row: int) -> bool:
        """Whether nothing before said the same; else the row is noted as a duplicate."""
        place = self.base + row
        first = self.seen.setdefault(fingerprint, place)
        if first != place:
            self.repeat(row, self.sheets[first >> _ROW_BITS], first & _ROW_MASK)
        return first == place

    def repeat(self, row: int, first_sheet: str, first_row: int) -> None:
        self.duplicates.append(Duplicate(self.sheets[-1], row, first_sheet, first_row))

    def ignore(self, row: int) -> None:
        self.ignored.append((self.sheets[-1], row))

    def swallow(self, row: int) -> None:
        self.swallowed.append((self.sheets[-1], row))

    def count_visit(self, on: datetime.date, issues: list[IssueRow]) -> None:
        self.rows += 1
        self.days[on] += 1
        if issues:
            self.issues += len(issues)
            self.resolved += sum([issue.resolved for issue in issues])

    def refuse(self, problems: list[Problem]) -> None:
        """One row is refused once, for the first of its problems; all of them are shown."""
        self.refused_rows[problems[0].reason] += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems += problems

    def note(self, problem: Problem) -> None:
        if len(self.notes) < MOST_PROBLEMS:
            self.notes.append(problem)
