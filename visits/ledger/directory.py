"""What the office knows: towns, enterprises, cadres and departments, to be found by what people write in ledgers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from unionops.casework.sheets import plain
from unionops.china.names import clean_text

Key = Hashable
_TOWN_ENDS = re.compile("(?:总工会|工会联合会|工会委员会|工会|街道办事处|街道办|办事处|人民政府|政府|街道|街|镇|乡)$")
_TOWN_STARTS = re.compile("^(?:.{2,4}[省市])?(?:.{2,4}[区县市])?(?=.{2,})")
_BRACKETS = str.maketrans("（）【】［］", "()()()")
# How near a known name must be to be named as a possibility.
_NEAR = 82


class Town(NamedTuple):
    key: Key
    name: str
    # Free of spelling, the same in every file: part of what makes a row the same row.
    text: str


class Firm(NamedTuple):
    key: Key | None
    name: str
    credit_code: str
    town: Key | None
    text: str


class Namesake(NamedTuple):
    key: Key
    towns: frozenset[Key]


@dataclass
class Directory:
    """Filled by the caller from the database, or from the lists of enterprises and cadres."""

    towns: dict[str, Town] = field(default_factory=dict)
    cadres: dict[str, tuple[Namesake, ...]] = field(default_factory=dict)
    departments: dict[str, Key] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    subject_names: dict[str, str] = field(default_factory=dict)
    towns_by_key: dict[Key, Town] = field(default_factory=dict)
    firms_by_code: dict[str, Firm] = field(default_factory=dict)
    firms_by_name: dict[str, Firm] = field(default_factory=dict)
    _ambiguous: set[str] = field(default_factory=set)
    _same_firm: dict[str, list[Firm]] = field(default_factory=dict)

    def add_town(self, key: Key, name: str, aliases: Iterable[str] = ()) -> None:
        """Every spelling of the name finds it, except those that would find two towns."""
        town = self.towns_by_key[key] = Town(key, name, _town_core(name))
        for written in (name, *aliases):
            self._put_town(plain(written), town)
            self._put_town(_town_core(written), town)

    def add_cadre(self, key: Key, name: str, towns: Iterable[Key] = ()) -> None:
        written = plain(name)
        self.cadres[written] = (*self.cadres.get(written, ()), Namesake(key, frozenset(towns)))

    def add_department(self, key: Key, name: str, aliases: Iterable[str] = ()) -> None:
        for written in (name, *aliases):
            self.departments.setdefault(plain(written), key)

    def add_subject(self, name: str, code: str) -> None:
        """Categories of the office come before the words that are known here."""
        self.subjects[plain(name)] = code
        self.subject_names.setdefault(code, name)

    def add_firm(
        self, key: Key, name: str, credit_code: str = "", town: Key | None = None, aliases: Iterable[str] = ()
    ) -> None:
        firm = Firm(key, name, credit_code or "", town, firm_text(name))
        if credit_code:
            self.firms_by_code[credit_code] = firm
        for written in (name, *aliases):
            self.firms_by_name.setdefault(firm_text(written), firm)
            self._same_firm.setdefault(_firm_core(written), []).append(firm)

    def town(self, written: str) -> Town | None:
        return self.towns.get(plain(written)) or self.towns.get(_town_core(written))

    def department(self, written: str) -> Key | None:
        word = plain(written)
        known = self.departments.get(word)
        if known is not None or not word:
            return known
        near = process.extractOne(word, self.departments.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self.departments[near[0]] if near else None

    def firm_by_name(self, name: str) -> Firm | None:
        """By the name as it is, else by the only name that differs in nothing but the form of the company."""
        if known := self.firms_by_name.get(firm_text(name)):
            return known
        same = self._same_firm.get(_firm_core(name), [])
        return same[0] if len({firm.key for firm in same}) == 1 else None

    def firm_like(self, name: str) -> str:
        """The known name that is spelled most nearly so, as a hint for a person; never taken by itself."""
        near = process.extractOne(firm_text(name), self.firms_by_name.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self.firms_by_name[near[0]].name if near else ""

    def town_like(self, written: str) -> str:
        near = process.extractOne(_town_core(written), self.towns.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self.towns[near[0]].name if near else ""

    def _put_town(self, written: str, town: Town) -> None:
        if written in self._ambiguous or not written:
            return
        known = self.towns.setdefault(written, town)
        if known.key != town.key:
            del self.towns[written]
            self._ambiguous.add(written)


@lru_cache(maxsize=65536)
def firm_text(name: str) -> str:
    """The name as it is compared: no blanks, no line breaks, one kind of bracket, small letters."""
    text = unicodedata.normalize("NFKC", clean_text(name)).translate(_BRACKETS)
    return re.sub(r"[\s\"'“”‘’*]+", "", text).casefold()


def _firm_core(name: str) -> str:
    """有限责任公司 and 有限公司 are the same form of company (公司法 7); offices write either."""
    return firm_text(name).replace("有限责任公司", "有限公司")


@lru_cache(maxsize=8192)
def _town_core(written: str) -> str:
    """鉴湖 of 鉴湖, 鉴湖街道, 鉴湖街道总工会, 绍兴市越城区鉴湖街道办事处."""
    core = plain(written)
    for _turn in range(3):
        shorter = _TOWN_ENDS.sub("", core)
        if len(shorter) < 2 or shorter == core:
            break
        core = shorter
    return _TOWN_STARTS.sub("", core) or core
