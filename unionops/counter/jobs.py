"""What is forgotten at the public counter, and when."""

from __future__ import annotations

import datetime

from unionops.casework.tasks import Job, register_job

from .models import OneTimeCode, VisitorKey

# A code is of use for minutes and a visitor's session for half an hour; what remains says who asked how often.
KEEP_CODES = datetime.timedelta(days=30)
KEEP_KEYS = datetime.timedelta(days=7)


def clean_up(due_at: datetime.datetime) -> int:
    gone, _rows = OneTimeCode.objects.filter(made_at__lt=due_at - KEEP_CODES).delete()
    VisitorKey.objects.filter(made_at__lt=due_at - KEEP_KEYS).delete()
    return gone


def register_jobs() -> None:
    register_job(Job("counter.clean_up", clean_up, hours=(3,)))
