"""经过: each event of a dispute as one sentence for people. What one side said alone is in none of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from unionops.jinja import moment, money
from unionops.joining import listed, statements, with_reason
from unionops.org.models import Event

from .enums import TRANSITIONS, Verb
from .models import Dispute, Elements, Party

MOVES, TALKS, FILES, READS, OTHER = "moves", "talks", "files", "reads", "other"

_GLYPHS = {
    "register": "pencil-square",
    "import": "file-earmark-arrow-up",
    "correct": "pencil",
    "save_elements": "pencil",
    "add_claim": "plus-lg",
    "drop_claim": "trash",
    "take_over_claims": "people",
    "add_parties": "people",
    "elect": "person-check",
    "end_party": "person",
    "end_representative": "person",
    "record_consent": "telephone",
    "add_agent": "person",
    "end_agent": "person",
    "reveal": "eye",
    "note": "chat-dots",
    "make_offer": "chat-square-text",
    "release_note": "unlock",
    "release_offer": "unlock",
    "sign_note": "pencil",
    "record_mark": "patch-check",
    "withdraw_mark": "arrow-counterclockwise",
    "fulfil": "check2-circle",
    "press": "megaphone",
    "book": "calendar-check",
    "cancel_appointment": "calendar-week",
    "move_appointment": "calendar-check",
    "hand_over_appointment": "calendar-check",
    "release_appointment": "calendar-week",
    "record_limitation_event": "hourglass-split",
    "prove_limitation_event": "paperclip",
    "follow_up": "telephone",
    "apply_confirmation": "send",
    "accept_confirmation": "inbox",
    "confirm_confirmation": "patch-check",
    "refuse_confirmation": "x-circle",
    "withdraw_confirmation": "arrow-return-left",
    "add_member": "person-check",
    "end_member": "person",
    "recuse": "slash-circle",
    "ask_recusal": "person",
    "grant_recusal": "slash-circle",
    "decline_recusal": "x-circle",
    "share": "box-arrow-up-right",
    "end_share": "box-arrow-up-right",
    "accept_share": "check2-circle",
    "refuse_share": "x-circle",
    "return_share": "arrow-return-left",
    "issue_link": "link-45deg",
    "open_link": "eye",
    "answer_link": "check2-circle",
    "refuse_link": "shield-lock",
    "revoke_link": "x-circle",
    "answer_issue": "reply",
    "attach": "paperclip",
    "detach": "trash",
    "hand_over": "arrow-right",
    "make_paper": "file-earmark-text",
    "bind_file": "archive",
    "fetch_file": "file-earmark-arrow-down",
}
_GROUPS = {
    "attach": FILES, "detach": FILES, "make_paper": FILES, "bind_file": FILES, "fetch_file": READS, "reveal": READS, "make_offer": TALKS, "release_note": TALKS, "release_offer": TALKS,
    "sign_note": TALKS,
}  # fmt: skip


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
        glyph = TRANSITIONS[name].icon or "arrow-right"
        group = TALKS if name == Verb.HOLD_SESSION else MOVES
    else:
        glyph, group = _GLYPHS.get(name, "three-dots"), _GROUPS.get(name, OTHER)
    data: Mapping[str, Any] = event.data or {}
    return Entry(event.at, glyph, _words(name, data) % _facts(event.by.name, data), _quote(name, data), group)


def _facts(who: str, data: Mapping[str, Any]) -> dict[str, Any]:
    amount = data.get("amount")
    return {
        "who": who,
        # What is owed to many on one day bears one name.
        "names": listed(dict.fromkeys(data.get("names") or [])),
        "name": data.get("name") or data.get("person") or "",
        "party": data.get("party") or "",
        "side": data.get("side") or "",
        "seat": data.get("seat") or "",
        "way": data.get("way") or "",
        "on": data.get("on") or "",
        "due": data.get("due_on") or "",
        "count": data.get("count") or 0,
        "draft": data.get("draft") or 1,
        "body": data.get("body") or data.get("to") or "",
        "number": data.get("number") or data.get("letter_number") or "",
        "reason": data.get("reason") or "",
        "amount": f"{float(amount):,.2f}" if isinstance(amount, str) else money(amount),
        "source": data.get("source") or "",
        "days": data.get("days") or 0,
        "field": _field(str(data.get("field") or "")),
        "from": data.get("from") or "",
        "to": data.get("to") or "",
    }


def _field(name: str) -> str:
    return str(Party._meta.get_field(f"{name}_masked").verbose_name) if name in Party.SEALED else name  # type: ignore[union-attr]


def _words(name: str, data: Mapping[str, Any]) -> str:  # noqa: C901, PLR0912 -- one line a verb
    match name:
        case "register":
            return _("%(who)s 登记，来源：%(source)s。")
        case "import" if data.get("number"):
            return _("%(who)s 从台账导入，原编号 %(number)s。")
        case "import":
            return _("%(who)s 从台账导入。")
        case Verb.ASK_CONSENT:
            return _("%(who)s 联系对方征询意愿（%(way)s）。")
        case Verb.ACCEPT:
            return _("%(who)s 受理。")
        case Verb.REFUSE:
            return _("%(who)s 不予受理，事由：%(reason)s。")
        case Verb.ASSIGN:
            return _("%(who)s 指派调解员：%(names)s。")
        case Verb.HOLD_SESSION if data.get("side"):
            return _("%(who)s 主持第 %(count)s 次调解（%(way)s，听取%(side)s）。")
        case Verb.HOLD_SESSION:
            return _("%(who)s 主持第 %(count)s 次调解（%(way)s）。")
        case Verb.EXTEND:
            return _("%(who)s 登记双方同意延期。")
        case Verb.SUSPEND:
            return _("%(who)s 中止调解，事由：%(reason)s。")
        case Verb.RESUME:
            return _("%(who)s 恢复调解。")
        case Verb.AGREE:
            return _("%(who)s 拟定协议（第 %(draft)s 稿），总金额 %(amount)s 元。")
        case Verb.TALK_AGAIN:
            return _("%(who)s 登记撤回签名，继续调解：")
        case Verb.MAKE_EFFECTIVE:
            return _("%(who)s 登记协议于 %(on)s 生效。")
        case Verb.FINISH:
            return _("%(who)s 登记履行完毕。")
        case Verb.BREACH:
            return _("%(who)s 登记到期未履行：%(names)s。")
        case Verb.FINISH_LATE:
            return _("%(who)s 登记逾期履行完毕。")
        case Verb.CHOOSE_ROUTE:
            return _("%(who)s 登记救济途径：%(reason)s。")
        case Verb.FAIL:
            return _("%(who)s 终止调解，原因：%(reason)s。")
        case Verb.WITHDRAW:
            return _("%(who)s 登记撤回申请：")
        case Verb.TRANSFER:
            return _("%(who)s 移送 %(body)s，事由：%(reason)s。")
        case Verb.ARCHIVE:
            return _("%(who)s 归档。")
        case Verb.REOPEN:
            return _("%(who)s 重启案件：")
        case "record_consent" if data.get("count"):
            if data.get("given"):
                return _("%(who)s 登记 %(name)s 等 %(count)s 人同意调解（%(way)s，%(on)s）。")
            return _("%(who)s 登记 %(name)s 等 %(count)s 人不同意调解（%(way)s，%(on)s）。")
        case "record_consent" if data.get("given"):
            return _("%(who)s 登记 %(name)s 同意调解（%(way)s，%(on)s）。")
        case "record_consent":
            return _("%(who)s 登记 %(name)s 不同意调解（%(way)s，%(on)s）。")
        case "fulfil" if data.get("count"):
            return _("%(who)s 登记“%(name)s”等 %(count)s 项于 %(on)s 履行，合计 %(amount)s 元。")
        case "press" if data.get("count"):
            return _("%(who)s 催促履行“%(name)s”等 %(count)s 项（%(way)s）。")
        case "elect" if data.get("due_on"):
            return _("%(who)s 登记推举代表：%(names)s，任期 %(on)s 到 %(due)s。")
        case "record_mark" if data.get("names"):
            return _("%(who)s 登记%(name)s（%(on)s，%(names)s 签）。")
        case "share" if data.get("due_on"):
            return _("%(who)s 与 %(body)s 共享本案到 %(due)s，事由：%(reason)s。")
    return _other_words(name)


def _other_words(name: str) -> str:
    return {
        "correct": _("%(who)s 更正了案情："),
        "save_elements": _("%(who)s 填写了要素表。"),
        "add_claim": _("%(who)s 算出请求：%(name)s %(amount)s 元。"),
        "drop_claim": _("%(who)s 去掉请求：%(name)s %(amount)s 元。"),
        "take_over_claims": _("%(who)s 把算好的请求写入 %(name)s 的申请，合计 %(amount)s 元。"),
        "add_parties": _("%(who)s 增加当事人 %(count)s 名：%(names)s。"),
        "elect": _("%(who)s 登记推举代表：%(names)s。"),
        "end_party": _("%(who)s 登记 %(name)s 于 %(on)s 退出："),
        "end_representative": _("%(who)s 登记 %(name)s 于 %(on)s 不再任代表："),
        "add_agent": _("%(who)s 登记 %(name)s 代理 %(party)s。"),
        "end_agent": _("%(who)s 登记 %(name)s 不再代理。"),
        "reveal": _("%(who)s 查看了 %(party)s 的完整%(field)s，理由："),
        "note": _("%(who)s 记进展："),
        "make_offer": _("%(who)s 登记了%(side)s新的要求或出价。"),
        "release_note": _("%(who)s 公开第 %(count)s 次调解的笔录："),
        "release_offer": _("%(who)s 公开%(side)s的要求或出价："),
        "sign_note": _("%(who)s 登记第 %(count)s 次调解笔录已于 %(on)s 签名。"),
        "record_mark": _("%(who)s 登记%(name)s（%(on)s）。"),
        "withdraw_mark": _("%(who)s 登记撤回%(name)s："),
        "fulfil": _("%(who)s 登记“%(name)s”于 %(on)s 履行。"),
        "press": _("%(who)s 催促履行“%(name)s”（%(way)s）。"),
        "book": _("%(who)s 预约了%(name)s。"),
        "cancel_appointment": _("%(who)s 取消预约："),
        "move_appointment": _("%(who)s 把预约移到%(name)s。"),
        "hand_over_appointment": _("%(on)s 的预约由 %(name)s 接手。"),
        "release_appointment": _("%(name)s 不再办理本案，%(on)s 的预约取消，请另约。"),
        "record_limitation_event": _("%(who)s 登记时效事件：%(reason)s（%(on)s）。"),
        "prove_limitation_event": _("%(who)s 补充时效证据《%(name)s》。"),
        "follow_up": _("%(who)s 案后回访（%(way)s）。"),
        "apply_confirmation": _("%(who)s 登记向 %(body)s 申请%(way)s（%(on)s）。"),
        "accept_confirmation": _("%(who)s 登记 %(body)s 受理%(way)s（%(on)s）。"),
        "confirm_confirmation": _("%(who)s 登记 %(body)s 作出%(way)s，文书号 %(number)s。"),
        "refuse_confirmation": _("%(who)s 登记 %(body)s 不予%(way)s："),
        "withdraw_confirmation": _("%(who)s 登记撤回%(way)s申请："),
        "add_member": _("%(who)s 增加办案人员：%(name)s（%(seat)s）。"),
        "end_member": _("%(who)s 登记 %(name)s 退出本案："),
        "recuse": _("%(who)s 申报回避，不再办理本案。"),
        "ask_recusal": _("%(who)s 登记 %(party)s 申请 %(name)s 回避。"),
        "grant_recusal": _("%(who)s 决定 %(name)s 回避。"),
        "decline_recusal": _("%(who)s 驳回对 %(name)s 的回避申请："),
        "share": _("%(who)s 与 %(body)s 共享本案，事由：%(reason)s。"),
        "end_share": _("%(who)s 结束与 %(body)s 的共享。"),
        "accept_share": _("%(body)s 接受（%(name)s）。"),
        "refuse_share": _("%(body)s 不接受（%(name)s）："),
        "return_share": _("%(body)s 退回（%(name)s）："),
        "issue_link": _("%(who)s 给%(body)s %(name)s 发了链接，%(due)s 前有效。"),
        "open_link": _("%(body)s %(name)s 打开了链接。"),
        "answer_link": _("%(body)s %(name)s 用链接答复，回执 %(number)s。"),
        "refuse_link": _("有别的设备来打开发给%(body)s %(name)s 的链接，已拒绝。"),
        "revoke_link": _("%(who)s 撤销了发给%(body)s %(name)s 的链接。"),
        "answer_issue": _("%(who)s 答复了诉求 %(number)s。"),
        "attach": _("%(who)s 上传《%(name)s》。"),
        "detach": _("%(who)s 移除《%(name)s》，理由：%(reason)s"),
        "hand_over": _("%(who)s 把调解移交给 %(to)s。"),
        "make_paper": _("%(who)s 制作了《%(name)s》%(number)s。"),
        "bind_file": _("%(who)s 装订成卷，共 %(count)s 页。"),
        "fetch_file": _("%(who)s 取用了封存的案卷。"),
    }.get(name, _("%(who)s 有新的动作。"))


# Where the reason stands in the sentence itself.
_SAID = frozenset(
    {
        Verb.REFUSE,
        Verb.SUSPEND,
        Verb.CHOOSE_ROUTE,
        Verb.FAIL,
        Verb.TRANSFER,
        "record_limitation_event",
        "share",
        "detach",
    }
)


def _quote(name: str, data: Mapping[str, Any]) -> str:
    if changes := data.get("changes"):
        said = statements(_change(field, old, new) for field, (old, new) in changes.items())
        return with_reason(said, data.get("reason"))
    keys = ("text", "note") if name in _SAID else ("reason", "text", "note")
    return next((str(data[key]) for key in keys if data.get(key)), "")


def _change(field: str, old: Any, new: Any) -> str:
    # An extension changes the last day of the term, which is a clock of the case and no column of it.
    label = _("到期日") if field == "due_on" else _label(field)
    return f"{label} {_shown(old)} → {_shown(new)}"


def _label(name: str) -> str:
    """How a column of the case, of its elements form or of a party is called."""
    for model in (Dispute, Elements, Party):
        with suppress(FieldDoesNotExist):
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return name


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value) if value not in (None, "") else "—"
