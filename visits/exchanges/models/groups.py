from __future__ import annotations

import datetime
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User


class ExchangeGroupQuerySet(models.QuerySet["ExchangeGroup"]):
    def visible_to(self, user: User) -> Self:
        """Who is in which group is known in the whole district; the auditor reads the log instead."""
        return self.filter(district__in=user.scope.directory_of)

    def current(self) -> Self:
        return self.filter(is_active=True)


class ExchangeGroup(models.Model):
    """走访组: the officers and towns that exchange once a month under one leader in charge (domain 2.1)."""

    # PROTECT: exchanges of the past belong to it.
    district = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("所属区"), related_name="+")
    name = models.CharField(_("组名"), max_length=40)
    # PROTECT: who led it stays known.
    leader = models.ForeignKey(User, models.PROTECT, verbose_name=_("分管领导"), related_name="+")
    is_active = models.BooleanField(_("使用中"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ExchangeGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访组")
        ordering = ["-is_active", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "name"], name="exchange_group_name", violation_error_message=_("已有同名的走访组。")
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupMemberQuerySet(models.QuerySet["GroupMember"]):
    def within(self, first: datetime.date, last: datetime.date) -> Self:
        """Members on any day between the two."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)


def _alone(column: str, name: str, reason: Any) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[
            (column, RangeOperators.EQUAL),
            (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
        ],
        condition=Q(**{f"{column}__isnull": False}),
        violation_error_message=reason,
    )


class GroupMember(models.Model):
    """An officer or a whole town in a group, from when to when; nobody is in two groups on one day."""

    group = models.ForeignKey(ExchangeGroup, models.CASCADE, related_name="members")
    # PROTECT both: membership is history.
    user = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("驻联干部"), null=True, blank=True, related_name="exchange_memberships"
    )
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("结束日期"), null=True, blank=True)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("走访组成员")
        ordering = ["town__path", "user__pinyin", "-valid_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, town__isnull=True) | Q(user__isnull=True, town__isnull=False),
                name="exchange_member_one_of_two",
                violation_error_message=_("请选一名驻联干部或一个镇街。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="exchange_member_dates_in_order",
                violation_error_message=_("结束日期不能早于起始日期。"),
            ),
            _alone("user", "exchange_member_one_group_of_user", _("这名干部在这段时间已经在一个走访组里。")),
            _alone("town", "exchange_member_one_group_of_town", _("这个镇街在这段时间已经在一个走访组里。")),
        ]
        indexes = [models.Index(fields=["group", "valid_to"], name="exchange_member_of_group")]

    def __str__(self) -> str:
        return str(self.town or self.user)
