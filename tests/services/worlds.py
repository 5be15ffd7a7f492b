"""A programme of each shape in the small district, for whoever tests services."""

from __future__ import annotations

import datetime
import itertools
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from services.actions import cases
from services.claims.models import Claim
from services.enums import Applicant, Shape
from services.models import BudgetLine, Parameter, Programme
from tests.world import World
from unionops.china.identity import check_digit
from visits.enums import IssueState
from visits.models import Issue

_serial = itertools.count(1)
# A claim with every step that the shape has but the visit to the home.
CLAIM_STEPS = [
    "check",
    "verify",
    "publish",
    "clear",
    "approve",
    "pay",
    "confirm_paid",
    "sign",
    "object",
    "settle_objection",
    "bank_return",
    "pay_again",
]
# Long enough ago for a publication of five working days to be over.
A_MONTH_AGO = timedelta(days=30)


def make_programme(world: World, shape: str = Shape.CLAIM, **fields: Any) -> Programme:
    number = next(_serial)
    values: dict[str, Any] = {
        "district": world.district,
        "code": f"test_{shape}_{number}",
        "prefix": f"Q{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}",
        "shape": shape,
        "name": f"试办项目{number}",
        "organisation": world.other_department,
        "applicants": [Applicant.PERSON, Applicant.ENTERPRISE],
        "steps": CLAIM_STEPS if shape == Shape.CLAIM else [],
    }
    values |= fields
    if "audit" in values["steps"]:
        values.setdefault("audit_organisation", world.other_department)
    return Programme.objects.create(**values)


def make_issue(world: World) -> Issue:
    return world.issue(IssueState.HANDLING, handler=world.people["handler"])


def make_line(world: World, *programmes: Programme, total: int = 100_000, name: str = "帮扶资金") -> BudgetLine:
    line, _made = BudgetLine.objects.get_or_create(
        district=world.district, year=timezone.localdate().year, name=name,
        defaults={"source": "区级财政", "total": Decimal(total)},
    )  # fmt: skip
    line.programmes.add(*programmes)
    return line


def number_of(serial: int) -> str:
    """The identity number of one more woman who was born on the first of May 1980."""
    first = f"33060219800501{serial:02d}2"
    return first + check_digit(first)


def make_standard(world: World, value: int = 1062, since: datetime.date = datetime.date(2025, 1, 1)) -> Parameter:
    found, _made = Parameter.objects.get_or_create(
        district=world.district, code="subsistence_standard", valid_from=since,
        defaults={"name": "低保标准", "value": value, "unit": "元/月", "source": "浙民助〔2025〕1号"},
    )  # fmt: skip
    return found


def publish_and_clear(claim: Claim, world: World, **fields: Any) -> Claim:
    """Hung up a month ago and taken down today."""
    then = timezone.now() - A_MONTH_AGO
    claim = cases.take(claim, "publish", by=world["officer"], now=then, complaint_phone="85120000", **fields)
    return cases.take(claim, "clear", by=world["officer"])
