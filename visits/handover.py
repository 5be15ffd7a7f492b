"""What moves when one person takes over from another: the open issues in their hands, never the history."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from unionops.casework.moves import finish
from unionops.casework.notices import notify
from unionops.org.models import Organisation, User

from .actions.pen import hold_pen
from .enums import END_STATES
from .models import Issue, VisitPlan


def open_issues(user: User, organisation: Organisation) -> QuerySet[Issue]:
    """Open issues that the person follows in the town, or handles for the department."""
    return (
        Issue.objects.exclude(state__in=END_STATES)
        .filter(Q(liaison=user, town=organisation) | Q(handler=user, lead_department=organisation))
        .order_by("pk")
    )


def preview(user: User, organisation: Organisation) -> int:
    return open_issues(user, organisation).count()


@transaction.atomic
def move(giver: User, taker: User, *, organisation: Organisation, by: User) -> int:
    """The taker holds what the giver held; who registered and who signed in the past stays in the timeline."""
    issues = list(open_issues(giver, organisation).select_for_update(of=("self",), no_key=True))
    for issue in issues:
        if issue.liaison_id == giver.pk:
            issue.liaison = taker
        if issue.handler_id == giver.pk:
            issue.handler = taker
        hold_pen(issue)
        finish(issue, "hand_over", by=by, **{"from": giver.name, "to": taker.name})  # type: ignore[arg-type]
        notify(issue, "hand_over", by=by, to={taker.pk})
    year, week, _weekday = timezone.localdate().isocalendar()
    plans = VisitPlan.objects.filter(
        user=giver, enterprise__town=organisation, visit=None, iso_year=year, iso_week__gte=week
    )
    plans.exclude(enterprise__in=VisitPlan.objects.filter(user=taker, visit=None).values("enterprise")).update(
        user=taker
    )
    return len(issues)
