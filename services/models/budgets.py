from __future__ import annotations

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User

from .programmes import Programme


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(district__in=user.scope.member_of)


class BudgetLine(models.Model):
    """预算科目: money of a year for programmes. What is promised and what is paid never exceed it (domain 4.16)."""

    # PROTECT: payments point at it.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="budget_lines")
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("科目"), max_length=60)
    # 中央财政、省、市、区、工会经费、社会捐助.
    source = models.CharField(_("资金来源"), max_length=40)
    programmes = models.ManyToManyField(Programme, verbose_name=_("适用项目"), related_name="budget_lines", blank=True)
    total = models.DecimalField(_("预算（元）"), max_digits=14, decimal_places=2)
    # Approved and not yet paid; paid. Both are moved by actions/budgets.py under the lock of this row.
    promised = models.DecimalField(_("已批未付（元）"), max_digits=14, decimal_places=2, default=0)
    paid = models.DecimalField(_("已付（元）"), max_digits=14, decimal_places=2, default=0)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("预算科目")
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["district", "year", "name"], name="budget_line_once"),
            models.CheckConstraint(
                condition=Q(promised__gte=0) & Q(paid__gte=0) & Q(total__gte=F("promised") + F("paid")),
                name="budget_line_not_overdrawn",
                violation_error_message=_("预算不够。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.name}"

    @property
    def left(self) -> Decimal:
        return self.total - self.promised - self.paid
