from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User


class OfficerWeekQuerySet(models.QuerySet["OfficerWeek"]):
    def visible_to(self, user: User) -> Self:
        """The weeks of one's districts, of the officers stationed in one's towns, and one's own."""
        scope = user.scope
        return self.filter(
            Q(district__in=scope.districts) | Q(town__in=scope.towns) | Q(officer=user), district__in=scope.member_of
        )


class OfficerWeek(models.Model):
    """A liaison officer's week: days on duty, quota, visits made. A view of the database, never written.

    The town is that of the posting of the week that began first; the quota is the officer's quota of today.
    """

    id = models.CharField(primary_key=True, max_length=40)
    # DO_NOTHING throughout: a view has nothing to delete.
    district = models.ForeignKey(Organisation, models.DO_NOTHING, verbose_name=_("所属区"), related_name="+")
    town = models.ForeignKey(Organisation, models.DO_NOTHING, verbose_name=_("镇街"), related_name="+")
    officer = models.ForeignKey(User, models.DO_NOTHING, verbose_name=_("驻联干部"), related_name="+")
    monday = models.DateField(_("周一"))
    # An ISO week belongs to the month and the year of its Thursday.
    thursday = models.DateField(_("周四"))
    sunday = models.DateField(_("周日"))
    duty_days = models.PositiveSmallIntegerField(_("在岗工作日"))
    quota = models.PositiveSmallIntegerField(_("每周走访家数"))
    visits = models.PositiveIntegerField(_("走访家数"))

    objects = OfficerWeekQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "visits_officerweek"
        verbose_name = _("干部走访周")
        ordering = ["-monday", "officer"]
