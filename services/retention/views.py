"""What is going to be deleted, before it happens, and what has been: for the administrator of the district. No name is shown."""

from __future__ import annotations

import datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..mutual.models import UnitEnrolment
from ..views.programmes import district_of
from .due import AGREEMENT_YEARS, DAYS_AHEAD, NOTHING_YEARS, VOUCHER_YEARS, due, kinds, lists_due
from .models import Erasure

ROWS = 100


@require_safe
def coming(request: HttpRequest) -> HttpResponse:
    """The next ninety days, the nearest first; what is due already goes tonight."""
    district, today = district_of(request), timezone.localdate()
    until = today + datetime.timedelta(days=DAYS_AHEAD)
    found: list[Any] = [due(kind, until, district=district.pk) for kind in kinds()]
    found.append(lists_due(until, district=district.pk))
    rows = list(islice(merge(*(rows[: ROWS + 1] for rows in found), key=lambda row: row.due_at), ROWS + 1))
    context: dict[str, Any] = {
        "rows": [_line(row) for row in rows[:ROWS]],
        "count": sum(rows.count() for rows in found), "is_cut": len(rows) > ROWS, "days": DAYS_AHEAD, "today": today,
        "years": {"nothing": NOTHING_YEARS, "agreement": AGREEMENT_YEARS, "voucher": VOUCHER_YEARS},
    }  # fmt: skip
    return render(request, "retention/coming.html", context)


def _line(row: Any) -> dict[str, Any]:
    """A case by its number, a list of mutual aid by its year and its unit."""
    due_on = timezone.localdate(row.due_at)
    if isinstance(row, UnitEnrolment):
        closed = row.plan.ends_on
        return {
            "number": f"{row.plan.year} {row.unit}",
            "programme": row.plan.programme,
            "closed_on": closed,
            "due_on": due_on,
        }
    return {
        "number": row.number,
        "programme": row.programme,
        "closed_on": timezone.localdate(row.closed_at),
        "due_on": due_on,
    }


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The log of what was deleted, the latest first; one more page by its last row."""
    district = district_of(request)
    rows = Erasure.objects.filter(district=district).select_related("programme").order_by("-pk")
    after = request.GET.get("before", "")
    if after.isdecimal() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
    shown = list(rows[: ROWS + 1])
    more = len(shown) > ROWS
    context = {
        "rows": shown[:ROWS], "next_url": f"{request.path}?before={shown[ROWS - 1].pk}" if more else "",
        "first_url": request.path if after else "",
    }  # fmt: skip
    return render(request, "retention/done.html", context)
