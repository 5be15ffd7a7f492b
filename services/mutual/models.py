from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, Seen, User
from unionops.org.models.sealed_columns import SealedColumns

from ..models import Programme
from .enums import TRANSITIONS, PlanState


class Plan(Seen, models.Model):
    """互助计划 of one year. Once units join it, its terms stay as they are."""

    TRANSITIONS = TRANSITIONS
    SEEN = (
        "year", "name", "starts_on", "ends_on", "enrol_until", "fee", "fee_own", "waiting_days", "claim_days", "deductible", "share",
        "illness_amount", "death_amount", "year_ceiling",
    )  # fmt: skip

    # PROTECT throughout: enrolments and claims stand on it.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("名称"), max_length=60)
    state = models.CharField(_("状态"), max_length=8, choices=PlanState, default=PlanState.DRAFT)
    starts_on = models.DateField(_("保障起"))
    ends_on = models.DateField(_("保障止"))
    enrol_until = models.DateField(_("参保截止"))
    # One unit each; 80 + 20 in the scheme of 2018.
    fee = models.DecimalField(_("每人互助金（元）"), max_digits=8, decimal_places=2)
    fee_own = models.DecimalField(_("其中个人出（元）"), max_digits=8, decimal_places=2, default=0)
    waiting_days = models.PositiveSmallIntegerField(_("等待期（天）"), default=0)
    claim_days = models.PositiveSmallIntegerField(_("出院后多少天内申请"), default=180)
    deductible = models.DecimalField(_("住院起付线（元）"), max_digits=10, decimal_places=2, default=0)
    share = models.PositiveSmallIntegerField(_("自付部分补助比例（%）"), default=50)
    illness_amount = models.DecimalField(_("重大疾病定额（元）"), max_digits=10, decimal_places=2, default=0)
    death_amount = models.DecimalField(_("身故慰问（元）"), max_digits=10, decimal_places=2, default=0)
    year_ceiling = models.DecimalField(_("每人一年最多（元）"), max_digits=10, decimal_places=2)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("互助计划")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year"], name="mutual_plan_once_a_year", violation_error_message=_("这一年已有互助计划。")
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")) & Q(enrol_until__lte=F("ends_on")), name="mutual_plan_days_in_order",
                violation_error_message=_("日期先后不对。"),
            ),
            models.CheckConstraint(condition=Q(share__lte=100) & Q(fee_own__lte=F("fee")), name="mutual_plan_shares"),
        ]  # fmt: skip
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'draft'")

    def __str__(self) -> str:
        return self.name

    @property
    def covers_from(self) -> datetime.date:
        return self.starts_on + datetime.timedelta(days=self.waiting_days)


class UnitQuerySet(models.QuerySet["UnitEnrolment"]):
    def visible_to(self, user: User) -> Self:
        """The department in charge, the town of the unit, and who sees the whole district."""
        scope = user.scope
        seen = (
            Q(plan__programme__organisation__in=scope.departments)
            | Q(town__in=scope.towns)
            | Q(district__in=scope.districts)
        )
        return self.filter(seen, district__in=scope.member_of)


class UnitEnrolment(models.Model):
    """单位参保: a unit with its list; it is covered once the money has come. Nobody joins or leaves within the period."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: what was paid for is kept.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="units")
    unit = models.CharField(_("单位"), max_length=100)
    # The first day of the plan: figures count a unit in the year that it is covered.
    covered_from = models.DateField(_("保障起"))
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    # Members of its union, for the rate of participation.
    members = models.PositiveIntegerField(_("会员数"), default=0)
    # As many as are on the list; of years before there were lists, as many as were reported.
    people = models.PositiveIntegerField(_("参保人数"))
    fee = models.DecimalField(_("互助金（元）"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("到账日期"), null=True, blank=True)
    voucher = models.CharField(_("凭证号"), max_length=40, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位参保")
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "unit"], name="mutual_unit_once", violation_error_message=_("这个单位已经参保。")
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None, confirmed_by=None)
                | (Q(paid_on__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("entered_by"))),
                name="mutual_unit_paid_by_another",
                violation_error_message=_("登记名单和登记到账不能是同一个人。"),
            ),
        ]

    def __str__(self) -> str:
        return self.unit


class Participant(SealedColumns):
    """参保人: one person, one unit of the plan; a change of employer takes nothing away."""

    SEALED = ("identity",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # CASCADE: the list of a unit that has not paid is replaced as a whole.
    unit = models.ForeignKey(UnitEnrolment, models.CASCADE, related_name="participants")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=50)
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, editable=False)
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")

    class Meta:
        verbose_name = _("参保人")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "identity_hash"], name="mutual_participant_once")]

    def __str__(self) -> str:
        return self.name
