from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.insight.models import marks_dirty
from unionops.org.models import Enterprise, Organisation, User
from unionops.org.models.sealed_columns import SealedColumns

from ..enums import Policy, TargetType, VisitMode, VisitState


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, user: User) -> Self:
        """The visits of one's districts, of one's towns, and those that one made."""
        scope = user.scope
        if scope.districts and not (scope.districts - scope.member_of):
            return self.filter(district__in=scope.districts)
        # The district stands outside: its index then gives the newest rows in order, whatever the rest says.
        return self.filter(
            Q(town__in=scope.towns) | Q(officer=user) | Q(pk__in=officer_visits(user)), district__in=scope.member_of
        )

    def in_week(self, day: datetime.date) -> Self:
        year, week, _weekday = day.isocalendar()
        return self.filter(iso_year=year, iso_week=week)


def officer_visits(user: User) -> models.QuerySet:
    return Visit.officers.through.objects.filter(user=user).values("visit")


class Visit(SealedColumns):
    """走访记录 (domain 2.2). It counts once it is submitted; after its month is closed an edit needs a reason."""

    SEALED = ("contact_phone",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Made on the phone before the first sending: the same visit sent again is the same visit.
    client_id = models.UUIDField(null=True, editable=False)
    # PROTECT throughout: a visit is history. No index of its own where one below begins with the column.
    district = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="+", db_index=False
    )
    number = models.CharField(_("编号"), max_length=20)
    visited_on = models.DateField(_("走访日期"))
    started_at = models.TimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.TimeField(_("结束时间"), null=True, blank=True)
    iso_year = models.PositiveSmallIntegerField(editable=False)
    iso_week = models.PositiveSmallIntegerField(editable=False)
    mode = models.CharField(_("走访方式"), max_length=10, choices=VisitMode, default=VisitMode.SITE)
    officer = models.ForeignKey(User, models.PROTECT, verbose_name=_("驻联干部"), related_name="+", db_index=False)
    officers = models.ManyToManyField(User, verbose_name=_("全部走访人"), related_name="visits")
    companions = models.CharField(_("陪同人员"), max_length=200, blank=True)
    town = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("镇街"), related_name="+", db_index=False)
    target_type = models.CharField(_("走访对象"), max_length=12, choices=TargetType, default=TargetType.ENTERPRISE)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("企业"), null=True, blank=True, related_name="visits", db_index=False
    )
    target_name = models.CharField(_("对象名称"), max_length=100, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_role = models.CharField(_("联系人职务"), max_length=50, blank=True)
    contact_phone_sealed = models.BinaryField(null=True, editable=False)
    contact_phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    contact_phone_masked = models.CharField(_("联系电话"), max_length=30, blank=True, editable=False, default="")
    staff_count = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    interviewee_count = models.PositiveSmallIntegerField(_("访谈人数"), null=True, blank=True)
    is_key_enterprise = models.BooleanField(_("重点企业"), default=False)
    # By heading: its grade (good, attention, problem) and a note.
    checklist = models.JSONField(_("五看"), default=dict, blank=True)
    policies = ArrayField(
        models.CharField(max_length=20, choices=Policy), verbose_name=_("宣传的政策"), default=list, blank=True
    )
    summary = models.TextField(_("小结"), max_length=5000, blank=True)
    next_plan = models.CharField(_("下次打算"), max_length=200, blank=True)
    place = models.CharField(_("走访地点"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=VisitState, default=VisitState.SUBMITTED)
    late = models.BooleanField(_("补录"), default=False)
    issue_count = models.PositiveSmallIntegerField(_("问题数"), default=0)
    submitted_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    submitted_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("提交人"), related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    ledger_import = models.ForeignKey(
        "visits.LedgerImport", models.PROTECT, null=True, blank=True, editable=False, related_name="visits"
    )
    # What the ledger's row said, hashed: the same row of any file is imported once.
    ledger_row = models.CharField(max_length=64, null=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访")
        ordering = ["-visited_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="visit_unique_number"),
            models.UniqueConstraint(fields=["submitted_by", "client_id"], name="visit_once_per_client"),
            models.UniqueConstraint(fields=["district", "ledger_row"], name="visit_once_per_ledger_row"),
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False) | ~Q(target_name=""),
                name="visit_has_target",
                violation_error_message=_("请写明走访的是哪家。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="visit_times_in_order",
                violation_error_message=_("结束时间不能早于开始时间。"),
            ),
        ]
        indexes = [
            # Read by the visit list, newest first, and by the rollups, which then need no row of the table.
            models.Index(
                fields=["district", "-visited_on", "-id"],
                name="visit_list",
                include=["enterprise", "is_key_enterprise", "state"],
            ),
            models.Index(
                fields=["town", "-visited_on", "-id"],
                name="visit_by_town",
                include=["enterprise", "is_key_enterprise", "state"],
            ),
            # Read by «who has not been visited for long» and the enterprise page.
            models.Index(fields=["enterprise", "-visited_on"], name="visit_by_enterprise"),
            # Read by the inbox: what was sent back to me.
            models.Index(fields=["officer"], name="visit_returned", condition=Q(state=VisitState.RETURNED)),
            # Read by «my week».
            models.Index(fields=["officer", "iso_year", "iso_week"], name="visit_by_officer_week"),
        ]
        # Locking a month changes the state of all its visits and no figure.
        triggers = marks_dirty(
            ["visited_on", "enterprise_id", "is_key_enterprise", f"state = '{VisitState.RETURNED}' AS is_returned"],
            days=["r.visited_on"],
        )

    def __str__(self) -> str:
        return self.number

    @property
    def target(self) -> str:
        return self.target_name or (self.enterprise.name if self.enterprise else "")

    @property
    def title(self) -> str:
        """What a line under the bell calls it."""
        return self.target

    def set_week(self) -> None:
        self.iso_year, self.iso_week, _weekday = self.visited_on.isocalendar()


class VisitVersion(models.Model):
    """What a visit said before an edit."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    fields = models.JSONField()
    reason = models.CharField(_("更正理由"), max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("走访旧版本")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["visit", "version"], name="visit_version_once")]


class VisitPlan(models.Model):
    """One enterprise that a cadre means to visit in a week."""

    # PROTECT: who planned it stays known.
    user = models.ForeignKey(User, models.PROTECT, related_name="visit_plans")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    iso_year = models.PositiveSmallIntegerField()
    iso_week = models.PositiveSmallIntegerField()
    planned_on = models.DateField(_("打算哪天去"), null=True, blank=True)
    # SET_NULL: the plan stays open when an import that filled it is undone.
    visit = models.ForeignKey(Visit, models.SET_NULL, null=True, blank=True, related_name="plans")

    class Meta:
        verbose_name = _("走访计划")
        ordering = ["planned_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "enterprise", "iso_year", "iso_week"], name="visit_plan_once")
        ]
