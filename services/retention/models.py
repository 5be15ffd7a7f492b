from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User
from unionops.org.models.events import append_only

from ..models import Programme


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, user: User) -> Self:
        """The administrators of a district and whoever reads its log."""
        return self.filter(district__in=user.scope.administers | user.scope.log_of)


class Erasure(models.Model):
    """到期删除: that what a case knew of people was deleted, when, and how much; never what it was. It is itself never changed."""

    append_only = True

    # PROTECT throughout: it proves that the term was kept.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    number = models.CharField(_("编号"), max_length=20)
    closed_on = models.DateField(_("办结日期"))
    due_on = models.DateField(_("到期日期"))
    done_at = models.DateTimeField(_("删除时间"))
    # How many files and how many people beside the applicant.
    files = models.PositiveIntegerField(_("材料"), default=0)
    people = models.PositiveIntegerField(_("人员"), default=0)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("到期删除")
        ordering = ["-done_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "case_id"], name="erasure_once")]
        # Read by the page of the administrator.
        indexes = [models.Index(fields=["district", "-done_at"], name="erasure_list")]
        triggers = append_only("erasure")

    def __str__(self) -> str:
        return self.number
