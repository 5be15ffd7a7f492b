"""Numbers of batches."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.casework.numbering import spell, take_numbers
from unionops.org.models import User

from ..models import Programme
from .models import PaymentBatch

# Four letters: a programme has at most three.
PREFIX = "FFPC"


def new_batch(programme: Programme, *, by: User, now: datetime.datetime, note: str = "") -> PaymentBatch:
    year = timezone.localtime(now).year
    (number,) = take_numbers(programme.district_id, PREFIX, year)
    return PaymentBatch.objects.create(
        district_id=programme.district_id, organisation_id=programme.organisation_id, programme=programme,
        number=spell(PREFIX, year, number), note=note[:100], made_by=by, made_at=now,
    )  # fmt: skip
