"""The whole demo in one call."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from ..models import Issue, Visit
from .district import Demo, build_district
from .history import write_history
from .present import live_until

SEED = 20230401

# What the rooms above tell of themselves when the district is there; they register it at start-up.
Chapter = Callable[[Demo, datetime.datetime], None]
_chapters: dict[str, Chapter] = {}


def register_chapter(name: str, tell: Chapter) -> None:
    _chapters[name] = tell


@transaction.atomic
def load(password: str, *, now: datetime.datetime | None = None) -> str:
    now = now or timezone.now()
    demo = build_district(password, seed=SEED)
    write_history(demo, seed=SEED)
    live_until(demo, now, seed=SEED)
    for tell in _chapters.values():
        tell(demo, now)
    return f"{Visit.objects.count()} visits, {Issue.objects.count()} issues"
