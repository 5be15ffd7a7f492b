from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User


class NumberSeries(models.Model):
    """The last number given in a series of a district and a year; its row is locked to take the next."""

    district = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("编号")
        constraints = [models.UniqueConstraint(fields=["district", "prefix", "year"], name="number_series_once")]


class Outbox(models.Model):
    """Work that a transaction has promised; a relay hands it to Celery after the commit (trust 6)."""

    task = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("待办任务")
        # Read by the relay, oldest first.
        indexes = [models.Index(fields=["id"], condition=Q(sent_at=None), name="outbox_waiting")]


class Slot(models.Model):
    """A due time of a periodic job; whoever inserts or claims the row does the work, once (trust 7)."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("定时任务")
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="slot_once")]


class IdempotencyKey(models.Model):
    """The first answer to a write, kept so that a repeated sending gets the same answer and no second effect."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]


class SavedView(models.Model):
    """A person's own filter of a list: a name and a query string."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(max_length=500)

    class Meta:
        verbose_name = _("常用视图")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"],
                name="saved_view_once",
                violation_error_message=_("已有同名的视图。"),
            )
        ]
