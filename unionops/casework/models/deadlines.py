from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, Seen, User

from ..enums import Unit


class Term(Seen, models.Model):
    """A time limit of the office: «急件 7 个自然日». Administrators edit it; running deadlines keep what they had."""

    SEEN = ("length", "unit", "source")

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit)
    length = models.PositiveSmallIntegerField(_("天数"))
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("办理时限")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> Self:
        return self.filter(met_on=None, dropped=False)

    def about(self, kind: str, case_id: object) -> Self:
        return self.filter(kind=kind, case_id=case_id)


class Deadline(models.Model):
    """One clock of one case. ``due_on`` is the last day; overdue is never stored, it is computed when read."""

    # PROTECT: kept for the statistics of the district.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("案件类别"), max_length=30)
    case_id = models.UUIDField(_("案件"))
    # The rule as it was when the clock started.
    rule = models.CharField(_("规则代码"), max_length=40)
    rule_name = models.CharField(_("规则"), max_length=60)
    unit = models.CharField(_("单位"), max_length=10, choices=Unit)
    length = models.PositiveSmallIntegerField(_("天数"))
    extra_days = models.PositiveSmallIntegerField(_("延期天数"), default=0)
    started_on = models.DateField(_("起算日"))
    soon_on = models.DateField(_("黄灯日"))
    due_on = models.DateField(_("到期日"))
    provisional = models.BooleanField(_("暂定"), default=False)
    paused_on = models.DateField(_("暂停自"), null=True, blank=True)
    met_on = models.DateField(_("完成日"), null=True, blank=True)
    dropped = models.BooleanField(_("不再适用"), default=False)
    escalated_at = models.DateTimeField(_("已升级"), null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("期限")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=models.F("started_on")), name="deadline_due_after_start"),
        ]
        indexes = [
            models.Index(fields=["kind", "case_id"], name="deadline_of_case"),
            # Read by the escalation task and by the re-computation after a change of the calendar.
            models.Index(fields=["due_on"], condition=Q(met_on=None, dropped=False), name="deadline_running"),
        ]


class DeadlinePause(models.Model):
    """A span that does not count, with its allowed reason and who approved it. ``ends_on`` is the last day of rest."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="pauses")
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"), null=True, blank=True)
    reason = models.CharField(_("事由"), max_length=200)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("期限暂停")
        ordering = ["starts_on", "id"]
        constraints = [
            # One day may be both: paused and resumed on the same day removes nothing.
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on") - datetime.timedelta(days=1)),
                name="pause_dates_in_order",
            ),
            models.UniqueConstraint(fields=["deadline"], condition=Q(ends_on__isnull=True), name="pause_one_open"),
        ]
