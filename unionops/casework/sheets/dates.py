"""Dates as offices write them. A date that is not certain is handed back, never guessed."""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from .cells import Cell

# Serial numbers of spreadsheets from 2000-01-01 to 2079-12-31, counted from 1899-12-30.
_SERIAL_ZERO = datetime.date(1899, 12, 30)
_SERIALS = range(36526, 65746)
_EIGHT_DIGITS = range(20000101, 20800101)
_CENTURY = 2000
_SHORT_YEARS_FROM = 2015
_EARLIEST = 2000

_FULL = re.compile(r"(?<!\d)(\d{4}|\d{2})\s*[年./\-,、 ]\s*(\d{1,2})\s*[月./\-,、 ]\s*(\d{1,2})(?!\d)\s*[日号]?")
_SOLID = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)")
# 3月5日, 3.5, 3/5, 3-5; a third number behind points or strokes would make it a date of another order.
_MONTH_DAY = re.compile(
    r"(?<![\d./\-])(\d{1,2})\s*(?:月|[./、](?!\s*\d+\s*[./]\s*\d)|-(?!\s*\d+\s*[./\-]\s*\d))\s*(\d{1,2})(?!\d)\s*[日号]?"
)
_DAY = re.compile(r"^(\d{1,2})\s*[日号]?$")
_MONTH_ONLY = re.compile(r"^(?:\d{4}\s*[年./\-]\s*)?\d{1,2}\s*月?\s*(?:份|[上中下]旬|初|中|底|末)?$|旬")
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s*[:时点]\s*([0-5]\d)?(?!\d)")
# The second date of «3月5日至7日» and «3.5-3.7».
_UNTIL = re.compile(
    r"\s*(?:至|到|~|—|–|-)+\s*(?:\d{4}\s*[年./\-]\s*)?(?:\d{1,2}\s*[月./\-]\s*)?\d{1,2}(?![\d:时点])\s*[日号]?"
)
_WEEKDAY = re.compile(r"[（(]?\s*(?:周|星期|礼拜)[一二三四五六日天]\s*[)）]?")
_CHINESE_DATE = re.compile("[〇○零一二三四五六七八九十]+(?=[年月日号])")
_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_MORNING = ("上午", "早上", "早晨", "am")
_AFTERNOON = ("下午", "傍晚", "晚上", "夜", "pm", "中午")


class DateReading(NamedTuple):
    on: datetime.date
    # "am", "pm", or nothing
    half: str = ""
    at: datetime.time | None = None
    # The last day, when the cell names several.
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class DateContext:
    """What the surroundings of a table say about dates that leave something out."""

    year: int | None = None
    month: int | None = None
    # Dates after this day have not happened.
    today: datetime.date = datetime.date.max


class Unread(Exception):
    """The cell names no certain date; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_date(cell: Cell, context: DateContext) -> DateReading:
    """Read one cell; raise ``Unread`` for what is missing, unreal, vague, or in the future."""
    reading = _read(cell, context)
    if reading.on.year < _EARLIEST:
        raise Unread("too_early")
    if (reading.until or reading.on) > context.today:
        raise Unread("future")
    return reading


def find_year(text: str) -> int | None:
    """The one year that a title names: «2024年度走访台账»; nothing when it names two."""
    text = _arabic(unicodedata.normalize("NFKC", text))
    years = {int(year) for year in re.findall(r"(?<!\d)(20[0-7]\d)(?=\s*(?:年|[./\-]|\D|$))", text)}
    return years.pop() if len(years) == 1 else None


def find_month(text: str) -> int | None:
    """The one month that the name of a sheet says: «3月», «2024年3月», «三月份»."""
    text = _arabic(unicodedata.normalize("NFKC", text))
    months = {int(month) for month in re.findall(r"(?<!\d)(1[0-2]|0?[1-9])\s*月(?!\s*\d)", text)}
    return months.pop() if len(months) == 1 else None


def _read(cell: Cell, context: DateContext) -> DateReading:
    if isinstance(cell, datetime.datetime):
        at = cell.time().replace(microsecond=0)
        return DateReading(
            cell.date(), _half(at) if at != datetime.time() else "", at if at != datetime.time() else None
        )
    if isinstance(cell, datetime.date):
        return DateReading(cell)
    if isinstance(cell, bool | datetime.time | datetime.timedelta):
        raise Unread("unreadable")
    if isinstance(cell, int | float):
        return _number(cell, context)
    return _text(cell, context)


def _number(number: float, context: DateContext) -> DateReading:
    if not math.isfinite(number):
        raise Unread("number")
    whole = int(number)
    if whole in _SERIALS:
        return DateReading(_SERIAL_ZERO + datetime.timedelta(days=whole))
    if number == whole and whole in _EIGHT_DIGITS:
        return DateReading(_real(whole // 10_000, whole // 100 % 100, whole % 100))
    if number == whole and context.year and context.month and 1 <= whole <= 31:
        return DateReading(_real(context.year, context.month, whole))
    # 3.5 and 3.50, 3.1 and 3.10 are the same number: nobody can tell 3月1日 from 3月10日.
    raise Unread("number")


def _text(text: str, context: DateContext) -> DateReading:
    text = _arabic(_WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text)).strip().casefold())
    if not text:
        raise Unread("missing")
    day, place = _day(text, context)
    half, at = _time_of_day(text[: place[0]] + " " + text[place[1] :])
    return DateReading(day, half, at, _until(day, text[place[1] :]))


def _day(text: str, context: DateContext) -> tuple[datetime.date, tuple[int, int]]:
    """The date and where in the text it stands."""
    if found := _FULL.search(text):
        return _real(_spelled_year(found[1], context), int(found[2]), int(found[3])), found.span()
    if found := _SOLID.search(text):
        return _real(*map(int, found.groups())), found.span()
    if (found := _DAY.match(text)) and context.month:
        return _real(_year(context), context.month, int(found[1])), found.span()
    if _MONTH_ONLY.search(text):
        raise Unread("vague")
    if found := _MONTH_DAY.search(text):
        return _real(_year(context), int(found[1]), int(found[2])), found.span()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _number(float(text), context).on, (0, len(text))
    raise Unread("unreadable")


def _spelled_year(digits: str, context: DateContext) -> int:
    """24 is 2024 only where nothing speaks against it: 12/3/24 may be a date of another order."""
    if len(digits) == 4:
        return int(digits)
    year = _CENTURY + int(digits)
    near = year in range(context.year - 1, context.year + 2) if context.year else year >= _SHORT_YEARS_FROM
    if not near or year > context.today.year:
        raise Unread("vague")
    return year


def _year(context: DateContext) -> int:
    if context.year is None:
        raise Unread("no_year")
    return context.year


def _real(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise Unread("unreal") from None


def _until(first: datetime.date, rest: str) -> datetime.date | None:
    found = _UNTIL.match(rest)
    if found is None:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", found[0])]
    last = _real(*[first.year, first.month][: 3 - len(numbers)], *numbers) if len(numbers) <= 3 else first
    return last if last > first else None


def _time_of_day(rest: str) -> tuple[str, datetime.time | None]:
    half = "pm" if any(word in rest for word in _AFTERNOON) else "am" if any(word in rest for word in _MORNING) else ""
    found = _TIME.search(rest)
    if found is None:
        return half, None
    hour = int(found[1])
    if half == "pm" and hour < 12 and "中午" not in rest:
        hour += 12
    at = datetime.time(hour, int(found[2] or 0))
    return half or _half(at), at


def _half(at: datetime.time) -> str:
    return "am" if at.hour < 12 else "pm"


def _arabic(text: str) -> str:
    """二〇二四年三月五日 in digits; other text as it is."""
    return _CHINESE_DATE.sub(lambda found: _digits(found[0]), text)


def _digits(text: str) -> str:
    if "十" not in text:
        return "".join(_DIGITS[character] for character in text)
    tens, ones = text.split("十", 1)
    if "十" in ones:
        return text
    return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))
