"""Opening hours: spans of a day in minutes, the whole week as minutes from Monday, and whether a place is open now."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.jinja import WEEKDAYS
from unionops.joining import clauses, listed

HALF_HOUR, DAY = 30, 24 * 60
WEEK = 7 * DAY
CLOSED_WORDS = frozenset({"休", "休息", "不开放", "关", "closed", "-"})
WHOLE_DAY_WORDS = frozenset({"24", "24h", "24小时", "全天", "24 hours"})
_SPAN = re.compile(r"(\d{1,2})(?:[:：](\d{2}))?\s*[-–—~至到]\s*(\d{1,2})(?:[:：](\d{2}))?")

# (begin, end) in minutes after midnight; an end beyond 1440 is on the next day.
Span = tuple[int, int]


class NoHours(ValueError):
    """The text is no opening hours."""


def read_spans(text: str) -> list[Span]:
    """«8:00-12:00、13:30-18:00» as spans; «休» is none, «全天» the whole day; an end before its begin is on the next day.

    Raises:
        NoHours: when it cannot be read or two spans overlap.
    """
    text = text.strip()
    if text.lower() in CLOSED_WORDS:
        return []
    if text.lower() in WHOLE_DAY_WORDS:
        return [(0, DAY)]
    found = []
    for part in re.split(r"[、,，;；]+", text):
        match = _SPAN.fullmatch(part.strip())
        if match is None:
            raise NoHours(_("看不懂“%(text)s”，请写成 8:00-18:00；一天有两段的用顿号分开。") % {"text": part.strip()})
        begin, end = _minute(match[1], match[2]), _minute(match[3], match[4])
        if begin in (DAY, end):
            raise NoHours(_("“%(text)s”的起止时间不对。") % {"text": part.strip()})
        found.append((begin, end if end > begin else end + DAY))
    found.sort()
    if any(one[1] > other[0] for one, other in pairwise(found)):
        raise NoHours(_("两段开放时间重叠了。"))
    return found


def _minute(hour: str, minute: str | None) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if found > DAY or int(minute or 0) > 59:
        raise NoHours(_("没有 %(hour)s:%(minute)s 这个时间。") % {"hour": hour, "minute": minute or "00"})
    return found


def write_spans(spans: Iterable[Sequence[int]]) -> str:
    """08:00-18:00, with the end of a night in the hours of the next morning."""
    return listed(f"{_clock(begin)}-{_clock(end)}" for begin, end in spans)


def _clock(minute: int) -> str:
    minute = minute if minute <= DAY else minute - DAY
    return f"{minute // 60:02d}:{minute % 60:02d}"


def week_of(days: Mapping[str, Sequence[Sequence[int]]]) -> list[Span]:
    """The week as merged spans of minutes from Monday 0:00; Sunday's night goes on at its beginning."""
    cut: list[Span] = []
    for number, spans in days.items():
        for begin, end in spans:
            start, stop = int(number) * DAY + begin, int(number) * DAY + end
            cut.append((start, min(stop, WEEK)))
            if stop > WEEK:
                cut.append((0, stop - WEEK))
    merged: list[Span] = []
    for start, stop in sorted(cut):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def half_hours_of(week: Iterable[Span]) -> list[int]:
    """Each half hour from Monday 0:00, as its number, in which the week has a minute."""
    return sorted({half for begin, end in week for half in range(begin // HALF_HOUR, -(-end // HALF_HOUR))})


def minute_of_week(moment: datetime.datetime) -> int:
    local = timezone.localtime(moment)
    return local.weekday() * DAY + local.hour * 60 + local.minute


def day_of_year(day: datetime.date) -> int:
    """621 for the 21st of June: how a season is kept and compared."""
    return day.month * 100 + day.day


def in_season(begin: int | None, end: int | None, day: datetime.date) -> bool:
    """Whether the day is in the season; one that begins after it ends goes over New Year, none is the whole year."""
    if begin is None or end is None:
        return True
    today = day_of_year(day)
    return begin <= today <= end if begin <= end else today >= begin or today <= end


def is_open_at(week: Iterable[Span], season: tuple[int | None, int | None], moment: datetime.datetime) -> bool:
    minute = minute_of_week(moment)
    return in_season(*season, timezone.localdate(moment)) and any(begin <= minute < end for begin, end in week)


def hours_a_week(week: Iterable[Span]) -> float:
    return sum(end - begin for begin, end in week) / 60


def spell(days: Mapping[str, Sequence[Sequence[int]]]) -> list[tuple[str, str]]:
    """(days, hours) with days of the same hours together: («周一至周五», «08:00-18:00»)."""
    rows: list[tuple[list[int], str]] = []
    for number in range(7):
        spans = [tuple(span) for span in days.get(str(number), [])]
        words = _("24 小时") if spans == [(0, DAY)] else listed(write_spans([span]) for span in spans) or _("不开放")
        if rows and rows[-1][1] == words:
            rows[-1][0].append(number)
        else:
            rows.append(([number], words))
    return [(_days(numbers), words) for numbers, words in rows]


def _days(numbers: list[int]) -> str:
    first, last = str(WEEKDAYS[numbers[0]]), str(WEEKDAYS[numbers[-1]])
    if len(numbers) == 7:
        return _("每天")
    return first if len(numbers) == 1 else _("%(first)s至%(last)s") % {"first": first, "last": last}


def in_one_line(days: Mapping[str, Sequence[Sequence[int]]]) -> str:
    return clauses(f"{names} {words}" for names, words in spell(days)) if days else ""
