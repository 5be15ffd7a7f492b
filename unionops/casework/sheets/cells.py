"""What stands in a cell, in the forms that people and spreadsheets give it."""

from __future__ import annotations

import datetime
import re
import unicodedata

from unionops.china.names import clean_text

Cell = str | float | int | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta

# Beyond this a spreadsheet has rounded the number: an 18-digit code typed as a number has lost its end.
EXACT_BELOW = 10**15
_PUNCTUATION = re.compile(r"[\s\u00a0'\"`*：:,，.。;；、/\\|()（）\[\]【】<>《》“”‘’·\-_—~]+")
_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万|千|百)?")
_SCALE = {"万": 10_000, "千": 1_000, "百": 100, "": 1}
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TICKS = frozenset("√✓✔☑✅vy是有对1")
_CROSSES = frozenset("×✗✘xn否无非0")


def is_blank(cell: Cell) -> bool:
    return cell == "" or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """The cell as one line of text, numbers without their decimal point."""
    if isinstance(cell, str):
        return clean_text(cell, multiline=False)
    return show(cell)


def words_of(cell: Cell) -> str:
    """The cell as text with its line ends."""
    return clean_text(cell) if isinstance(cell, str) else show(cell)


def show(cell: Cell) -> str:
    """The cell as the page shows it beside its reading."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_BELOW:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ", "minutes") if cell.time() != datetime.time() else cell.date().isoformat()
    return str(cell)


def plain(text: str) -> str:
    """The text without blanks and punctuation, half width, small letters: the form in which words are compared."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_rounded(cell: Cell) -> bool:
    """Whether the cell is a number too long for a spreadsheet to keep."""
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT_BELOW


def read_count(cell: Cell) -> int | None:
    """The first number of ``120人``, ``约8``, ``1,200``, ``80-100``, ``1.2万``, ``二十三名``, if there is one."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return round(cell) if 0 <= cell < EXACT_BELOW else None
    if not isinstance(cell, str):
        return None
    text = unicodedata.normalize("NFKC", cell)
    if found := _COUNT.search(text):
        return round(float(found[1].replace(",", "")) * _SCALE[found[2] or ""])
    return _chinese_number(text)


def read_tick(cell: Cell) -> bool | None:
    """是, 否, √, ×, 1, 0 …; nothing where the cell says neither."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return bool(cell) if cell in (0, 1) else None
    text = plain(str(cell))
    if text[:1] in _TICKS and len(text) <= 2:
        return True
    return False if not text or text[0] in _CROSSES or text.startswith(("不是", "没有")) else None


def _chinese_number(text: str) -> int | None:
    """Numbers up to 9,999 in Chinese characters, at the beginning of the text or after 约 and the like."""
    match = re.search("[〇零一二两三四五六七八九十百千]+", text)
    if match is None:
        return None
    total = digit = 0
    for character in match[0]:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return total + digit
