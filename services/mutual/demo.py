"""The plan of the demo: 528 units with 29,428 people as they were reported, and two units with their lists (domain C41)."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal

from django.utils import timezone

from unionops.china.identity import check_digit, mask_identity
from visits.demo.district import Demo
from visits.demo.names import people

from ..actions import cases
from ..enums import Applicant
from ..models import Programme
from .enums import ITEMS, PROGRAMME, PlanState
from .models import Participant, Plan, UnitEnrolment

SEED = 20250101
UNITS, PEOPLE, FEE = 528, 29_428, Decimal(100)
LISTED, ON_A_LIST = 2, 24
# Of this year the claims were reported, not the units.
CLAIMED = 2024


def load(demo: Demo, now: datetime.datetime) -> None:
    programme = Programme.objects.filter(district=demo.district, code=PROGRAMME).first()
    if programme is None:
        return
    pick = random.Random(SEED)  # noqa: S311 -- the same result on every machine, nothing secret
    year = timezone.localtime(now).year
    listed: list[Participant] = []
    for covered in sorted({CLAIMED, year - 1, year}):
        plan = _plan(demo, programme, covered, year)
        if covered != CLAIMED:
            listed = _units(demo, plan, pick)
    _claim(demo, programme, listed, now)


def _plan(demo: Demo, programme: Programme, year: int, now: int) -> Plan:
    plan = Plan.objects.create(
        district=demo.district, programme=programme, year=year, name=f"{year} 年度职工医疗互助", starts_on=datetime.date(year, 1, 1),
        ends_on=datetime.date(year, 12, 31), enrol_until=datetime.date(year - 1, 12, 31), fee=FEE, fee_own=20, waiting_days=30,
        claim_days=180, deductible=500, share=50, illness_amount=5000, death_amount=2000, year_ceiling=20000, made_by=demo.system,
    )  # fmt: skip
    ended = [PlanState.ENDED] if year < now else []
    for state in (PlanState.OPEN, PlanState.CLOSED, PlanState.RUNNING, *ended):
        Plan.objects.filter(pk=plan.pk).update(state=state)
    return plan


def _units(demo: Demo, plan: Plan, pick: random.Random) -> list[Participant]:
    """As many as were reported in whatever year; the last two have lists."""
    shares = [PEOPLE // UNITS] * UNITS
    for at in range(PEOPLE - sum(shares)):
        shares[at] += 1
    # Differ as units do; the sum stays.
    for at in range(0, UNITS - LISTED - 1, 2):
        moved = pick.randrange(0, shares[at] - 5)
        shares[at], shares[at + 1] = shares[at] - moved, shares[at + 1] + moved
    for at in range(UNITS - LISTED, UNITS):
        shares[0] += shares[at] - ON_A_LIST
        shares[at] = ON_A_LIST
    entered = timezone.make_aware(datetime.datetime.combine(datetime.date(plan.year - 1, 12, 10), datetime.time(10)))
    rows = []
    for at, people_there in enumerate(shares):
        firm = demo.firms[at % len(demo.firms)]
        name = firm.name if at < len(demo.firms) else f"{firm.name}第{at // len(demo.firms) + 1}分会"
        rows.append(
            UnitEnrolment(
                plan=plan, district=demo.district, unit=name, covered_from=plan.starts_on, town_id=firm.town_id, members=people_there * 5 // 4, people=people_there, fee=plan.fee * people_there,
                paid_on=datetime.date(plan.year - 1, 12, 20), voucher=f"HZ{plan.year}{at:04d}", confirmed_by=demo.people["leader"],
                entered_by=demo.system, entered_at=entered,
            )
        )  # fmt: skip
    UnitEnrolment.objects.bulk_create(rows, batch_size=500)
    found: list[Participant] = []
    for unit in rows[-LISTED:]:
        for name in people(pick, ON_A_LIST):
            body = f"330602{pick.randrange(1965, 2004)}{pick.randrange(1, 13):02d}{pick.randrange(1, 29):02d}{len(found) + 1:03d}"
            number = body + check_digit(body)
            one = Participant(unit=unit, plan=plan, name=name)
            one.put("identity", number, mask_identity(number))
            found.append(one)
    Participant.objects.bulk_create(found)
    return found


def _claim(demo: Demo, programme: Programme, listed: list[Participant], now: datetime.datetime) -> None:
    """Somebody of a list who came out of hospital ten days ago."""
    one, days = listed[0], datetime.timedelta(days=10)
    cases.register(
        programme, by=demo.people["cadre"], applicant_kind=Applicant.PERSON, applicant_name=one.name, town=one.unit.town,
        identity=one.open("identity"), amount_asked=Decimal(3600), description="住院结算后申请，材料已交。", now=now - datetime.timedelta(days=2),
        extras={
            "plan_year": one.plan.year, "item": ITEMS[0], "discharged_on": timezone.localdate(now) - days, "total_cost": Decimal(21600),
            "own_cost": Decimal(7700), "unit": one.unit.unit,
        },
    )  # fmt: skip
