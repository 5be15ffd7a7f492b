from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.enums import Role
from unionops.org.models import Organisation, User
from unionops.org.models.sealed_columns import SealedColumns

from ..enums import DESK_ROLES
from ..places.models import Place
from .enums import OPEN, TAKING, TRANSITIONS, BookingState


def at_desk_of(user: User) -> Q:
    scope = user.scope
    return Q(
        place__organisation__in=[pk for pk in scope.departments if any(scope.holds(role, pk) for role in DESK_ROLES)]
    )


def in_town_of(user: User) -> Q:
    scope = user.scope
    towns = [pk for pk in scope.towns if scope.holds(Role.TOWN, pk)]
    return Q(place__town__in=towns, place__programme__is_confidential=False)


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(place__in=Place.objects.visible_to(user))

    def kept_by(self, user: User) -> Self:
        """Of the places whose book this person keeps (permissions.check_books)."""
        return self.filter(at_desk_of(user) | in_town_of(user))

    def taking(self) -> Self:
        return self.filter(state__in=TAKING)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)


class Booking(SealedColumns):
    """预约: one room of a place, or all of it, for some hours of a day. Two bookings never hold one room at one time."""

    TRANSITIONS = TRANSITIONS
    SEALED = ("phone",)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: how a place was used is its history.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("场地"), related_name="bookings")
    state = models.CharField(_("状态"), max_length=10, choices=BookingState, default=BookingState.ASKED)
    # One of the functions of the place; empty is the whole place.
    room = models.CharField(_("房间"), max_length=60, blank=True)
    starts = models.DateTimeField(_("开始"))
    ends = models.DateTimeField(_("结束"))
    people = models.PositiveSmallIntegerField(_("人数"))
    # Not asked where what is talked about is nobody's business (domain C49).
    purpose = models.CharField(_("用途"), max_length=100, blank=True)
    name = models.CharField(_("预约人"), max_length=50)
    unit = models.CharField(_("单位"), max_length=100, blank=True)
    phone_sealed = models.BinaryField(null=True, editable=False)
    phone_hash = models.CharField(max_length=64, blank=True, editable=False, default="")
    phone_masked = models.CharField(_("电话"), max_length=30, blank=True, editable=False, default="")
    is_public = models.BooleanField(_("自助预约"), default=False, editable=False)
    # Why it was refused or called off; whoever asked reads it.
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("预约时间"), default=timezone.now)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("场地预约")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="booking_times_in_order"),
            models.CheckConstraint(condition=Q(people__gte=1), name="booking_of_somebody"),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="booking_decided_whole",
            ),
            ExclusionConstraint(
                name="booking_one_room_at_a_time",
                expressions=[
                    ("place", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    (Func("starts", "ends", Value("[)"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=TAKING),
                violation_error_message=_("这个时间已经约出去了。"),
            ),
        ]
        # Read by the page of a place, and by the daily job that forgets who it was.
        indexes = [models.Index(fields=["place", "starts"], name="booking_of_place")]
        triggers = database_guard(TRANSITIONS, born="NEW.state IN ('asked', 'confirmed')")

    if TYPE_CHECKING:
        place_id: Any

        def get_state_display(self) -> str: ...

    def __str__(self) -> str:
        return f"{self.day} {self.clock}"

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.starts)

    @property
    def clock(self) -> str:
        return f"{timezone.localtime(self.starts):%H:%M}–{timezone.localtime(self.ends):%H:%M}"

    @property
    def room_words(self) -> str:
        return self.room or _now("整个场地")
