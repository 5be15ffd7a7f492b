"""What the visits put on the home page: the week of a cadre, who has not been visited for long, today's consultations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.jinja import WEEKDAYS, clock, short_day
from unionops.joining import clauses, listed
from unionops.org.models import User

from . import queries

MOST_LONG = 5


def week_panel(user: User) -> dict[str, Any] | None:
    """本周走访: what is done and what is planned, each one a tap away."""
    week = queries.week_of(user, timezone.localdate())
    slots = [
        {
            "when": str(WEEKDAYS[visit.visited_on.weekday()]),
            "name": visit.enterprise.name if visit.enterprise else visit.target_name,
            "url": reverse("visits:visit", args=[visit.pk]),
            "done": True,
        }
        for visit in week.visits
    ]
    slots += [
        {
            "when": str(WEEKDAYS[plan.planned_on.weekday()]) if plan.planned_on else _("计划"),
            "name": plan.enterprise.name,
            "url": f"{reverse('visits:log')}?plan={plan.pk}",
            "done": False,
        }
        for plan in week.plans
    ]
    missing = week.missing - len(week.plans)
    slots += [
        {"when": _("还差一家"), "name": _("记走访"), "url": reverse("visits:log"), "done": False}
        for _n in range(missing)
    ]
    return {"week": week, "slots": slots}


def long_panel(user: User) -> dict[str, Any] | None:
    """很久没去: key enterprises first."""
    today = timezone.localdate()
    firms = list(queries.long_not_visited(user, MOST_LONG))
    rows = [
        {
            "name": firm.name,
            "url": f"{reverse('visits:log')}?enterprise={firm.pk}",
            "parts": [
                firm.town.short_name if firm.town else "",
                *([_("重点企业")] if firm.is_key else []),  # type: ignore[attr-defined]
                _("%(n)d 天没去") % {"n": (today - firm.last_visit).days} if firm.last_visit else _("还没有走访过"),  # type: ignore[attr-defined]
            ],
        }
        for firm in firms
    ]
    return {"rows": rows} if rows else None


def agenda_panel(user: User) -> dict[str, Any] | None:
    today = timezone.localdate()
    rows = [
        {
            "time": clock(consultation.planned_at),
            "text": _("会诊：%(what)s") % {"what": consultation.question[:40]},
            "note": clauses([consultation.place, listed(consultation.participants.all())]),
            "url": reverse("visits:issue", args=[consultation.issue_id]),
        }
        for consultation in queries.agenda_of(user, today)
    ]
    return {"rows": rows, "day": short_day(today)} if rows else None
