"""走访计划: who is to be visited this week, who has not been for long, and what the week counts."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from unionops.org.errors import ActionError
from unionops.org.models import Enterprise
from unionops.org.views.answers import again, data, done, person

from ..actions.visits import drop_plan, plan_visit
from ..forms.visit_lists import PlanForm
from ..models import VisitPlan
from ..permissions import check_may_visit
from ..queries import Week, long_not_visited, week_of

MOST_LONG = 30
WEEKS = 2


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """This week and the next; adding a firm is one tap in the list of those that were not visited for long."""
    user = person(request)
    check_may_visit(user)
    today = timezone.localdate()
    form = PlanForm(data(request), initial={"day": today})
    if form.is_bound and form.is_valid():
        firm = Enterprise.objects.visible_to(user).filter(pk=form.cleaned_data["enterprise"]).first()
        if firm is None:
            form.add_error("target_name", _("请从名录里选一家企业。"))
        else:
            plan_visit(user, firm, day=form.cleaned_data["day"])
            return done(request, _("已把%(name)s排进计划。") % {"name": firm.name}, reverse("visits:plan"))
    weeks = [week_of(user, today + datetime.timedelta(days=7 * ahead)) for ahead in range(WEEKS)]
    context = {
        "form": form,
        "weeks": [_week(week, today) for week in weeks],
        "firms": [_firm(firm, today) for firm in long_not_visited(user, MOST_LONG)],
        "today": today,
        "next_monday": weeks[1].monday,
    }
    return again(request, "visits/plan.html", context)


def _week(week: Week, today: datetime.date) -> dict[str, Any]:
    is_now = week.monday <= today <= week.monday + datetime.timedelta(days=6)
    return {
        "label": _("本周") if is_now else _("下周"),
        "monday": week.monday,
        "sunday": week.monday + datetime.timedelta(days=6),
        "is_now": is_now,
        "done": week.done,
        "quota": week.quota,
        "missing": week.missing,
        "visits": week.visits,
        "plans": week.plans,
    }


def _firm(firm: Enterprise, today: datetime.date) -> dict[str, Any]:
    last = firm.last_visit  # type: ignore[attr-defined]
    return {
        "id": firm.pk,
        "name": firm.name,
        "town": firm.town.short_name if firm.town else "",
        "is_key": firm.is_key,  # type: ignore[attr-defined]
        "is_planned": firm.is_planned,  # type: ignore[attr-defined]
        "since": _("%(n)d 天没去") % {"n": (today - last).days} if last else _("还没有走访过"),
    }


@require_POST
def plan_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(VisitPlan, pk=pk, user=person(request))
    if found.visit_id:
        raise ActionError(_("这家已经走访过，留在计划里。"))
    drop_plan(found)
    return done(request, _("已从计划里拿掉。"), reverse("visits:plan"))
