"""Preparing the papers of one district, out of the way of the job that found them due."""

from __future__ import annotations

import logging

from celery import shared_task

from unionops.insight.periods import parse
from unionops.org.models import Organisation, User

log = logging.getLogger(__name__)

PREPARE = "analyses.prepare_quarter"


@shared_task(name=PREPARE, soft_time_limit=240, time_limit=300)
def prepare_quarter(district_id: int, period: str) -> None:
    from .actions.papers import prepare  # noqa: PLC0415 -- actions promise tasks, so a task finds its action late

    district = Organisation.objects.filter(pk=district_id).first()
    if district is None:
        log.warning("no district %s", district_id)
        return
    prepare(district, parse(period), by=User.objects.system())
