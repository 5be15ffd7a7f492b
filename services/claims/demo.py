"""What the registers of past years tell of a claim beside its amount: the arithmetic of a rebate, by the policy of its day."""

from __future__ import annotations

import datetime

from django.utils import timezone

from visits.demo.district import Demo
from visits.demo.more import register_demo

from .models import Claim
from .specials import special_of


def load(demo: Demo, now: datetime.datetime) -> None:
    """Deterministic; nothing where the programme is not installed."""
    rows = Claim.objects.filter(district=demo.district, programme__code="rebates", ledger_import__isnull=False)
    for claim in rows.select_related("programme"):
        special, on = special_of(claim), timezone.localdate(claim.registered_at)
        if found := special.reckon(claim, on) if special else None:
            Claim.objects.filter(pk=claim.pk).update(reckoned=found.as_json(on))


def declare() -> None:
    register_demo(load)
