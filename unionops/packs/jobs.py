"""The periodic jobs of downloads."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.casework.tasks import Job, register_job

from .making import remove_expired, take_up_lost


def _remove_expired(_due_at: datetime.datetime) -> int:
    return remove_expired(timezone.now())


def _take_up_lost(_due_at: datetime.datetime) -> int:
    return take_up_lost(timezone.now())


def register_jobs() -> None:
    register_job(Job("packs.remove_expired", _remove_expired, hours=(3,)))
    register_job(Job("packs.take_up_lost", _take_up_lost, minutes=5))
