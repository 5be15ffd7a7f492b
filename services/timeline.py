"""经过: each event of a case of a programme as one sentence for people."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from unionops.casework.models import Attachment
from unionops.jinja import moment
from unionops.joining import statements
from unionops.org.models import Event

from .models import ServiceCase
from .shapes import kind_of_case

MOVES, FILES, READS, OTHER = "moves", "files", "reads", "other"
_GLYPHS = {
    "register": "pencil-square",
    "attach": "paperclip",
    "detach": "trash",
    "reveal": "eye",
    "note": "chat-dots",
    "erase": "trash",
}
_GROUPS = {"register": MOVES, "attach": FILES, "detach": FILES, "reveal": READS}


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


def entries(case: ServiceCase, events: Iterable[Event]) -> list[Entry]:
    """The log does not know what a file is called; whoever sees the case does."""
    told = list(events)
    keys = {event.data["attachment"] for event in told if "attachment" in event.data}
    names = dict(Attachment.objects.filter(pk__in=keys).values_list("pk", "name"))
    return [_entry(case, event, {str(key): name for key, name in names.items()}) for event in told]


def _entry(case: ServiceCase, event: Event, files: Mapping[str, str]) -> Entry:
    name = event.verb.partition(".")[2]
    data: Mapping[str, Any] = event.data or {}
    if file := files.get(str(data.get("attachment"))):
        data = {**data, "name": file}
    table = kind_of_case(case).table
    if name in table:
        transition = table[name]
        label = case.programme.word("verb", name, transition.label)
        text = _("%(who)s：%(verb)s。") % {"who": event.by.name, "verb": label}
        return Entry(event.at, transition.icon, text, _quote(data), MOVES)
    facts = {
        "who": event.by.name, "source": data.get("source") or "", "name": data.get("name") or "",
        "reason": data.get("reason") or "", "field": data.get("field") or "", "what": data.get("what") or "",
    }  # fmt: skip
    return Entry(
        event.at, _GLYPHS.get(name, "three-dots"), _words(name) % facts, _quote(data), _GROUPS.get(name, OTHER)
    )


def _words(name: str) -> str:
    return {
        "register": _("%(who)s 登记，来源：%(source)s。"),
        "attach": _("%(who)s 上传《%(name)s》。"),
        "detach": _("%(who)s 移除《%(name)s》，理由：%(reason)s"),
        "reveal": _("%(who)s 查看了完整的%(field)s，理由："),
        "note": _("%(who)s 记进展："),
        # Acts beside the steps say in ``what`` what was done.
        "record": _("%(who)s：%(what)s。"),
        "erase": _("保存期满，个人信息和材料已删除。"),
    }.get(name, _("%(who)s 有新的动作。"))


def _quote(data: Mapping[str, Any]) -> str:
    asked = data.get("asked") or {}
    said = statements([str(data["text"])] if data.get("text") else [])
    fields = statements(f"{label} {value}" for label, value in asked.items())
    return " ".join(part for part in (said or (str(data.get("reason") or "")), fields) if part)
