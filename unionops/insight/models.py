"""What rollups stand on: marks of what has changed, and the shape of a row that is kept for each organisation and period."""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation
from unionops.org.models.events import append_only


class DirtyBucket(models.Model):
    """A week of a town in which something that is counted has changed; written by triggers, taken by `rollups.flush`.

    There is no key to be unique on: two writers of one week must not wait for each other, and taking a mark twice is cheap.
    """

    # The table whose rows have changed: what is counted from others is as it was.
    source = models.CharField(max_length=40, default="")
    town_id = models.BigIntegerField()
    district_id = models.BigIntegerField()
    monday = models.DateField()

    class Meta:
        verbose_name = _("待汇总")


class Grain(models.TextChoices):
    """The lengths of time for which rollups are kept; weeks are those of ISO 8601, which no month holds whole."""

    WEEK = "week", _("周")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季")
    YEAR = "year", _("年")


class Rollup(models.Model):
    """What one organisation has in one period. Subclasses add a whole number for each measure."""

    # Its own index would stand beside the unique one of the subclass, and be written as often.
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("组织"), related_name="+", db_index=False
    )
    grain = models.CharField(_("期间"), max_length=7, choices=Grain)
    starts_on = models.DateField(_("起始日期"))

    class Meta:
        abstract = True


class Closing(models.Model):
    """A period that is closed, for everybody at once; an organisation without a snapshot of it had nothing in it."""

    append_only = True

    grain = models.CharField(_("期间"), max_length=7, choices=Grain)
    starts_on = models.DateField(_("起始日期"))
    closed_at = models.DateTimeField(_("结账时间"))

    class Meta:
        verbose_name = _("结账")
        ordering = ["-starts_on", "grain"]
        constraints = [models.UniqueConstraint(fields=["grain", "starts_on"], name="closing_once")]
        triggers = append_only("closing")


class Snapshot(models.Model):
    """The figures of an organisation in a closed period, as they were reported: written once."""

    append_only = True

    # PROTECT: what was reported outlives the organisation.
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("组织"), related_name="+")
    grain = models.CharField(_("期间"), max_length=7, choices=Grain)
    starts_on = models.DateField(_("起始日期"))
    # Which rollup was frozen.
    sort = models.CharField(max_length=20)
    figures = models.JSONField(_("数字"))
    # What the figures say in a sentence, as it was reported.
    text = models.TextField(_("文字"), blank=True, default="")
    # The cut-off: what was committed before it is in the figures.
    closed_at = models.DateTimeField(_("结账时间"))

    class Meta:
        verbose_name = _("快照")
        ordering = ["-starts_on", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["sort", "organisation", "grain", "starts_on"], name="snapshot_once"),
        ]
        triggers = append_only("snapshot")


def day_of(moment: str) -> str:
    """SQL of the day in the country on which a moment lies."""
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def marks_dirty(columns: Sequence[str], days: Sequence[str]) -> list[pgtrigger.Trigger]:
    """Triggers for a table with town_id and district_id: whatever changes ``columns`` (or SQL of them, with a name) marks
    the weeks of ``days``.

    ``days`` are SQL expressions of dates over a row ``r``. They run once a statement, however many rows it touches, and
    mark nothing when nothing that is counted has changed. The mark stands in the transaction of the change: whoever sees
    one sees the other.
    """
    names = ", ".join(["town_id", "district_id", *columns])
    return [
        _marking("insert", pgtrigger.Insert, f"SELECT {names} FROM new_rows", days),
        _marking(
            "update",
            pgtrigger.Update,
            f"(SELECT {names} FROM old_rows EXCEPT ALL SELECT {names} FROM new_rows)"
            f" UNION ALL (SELECT {names} FROM new_rows EXCEPT ALL SELECT {names} FROM old_rows)",
            days,
        ),
        _marking("delete", pgtrigger.Delete, f"SELECT {names} FROM old_rows", days),
    ]


def _marking(name: str, operation: pgtrigger.Operation, rows: str, days: Sequence[str]) -> pgtrigger.Trigger:
    has_old, has_new = operation != pgtrigger.Insert, operation != pgtrigger.Delete
    dates = ", ".join(f"({day})" for day in days)
    return pgtrigger.Trigger(
        name=f"dirty_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(
            **({"old": "old_rows"} if has_old else {}), **({"new": "new_rows"} if has_new else {})
        ),
        func=(
            f"INSERT INTO {DirtyBucket._meta.db_table} (source, town_id, district_id, monday)"
            " SELECT DISTINCT TG_TABLE_NAME, r.town_id, r.district_id, d.day - (EXTRACT(ISODOW FROM d.day)::int - 1)"
            f" FROM ({rows}) AS r CROSS JOIN LATERAL (VALUES {dates}) AS d(day) WHERE d.day IS NOT NULL;"
            " RETURN NULL;"
        ),
    )
