from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import Organisation, Seen, User

from ..enums import SessionKind
from .disputes import Dispute
from .team import TeamMember

_TIMES = Func("starts_at", "ends_at", Value("[)"), function="tstzrange")


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, user: User) -> Self:
        scope = user.scope
        return self.filter(
            Q(organisation__in=scope.departments) | Q(organisation__district__in=scope.districts | scope.administers)
        )


class Room(Seen, models.Model):
    """调解室 of a centre."""

    SEEN = ("name", "seats")

    # PROTECT: an organisation ends by a date.
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("调解中心"), related_name="rooms")
    name = models.CharField(_("名称"), max_length=40)
    seats = models.PositiveSmallIntegerField(_("座位"), default=8)
    is_active = models.BooleanField(_("可预约"), default=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("调解室")
        ordering = ["organisation", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="room_name_once",
                violation_error_message=_("这个中心已有同名的调解室。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: User) -> Self:
        """The people of the centre see when its rooms are taken; others what belongs to the cases that they see."""
        return self.filter(
            Q(room__organisation__in=user.scope.departments) | Q(dispute__in=Dispute.objects.visible_to(user))
        ).exclude(dispute__in=TeamMember.objects.recused(user).values("dispute"))

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)

    def coming(self, now: datetime.datetime | None = None) -> Self:
        """What is not over and was not called off, the nearest first."""
        return self.standing().filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")


class Appointment(models.Model):
    """A time of a room for a case; neither room nor mediator is taken twice."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: who was called when is part of the file.
    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("调解室"), related_name="appointments")
    mediator = models.ForeignKey(User, models.PROTECT, verbose_name=_("调解员"), related_name="+")
    kind = models.CharField(_("方式"), max_length=14, choices=SessionKind)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    note = models.CharField(_("备注"), max_length=200, blank=True)
    # Where those meet who don't come to the room (domain C12).
    link = models.URLField(_("线上会议链接"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("预约人"), related_name="+")
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("预约")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="appointment_times_in_order",
                violation_error_message=_("结束时间要晚于开始时间。"),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="appointment_cancelled_at_and_by",
            ),
            ExclusionConstraint(
                name="appointment_room_once",
                expressions=[("room", RangeOperators.EQUAL), (_TIMES, RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at__isnull=True),
                violation_error_message=_("这间调解室在这段时间已有预约。"),
            ),
            ExclusionConstraint(
                name="appointment_mediator_once",
                expressions=[("mediator", RangeOperators.EQUAL), (_TIMES, RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at__isnull=True),
                violation_error_message=_("这位调解员在这段时间已有预约。"),
            ),
        ]
