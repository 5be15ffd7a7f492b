from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.models import User

from ..enums import LimitationKind
from .disputes import Dispute
from .parts import PartQuerySet


class LimitationEvent(models.Model):
    """What interrupted or suspended the year of arbitration; the clock is computed from these rows (domain 3.4)."""

    # PROTECT throughout: whether a claim is out of time is proved by these.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="limitation_events")
    kind = models.CharField(_("事由"), max_length=20, choices=LimitationKind)
    on = models.DateField(_("发生日期"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    evidence = models.ForeignKey("casework.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("时效事件")
        ordering = ["dispute", "on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
