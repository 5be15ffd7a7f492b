"""What every row below a dispute shares: it is seen by whoever sees the case, and by nobody else."""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from unionops.org.models import User


class PartQuerySet(models.QuerySet[Any]):
    """Rows of a dispute; ``CASE`` is the way from the row to its case."""

    CASE = "dispute"

    def visible_to(self, user: User) -> Self:
        cases = apps.get_model("disputes", "Dispute")._default_manager.visible_to(user)
        return self.filter(**{f"{self.CASE}__in": cases})


class SpanQuerySet(PartQuerySet):
    """Rows that hold from a first to a last day."""

    def on(self, day: datetime.date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
