"""The periodic jobs of the weekly visit."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from unionops.casework.notices import holders, notify_all
from unionops.casework.periods import closes_on
from unionops.casework.tasks import Job, register_job
from unionops.org.enums import OrganisationKind
from unionops.org.models import Organisation, User

from .actions.care import draw_sample
from .enums import IssueState, VisitState
from .imports.flow import take_up_lost
from .models import Issue, Visit

# One closed issue in ten is asked about again (domain C03: 电话抽查, 现场验证, 职工评价).
SAMPLE_SHARE = 0.1


@transaction.atomic
def lock_closed_months(due_at: datetime.datetime) -> int:
    """Lock the visits of months that are closed; from then on a correction needs a reason. What was sent back stays out."""
    today = timezone.localdate(due_at)
    first = today.replace(day=1)
    before = first - datetime.timedelta(days=1)
    bound = first if today > closes_on(before) else before.replace(day=1)
    return Visit.objects.filter(visited_on__lt=bound, state=VisitState.SUBMITTED).update(state=VisitState.LOCKED)


@transaction.atomic
def remind_suspended(due_at: datetime.datetime) -> int:
    """A suspended issue whose day has come is laid before the leader again."""
    today = timezone.localdate(due_at)
    issues = list(Issue.objects.filter(state=IssueState.SUSPENDED, resume_on=today))
    notify_all([(issue, "resume_due", holders(issue) | {issue.handler_id or 0} - {0}) for issue in issues],
               by=User.objects.system(), now=due_at)  # fmt: skip
    return len(issues)


def draw_samples(due_at: datetime.datetime) -> int:
    """Draw last month's sample once; every later day finds it drawn."""
    month = timezone.localdate(due_at).replace(day=1) - datetime.timedelta(days=1)
    system = User.objects.system()
    districts = Organisation.objects.filter(kind=OrganisationKind.DISTRICT)
    return sum(len(draw_sample(district, by=system, month=month, share=SAMPLE_SHARE)) for district in districts)


def take_up_lost_imports(due_at: datetime.datetime) -> int:
    """An import whose worker was lost goes on, or says that it does not."""
    return take_up_lost(timezone.now())


def register_jobs() -> None:
    register_job(Job("visits.lock_closed_months", lock_closed_months, hours=(1,)))
    register_job(Job("visits.remind_suspended", remind_suspended, hours=(9,)))
    register_job(Job("visits.draw_samples", draw_samples, hours=(2,)))
    register_job(Job("visits.take_up_lost_imports", take_up_lost_imports, minutes=5))
