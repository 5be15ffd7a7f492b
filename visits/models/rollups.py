from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from unionops.insight.models import Rollup


class VisitRollup(Rollup):
    """What a town or a district has visited, heard and resolved in one period (domain 2.8)."""

    visits = models.PositiveIntegerField(_("走访家次"), default=0)
    firms = models.PositiveIntegerField(_("走访家数"), default=0)
    key_firms = models.PositiveIntegerField(_("走访重点企业家数"), default=0)
    # Of the issues registered in the period, as they stand now.
    issues = models.PositiveIntegerField(_("登记诉求"), default=0)
    resolved = models.PositiveIntegerField(_("其中已化解"), default=0)
    explained = models.PositiveIntegerField(_("其中当场解释办结"), default=0)
    # Of the issues closed in the period, whenever they were registered.
    closed = models.PositiveIntegerField(_("办结诉求"), default=0)
    closed_resolved = models.PositiveIntegerField(_("办结并化解"), default=0)

    class Meta:
        verbose_name = _("走访汇总")
        ordering = ["organisation", "grain", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "grain", "starts_on"], name="visit_rollup_once"),
        ]
