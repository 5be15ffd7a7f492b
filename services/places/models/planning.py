"""Where places are to be: the plan of several years, and what people suggest."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.casework.transitions import database_guard
from unionops.org.models import Organisation, User

from ...models import Programme
from ..enums import SUGGESTION_TRANSITIONS, Counts, SuggestionState, System
from .places import Place


class InDistrict(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User) -> Self:
        """The district's people, and a town those of its own streets."""
        scope = user.scope
        return self.filter(district__in=scope.member_of).filter(
            Q(district__in=scope.districts) | Q(programme__organisation__in=scope.departments) | Q(town__in=scope.towns)
            | Q(suggested_by=user)
        )  # fmt: skip


class CoveragePlan(models.Model):
    """建设规划: so many places in these years (domain 4.5: 90 in 2024-2026)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    name = models.CharField(_("规划名称"), max_length=60)
    from_year = models.PositiveSmallIntegerField(_("起始年"))
    to_year = models.PositiveSmallIntegerField(_("结束年"))
    target = models.PositiveIntegerField(_("目标（处）"))
    counts = models.CharField(_("怎样算完成"), max_length=10, choices=Counts, default=Counts.UPGRADED)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("建设规划")
        ordering = ["-from_year", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__gte=1, from_year__gte=2000, to_year__gte=F("from_year"), to_year__lte=2100),
                name="coverage_plan_makes_sense",
                violation_error_message=_("结束年不能早于起始年，目标至少一处。"),
            ),
            models.UniqueConstraint(
                fields=["programme", "from_year", "to_year"], name="coverage_plan_once",
                violation_error_message=_("这几年已经有规划了。"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Suggestion(models.Model):
    """选址建议: where somebody would like a place; what became of it is told."""

    TRANSITIONS = SUGGESTION_TRANSITIONS

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT throughout: whoever suggested it may ask years later.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    town = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    address = models.CharField(_("建议地点"), max_length=120)
    reason = models.TextField(_("理由"), max_length=1000)
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    latitude = models.FloatField(_("纬度"), null=True, blank=True)
    system = models.CharField(_("坐标系"), max_length=6, choices=System, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=SuggestionState, default=SuggestionState.WAITING)
    answer = models.CharField(_("答复"), max_length=200, blank=True)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="suggestions")
    suggested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    suggested_at = models.DateTimeField(_("建议时间"), default=timezone.now)
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = InDistrict.as_manager()

    class Meta:
        verbose_name = _("选址建议")
        ordering = ["-suggested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(place__isnull=False), name="suggestion_adopted_has_a_place"
            )
        ]
        triggers = database_guard(SUGGESTION_TRANSITIONS, born="NEW.state = 'waiting'")

    def __str__(self) -> str:
        return self.address
