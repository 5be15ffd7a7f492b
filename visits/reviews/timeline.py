"""经过: what was done with a review or a submission, one sentence each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.jinja import moment, short_day
from unionops.org.models import Event

from .enums import REVIEW_TRANSITIONS, SUBMISSION_TRANSITIONS, ReviewVerb, SubmissionVerb

_GLYPHS = {
    "make": "plus-lg", "set_scheme": "sliders", "set_panel": "people", "draw": "shuffle", "score_subject": "pencil-square",
    "object": "chat-dots", "answer_objection": "reply", "begin": "pencil-square", "edit": "pencil", "attach": "paperclip",
    "detach": "trash",
}  # fmt: skip


class Entry(NamedTuple):
    at: datetime.datetime
    glyph: str
    text: str
    quote: str

    @property
    def when(self) -> str:
        # The year and the minute together are wider than the column: of earlier years the day is enough.
        return moment(self.at) if self.at.year == timezone.now().year else short_day(self.at)

    @property
    def iso(self) -> str:
        return self.at.isoformat(timespec="minutes")


def entries(events: Iterable[Event]) -> list[Entry]:
    return [_entry(event) for event in events]


def _entry(event: Event) -> Entry:
    name = event.verb.partition(".")[2]
    table = REVIEW_TRANSITIONS if event.kind == "review" else SUBMISSION_TRANSITIONS
    glyph = table[name].icon if name in table else _GLYPHS.get(name, "three-dots")
    data: Mapping[str, Any] = event.data or {}
    facts = {"who": event.by.name} | {
        name: data.get(name, "")
        for name in ("due_on", "round", "count", "seed", "kind", "scheme_version", "name", "what", "score")
    }
    return Entry(event.at, glyph, _words(name, event.kind) % facts, str(data.get("reason") or ""))


def _words(name: str, kind: str) -> str:  # noqa: C901, PLR0912 -- one line a verb
    if kind == "submission":
        return _submission_words(name)
    match name:
        case "make":
            return _("%(who)s 建立这一年的评议。")
        case "set_scheme":
            return _("%(who)s 改了%(kind)s的办法，现为第 %(scheme_version)s 版。")
        case ReviewVerb.OPEN:
            return _("%(who)s 开始申报，办法从此不再改，申报到 %(due_on)s 截止。")
        case "set_panel":
            return _("%(who)s 定了评委库，共 %(count)s 人。")
        case ReviewVerb.START:
            return _("%(who)s 转入评审，收到 %(count)s 份材料。")
        case "draw":
            return _("%(who)s 抽取评委 %(count)s 人次，随机数种子 %(seed)s。")
        case "score_subject":
            return _("%(who)s 给%(name)s的“%(what)s”打 %(score)s 分。")
        case ReviewVerb.SETTLE:
            return _("%(who)s 算出第 %(round)s 次结果。")
        case ReviewVerb.PUBLISH:
            return _("%(who)s 公示结果，到 %(due_on)s 为止。")
        case ReviewVerb.CONFIRM:
            return _("%(who)s 定案。")
        case ReviewVerb.REOPEN:
            return _("%(who)s 退回评审：")
        case "object":
            return _("%(who)s 提出异议。")
        case "answer_objection":
            return _("%(who)s 答复异议。")
    return _("%(who)s 有新的动作。")


def _submission_words(name: str) -> str:
    match name:
        case "begin":
            return _("%(who)s 起草。")
        case "edit":
            return _("%(who)s 修改。")
        case SubmissionVerb.SUBMIT:
            return _("%(who)s 提交。")
        case SubmissionVerb.RETURN:
            return _("%(who)s 退回修改：")
        case SubmissionVerb.WITHDRAW:
            return _("%(who)s 撤回。")
        case "attach":
            return _("%(who)s 加了图片：%(name)s")
        case "detach":
            return _("%(who)s 移除图片：%(name)s")
    return _("%(who)s 有新的动作。")
