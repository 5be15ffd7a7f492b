from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, User


class ParameterQuerySet(models.QuerySet["Parameter"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(district__in=user.scope.member_of)

    def on(self, day: datetime.date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))


class Parameter(models.Model):
    """A number that a government or the federation sets for a time: the subsistence standard, an amount of aid, a ratio.

    A case keeps the row that it was judged by; a new row never changes an old case.
    """

    # PROTECT: old cases point at it.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        verbose_name = _("参数")
        ordering = ["code", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="parameter_dates_in_order",
                violation_error_message=_("失效日期不能早于生效日期。"),
            ),
            ExclusionConstraint(
                name="parameter_one_at_a_time",
                expressions=[
                    ("district", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("同一参数在同一天只能有一个数值。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.value.normalize():f}"


def parameter(district_id: int, code: str, day: datetime.date) -> Parameter | None:
    """The row that is in force on the day."""
    return Parameter.objects.on(day).filter(district=district_id, code=code).first()


def value_of(district_id: int, code: str, day: datetime.date, default: Decimal) -> Decimal:
    found = parameter(district_id, code, day)
    return found.value if found else default
