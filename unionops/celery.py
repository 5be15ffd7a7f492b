"""The Celery application: its beat is only a clock, what is due stands in PostgreSQL (docs/decisions/0003)."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Any

from celery import Celery, bootsteps
from celery.beat import Scheduler
from celery.signals import beat_init, setup_logging, task_postrun, task_prerun
from django.db import connections

from .heartbeat import EVERY_SECONDS, live


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Beats from the worker's own event loop: a worker that hangs falls silent."""

    requires = {"celery.worker.components:Timer"}

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        live("worker")
        self.entry = parent.timer.call_repeatedly(EVERY_SECONDS, live, ("worker",), priority=10)

    def stop(self, parent: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()


class Clock(Scheduler):
    """Celery's beat without a file: its entries poke what looks into PostgreSQL for what is due."""

    max_interval = EVERY_SECONDS
    lived_at = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        now = time.monotonic()
        if now - self.lived_at >= EVERY_SECONDS:
            self.lived_at = now
            live("beat")
        return super().tick(*args, **kwargs)


app = Celery("unionops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = Clock
app.conf.beat_schedule = {
    "relay": {"task": "casework.relay", "schedule": 2.0, "options": {"expires": 10}},
    "tick": {"task": "casework.tick", "schedule": 30.0, "options": {"expires": 60}},
    "flush": {"task": "insight.flush", "schedule": 5.0, "options": {"expires": 15}},
}
app.steps["worker"].add(WorkerHeartbeat)
# Celery would close the connection after every task, and to open one costs more than most tasks do.
app.conf.update(CELERY_DB_REUSE_MAX=sys.maxsize)


@beat_init.connect
def end_at_once(**_given: Any) -> None:
    """There is no file to write before the end. Celery raises SystemExit wherever beat stands, and the client of the broker loses it
    when that is amid a read: beat then went on, and was killed after a minute."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: os._exit(0))


@task_prerun.connect
@task_postrun.connect
def keep_connection(sender: Any = None, **_given: Any) -> None:
    """As a web process does between two requests: what is too old or broken is closed, anything else is used again."""
    if not sender.request.is_eager:
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()


@setup_logging.connect
def keep_logging(**_given: Any) -> None:
    """Django's configuration stands: JSON lines without the arguments of tasks."""
