"""The periodic job: on the first working day after the books of a quarter are closed its papers are prepared."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from unionops.casework import deadlines
from unionops.casework.outbox import later
from unionops.casework.tasks import Job, register_job
from unionops.insight.periods import Period
from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation

from ..models import Issue, Visit
from .models import Analysis
from .quarters import is_closed, quarters_before
from .tasks import PREPARE

# Before the office opens, so that the papers lie there in the morning.
MORNING = (6,)
# How many quarters back a stopped machine catches up.
CATCH_UP = 4


@transaction.atomic
def prepare_due(due_at: datetime.datetime) -> int:
    """Promise the papers of each district and quarter that are due and not there. Any later day makes up for a missed one."""
    today = timezone.localdate(due_at)
    if not deadlines.is_working_day(today):
        return 0
    promised = 0
    for district in Organisation.objects.filter(kind=OrganisationKind.DISTRICT).order_by("pk"):
        for quarter in _due(district, today):
            later(PREPARE, district_id=district.pk, period=quarter.code)
            promised += 1
    return promised


def _due(district: Organisation, today: datetime.date) -> list[Period]:
    """The newest closed quarter, and those between it and the last one that was prepared; the oldest first."""
    closed = [quarter for quarter in quarters_before(today, CATCH_UP) if is_closed(quarter, today)]
    papers = Analysis.objects.filter(district=district, subject=district)
    prepared = set(
        papers.filter(starts_on__in=[quarter.first for quarter in closed]).values_list("starts_on", flat=True)
    )
    newest = papers.order_by("-starts_on").values_list("starts_on", flat=True).first()
    due = [
        quarter
        for place, quarter in enumerate(closed)
        if quarter.first not in prepared and (place == 0 or (newest is not None and quarter.first > newest))
    ]
    return [quarter for quarter in reversed(due) if _has_rows(district, quarter)]


def _has_rows(district: Organisation, quarter: Period) -> bool:
    """A district in which nothing happened, or that was not there yet, needs no papers."""
    visited = Visit.objects.filter(district=district, visited_on__range=(quarter.first, quarter.last))
    registered = Issue.objects.filter(
        district=district, registered_at__gte=quarter.start, registered_at__lt=quarter.end
    )
    return visited.exists() or registered.exists()


def register_jobs() -> None:
    register_job(Job("analyses.prepare_due", prepare_due, hours=MORNING))
