from __future__ import annotations

import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def of_year(self, year: int) -> Self:
        return self.filter(date__range=(datetime.date(year, 1, 1), datetime.date(year, 12, 31)))


class CalendarDay(models.Model):
    """One day of the official working calendar. Years whose notice is not out yet stand here unconfirmed."""

    class Source(models.TextChoices):
        LIBRARY = "library", _("随软件提供")
        OFFICE = "office", _("本单位录入")

    date = models.DateField(_("日期"), primary_key=True)
    is_workday = models.BooleanField(_("工作日"))
    name = models.CharField(_("说明"), max_length=60, blank=True)
    source = models.CharField(_("来源"), max_length=10, choices=Source, default=Source.OFFICE)
    notice = models.CharField(_("依据的通知"), max_length=100, blank=True)
    confirmed = models.BooleanField(_("已公布"), default=False)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历")
        ordering = ["date"]
        # Whatever changes a day, even SQL by hand, changes the stamp; the upsert waits for other editors.
        triggers = [
            pgtrigger.Trigger(
                name="calendar_stamp",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func=(
                    "INSERT INTO china_calendarstamp (id, stamp) VALUES (1, gen_random_uuid())"
                    " ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp; RETURN NULL;"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.date.isoformat()


class CalendarStamp(models.Model):
    """One row: says whether a calendar in memory is still that of the table.

    A random value, not a counter or a time: after a rollback or a slow transaction those can be met again.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    stamp = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("日历版本")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="calendar_one_stamp")]

    def __str__(self) -> str:
        return str(self.stamp)
