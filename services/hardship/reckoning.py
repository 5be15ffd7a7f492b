"""From what stands in a file to its category, by the standard that is in force."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from unionops.org.errors import ActionError

from ..models import Parameter
from ..models.parameters import parameter, value_of
from .arithmetic import ACCIDENT_SHARE, RELATIVE_FACTOR, Judged, judge
from .enums import INCOME, RIGID, Category
from .models import HouseholdFile

STANDARD = "subsistence_standard"
# What a file of a category is given at most when it is opened; nothing is worked out where nobody has set it.
LIVING_AID = {Category.DEEP: "living_aid_deep", Category.RELATIVE: "living_aid_relative", Category.ACCIDENTAL: "living_aid_accidental"}  # fmt: skip


@dataclass(frozen=True)
class Weighed:
    income: Decimal
    rigid: Decimal
    people: int
    standard: Parameter
    judged: Judged


def standard_of(district_id: int, on: datetime.date) -> Parameter:
    found = parameter(district_id, STANDARD, on)
    if found is None:
        raise ActionError(
            _("还没有设低保标准，算不出困难类别。"), next_step=_("请系统管理员在“设置”的“标准和参数”里加上。")
        )
    return found


def weigh(file: HouseholdFile, on: datetime.date) -> Weighed:
    """Add up the year of the household and judge it; the applicant counts as one of the people."""
    sums = file.items.order_by().aggregate(
        income=Sum("amount", filter=Q(kind__in=INCOME)), rigid=Sum("amount", filter=Q(kind__in=RIGID))
    )
    income, rigid = sums["income"] or Decimal(0), sums["rigid"] or Decimal(0)
    people, standard = 1 + file.members.count(), standard_of(file.district_id, on)
    judged = judge(
        income, rigid, people, standard.value, accident_cost=file.accident_cost,
        factor=value_of(file.district_id, "hardship_relative_factor", on, RELATIVE_FACTOR),
        accident_share=value_of(file.district_id, "hardship_accident_share", on, ACCIDENT_SHARE),
    )  # fmt: skip
    return Weighed(income, rigid, people, standard, judged)
