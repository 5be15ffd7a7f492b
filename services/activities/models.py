from __future__ import annotations

import hashlib
import secrets
import uuid
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, Seen, User
from unionops.org.models.sealed_columns import SealedColumns

from ..models import BudgetLine, ServiceCase
from .enums import (
    END_STATES,
    ENROLMENT,
    LIVE,
    TRANSITIONS,
    ActivityState,
    Door,
    EnrolmentState,
    ExpenseKind,
    Grade,
    Presence,
)  # fmt: skip


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class Team(Seen, models.Model):
    """服务队: a team of craftsmen or volunteers that owes so many events a year (domain C29)."""

    SEEN = ("name", "trade", "leader", "liaison", "members", "quota")

    # PROTECT throughout: activities point at it.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("队名"), max_length=60)
    trade = models.CharField(_("工种"), max_length=20, blank=True)
    leader = models.CharField(_("队长"), max_length=50)
    liaison = models.CharField(_("联络员"), max_length=100, blank=True)
    members = ArrayField(models.CharField(max_length=50), verbose_name=_("队员"), default=list, blank=True)
    # Ten events a year (seed 1).
    quota = models.PositiveSmallIntegerField(_("每年场次"), default=10)
    ended_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("服务队")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"], name="team_unique_name", violation_error_message=_("已有同名的服务队。")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Activity(ServiceCase):
    """活动: something held once or in sessions, with so many places."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    FIRST_STATE = ActivityState.PLANNED

    state = models.CharField(_("状态"), max_length=12, choices=ActivityState, default=ActivityState.PLANNED)
    starts_on = models.DateField(_("开始日期"), null=True, blank=True)
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    venue = models.CharField(_("地点"), max_length=120, blank=True)
    target = models.CharField(_("面向"), max_length=120, blank=True)
    # 0: nobody enrols, or everybody gets in.
    capacity = models.PositiveIntegerField(_("名额"), default=0)
    enrol_until = models.DateField(_("报名截止"), null=True, blank=True)
    # Who is asked to come in first; an enrolment names the group that it belongs to.
    priority_groups = ArrayField(models.CharField(max_length=40), verbose_name=_("优先对象"), default=list, blank=True)
    # Each enrolment is looked at before it counts.
    is_checked = models.BooleanField(_("报名要审核"), default=False)
    # Places are drawn by lot: the hash of the seed is shown from the beginning, the seed with the result.
    is_drawn = models.BooleanField(_("抽签录取"), default=False)
    seed = models.CharField(max_length=64, default=new_secret, editable=False)
    drawn_at = models.DateTimeField(_("抽签时间"), null=True, blank=True)
    budget = models.DecimalField(_("预算（元）"), max_digits=12, decimal_places=2, default=0)
    spent = models.DecimalField(_("结算金额（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    # PROTECT throughout: expenses, quotas and series are counted by them.
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, verbose_name=_("预算科目"), null=True, blank=True, related_name="activities"
    )
    team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("服务队"), null=True, blank=True, related_name="activities"
    )
    # The first of a series, and how many came after it.
    series = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="followers")
    turn = models.PositiveSmallIntegerField(_("第几期"), default=1, editable=False)

    class Meta(ServiceCase.Meta):
        verbose_name = _("活动")
        constraints = [
            *ServiceCase.Meta.constraints,
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="activity_days_in_order",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.UniqueConstraint(fields=["series", "turn"], name="activity_turn_once"),
        ]
        # Read by the progress of a team.
        indexes = [*ServiceCase.Meta.indexes, models.Index(fields=["team", "starts_on"], name="activity_by_team")]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'planned' OR NEW.ledger_import_id IS NOT NULL")

    @property
    def commitment(self) -> str:
        """What is shown before the draw: whoever kept it can check the seed afterwards."""
        return hashlib.sha256(self.seed.encode()).hexdigest()

    def lot(self, serial: int) -> str:
        """The lot of an enrolment; the smallest ones get in."""
        return hashlib.sha256(f"{self.seed}:{serial}".encode()).hexdigest()


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(activity__in=Activity.objects.visible_to(user))

    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def queue(self) -> Self:
        """The waiting list in its order: those asked to come in first, then by when they came."""
        return self.filter(state=EnrolmentState.WAITING).order_by("-is_priority", "lot", "serial")


class Enrolment(SealedColumns):
    """报名: one person in one activity."""

    TRANSITIONS = ENROLMENT
    SEALED = ("identity", "phone")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT: who was there is part of the file.
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="enrolments")
    # 1, 2, 3 … in the order in which they came; taken under the lock of the activity.
    serial = models.PositiveIntegerField(_("序号"))
    state = models.CharField(_("状态"), max_length=12, choices=EnrolmentState)
    name = models.CharField(_("姓名"), max_length=50)
    # Hidden on lists for whoever has no right to it: children.
    is_hidden = models.BooleanField(default=False, editable=False)
    unit = models.CharField(_("单位"), max_length=100, blank=True)
    group = models.CharField(_("优先对象"), max_length=40, blank=True)
    is_priority = models.BooleanField(default=False, editable=False)
    lot = models.CharField(max_length=64, blank=True, editable=False, default="")
    identity_sealed = models.BinaryField(null=True, editable=False)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    identity_masked = models.CharField(_("身份证号"), max_length=20, blank=True, editable=False, default="")
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    # The hash that makes somebody one person here: of the identity number, else of the telephone.
    person_key = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    has_rated = models.BooleanField(default=False, editable=False)
    enrolled_at = models.DateTimeField(_("报名时间"), default=timezone.now)
    moved_at = models.DateTimeField(_("递补时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("登记人"), related_name="+")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("活动", "报名")
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "serial"], name="enrolment_serial_once"),
            models.UniqueConstraint(
                fields=["activity", "person_key"], condition=Q(state__in=sorted(LIVE)), name="enrolment_one_a_person",
                violation_error_message=_("这个人已经报过名。"),
            ),
        ]  # fmt: skip
        # Read by the list of an activity, and by check-in by telephone.
        indexes = [models.Index(fields=["activity", "state", "serial"], name="enrolment_by_state")]
        triggers = database_guard(ENROLMENT, born="NEW.state IN ('applied', 'qualified', 'confirmed', 'waiting')")

    if TYPE_CHECKING:
        activity_id: uuid.UUID

        def get_state_display(self) -> str: ...

    def __str__(self) -> str:
        return f"{self.activity_id} {self.serial}"

    @property
    def district_id(self) -> int:
        return int(self.activity.district_id)


class ActivitySession(models.Model):
    """场次: when and where people meet once."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="sessions")  # PROTECT: attendance hangs on it.
    held_on = models.DateField(_("日期"))
    starts_at = models.TimeField(_("开始"))
    ends_at = models.TimeField(_("结束"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    topic = models.CharField(_("内容"), max_length=120, blank=True)
    # Where nobody enrols: how many came.
    head_count = models.PositiveIntegerField(_("到场人数"), default=0)
    # Stands in the QR code.
    key = models.CharField(max_length=40, unique=True, default=new_secret, editable=False)

    class Meta:
        verbose_name = _("场次")
        ordering = ["held_on", "starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_times_in_order",
                violation_error_message=_("结束时间要晚于开始时间。"),
            )
        ]

    if TYPE_CHECKING:
        activity_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.held_on:%m-%d} {self.starts_at:%H:%M}"


class Attendance(models.Model):
    """签到: whether somebody was there."""

    session = models.ForeignKey(ActivitySession, models.PROTECT, related_name="attendance")  # PROTECT: history.
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendance")  # PROTECT: history.
    presence = models.CharField(_("到场"), max_length=8, choices=Presence)
    door = models.CharField(_("方式"), max_length=4, choices=Door)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: history.

    class Meta:
        verbose_name = _("签到")
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="session_attendance_once")]


class Speaker(models.Model):
    """宣讲员: whoever may be asked to speak (domain C52, C54)."""

    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # PROTECT: engagements are history.
    name = models.CharField(_("姓名"), max_length=50)
    unit = models.CharField(_("单位"), max_length=100, blank=True)
    topics = models.CharField(_("能讲的题目"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("宣讲员")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["district", "name", "unit"], name="speaker_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.unit}".strip()


class Engagement(models.Model):
    """排班: a speaker at a session. Nobody speaks in two places at one time."""

    session = models.ForeignKey(ActivitySession, models.CASCADE, related_name="engagements")
    speaker = models.ForeignKey(Speaker, models.PROTECT, related_name="engagements")  # PROTECT: history.
    starts = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        verbose_name = _("排班")
        ordering = ["starts"]
        constraints = [
            ExclusionConstraint(
                name="engagement_one_place_at_a_time",
                expressions=[
                    ("speaker", RangeOperators.EQUAL),
                    (Func("starts", "ends", Value("[)"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这位宣讲员那时已有安排。"),
            )
        ]


class Goods(models.Model):
    """物资礼品: so many of a thing, one for each person."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="goods")  # PROTECT: who took it is history.
    name = models.CharField(_("物品"), max_length=60)
    quantity = models.PositiveIntegerField(_("数量"))
    worth = models.DecimalField(_("单价（元）"), max_digits=10, decimal_places=2, default=0)
    given = models.PositiveIntegerField(_("已发"), default=0, editable=False)

    class Meta:
        verbose_name = _("物资")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(given__lte=F("quantity")), name="goods_not_more_than_there_are",
                violation_error_message=_("已经发完了。"),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Handout(models.Model):
    """领用: one piece to one person, once."""

    goods = models.ForeignKey(Goods, models.PROTECT, related_name="handouts")  # PROTECT: history.
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="handouts")  # PROTECT: history.
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: history.

    class Meta:
        verbose_name = _("领用")
        constraints = [models.UniqueConstraint(fields=["goods", "enrolment"], name="handout_one_a_person")]


class Expense(models.Model):
    """支出: a mistake is corrected by a row that takes it back, never by editing (domain 4.16)."""

    # PROTECT throughout: vouchers.
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="expenses")
    kind = models.CharField(_("科目"), max_length=10, choices=ExpenseKind)
    what = models.CharField(_("用途"), max_length=120)
    payee = models.CharField(_("收款方"), max_length=100)
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("支付日期"))
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, verbose_name=_("预算科目"), related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("支出")
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, reverses=None) | Q(amount__lt=0, reverses__isnull=False),
                name="expense_negative_only_to_reverse",
                violation_error_message=_("金额要大于零。"),
            )
        ]


class Feedback(models.Model):
    """评价: how somebody found it; an anonymous one points at nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="feedback")  # PROTECT: part of the file.
    # PROTECT: history. Nobody where it is anonymous; the enrolment then only knows that it has rated.
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, blank=True, related_name="+")
    score = models.PositiveSmallIntegerField(_("评分"))
    words = models.CharField(_("意见"), max_length=500, blank=True)
    on = models.DateField(_("日期"), default=timezone.localdate)

    class Meta:
        verbose_name = _("评价")
        ordering = ["-on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="activity_feedback_one_to_five")
        ]


class Poll(models.Model):
    """测评或投票: frozen list of members, one secret ballot each (domain 4.15)."""

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="poll")  # PROTECT: the result is kept.
    items = ArrayField(models.CharField(max_length=60), verbose_name=_("测评项目"))
    # Below this share of ballots that came back the result does not count.
    quorum = models.PositiveSmallIntegerField(_("有效回收率（%）"), default=50)
    # Stands in the address where members vote.
    key = models.CharField(max_length=40, unique=True, default=new_secret, editable=False)
    opened_at = models.DateTimeField(_("开始时间"), default=timezone.now)
    closed_at = models.DateTimeField(_("截止时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("测评")


class Voter(models.Model):
    """有表决权的会员: the list is frozen when the poll opens. That somebody voted is known, never what."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="voters")
    name = models.CharField(_("姓名"), max_length=50)
    # The hash of the code with which they vote.
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    has_voted = models.BooleanField(_("已投票"), default=False)

    class Meta:
        verbose_name = _("表决会员")
        ordering = ["pk"]


class Tally(models.Model):
    """计票: how often each item was given each grade. There is no row of a single ballot that could lead to its member."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="tallies")
    item = models.PositiveSmallIntegerField()
    grade = models.CharField(_("评价"), max_length=10, choices=Grade)
    votes = models.PositiveIntegerField(_("票数"), default=0)

    class Meta:
        verbose_name = _("计票")
        ordering = ["item", "pk"]
        constraints = [models.UniqueConstraint(fields=["poll", "item", "grade"], name="tally_once")]


class Comment(models.Model):
    """测评意见: what somebody wrote on a ballot. It has no member, no time and no order: keys are random, and the end of the
    poll writes all of them anew, so that not even the place of a row says with which vote it came."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, models.CASCADE, related_name="comments")
    words = models.CharField(_("意见"), max_length=500)

    class Meta:
        verbose_name = _("测评意见")
        ordering = ["pk"]


class Entry(models.Model):
    """参赛: somebody or a team that is scored; the mean of the judges ranks."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="entries")  # PROTECT: awards are kept.
    name = models.CharField(_("选手或队伍"), max_length=60)
    unit = models.CharField(_("单位"), max_length=100, blank=True)
    event = models.CharField(_("项目"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("参赛选手")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "event", "name", "unit"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.unit}".strip()


class Score(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="scores")
    judge = models.CharField(_("评委"), max_length=50)
    points = models.DecimalField(_("得分"), max_digits=7, decimal_places=3)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")  # PROTECT: history.

    class Meta:
        verbose_name = _("评分")
        constraints = [models.UniqueConstraint(fields=["entry", "judge"], name="score_once_a_judge")]
