"""Rollups in the background; beat pokes, the marks in PostgreSQL say what there is to do."""

from __future__ import annotations

from celery import shared_task

from . import rollups


@shared_task(name="insight.flush", ignore_result=True)
def flush() -> None:
    # Beat pokes every few seconds; a long flush must not gather a queue behind it.
    rollups.flush(wait=False)
