"""Work on ledgers that is too long for a page."""

from __future__ import annotations

from celery import shared_task

from .enums import ImportState
from .imports import flow
from .models import LedgerImport

# A ledger of 100,000 rows takes half a minute on two processors.
_LIMITS = {"soft_time_limit": 540, "time_limit": 600}


@shared_task(name=flow.READ_TASK, **_LIMITS)
def read_ledger(record_id: str) -> None:
    record = LedgerImport.objects.select_related("district").filter(pk=record_id, state=ImportState.READING).first()
    if record is None:
        return
    flow.touch(record)
    try:
        flow.look_at(record)
    except Exception as error:
        flow.give_up(record_id, error)
        raise


@shared_task(name=flow.WRITE_TASK, **_LIMITS)
def write_ledger(record_id: str) -> None:
    record = LedgerImport.objects.filter(pk=record_id, state=ImportState.WRITING).first()
    if record is None:
        return
    flow.touch(record)
    try:
        flow.write_confirmed(record)
    except Exception as error:
        flow.give_up(record_id, error)
        raise


@shared_task(name=flow.UNDO_TASK, **_LIMITS)
def undo_ledger(record_id: str) -> None:
    record = LedgerImport.objects.filter(pk=record_id, state=ImportState.WRITING).first()
    if record is not None:
        flow.touch(record)
        flow.undo_promised(record)
