"""经过: each event of an issue as one sentence for people."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from unionops.jinja import moment
from unionops.joining import listed, statements, with_reason
from unionops.org.models import Event

from .enums import TRANSITIONS, Verb
from .models import Issue

MOVES, FILES, READS, OTHER = "moves", "files", "reads", "other"

_GLYPHS = {
    "register": "pencil-square",
    "import": "file-earmark-arrow-up",
    "note": "chat-dots",
    "correct": "pencil",
    "set_urgency": "flag",
    "extend": "calendar-week",
    "assign": "person-check",
    "remind": "megaphone",
    "order": "megaphone",
    "answer_supervision": "reply",
    "attempt": "telephone",
    "record_reply": "envelope",
    "complete_task": "check2-circle",
    "link": "link-45deg",
    "attach": "paperclip",
    "detach": "trash",
    "reveal": "eye",
    "sample": "shuffle",
    "hand_over": "arrow-right",
}
_GROUPS = {"attach": FILES, "detach": FILES, "reveal": READS}


class Entry(NamedTuple):
    """One line of the timeline; ``quote`` is what somebody wrote, in their own words."""

    at: datetime.datetime
    glyph: str
    text: str
    quote: str
    group: str

    @property
    def when(self) -> str:
        return moment(self.at)

    @property
    def iso(self) -> str:
        return self.at.isoformat(timespec="minutes")

    @property
    def eye(self) -> bool:
        return self.group == READS


def entries(events: Iterable[Event]) -> list[Entry]:
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    name = event.verb.partition(".")[2]
    if name in TRANSITIONS:
        glyph, group = TRANSITIONS[name].icon or "arrow-right", MOVES
    else:
        glyph, group = _GLYPHS.get(name, "three-dots"), _GROUPS.get(name, OTHER)
    data: Mapping[str, Any] = event.data or {}
    return Entry(event.at, glyph, _sentence(name, event.by.name, data), _quote(name, data), group)


def _joined(names: Any) -> str:
    return listed(names or [])


def _sentence(name: str, who: str, data: Mapping[str, Any]) -> str:
    facts = {
        "who": who,
        "department": data.get("department") or "",
        "helping": _joined(data.get("helping")),
        "participants": _joined(data.get("participants")),
        "due": data.get("due_on") or data.get("resume_on") or "",
        "body": data.get("body") or "",
        "number": data.get("letter_number") or data.get("linked_case") or data.get("into") or data.get("other") or "",
        "name": data.get("name") or data.get("what") or "",
        "count": data.get("count") or 0,
        "reason": data.get("reason") or "",
        "way": data.get("way") or "",
    }
    return _words(name, data) % facts


def _words(name: str, data: Mapping[str, Any]) -> str:  # noqa: C901, PLR0912 -- one line a verb
    match name:
        case "register":
            return _("%(who)s 登记。")
        case "import":
            return _("%(who)s 从台账导入。")
        case Verb.EXPLAIN:
            return (
                _("%(who)s 当场解释，反映人表示明白：")
                if data.get("understood")
                else _("%(who)s 当场解释，反映人还没弄明白：")
            )
        case Verb.CLOSE_EXPLAINED:
            return _("%(who)s 按解释认可办结。")
        case Verb.SUBMIT:
            if data.get("department"):
                return _("%(who)s 提交，建议科室：%(department)s。")
            return _("%(who)s 提交。%(reason)s") if data.get("reason") else _("%(who)s 提交。")
        case Verb.RETURN:
            return _("%(who)s 退回补正：")
        case Verb.DISPATCH:
            if data.get("helping"):
                return _("%(who)s 交办 %(department)s，协办 %(helping)s。")
            return _("%(who)s 交办 %(department)s。")
        case Verb.SIGN_FOR:
            return _("%(department)s %(who)s 签收，开始办理。")
        case Verb.DECLINE:
            return _("%(department)s %(who)s 申请退单：")
        case Verb.CONSULT:
            return _("%(who)s 发起会诊，参加：%(participants)s。议题：")
        case Verb.CONCLUDE:
            return _("%(who)s 写了会诊结论：")
        case Verb.PROPOSE_PLAN:
            return _("%(who)s 拟了整改清单，%(due)s 前完成：")
        case Verb.PLAN:
            return _("%(who)s 批准列入限期整改，%(due)s 前完成。")
        case Verb.SUSPEND:
            if data.get("stops_clock"):
                return _("%(who)s 批准暂停计时到 %(due)s，事由：%(reason)s。")
            return _("%(who)s 挂起到 %(due)s（不停止计时），事由：%(reason)s。")
        case Verb.RESUME:
            return _("%(who)s 恢复办理。")
        case Verb.TRANSFER:
            return _("%(who)s 转给 %(body)s，函号 %(number)s。")
        case Verb.CONVERT:
            return _("%(who)s 转专案 %(number)s。")
        case Verb.ANSWER:
            return _("%(who)s 反馈结果：")
        case Verb.OPEN_FOLLOW_UP:
            return _("转入回访，最晚 %(due)s。")
        case Verb.CONFIRM:
            return _("%(who)s 回访（%(way)s）确认，办结。")
        case Verb.REOPEN:
            return _("%(who)s 回访（%(way)s）后退回重办：")
        case Verb.MERGE:
            return _("%(who)s 合并到 %(number)s。")
        case Verb.VOID:
            return _("%(who)s 作废：")
        case Verb.APPEAL:
            return _("%(who)s 重启办理：")
    return _care_words(name)


def _care_words(name: str) -> str:
    return {
        "note": _("%(who)s 记进展："),
        "correct": _("%(who)s 更正了事实："),
        "set_urgency": _("%(who)s 调整了轻重缓急："),
        "extend": _("%(who)s 同意延期："),
        "assign": _("%(who)s 指定了经办人："),
        "remind": _("%(who)s 催办："),
        "order": _("%(who)s 督办，%(due)s 前答复："),
        "answer_supervision": _("%(who)s 答复督办："),
        "attempt": _("%(who)s 第 %(count)s 次没有联系上反映人。"),
        "record_reply": _("%(who)s 登记了 %(body)s 的答复："),
        "complete_task": _("%(who)s 完成任务“%(name)s”。"),
        "link": _("%(who)s 关联了 %(number)s。"),
        "attach": _("%(who)s 上传《%(name)s》。"),
        "detach": _("%(who)s 移除《%(name)s》，理由：%(reason)s"),
        "reveal": _("%(who)s 查看了反映人的完整信息，理由："),
        "sample": _("%(who)s 抽查（%(way)s）："),
        "hand_over": _("%(who)s 移交了跟进。"),
    }.get(name, _("%(who)s 有新的动作。"))


def _quote(name: str, data: Mapping[str, Any]) -> str:
    if changes := data.get("changes"):
        said = statements(_change(field, old, new) for field, (old, new) in changes.items())
        return with_reason(said, data.get("reason"))
    keys: tuple[str, ...] = ("text", "question", "minutes", "result_text", "measure", "note")
    if name not in (Verb.SUSPEND, "detach"):
        keys = ("reason", *keys)
    return next((str(data[key]) for key in keys if data.get(key)), "")


def _change(field: str, old: Any, new: Any) -> str:
    label = _("到期日") if field == "due_on" else str(Issue._meta.get_field(_column(field)).verbose_name)  # type: ignore[union-attr]
    return f"{label} {_shown(old)} → {_shown(new)}"


def _column(field: str) -> str:
    return f"{field}_masked" if field in Issue.SEALED else field


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value) if value not in (None, "") else "—"
