from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unionops.china.pinyin import pinyin_key

from ..enums import ROOT_KINDS, OrganisationKind
from .seen import Seen

if TYPE_CHECKING:
    from .accounts import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: User) -> Self:
        """Every organisation of the districts in which the person holds a posting today."""
        return self.filter(Q(district__in=user.scope.member_of) | Q(pk__in=user.scope.member_of))

    def valid_on(self, day: datetime.date) -> Self:
        return self.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).exclude(valid_to__lt=day)

    def towns(self) -> Self:
        return self.filter(kind=OrganisationKind.TOWN)

    def departments(self) -> Self:
        return self.filter(kind=OrganisationKind.DEPARTMENT)


class Organisation(Seen, models.Model):
    """A node of the tree; names change over the years, so each keeps its aliases and its dates."""

    SEEN = ("parent_id", "name", "short_name", "code", "aliases", "valid_from")

    kind = models.CharField(_("类别"), max_length=20, choices=OrganisationKind)
    # PROTECT: history points at organisations; they end by a date, never by deletion.
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("上级"), null=True, blank=True, related_name="+")
    # PROTECT: as above. Null for the district itself and for what stands above it.
    district = models.ForeignKey("self", models.PROTECT, verbose_name=_("所属区"), null=True, related_name="+")
    path = models.CharField(_("路径"), max_length=200, editable=False, default="")
    code = models.CharField(_("代码"), max_length=20, blank=True)
    name = models.CharField(_("名称"), max_length=100)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    aliases = ArrayField(models.CharField(max_length=100), verbose_name=_("曾用名和别名"), default=list, blank=True)
    pinyin = models.CharField(max_length=400, editable=False, default="")
    initials = models.CharField(max_length=120, editable=False, default="")
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("组织")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["district", "kind", "name"], name="organisation_unique_name"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="organisation_dates_in_order",
                violation_error_message=_("停用日期不能早于启用日期。"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ROOT_KINDS, district=None) | ~Q(kind__in=ROOT_KINDS),
                name="organisation_district_is_root",
            ),
        ]
        # Read by subtree filters and by the tree page.
        indexes = [models.Index(fields=["path"], name="organisation_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.short_name or self.name

    def set_names(self) -> None:
        """Derive the sort and search columns from the name."""
        self.pinyin, self.initials = pinyin_key(self.name)
