"""What a person may have typed into the search box, and how Chinese text is cut for the index.

Bigrams, not words: word segmentation finds nothing for pieces of words such as 防暑降 (performance notes of the house).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .credit_code import ALPHABET
from .names import clean_text, is_han
from .pinyin import is_syllable

LONGEST_QUERY = 100
_LONGEST_PINYIN = 40
_LONGEST_SYLLABLE = 6
_MOST_SPLITS = 4
_TOKEN = re.compile(r"[a-z0-9]+|[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
# V26-1774, with whatever people put between the parts.
_CASE_NUMBER = re.compile(r"([a-z]{1,4})\s*[-_]?\s*(\d{2})\s*[-_ ]\s*(\d{1,7})")
_CODE_PART = re.compile(rf"[{ALPHABET}]{{4,18}}")
_LETTERS = re.compile(r"[a-z' ]+")
_PHONE = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Query:
    """One text and everything that it may mean; a source uses the meanings that it has columns for."""

    text: str
    # V26-1774, as numbers are written.
    number: str = ""
    # Digits alone: the tail of a number, of a telephone, of an identity number.
    digits: str = ""
    # 4 to 18 characters of a credit code, in capitals.
    credit_code: str = ""
    # 11 digits of a mobile.
    phone: str = ""
    # An identity number in full, unchecked.
    identity: str = ""
    # Letters that may be initials (zgq).
    initials: str = ""
    # The letters cut into syllables, in the form of ``pinyin_key``: "zeng guo", at most four ways.
    pinyin: tuple[str, ...] = ()
    chinese: bool = False

    def __bool__(self) -> bool:
        return bool(self.text)


def normalise(text: str) -> str:
    """Full width to half width, small letters, one blank: the form in which texts are compared and cut."""
    return clean_text(unicodedata.normalize("NFKC", text), multiline=False).casefold()


def read_query(text: str) -> Query:
    query = normalise(text[: LONGEST_QUERY * 2])[:LONGEST_QUERY].strip()
    solid = query.replace(" ", "")
    if any(map(is_han, query)):
        return Query(query, chinese=True)
    number = _CASE_NUMBER.fullmatch(query)
    letters = _LETTERS.fullmatch(query) is not None
    return Query(
        query,
        number=f"{number[1].upper()}{number[2]}-{number[3].zfill(4)}" if number else "",
        digits=solid if solid.isascii() and solid.isdecimal() else "",
        credit_code=solid.upper() if _CODE_PART.fullmatch(solid.upper()) else "",
        phone=solid if _PHONE.fullmatch(solid) else "",
        identity=solid.upper() if len(solid) == 18 and solid[:17].isdecimal() and solid.isascii() else "",
        initials=solid.replace("'", "") if letters else "",
        pinyin=tuple(split_pinyin(query)) if letters else (),
    )


def split_pinyin(letters: str) -> list[str]:
    """The likely ways to cut the letters into syllables, fewest syllables first; the last one may be unfinished.

    Blanks and apostrophes are cuts that the person made: ``xi'an`` is never ``xian``.
    """
    ways = [""]
    for part in re.split(r"[' ]+", letters.strip("' ")):
        cuts = list(_cuts(part)) if len(part) <= _LONGEST_PINYIN else []
        ways = [f"{way} {cut}".lstrip() for way in ways for cut in cuts][:_MOST_SPLITS]
    return [way for way in ways if way]


def _cuts(letters: str) -> list[str]:
    """Cut from the back with a table, so that no input makes the work explode."""
    table: list[list[str]] = [[] for _ in range(len(letters))] + [[""]]
    for start in range(len(letters) - 1, -1, -1):
        for size in range(_LONGEST_SYLLABLE, 0, -1):
            head = letters[start : start + size]
            if len(head) == size and is_syllable(head):
                table[start] += [f"{head} {rest}".rstrip() for rest in table[start + size]]
        rest = letters[start:]
        if not table[start] and 0 < len(rest) < _LONGEST_SYLLABLE and _begins_syllable(rest):
            table[start] = [rest]
        # Fewest syllables first; the sort is stable, so the longest head stays in front.
        table[start] = sorted(table[start], key=lambda cut: cut.count(" "))[:_MOST_SPLITS]
    return table[0]


def _begins_syllable(letters: str) -> bool:
    return any(is_syllable(letters + ending) for ending in ("i", "a", "e", "u", "o", "n", "g", "ng", "an", "ao", "ai"))


def index_tokens(text: str) -> list[str]:
    """The distinct tokens of a text: all pairs of neighbouring Chinese characters, all words of letters and digits."""
    return list(dict.fromkeys(_tokens(normalise(text))))


def query_tokens(text: str) -> list[str]:
    """The tokens that a text must have to contain the query; a single Chinese character has none."""
    return [token for token in index_tokens(text) if len(token) > 1 or not is_han(token)]


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        run = match.group()
        if len(run) == 1 or not is_han(run[0]):
            yield run
        else:
            yield from map("".join, pairwise(run))
