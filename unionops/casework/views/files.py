"""Files of cases: who may see the case may see its files; nothing is served by its stored name."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from unionops.org.views.answers import person

from ..attachments import store_path
from ..models import Attachment
from ..subjects import subject


def _visible(request: HttpRequest, pk: UUID) -> Attachment:
    found = get_object_or_404(Attachment, pk=pk, removed_at=None)
    known = subject(found.kind)
    if known is None or known.get_for(person(request), found.case_id) is None:
        raise Http404
    return found


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _visible(request, pk)
    return _send(found, found.stored_as, found.content_type, inline=found.is_image)


@require_safe
def thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = _visible(request, pk)
    if not found.thumbnail_as:
        raise Http404
    return _send(found, found.thumbnail_as, found.content_type, inline=True)


def _send(found: Attachment, stored: str, content_type: str, *, inline: bool) -> HttpResponseBase:
    try:
        stream = store_path(stored).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stream, content_type=content_type, as_attachment=not inline, filename=found.name)
    # What people have uploaded runs nothing, and stays with the person who asked.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
