"""Households in hardship: the file, who lives there, what comes in and must go out, how it was judged, reviews, campaigns."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User
from unionops.org.models.sealed_columns import SealedColumns

from ..claims.enums import PayWay
from ..claims.models import Claim
from ..models import BudgetLine, Parameter, Programme
from .enums import (
    END_STATES,
    TRANSITIONS,
    Category,
    Cause,
    Exclusion,
    ExitReason,
    FileState,
    Found,
    Health,
    ItemKind,
    Outcome,
    Season,
)

OF_AGE = 18


class FileQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Who sees the claim that it began with: the department, the town, leaders and clerks, whoever registered it."""
        scope = user.scope
        seen = (
            Q(district__in=scope.districts)
            | Q(organisation__in=scope.departments)
            | Q(town__in=scope.towns)
            | Q(claim__registered_by=user)
        )
        return self.filter(seen, district__in=scope.member_of)


class HouseholdFile(Case):
    """困难职工档案: one household, one file. It begins with a claim of the programme «hardship» and outlives it."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES

    state = models.CharField(_("状态"), max_length=10, choices=FileState, default=FileState.APPLYING)
    # PROTECT throughout: files are kept for ten years after the exit.
    claim = models.OneToOneField(Claim, models.PROTECT, verbose_name=_("建档申请"), related_name="household")
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("主办科室"), related_name="+")
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    applicant_name = models.CharField(_("户主"), max_length=100)
    # The applicant's number again, so that two files of one person are found by one look.
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    category = models.CharField(_("困难类别"), max_length=12, choices=Category, blank=True)
    main_cause = models.CharField(_("主要致困原因"), max_length=12, choices=Cause, blank=True)
    other_causes = ArrayField(
        models.CharField(max_length=12, choices=Cause), verbose_name=_("其他致困原因"), default=list, blank=True
    )
    exclusions = ArrayField(
        models.CharField(max_length=12, choices=Exclusion), verbose_name=_("排除情形"), default=list, blank=True
    )
    housing = models.CharField(_("住房"), max_length=60, blank=True)
    accident_cost = models.DecimalField(_("突发事件自担支出（元）"), max_digits=14, decimal_places=2, default=0)
    # 家庭经济状况核对授权委托书 signed by the applicant; each adult of the household signs for themselves.
    authorised_on = models.DateField(_("授权核对经济状况的日期"), null=True, blank=True)
    # File number of 全国工会帮扶工作管理系统.
    national_number = models.CharField(_("全国帮扶系统编号"), max_length=40, blank=True)
    opened_on = models.DateField(_("建档日期"), null=True, blank=True)
    exited_on = models.DateField(_("退档日期"), null=True, blank=True)
    exit_reason = models.CharField(_("退档原因"), max_length=12, choices=ExitReason, blank=True)
    told_on = models.DateField(_("告知本人日期"), null=True, blank=True)
    keep_until = models.DateField(_("保存到"), null=True, blank=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("困难职工档案")
        ordering = ["-registered_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="household_file_unique_number"),
            models.UniqueConstraint(
                fields=["district", "identity_hash"],
                condition=Q(state__in=[FileState.APPLYING, FileState.ACTIVE]) & ~Q(identity_hash=""),
                name="household_file_one_a_person",
                violation_error_message=_("这个人已经有档案。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=FileState.ACTIVE) | (Q(opened_on__isnull=False) & ~Q(category__in=["", Category.NONE])),
                name="household_file_active_has_category",
            ),
            models.CheckConstraint(
                condition=Q(state=FileState.EXITED, exited_on__isnull=False, keep_until__isnull=False)
                | (~Q(state=FileState.EXITED) & Q(exited_on=None, exit_reason="")),
                name="household_file_exit_whole",
            ),
        ]  # fmt: skip
        # Read by the list of files.
        indexes = [models.Index(fields=["district", "-registered_at", "-id"], name="household_file_list")]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'applying'")

    if TYPE_CHECKING:
        organisation_id: int
        town_id: int | None
        claim_id: object


class Member(SealedColumns):
    """Somebody of the household beside the applicant."""

    SEALED = ("identity",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # CASCADE throughout: parts of the file.
    file = models.ForeignKey(HouseholdFile, models.CASCADE, related_name="members")
    name = models.CharField(_("姓名"), max_length=50)
    relation = models.CharField(_("与户主关系"), max_length=20)
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    health = models.CharField(_("健康状况"), max_length=10, choices=Health, default=Health.HEALTHY)
    unit = models.CharField(_("单位或学校"), max_length=60, blank=True)
    has_authorised = models.BooleanField(_("已签授权"), default=False)

    class Meta:
        verbose_name = _("家庭成员")
        ordering = ["pk"]
        indexes = [
            # Finds the other file of a household, across streets.
            models.Index(fields=["identity_hash"], condition=~Q(identity_hash=""), name="member_by_identity")
        ]

    def __str__(self) -> str:
        return self.name

    def is_minor(self, day: datetime.date | None = None) -> bool:
        day = day or timezone.localdate()
        if self.born_on is None:
            return False
        return (day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))) < OF_AGE


class Item(models.Model):
    """Income or rigid expenditure of a year, with what proves it."""

    file = models.ForeignKey(HouseholdFile, models.CASCADE, related_name="items")
    kind = models.CharField(_("项目"), max_length=12, choices=ItemKind)
    whose = models.CharField(_("谁的"), max_length=50, blank=True)
    amount = models.DecimalField(_("一年（元）"), max_digits=14, decimal_places=2)
    evidence = models.CharField(_("依据"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("收支")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="household_item_not_negative")]


class Assessment(models.Model):
    """How a household was judged on a day. The row of the standard stays with it: a later standard changes nothing here."""

    file = models.ForeignKey(HouseholdFile, models.CASCADE, related_name="assessments")
    on = models.DateField(_("日期"))
    income = models.DecimalField(_("全年收入（元）"), max_digits=14, decimal_places=2)
    rigid = models.DecimalField(_("刚性支出（元）"), max_digits=14, decimal_places=2)
    people = models.PositiveSmallIntegerField(_("人口"))
    # PROTECT: proves the category.
    standard = models.ForeignKey(Parameter, models.PROTECT, verbose_name=_("低保标准"), related_name="+")
    per_head = models.DecimalField(_("月人均（元）"), max_digits=14, decimal_places=2)
    category = models.CharField(_("困难类别"), max_length=12, choices=Category)
    lines = models.JSONField(_("算式"), default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("测算")
        ordering = ["-at", "-pk"]


class Review(models.Model):
    """年度复核: the file is judged anew at least once a year."""

    file = models.ForeignKey(HouseholdFile, models.CASCADE, related_name="reviews")
    on = models.DateField(_("复核日期"))
    before = models.CharField(_("原类别"), max_length=12, choices=Category)
    after = models.CharField(_("现类别"), max_length=12, choices=Category)
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+")
    visitors = ArrayField(models.CharField(max_length=50), verbose_name=_("入户人员"))
    note = models.TextField(_("变化情况"), max_length=2000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("年度复核")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(visitors__len__gte=2), name="household_review_by_two")]


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: User) -> Self:
        """Everybody who has work in it: the department, the towns and leaders of the district."""
        scope = user.scope
        seen = (
            Q(organisation__in=scope.departments)
            | Q(district__in=scope.districts)
            | Q(items__claim__town__in=scope.towns)
        )
        return self.filter(seen, district__in=scope.member_of).distinct()


class Campaign(models.Model):
    """送温暖 and its like: a list of households, each of them a claim of the programme «relief»."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    number = models.CharField(_("编号"), max_length=20)
    name = models.CharField(_("名称"), max_length=60)
    season = models.CharField(_("类别"), max_length=10, choices=Season)
    year = models.PositiveSmallIntegerField(_("年度"))
    way = models.CharField(_("发放方式"), max_length=8, choices=PayWay, default=PayWay.BANK)
    amount = models.DecimalField(_("每户金额（元）"), max_digits=14, decimal_places=2)
    goods = models.CharField(_("物资"), max_length=100, blank=True)
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, verbose_name=_("预算科目"), related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("帮扶活动")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["district", "number"], name="campaign_unique_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="campaign_gives_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class CampaignItem(models.Model):
    """One household on the list of a campaign."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="items")
    # Null only where somebody without a file is helped at once (season «temporary»).
    file = models.ForeignKey(HouseholdFile, models.PROTECT, null=True, related_name="relief")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="campaign_item")

    class Meta:
        verbose_name = _("帮扶名单")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "file"], condition=Q(file__isnull=False), name="campaign_once_a_file",
                violation_error_message=_("这一户已经在名单里。"),
            )
        ]  # fmt: skip


class Draw(models.Model):
    """抽查: so many of the active files of a year, drawn by a seed that is kept: whoever doubts it draws again (domain 4.1)."""

    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    share = models.PositiveSmallIntegerField(_("比例（%）"))
    # Of how many, and by which seed: the files with the smallest hash of seed and number were drawn.
    population = models.PositiveIntegerField(_("在档户数"))
    seed = models.CharField(max_length=64, editable=False)
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(_("抽取时间"), default=timezone.now)

    class Meta:
        verbose_name = _("抽查")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "year"], name="spot_draw_once_a_year", violation_error_message=_("今年已经抽过。")
            ),
            models.CheckConstraint(condition=Q(share__gte=30, share__lte=100), name="spot_draw_at_least_thirty"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class SpotCheck(models.Model):
    """One file that was drawn, and what two people found at its home."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="checks")
    file = models.ForeignKey(HouseholdFile, models.PROTECT, related_name="spot_checks")
    result = models.CharField(_("结果"), max_length=10, choices=Found, blank=True)
    visitors = ArrayField(models.CharField(max_length=50), verbose_name=_("入户人员"), default=list, blank=True)
    note = models.TextField(_("看到的情况"), max_length=2000, blank=True)
    done_on = models.DateField(_("抽查日期"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("抽查档案")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "file"], name="spot_check_once"),
            models.CheckConstraint(
                condition=Q(result="", done_on=None, done_by=None)
                | (~Q(result="") & Q(done_on__isnull=False, done_by__isnull=False, visitors__len__gte=2)),
                name="spot_check_whole_and_by_two",
                violation_error_message=_("入户要有两个人。"),
            ),
        ]
