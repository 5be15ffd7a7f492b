"""The list of visits and one visit: what was seen, what was heard, what was corrected since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.casework.attachments import BadFile, attach, attachments_of
from unionops.casework.deadlines import lamp_of
from unionops.casework.paging import Order, page_of
from unionops.casework.permissions import refusal
from unionops.casework.table import Column, Table
from unionops.casework.transitions import Text
from unionops.casework.views import saved_views
from unionops.jinja import moment, short_day
from unionops.joining import bracketed, labelled, listed, statements, with_reason
from unionops.org.enums import Role
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.forms.accounts import RevealForm
from unionops.org.forms.fields import refuse
from unionops.org.models import Event, User
from unionops.org.views.answers import Step, data, done, pages, person, secret, step, version

from ..actions.merging import CHECK, Collision, Merged, merge
from ..actions.visits import (
    check_may_correct_visit,
    check_may_return_visit,
    correct_visit,
    issues_of,
    last_return,
    return_visit,
    reveal_contact,
)
from ..enums import Grade, Heading, Policy, VisitMode, VisitState
from ..forms.visit_lists import ReturnForm, VisitCorrectionForm, VisitFilter
from ..models import Visit
from ..permissions import VISITING_ROLES
from . import bulk

PAGE = "visits"
COOKIE = "visits_filter"
COOKIE_SECONDS = 90 * 24 * 3600
ORDERS = {
    "new": Order("new", "visited_on"),
    "number": Order("number", "number"),
    "issues": Order("issues", "issue_count"),
}
_READ = (
    "number", "visited_on", "enterprise__name", "target_name", "town__short_name", "officer__name", "mode", "issue_count",
    "is_key_enterprise", "late", "version", "state",
)  # fmt: skip
MODES = {mode.value: mode.label for mode in VisitMode}
TONES = {Grade.GOOD: "good", Grade.ATTENTION: "mind", Grade.PROBLEM: "bad"}


class Line(NamedTuple):
    """One row of the list; the first two columns are key and sort."""

    id: object
    sort: object
    number: str
    on: Any
    enterprise: str | None
    target: str
    town: str
    officer: str
    mode: str
    issues: int
    is_key: bool
    late: bool
    version: int
    state: str


_FIXED = len(Line._fields)
COLUMNS = (
    Column("day", gettext_lazy("日期"), sort="new"),
    Column("number", gettext_lazy("编号"), sort="number"),
    Column("target", gettext_lazy("走访哪家"), always=True),
    Column("town", gettext_lazy("镇街")),
    Column("officer", gettext_lazy("走访人")),
    Column("companions", gettext_lazy("陪同人员"), path="companions", usual=False),
    Column("staff", gettext_lazy("职工人数"), path="staff_count", css="n", cell="n c-meta", usual=False),
    Column("interviewees", gettext_lazy("访谈人数"), path="interviewee_count", css="n", cell="n c-meta", usual=False),
    Column("submitted", gettext_lazy("提交日期"), path="submitted_at", show=short_day, usual=False),
    Column("mode", gettext_lazy("方式")),
    Column("issues", gettext_lazy("问题"), sort="issues", css="n"),
    Column("marks", gettext_lazy("标记")),
)


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    remembered = request.COOKIES.get(COOKIE, "")
    if not request.GET and remembered:
        return HttpResponseRedirect(f"{request.path}?{remembered}")
    user = person(request)
    form = VisitFilter(request.GET, user=user)
    order = ORDERS.get(request.GET.get("sort", ""), ORDERS["new"])
    table = Table(request, PAGE, COLUMNS, order)
    if chosen := table.chosen():
        return chosen
    found = page_of(
        form.queryset(), order, values=("pk", order.column, *_READ, *table.paths), after=request.GET.get("after", "")
    )
    page = replace(found, rows=[_line(Line(*row[:_FIXED]), table.cells(row[_FIXED:])) for row in found.rows])
    query = request.GET.copy()
    for name in ("after", "all"):
        query.pop(name, None)
    context = {
        "filter": form,
        "page": page,
        "shown": f"{page.count}+" if page.is_capped else str(page.count),
        "table": table,
        "sort": request.GET.get("sort", ""),
        "query": query.urlencode(),
        "is_filtered": bool(form.wanted),
        "views": _views(user, query.urlencode()),
        "may_log": user.scope.has(*VISITING_ROLES),
        "bulk": _bulk_verbs(user),
        **pages(request, page),
    }
    response = render(request, "visits/visits.html", context)
    if "all" in request.GET:
        response.delete_cookie(COOKIE)
    elif query and len(query.urlencode()) < 1000:
        response.set_cookie(COOKIE, query.urlencode(), COOKIE_SECONDS, httponly=True, samesite="Lax")
    return response


def _line(row: Line, more: list[tuple[object, str, Text]]) -> dict[str, Any]:
    return {
        "more": more,
        "number": row.number,
        "id": row.id,
        "url": reverse("visits:visit", args=[row.id]),
        "day": short_day(row.on),
        "target": row.enterprise or row.target,
        "town": row.town,
        "officer": row.officer,
        "mode": MODES[row.mode],
        "issues": row.issues,
        "is_key": row.is_key,
        "late": row.late,
        "corrected": row.version > 1,
        "returned": row.state == VisitState.RETURNED,
    }


def _views(user: User, query: str) -> list[dict[str, Any]]:
    ready = [
        (_("全部"), ""), (_("我的走访"), "which=mine"), (_("本周"), "period=week"), (_("本月"), "period=month"),
        (_("听到问题的"), "which=issues"), (_("退回的"), "which=returned"),
    ]  # fmt: skip
    return saved_views.tabs(
        user, PAGE, query, base=reverse("visits:visits"), ready=ready, everything="all=1",
        drop=lambda pk: reverse("visits:visit_drop_view", args=[pk]),
    )  # fmt: skip


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    return saved_views.keep(request, PAGE, reverse("visits:visits"))


@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    return saved_views.forget(request, PAGE, pk, f"{reverse('visits:visits')}?all=1")


def _bulk_verbs(user: User) -> list[dict[str, Any]]:
    scope = user.scope
    if not (scope.districts and scope.has(Role.CLERK, Role.LEADER)):
        return []
    return [{"value": "return_back", "label": _("退回补正"), "glyph": "arrow-return-left"}]


@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """Send the picked visits back with one reason; the receipt names what was skipped and why."""
    user, reason = person(request), request.POST.get("text", "")
    if request.POST.get("verb") not in {choice["value"] for choice in _bulk_verbs(user)}:
        raise NotAllowed(_("这个动作不能成批做。"))
    rows = Visit.objects.visible_to(user)

    def send_back(shown: Visit) -> str:
        return_visit(shown, by=user, reason=reason)
        return ""

    return bulk.receipt(
        request, bulk.picked(request, rows, lambda query: VisitFilter(query, user=user).filter(rows)).select_related("enterprise"),
        send_back, address=address_of, label=_("退回补正"), column=_("走访哪家"), list_room="visits",
        back=f"{reverse('visits:visits')}?{request.POST.get('query', '')}",
    )  # fmt: skip


# --- one visit


def visible_visit(request: HttpRequest, pk: UUID) -> Visit:
    found = Visit.objects.visible_to(person(request)).select_related("enterprise", "town", "officer", "submitted_by")
    return get_object_or_404(found, pk=pk)


def address_of(visit: Visit) -> str:
    return reverse("visits:visit", args=[visit.pk])


@require_safe
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_visit(request, pk), person(request)
    may_correct = not refusal(check_may_correct_visit, user, shown)
    files = list(attachments_of(shown))
    context = {
        "visit": shown,
        "issues": [
            {
                "number": issue.number, "title": issue.title, "url": reverse("visits:issue", args=[issue.pk]),
                "urgency": issue.urgency, "urgency_words": issue.get_urgency_display(), "category": issue.category.label,
                "state": issue.get_state_display(), "lamp": lamp_of(issue.deadline),
            }
            for issue in issues_of(shown)
        ],
        "checks": checks_of(shown),
        "policies": [str(Policy(value).label) for value in shown.policies if value in Policy],
        "officers": listed(shown.officers.order_by("pinyin").values_list("name", flat=True)),
        "photos": [
            {
                "url": reverse("casework:file", args=[file.pk]), "thumbnail": reverse("casework:thumbnail", args=[file.pk]),
                "caption": file.caption or file.name,
            }
            for file in files
            if file.thumbnail_as
        ],
        "files": [
            {"name": file.name, "url": reverse("casework:file", args=[file.pk]), "glyph": "file-earmark-text",
             "note": short_day(file.uploaded_at)}
            for file in files
            if not file.thumbnail_as
        ],
        "lines": _history(shown),
        "may_correct": may_correct,
        "may_return": not refusal(check_may_return_visit, user, shown),
        "returned": _returned(shown),
    }  # fmt: skip
    return render(request, "visits/visit.html", context)


def _returned(shown: Visit) -> dict[str, str] | None:
    """Who sent it back, when, and what is missing, as long as it has not come again."""
    if shown.state != VisitState.RETURNED:
        return None
    event = last_return(shown)
    return {"who": event.by.name, "when": moment(event.at), "reason": str((event.data or {}).get("reason", ""))}


def checks_of(shown: Visit) -> list[dict[str, Any]]:
    """五看 in their order, with what was not looked at left open."""
    found = []
    for heading in Heading:
        said = shown.checklist.get(heading) or {}
        grade = said.get("grade", "")
        found.append(
            {
                "label": heading.label, "tone": TONES.get(grade, ""), "grade": Grade(grade).label if grade in Grade else "",
                "note": said.get("note", ""),
            }
        )  # fmt: skip
    return found


def _history(shown: Visit) -> list[dict[str, object]]:
    """Who logged, corrected and looked, newest first; a correction says what stood there before."""
    lines = []
    for event in Event.objects.about("visit", shown.pk).select_related("by").order_by("-at", "-pk")[:100]:
        name, facts = event.verb.partition(".")[2], event.data or {}
        words, glyph = {
            "log": (_("%(who)s 提交走访记录。"), "send"),
            "import": (_("%(who)s 从台账导入。"), "file-earmark-arrow-up"),
            "correct": (_("%(who)s 更正："), "pencil"),
            "return_back": (_("%(who)s 退回补正："), "arrow-return-left"),
            "resubmit": (_("%(who)s 补正后重新提交。"), "send"),
            "reveal": (_("%(who)s 查看了联系电话，理由："), "eye"),
            "attach": (_("%(who)s 上传《%(name)s》。"), "paperclip"),
        }.get(name, (_("%(who)s 有新的动作。"), "three-dots"))
        quote = str(facts.get("reason") or "")
        if changes := facts.get("changes"):
            said = statements(
                labelled(Visit._meta.get_field(field).verbose_name, f"{_plain(old)} → {_plain(new)}")  # type: ignore[union-attr]
                for field, (old, new) in changes.items()
            )
            quote = with_reason(said, quote)
        lines.append(
            {
                "when": moment(event.at), "iso": event.at.isoformat(timespec="minutes"), "glyph": glyph,
                "text": words % {"who": event.by.name, "name": facts.get("name") or ""}, "quote": quote, "eye": name == "reveal",
            }
        )  # fmt: skip
    return lines


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return listed(f"{Heading(key).label}{_graded(said)}" for key, said in value.items() if key in Heading) or "—"
    if isinstance(value, list):
        return listed(str(Policy(item).label) if item in Policy else str(item) for item in value) or "—"
    return str(value) if value not in (None, "") else "—"


def _graded(said: Any) -> str:
    grade = said.get("grade", "") if isinstance(said, dict) else ""
    note = said.get("note", "") if isinstance(said, dict) else ""
    words = str(Grade(grade).label) if grade in Grade else ""
    return f" {words}{bracketed(note)}"


@require_safe
def visit_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """走访记录, on A4."""
    shown = visible_visit(request, pk)
    context = {
        "visit": shown,
        "issues": issues_of(shown),
        "checks": checks_of(shown),
        "policies": [str(Policy(value).label) for value in shown.policies if value in Policy],
        "officers": listed(shown.officers.order_by("pinyin").values_list("name", flat=True)),
        "back": address_of(shown),
    }
    return render(request, "visits/visit_print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_visit(request, pk), person(request)
    check_may_correct_visit(user, shown)
    form = VisitCorrectionForm(data(request), visit=shown)
    status, current = 200, shown.version
    crossed: Merged | None = None
    if form.is_bound:
        status = 422
        seen = version(request)
        if form.is_valid() and seen is not None and seen < current:
            # Somebody was quicker. What does not collide is one correction of both; the rest is looked at by a person.
            crossed = merge(shown, form.facts(), since=seen)
            form = form.with_facts(shown, crossed.taken)
            if form.is_valid() and crossed.collisions:
                status = 409
                form.add_error(None, _("您打开以后，别人也更正了这次走访。您写的都还在，核对后再保存一次。"))
        if form.is_valid() and not (crossed and crossed.collisions):
            try:
                correct_visit(
                    shown, by=user, fields=form.facts(), reason=form.cleaned_data["reason"],
                    version=None if seen is None else current,
                )  # fmt: skip
            except NotAllowed:
                raise
            except Conflict:
                # Yet another one in this very moment: their version is shown as the first one would have been.
                return visit_edit(request, pk)
            except ActionError as error:
                refuse(form, error)
            else:
                words = _("已更正，原来的内容留在经过里。")
                if shown.state == VisitState.RETURNED:
                    words = _("已补正，重新提交，计入统计。")
                if crossed and crossed.taken:
                    words = _("已更正。您打开以后别人的更正也都留着。")
                return done(request, words, address_of(shown))
    context = {
        "form": form, "visit": shown, "version": current, "back": address_of(shown), "headings": Heading.values,
        "returned": _returned(shown),
        "crossed": [_beside(form, one) for one in crossed.collisions] if crossed else [],
        "merged": len(crossed.taken) if crossed else 0,
    }  # fmt: skip
    response = render(request, "visits/visit_edit.html", context, status=status)
    response.is_refused_form = form.is_bound  # type: ignore[attr-defined]
    return response


def _beside(form: VisitCorrectionForm, one: Collision) -> dict[str, Any]:
    """What two people wrote in one place, for the table over the form."""
    field = form[one.fact]
    return {
        "label": field.label, "anchor": field.auto_id, "mine": _said(one.fact, one.mine),
        "theirs": _said(one.fact, one.theirs), "by": one.by, "when": moment(one.at),
    }  # fmt: skip


def _said(fact: str, value: Any) -> str:
    if fact.startswith(CHECK):
        return _graded(value).strip() or "—"
    if fact in ("started_at", "ended_at") and value:
        return str(value)[:5]
    return str(MODES[value]) if fact == "mode" and value in MODES else _plain(value)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown, user = visible_visit(request, pk), person(request)
    check_may_return_visit(user, shown)
    form = ReturnForm(data(request))
    asked = Step(
        title=_("退回走访 %(number)s") % {"number": shown.number},
        submit=_("退回补正"),
        back=address_of(shown),
        text=_("%(name)s会收到通知，补正后再提交；在那以前这次走访不计入统计。听到的问题照常办理。")
        % {"name": shown.officer.name},
    )
    return step(
        request, form, asked, lambda: return_visit(shown, by=user, **form.cleaned_data), _("已退回，等走访人补正。")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit_reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The contact's telephone for whoever made the visit or runs the district, with a reason that is written down."""
    shown, user = visible_visit(request, pk), person(request)
    check_may_correct_visit(user, shown)
    form = RevealForm(data(request))
    context: dict[str, Any] = {
        "form": form, "what": _("联系电话"), "place": "contact-phone", "action": request.path, "back": address_of(shown),
    }  # fmt: skip
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        context["value"] = reveal_contact(shown, by=user, reason=form.cleaned_data["reason"])
        return secret(request, "org/_revealed.html" if part else "org/revealed.html", context)
    response = render(
        request, "org/_reveal.html" if part else "org/reveal.html", context, status=422 if form.errors else 200
    )
    response.is_refused_form = bool(form.errors)  # type: ignore[attr-defined]
    if form.errors and part:
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


@require_POST
def visit_upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Photos that were taken on the way back."""
    shown, user = visible_visit(request, pk), person(request)
    check_may_correct_visit(user, shown)
    refused = []
    for file in request.FILES.getlist("files")[:20]:
        try:
            attach(shown, file, by=user, caption=request.POST.get("caption", "").strip())
        except BadFile as error:
            refused.append(str(error))
    if refused:
        raise ActionError(" ".join(refused), field="files")
    return done(request, _("已上传。"), address_of(shown))
