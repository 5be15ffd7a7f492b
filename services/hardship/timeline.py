"""经过 of a household's file: each event as one sentence for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from unionops.jinja import moment
from unionops.joining import statements
from unionops.org.models import Event

GLYPHS = {
    "register": "pencil-square", "write": "people", "open": "folder-check", "review": "arrow-repeat",
    "exit": "box-arrow-right", "close": "slash-circle", "reveal": "eye", "relief": "heart", "spot_check": "shuffle",
}  # fmt: skip


def entries(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [_entry(event) for event in events]


def _entry(event: Event) -> dict[str, Any]:
    name, data = event.verb.partition(".")[2], event.data or {}
    facts = {
        "who": event.by.name, "number": data.get("number") or "", "category": data.get("category") or "",
        "outcome": data.get("outcome") or "", "reason": data.get("reason") or "", "field": data.get("field") or "",
        "name": data.get("name") or "", "people": data.get("people") or "",
    }  # fmt: skip
    quote = statements([str(data["text"])] if data.get("text") else []) if name != "reveal" else str(facts["reason"])
    return {
        "when": moment(event.at), "iso": event.at.isoformat(timespec="minutes"), "glyph": GLYPHS.get(name, "three-dots"),
        "text": _words(name) % facts, "quote": quote, "eye": name == "reveal",
    }  # fmt: skip


def _words(name: str) -> str:
    return {
        "register": _("%(who)s 提出建档申请 %(number)s。"),
        "write": _("%(who)s 写了家庭情况，%(people)s 口人。"),
        "open": _("%(who)s 批准建档，%(category)s。"),
        "review": _("%(who)s 复核：%(outcome)s，%(category)s。"),
        "spot_check": _("%(who)s 登记抽查：%(outcome)s。"),
        "exit": _("%(who)s 办了退档：%(reason)s。"),
        "close": _("%(who)s 没有批准，未建档。"),
        "reveal": _("%(who)s 查看了%(field)s，理由："),
        "relief": _("%(who)s 列入“%(name)s”，%(number)s。"),
    }.get(name, _("%(who)s 有新的动作。"))
