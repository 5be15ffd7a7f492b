"""工作台 and 待办: what this person must do today, across all kinds of case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from unionops.joining import listed
from unionops.org.models import User
from unionops.org.views.answers import person

from ..enums import Light, Urgency
from ..home import buttons, panels
from ..inbox import MOST_ROWS, InboxRow, elsewhere, grouped, inbox

# The home page shows the beginning of the inbox; on a phone less of it.
MOST_AT_HOME = 14
MOST_RETURNED = 5
TABS = {
    "mine": gettext_lazy("我的待办"), "department": gettext_lazy("本单位"), "watched": gettext_lazy("我关注的"),
    "elsewhere": gettext_lazy("在别人手上"),
}  # fmt: skip
GROUPS = {
    "over": gettext_lazy("已超期"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周到下周一"),
    "later": gettext_lazy("以后"),
}
# What the numbers of the home page count: rows of a group, and these.
PICKED: dict[str, Callable[[InboxRow], bool]] = {
    "sign": lambda row: row.waits_for_signature,
    "back": lambda row: bool(row.back),
}
PICKS = GROUPS | {"sign": gettext_lazy("等我签收"), "back": gettext_lazy("回到我手上")}
GLYPHS = {
    Light.OK: "clock", Light.SOON: "hourglass-split", Light.OVER: "exclamation-triangle-fill", Light.HOLD: "pause-fill",
    Light.DONE: "check-lg", Light.LATE: "exclamation-triangle",
}  # fmt: skip
URGENCIES = {urgency.value: urgency.label for urgency in Urgency}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = inbox(user)
    returned = _picked(rows, "back")
    context = {
        "glance": _glance(user, rows),
        "groups": _groups(rows, MOST_AT_HOME),
        "count": _most(rows),
        "more": len(rows) > MOST_AT_HOME,
        "returned": returned[:MOST_RETURNED],
        "returned_count": len(returned),
        "returned_url": _url(only="back"),
        "panels": panels(user),
        "buttons": buttons(user),
    }
    return render(request, "casework/home.html", context)


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    user = person(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "mine"
    every = inbox(user, tab)
    only = request.GET.get("only", "")
    rows = _picked(every, only)
    context = {
        "tabs": [
            {"label": label, "url": _url(key), "current": key == tab, "count": _most(every) if key == tab else None}
            for key, label in TABS.items()
        ],
        "groups": _groups(rows, tab=tab),
        "count": _most(rows),
        "tab_name": tab,
        "only": PICKS.get(only, ""),
        "all_url": _url(tab),
    }
    return render(request, "casework/inbox.html", context)


def _most(rows: list[InboxRow]) -> str:
    return f"{MOST_ROWS}+" if len(rows) >= MOST_ROWS else str(len(rows))


def _url(tab: str = "mine", only: str = "") -> str:
    query = urlencode(({"tab": tab} if tab != "mine" else {}) | ({"only": only} if only else {}))
    return reverse("casework:inbox") + (f"?{query}" if query else "")


def _picked(rows: list[InboxRow], only: str) -> list[InboxRow]:
    if only in GROUPS:
        return dict(grouped(rows))[only]
    return [row for row in rows if PICKED[only](row)] if only in PICKED else rows


def _groups(rows: list[InboxRow], most: int = MOST_ROWS, tab: str = "mine") -> list[dict[str, Any]]:
    """The groups of whatever there is, each with all that it counts and the first rows of the whole."""
    found, left = [], most
    for key, some in grouped(rows):
        if some and left > 0:
            shown = [_line(row) for row in some[:left]]
            found.append({"label": GROUPS[key], "rows": shown, "count": len(some), "url": _url(tab, key)})
            left -= len(shown)
    return found


def _line(row: InboxRow) -> dict[str, Any]:
    """What the template prints, so that it computes nothing."""
    return {
        "url": row.url,
        "number": row.number,
        "title": row.title,
        "urgency": row.urgency,
        "urgency_words": URGENCIES[row.urgency],
        "icon": row.icon,
        "kind": row.kind_label,
        "place": row.place,
        "step": row.step,
        "light": row.lamp.light,
        "glyph": GLYPHS[Light(row.lamp.light)],
        "words": row.lamp.words,
    }


def _glance(user: User, rows: list[InboxRow]) -> list[dict[str, Any]]:
    over, due, sign, back = (_picked(rows, only) for only in ("over", "today", "sign", "back"))
    begun = elsewhere(user)
    longest = max((-row.lamp.days for row in over), default=0)
    return [
        {
            "glyph": "exclamation-triangle-fill", "label": _("已超期"), "value": len(over), "unit": _("件"), "over": bool(over),
            "note": _("最久 %(n)d 天") % {"n": longest} if over else _("没有超期的"), "url": _url(only="over"),
        },
        {
            "glyph": "hourglass-split", "label": _("今天到期"), "value": len(due), "unit": _("件"), "url": _url(only="today"),
            "note": _kinds(due),
        },
        {
            "glyph": "inbox", "label": _("等我签收"), "value": len(sign), "unit": _("件"), "url": _url(only="sign"),
            "note": _("签收后开始办理"),
        },
        {
            "glyph": "arrow-return-left", "label": _("回到我手上"), "value": len(back), "unit": _("件"), "url": _url(only="back"),
            "note": listed(sorted({str(row.back) for row in back})),
        },
        {
            "glyph": "people", "label": _("在别人手上"), "unit": _("件"),
            "value": f"{MOST_ROWS}+" if begun > MOST_ROWS else begun, "url": _url("elsewhere"), "note": _("我跟进的"),
        },
    ]  # fmt: skip


def _kinds(rows: list[InboxRow]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row.kind_label)] = counts.get(str(row.kind_label), 0) + 1
    return listed(f"{kind} {count}" for kind, count in counts.items())
