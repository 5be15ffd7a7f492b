from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.casework.models import Case, CaseQuerySet
from unionops.casework.transitions import database_guard
from unionops.insight.periods import Kind, Period, containing
from unionops.org.enums import CASE_ROLES, Role
from unionops.org.models import User
from visits.models import Issue

from ..enums import (
    DECISION_END_STATES,
    DECISION_TRANSITIONS,
    EXCHANGE_END_STATES,
    EXCHANGE_TRANSITIONS,
    DecisionKind,
    DecisionState,
    ExchangeState,
)
from .groups import ExchangeGroup, GroupMember, GroupMemberQuerySet

# Who may preside: the leaders in charge, and their chief.
CHAIRING_ROLES = (Role.LEADER, Role.CHIEF)


def memberships(user: User) -> GroupMemberQuerySet:
    """By name, or through a town in which one is posted today."""
    return GroupMember.objects.filter(Q(user=user) | Q(town__in=user.scope.towns))


class ExchangeQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """Who sees an exchange:

        * all of a district: its leaders and clerks,
        * that of a group: who is in it today or was during the month,
        * that of a district without groups: whoever works on cases there,
        * whoever was asked to come, and whoever owes it a decision.
        """
        scope = user.scope
        if not scope.has(*CASE_ROLES):
            return self.none()
        if scope.districts and scope.districts == scope.member_of:
            return self.filter(district__in=scope.districts)
        today = timezone.localdate()
        mine = memberships(user).filter(group=OuterRef("group"))
        # A day of the month: the month of both ends is compared, so that no calendar is needed in the statement.
        then = mine.annotate(begun=TruncMonth("valid_from")).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("month")), begun__lte=OuterRef("month")
        )
        asked = Exchange.attendees.through.objects.filter(exchange=OuterRef("pk"), user=user)
        owes = Decision.objects.filter(exchange=OuterRef("pk"), owner=user)
        return self.filter(
            Q(district__in=scope.districts)
            | Q(group=None)
            | Exists(mine.within(today, today))
            | Exists(then)
            | Exists(asked)
            | Exists(owes),
            district__in=scope.member_of,
        )


class Exchange(Case):
    """月交流: one month of one group, or of the whole district where there are no groups (domain 2.9)."""

    TRANSITIONS = EXCHANGE_TRANSITIONS
    END_STATES = EXCHANGE_END_STATES

    state = models.CharField(_("状态"), max_length=20, choices=ExchangeState, default=ExchangeState.PLANNED)
    # PROTECT throughout: minutes are history.
    group = models.ForeignKey(
        ExchangeGroup, models.PROTECT, verbose_name=_("走访组"), null=True, blank=True, related_name="exchanges"
    )
    # Its first day.
    month = models.DateField(_("月份"))
    chair = models.ForeignKey(User, models.PROTECT, verbose_name=_("主持人"), related_name="+")
    planned_at = models.DateTimeField(_("计划时间"), null=True, blank=True)
    held_at = models.DateTimeField(_("召开时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=60, blank=True)
    guests = models.CharField(_("列席"), max_length=200, blank=True)
    attendees = models.ManyToManyField(User, through="exchanges.Attendance", related_name="+")
    summary = models.TextField(_("会议小结"), max_length=5000, blank=True)
    put_off_reason = models.CharField(_("延期理由"), max_length=200, blank=True)
    refreshed_at = models.DateTimeField(_("议程更新时间"), null=True, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("签发人"), null=True, blank=True, related_name="+"
    )

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("月交流")
        ordering = ["-month", "group__name", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "group", "month"],
                nulls_distinct=False,
                name="exchange_once_a_month",
                violation_error_message=_("这个月的月交流已经有了。"),
            ),
            models.UniqueConstraint(fields=["district", "number"], name="exchange_unique_number"),
            models.CheckConstraint(condition=Q(month__day=1), name="exchange_month_is_first_day"),
            models.CheckConstraint(
                condition=Q(state__in=[ExchangeState.HELD, ExchangeState.SIGNED], held_at__isnull=False)
                | Q(state__in=[ExchangeState.PLANNED, ExchangeState.PUT_OFF], held_at__isnull=True),
                name="exchange_held_at_when_held",
            ),
            models.CheckConstraint(
                condition=Q(state=ExchangeState.SIGNED, closed_at__isnull=False, signed_by__isnull=False)
                | (~Q(state=ExchangeState.SIGNED) & Q(closed_at__isnull=True, signed_by__isnull=True)),
                name="exchange_signed_at_and_by",
            ),
        ]
        # Read by the list, newest month first; and by the inbox of the chair.
        indexes = [
            models.Index(fields=["district", "-month", "-id"], name="exchange_list"),
            models.Index(fields=["chair"], condition=~Q(state__in=EXCHANGE_END_STATES), name="exchange_of_chair"),
        ]
        triggers = database_guard(EXCHANGE_TRANSITIONS, born="NEW.state = 'planned'")

    @property
    def period(self) -> Period:
        return containing(self.month, Kind.MONTH)

    @property
    def heading(self) -> str:
        """«2026 年 10 月 月交流», with the group where there are groups; ``group`` is read."""
        words = _("%(month)s月交流") % {"month": self.period.label}
        return f"{words} {self.group}" if self.group else str(words)

    @property
    def when(self) -> datetime.datetime | None:
        return self.held_at or self.planned_at


class DecisionQuerySet(CaseQuerySet):
    def visible_to(self, user: User) -> Self:
        """The decisions of exchanges that one sees; an owner sees the own ones with them."""
        return self.filter(exchange__in=Exchange.objects.visible_to(user))


class Decision(Case):
    """议定事项: what a meeting decided, who sees to it and until when (domain D5); it stands first on the next agenda."""

    TRANSITIONS = DECISION_TRANSITIONS
    END_STATES = DECISION_END_STATES

    state = models.CharField(_("状态"), max_length=20, choices=DecisionState, default=DecisionState.OPEN)
    # PROTECT throughout: minutes are history.
    exchange = models.ForeignKey(Exchange, models.PROTECT, verbose_name=_("月交流"), related_name="decisions")
    kind = models.CharField(_("种类"), max_length=10, choices=DecisionKind, default=DecisionKind.TASK)
    text = models.TextField(_("议定事项"), max_length=500)
    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=_("诉求"), null=True, blank=True, related_name="decisions"
    )
    owner = models.ForeignKey(User, models.PROTECT, verbose_name=_("责任人"), related_name="+")
    due_on = models.DateField(_("完成期限"))
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("记录人"), related_name="+")
    result = models.TextField(_("落实情况"), max_length=2000, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), null=True, blank=True)
    reported_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("报告人"), null=True, blank=True, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("确认人"), null=True, blank=True, related_name="+"
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("议定事项")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exchange", "number"], name="decision_unique_number"),
            models.CheckConstraint(
                condition=Q(kind=DecisionKind.TASK) | Q(issue__isnull=False), name="decision_step_has_issue"
            ),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True, reported_by__isnull=True)
                | Q(reported_at__isnull=False, reported_by__isnull=False),
                name="decision_reported_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECISION_END_STATES, closed_at__isnull=False)
                | (~Q(state__in=DECISION_END_STATES) & Q(closed_at__isnull=True)),
                name="decision_closed_at_when_ended",
            ),
        ]
        indexes = [
            # Read by the inbox of the owner.
            models.Index(
                fields=["owner", "due_on"], condition=~Q(state__in=DECISION_END_STATES), name="decision_of_owner"
            ),
        ]
        triggers = database_guard(DECISION_TRANSITIONS, born="NEW.state = 'open'")
