from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.models import User


class CalendarFeed(models.Model):
    """The secret address under which a calendar reads a person's appointments; only its digest is kept."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    read_at = models.DateTimeField(_("最近读取"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user_id)
