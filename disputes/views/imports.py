"""A ledger of cases on two pages: the file, then how each cell was read; written when it is confirmed, undone as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.org.errors import NotAllowed
from unionops.org.views.answers import again, data, done, person, tried
from visits.enums import ImportState
from visits.imports.flow import preview_of
from visits.ledger.preview import DUPLICATE, GOOD, IGNORED, ISSUE, REFUSED
from visits.models import LedgerImport

from ..actions import imports as actions
from ..forms.imports import ConfirmCasesForm, LedgerOfCasesForm, UndoForm
from ..ledger import columns

MOST_LISTED, PAGE_ROWS = 50, 50
SHOWN = ("all", REFUSED, DUPLICATE)
_LOOK = {GOOD: "good", ISSUE: "good", REFUSED: "bad", DUPLICATE: "twice", IGNORED: "skip"}
_TONES = {ImportState.PREVIEW: "soon", ImportState.DONE: "done", ImportState.UNDONE: "hold", ImportState.FAILED: "over"}


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Ask for the file, and show what was brought in before; a file that cannot be read says why."""
    user = person(request)
    centres = actions.centres_to_import(user)
    if not centres:
        raise NotAllowed(_("调解台账由中心负责人和案管员导入。"))
    form = LedgerOfCasesForm(data(request), request.FILES or None, centres=centres)
    if form.is_bound and form.is_valid():
        fields = form.cleaned_data
        ok, record = tried(
            form,
            lambda: actions.receive(
                fields["file"], by=user, centre=fields["centre"], files_ended=fields["files_ended"]
            ),
        )
        if ok:
            return HttpResponseRedirect(reverse("disputes:import", args=[record.pk]))
    rows = actions.imports_of(user).order_by("-created_at")[:MOST_LISTED]
    context = {"form": form, "columns": columns(), "rows": [_listed(row) for row in rows]}
    return again(request, "disputes/imports.html", context)


def _listed(record: LedgerImport) -> dict[str, Any]:
    written = record.summary.get("written", {}).get("disputes")
    rows = record.summary.get("rows", 0)
    told = (
        ngettext("%(n)d 行可导入", "%(n)d 行可导入", rows) % {"n": rows}
        if written is None
        else _("案件 %(n)d 件") % {"n": written}
    )
    return {"record": record, "told": told, "tone": _TONES.get(ImportState(record.state), "ok")}


def _record(request: HttpRequest, pk: UUID) -> LedgerImport:
    return get_object_or_404(actions.imports_of(person(request)).select_related("created_by", "undone_by"), pk=pk)


def _confirm_form(record: LedgerImport, sent: Any = None) -> ConfirmCasesForm:
    summary = record.summary
    return ConfirmCasesForm(sent, good=summary.get("rows", 0), refused=summary.get("refused_count", 0))


@require_safe
def import_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _record(request, pk))


def _page(request: HttpRequest, record: LedgerImport, form: Any = None) -> HttpResponse:
    state = ImportState(record.state)
    context: dict[str, Any] = {
        "record": record,
        "state": state,
        "tone": _TONES.get(state, "ok"),
        "centre": actions.centre_for(record),
        "figures": _figures(record),
        "refused": record.summary.get("refused", [])[:PAGE_ROWS],
        "refused_count": record.summary.get("refused_count", 0),
        "skipped": [_skipped(name, why) for name, why in record.summary.get("skipped", [])],
        "written": record.summary.get("written", {}).get("disputes", 0),
        "confirm_form": form if isinstance(form, ConfirmCasesForm) else _confirm_form(record),
        "undo_form": form if isinstance(form, UndoForm) else UndoForm(),
        "form": form,
    }
    if state == ImportState.PREVIEW:
        context |= _preview(request, record)
    return again(request, "disputes/import.html", context)


def _figures(record: LedgerImport) -> list[tuple[str, str]]:
    found = record.summary.get("figures", {})
    known = record.summary.get("known", 0)
    lines = [
        (_("案件"), record.summary.get("rows", 0)),
        (_("读不懂的行"), sum(found.get("rejected_rows", {}).values())),
        (_("早已登记的行"), known),
        (_("重复的行"), found.get("duplicates", 0) - known),
        (_("略过的行"), found.get("ignored_rows", 0)),
    ]
    return [(label, str(count)) for label, count in lines]


def _skipped(name: str, why: str) -> str:
    words = {
        "hidden": _("工作表“%(name)s”是隐藏的，没有读。"),
        "no_header": _("工作表“%(name)s”里没有认得出的表头，没有读。"),
    }
    return words.get(why, "%(name)s") % {"name": name}


def _preview(request: HttpRequest, record: LedgerImport) -> dict[str, Any]:
    found = preview_of(record)
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    rows = found["rows"].get(show, [])
    text = request.GET.get("page", "")
    last = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1), last)
    words = {GOOD: _("可导入"), REFUSED: _("读不懂"), DUPLICATE: _("重复"), IGNORED: _("略过")}
    address = reverse("disputes:import", args=[record.pk])
    labels = {"all": _("全部行"), REFUSED: _("读不懂的行"), DUPLICATE: _("重复的行")}
    return {
        "preview_columns": found["columns"],
        "preview_rows": [
            {**row, "state": _LOOK[row["status"]], "state_words": words.get(row["status"], words[GOOD])}
            for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
        ],
        "tabs_items": [
            {"label": labels[name], "url": f"{address}?show={name}", "count": len(found["rows"].get(name, [])), "current": name == show}
            for name in SHOWN
        ],
        "page": page, "last": last,
        "next_url": f"{address}?show={show}&page={page + 1}" if page < last else "",
        "previous_url": f"{address}?show={show}&page={page - 1}" if page > 1 else "",
    }  # fmt: skip


@require_POST
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    form = _confirm_form(record, request.POST)
    if form.is_valid():
        wanted = form.cleaned_data["which"]
        ok, row = tried(form, lambda: actions.confirm(record, by=user, only_good=wanted == "good"))
        if ok:
            return done(
                request, _("已导入 %(n)d 件案件。") % {"n": row.summary["written"]["disputes"]},
                reverse("disputes:import", args=[pk]),
            )  # fmt: skip
    return _page(request, record, form)


@require_POST
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    form = UndoForm(request.POST)
    if form.is_valid():
        ok, _row = tried(form, lambda: actions.undo(record, by=user))
        if ok:
            return done(request, _("这次导入已整批撤销。"), reverse("disputes:import", args=[pk]))
    return _page(request, record, form)


@require_POST
def import_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    actions.throw_away(record, by=user)
    return done(request, _("文件已丢弃，没有导入任何内容。"), reverse("disputes:imports"))
