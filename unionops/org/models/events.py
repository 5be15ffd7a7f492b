from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from .organisations import Organisation

if TYPE_CHECKING:
    from .accounts import User


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Refuse what would change or remove a row, also by hand-written SQL."""
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';"
    return [
        pgtrigger.Protect(name=f"{name}_protect", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=refuse,
        ),
    ]


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, kind: str, subject_id: object) -> Self:
        return self.filter(kind=kind, subject_id=str(subject_id))

    def visible_to(self, user: User) -> Self:
        """The log as a whole belongs to the auditor; a timeline is read through its case."""
        return self.filter(district__in=user.scope.log_of)


class Event(models.Model):
    """One sentence of a timeline: who did what to which thing, written in the transaction of the change."""

    append_only = True

    at = models.DateTimeField(_("时间"))
    # PROTECT: the log outlives everything. The index of the log begins with it.
    district = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("所属区"), null=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("对象类别"), max_length=30)
    subject_id = models.CharField(_("对象"), max_length=36)
    # Verb with its kind in front: «issue.answer». Reads of unmasked data end in «.reveal».
    verb = models.CharField(_("动作"), max_length=50)
    # PROTECT: who did it stays known.
    by = models.ForeignKey("org.User", models.PROTECT, verbose_name=_("操作人"), related_name="+")
    source = models.CharField(_("状态前"), max_length=20, blank=True)
    target = models.CharField(_("状态后"), max_length=20, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    address = models.GenericIPAddressField(_("网络地址"), null=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("经过")
        ordering = ["at", "id"]
        indexes = [
            # Read by every case page.
            models.Index(fields=["kind", "subject_id", "at"], name="event_timeline"),
            # Read by the auditor's log.
            models.Index(fields=["district", "-at"], name="event_log"),
        ]
        triggers = append_only("event")
