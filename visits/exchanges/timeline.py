"""经过: each event of an exchange, a decision or a group as one sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.jinja import moment
from unionops.joining import clauses, labelled, statements
from unionops.org.models import Event

from .enums import DECISION_TRANSITIONS, EXCHANGE_TRANSITIONS

# What only tidies the agenda would bury the rest.
QUIET = frozenset({"exchange.move_item", "exchange.restore_item", "exchange.edit_item"})
_GLYPHS = {
    "prepare": "calendar-check", "refresh": "arrow-repeat", "arrange": "calendar-week", "add_item": "plus-lg",
    "drop_item": "dash-lg", "choose_item": "star", "minutes": "journal-text", "decide": "journal-check", "create": "plus-lg",
    "edit": "pencil", "add_member": "person-plus", "end_member": "person-x",
    "hand_over": "arrow-right",
}  # fmt: skip
_WORDS = {
    "exchange.prepare": gettext_lazy("%(who)s 准备了议程。"),
    "exchange.refresh": gettext_lazy("%(who)s 更新了议程。"),
    "exchange.arrange": gettext_lazy("%(who)s 安排了时间、地点和参会人。"),
    "exchange.add_item": gettext_lazy("%(who)s 加了议题“%(what)s”。"),
    "exchange.drop_item": gettext_lazy("%(who)s 把“%(what)s”拿下议程。"),
    "exchange.choose_item": gettext_lazy("%(who)s 挑选了典型案例“%(what)s”。"),
    "exchange.minutes": gettext_lazy("%(who)s 写了纪要。"),
    "exchange.decide": gettext_lazy("%(who)s 记下议定事项，%(owner)s 负责，%(due)s 前完成："),
    "exchange.hold": gettext_lazy("%(who)s 宣布开会。"),
    "exchange.put_off": gettext_lazy("%(who)s 延期召开："),
    "exchange.plan": gettext_lazy("%(who)s 重新排期。"),
    "exchange.sign": gettext_lazy("%(who)s 签发了纪要。"),
    "exchange.reopen": gettext_lazy("%(who)s 退回修改："),
    "decision.decide": gettext_lazy("%(who)s 记下这项议定，%(owner)s 负责，%(due)s 前完成。"),
    "decision.report": gettext_lazy("%(who)s 报告完成："),
    "decision.confirm": gettext_lazy("%(who)s 确认落实。"),
    "decision.return_back": gettext_lazy("%(who)s 退回再办，%(due)s 前完成："),
    "decision.change": gettext_lazy("%(who)s 调整了责任人或期限："),
    "decision.withdraw": gettext_lazy("%(who)s 不再办理："),
    "decision.hand_over": gettext_lazy("%(who)s 把这项议定移交给 %(to)s。"),
    "exchangegroup.create": gettext_lazy("%(who)s 建了这个组。"),
    "exchangegroup.edit": gettext_lazy("%(who)s 改了这个组："),
    "exchangegroup.add_member": gettext_lazy("%(who)s 加入了 %(what)s。"),
    "exchangegroup.end_member": gettext_lazy("%(who)s 移出了 %(what)s。"),
}
_FIELDS = {
    "owner": gettext_lazy("责任人"), "due_on": gettext_lazy("完成期限"), "name": gettext_lazy("组名"),
    "leader": gettext_lazy("分管领导"), "is_active": gettext_lazy("使用中"), "chair": gettext_lazy("主持人"),
    "place": gettext_lazy("地点"), "guests": gettext_lazy("列席"),
}  # fmt: skip


def entries(events: Iterable[Event]) -> list[dict[str, Any]]:
    """Newest first as given; what only tidied is left out."""
    return [_entry(event) for event in events if event.verb not in QUIET]


def _entry(event: Event) -> dict[str, Any]:
    name, data = event.verb.partition(".")[2], event.data or {}
    table = DECISION_TRANSITIONS if event.kind == "decision" else EXCHANGE_TRANSITIONS
    glyph = table[name].icon if name in table else _GLYPHS.get(name, "three-dots")
    words = str(_WORDS.get(event.verb) or _("%(who)s 有新的动作。"))
    said = words % {
        "who": event.by.name, "what": data.get("what") or data.get("name") or "", "owner": data.get("owner") or "",
        "due": data.get("due_on") or "", "to": data.get("to") or "",
    }  # fmt: skip
    return {
        "when": moment(event.at), "iso": event.at.isoformat(timespec="minutes"), "glyph": glyph, "text": said,
        "quote": _quote(event.verb, data),
    }  # fmt: skip


def _quote(verb: str, data: Mapping[str, Any]) -> str:
    changed = ""
    if verb != "exchange.minutes" and (changes := data.get("changes")):
        changed = statements(
            labelled(_FIELDS.get(name, name), f"{_shown(old)} → {_shown(new)}") for name, (old, new) in changes.items()
        )
    written = "" if verb == "decision.decide" else data.get("reason") or data.get("text") or ""
    return clauses([changed, written])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value) if value not in (None, "") else "—"
