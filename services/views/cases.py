"""The list of a programme, its export, and the form that begins a case."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from unionops.casework.enums import Light, Urgency
from unionops.casework.paging import Order
from unionops.casework.paging import page_of as rows_of
from unionops.casework.permissions import refusal
from unionops.casework.table import Column, Table
from unionops.casework.views import saved_views
from unionops.casework.views.steps import Asked, take
from unionops.insight.asking import FIGURE_ROLES
from unionops.jinja import short_day
from unionops.org.errors import NotAllowed
from unionops.org.models import User
from unionops.org.views.answers import data, pages, person
from visits.exporting import conditions, export
from visits.models import Issue

from ..actions import cases as actions
from ..actions.imports import check_imports
from ..exporting import EXPORTING_ROLES, table_of
from ..forms.filters import CaseFilter
from ..models import Programme
from ..permissions import check_may_open_from, check_may_register
from ..queries import LIST_COLUMNS, is_open_to_all, lamp_of, next_step, page_of, programmes_of
from ..shapes import kind_for, specialties_of
from ..summary import figures_of, plan_of
from .finding import visible_programme

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 2 << 20
ORDERS = {
    "new": Order("new", "registered_at"),
    "due": Order("due", "deadline__due_on", descending=False, has_nulls=True),
    "urgency": Order("urgency", "urgency", descending=False),
    "number": Order("number", "number"),
}
GLYPHS = {
    Light.OK: "clock", Light.SOON: "hourglass-split", Light.OVER: "exclamation-triangle-fill", Light.HOLD: "pause-fill",
    Light.DONE: "check-lg", Light.LATE: "exclamation-triangle",
}  # fmt: skip


def view_key(programme: Programme) -> str:
    return f"service-{programme.code}"[:40]


@require_safe
def cases(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = visible_programme(request, code), person(request)
    form = CaseFilter(request.GET, user=user, programme=programme)
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS["new"])
    table = Table(request, "service", _columns(programme), order)
    if chosen := table.chosen():
        return chosen
    found = rows_of(
        form.queryset(),
        order,
        values=("pk", order.column, *LIST_COLUMNS, *table.paths),
        after=request.GET.get("after", ""),
    )
    page = replace(found, rows=[_row(programme, row, table) for row in found.rows])
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "programme": programme,
        "filter": form,
        "page": page,
        "shown": f"{page.count}+" if page.is_capped else str(page.count),
        "table": table,
        "sort": request.GET.get("sort", ""),
        "query": query.urlencode(),
        "is_filtered": bool(form.wanted),
        "views": _views(user, programme, query.urlencode()),
        "may_register": not refusal(check_may_register, user, programme),
        "may_export": user.scope.has(*EXPORTING_ROLES),
        "may_import": not refusal(check_imports, user, programme),
        "specialties": specialties_of(programme),
        "sign_url": reverse("outside:sign", args=[programme.pk]) if is_open_to_all(programme) else "",
        "sums_url": reverse("services:sums", args=[code]) if user.scope.has(*FIGURE_ROLES) else "",
        # Adding up grows with the table: beyond what a list counts, somebody asks for it.
        "sums_at_once": not form.wanted and not page.is_capped,
        **pages(request, page),
    }
    return render(request, "services/cases.html", context)


def _columns(programme: Programme) -> list[Column]:
    """Those of any case, and between them what the shape of the programme is about."""
    own = [
        Column(
            column.path, column.label, css="n" if "n " in column.css else "", path=column.path, show=column.show,
            cell=column.css,
        )
        for column in kind_for(programme.shape).columns
    ]  # fmt: skip
    return [
        Column("urgency", _("缓急"), sort="urgency", css="c-urg"),
        Column("number", _("编号"), sort="number"),
        Column("title", programme.name, sort="new", always=True),
        Column("town", _("镇街")),
        *own,
        Column("registered", _("登记日期"), path="registered_at", show=short_day, usual=False),
        Column("state", _("状态")),
        # What is closed has no term any more.
        Column("due", _("期限"), sort="due", filtered={"state": "open"}),
    ]


def _row(programme: Programme, row: tuple[Any, ...], table: Table) -> dict[str, Any]:
    """What the template prints, so that it computes nothing."""
    kind = kind_for(programme.shape)
    pk, _sort, number, title, urgency, state, town, *rest = row
    clock, own = rest[:5], rest[5:]
    lamp, ended = lamp_of(clock), state in kind.model.END_STATES
    states = dict(kind.states.choices)
    return {
        "url": reverse(f"services:{kind.shape}", args=[pk]),
        "number": number,
        "title": title,
        "urgency": urgency,
        "urgency_words": Urgency(urgency).label,
        "state": programme.word("state", state, states[state]),
        "step": "" if ended else next_step(kind, state, programme.steps, programme.names),
        "town": town or "",
        "more": table.cells(own),
        "light": "" if ended else lamp.light,
        "glyph": GLYPHS[Light(lamp.light)],
        "words": "" if ended else lamp.words,
    }


def _views(user: User, programme: Programme, query: str) -> list[dict[str, Any]]:
    ready = [(_("全部"), ""), (_("在我手上"), "whose=mine"), (_("已超期"), "due=over"), (_("已办结"), "state=closed")]
    return saved_views.tabs(
        user, view_key(programme), query, base=reverse("services:cases", args=[programme.code]), ready=ready,
        drop=lambda pk: reverse("services:drop_view", args=[programme.code, pk]),
    )  # fmt: skip


@require_safe
def sums(request: HttpRequest, code: str) -> HttpResponse:
    """What the cases of the programme add up to; a part of the list that comes after it, or when it is asked for."""
    programme = visible_programme(request, code)
    context = {
        "programme": programme,
        "figures": figures_of(programme, person(request)),
        "plan": plan_of(programme, person(request)),
    }
    return render(request, "services/_sums.html", context)


@require_POST
def save_view(request: HttpRequest, code: str) -> HttpResponse:
    return saved_views.keep(request, view_key(visible_programme(request, code)), reverse("services:cases", args=[code]))


@require_POST
def drop_view(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    page = view_key(visible_programme(request, code))
    return saved_views.forget(request, page, pk, reverse("services:cases", args=[code]))


@require_GET
def export_cases(request: HttpRequest, code: str) -> FileResponse:
    """Exactly what the filter of the list shows, as a workbook; sealed values are never in it; the log says who took it."""
    programme, user = visible_programme(request, code), person(request)
    if not user.scope.has(*EXPORTING_ROLES):
        raise NotAllowed(_("您的岗位不能导出服务台账。"))
    form = CaseFilter(request.GET, user=user, programme=programme)
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 -- the answer closes it
    try:
        export(table_of(programme), form.queryset(), target, by=user, filtered_by=conditions(form))
    except BaseException:
        target.close()
        raise
    target.seek(0)
    name = f"{programme.name}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(target, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


# --- the beginning


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = visible_programme(request, code), person(request)
    check_may_register(user, programme)
    return _begin(request, programme, None)


@require_safe
def choose_for_issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which programme answers what was heard."""
    user = person(request)
    issue = get_object_or_404(Issue.objects.visible_to(user), pk=pk)
    check_may_open_from(user, issue)
    groups: dict[str, list[dict[str, Any]]] = {}
    for programme in programmes_of(user):
        groups.setdefault(programme.group, []).append(
            {"programme": programme, "url": reverse("services:from_issue", args=[pk, programme.code])}
        )
    return render(request, "services/choose.html", {"issue": issue, "groups": list(groups.items())})


@require_http_methods(["GET", "HEAD", "POST"])
def from_issue(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    user = person(request)
    issue = get_object_or_404(Issue.objects.visible_to(user).select_related("enterprise", "town"), pk=pk)
    check_may_open_from(user, issue)
    return _begin(request, visible_programme(request, code), issue)


def _begin(request: HttpRequest, programme: Programme, issue: Issue | None) -> HttpResponse:
    user, kind = person(request), kind_for(programme.shape)
    initial: dict[str, Any] = {}
    if issue is not None:
        firm = issue.enterprise.name if issue.enterprise else ""
        initial = {
            "description": f"{issue.title}\n{issue.description}".strip(), "town": issue.town_id, "enterprise_name": firm,
        }  # fmt: skip
    form = kind.register_form(data(request), request.FILES or None, user=user, programme=programme, initial=initial)
    back = reverse("visits:issue", args=[issue.pk]) if issue else reverse("services:cases", args=[programme.code])
    asked = Asked(
        title=_("登记%(name)s") % {"name": programme.name},
        back=back,
    )
    made: list[Any] = []

    def act() -> None:
        fields = form.arguments()
        if issue is not None:
            made.append(actions.open_from_issue(issue, programme, by=user, **fields))
        else:
            made.append(actions.register(programme, by=user, **fields))

    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        context = {**opened, "programme": programme, "issue": issue}
        return render(request, "services/register.html", context, status=status)

    answer = take(request, form, asked, act, draw)
    if made:
        # The person goes on with the case that has just begun.
        answer["HX-Redirect" if "HX-Redirect" in answer else "Location"] = page_of(made[0])
    return answer
