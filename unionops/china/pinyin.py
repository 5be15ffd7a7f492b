"""Pinyin of people's and firms' names: one text to sort by, one to find by initials."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from .names import is_han
from .readings import COMPOUND_SURNAMES, OTHER_INITIALS, PHRASES, RARE, SURNAMES

# The columns that take the two texts.
FULL_MOST = 300
INITIALS_MOST = 120
_VARIANTS_MOST = 8
_LONGEST_PHRASE = 4
_LONGEST_PERSON = 4
# The last character of what is short but no person: 权保部, 区总工会, 城南街道, 若耶厂.
_NOT_A_PERSON = frozenset("会部室科局处办司厂店镇乡道区站所队院委组社心行校园馆场")


class Dictionary(NamedTuple):
    phrases: MappingProxyType[str, list[list[str]]]
    characters: MappingProxyType[int, str]


class Syllable(NamedTuple):
    reading: str
    # Each letter under which people may look for it, the right one first.
    initials: tuple[str, ...]


@lru_cache(maxsize=65536)
def pinyin_key(name: str) -> tuple[str, str]:
    """Return (syllables apart by blanks, initials); several readings give several initials apart by blanks.

    ``曾国强`` gives ``("zeng guo qiang", "zgq cgq")``. Two or three Chinese characters are read as a person's name.
    """
    syllables = list(_syllables(name))
    full = " ".join(syllable.reading for syllable in syllables)
    initials = itertools.islice(itertools.product(*(syllable.initials for syllable in syllables)), _VARIANTS_MOST)
    return full[:FULL_MOST].rstrip(), _join_within(("".join(variant) for variant in initials), INITIALS_MOST)


def is_syllable(text: str) -> bool:
    return text in _all_syllables()


def _join_within(words: Iterable[str], most: int) -> str:
    joined = ""
    for word in dict.fromkeys(words):
        candidate = f"{joined} {word}".lstrip()
        if len(candidate) > most:
            break
        joined = candidate
    return joined


def _syllables(name: str) -> Iterator[Syllable]:
    first = True
    for han, run in _runs(name):
        if not han:
            yield Syllable(run, (run,))
        elif first and _looks_like_a_person(name):
            yield from _person(run)
        else:
            yield from _words(run, first=first)
        first = False


def _runs(name: str) -> Iterator[tuple[bool, str]]:
    """Runs of Chinese characters, each whole; runs of letters and digits, small; the rest parts them."""
    for kind, characters in itertools.groupby(name.casefold(), key=_kind):
        if kind != "-":
            yield kind == "han", "".join(characters)


def _kind(character: str) -> str:
    if is_han(character):
        return "han"
    return "letters" if character.isalnum() else "-"


def _looks_like_a_person(name: str) -> bool:
    return "·" in name or (len(name) <= _LONGEST_PERSON and name[-1] not in _NOT_A_PERSON)


def _person(run: str) -> Iterator[Syllable]:
    compound = COMPOUND_SURNAMES.get(run[:2]) if len(run) > 2 else None
    if compound:
        yield from (Syllable(reading, (reading[0],)) for reading in compound)
        yield from _words(run[2:], first=False)
        return
    readings = SURNAMES.get(run[0]) or _readings(run[0])
    yield Syllable(readings[0], _initials(readings))
    yield from _words(run[1:], first=False)


def _words(run: str, *, first: bool) -> Iterator[Syllable]:
    """Longest known phrase first, then single characters; the first one of a name is findable by every reading."""
    position = 0
    while position < len(run):
        readings, certain = _phrase_at(run, position)
        for character, reading in zip(run[position:], readings, strict=False):
            others = _readings(character) if first else () if certain else OTHER_INITIALS.get(character, "")
            yield Syllable(reading, _initials((reading, *others)))
            first = False
        position += len(readings)


def _phrase_at(run: str, position: int) -> tuple[tuple[str, ...], bool]:
    """The readings from here on, and whether everybody reads them so: names of places are read in two ways."""
    phrases = _dictionary().phrases
    for end in range(min(len(run), position + _LONGEST_PHRASE), position + 1, -1):
        phrase = run[position:end]
        if own := PHRASES.get(phrase):
            return own, False
        if known := phrases.get(phrase):
            return tuple(_plain(readings[0]) for readings in known), True
    return _readings(run[position])[:1], False


@cache
def _readings(character: str) -> tuple[str, ...]:
    """Every reading without tones, the usual one first; a character nobody knows stands for itself."""
    if character in RARE:
        return (RARE[character],)
    known = _dictionary().characters.get(ord(character))
    return tuple(dict.fromkeys(map(_plain, known.split(",")))) if known else (character,)


def _initials(readings: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading[0] for reading in readings))


@cache
def _plain(reading: str) -> str:
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415 -- as in _dictionary

    return to_normal(reading)


@cache
def _all_syllables() -> frozenset[str]:
    known = itertools.chain.from_iterable(readings.split(",") for readings in _dictionary().characters.values())
    return frozenset(reading for reading in map(_plain, known) if reading.isascii() and set(reading) & set("aeiouv"))


@cache
def _dictionary() -> Dictionary:
    """Load the dictionary when the first name is read: it takes 58 MB that most processes never need."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # noqa: PLC0415

    return Dictionary(MappingProxyType(PHRASES_DICT), MappingProxyType(PINYIN_DICT))
