"""经过: each event of an analysis or a reflection as one sentence for people."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from unionops.joining import listed
from unionops.org.models import Event

from ..timeline import MOVES, OTHER, Entry
from .enums import ANALYSIS_TRANSITIONS, REFLECTION_TRANSITIONS, AnalysisVerb, Part, ReflectionVerb

_GLYPHS = {
    "prepare": "clipboard-data", "refresh": "arrow-repeat", "write": "pencil", "reset": "arrow-counterclockwise",
    "undo": "arrow-clockwise", "begin": "pencil-square", "save": "pencil",
}  # fmt: skip


def entries(events: Iterable[Event]) -> list[Entry]:
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    kind, _dot, name = event.verb.partition(".")
    transition = (ANALYSIS_TRANSITIONS if kind == "analysis" else REFLECTION_TRANSITIONS).get(name)
    data = event.data or {}
    facts = {
        "who": event.by.name,
        "day": data.get("cut_off", ""),
        "part": str(Part(data["part"]).label) if data.get("part") in Part.values else "",
        "parts": listed(data.get("parts") or []),
    }
    glyph = transition.icon if transition else _GLYPHS.get(name, "three-dots")
    text = (_analysis_words if kind == "analysis" else _reflection_words)(name, bool(facts["parts"])) % facts
    return Entry(event.at, glyph, text, str(data.get("reason", "")), MOVES if transition else OTHER)


def _analysis_words(name: str, moved: bool) -> str:
    return {
        "prepare": _("%(who)s 备好数字和初稿，截至 %(day)s。"),
        "refresh": _("%(who)s 重新取数，截至 %(day)s，有变化的：%(parts)s。")
        if moved
        else _("%(who)s 重新取数，截至 %(day)s，没有变化。"),
        "write": _("%(who)s 改了“%(part)s”。"),
        "reset": _("%(who)s 把“%(part)s”恢复为生成稿。"),
        "undo": _("%(who)s 撤销了“%(part)s”的恢复。"),
        AnalysisVerb.SUBMIT: _("%(who)s 送审。"),
        AnalysisVerb.REVIEW: _("%(who)s 审核通过，报主要领导签发。"),
        AnalysisVerb.SIGN: _("%(who)s 签发，正文和数字从此不变。"),
        AnalysisVerb.RETURN: _("%(who)s 退回修改："),
        AnalysisVerb.REOPEN: _("%(who)s 重新打开："),
    }.get(name, _("%(who)s 有新的动作。"))


def _reflection_words(name: str, _moved: bool) -> str:
    return {
        "begin": _("%(who)s 开始写。"),
        "save": _("%(who)s 存了草稿。"),
        ReflectionVerb.HAND_IN: _("%(who)s 交上。"),
        ReflectionVerb.RETURN: _("%(who)s 退回修改："),
    }.get(name, _("%(who)s 有新的动作。"))
