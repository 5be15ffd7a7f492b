from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User

from ..enums import PartOfDay, Seat


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, user: User) -> Self:
        """The people of the centre, whoever sees the district, and the person on duty."""
        scope = user.scope
        return self.filter(
            Q(centre__in=scope.departments) | Q(centre__district__in=scope.districts | scope.administers) | Q(user=user)
        )

    def standing(self) -> Self:
        return self.filter(taken_off_at=None)


class Duty(models.Model):
    """值班: who sits in a centre on a day, for which body (domain 3.10). What was taken off the rota stays as history."""

    # PROTECT: who was there is the history of the centre.
    centre = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("调解中心"), related_name="duties")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("值班人"), related_name="duties")
    seat = models.CharField(_("身份"), max_length=20, choices=Seat)
    day = models.DateField(_("日期"))
    part = models.CharField(_("时段"), max_length=10, choices=PartOfDay, default=PartOfDay.WHOLE)
    put_on_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    put_on_at = models.DateTimeField(default=timezone.now)
    taken_off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("值班")
        ordering = ["day", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day", "part"], condition=Q(taken_off_at=None), name="duty_once_a_part",
                violation_error_message=_("那天已经排了班。"),
            ),
            models.CheckConstraint(
                condition=Q(taken_off_at=None, taken_off_by=None)
                | Q(taken_off_at__isnull=False, taken_off_by__isnull=False),
                name="duty_taken_off_by_somebody",
            ),
        ]  # fmt: skip
        # Read by the page of a week.
        indexes = [models.Index(fields=["centre", "day"], condition=Q(taken_off_at=None), name="duty_of_centre")]

    def __str__(self) -> str:
        return f"{self.day} {self.user}"
