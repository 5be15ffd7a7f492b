"""Plans of mutual aid with the statistics of their year, the units that joined, and their lists."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.shortcuts import render as draw
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unionops.casework.permissions import refusal
from unionops.casework.search import contains
from unionops.org.views.answers import Step, again, data, done, person, step, tried

from ..exporting import EXPORTING_ROLES
from ..forms.asking import ConfirmForm
from ..models import Programme
from . import actions
from .enums import PROGRAMME, TRANSITIONS
from .forms import PaidForm, PlanForm, UnitForm
from .models import Plan, UnitEnrolment
from .permissions import check_changes, check_confirms, check_enrols, check_keeps, check_step
from .queries import statistics

ROWS = 50


def _programme(request: HttpRequest) -> Programme:
    found = Programme.objects.visible_to(person(request)).filter(code=PROGRAMME).first()
    if found is None:
        raise Http404("no such programme")
    return found


def _plan(request: HttpRequest, pk: int) -> Plan:
    rows = Plan.objects.filter(district__in=person(request).scope.member_of).select_related("programme")
    return get_object_or_404(rows, pk=pk)


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    programme, user = _programme(request), person(request)
    rows = list(Plan.objects.filter(programme=programme)[:20])
    context = {"programme": programme, "plans": rows, "may_keep": not refusal(check_keeps, user, programme)}
    return draw(request, "mutual/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    programme, user = _programme(request), person(request)
    check_keeps(user, programme)
    year = timezone.localdate().year + 1
    usual = {
        "year": year, "name": _("%(year)s 年度职工医疗互助") % {"year": year}, "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31",
        "enrol_until": f"{year - 1}-12-31", "fee": 100, "fee_own": 20, "waiting_days": 30, "claim_days": 180, "share": 50,
        "deductible": 500, "illness_amount": 5000, "death_amount": 2000, "year_ceiling": 20000,
    }  # fmt: skip
    form = PlanForm(data(request), initial=usual)
    return _keep(request, form, _("新建年度计划"), lambda: actions.make_plan(programme, by=user, **form.cleaned_data))


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _plan(request, pk), person(request)
    check_changes(user, row)
    form = PlanForm(data(request), plan=row)
    return _keep(request, form, _("改条款"), lambda: actions.change_plan(row, by=user, **form.cleaned_data), row)


def _keep(request: HttpRequest, form: PlanForm, title: str, act: Any, row: Plan | None = None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        ok, made = tried(form, act)
        if ok:
            return done(request, _("已保存。"), reverse("mutual:plan", args=[made.pk]))
    back = reverse("mutual:plan", args=[row.pk]) if row else reverse("mutual:plans")
    return again(request, "mutual/form.html", {"form": form, "title": title, "back": back})


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _plan(request, pk), person(request)
    units = UnitEnrolment.objects.visible_to(user).filter(plan=row).select_related("town")
    query = request.GET.get("q", "").strip()[:60]
    if query:
        units = units.filter(contains("unit", query))
    after = request.GET.get("from", "")
    begin = int(after) if after.isdecimal() and len(after) < 6 else 0
    shown = list(units[begin : begin + ROWS + 1])
    context = {
        "plan": row, "rows": shown[:ROWS], "query": query, "statistics": statistics(row, user),
        "next_url": f"{request.path}?q={query}&from={begin + ROWS}" if len(shown) > ROWS else "",
        "verbs": [one for one in TRANSITIONS.values() if not refusal(check_step, user, row, one.verb)],
        "may_change": not refusal(check_changes, user, row),
        "may_enrol": any(not refusal(check_enrols, user, row, town) for town in (None, *user.scope.towns)),
    }  # fmt: skip
    return draw(request, "mutual/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row, user = _plan(request, pk), person(request)
    if verb not in TRANSITIONS:
        raise Http404
    check_step(user, row, verb)
    label = TRANSITIONS[verb].label
    asked = Step(
        title=label, submit=label, back=reverse("mutual:plan", args=[pk]), text=_("保障期内不能中途加入或退出。")
    )
    return step(request, ConfirmForm(data(request)), asked, lambda: actions.take(row, verb, by=user), _("已办好。"))


@sensitive_post_parameters("lines")
@require_http_methods(["GET", "HEAD", "POST"])
def unit_new(request: HttpRequest, pk: int) -> HttpResponse:
    row, user = _plan(request, pk), person(request)
    if not any(not refusal(check_enrols, user, row, town) for town in (None, *user.scope.towns)):
        check_enrols(user, row, next(iter(user.scope.towns), None))
    form = UnitForm(data(request), request.FILES or None, district_id=row.district_id)
    if request.method == "POST" and form.is_valid():
        ok, made = tried(form, lambda: actions.enter_unit(row, by=user, **form.given()))
        if ok:
            said = _("名单已登记：%(n)d 人，互助金 %(fee)s 元。") % {"n": made.people, "fee": made.fee}
            return done(request, said, reverse("mutual:unit", args=[made.pk]))
    context = {"form": form, "title": _("登记单位名单"), "back": reverse("mutual:plan", args=[pk])}
    return again(request, "mutual/form.html", context)


def _unit(request: HttpRequest, pk: UUID) -> UnitEnrolment:
    rows = UnitEnrolment.objects.visible_to(person(request)).select_related("plan__programme", "town", "entered_by", "confirmed_by")  # fmt: skip
    return get_object_or_404(rows, pk=pk)


@require_safe
def unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The list of a unit; the numbers stand masked."""
    row, user = _unit(request, pk), person(request)
    after = request.GET.get("from", "")
    begin = int(after) if after.isdecimal() and len(after) < 6 else 0
    people = list(row.participants.all()[begin : begin + ROWS + 1])
    context = {
        "unit": row, "plan": row.plan, "people": people[:ROWS], "may_confirm": not refusal(check_confirms, user, row),
        "may_print": user.scope.has(*EXPORTING_ROLES) and bool(people),
        "next_url": f"{request.path}?from={begin + ROWS}" if len(people) > ROWS else "",
    }  # fmt: skip
    return draw(request, "mutual/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_paid(request: HttpRequest, pk: UUID) -> HttpResponse:
    row, user = _unit(request, pk), person(request)
    check_confirms(user, row)
    form = PaidForm(data(request))
    asked = Step(
        title=_("登记到账"), submit=_("登记到账"), back=reverse("mutual:unit", args=[pk]),
        text=_("登记后名单生效，不能再改。"), effects=[(_("参保人数"), row.people), (_("互助金（元）"), row.fee)],
    )  # fmt: skip
    return step(request, form, asked, lambda: actions.confirm_paid(row, by=user, **form.cleaned_data), _("已登记到账，名单生效。"))  # fmt: skip
