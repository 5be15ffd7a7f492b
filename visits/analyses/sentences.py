"""The draft text of each section, in plain Chinese, from the kept figures alone: no number that is not in them.

The paper is a Chinese paper whatever the language of the page, so nothing here is translated.
"""

from __future__ import annotations

import datetime
import difflib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from .enums import Part
from .figures import Kept, figure_of

Figures = Mapping[str, Any]

# Around a number of which it is to be told what it counts: (OPENS) which figure (SAYS) the number (ENDS). No text holds them.
OPENS, SAYS, ENDS = "\ue000", "\ue001", "\ue002"
MARKED = re.compile(f"{OPENS}([^{SAYS}]*){SAYS}([^{ENDS}]*){ENDS}")
# A number that counts lines of the table beside the text.
LINES = "lines"
WHOLE = "/"


class Piece(NamedTuple):
    """Some words of a text; of a number of the draft the figure that it says, or that it counts lines of the table."""

    words: str
    kept: Kept | None = None
    is_whole: bool = False
    is_lines: bool = False


def draft(part: str, figures: Figures) -> str:
    """What the figures say by themselves about a section; empty where a person writes."""
    builder = _BUILDERS.get(Part(part))
    return "\n".join("".join(paragraph) for paragraph in builder(figures) if paragraph) if builder else ""


def sentences(text: str) -> list[str]:
    return [found.strip() for found in re.split(r"(?<=[。！？])|\n", text) if found.strip()]


def disagreeing(then: str, now: str) -> list[tuple[str, str]]:
    """(sentence of the draft on which a text was based, what the figures say now) wherever the two differ."""
    old, new = sentences(then), sentences(now)
    found: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        found += itertools.zip_longest(old[a:b], new[c:d], fillvalue="")
    return found


# --- numbers that open


def opened(part: str, figures: Figures, text: str) -> list[list[Piece]]:
    """The lines of a text with whatever numbers the figures gave it. What a person wrote otherwise is nobody's figure.

    A sentence of the draft is known as a whole, so that «化解率 100.00%» of two months is not mixed up; of one that was
    changed those clauses are known that the draft has once.
    """
    known: list[Kept] = []
    marked = draft(part, _marked(figures, known))
    whole = {_plain(one): one for one in sentences(marked)}
    clauses = [one for sentence in whole.values() for one in _clauses(sentence)]
    often = Counter(map(_plain, clauses))
    once = {_plain(one): one for one in clauses if often[_plain(one)] == 1}
    return [
        [piece for sentence in _parted(line) for piece in _pieces(_known(sentence, whole, once), known)]
        for line in text.split("\n")
        if line.strip()
    ]


def _marked(found: Any, known: list[Kept]) -> Any:
    """The figures again, each kept one with its place among all that are known."""
    if isinstance(found, Mapping):
        if "indicator" in found:
            known.append(dict(found))
            return {**found, "mark": len(known) - 1}
        return {"mark": LINES} | {key: _marked(value, known) for key, value in found.items()}
    return [_marked(one, known) for one in found] if isinstance(found, list) else found


def _opening(found: Mapping[str, Any], said: object, part: str = "") -> str:
    return f"{OPENS}{found['mark']}{part}{SAYS}{said}{ENDS}" if "mark" in found else str(said)


def _plain(text: str) -> str:
    return MARKED.sub(r"\2", text)


def _parted(line: str) -> list[str]:
    return re.split(r"(?<=[。！？])", line)


def _clauses(sentence: str) -> list[str]:
    return re.split(r"(?<=[，、；：。（）])", sentence)


def _known(sentence: str, whole: Mapping[str, str], once: Mapping[str, str]) -> str:
    if (found := whole.get(sentence.strip())) is not None:
        return found
    return "".join(once.get(clause, clause) for clause in _clauses(sentence))


def _pieces(marked: str, known: list[Kept]) -> Iterable[Piece]:
    end = 0
    for found in MARKED.finditer(marked):
        if found.start() > end:
            yield Piece(marked[end : found.start()])
        mark, said = found.groups()
        if mark == LINES:
            yield Piece(said, is_lines=True)
        else:
            yield Piece(said, known[int(mark.rstrip(WHOLE))], mark.endswith(WHOLE))
        end = found.end()
    if end < len(marked):
        yield Piece(marked[end:])


# --- pieces


def words(kept: Kept) -> str:
    return _opening(kept, figure_of(kept).words)


def whole(kept: Kept) -> str:
    return _opening(kept, f"{kept['denominator']:,}", WHOLE)


def rate(name: str, kept: Kept, nothing: str, unit: str = "件") -> str:
    """化解率 94.70%（876/925 件）; a rate without a whole says that there is none."""
    figure = figure_of(kept)
    if figure.value is None:
        return f"{nothing}，{name}无从计算"
    return f"{name} {words(kept)}%（{_opening(kept, f'{figure.numerator:,}')}/{whole(kept)} {unit}）"


def listed(items: Iterable[str]) -> str:
    return "、".join(items)


def day(iso: str) -> str:
    found = datetime.date.fromisoformat(iso)
    return f"{found.year} 年 {found.month} 月 {found.day} 日"


def counted(parts: Iterable[Kept], unit: str = "件") -> str:
    return listed(f"{kept['label']} {words(kept)} {unit}" for kept in parts)


# --- sections; each gives paragraphs, each paragraph its sentences


def _overview(figures: Figures) -> Iterable[list[str]]:
    told = figures["overview"]
    yield [
        (
            f"{figures['title']}，{figures['subject']}走访 {words(told['visit_count'])} 家次、{words(told['visited_firm_count'])} 家企业，"
            f"{rate('重点企业覆盖率', told['coverage_rate'], '没有在册的重点企业', '家')}。"
        )
    ]
    if not told["issue_count"]["numerator"]:
        yield [f"本季度没有登记诉求，截至 {day(figures['at'])}，化解率无从计算。"]
    else:
        yield [
            (
                f"本季度登记诉求 {words(told['issue_count'])} 件，截至 {day(figures['at'])}，"
                f"{rate('化解率', told['resolution_rate'], '没有登记诉求')}，其中{rate('实质化解率', told['substantive_rate'], '没有登记诉求')}。"
            )
        ]
    flow = ["本季度没有办结的诉求，当期化解率无从计算。"]
    if told["closed_count"]["numerator"]:
        resolved = rate("当期化解率", told["flow_resolution_rate"], "没有办结的诉求")
        flow = [f"本季度办结 {words(told['closed_count'])} 件（不论何时登记），{resolved}。"]
    if told["days_to_close"]["days"] is not None:
        flow.append(f"从登记到办结，一半的诉求不超过 {words(told['days_to_close'])} 天。")
    flow.append(f"{rate('按期办结率', told['on_time_rate'], '没有到期应办结的诉求')}。")
    yield flow
    participation = rate("参评率", told["participation_rate"], "没有回访过的诉求")
    yield [f"{rate('满意率', told['satisfaction_rate'], '没有评价')}；{participation}。"]


_TREND_NAMES = {
    "visit_count": ("走访", "家次"),
    "issue_count": ("登记诉求", "件"),
    "resolution_rate": ("化解率", "个百分点"),
    "on_time_rate": ("按期办结率", "个百分点"),
}
_RATES = ("resolution_rate", "on_time_rate")


def _trend(figures: Figures) -> Iterable[list[str]]:
    trend = figures["trend"]
    yield [_month(row) for row in trend["months"]]
    for name, called in (("before", "上季度"), ("year", "去年同期")):
        yield [_compared(called, trend[name], trend["changes"][name])]


def _month(row: Mapping[str, Any]) -> str:
    called, visits, cohort = f"{int(row['month'][5:])} 月", row["visit_count"], row["resolution_rate"]
    if not visits["numerator"] and not cohort["denominator"]:
        return f"{called}没有走访，也没有登记诉求。"
    visited = f"{called}走访 {words(visits)} 家次，"
    if not cohort["denominator"]:
        return f"{visited}没有登记诉求，化解率无从计算。"
    return f"{visited}登记诉求 {whole(cohort)} 件，{rate('化解率', cohort, '')}。"


def _compared(called: str, then: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    title = then["title"]
    known = {code: changes[code] for code in _TREND_NAMES if changes[code] is not None}
    if not known:
        return f"{called}（{title}）没有可比的数。"
    told = listed(_moved(code, found, then["figures"][code]) for code, found in known.items())
    unknown = [_TREND_NAMES[code][0] for code in _TREND_NAMES if code not in known]
    return f"与{called}（{title}）相比，{told}{f'；{listed(unknown)}没有可比的数' if unknown else ''}。"


def _moved(code: str, found: Mapping[str, Any], then: Kept) -> str:
    """The difference opens the rows of then; those of now are opened by the figure itself."""
    name, unit = _TREND_NAMES[code]
    if not found["way"]:
        return f"{name}持平"
    up, down = ("上升", "下降") if code in _RATES else ("增加", "减少")
    return f"{name}{up if found['way'] > 0 else down} {_opening(then, found['by'])} {unit}"


def _common(figures: Figures) -> Iterable[list[str]]:
    found = figures["common"]
    if not found["parts"]:
        yield ["本季度没有登记诉求，没有共性问题可列。"]
        return
    named = found["parts"][: figures["rules"]["most"]]
    more = found["kinds"] > len(named)
    lead = f"最多的 {figures['rules']['most']} 类是" if more else "依次是"
    yield [f"本季度的诉求分属 {_opening(found, found['kinds'])} 个二级类别，{lead}：{counted(named)}。"]


def _fresh(figures: Figures) -> Iterable[list[str]]:
    found = figures["fresh"]
    span = f"此前四个季度（{found['since']['first']}至 {found['since']['last']}）"
    if not found["earlier"]["numerator"]:
        yield [f"{span}没有登记诉求，哪些是新问题无从比较。"]
    elif not found["parts"]:
        yield [f"没有出现{span}里没有的二级类别。"]
    else:
        named = found["parts"][: figures["rules"]["most"]]
        tail = "等" if found["kinds"] > len(named) else ""
        yield [f"有 {_opening(found, found['kinds'])} 个二级类别是{span}里没有的：{counted(named)}{tail}。"]


def _repeated(figures: Figures) -> Iterable[list[str]]:
    found = figures["repeated"]
    if not found["firms"]:
        yield ["没有企业在本季度反映两件以上诉求。"]
        return
    firms, issues = _opening(found, found["firms"]), _opening(found, found["issues"])
    told = [f"有 {firms} 家企业在本季度反映了两件以上诉求，共 {issues} 件。"]
    if found["parts"]:
        told.append(f"其中：{counted(found['parts'][: figures['rules']['most']])}。")
    if found["grouped"]:
        cells = listed(
            f"{cell['town']} {_opening(cell, cell['firms'])} 家 {_opening(cell, cell['issues'])} 件"
            for cell in found["grouped"]
        )
        told.append(f"匿名职工不足 {figures['rules']['smallest_cell']} 人的不列企业名称，按镇街归并：{cells}。")
    yield told


def _risks(figures: Figures) -> Iterable[list[str]]:
    risks = figures["risks"]
    found = []
    if risks["arrears"]["numerator"]:
        found.append(f"欠薪诉求 {words(risks['arrears'])} 件{_where(risks['arrears_by_town'])}。")
    if risks["collective"]["numerator"]:
        found.append(
            f"{figures['rules']['collective_from']} 人以上的集体诉求 {words(risks['collective'])} 件"
            f"{_where(risks['collective_by_town'])}。"
        )
    if risks["critical"]["numerator"]:
        found.append(f"特急诉求 {words(risks['critical'])} 件。")
    if risks["overdue"]["numerator"]:
        found.append(f"截至 {day(figures['at'])}，超期未结 {words(risks['overdue'])} 件。")
    yield found or ["本季度没有欠薪、集体、特急和超期未结的诉求。"]


def _where(parts: list[Kept]) -> str:
    return f"（{counted(parts)}）" if parts else ""


def _ageing(figures: Figures) -> Iterable[list[str]]:
    found = figures["ageing"]
    if not found["open"]["numerator"]:
        yield [f"截至 {day(figures['at'])}，没有在办的诉求。"]
    else:
        yield [
            f"截至 {day(figures['at'])}，在办诉求 {words(found['open'])} 件，按登记以来的天数：{counted(found['parts'])}。"
        ]


def _towns(figures: Figures) -> Iterable[list[str]]:
    rows = figures["towns"]
    ranked = [row for row in rows if row["rank"] is not None]
    if not ranked:
        yield ["各镇街本季度都没有登记诉求，化解率无从比较。"]
        return
    best = [row for row in ranked if row["rank"] == 1]
    if len(ranked) == 1:
        yield [f"只有{best[0]['town']}登记了诉求，{rate('化解率', best[0]['resolution_rate'], '')}。"]
        return
    told = [f"化解率最高的是{listed(row['town'] for row in best)}（{words(best[0]['resolution_rate'])}%）。"]
    lowest = max(row["rank"] for row in ranked)
    if lowest > 1:
        last = [row for row in ranked if row["rank"] == lowest]
        told.append(f"化解率最低的是{listed(row['town'] for row in last)}（{words(last[0]['resolution_rate'])}%）。")
    dense = [row for row in rows if row["per_hundred"] is not None and row["issue_count"]["numerator"]]
    if dense:
        most = max(dense, key=lambda row: float(row["per_hundred"]))
        told.append(
            f"每百家企业反映诉求最多的是{most['town']}，{_opening(most['issue_count'], most['per_hundred'])} 件"
            f"（{words(most['issue_count'])} 件，在册企业 {words(most['firm_count'])} 家）。"
        )
    silent = [row["town"] for row in rows if not row["issue_count"]["numerator"]]
    if silent:
        told.append(f"{listed(silent)}本季度没有登记诉求，化解率无从计算。")
    yield told


def _reflections(figures: Figures) -> Iterable[list[str]]:
    found = figures["reflections"]
    if not found["parts"]:
        yield [
            f"应交调研心得 {_opening(found, found['expected'])} 篇，还没有人交。"
            if found["expected"]
            else "本季度没有驻联干部，没有调研心得。"
        ]
        return
    expected, handed_in, lacking = (_opening(found, found[name]) for name in ("expected", "handed_in", "missing"))
    missing = f"，还有 {lacking} 人没有交" if found["missing"] else ""
    yield [f"应交调研心得 {expected} 篇，收到 {handed_in} 篇{missing}。"]
    titles = listed(f"{row['author']}《{row['title']}》" for row in found["parts"])
    yield [f"篇目：{titles}"]


_BUILDERS: dict[str, Callable[[Figures], Iterable[list[str]]]] = {
    Part.OVERVIEW: _overview,
    Part.TREND: _trend,
    Part.COMMON: _common,
    Part.FRESH: _fresh,
    Part.REPEATED: _repeated,
    Part.RISKS: _risks,
    Part.AGEING: _ageing,
    Part.TOWNS: _towns,
    Part.REFLECTIONS: _reflections,
}
