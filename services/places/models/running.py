"""The days of a place: what is in store, what was brought there, who came, what people said, how many stars."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import User

from ..enums import Given
from .places import PartQuerySet, Place


class Supply(models.Model):
    """物资: an article of a place with what is in store."""

    # PROTECT throughout: what was given out stays accounted for.
    place = models.ForeignKey(Place, models.PROTECT, related_name="supplies")
    name = models.CharField(_("物资"), max_length=40)
    unit = models.CharField(_("单位"), max_length=10)
    # Moved only by actions/running.py, under the lock of this row.
    balance = models.PositiveIntegerField(_("结存"), default=0)
    low = models.PositiveIntegerField(_("少于多少要补"), default=0)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("阵地物资")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="place_supply_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_low(self) -> bool:
        return self.balance < self.low


class SupplyMove(models.Model):
    """收发: so much came in (more than nought) or went out (less)."""

    supply = models.ForeignKey(Supply, models.PROTECT, related_name="moves")
    on = models.DateField(_("日期"), default=timezone.localdate)
    change = models.IntegerField(_("数量"))
    note = models.CharField(_("说明"), max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("物资收发")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(change=0), name="supply_move_moves")]


class ServiceGiven(models.Model):
    """服务登记: something was brought to the workers at a place. It may name the activity of a programme."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="services")
    on = models.DateField(_("日期"), default=timezone.localdate)
    kind = models.CharField(_("服务类型"), max_length=10, choices=Given)
    people = models.PositiveIntegerField(_("服务人数"))
    what = models.CharField(_("内容"), max_length=120, blank=True)
    # The number of the activity (编号), found through the search of the product.
    activity_number = models.CharField(_("活动编号"), max_length=20, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("阵地服务")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["place", "-on"], name="service_of_place")]


class Tally(models.Model):
    """到访: how many came on a day."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="tallies")
    on = models.DateField(_("日期"), default=timezone.localdate)
    visits = models.PositiveIntegerField(_("到访人次"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("到访计数")
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["place", "on"], name="place_tally_once_a_day")]


class Feedback(models.Model):
    """评价: stars that a visitor without an account gave. Nothing of the visitor is kept."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="feedback")
    stars = models.PositiveSmallIntegerField(_("评分"))
    text = models.CharField(_("意见"), max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("群众评价")
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="place_feedback_one_to_five")]


class Rating(models.Model):
    """星级评定: the lines of the standard with their points, as they were added up on that day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="ratings")
    on = models.DateField(_("定级日期"), default=timezone.localdate)
    # Rows of rating.Line.
    lines = models.JSONField(_("得分"), default=list)
    total = models.DecimalField(_("总分"), max_digits=6, decimal_places=2)
    stars = models.PositiveSmallIntegerField(_("星级"))
    held_back = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("星级评定")
        ordering = ["-on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(stars__lte=5), name="rating_five_at_most")]
