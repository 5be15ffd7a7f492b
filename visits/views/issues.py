"""The list of issues: filter, sort, saved views, several at once; and an issue that came by telephone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.addresses import pages_of_rows
from unionops.casework.enums import Light, SupervisionKind, Urgency
from unionops.casework.paging import Order, page_of
from unionops.casework.reference import departments
from unionops.casework.table import Column, Table
from unionops.casework.transitions import Text
from unionops.casework.views import saved_views
from unionops.jinja import short_day
from unionops.org.errors import NotAllowed
from unionops.org.models import Organisation, User
from unionops.org.views.answers import again, data, pages, person, tried

from ..actions import care
from ..actions.register import register_issue
from ..actions.steps import STEPS
from ..enums import END_STATES, IssueState, Verb
from ..forms.issues import IssueFilter, RegisterForm
from ..models import Issue
from ..permissions import REGISTERING_ROLES
from ..queries import ISSUE_COLUMNS, IssueRow, category_words
from . import bulk
from .issue_page import holder_words
from .issue_page import page_of as address_of

PAGE = "issues"
COOKIE = "issues_filter"
COOKIE_SECONDS = 90 * 24 * 3600
ORDERS = {
    "new": Order("new", "registered_at"),
    "due": Order("due", "deadline__due_on", descending=False, has_nulls=True),
    "urgency": Order("urgency", "urgency", descending=False),
    "number": Order("number", "number"),
}
COLUMNS = (
    Column("urgency", gettext_lazy("缓急"), sort="urgency", css="c-urg"),
    Column("number", gettext_lazy("编号"), sort="number"),
    Column("title", gettext_lazy("诉求"), sort="new", always=True),
    Column("category", gettext_lazy("类别")),
    Column("place", gettext_lazy("单位")),
    Column("town", gettext_lazy("镇街"), path="town__short_name", usual=False),
    Column("registered", gettext_lazy("登记日期"), path="registered_at", show=short_day, usual=False),
    Column("liaison", gettext_lazy("跟进人"), path="liaison__name", usual=False),
    Column("department", gettext_lazy("主办科室"), path="lead_department__short_name", usual=False),
    Column("people", gettext_lazy("涉及人数"), path="claimant_count", css="n", cell="n c-meta", usual=False),
    Column("pen", gettext_lazy("在谁手上")),
    Column("due", gettext_lazy("期限"), sort="due"),
)
_FIXED = len(IssueRow._fields)
GLYPHS = {
    Light.OK: "clock", Light.SOON: "hourglass-split", Light.OVER: "exclamation-triangle-fill", Light.HOLD: "pause-fill",
    Light.DONE: "check-lg", Light.LATE: "exclamation-triangle",
}  # fmt: skip


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    """Without a filter in the address, the last one of this browser is taken up again."""
    remembered = request.COOKIES.get(COOKIE, "")
    if not request.GET and remembered:
        return HttpResponseRedirect(f"{request.path}?{remembered}")
    user = person(request)
    form = IssueFilter(request.GET, user=user)
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS["new"])
    table = Table(request, PAGE, COLUMNS, order)
    if chosen := table.chosen():
        return chosen
    found = page_of(
        form.queryset(), order, values=("pk", order.column, *_columns(), *table.paths), after=request.GET.get("after", ""),
        counts_in_order=order is ORDERS["new"],
    )  # fmt: skip
    page = replace(found, rows=_lines(found.rows, table))
    query = request.GET.copy()
    for name in ("after", "all"):
        query.pop(name, None)
    context = {
        "filter": form,
        "page": page,
        "shown": _counted(page),
        "table": table,
        "sort": request.GET.get("sort", ""),
        "query": query.urlencode(),
        "is_filtered": bool(form.wanted),
        "views": _views(user, query.urlencode()),
        "may_register": user.scope.has(*REGISTERING_ROLES),
        "bulk": _bulk_verbs(user),
        "departments": departments(next(iter(sorted(user.scope.member_of)), 0)),
        **pages(request, page),
    }
    response = render(request, "visits/issues.html", context)
    if "all" in request.GET:
        response.delete_cookie(COOKIE)
    elif query and len(query.urlencode()) < 1000:
        response.set_cookie(COOKIE, query.urlencode(), COOKIE_SECONDS, httponly=True, samesite="Lax")
    return response


def _columns() -> list[Any]:
    return [category_words("category__") if name == "category__name" else name for name in ISSUE_COLUMNS]


class Line(NamedTuple):
    """A row as the template prints it, so that it computes nothing."""

    id: object
    number: str
    title: str
    url: str
    urgency: int
    urgency_words: str
    category: str
    place: str
    pen: str
    light: str
    glyph: str
    words: str
    more: list[tuple[object, str, Text]]


def _lines(rows: Iterable[tuple[Any, ...]], table: Table) -> list[Line]:
    """The words of states and urgencies are looked up once, not for each row."""
    states, urgencies = ({key: str(label) for key, label in kind.choices} for kind in (IssueState, Urgency))
    address = pages_of_rows("visits:issue")
    found = []
    for values in rows:
        row = IssueRow._make(values[:_FIXED])
        lamp = row.lamp
        where = (
            "" if row.state in END_STATES else holder_words(row.holder_organisation, row.holder_user, row.holder_role)
        )
        found.append(
            Line(
                id=row.id, number=row.number, title=row.title, url=address(row.id), urgency=row.urgency,
                urgency_words=urgencies[row.urgency], category=row.category, place=row.enterprise or row.town,
                pen=f"{where} {states[row.state]}".strip(), light=lamp.light, glyph=GLYPHS[Light(lamp.light)], words=lamp.words,
                more=table.cells(values[_FIXED:]),
            )
        )  # fmt: skip
    return found


def _counted(page: Any) -> str:
    return f"{page.count}+" if page.is_capped else str(page.count)


def _views(user: User, query: str) -> list[dict[str, Any]]:
    ready = [
        (_("全部"), ""),
        (_("在我手上"), "whose=mine&state=open"),
        (_("已超期"), "due=over"),
        (_("待回访"), "state=asking"),
    ]
    return saved_views.tabs(
        user, PAGE, query, base=reverse("visits:issues"), ready=ready, everything="all=1",
        drop=lambda pk: reverse("visits:drop_view", args=[pk]),
    )  # fmt: skip


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    return saved_views.keep(request, PAGE, reverse("visits:issues"))


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    return saved_views.forget(request, PAGE, pk, f"{reverse('visits:issues')}?all=1")


# --- several at once


def _bulk_verbs(user: User) -> list[dict[str, Any]]:
    scope = user.scope
    verbs = []
    if scope.districts and scope.has("clerk", "leader"):
        verbs += [
            {"value": "dispatch", "label": _("交办"), "glyph": "arrow-right-circle"},
            {"value": "remind", "label": _("催办"), "glyph": "megaphone"},
        ]
    if scope.departments:
        verbs.append({"value": "sign_for", "label": _("签收"), "glyph": "pencil"})
    return [*verbs, {"value": "watch", "label": _("关注"), "glyph": "star"}]


@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Do one thing to each of the picked issues; the receipt names what was skipped and why."""
    user = person(request)
    verb = request.POST.get("verb", "")
    if verb not in {choice["value"] for choice in _bulk_verbs(user)}:
        raise NotAllowed(_("这个动作不能成批做。"))
    rows = Issue.objects.visible_to(user)
    chosen = bulk.picked(request, rows, lambda query: IssueFilter(query, user=user).filter(rows))
    department = _department(request, user)
    return bulk.receipt(
        request, chosen.select_related("suggested_department"),
        lambda issue: _one(issue, verb, user, department, request.POST.get("text", "")), address=address_of,
        label=next(choice["label"] for choice in _bulk_verbs(user) if choice["value"] == verb),
        column=_("诉求"), list_room="issues", back=f"{reverse('visits:issues')}?{request.POST.get('query', '')}",
    )  # fmt: skip


def _department(request: HttpRequest, user: User) -> Organisation | None:
    wanted = request.POST.get("department", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 10):
        return None
    return Organisation.objects.filter(pk=wanted, district__in=user.scope.member_of).first()


def _one(issue: Issue, verb: str, user: User, department: Organisation | None, text: str) -> str:
    """Return why it was skipped, or an empty text."""
    match verb:
        case "dispatch":
            target = department or issue.suggested_department
            if target is None:
                return _("没有建议科室，请选择科室。")
            STEPS[Verb.DISPATCH](issue, by=user, department=target)
        case "sign_for":
            STEPS[Verb.SIGN_FOR](issue, by=user)
        case "remind":
            care.supervise(issue, by=user, sort=SupervisionKind.REMIND, text=text.strip() or _("请抓紧办理。"))
        case "watch":
            care.watch(issue, by=user, on=True)
    return ""


# --- an issue without a visit


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if not user.scope.has(*REGISTERING_ROLES):
        raise NotAllowed(_("您没有登记诉求的权限。"), next_step=_("驻联干部、镇街工会、督办岗和分管领导可以登记。"))
    form = RegisterForm(data(request), user=user)
    if form.is_bound and form.is_valid():
        ok, made = tried(form, lambda: register_issue(form.draft(), by=user))
        if ok:
            messages.success(request, _("已登记 %(number)s。") % {"number": made.number})
            return HttpResponseRedirect(address_of(made))
    return again(request, "visits/issue_register.html", {"form": form, "back": reverse("visits:issues")})
