"""值班表: who sits in a centre in a week, and the forms of whoever plans it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from unionops.org.errors import NotAllowed
from unionops.org.models import User
from unionops.org.views.answers import Step, again, data, person, step

from .. import agenda
from ..actions import duties
from ..forms.duties import DutyForm
from ..models import Duty
from .desk import asked_day, heads_centre, kept_centres

WEEK = datetime.timedelta(days=7)
ONE_DAY = datetime.timedelta(days=1)


@require_safe
def rota(request: HttpRequest) -> HttpResponse:
    """A week from Monday on; whoever is on duty without a post in the centre sees the own days."""
    user, kept = person(request), kept_centres(person(request))
    centres = agenda.centres_of(user)
    if not kept and not centres and not Duty.objects.standing().filter(user=user).exists():
        raise NotAllowed(_("值班表由调解中心的人员、值班的人和能看全区的人查看。"))
    on, today = asked_day(request), timezone.localdate()
    monday = on - ONE_DAY * on.weekday()
    context = {
        "days": _days(user, monday, {centre.pk for centre in kept}, today),
        "monday": monday, "sunday": monday + ONE_DAY * 6, "before": monday - WEEK, "after": monday + WEEK,
        "may_plan": bool(kept), "enters": bool(centres), "heads": heads_centre(user, centres),
    }  # fmt: skip
    return again(request, "disputes/rota.html", context)


def _days(user: User, monday: datetime.date, kept: set[int], today: datetime.date) -> list[dict[str, Any]]:
    rows = (
        Duty.objects.visible_to(user)
        .standing()
        .filter(day__gte=monday, day__lt=monday + WEEK)
        .select_related("user", "centre")
        .order_by("day", "part", "user__name", "pk")
    )
    found: dict[datetime.date, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        may_take_off = row.centre_id in kept and row.day >= today
        url = reverse("disputes:rota_off", args=[row.pk]) if may_take_off else ""
        found[row.day].append({"row": row, "is_mine": row.user_id == user.pk, "off_url": url})
    days = [monday + ONE_DAY * number for number in range(7)]
    # A weekend without duty is no row.
    return [
        {"day": day, "rows": found[day], "is_today": day == today} for day in days if found[day] or day.weekday() < 5
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def put_on(request: HttpRequest) -> HttpResponse:
    user = person(request)
    kept = kept_centres(user)
    if not kept:
        raise NotAllowed(_("值班表由中心负责人或系统管理员安排。"))
    today = timezone.localdate()
    form = DutyForm(data(request), centres=kept, initial={"first": today, "last": today + ONE_DAY * 27})
    asked = Step(title=_("排班"), submit=_("排进值班表"), back=reverse("disputes:rota"))
    return step(request, form, asked, lambda: duties.put_on(by=user, **form.given()), _("已排进值班表。"))


@require_http_methods(["GET", "HEAD", "POST"])
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    found = get_object_or_404(Duty.objects.visible_to(user).select_related("centre", "user"), pk=pk)
    duties.check_keeps_rota(user, found.centre)
    asked = Step(
        title=_("撤掉这个班"), submit=_("撤班"), back=f"{reverse('disputes:rota')}?on={found.day.isoformat()}", danger=True,
        effects=[(_("日期"), f"{found.day.isoformat()} {found.get_part_display()}"), (_("值班人"), found.user.name)],
    )  # fmt: skip
    return step(request, Form(data(request)), asked, lambda: duties.take_off(found, by=user), _("已撤班。"))
