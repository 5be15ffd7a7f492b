"""Key enterprises: who has been visited in the period and who has not, what was heard there and what became of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from unionops.casework.paging import Order, page_of
from unionops.insight import asking, dimensions
from unionops.insight.figures import Question, figure_of, rows_of
from unionops.insight.forms import BoardFilter
from unionops.insight.indicators import Asked, Part, find
from unionops.org.views.answers import pages, person

from ..enums import VisitState
from ..models import Visit

FILTERS = ("town", "size", "industry")
ORDER = Order("pinyin", "pinyin", descending=False)
# Figures of one firm: (indicator, part).
FIGURES = {
    "visits": ("visit_count", Part.NUMERATOR), "resolved": ("resolution_rate", Part.NUMERATOR),
    "issues": ("resolution_rate", Part.DENOMINATOR),
}  # fmt: skip


@require_safe
def key_enterprises(request: HttpRequest) -> HttpResponse:
    user = person(request)
    asked = asking.read(user, request.GET)
    where = {code: value for code, value in asking.filters(user, request.GET).items() if code in FILTERS}
    visited = request.GET.get("visited", "")
    wanted = asking.query_of(asked, where)
    if request.GET.get("since") or request.GET.get("until"):
        return HttpResponseRedirect(f"{request.path}?{urlencode(wanted)}")
    question = _question("coverage_rate", asked, **where)
    covered = figure_of(question)
    rows = _firms(question, visited)
    values = ["pk", "pinyin", "name", "town__short_name", "last_visit", *(f"n_{name}" for name in FIGURES)]
    found = page_of(rows, ORDER, values=values, after=request.GET.get("after", ""))
    choices = {code: some for code in FILTERS if (some := dimensions.choices(code, user))}
    all_of_them = covered.denominator or 0
    context = {
        "filter": BoardFilter(asked, where, choices, timezone.localdate()),
        "asked": asked,
        "keep": [("visited", visited)] if visited in ("yes", "no") else [],
        "is_filtered": bool(where),
        "figure": covered,
        "kinds": [
            {"label": label, "count": count, "url": f"?{urlencode(wanted | ({'visited': code} if code else {}))}", "current": visited == code}
            for code, label, count in (
                ("", _("全部"), all_of_them), ("yes", _("走访过"), covered.numerator),
                ("no", _("没走访"), all_of_them - covered.numerator),
            )
        ],
        "count": {"yes": covered.numerator, "no": all_of_them - covered.numerator}.get(visited, all_of_them),
        "rows": [_row(row, asked) for row in found.rows],
        "part_url": asking.rows_url(question),
        "whole_url": asking.rows_url(question, Part.DENOMINATOR),
        "back": f"{reverse('insight:board')}?{urlencode(asking.query_of(asked, {}))}",
        **pages(request, found),
    }  # fmt: skip
    return render(request, "visits/key_enterprises.html", context)


def _question(code: str, asked: Asked, **where: str) -> Question:
    indicator = find(code)
    assert indicator is not None
    return Question(indicator, asked, "", where)


def _firms(question: Question, visited: str) -> QuerySet:
    """The rows of the coverage rate, each with the figures of its own."""
    asked = question.asked
    firms = rows_of(question, Part.DENOMINATOR)
    if visited == "yes":
        firms = rows_of(question, Part.NUMERATOR)
    elif visited == "no":
        firms = firms.exclude(pk__in=rows_of(question, Part.NUMERATOR).values("pk"))
    last = (
        Visit.objects.visible_to(asked.user)
        .exclude(state=VisitState.RETURNED)
        .filter(enterprise=OuterRef("pk"), visited_on__lte=asked.at)
        .order_by()
        .values("enterprise")
        .annotate(day=Max("visited_on"))
        .values("day")
    )
    counts = {f"n_{name}": _count(_question(code, asked), part) for name, (code, part) in FIGURES.items()}
    return firms.annotate(last_visit=Subquery(last), **counts)


def _count(question: Question, part: str) -> Coalesce:
    rows = rows_of(question, part).filter(enterprise=OuterRef("pk")).order_by()
    counted = rows.values("enterprise").annotate(rows=Count("pk", distinct=True)).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _row(row: tuple[Any, ...], asked: Asked) -> dict[str, Any]:
    key, _pinyin, name, town, last, *counts = row
    figures = dict(zip(FIGURES, counts, strict=True))
    return {
        "name": name, "url": reverse("org:enterprise", args=[key]), "town": town or "", "last": last,
        "days": (asked.at - last).days if last else None,
        "figures": {
            name: {"n": figures[name], "url": asking.rows_url(_question(code, asked), part, firm=str(key))}
            for name, (code, part) in FIGURES.items()
        },
    }  # fmt: skip
