"""The periodic job of the monthly exchange."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.casework.deadlines import working_day_after
from unionops.casework.tasks import Job, register_job
from unionops.insight.periods import Kind, Period, containing
from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation, User
from visits.models import Issue, Visit

from .actions.exchanges import chair_for, prepare
from .models import Exchange, ExchangeGroup

ONE_DAY = datetime.timedelta(days=1)


def prepare_month(due_at: datetime.datetime) -> int:
    """Prepare last month's exchange of each group, from the first working day of the month on.

    Every later day finds it there, so that a job that runs late or twice changes nothing. Returns how many are new.
    """
    today = timezone.localdate(due_at)
    first = today.replace(day=1)
    if today < working_day_after(first - ONE_DAY, 1):
        return 0
    month = containing(first - ONE_DAY, Kind.MONTH)
    system = User.objects.system()
    made = 0
    for district in Organisation.objects.filter(kind=OrganisationKind.DISTRICT).order_by("pk"):
        if not _has_something_to_say(district, month):
            continue
        groups: list[ExchangeGroup | None] = list(
            ExchangeGroup.objects.filter(district=district).current().select_related("leader")
        )
        for group in groups or [None]:
            there = Exchange.objects.filter(district=district, group=group, month=month.first).exists()
            if not there and chair_for(district, group) is not None:
                prepare(district, by=system, month=month.first, group=group, now=due_at)
                made += 1
    return made


def _has_something_to_say(district: Organisation, month: Period) -> bool:
    """A district that has only just begun has no meeting about nothing."""
    return (
        Exchange.objects.filter(district=district).exists()
        or Visit.objects.filter(district=district, visited_on__range=(month.first, month.last)).exists()
        or Issue.objects.filter(district=district, registered_at__gte=month.start, registered_at__lt=month.end).exists()
    )


def register_jobs() -> None:
    # In the morning, after the figures of the month are closed in the night (insight/jobs.py).
    register_job(Job("exchanges.prepare", prepare_month, hours=(8,)))
