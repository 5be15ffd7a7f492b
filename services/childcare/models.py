from __future__ import annotations

import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, Seen, User
from unionops.org.models.sealed_columns import SealedColumns

from ..activities.models import Activity, Enrolment
from .enums import DAY, GRADES, GRANT, DayState, Duty, GrantState, Kin, NoteKind, Sex, Way

ONE_YEAR = 365


class ClassFile(Seen, models.Model):
    """托管班档案: what a care class has beside an activity."""

    SEEN = (
        "season", "hours_from", "hours_to", "late_after", "grade_from", "grade_to", "age_from", "age_to", "least", "is_new",
        "takes_temperature",
    )  # fmt: skip

    # PROTECT throughout this module: children were there.
    activity = models.OneToOneField(Activity, models.PROTECT, related_name="class_file")
    # One child, one class a season.
    season = models.CharField(_("季次"), max_length=20)
    hours_from = models.TimeField(_("每天开始"), default=datetime.time(8, 30))
    hours_to = models.TimeField(_("每天结束"), default=datetime.time(18, 0))
    late_after = models.PositiveSmallIntegerField(_("超时未接（分钟）"), default=15)
    grade_from = models.PositiveSmallIntegerField(_("最低年级"), choices=GRADES, default=1)
    grade_to = models.PositiveSmallIntegerField(_("最高年级"), choices=GRADES, default=6)
    age_from = models.PositiveSmallIntegerField(_("最小年龄"), default=6)
    age_to = models.PositiveSmallIntegerField(_("最大年龄"), default=12)
    least = models.PositiveSmallIntegerField(_("最少人数"), default=10)
    # Where the rules of the place ask for it, nobody is signed in without it.
    takes_temperature = models.BooleanField(_("签到量体温"), default=False)
    # Its union has not had a class before: another column of the table of subsidies.
    is_new = models.BooleanField(_("新办"), default=False)
    insurance_number = models.CharField(_("保单号"), max_length=40, blank=True)
    insured_until = models.DateField(_("保险到期"), null=True, blank=True)
    # {area: what was seen}; accepted when all eight are there.
    acceptance = models.JSONField(default=dict, blank=True)
    accepted_on = models.DateField(_("验收日期"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The arithmetic as it was when the subsidy was applied for: later parameters change nothing.
    subsidy = models.JSONField(default=dict, blank=True)
    late_told_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("托管班")
        constraints = [
            models.CheckConstraint(condition=Q(hours_to__gt=F("hours_from")), name="class_hours_in_order"),
            models.CheckConstraint(condition=Q(grade_to__gte=F("grade_from")), name="class_grades_in_order"),
            models.CheckConstraint(condition=Q(age_to__gte=F("age_from")), name="class_ages_in_order"),
            models.CheckConstraint(
                condition=Q(accepted_on=None, accepted_by=None)
                | Q(accepted_on__isnull=False, accepted_by__isnull=False),
                name="class_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.activity)

    @property
    def district_id(self) -> int:
        return int(self.activity.district_id)


class Carer(models.Model):
    """班里的人: nobody works with children before the check, and the check is made anew every year
    (未成年人保护法 62)."""

    class_file = models.ForeignKey(ClassFile, models.PROTECT, related_name="carers")
    name = models.CharField(_("姓名"), max_length=50)
    duty = models.CharField(_("职责"), max_length=10, choices=Duty)
    checked_on = models.DateField(_("违法犯罪记录查询日期"), null=True, blank=True)
    check_number = models.CharField(_("查询编号"), max_length=40, blank=True)
    left_on = models.DateField(_("离开日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("托管人员")
        ordering = ["duty", "pk"]

    def is_checked(self, day: datetime.date) -> bool:
        return self.checked_on is not None and self.checked_on <= day <= self.checked_until

    @property
    def checked_until(self) -> datetime.date:
        assert self.checked_on is not None
        return self.checked_on + datetime.timedelta(days=ONE_YEAR)


class Child(Seen, SealedColumns):
    """孩子: everything about a child that the list of an activity does not know."""

    SEALED = ("identity", "health")
    SEEN = ("may_leave_alone",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="child")
    class_file = models.ForeignKey(ClassFile, models.PROTECT, related_name="children")
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    season = models.CharField(_("季次"), max_length=20)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    birth_on = models.DateField(_("出生日期"))
    grade = models.PositiveSmallIntegerField(_("年级"), choices=GRADES)
    school = models.CharField(_("学校"), max_length=60, blank=True)
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, editable=False)
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")
    health_sealed = models.BinaryField(null=True, editable=False)
    health_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    health_masked = models.CharField(_("过敏和健康"), max_length=20, blank=True, editable=False, default="")
    may_leave_alone = models.BooleanField(_("可以自己离开"), default=False)
    consent_version = models.CharField(_("同意的规则版本"), max_length=20)
    consent_at = models.DateTimeField(_("同意时间"))
    consent_way = models.CharField(_("同意方式"), max_length=8, choices=Way)
    consent_withdrawn_at = models.DateTimeField(_("撤回同意时间"), null=True, blank=True)
    agreement_on = models.DateField(_("协议日期"), null=True, blank=True)
    # Attended days of those on which the class met, when it is over; too few are remembered next season.
    days_there = models.PositiveSmallIntegerField(_("出勤天数"), null=True, blank=True)
    days_held = models.PositiveSmallIntegerField(_("开班天数"), null=True, blank=True)
    is_flagged = models.BooleanField(_("出勤不足"), default=False)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("托管儿童")
        ordering = ["enrolment__serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "season", "identity_hash"], condition=Q(released_at=None), name="child_once_a_season",
                violation_error_message=_("这个孩子本季已经报了班。"),
            ),
            models.CheckConstraint(condition=~Q(consent_version=""), name="child_with_consent"),
        ]  # fmt: skip


class Adult(SealedColumns):
    """Somebody grown-up around a child, known by name and telephone, both sealed."""

    SEALED: tuple[str, ...] = ("name", "phone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name_sealed = models.BinaryField(null=True, editable=False)
    name_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    name_masked = models.CharField(_("姓名"), max_length=50, blank=True, editable=False, default="")
    kin = models.CharField(_("关系"), max_length=12, choices=Kin)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")

    class Meta:
        abstract = True


class Guardian(Adult):
    """监护人: who has agreed, and who is called."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="guardians")
    # Signed the consent.
    is_main = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("监护人")
        ordering = ["-is_main", "pk"]


class Contact(Seen, Adult):
    """紧急联系人: who is called when no guardian answers. It neither agrees to anything nor takes the child home."""

    SEEN = ("name_hash", "kin", "phone_hash")

    child = models.OneToOneField(Child, models.PROTECT, related_name="contact")

    class Meta:
        verbose_name = _("紧急联系人")


class PickUp(Adult):
    """接送人: whoever may take the child away, and nobody else."""

    SEALED = (*Adult.SEALED, "card")

    child = models.ForeignKey(Child, models.PROTECT, related_name="pick_ups")
    # The last four of the identity card, to compare at the door.
    card_sealed = models.BinaryField(null=True, editable=False)
    card_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    card_masked = models.CharField(_("身份证后四位"), max_length=4, blank=True, editable=False, default="")
    removed_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("接送人")
        ordering = ["pk"]


class ChildDayQuerySet(models.QuerySet["ChildDay"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(child__class_file__activity__in=Activity.objects.visible_to(user))


class ChildDay(SealedColumns):
    """一天: who brought a child, and with whom it left. The database itself lets nobody go with a stranger.

    On a day on which the class meets every child of it has a row: these are the planned days of the attendance rate.
    """

    TRANSITIONS = DAY
    SEALED = ("temperature",)

    child = models.ForeignKey(Child, models.PROTECT, related_name="days")
    day = models.DateField(_("日期"))
    state = models.CharField(_("状态"), max_length=10, choices=DayState, default=DayState.EXPECTED)
    arrived_at = models.DateTimeField(_("到班时间"), null=True, blank=True)
    brought_by = models.ForeignKey(PickUp, models.PROTECT, null=True, blank=True, related_name="+")
    came_alone = models.BooleanField(_("自己来的"), default=False)
    # A child's health: of the figure only that it was in order is shown.
    temperature_sealed = models.BinaryField(null=True, editable=False)
    temperature_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    temperature_masked = models.CharField(_("体温"), max_length=10, blank=True, editable=False, default="")
    left_at = models.DateTimeField(_("离开时间"), null=True, blank=True)
    left_with = models.ForeignKey(PickUp, models.PROTECT, null=True, blank=True, related_name="+")
    left_alone = models.BooleanField(_("自己离开"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = ChildDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("托管出勤")
        constraints = [
            models.CheckConstraint(condition=Q(brought_by=None) | Q(came_alone=False), name="child_day_came_one_way"),
            models.UniqueConstraint(fields=["child", "day"], name="child_day_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[DayState.PICKED_UP, DayState.OUT])
                | Q(left_with__isnull=False)
                | Q(left_alone=True),
                name="child_day_left_with_somebody",
            ),
        ]
        # Read by the page of the day and by the alarm.
        indexes = [models.Index(fields=["day", "state"], name="child_day_by_day")]
        triggers = [
            *database_guard(DAY, born="NEW.state = 'expected'"),
            pgtrigger.Trigger(
                name="nobody_leaves_with_a_stranger",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__state__in=["picked_up", "out"]),
                func="""
                IF NEW.left_with_id IS NOT DISTINCT FROM OLD.left_with_id AND NEW.state = OLD.state
                   AND NEW.left_alone = OLD.left_alone THEN
                    RETURN NEW;
                END IF;
                IF NEW.left_with_id IS NOT NULL THEN
                    PERFORM 1 FROM childcare_pickup
                    WHERE id = NEW.left_with_id AND child_id = NEW.child_id AND removed_at IS NULL;
                ELSE
                    PERFORM 1 FROM childcare_child WHERE id = NEW.child_id AND may_leave_alone AND NEW.left_alone;
                END IF;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'nobody on the list takes this child away' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]


class CareNote(SealedColumns):
    """班里的记录: an incident, medicine given, somebody turned away. What was written is sealed."""

    SEALED = ("words",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    class_file = models.ForeignKey(ClassFile, models.PROTECT, related_name="notes")
    child = models.ForeignKey(Child, models.PROTECT, null=True, blank=True, related_name="notes")
    kind = models.CharField(_("类别"), max_length=12, choices=NoteKind)
    words_sealed = models.BinaryField(null=True, editable=False)
    words_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    words_masked = models.CharField(_("内容"), max_length=10, blank=True, editable=False, default="")
    # Medicine is given only when a guardian has said so.
    authorised_by = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("托管记录")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=NoteKind.MEDICINE) | Q(authorised_by__isnull=False, child__isnull=False),
                name="medicine_only_when_authorised",
                violation_error_message=_("没有监护人授权，不能用药。"),
            )
        ]


class SafetyCheck(models.Model):
    """安全检查: what was in order on a day."""

    class_file = models.ForeignKey(ClassFile, models.PROTECT, related_name="safety_checks")
    on = models.DateField(_("日期"), default=timezone.localdate)
    # The items that were in order; what is missing was not.
    good = models.JSONField(default=list, blank=True)
    note = models.CharField(_("问题和整改"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("托管安全检查")
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["class_file", "on"], name="safety_check_once_a_day")]


class GrantQuerySet(models.QuerySet["AccessGrant"]):
    def valid(self, user: User, day: datetime.date) -> Self:
        return self.filter(asked_by=user, state=GrantState.GRANTED, until__gte=day)


class AccessGrant(models.Model):
    """查看授权: who may see the children of a class by name, why, until when, and who said so."""

    TRANSITIONS = GRANT

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    class_file = models.ForeignKey(ClassFile, models.PROTECT, related_name="grants")
    state = models.CharField(_("状态"), max_length=8, choices=GrantState, default=GrantState.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("申请人"), related_name="+")
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    reason = models.CharField(pgettext_lazy("查看授权", "理由"), max_length=200)
    until = models.DateField(_("到期"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("批准人"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("查看授权")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["class_file", "asked_by"], condition=Q(state__in=["asked", "granted"]), name="grant_one_open",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="grant_by_another_person",
                violation_error_message=_("不能自己批自己。"),
            ),
            models.CheckConstraint(
                condition=Q(state=GrantState.ASKED, decided_by=None) | ~Q(state=GrantState.ASKED) & Q(decided_by__isnull=False),
                name="grant_decided_by_somebody",
            ),
        ]  # fmt: skip
        triggers = database_guard(GRANT, born="NEW.state = 'asked'")
