"""A programme of each shape in the small district, for whoever tests services."""

from __future__ import annotations

import itertools
from typing import Any

from services.enums import Applicant, Shape
from services.models import Programme
from tests.world import World
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
]


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
    return Programme.objects.create(**(values | fields))


def make_issue(world: World) -> Issue:
    return world.issue(IssueState.HANDLING, handler=world.people["handler"])
