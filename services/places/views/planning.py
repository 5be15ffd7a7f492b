"""Plans of several years with their progress, suggestions of new places, and what an inspection looks at."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.casework.views.steps import Asked, take
from unionops.org.views.answers import data, person, version

from ...models import Programme
from ..actions import planning, upkeep
from ..enums import SUGGESTION_TRANSITIONS, Counts
from ..forms.steps import SUGGESTION_FORMS, CheckListForm, PlanForm, SuggestForm
from ..models import CoveragePlan, Suggestion
from ..permissions import check_may_suggest, check_plans, check_suggestion
from ..queries import checklist_row, progress
from .finding import place_programme

MOST_ROWS = 100


def _form_page(request: HttpRequest, programme: Programme, form: Any, asked: Asked, act: Any) -> HttpResponse:
    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        return render(request, "places/form.html", {**opened, "programme": programme}, status=status)

    return take(request, form, asked, act, draw)


@require_safe
def plans(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = place_programme(request, code), person(request)
    rows = CoveragePlan.objects.filter(programme=programme).select_related("programme")
    context = {
        "programme": programme,
        "plans": [
            {
                "plan": plan, "progress": progress(plan), "counts": Counts(plan.counts).label,
                "url": reverse("places:plan_edit", args=[code, plan.pk]),
            }
            for plan in rows[:10]
        ],
        "may_plan": not refusal(check_plans, user, programme),
    }  # fmt: skip
    return render(request, "places/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, code: str, pk: int | None = None) -> HttpResponse:
    programme, user = place_programme(request, code), person(request)
    check_plans(user, programme)
    plan = get_object_or_404(CoveragePlan.objects.filter(programme=programme), pk=pk) if pk else None
    known = {name: getattr(plan, name) for name in planning.PLANNED} if plan else None
    form = PlanForm(data(request), known=known)
    asked = Asked(
        title=_("建设规划"),
        back=reverse("places:plans", args=[code]),
        version=plan.version if plan else None,
        said=_("已保存。"),
    )
    return _form_page(
        request, programme, form, asked,
        lambda: planning.save_plan(
            programme, by=user, plan=plan, version=version(request) if plan else None, **form.arguments()
        ),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = place_programme(request, code), person(request)
    check_plans(user, programme)
    own = checklist_row(programme)
    form = CheckListForm(data(request), known=own.items)
    asked = Asked(
        title=_("巡查清单"), back=reverse("places:upkeep", args=[code]), said=_("已保存。"), version=own.version
    )
    return _form_page(
        request, programme, form, asked,
        lambda: upkeep.set_checklist(programme, by=user, version=version(request), **form.arguments()),
    )  # fmt: skip


@require_safe
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = place_programme(request, code), person(request)
    rows = list(
        Suggestion.objects.visible_to(user)
        .filter(programme=programme)
        .select_related("town", "suggested_by", "programme", "place")[: MOST_ROWS + 1]
    )
    context = {
        "programme": programme,
        "rows": [{"suggestion": row, "verbs": _verbs(user, row)} for row in rows[:MOST_ROWS]],
        "is_cut": len(rows) > MOST_ROWS,
        "may_suggest": not refusal(check_may_suggest, user, programme),
    }
    return render(request, "places/suggestions.html", context)


def _verbs(user: Any, row: Suggestion) -> list[dict[str, str]]:
    return [
        {"label": str(one.label), "glyph": one.icon, "url": reverse("places:suggestion_step", args=[row.pk, one.verb])}
        for one in SUGGESTION_TRANSITIONS.values()
        if not refusal(check_suggestion, user, row, one.verb)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def suggest(request: HttpRequest, code: str) -> HttpResponse:
    programme, user = place_programme(request, code), person(request)
    check_may_suggest(user, programme)
    form = SuggestForm(data(request), programme=programme)
    asked = Asked(
        title=_("建议新址"),
        back=reverse("places:suggestions", args=[code]),
        said=_("建议已收到。"),
    )
    return _form_page(request, programme, form, asked, lambda: planning.suggest(programme, by=user, **form.arguments()))


@require_http_methods(["GET", "HEAD", "POST"])
def suggestion_step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    if verb not in SUGGESTION_FORMS:
        raise Http404
    user = person(request)
    shown = get_object_or_404(Suggestion.objects.visible_to(user).select_related("programme__organisation"), pk=pk)
    if request.method != "POST":
        check_suggestion(user, shown, verb)
    form = SUGGESTION_FORMS[verb](data(request))
    asked = Asked(
        title=SUGGESTION_TRANSITIONS[verb].label, name=verb,
        back=reverse("places:suggestions", args=[shown.programme.code]),
    )  # fmt: skip
    return _form_page(
        request, shown.programme, form, asked,
        lambda: planning.decide_suggestion(shown, verb, by=user, **form.arguments()),
    )  # fmt: skip
