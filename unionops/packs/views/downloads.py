"""Papers: asked for, waited for, fetched. What belongs to somebody else is not found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unionops.casework import attachments
from unionops.org.errors import NotAllowed
from unionops.org.views.answers import again as form_again
from unionops.org.views.answers import data, done, person

from .. import making, registry
from ..documents import NUMBERS, words
from ..enums import CONTENT_TYPES, DownloadState, Format
from ..models import Download
from ..registry import Pack

MOST_LISTED = 100
# How much of a paper its page shows.
MOST_ROWS, MOST_CELLS = 12, 400
SHORT = 14
_TONES = {
    DownloadState.WAITING: "ok", DownloadState.MAKING: "ok", DownloadState.READY: "done", DownloadState.FAILED: "over",
    DownloadState.CANCELLED: "hold", DownloadState.EXPIRED: "hold",
}  # fmt: skip
_ICONS = {Format.DOCX: "file-earmark-word", Format.XLSX: "file-earmark-excel", Format.PDF: "file-earmark-pdf"}
KIB, MIB = 1 << 10, 1 << 20


@require_safe
def downloads(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = Download.objects.visible_to(user).defer("document")[:MOST_LISTED]
    context = {
        "rows": [_listed(row) for row in rows],
        "packs": [pack for pack in registry.packs() if pack.listed and pack.is_for(user)],
        "keeps_templates": bool(user.scope.administers),
    }
    return render(request, "packs/downloads.html", context)


def _listed(row: Download) -> dict[str, Any]:
    return {
        "row": row,
        "tone": _TONES[DownloadState(row.state)],
        "icon": _ICONS[Format(row.format)],
        "size": size_words(row.size),
        "until": _until(row),
    }


def size_words(size: int) -> str:
    return f"{size / MIB:.1f} MB" if size >= MIB else f"{-(-size // KIB)} kB"


def _until(row: Download) -> str:
    if row.state != DownloadState.READY or row.expires_at is None:
        return ""
    return _("保留到 %(day)s") % {"day": timezone.localdate(row.expires_at).isoformat()}


def _pack(code: str) -> Pack:
    pack = registry.find(code)
    if pack is None:
        raise Http404("no such pack")
    return pack


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper asks, and one button for each format; the address may already say which rows."""
    user, pack = person(request), _pack(code)
    if not pack.is_for(user):
        raise NotAllowed(_("您的岗位不能做“%(title)s”。") % {"title": pack.title})
    form = pack.form(data(request), user=user, query=request.GET)
    if form.is_bound and form.is_valid():
        wanted = request.POST.get("format", "")
        row = making.ask(pack, form.parameters(), wanted, by=user, told=form.told())
        return HttpResponseRedirect(reverse("packs:download", args=[row.pk]))
    context = {
        "pack": pack,
        "form": form,
        "query": request.GET.urlencode(),
        "formats": [_format(one) for one in pack.formats],
        "shown": form.shown(),
    }
    return form_again(request, "packs/new.html", context)


def _format(form: Format) -> dict[str, str]:
    return {"value": str(form), "label": str(form.label), "icon": _ICONS[form]}


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = _row(request, pk)
    pack = registry.find(row.pack)
    ready = row.state == DownloadState.READY
    context = {
        "row": row,
        "tone": _TONES[DownloadState(row.state)],
        "icon_name": _ICONS[Format(row.format)],
        "size": size_words(row.size),
        "until": _until(row),
        "others": [_format(one) for one in pack.formats if one != row.format] if ready and pack else [],
        "paper": _preview(row.document) if ready and row.document else None,
        "done": making.progress_of(row),
    }
    return render(request, "packs/download.html", context)


def _preview(document: dict[str, Any]) -> dict[str, Any]:
    """The beginning of a paper in words, as its files say them; links stay within the site."""

    def told(cell: dict[str, Any]) -> dict[str, str]:
        unit = "" if cell["kind"] == "rate" or cell["value"] is None else cell["unit"]
        url = cell["url"] if cell["url"].startswith("/") and not cell["url"].startswith("//") else ""
        return {"text": words(cell), "url": url, "label": cell["label"], "unit": unit, "cls": _cls(cell)}

    room = MOST_CELLS
    sections = []
    for section in document["sections"]:
        blocks: list[dict[str, Any]] = []
        for block in section["blocks"]:
            if block["type"] != "table":
                cells = block["pieces" if block["type"] == "paragraph" else "values"]
                blocks.append({"type": block["type"], "cells": [told(cell) for cell in cells]})
                continue
            most = max(0, min(MOST_ROWS, room // max(len(block["columns"]), 1)))
            room -= most * len(block["columns"])
            rows = [[told(cell) for cell in row] for row in block["rows"][:most]]
            more = len(block["rows"]) - len(rows)
            blocks.append(block | {"rows": rows, "more": more})
        sections.append({"heading": section["heading"], "blocks": blocks})
    return {**document, "meta": [(label, told(cell)) for label, cell in document["meta"]], "sections": sections}


def _cls(cell: dict[str, Any]) -> str:
    """Numbers to the right; what is short enough stays on one line, so that no phone sets one sign below the other."""
    if cell["kind"] in NUMBERS:
        return "n"
    return "nw" if len(words(cell)) <= SHORT else ""


def _row(request: HttpRequest, pk: UUID) -> Download:
    return get_object_or_404(Download.objects.visible_to(person(request)), pk=pk)


@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar, asked for every second; when the work has ended the page is loaded anew."""
    row = _row(request, pk)
    response = render(request, "packs/_progress.html", {"row": row, "done": making.progress_of(row)})
    if not row.is_under_way:
        response["HX-Refresh"] = "true"
    return response


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    row = _row(request, pk)
    if row.state != DownloadState.READY or (row.expires_at and row.expires_at <= timezone.now()):
        raise Http404("no file")
    try:
        opened = attachments.store_path(row.stored_as).open("rb")
    except FileNotFoundError:
        raise Http404("no file") from None
    name = f"{row.title}-{timezone.localdate(row.ready_at):%Y%m%d}.{row.format}"
    response = FileResponse(
        opened, as_attachment=True, filename=name.replace("/", "-"), content_type=CONTENT_TYPES[Format(row.format)]
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = making.cancel(_row(request, pk), by=person(request))
    return done(request, _("已取消。"), reverse("packs:download", args=[row.pk]))


@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = making.retry(_row(request, pk), by=person(request))
    return HttpResponseRedirect(reverse("packs:download", args=[row.pk]))


@require_POST
def also(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = making.ask_also(_row(request, pk), request.POST.get("format", ""), by=person(request))
    return HttpResponseRedirect(reverse("packs:download", args=[row.pk]))


@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    making.discard(_row(request, pk), by=person(request))
    return done(request, _("已删除。"), reverse("packs:downloads"))
