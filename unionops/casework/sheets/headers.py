"""Find the header of a table and say which column means what; a person can correct every answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.functional import Promise
from rapidfuzz import fuzz

from .cells import Cell, is_blank, plain, text_of

# A header stands within the first rows, below titles and remarks.
SEARCHED_ROWS = 40
# Below this a column is left to the person.
CERTAIN_ENOUGH = 0.6
_ALIKE = 74
_EXACT = 1.0
_WITHOUT_REMARK = 0.95
_CONTAINS = 0.85
_CONTAINED = 0.7
_NEARLY = 0.85
_LONGEST_HEADER = 40
_REMARK = re.compile(r"[（(【\[].*?[)）】\]]")


@dataclass(frozen=True)
class Field:
    """Something that a table may have a column for; ``words`` are the headers under which offices keep it."""

    name: str
    label: str | Promise
    words: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """The column of a field: its place, its header as it is shown, and how sure the recognition is (0 to 1)."""

    column: int
    header: str
    confidence: float


@dataclass(frozen=True)
class Mapping:
    """Which column means what, for one kind of table."""

    kind: str
    columns: dict[str, Choice]
    # Headers that mean nothing known.
    unused: tuple[Choice, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "columns": {
                name: {"column": choice.column, "header": choice.header, "confidence": round(choice.confidence, 2)}
                for name, choice in self.columns.items()
            },
            "unused": [{"column": choice.column, "header": choice.header} for choice in self.unused],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Mapping:
        return cls(
            kind=data["kind"],
            columns={
                name: Choice(choice["column"], choice["header"], choice.get("confidence", _EXACT))
                for name, choice in data["columns"].items()
            },
            unused=tuple(Choice(choice["column"], choice["header"], 0.0) for choice in data.get("unused", ())),
        )

    def corrected(self, columns: dict[str, int | None]) -> Mapping:
        """The mapping with a person's choices: field to column, or to nothing. A column means one field at most."""
        headers = {choice.column: choice.header for choice in [*self.columns.values(), *self.unused]}
        taken = {column for column in columns.values() if column is not None}
        kept = {
            name: choice for name, choice in self.columns.items() if name not in columns and choice.column not in taken
        }
        chosen = {
            name: Choice(column, headers.get(column, ""), _EXACT)
            for name, column in columns.items()
            if column is not None
        }
        used = {choice.column for choice in [*kept.values(), *chosen.values()]}
        unused = tuple(Choice(column, header, 0.0) for column, header in headers.items() if column not in used)
        return Mapping(self.kind, kept | chosen, unused)


@dataclass(frozen=True)
class Layout:
    """Where the header of a sheet stands (rows counted from zero) and what its columns mean."""

    first_row: int
    last_row: int
    headers: tuple[str, ...]
    mapping: Mapping
    score: float = field(default=0.0, compare=False)


Kinds = dict[str, tuple[Field, ...]]
# ((top, left), (bottom, right)), counted from zero.
Merge = tuple[tuple[int, int], tuple[int, int]]


class _Header(NamedTuple):
    first_row: int
    last_row: int
    labels: tuple[str, ...]
    # For each column the texts that may be its name, the fullest one first.
    names: tuple[tuple[str, ...], ...]


def find_layout(
    rows: Sequence[Sequence[Cell]],
    kinds: Kinds,
    merges: Iterable[Merge] = (),
) -> Layout | None:
    """The best reading of the first rows as a header of one of the kinds; nothing when no row looks like one."""
    head = rows[:SEARCHED_ROWS]
    known = frozenset(plain(word) for fields in kinds.values() for field in fields for word in field.words)
    likely = [position for position, row in enumerate(head) if _known_words(row, known) > 1]
    places = sorted({place for position in likely for place in (position - 1, position) if place >= 0})
    found = _best(head, places, kinds, list(merges))
    # Nobody uses the usual words: look at every row, also for words spelled nearly so.
    return found or _best(head, range(len(head)), kinds, list(merges))


def _known_words(row: Sequence[Cell], known: frozenset[str]) -> int:
    return sum(isinstance(cell, str) and len(cell) <= _LONGEST_HEADER and plain(cell) in known for cell in row)


def _best(rows: Sequence[Sequence[Cell]], places: Iterable[int], kinds: Kinds, merges: list[Merge]) -> Layout | None:
    best: Layout | None = None
    for header in _candidates(rows, places, kinds, merges):
        for kind, fields in kinds.items():
            columns = _assign(header, fields)
            if not all(field.name in columns for field in fields if field.required):
                continue
            score = sum(choice.confidence for choice in columns.values())
            if len(columns) > 1 and (best is None or score > best.score):
                mapping = _mapping(kind, columns, header.labels)
                best = Layout(header.first_row, header.last_row, header.labels, mapping, score)
    return best


def apply_mapping(layout: Layout, mapping: Mapping) -> Layout:
    """The layout of a sheet with the columns that a person chose, found again by header, else by place."""
    places = {plain(label): column for column, label in reversed(list(enumerate(layout.headers))) if label}
    columns = {
        name: Choice(places.get(plain(choice.header), choice.column), choice.header, choice.confidence)
        for name, choice in mapping.columns.items()
    }
    return Layout(
        layout.first_row, layout.last_row, layout.headers, _mapping(mapping.kind, columns, layout.headers), layout.score
    )


def _mapping(kind: str, columns: dict[str, Choice], labels: Sequence[str]) -> Mapping:
    used = {choice.column for choice in columns.values()}
    unused = tuple(Choice(column, label, 0.0) for column, label in enumerate(labels) if label and column not in used)
    return Mapping(kind, columns, unused)


def _assign(header: _Header, fields: Sequence[Field]) -> dict[str, Choice]:
    """The surest pairs first; each field and each column once."""
    pairs = sorted(
        (
            (-confidence, column, position)
            for column, names in enumerate(header.names)
            for position, wanted in enumerate(fields)
            if (confidence := max((_confidence(name, wanted.words) for name in names), default=0.0)) >= CERTAIN_ENOUGH
        ),
    )
    columns: dict[str, Choice] = {}
    taken: set[int] = set()
    for confidence, column, position in pairs:
        name = fields[position].name
        if name not in columns and column not in taken:
            columns[name] = Choice(column, header.labels[column], -confidence)
            taken.add(column)
    return columns


@lru_cache(maxsize=8192)
def _confidence(header: str, words: tuple[str, ...]) -> float:
    """How sure it is that the header means what the words mean."""
    bare = plain(_REMARK.sub("", header))
    full = plain(header)
    if not full or len(full) > _LONGEST_HEADER:
        return 0.0
    best = 0.0
    for word in map(plain, words):
        if full == word:
            return _EXACT
        if bare == word:
            best = max(best, _WITHOUT_REMARK)
        elif len(word) > 1 and word in full:
            best = max(best, _CONTAINS * (0.8 + 0.2 * len(word) / len(full)))
        elif len(full) > 1 and full in word:
            best = max(best, _CONTAINED)
        else:
            alike = fuzz.ratio(bare or full, word)
            best = max(best, _NEARLY * alike / 100 if alike >= _ALIKE else 0.0)
    return best


def _candidates(
    rows: Sequence[Sequence[Cell]], places: Iterable[int], kinds: Kinds, merges: list[Merge]
) -> Iterator[_Header]:
    """Every row alone, and every row with the one below it where that one can be its second line."""
    words = tuple(word for fields in kinds.values() for field in fields for word in field.words)
    for position in places:
        parent = [_label(cell) for cell in rows[position]]
        if sum(map(bool, parent)) < 2:
            continue
        yield _Header(position, position, tuple(parent), tuple((label,) if label else () for label in parent))
        if position + 1 < len(rows):
            child = [_label(cell) for cell in rows[position + 1]]
            child += [""] * (len(parent) - len(child))
            groups = _groups(position, parent, merges)
            if _is_second_line(parent, child, groups, words):
                yield _two_lines(position, parent, child, groups)


def _two_lines(position: int, parent: list[str], child: list[str], groups: list[str]) -> _Header:
    names = []
    labels = []
    for own, group, below in zip(parent, groups, child, strict=False):
        above = own or (group if below else "")
        parts = [part for part in (above, below) if part]
        # A group heading alone names none of its columns.
        names.append(tuple(dict.fromkeys(["".join(parts), parts[-1]])) if parts else ())
        labels.append(" ".join(parts))
    return _Header(position, position + 1, tuple(labels), tuple(names))


def _groups(position: int, parent: list[str], merges: list[Merge]) -> list[str]:
    """For each column the heading that stands over it and its neighbours, where there is one."""
    groups = [""] * len(parent)
    for (top, left), (bottom, right) in merges:
        if top <= position <= bottom and right > left:
            groups[left : right + 1] = [parent[left]] * (min(right + 1, len(parent)) - left)
    if not merges:
        # Text files know no merged cells: a heading reaches to the next one.
        for column in range(1, len(parent)):
            if not parent[column]:
                groups[column] = groups[column - 1] or parent[column - 1]
                if groups[column] and not groups[column - 1]:
                    groups[column - 1] = groups[column]
    return groups


def _is_second_line(parent: list[str], child: list[str], groups: list[str], words: tuple[str, ...]) -> bool:
    """Cells of a second line stand below group headings, or complete the word above; data stands below everything."""
    filled = [column for column, label in enumerate(child[: len(parent)]) if label]
    if len(filled) < 2:
        return False
    return all(
        groups[column] or _confidence(parent[column] + child[column], words) == _EXACT or not parent[column]
        for column in filled
    ) and any(
        _confidence(child[column], words) or _confidence(parent[column] + child[column], words) for column in filled
    )


def _label(cell: Cell) -> str:
    """The text of a header cell in one line; numbers and dates are data."""
    if not isinstance(cell, str) or is_blank(cell):
        return ""
    text = text_of(cell)
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text) if len(text) <= 2 * _LONGEST_HEADER else ""
