"""The list of disputes, its export and its saved views, and the board of the pipeline."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from unionops.casework.deadlines import lamp
from unionops.casework.enums import Light, Urgency
from unionops.casework.paging import Order, page_of
from unionops.casework.table import Column, Table
from unionops.casework.transitions import Text
from unionops.casework.views import saved_views
from unionops.jinja import money, short_day
from unionops.joining import labelled
from unionops.org.errors import NotAllowed
from unionops.org.models import User
from unionops.org.views.answers import pages, person
from visits.exporting import conditions, export

from ..actions.imports import may_import
from ..agenda import centres_of, next_duty
from ..enums import END_STATES, REGISTERING_ROLES, SUCCESSFUL, DisputeState, Outcome, Side, Source
from ..exporting import DISPUTES, EXPORTING_ROLES
from ..forms.cases import STATE_GROUPS, BoardFilter, DisputeFilter
from ..queries import DISPUTE_COLUMNS, LANES, NEXT_STEP, DisputeRow, board, cause_label, load_of, sums_of

PAGE = "disputes"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Small answers stay in memory; a long list goes through a file without a name.
_IN_MEMORY = 2 << 20
ORDERS = {
    "new": Order("new", "registered_at"),
    "due": Order("due", "deadline__due_on", descending=False, has_nulls=True),
    "urgency": Order("urgency", "urgency", descending=False),
    "number": Order("number", "number"),
    "amount": Order("amount", "amount_claimed"),
}
COLUMNS = (
    Column("urgency", gettext_lazy("缓急"), sort="urgency", css="c-urg"),
    Column("number", gettext_lazy("编号"), sort="number"),
    Column("title", gettext_lazy("争议"), sort="new", always=True),
    Column("source", gettext_lazy("来源")),
    Column("cause", gettext_lazy("案由"), path="cause", show=cause_label, usual=False),
    Column("registered", gettext_lazy("登记日期"), path="registered_at", show=short_day, usual=False),
    Column("centre", gettext_lazy("调解组织"), path="organisation__name", usual=False),
    Column("people", gettext_lazy("涉及人数"), path="people_count", css="n", cell="n c-meta", usual=False),
    Column("amount", gettext_lazy("金额（元）"), sort="amount", css="n"),
    Column("mediator", gettext_lazy("调解员")),
    Column("state", gettext_lazy("状态")),
    Column("due", gettext_lazy("期限"), sort="due"),
)
_FIXED = len(DisputeRow._fields)
GLYPHS = {
    Light.OK: "clock", Light.SOON: "hourglass-split", Light.OVER: "exclamation-triangle-fill", Light.HOLD: "pause-fill",
    Light.DONE: "check-lg", Light.LATE: "exclamation-triangle",
}  # fmt: skip


@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = DisputeFilter(request.GET, user=user)
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS["new"])
    table = Table(request, PAGE, COLUMNS, order)
    if chosen := table.chosen():
        return chosen
    found = page_of(
        form.queryset(), order, values=("pk", order.column, *DISPUTE_COLUMNS, *table.paths),
        after=request.GET.get("after", ""),
    )  # fmt: skip
    page = replace(found, rows=[_row(DisputeRow(*row[:_FIXED]), table.cells(row[_FIXED:])) for row in found.rows])
    query = request.GET.copy()
    query.pop("after", None)
    desks = centres_of(user)
    context = {
        "filter": form,
        "page": page,
        "shown": f"{page.count}+" if page.is_capped else str(page.count),
        "table": table,
        "sort": request.GET.get("sort", ""),
        "query": query.urlencode(),
        "is_filtered": bool(form.wanted),
        # Adding up is asked for by the sums of the board.
        "sums": sums_of(form.queryset()) if request.GET.get("sum") else None,
        "views": _views(user, query.urlencode()),
        "may_register": user.scope.has(*REGISTERING_ROLES),
        "has_desk": bool(desks),
        "on_duty": next_duty(user),
        "may_export": user.scope.has(*EXPORTING_ROLES),
        "may_import": any(may_import(user, centre) for centre in desks),
        **pages(request, page),
    }
    return render(request, "disputes/disputes.html", context)


def _row(row: DisputeRow, more: list[tuple[object, str, Text]]) -> dict[str, Any]:
    """What the template prints, so that it computes nothing."""
    lamp = row.lamp
    ended = row.state in END_STATES
    step = NEXT_STEP.get(row.state)
    return {
        "more": more,
        "number": row.number,
        "title": row.title,
        "url": reverse("disputes:dispute", args=[row.id]),
        "urgency": row.urgency,
        "urgency_words": Urgency(row.urgency).label,
        "source": Source(row.source).label,
        "state": DisputeState(row.state).label,
        "mediator": row.mediator or "",
        "centre": row.centre,
        "amount": money(row.amount) if row.amount else "",
        "people": row.people,
        "is_collective": row.is_collective,
        "step": step.label if step else "",
        "light": "" if ended else lamp.light,
        "glyph": GLYPHS[Light(lamp.light)],
        "words": "" if ended else lamp.words,
    }


def _views(user: User, query: str) -> list[dict[str, Any]]:
    ready = [
        (_("全部"), ""),
        (_("在我手上"), "whose=mine"),
        (_("已超期"), "due=over"),
        (_("履行中"), "state=fulfilment"),
        (_("待归档"), "state=over"),
    ]
    return saved_views.tabs(
        user, PAGE, query, base=reverse("disputes:disputes"), ready=ready,
        drop=lambda pk: reverse("disputes:drop_view", args=[pk]),
    )  # fmt: skip


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    return saved_views.keep(request, PAGE, reverse("disputes:disputes"))


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    return saved_views.forget(request, PAGE, pk, reverse("disputes:disputes"))


@require_GET
def export_disputes(request: HttpRequest) -> FileResponse:
    """Exactly what the filter of the list shows, as a workbook; the log says who took it out."""
    user = person(request)
    if not user.scope.has(*EXPORTING_ROLES):
        raise NotAllowed(_("您的岗位不能导出调解案件。"))
    form = DisputeFilter(request.GET, user=user)
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    try:
        export(DISPUTES, form.queryset(), target, by=user, filtered_by=conditions(form))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    name = f"{DISPUTES.name}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


# --- the board


@require_safe
def dispute_board(request: HttpRequest) -> HttpResponse:
    """看板: the open cases by stage, days in the stage, deadline colours."""
    user = person(request)
    form = BoardFilter(request.GET, user=user)
    found = form.queryset()
    query = request.GET.urlencode()
    lanes = [
        {
            "key": lane.key,
            "label": lane.label,
            "note": lane.note,
            "count": lane.count,
            "cards": [_card(card) for card in lane.cards],
            "more": lane.count - len(lane.cards),
            "url": _lane_url(lane.key, query),
        }
        for lane in board(found)
    ]
    context = {
        "filter": form,
        "lanes": lanes,
        "load": load_of(found),
        "open_url": _list_url(query, state="open"),
        "sum_url": _list_url(query, state="open", sum="1"),
        "late_url": _list_url(query, state="open", due="over"),
        "query": query,
        "is_filtered": bool(form.wanted),
        "may_register": user.scope.has(*REGISTERING_ROLES),
        "has_desk": bool(centres_of(user)),
        "on_duty": next_duty(user),
    }
    return render(request, "disputes/board.html", context)


def _lane_url(lane: str, query: str) -> str:
    """The list of a lane: a group of states, or the one state that it holds."""
    states = next(states for key, _label, states, _note in LANES if key == lane)
    return _list_url(query, state=lane if lane in STATE_GROUPS else next(iter(states)))


def _list_url(query: str, **wanted: str) -> str:
    """The list of what the board shows, narrowed further."""
    return f"{reverse('disputes:disputes')}?{urlencode(wanted)}{'&' + query if query else ''}"


def _card(row: dict[str, Any]) -> dict[str, Any]:
    """What the template prints of one case."""
    due = lamp(
        row["deadline__due_on"], row["deadline__soon_on"], row["deadline__paused_on"], row["deadline__met_on"],
        provisional=bool(row["deadline__provisional"]),
    )  # fmt: skip
    people = row["people_count"]
    owed = row["owed"]
    state = DisputeState(row["state"])
    what = owed.what if owed is not None else ""
    if owed is not None and owed.together:
        what = _("%(what)s %(amount)s 元") % {"what": what, "amount": money(owed.together)}
    if state == DisputeState.BREACHED:
        what = labelled(state.label, what) if what else str(state.label)
    return {
        "url": reverse("disputes:dispute", args=[row["pk"]]),
        "number": row["number"],
        "who": row["mediator__name"] or _("待指派"),
        "cause": cause_label(row["cause"]),
        "worker": row["names"].get(Side.APPLICANT, "") + (_("等") if people > 1 else ""),
        "firm": row["names"].get(Side.RESPONDENT, ""),
        "people": people,
        "amount": money(row["amount_claimed"]) if row["amount_claimed"] else "",
        "what": what,
        "held": state.label if state == DisputeState.SUSPENDED else "",
        "outcome": Outcome(row["outcome"]).label if row["lane"] == "over" and row["outcome"] else "",
        "light": due.light,
        "glyph": GLYPHS[Light(due.light)],
        "words": due.words,
        "outcome_light": "done" if row["outcome"] in SUCCESSFUL else "hold",
        "outcome_glyph": "check-lg" if row["outcome"] in SUCCESSFUL else "dash-lg",
        "days": (timezone.localdate() - timezone.localtime(row["state_since"]).date()).days,
    }
