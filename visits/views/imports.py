"""Ledgers on the page: upload, look, correct the columns, confirm, watch, undo."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import xlsxwriter
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.insight.periods import parse
from unionops.joining import clauses, listed
from unionops.org.views.answers import again, data, done, person, tried

from ..enums import ImportState
from ..forms.imports import KIND_LABELS, ColumnsForm, ConfirmForm, UndoForm, UploadForm
from ..imports import flow
from ..imports.undoing import closed_periods_of
from ..ledger import ENTERPRISES, VISITS
from ..ledger.preview import DUPLICATE, GOOD, IGNORED, ISSUE, REFUSED, SWALLOWED
from ..models import LedgerImport

MOST_LISTED = 100
PAGE_ROWS = 50
SHOWN = ("all", REFUSED, DUPLICATE)
_LOOK = {GOOD: "good", ISSUE: "good", REFUSED: "bad", SWALLOWED: "skip", DUPLICATE: "twice", IGNORED: "skip"}


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    user = person(request)
    district = flow.district_for_imports(user)
    form = UploadForm(data(request), request.FILES or None)
    if form.is_bound and form.is_valid():
        ok, record = tried(form, lambda: flow.receive(form.cleaned_data["file"], by=user))
        if ok:
            return HttpResponseRedirect(reverse("visits:import", args=[record.pk]))
    rows = _own().filter(district=district)[:MOST_LISTED]
    return again(request, "visits/imports.html", {"form": form, "rows": [_listed(row) for row in rows]})


def _own() -> QuerySet[LedgerImport]:
    """Ledgers that these pages know how to read and to undo; what another room brought in is its own affair."""
    return LedgerImport.objects.filter(sort__in=["", *KIND_LABELS]).select_related("created_by", "undone_by")


def _listed(record: LedgerImport) -> dict[str, Any]:
    return {
        "record": record,
        "kind": KIND_LABELS.get(record.sort, ""),
        "told": _brief(record),
        "tone": _TONES[ImportState(record.state)],
    }


_TONES = {
    ImportState.READING: "ok", ImportState.PREVIEW: "soon", ImportState.WRITING: "ok", ImportState.DONE: "done",
    ImportState.UNDONE: "hold", ImportState.FAILED: "over",
}  # fmt: skip


def _brief(record: LedgerImport) -> str:
    if record.state == ImportState.FAILED:
        return record.error
    if record.state in (ImportState.DONE, ImportState.UNDONE):
        return clauses(f"{label} {count}" for label, count in _written(record)) or _("没有新内容")
    rows = record.summary.get("rows")
    return ngettext("%(n)d 行可导入", "%(n)d 行可导入", rows) % {"n": rows} if rows is not None else ""


def _written(record: LedgerImport) -> list[tuple[str, int]]:
    labels = {
        "visits": _("走访"), "issues": _("诉求"), "enterprises": _("新企业"), "changed": _("更新企业"), "key_enterprises": _("列入重点"),
        "contacts": _("联系人"), "cadres": _("新账号"), "postings": _("驻联周期"), "ended": _("结束周期"), "left": _("未动的周期"),
    }  # fmt: skip
    written = record.summary.get("written", {})
    return [(label, written[name]) for name, label in labels.items() if written.get(name)]


@require_safe
def import_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, _record(request, pk))


def _record(request: HttpRequest, pk: UUID) -> LedgerImport:
    user = person(request)
    district = flow.district_for_imports(user)
    return get_object_or_404(_own(), pk=pk, district=district)


def _page(
    request: HttpRequest,
    record: LedgerImport,
    *,
    columns: ColumnsForm | None = None,
    confirm: ConfirmForm | None = None,
    undo: UndoForm | None = None,
) -> HttpResponse:
    state = ImportState(record.state)
    context: dict[str, Any] = {
        "record": record,
        "kind": KIND_LABELS.get(record.sort, _("还没认出")),
        "state": state,
        "tone": _TONES[state],
        "columns_form": columns or ColumnsForm(None, record=record),
        "confirm_form": confirm or _confirm_form(record),
        "undo_form": undo or UndoForm(),
        "is_visits": record.sort == VISITS,
        "written": _written(record),
        "form": next((form for form in (columns, confirm, undo) if form is not None), None),
        **_progress(record),
    }
    if state == ImportState.PREVIEW:
        context |= _preview(request, record)
    if state in (ImportState.PREVIEW, ImportState.DONE):
        context["closed"] = _closed(record)
    if state in (ImportState.PREVIEW, ImportState.DONE, ImportState.UNDONE):
        context["figures"] = _figures(record)
        context["wants_first"] = _wants_first(record) if state == ImportState.PREVIEW else ""
        context["refused"] = record.summary.get("refused", [])[:PAGE_ROWS]
        context["refused_count"] = record.summary.get("refused_count", len(record.summary.get("refused", [])))
    return again(request, "visits/import.html", context)


def _closed(record: LedgerImport) -> str:
    """The closed periods that change when this is written, or taken out again."""
    if record.state == ImportState.DONE:
        periods = closed_periods_of(record)
    else:
        periods = [parse(code) for code in record.summary.get("closed", ())]
    return listed(period.label for period in periods)


def _confirm_form(record: LedgerImport) -> ConfirmForm:
    return ConfirmForm(initial={"which": "all", "since": record.summary.get("since")})


def _figures(record: LedgerImport) -> list[tuple[str, str]]:
    found = record.summary.get("figures", {})
    rejected = sum(found.get("rejected_rows", {}).values())
    if record.sort == VISITS:
        lines = [
            (_("走访"), found.get("visits")),
            (_("诉求"), found.get("issues")),
            (_("其中已化解"), found.get("resolved")),
        ]
    elif record.sort == ENTERPRISES:
        lines = [(_("企业"), found.get("enterprises")), (_("其中重点企业"), found.get("key_enterprises"))]
    else:
        lines = [(_("驻联干部"), found.get("cadres")), (_("涉及镇街"), found.get("towns"))]
    lines += [
        (_("读不懂的行"), rejected),
        (_("重复的行"), found.get("duplicates")),
        (_("略过的行"), found.get("ignored_rows")),
    ]
    if record.summary.get("known"):
        lines.append((_("早已导入"), record.summary["known"]))
    return [(label, str(count)) for label, count in lines if count is not None]


def _wants_first(record: LedgerImport) -> str:
    """Most rows fail for the same reason when another list should have come first."""
    found = record.summary.get("figures", {})
    unknown = found.get("rejected_rows", {}).get("cadre", 0)
    if record.sort == VISITS and unknown > max(20, found.get("visits", 0)):
        return _("有 %(n)d 行的驻联干部不在名录里。请先导入驻联干部名单，再上传这份台账。") % {"n": unknown}
    return ""


def _preview(request: HttpRequest, record: LedgerImport) -> dict[str, Any]:
    found = flow.preview_of(record)
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    rows = found["rows"].get(show, [])
    text = request.GET.get("page", "")
    last = max(1, -(-len(rows) // PAGE_ROWS))
    page = min(max(1, int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1), last)
    words = {
        GOOD: _("可导入"), ISSUE: _("接上一行"), REFUSED: _("读不懂"), SWALLOWED: _("随上一行不导入"),
        DUPLICATE: _("重复"), IGNORED: _("略过"),
    }  # fmt: skip
    shown = [
        {**row, "state": _LOOK[row["status"]], "state_words": words[row["status"]]}
        for row in rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    ]
    address = reverse("visits:import", args=[record.pk])
    labels = {"all": _("全部行"), REFUSED: _("读不懂的行"), DUPLICATE: _("重复的行")}
    return {
        "preview_columns": found["columns"],
        "preview_rows": shown,
        "tabs_items": [
            {"label": labels[name], "url": f"{address}?show={name}", "count": len(found["rows"].get(name, [])), "current": name == show}
            for name in SHOWN
        ],
        "page": page,
        "last": last,
        "next_url": f"{address}?show={show}&page={page + 1}" if page < last else "",
        "previous_url": f"{address}?show={show}&page={page - 1}" if page > 1 else "",
        "is_cut": len(found["rows"].get("all", [])) >= flow.MOST_SHOWN,
    }  # fmt: skip


def _progress(record: LedgerImport) -> dict[str, Any]:
    total = record.summary.get("rows") if record.state == ImportState.WRITING else None
    return {"rows_done": flow.rows_done(record), "rows_total": total}


@require_safe
def import_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar, asked for every second; when the work has ended the page is loaded anew."""
    record = _record(request, pk)
    response = render(request, "visits/_import_progress.html", {"record": record, **_progress(record)})
    if record.state not in (ImportState.READING, ImportState.WRITING):
        response["HX-Refresh"] = "true"
    return response


@require_POST
def import_columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    form = ColumnsForm(request.POST, record=record)
    if form.is_valid():
        ok, _row = tried(
            form, lambda: flow.remap(record, kind=form.cleaned_data["kind"], columns=form.columns(), by=user)
        )
        if ok:
            return done(request, _("按新的列重新读了一遍。"), reverse("visits:import", args=[pk]))
    return _page(request, record, columns=form)


@require_POST
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data
        ok, _row = tried(
            form,
            lambda: flow.confirm(
                record, only_good=wanted["which"] == "good", since=wanted["since"], by=user, reason=wanted["reason"]
            ),
        )
        if ok:
            return HttpResponseRedirect(reverse("visits:import", args=[pk]))
    return _page(request, record, confirm=form)


@require_POST
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    form = UndoForm(request.POST)
    if form.is_valid():
        ok, row = tried(form, lambda: flow.undo(record, by=user, reason=form.cleaned_data["reason"]))
        if ok and row.state == ImportState.WRITING:
            return HttpResponseRedirect(reverse("visits:import", args=[pk]))
        if ok:
            return done(request, _("这次导入已整批撤销。"), reverse("visits:import", args=[pk]))
    return _page(request, record, undo=form)


@require_POST
def import_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    flow.start_again(record, by=user)
    return done(request, _("从头再读一遍，看过以后确认导入。"), reverse("visits:import", args=[pk]))


@require_POST
def import_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    record, user = _record(request, pk), person(request)
    flow.throw_away(record, by=user)
    return done(request, _("文件已丢弃，没有导入任何内容。"), reverse("visits:imports"))


@require_safe
def import_refused(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The refused rows as a workbook, to be mended in the office."""
    record = _record(request, pk)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("读不懂的行"))
    sheet.set_column(0, 1, 10)
    sheet.set_column(2, 2, 30)
    sheet.set_column(3, 3, 60)
    bold = book.add_format({"bold": True})
    for place, label in enumerate((_("行"), _("列"), _("内容"), _("原因"))):
        sheet.write_string(0, place, label, bold)
    for number, row in enumerate(record.summary.get("refused", []), start=1):
        sheet.write_number(number, 0, row["row"])
        for place, key in enumerate(("column", "value", "reason"), start=1):
            sheet.write_string(number, place, str(row[key]))
    book.close()
    response = HttpResponse(
        target.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="refused-{timezone.localdate():%Y%m%d}.xlsx"'
    return response
