"""One thing done to many rows of a list, and the receipt of what was skipped and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from unionops.org.errors import ActionError

MOST_AT_ONCE = 200


def picked(request: HttpRequest, rows: QuerySet, filtered: Callable[[QueryDict], QuerySet]) -> QuerySet:
    """What was ticked, or with ``all`` everything that the filter of the list shows."""
    if request.POST.get("all") == "1":
        return filtered(QueryDict(request.POST.get("query", "")))
    return rows.filter(pk__in=_keys(request.POST.getlist("picked")))


def _keys(picked: list[str]) -> list[str]:
    found = []
    for value in picked[: MOST_AT_ONCE + 1]:
        try:
            found.append(str(UUID(value)))
        except ValueError:
            continue
    return found


def receipt(
    request: HttpRequest, rows: QuerySet, act: Callable[[Any], str], *, address: Callable[[Any], str], **words: Any
) -> HttpResponse:
    """Do it to each row; ``act`` returns why it skipped one, or an empty text. ``words`` are those of the template."""
    chosen = list(rows.order_by("pk")[: MOST_AT_ONCE + 1])
    lines = [
        {"number": row.number, "title": row.title, "url": address(row), "reason": _tried(act, row)}
        for row in chosen[:MOST_AT_ONCE]
    ]
    context = {
        "done": [line for line in lines if not line["reason"]], "skipped": [line for line in lines if line["reason"]],
        "too_many": len(chosen) > MOST_AT_ONCE, "most": MOST_AT_ONCE, **words,
    }  # fmt: skip
    return render(request, "visits/receipt.html", context)


def _tried(act: Callable[[Any], str], row: Any) -> str:
    try:
        return act(row)
    except ActionError as error:
        return str(error)
