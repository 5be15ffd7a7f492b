from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.models import Attachment
from unionops.casework.transitions import database_guard
from unionops.casework.waiting import ME
from unionops.org.models import Enterprise, Organisation, Seen, User
from unionops.org.models.sealed_columns import SealedColumns
from unionops.org.sealed import seal, unseal

from ..models import Programme, ServiceCase, ServiceQuerySet
from .enums import AT_WORK, END_STATES, OUTCOMES, TRANSITIONS, Answer, DeclineReason, Mode, OrderState


class SquadQuerySet(models.QuerySet["Squad"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(district__in=user.scope.directory_of)


class Squad(Seen, models.Model):
    """服务队: craftsmen who go together, with a number of events that they owe a year (domain C29)."""

    SEEN = ("name", "trade", "leader_name", "liaison_names", "yearly_quota")

    # PROTECT: what they did is counted for as long as it is kept.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="craft_teams")
    name = models.CharField(_("队名"), max_length=40)
    trade = models.CharField(_("工种"), max_length=20, blank=True)
    leader_name = models.CharField(_("队长"), max_length=50, blank=True)
    liaison_names = models.CharField(_("联络员"), max_length=100, blank=True)
    yearly_quota = models.PositiveSmallIntegerField(_("每年应完成（单）"), default=10)

    objects = SquadQuerySet.as_manager()

    class Meta:
        verbose_name = _("服务队")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["district", "name"], name="team_name_once", violation_error_message=_("已经有叫这个名字的服务队。"))]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class CraftsmanQuerySet(models.QuerySet["Craftsman"]):
    def visible_to(self, user: User) -> Self:
        """The register of the district; an outside craftsman sees himself."""
        return self.filter(Q(district__in=user.scope.directory_of) | Q(user=user))

    def serving(self) -> Self:
        return self.filter(retired_at=None)


class Craftsman(SealedColumns):
    """师傅: whoever can be asked to serve, be it a craftsman, a speaker, a lawyer or a neighbourhood helper."""

    SEALED = ("phone",)

    # PROTECT: orders point at them.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="craftsmen")
    name = models.CharField(_("姓名"), max_length=50)
    title = models.CharField(_("称号"), max_length=60, blank=True)
    trades = ArrayField(models.CharField(max_length=20), verbose_name=_("工种"), default=list, blank=True)
    skills = ArrayField(models.CharField(max_length=20), verbose_name=_("专长"), default=list, blank=True)
    # PROTECT: what they must keep away from is read from it.
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, verbose_name=_("工作单位"), null=True, blank=True, related_name="craftsmen"
    )
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        Squad, models.PROTECT, verbose_name=_("服务队"), null=True, blank=True, related_name="members"
    )
    # The account by which they answer themselves; without one the desk or the cadre of the town answers for them.
    user = models.OneToOneField(
        User, models.PROTECT, verbose_name=_("账号"), null=True, blank=True, related_name="craftsman"
    )
    # None means every programme.
    programmes = models.ManyToManyField(
        Programme, verbose_name=_("接哪些项目的单"), related_name="craftsmen", blank=True
    )
    # Firms whose affairs they stay away from.
    avoids = models.ManyToManyField(Enterprise, verbose_name=_("回避的单位"), related_name="+", blank=True)
    region = models.CharField(_("外地所在地"), max_length=40, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    is_available = models.BooleanField(_("现在能接单"), default=True)
    yearly_quota = models.PositiveSmallIntegerField(_("每年应完成（单）"), default=10)
    most_open = models.PositiveSmallIntegerField(_("同时最多几单"), default=3, validators=[MinValueValidator(1)])
    retired_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CraftsmanQuerySet.as_manager()

    class Meta:
        verbose_name = _("师傅")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["district", "name", "id"], name="craftsman_register")]

    if TYPE_CHECKING:
        district_id: int
        user_id: int | None

    def __str__(self) -> str:
        return self.name

    @property
    def all_trades(self) -> list[str]:
        """Their own trades and the one of their team; the caller has fetched the team."""
        team = [self.team.trade] if self.team and self.team.trade else []
        return list(dict.fromkeys([*self.trades, *team]))


class OrderQuerySet(ServiceQuerySet):
    def seen_by(self, user: User) -> Q:
        """Also whoever has ever been asked, has it, or sits on its panel: a page that was answered does not vanish."""
        return super().seen_by(user) | Q(_offered(user)) | Q(_on_panel(user)) | Q(craftsman__user=user)

    def in_hands_of(self, user: User) -> Self:
        mine = self.open().filter(state=OrderState.PUSHED).filter(_offered(user, answer=Answer.WAITING))
        held: Self = super().in_hands_of(user)
        return held | mine

    def waiting(self) -> tuple[Self, ...]:
        asked = Offer.objects.filter(craftsman__user=ME, answer=Answer.WAITING)
        return (*super().waiting(), self.open().filter(pk__in=asked.values("order")))


def _offered(user: User, **more: str) -> Exists:
    return Exists(Offer.objects.filter(order=OuterRef("pk"), craftsman__user=user, **more))


def _on_panel(user: User) -> Exists:
    return Exists(Panelist.objects.filter(order=OuterRef("pk"), craftsman__user=user))


class Order(ServiceCase):
    """派单: somebody asks, somebody goes and does it."""

    TRANSITIONS = TRANSITIONS
    END_STATES = END_STATES
    FIRST_STATE = OrderState.POSTED

    state = models.CharField(_("状态"), max_length=12, choices=OrderState, default=OrderState.POSTED)
    mode = models.CharField(_("方式"), max_length=8, choices=Mode, default=Mode.NORMAL)
    trade = models.CharField(_("工种"), max_length=20, blank=True)
    skills = ArrayField(models.CharField(max_length=20), verbose_name=_("要会什么"), default=list, blank=True)
    product = models.CharField(_("产品或工序"), max_length=60, blank=True)
    region = models.CharField(_("对口地区"), max_length=40, blank=True)
    wanted_on = models.DateField(_("希望哪天"), null=True, blank=True)
    at_stake = models.DecimalField(_("涉及订单（元）"), max_digits=14, decimal_places=2, default=0)
    # A trade secret: the description is sealed and read by the desk and whoever has the order, each time on record.
    is_secret = models.BooleanField(_("涉及商业秘密"), default=False)
    secret_sealed = models.BinaryField(null=True, editable=False)
    pushed_at = models.DateTimeField(_("首次推送时间"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("接单时间"), null=True, blank=True)
    first_reply_at = models.DateTimeField(_("首次答复时间"), null=True, blank=True)
    # PROTECT throughout: who did what is counted for as long as it is kept.
    craftsman = models.ForeignKey(
        Craftsman, models.PROTECT, verbose_name=_("承办人"), null=True, blank=True, related_name="orders"
    )
    team = models.ForeignKey(
        Squad, models.PROTECT, verbose_name=_("服务队"), null=True, blank=True, related_name="orders"
    )
    solution = models.TextField(_("解决方案"), max_length=5000, blank=True)
    trial_result = models.TextField(_("试用情况"), max_length=2000, blank=True)
    outcome = models.CharField(
        _("结果"), max_length=12, choices=[(state.value, state.label) for state in OUTCOMES], blank=True
    )
    service_hours = models.DecimalField(_("服务时长（小时）"), max_digits=6, decimal_places=1, default=0)
    saved = models.DecimalField(_("节约成本（元）"), max_digits=14, decimal_places=2, default=0)
    orders_kept = models.DecimalField(_("保住或拓展的订单（元）"), max_digits=14, decimal_places=2, default=0)
    jobs = models.PositiveIntegerField(_("带动就业（人）"), default=0)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_name = models.CharField(_("确认人"), max_length=50, blank=True)
    confirmation = models.ForeignKey(
        Attachment, models.PROTECT, verbose_name=_("书面确认"), null=True, blank=True, related_name="+"
    )
    # The bytes of the written confirmation: one paper stands for one order.
    confirmation_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    rating = models.PositiveSmallIntegerField(
        _("评价"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    opinion = models.CharField(_("评价意见"), max_length=500, blank=True)
    referred_to = models.CharField(_("转介单位"), max_length=100, blank=True)

    objects = OrderQuerySet.as_manager()  # type: ignore[misc]

    class Meta(ServiceCase.Meta):
        verbose_name = _("派单")
        constraints = [
            *ServiceCase.Meta.constraints,
            models.CheckConstraint(
                condition=Q(craftsman=None, accepted_at=None) | Q(craftsman__isnull=False, accepted_at__isnull=False),
                name="order_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AT_WORK) | Q(craftsman__isnull=False), name="order_at_work_is_somebodys"
            ),
            # Savings count only when the other side has confirmed them in writing (domain 4.6).
            models.CheckConstraint(
                condition=Q(saved=0, orders_kept=0, jobs=0) | Q(confirmation__isnull=False, confirmed_at__isnull=False)
                | Q(ledger_import__isnull=False),
                name="order_savings_in_writing",
                violation_error_message=_("成效要有对方的书面确认。"),
            ),
            models.CheckConstraint(
                condition=Q(saved__gte=0, orders_kept__gte=0, at_stake__gte=0, service_hours__gte=0),
                name="order_amounts_not_negative",
                violation_error_message=_("金额不能小于零。"),
            ),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__range=(1, 5)), name="order_rating_in_range"),
            models.UniqueConstraint(
                fields=["district", "confirmation_hash"],
                condition=~Q(confirmation_hash=""),
                name="order_confirmation_once",
                violation_error_message=_("这份书面确认已经用在别的派单上。"),
            ),
        ]  # fmt: skip
        indexes = [
            *ServiceCase.Meta.indexes,
            # Read by matching (who has how much in hand) and by the page of a craftsman.
            models.Index(fields=["craftsman", "-accepted_at"], name="order_of_craftsman"),
        ]
        triggers = database_guard(TRANSITIONS, born="NEW.state = 'posted' OR NEW.ledger_import_id IS NOT NULL")

    if TYPE_CHECKING:
        craftsman_id: int | None
        enterprise_id: Any

    def _secret_place(self) -> str:
        return f"{self._meta.db_table}.secret:{self.pk}"

    def hide(self, text: str) -> None:
        self.secret_sealed = seal(text, place=self._secret_place()) if text else None

    def unhide(self) -> str:
        """The hidden text in clear. Only actions that log the reading may call this."""
        return unseal(self.secret_sealed, place=self._secret_place()) if self.secret_sealed else ""


class Offer(models.Model):
    """One craftsman asked for one order: when, with which score, and what came of it."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="offers")
    # PROTECT: unanswered offers stay countable.
    craftsman = models.ForeignKey(Craftsman, models.PROTECT, verbose_name=_("师傅"), related_name="offers")
    score = models.SmallIntegerField(_("匹配分"), default=0)
    # [[label, points]] as the dispatcher saw it.
    arithmetic = models.JSONField(default=list)
    offered_at = models.DateTimeField(_("推送时间"), default=timezone.now)
    due_at = models.DateTimeField(_("答复期限"))
    answer = models.CharField(_("答复"), max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    # Who pressed the button: the craftsman, or somebody for one without an account.
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf = models.BooleanField(_("代答"), default=False)
    # Not asked but told to go.
    is_assigned = models.BooleanField(_("指派"), default=False)
    reason_kind = models.CharField(_("不接的原因"), max_length=10, choices=DeclineReason, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("推送")
        ordering = ["offered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "craftsman"], condition=Q(answer=Answer.WAITING), name="offer_asked_once_at_a_time"
            ),
            models.UniqueConstraint(fields=["order"], condition=Q(answer=Answer.ACCEPTED), name="offer_one_accepts"),
            models.CheckConstraint(
                condition=Q(answer=Answer.WAITING, answered_at=None) | (~Q(answer=Answer.WAITING) & Q(answered_at__isnull=False)),
                name="offer_answered_with_time",
            ),
        ]  # fmt: skip
        indexes = [
            # Read by the job that asks the next one, and by the inbox of a craftsman.
            models.Index(fields=["due_at"], condition=Q(answer=Answer.WAITING), name="offer_waiting"),
            models.Index(fields=["craftsman", "answer"], name="offer_of_craftsman"),
        ]

    def __str__(self) -> str:
        return f"{self.craftsman} {self.get_answer_display()}"

    def is_late(self, now: datetime.datetime) -> bool:
        return self.answer == Answer.WAITING and self.due_at <= now


class Panelist(models.Model):
    """An expert of a panel (会诊)."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="panelists")
    craftsman = models.ForeignKey(Craftsman, models.PROTECT, related_name="panels")
    invited_at = models.DateTimeField(_("邀请时间"), default=timezone.now)
    was_present = models.BooleanField(_("到会"), default=False)

    class Meta:
        verbose_name = _("会诊专家")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "craftsman"], name="panelist_once")]

    def __str__(self) -> str:
        return self.craftsman.name


class Message(models.Model):
    """One message of the remote thread of an order."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="messages")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # For whom it was written down, where somebody without an account speaks.
    speaker = models.CharField(pgettext_lazy("留言", "说话的人"), max_length=50)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    text = models.TextField(_("内容"), max_length=2000)

    class Meta:
        verbose_name = _("留言")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.speaker} {self.at:%Y-%m-%d}"


class SiteVisit(models.Model):
    """One visit to whoever asked: when, who went, what was found."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="visits")
    on = models.DateField(_("日期"))
    hours = models.DecimalField(_("时长（小时）"), max_digits=4, decimal_places=1, default=0)
    people = models.CharField(_("去的人"), max_length=100)
    findings = models.TextField(_("现场情况"), max_length=2000)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("上门服务")
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.on} {self.people}"
