"""福利慰问: so much a year for a holiday and a birthday, so much each time; the same illness once a year (domain C51)."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from services import catalogue
from services.actions import cases
from services.actions.programmes import install
from services.claims.models import Claim
from services.models import Parameter, Programme
from tests.services.worlds import make_line
from tests.world import World
from unionops.org.errors import ActionError

pytestmark = pytest.mark.django_db

IDENTITY = "33060219900101001X"


@pytest.fixture
def benefits(world: World) -> Programme:
    install(world.district, [row for row in catalogue.rows() if row["code"] == "benefits"], by=world["admin"])
    Programme.objects.update(organisation=world.other_department)
    return Programme.objects.get(code="benefits")


def checked(world: World, programme: Programme, kind: str, **seen: Any) -> Claim:
    claim = cases.register(
        programme, by=world["cadre"], applicant_kind="person", applicant_name="陈桂芳", identity=IDENTITY, town=world.town,
        extras={"kind": kind, "event_on": timezone.localdate()},
    )  # fmt: skip
    return cases.take(
        claim, "check", by=world["officer"], papers=dict.fromkeys(programme.documents, "seen"), extras=seen
    )


def approved(world: World, claim: Claim, amount: int) -> Claim:
    line = make_line(world, claim.programme)
    return cases.take(claim, "approve", by=world["leader"], amount=Decimal(amount), budget_line=line)


def test_each_kind_has_its_most(world: World, benefits: Programme, client: Client) -> None:
    found = {kind: checked(world, benefits, kind).reckoned["amount"] for kind in ("节日", "生日", "结婚", "住院")}
    assert found == {"节日": "2200", "生日": "500", "结婚": "2000", "住院": "2000"}
    Parameter.objects.create(
        district=world.district, code="benefit_birthday", name="生日慰问", value=Decimal(300), unit="元", valid_from=datetime.date(2025, 1, 1),
    )  # fmt: skip
    claim = checked(world, benefits, "生日")
    assert Decimal(claim.reckoned["amount"]) == 300
    client.force_login(world["leader"])
    page = client.get(f"/services/claim/{claim.pk}/").content.decode()
    assert "一年最多 300.00 − 今年已有 0.00 = 300.00 元" in page
    assert "不发现金和购物卡" in client.get(f"/services/claim/{claim.pk}/steps/approve/").content.decode()


def test_a_year_has_so_much_in_all(world: World, benefits: Programme) -> None:
    # Both were looked at before either was approved: the second approval reckons anew.
    first, second = checked(world, benefits, "节日"), checked(world, benefits, "节日")
    approved(world, first, 1500)
    with pytest.raises(ActionError, match=r"700\.00 元，不能批得更多"):
        approved(world, second, 1500)
    assert approved(world, second, 700).amount == 700
    assert Decimal(checked(world, benefits, "节日").reckoned["amount"]) == 0
    # Another kind has its own.
    assert Decimal(checked(world, benefits, "生日").reckoned["amount"]) == 500


def test_the_same_illness_is_told_of_once_a_year(world: World, benefits: Programme) -> None:
    again = checked(world, benefits, "住院", same_illness="慰问过")
    assert Decimal(again.reckoned["amount"]) == 0
    with pytest.raises(ActionError, match="不能批得更多"):
        approved(world, again, 100)
