"""The making of papers, which is too long for a page."""

from __future__ import annotations

from celery import shared_task

from . import making


# A ledger of 100,000 rows takes a minute on two processors.
@shared_task(name=making.TASK, soft_time_limit=540, time_limit=600)
def make(download_id: str) -> None:
    making.make(download_id)
