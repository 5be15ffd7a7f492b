"""工作台 and 待办: what this person must do today, across all kinds of case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
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
TABS = {"mine": gettext_lazy("我的待办"), "department": gettext_lazy("本单位"), "watched": gettext_lazy("我关注的")}
GROUPS = {
    "over": gettext_lazy("已超期"),
    "today": gettext_lazy("今天"),
    "week": gettext_lazy("本周到下周一"),
    "later": gettext_lazy("以后"),
}
GLYPHS = {
    Light.OK: "clock", Light.SOON: "hourglass-split", Light.OVER: "exclamation-triangle-fill", Light.HOLD: "pause-fill",
    Light.DONE: "check-lg", Light.LATE: "exclamation-triangle",
}  # fmt: skip
URGENCIES = {urgency.value: urgency.label for urgency in Urgency}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = inbox(user)
    context = {
        "glance": _glance(user, rows),
        "groups": _groups(rows[:MOST_AT_HOME]),
        "count": len(rows),
        "more": len(rows) > MOST_AT_HOME,
        "returned": [row for row in rows if row.back][:5],
        "panels": panels(user),
        "buttons": buttons(user),
    }
    return render(request, "casework/home.html", context)


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    user = person(request)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "mine"
    rows = inbox(user, tab)
    context = {
        "tabs": [
            {
                "label": label, "url": f"{request.path}?tab={key}" if key != "mine" else request.path, "current": key == tab,
                "count": _most(rows) if key == tab else None,
            }
            for key, label in TABS.items()
        ],
        "groups": _groups(rows),
        "count": _most(rows),
        "tab_name": tab,
    }  # fmt: skip
    return render(request, "casework/inbox.html", context)


def _most(rows: list[InboxRow]) -> str:
    return f"{MOST_ROWS}+" if len(rows) >= MOST_ROWS else str(len(rows))


def _groups(rows: list[InboxRow]) -> list[dict[str, Any]]:
    return [
        {"label": GROUPS[key], "rows": [_line(row) for row in found], "count": len(found)}
        for key, found in grouped(rows)
        if found
    ]


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
    today = timezone.localdate()
    over = [row for row in rows if row.lamp.is_over]
    due = [row for row in rows if row.lamp.due_on == today]
    sign = [row for row in rows if row.waits_for_signature]
    back = [row for row in rows if row.back]
    todo_url = reverse("casework:inbox")
    longest = max((-row.lamp.days for row in over), default=0)
    return [
        {
            "glyph": "exclamation-triangle-fill", "label": _("已超期"), "value": len(over), "unit": _("件"), "over": bool(over),
            "note": _("最久 %(n)d 天") % {"n": longest} if over else _("没有超期的"), "url": todo_url,
        },
        {
            "glyph": "hourglass-split", "label": _("今天到期"), "value": len(due), "unit": _("件"), "url": todo_url,
            "note": _kinds(due),
        },
        {
            "glyph": "inbox", "label": _("等我签收"), "value": len(sign), "unit": _("件"), "url": todo_url,
            "note": _("签收后开始办理"),
        },
        {
            "glyph": "arrow-return-left", "label": _("回到我手上"), "value": len(back), "unit": _("件"), "url": todo_url,
            "note": listed(sorted({str(row.back) for row in back})),
        },
        {
            "glyph": "people", "label": _("在别人手上"), "value": elsewhere(user), "unit": _("件"),
            "url": f"{todo_url}?tab=watched", "note": _("我跟进的"),
        },
    ]  # fmt: skip


def _kinds(rows: list[InboxRow]) -> str:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row.kind_label)] = counts.get(str(row.kind_label), 0) + 1
    return listed(f"{kind} {count}" for kind, count in counts.items())
