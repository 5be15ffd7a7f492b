"""Somebody at the public counter, and the hazard reports that are open there."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from services.actions import cases
from services.claims.models import Claim
from services.enums import Applicant, Shape
from services.models import BudgetLine, Programme
from services.outside.applying import HAZARDS
from tests.services.worlds import make_programme
from tests.world import World
from unionops.counter.models import OneTimeCode
from unionops.counter.visitors import Visitor

MOBILE = "13812340001"


def visitor(phone: str = MOBILE) -> Visitor:
    now = timezone.now()
    code = OneTimeCode(device="0" * 64, made_at=now, expires_at=now + datetime.timedelta(minutes=5), used_at=now)
    code.put("phone", phone, f"{phone[:3]}****{phone[-4:]}")
    code.save(force_insert=True)
    return Visitor(code)


def hazard_programme(world: World, **fields: Any) -> Programme:
    values: dict[str, Any] = {
        "code": HAZARDS, "name": "事故隐患有奖报告", "summary": "发现身边的隐患就报告", "group": "安全生产", "is_public": True,
        "is_confidential": True, "applicants": [Applicant.PERSON, Applicant.ANONYMOUS], "icon": "exclamation-triangle",
        "steps": ["check", "verify", "approve", "pay", "confirm_paid"],
        "names": {"state:checked": "已受理", "state:verified": "已查实", "state:approved": "奖励已批准", "next:approved": "请带编号和查询码来领奖。"},
        "fields": [
            {"key": "place", "label": "哪里", "kind": "text", "required": True},
            {"key": "grade", "label": "等级", "kind": "choice", "choices": ["可能导致事故", "可直接引发事故"], "at": "verify"},
            {"key": "insider", "label": "内部线索", "kind": "text", "public": False},
        ],
    }  # fmt: skip
    return make_programme(world, Shape.CLAIM, **(values | fields))


def verified_claim(world: World, case: Claim, reason: str = "") -> Claim:
    """Taken on, looked at and found to be so grave that it can directly cause an accident."""
    case = cases.take(case, "check", by=world["officer"], reason=reason)
    return cases.take(case, "verify", by=world["officer"], extras={"grade": "可直接引发事故"}, reason=reason)  # type: ignore[no-any-return]


def rewarded(world: World, case: Claim) -> Claim:
    """The leader approves what the rule gives."""
    line = BudgetLine.objects.create(
        district=world.district, year=2026, name="隐患奖励", source="工会经费", total=50_000
    )
    return cases.take(case, "approve", by=world["leader"], budget_line=line)  # type: ignore[no-any-return]
