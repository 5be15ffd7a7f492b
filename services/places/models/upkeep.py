"""What is looked at, what was found, and how it was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User

from ...models import Programme
from ..enums import REPAIR_TRANSITIONS, RepairSource, RepairState
from .places import PartQuerySet, Place


class CheckList(models.Model):
    """巡查清单: what an inspection of the places of a programme looks at; without one, the list of the catalogue holds."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="+")
    # Lines in order; one that begins with an exclamation mark is serious.
    items = models.JSONField(_("检查项"), default=list)

    class Meta:
        verbose_name = _("巡查清单")


class Inspection(models.Model):
    """巡查: each item of the list with its result, as it was on that day; it is never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: inspections are history.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="inspections")
    on = models.DateField(_("巡查日期"), default=timezone.localdate)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("巡查人"), related_name="+")
    # [{"label", "serious", "result", "note"}] in the order of the list.
    items = models.JSONField(_("检查项"), default=list)
    passed = models.PositiveSmallIntegerField(_("合格项"), default=0)
    failed = models.PositiveSmallIntegerField(_("不合格项"), default=0)
    note = models.TextField(_("说明"), max_length=1000, blank=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("巡查")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["place", "-on"], name="inspection_of_place")]

    if TYPE_CHECKING:
        place_id: Any

    @property
    def judged(self) -> int:
        return self.passed + self.failed


class Repair(models.Model):
    """报修: something to be mended, until somebody else than the mender has looked at it."""

    TRANSITIONS = REPAIR_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: repairs are history.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="repairs")
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True, related_name="repairs")
    source = models.CharField(_("来源"), max_length=10, choices=RepairSource)
    state = models.CharField(_("状态"), max_length=10, choices=RepairState, default=RepairState.OPEN)
    what = models.CharField(_("问题"), max_length=120)
    detail = models.TextField(_("情况"), max_length=1000, blank=True)
    is_serious = models.BooleanField(_("严重"), default=False)
    due_on = models.DateField(_("期限"))
    reported_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    reported_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    repaired_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("修复登记人"), null=True, related_name="+")
    repaired_on = models.DateField(_("修复日期"), null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("复查人"), null=True, related_name="+")
    closed_on = models.DateField(_("了结日期"), null=True)
    outcome = models.CharField(_("结果"), max_length=200, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("报修")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repaired_by=None) | Q(checked_by=None) | ~Q(repaired_by=F("checked_by")),
                name="repair_four_eyes",
                violation_error_message=_("复查的人不能是登记修好的人。"),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "dismissed"], closed_on__isnull=False)
                | Q(state__in=["open", "working", "repaired"], closed_on=None),
                name="repair_closed_at_its_end",
            ),
        ]
        indexes = [
            # Read by the list of repairs and by the inbox.
            models.Index(fields=["district", "due_on"], condition=Q(closed_on=None), name="repair_open"),
            models.Index(fields=["place", "-reported_at"], name="repair_of_place"),
        ]
        triggers = database_guard(REPAIR_TRANSITIONS, born="NEW.state = 'open'")

    if TYPE_CHECKING:
        place_id: Any

        def get_state_display(self) -> str: ...

        def get_source_display(self) -> str: ...

    def __str__(self) -> str:
        return self.what

    @property
    def is_over(self) -> bool:
        return self.closed_on is None and self.due_on < timezone.localdate()
