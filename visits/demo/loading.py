"""The whole demo in one call."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from ..models import Issue, Visit
from .district import build_district
from .history import write_history
from .more import load_more
from .present import first_day, live_until

SEED = 20230401


@transaction.atomic
def load(password: str, *, now: datetime.datetime | None = None) -> str:
    now = now or timezone.now()
    demo = build_district(password, seed=SEED)
    write_history(demo, first_day(now) - datetime.timedelta(days=1), seed=SEED)
    live_until(demo, now, seed=SEED)
    load_more(demo, now)
    return f"{Visit.objects.count()} visits, {Issue.objects.count()} issues"
