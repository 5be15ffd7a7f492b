"""文书和卷宗 of a case, as a part of its page and as a page of its own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from unionops.org.views.answers import person

from ..papers.panel import papers_of
from .finding import visible_dispute


@require_safe
@vary_on_headers("HX-Request")
def papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    shown = visible_dispute(request, pk)
    part = bool(request.htmx)  # type: ignore[attr-defined]
    context = {"dispute": shown, **papers_of(shown, person(request))}
    return render(request, "disputes/_papers.html" if part else "disputes/papers.html", context)
