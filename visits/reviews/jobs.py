"""The review of a year is begun on the first working day after the books of the year are closed."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.casework.deadlines import working_day_after
from unionops.casework.periods import closes_on
from unionops.casework.tasks import Job, register_job
from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation, User

from .actions.reviews import make_due


def begin_reviews(due_at: datetime.datetime) -> int:
    """Begin last year's review where nobody has; after the first quarter it is left to the office."""
    today = timezone.localdate(due_at)
    last = datetime.date(today.year - 1, 12, 31)
    if today.month > 3 or today < working_day_after(closes_on(last), 1):
        return 0
    districts = list(Organisation.objects.filter(kind=OrganisationKind.DISTRICT).order_by("pk"))
    return make_due(districts, last.year, by=User.objects.system(), now=due_at)


def register_jobs() -> None:
    register_job(Job("reviews.begin", begin_reviews, hours=(8,)))
