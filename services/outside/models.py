from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.models.sealed_columns import SealedColumns


class Rating(models.Model):
    """What whoever applied at the public counter thinks of how it was done: once a case."""

    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    stars = models.PositiveSmallIntegerField(_("评价"))
    words = models.CharField(_("意见"), max_length=500, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("自助评价")
        constraints = [
            models.UniqueConstraint(fields=["kind", "case_id"], name="public_rating_once"),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="public_rating_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.stars)


class Reporter(SealedColumns):
    """Whoever reported with a name where nobody else may know it: sealed away from the case, its page and its lists."""

    SEALED = ("name", "phone")

    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    name_sealed = models.BinaryField(null=True, editable=False)
    name_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    name_masked = models.CharField(_("报告人"), max_length=20, blank=True, editable=False, default="")
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")

    class Meta:
        verbose_name = _("报告人")
        constraints = [models.UniqueConstraint(fields=["kind", "case_id"], name="reporter_of_case")]

    def __str__(self) -> str:
        return "••••"
