"""Settings of money: standards with their validity, and the budget lines of a year."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.views.steps import Asked, take
from unionops.org.views.answers import Step, data, person, step

from ..actions import money as actions
from ..forms.money import LineForm, ParameterForm, RaiseForm
from ..models import BudgetLine, Parameter
from .programmes import district_of


@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Each standard with the value of today above those before it."""
    district, today = district_of(request), timezone.localdate()
    groups: dict[str, list[Any]] = {}
    for row in Parameter.objects.filter(district=district):
        groups.setdefault(row.code, []).append(row)
    shown = [
        {
            "code": code, "name": rows[0].name,
            "rows": [
                {"row": row, "is_now": row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)}
                for row in rows
            ],
        }
        for code, rows in groups.items()
    ]  # fmt: skip
    return render(request, "services/parameters.html", {"groups": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def parameter_new(request: HttpRequest) -> HttpResponse:
    district = district_of(request)
    form = ParameterForm(data(request), district_id=district.pk, initial={"code": request.GET.get("code", "")})
    asked = Asked(title=_("设新数值"), back=reverse("services:parameters"), said=_("已设好，从那天起按新数值算。"))
    return _take(request, form, asked, lambda: actions.set_parameter(district, by=person(request), **form.cleaned_data))


@require_safe
def budgets(request: HttpRequest) -> HttpResponse:
    district = district_of(request)
    rows = BudgetLine.objects.filter(district=district).prefetch_related("programmes")
    return render(request, "services/budgets.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def budget_new(request: HttpRequest) -> HttpResponse:
    district = district_of(request)
    form = LineForm(data(request), district_id=district.pk)
    asked = Asked(title=_("新建预算科目"), back=reverse("services:budgets"), said=_("科目已建好。"))
    return _take(request, form, asked, lambda: actions.open_line(district, by=person(request), **form.cleaned_data))


@require_http_methods(["GET", "HEAD", "POST"])
def budget_raise(request: HttpRequest, pk: int) -> HttpResponse:
    district = district_of(request)
    line, form = get_object_or_404(BudgetLine.objects.filter(district=district), pk=pk), RaiseForm(data(request))
    asked = Step(
        title=_("追加“%(line)s”") % {"line": line}, submit=_("追加"), back=reverse("services:budgets"),
        effects=[(_("预算（元）"), f"{line.total:,.2f}"), (_("还剩（元）"), f"{line.left:,.2f}")],
    )  # fmt: skip
    return step(
        request, form, asked, lambda: actions.raise_line(line, by=person(request), **form.cleaned_data), _("已追加。")
    )


def _take(request: HttpRequest, form: Any, asked: Asked, act: Any) -> HttpResponse:
    def draw(opened: dict[str, Any], status: int) -> HttpResponse:
        return render(request, "services/money_form.html", opened, status=status)

    return take(request, form, asked, act, draw)
