"""The reading of the cells of one sheet, field by field, with what the directory knows."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from unionops.casework.enums import Urgency
from unionops.casework.sheets import (
    Cell,
    DateContext,
    Mapping,
    Unread,
    is_blank,
    plain,
    read_count,
    read_date,
    read_tick,
    text_of,
)
from unionops.casework.sheets.cells import is_rounded, show
from unionops.china.credit_code import InvalidCreditCode, read_credit_code
from unionops.china.names import InvalidName, clean_name
from unionops.china.phones import InvalidPhone, read_phone

from ..enums import TargetType, VisitMode
from . import words
from .directory import Directory, Firm, Key, Town, firm_text
from .memo import Memo
from .rows import Bad, Problem
from .tally import Tally

_NAMES_APART = re.compile(r"[、，,;；/\\|&+＋\s]+")
# Also characters of names (李和平), so they part only what is not known as a whole.
_JOINING_WORDS = re.compile("[和与及]")
_PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}").fullmatch
_PHONES_APART = re.compile(r"[/、，,;；\n]|\s{2,}")
_LONGEST_NAME = 100
_MOST_SUGGESTIONS = 200
_TITLES = re.compile(r"[（(][^）)]*[）)]|(?:同志|主席|副主席|主任|老师|干部)$")


class When(NamedTuple):
    on: datetime.date
    half: str
    at: datetime.time | None
    until: datetime.date | None
    text: str


class Who(NamedTuple):
    keys: tuple[Key, ...]
    # As it stands in the ledger, and in an order of its own for the comparison of rows.
    text: str
    sorted_text: str


class Readers:
    """One memo for each field. What is read with a doubt becomes a note at the first row that has it."""

    # {field: how the preview says what a cell was read as}, of those who read a ledger of their own.
    showers: ClassVar[dict[str, Callable[[Any], Any]]] = {}
    # Fields whose cells the preview does not show as they stand: numbers of people.
    covered: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, directory: Directory, context: DateContext, mapping: Mapping, sheet: str, tally: Tally) -> None:
        self.row = 0
        self.directory = directory
        self.context = context
        self._headers = {name: choice.header for name, choice in mapping.columns.items()}
        self._sheet = sheet
        self._tally = tally
        self._suggestions = 0
        self.when = Memo(self._when)
        self.day = Memo(self._day)
        self.town = Memo(self._town)
        self.towns = Memo(self._towns)
        self.who = Memo(self._who)
        self.code = Memo(self._code)
        self.firm = Memo(self._firm)
        self.phone = Memo(self._phone)
        self.name = Memo(_name)
        self.staff = Memo(lambda cell: self._count("staff", cell))
        self.members = Memo(lambda cell: self._count("members", cell))
        self.interviewed = Memo(lambda cell: self._count("interviewed", cell))
        self.claimants = Memo(lambda cell: self._count("claimants", cell))
        self.mode = Memo(self._mode)
        self.subject = Memo(self._subject)
        self.urgency = Memo(self._urgency)
        self.department = Memo(self._department)
        self.outcome = Memo(self._outcome)
        self.text = Memo(text_of)
        self.target = Memo(lambda firm: TargetType.ENTERPRISE.value if firm.key else words.target_type_of(firm.name))
        self._guessed: set[str] = set()

    def problem(self, name: str, cell: Cell, bad: Bad, *, refused: bool = True) -> Problem:
        value = show(cell).strip()[:_LONGEST_NAME]
        header = self._headers.get(name, "")
        return Problem(self._sheet, self.row, name, header, value, bad.reason, bad.detail, bad.hint, refused)

    def is_header(self, name: str, cell: Cell) -> bool:
        header = self._headers.get(name)
        return isinstance(header, str) and header != "" and isinstance(cell, str) and plain(cell) == plain(header)

    def guess(self, text: str) -> str:
        """The category by the words of the issue, for rows that leave it blank."""
        subject = words.guess_subject(text) or words.OTHER
        if subject not in self._guessed:
            self._guessed.add(subject)
            self.note("category", text, "guessed", self.directory.subject_names.get(subject, subject))
        return subject

    def town_of(self, firm: Firm) -> Town | None:
        return self.directory.towns_by_key.get(firm.town) if firm.town is not None else None

    @staticmethod
    def firm_name(cell: Cell) -> str:
        return _firm_name(cell)

    def note_bad(self, name: str, cell: Cell) -> None:
        self.note(name, cell)

    def note(self, name: str, cell: Cell, detail: str = "", hint: str = "") -> None:
        self._tally.note(self.problem(name, cell, Bad(name, detail, hint), refused=False))

    def _when(self, cell: Cell) -> When | Bad:
        try:
            reading = read_date(cell, self.context)
        except Unread as unread:
            return Bad("date", unread.code)
        return When(*reading, f"{reading.on.isoformat()}{reading.half}{reading.until or ''}")

    def _day(self, cell: Cell) -> datetime.date | Bad | None:
        """A date that may be missing, and may lie in the future."""
        if is_blank(cell):
            return None
        try:
            return read_date(cell, DateContext(self.context.year, self.context.month)).on
        except Unread as unread:
            return Bad("date", unread.code)

    def _town(self, cell: Cell) -> Any:
        written = text_of(cell)
        if not written:
            return Bad("town", "missing")
        return self.directory.town(written) or Bad("town", "unknown", self.directory.town_like(written))

    def _towns(self, cell: Cell) -> Any:
        """Several towns in one cell: 鉴湖街道、城南街道."""
        if is_blank(cell):
            return Bad("town", "missing")
        found = [self.directory.town(name) for part in _split(cell) for name in _JOINING_WORDS.split(part)]
        if None in found:
            whole = self.directory.town(text_of(cell))
            return (whole.key,) if whole else Bad("town", "unknown", self.directory.town_like(text_of(cell)))
        return tuple(dict.fromkeys(town.key for town in found if town))

    def _who(self, cell: Cell) -> Who | Bad:
        names = _people(cell, self.directory)
        if not names:
            return Bad("cadre", "missing")
        found = [self.directory.cadres.get(name) for name in names]
        unknown = [name for name, people in zip(names, found, strict=True) if not people]
        if len(unknown) == len(names):
            return Bad("cadre", "unknown")
        if any(people and len(people) > 1 for people in found):
            return Bad("cadre", "namesake")
        if unknown:
            self.note("cadre", cell, "some", "、".join(unknown))
        return _who(names, [people[0].key for people in found if people])

    def who_in_town(self, cell: Cell, town: Key) -> Who | Bad:
        """People of the same name are told apart by the town that they are stationed in."""
        names = _people(cell, self.directory)
        keys: list[Key] = []
        for name in names:
            people = self.directory.cadres.get(name, ())
            here = [person.key for person in people if len(people) == 1 or town in person.towns]
            if people and len(here) != 1:
                return Bad("cadre", "namesake")
            keys += here
        return _who(names, keys)

    def _code(self, cell: Cell) -> str | Bad:
        if is_blank(cell) or words.is_no_issue(text_of(cell)):
            return ""
        if is_rounded(cell):
            return Bad("credit_code", "rounded")
        try:
            return read_credit_code(text_of(cell))
        except InvalidCreditCode as invalid:
            return Bad("credit_code", invalid.code)

    def _firm(self, cells: tuple[Cell, Cell]) -> Firm | Bad:
        """Name and code together: the code decides, the name is the check; either may be missing."""
        name_cell, code_cell = cells
        name = "" if words.is_ditto(show(name_cell)) else _firm_name(name_cell)
        code = self.code[code_cell]
        if isinstance(code, Bad):
            return code
        known = self.directory.firms_by_code.get(code) if code else None
        named = self.directory.firm_by_name(name) if name else None
        if known:
            if name and named != known:
                self.note("credit_code", code_cell, "other_name", known.name)
            return known
        if not name:
            return Bad("enterprise", "unknown" if code else "missing")
        if len(name) > _LONGEST_NAME:
            return Bad("enterprise", "long")
        if named:
            if code and named.credit_code:
                self.note("credit_code", code_cell, "other_code", named.credit_code)
            return named
        if words.target_type_of(name) == TargetType.ENTERPRISE:
            self.note("enterprise", name_cell, "new", self._suggestion(name))
        return Firm(None, name, code, None, firm_text(name))

    def _suggestion(self, name: str) -> str:
        self._suggestions += 1
        return self.directory.firm_like(name) if self._suggestions <= _MOST_SUGGESTIONS else ""

    def _phone(self, cell: Cell) -> str:
        """The first number that can be read; else what stands there."""
        if isinstance(cell, str) and _PLAIN_MOBILE(cell):
            return cell
        written = text_of(cell)
        if not written:
            return ""
        for part in (written, *_PHONES_APART.split(show(cell))):
            try:
                return read_phone(part).number
            except InvalidPhone:
                continue
        self.note("phone", cell)
        return written[:30]

    def _count(self, name: str, cell: Cell) -> int | None:
        count = read_count(cell)
        if count is None and not is_blank(cell):
            self.note(name, cell)
        return count

    def _mode(self, cell: Cell) -> str:
        written = text_of(cell)
        mode = words.read_mode(written)
        if mode is None and written:
            self.note("mode", cell)
        return mode or VisitMode.SITE.value

    def _subject(self, cell: Cell) -> str:
        """The code of the category; nothing where the cell is blank."""
        written = text_of(cell)
        subject = self.directory.subjects.get(plain(written)) or words.read_subject(written)
        if subject is None and written:
            self.note("category", cell)
            return words.OTHER
        return subject or ""

    def _urgency(self, cell: Cell) -> int:
        written = text_of(cell)
        level = words.read_urgency(written)
        if level is None and written:
            self.note("urgency", cell)
        return level or int(Urgency.NORMAL)

    def _department(self, cell: Cell) -> tuple[Key | None, str]:
        written = text_of(cell)
        key = self.directory.department(written)
        if key is None and written:
            self.note("department", cell)
        return key, written

    def _outcome(self, cell: Cell) -> tuple[str, bool, str]:
        """The kind of result, whether it counts as resolved, and what was written."""
        tick = read_tick(cell) if not isinstance(cell, str) else None
        written = show(cell).strip() if tick is None else "是" if tick else "否"
        outcome = words.read_outcome(written)
        if not outcome.known:
            self.note("result", cell)
        return outcome.kind, outcome.resolved, written


def _who(names: list[str], keys: list[Key]) -> Who:
    return Who(tuple(dict.fromkeys(keys)), "、".join(names), "、".join(sorted(names)))


def _people(cell: Cell, directory: Directory) -> list[str]:
    """The names in a cell. A name of two characters may be written with a blank inside: 李 平."""
    whole = plain(text_of(cell))
    if whole in directory.cadres:
        return [whole]
    names: list[str] = []
    for part in _split(cell):
        name = plain(_TITLES.sub("", part))
        names += [name] if name in directory.cadres else _JOINING_WORDS.split(name)
    return list(dict.fromkeys(_join_single(names, directory)))


def _join_single(names: list[str], directory: Directory) -> list[str]:
    joined: list[str] = []
    for name in names:
        if joined and len(joined[-1]) == 1 and joined[-1] + name in directory.cadres:
            joined[-1] += name
        elif name:
            joined.append(name)
    return joined


def _split(cell: Cell) -> list[str]:
    written = cell if isinstance(cell, str) else show(cell)
    return [part for part in (part.strip() for part in _NAMES_APART.split(written)) if part]


def _name(cell: Cell) -> str:
    """A person's name as it is stored; what is no name stays as it was written."""
    if is_blank(cell):
        return ""
    try:
        return clean_name(text_of(cell))
    except InvalidName:
        return text_of(cell)[:50]


def _firm_name(cell: Cell) -> str:
    """The name without the line breaks and blanks that narrow columns make in it."""
    if is_blank(cell):
        return ""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text_of(cell))
