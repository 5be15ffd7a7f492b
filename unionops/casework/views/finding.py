"""Search: `/` from anywhere, as one types, and a page of its own for more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from unionops.china.names import clean_text
from unionops.org.views.answers import person

from ..search import search as find

LONGEST = 100
MOST_IN_BOX, MOST_ON_PAGE = 5, 30
# One letter or one character finds everything and nothing.
SHORTEST = 2


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = clean_text(request.GET.get("q", "")[:LONGEST], multiline=False)
    part = bool(request.htmx)  # type: ignore[attr-defined]
    most = MOST_IN_BOX if part else MOST_ON_PAGE
    groups = find(person(request), query, most) if len(query) >= SHORTEST else []
    template = "components/search_results.html" if part else "casework/search.html"
    # What is one character long is not searched, so it is not said that nothing was found.
    shown = query if len(query) >= SHORTEST else ""
    response = render(request, template, {"query": shown, "typed": query, "groups": groups, "most": most})
    response["Vary"] = "HX-Request, Cookie"
    response["Cache-Control"] = "no-store"
    return response
