"""Scheduled work. Beat only pokes `relay` and `tick`; what is due stands in PostgreSQL, so nothing is missed or doubled."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app, shared_task
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from .models import Outbox, Slot

log = logging.getLogger(__name__)

RELAY_ROWS = 100
# A job whose worker died is taken up again after this; tasks end in under 60 s.
STALE = datetime.timedelta(minutes=15)
MOST_ATTEMPTS = 5
# How far back a job that was not run is caught up.
CATCH_UP = datetime.timedelta(days=4)


@dataclass(frozen=True)
class Job:
    """A periodic job: a name, what it does with its due time, and the hours of the day or the minutes between them."""

    name: str
    run: Callable[[datetime.datetime], object]
    hours: tuple[int, ...] = ()
    minutes: int = 0


_jobs: dict[str, Job] = {}


def often() -> list[str]:
    """The names of the jobs that run many times a day."""
    return [job.name for job in _jobs.values() if job.minutes]


def register_job(job: Job) -> None:
    _jobs[job.name] = job


@shared_task(name="casework.relay")
def relay() -> int:
    """Hand promised work to the broker. A crash between sending and marking sends twice; tasks bear that."""
    sent = 0
    while True:
        with transaction.atomic():
            rows = list(
                Outbox.objects.select_for_update(skip_locked=True).filter(sent_at=None).order_by("pk")[:RELAY_ROWS]
            )
            for row in rows:
                current_app.send_task(row.task, kwargs=row.arguments)
            Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=timezone.now())
        sent += len(rows)
        if len(rows) < RELAY_ROWS:
            return sent


def due_times(job: Job, now: datetime.datetime) -> list[datetime.datetime]:
    """The due times of a job within the days that are caught up, oldest first."""
    local = timezone.localtime(now)
    if job.minutes:
        # What looks at how things stand now has nothing to catch up: its latest time is enough.
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        step = datetime.timedelta(minutes=job.minutes)
        return [midnight + (local - midnight) // step * step]
    days = [local.date() - datetime.timedelta(days=back) for back in range(CATCH_UP.days, -1, -1)]
    times = [
        timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour))) for day in days for hour in job.hours
    ]
    return [time for time in times if now - CATCH_UP < time <= now]


@shared_task(name="casework.tick")
def tick() -> None:
    """Make the slots that have come due and run each that nobody runs."""
    now = timezone.now()
    for job in _jobs.values():
        Slot.objects.bulk_create(
            [Slot(name=job.name, due_at=due) for due in due_times(job, now)], ignore_conflicts=True
        )
        for slot in Slot.objects.filter(name=job.name, finished_at=None, attempts__lt=MOST_ATTEMPTS).order_by("due_at"):
            if slot.started_at is None or now - slot.started_at > STALE:
                current_app.send_task("casework.run_slot", kwargs={"slot_id": slot.pk})


@shared_task(name="casework.run_slot")
def run_slot(slot_id: int) -> None:
    """Claim the slot, do its job in one transaction with the mark that it is done."""
    now = timezone.now()
    claimed = (
        Slot.objects.filter(pk=slot_id, finished_at=None)
        .filter(Q(started_at=None) | Q(started_at__lt=now - STALE))
        .update(started_at=now, attempts=F("attempts") + 1)
    )
    if not claimed:
        return
    slot = Slot.objects.get(pk=slot_id)
    job = _jobs.get(slot.name)
    if job is None:
        log.warning("no job is called %s", slot.name)
        return
    try:
        with transaction.atomic():
            job.run(slot.due_at)
            slot.finished_at = timezone.now()
            slot.error = ""
            slot.save(update_fields=["finished_at", "error"])
    except Exception as error:
        Slot.objects.filter(pk=slot_id).update(error=f"{type(error).__name__}: {error}"[:500], started_at=None)
        raise
