"""Spring of 2026 at the centre: a case that was settled and paid at once, one that failed, a collective one that drags on."""

from __future__ import annotations

import datetime
from decimal import Decimal

from disputes.actions import agreements, care, confirmations, intake, steps
from disputes.actions.agreements import ObligationDraft
from disputes.actions.intake import PartyDraft
from disputes.actions.team import MemberDraft
from disputes.enums import Seat, Side
from disputes.models import Dispute
from tests.disputes.stories import Hall, draft, make_hall, sign
from tests.world import World

TZ = datetime.timezone(datetime.timedelta(hours=8))
PAID = Decimal("25000.00")


def at(month: int, day: int, hour: int = 10) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, tzinfo=TZ)


def mediate(world: World) -> World:
    hall = make_hall(world)
    case = accepted(hall, at(3, 2), at(3, 4))
    assign(hall, case, at(3, 5))
    settle(hall, case, at(3, 10))
    failing = accepted(hall, at(3, 9), at(3, 11), cause="pay_overtime", parties=_between("陈立强", world, "8000"))
    assign(hall, failing, at(3, 12))
    steps.fail(failing, by=hall["mediator"], reason="gap", now=at(3, 20))
    accepted(
        hall,
        at(4, 1),
        at(4, 3),
        cause="pay_arrears",
        people_count=12,
        source="visit",
        parties=_between("王建国", world, "96000"),
    )
    return world


def _between(name: str, world: World, amount: str) -> list[PartyDraft]:
    return [
        PartyDraft(side=Side.APPLICANT, name=name, amount=Decimal(amount)),
        PartyDraft(side=Side.RESPONDENT, enterprise=world.enterprise),
    ]


def accepted(hall: Hall, received: datetime.datetime, now: datetime.datetime, **fields: object) -> Dispute:
    by, day = hall["case_clerk"], received.date()
    case = intake.register(draft(hall, received_on=day, **fields), by=by, now=received)
    case = steps.ask_consent(case, by=by, way="phone", contacted_on=day, person="人事经理", now=received)
    for party in case.parties.all():
        intake.record_consent(party, by=by, given=True, on=now.date(), way="phone", now=now)
    return steps.accept(case, by=by, scope_checked=True, now=now)


def assign(hall: Hall, case: Dispute, now: datetime.datetime) -> None:
    members = [MemberDraft(user=hall["mediator"]), MemberDraft(user=hall["judge"], seat=Seat.JUDGE)]
    steps.assign(case, by=hall["head"], members=members, recusal_checked=True, now=now)


def settle(hall: Hall, case: Dispute, now: datetime.datetime) -> None:
    """Agreed, marked, in force and paid on one day; confirmed by the arbitration and asked about afterwards."""
    worker, firm = case.parties.get(side=Side.APPLICANT), case.parties.get(side=Side.RESPONDENT)
    by, day = hall["case_clerk"], now.date()
    owed = [ObligationDraft(debtor=firm, creditor=worker, what="支付生育津贴", amount=PAID, due_on=day)]
    agreement = agreements.agree(
        case, by=hall["mediator"], result="一次付清", way="银行转账", total=PAID, obligations=owed, now=now
    )
    sign(agreement, by=hall["mediator"], now=now)
    agreements.make_effective(case, by=by, now=now)
    agreements.fulfil(agreement.obligations.get(), by=by, on=day, proof_note="银行回单", now=now)
    asked = confirmations.apply(
        case, by=by, kind="arbitration_review", body="区仲裁委", applied_on=day, now=now + datetime.timedelta(days=1)
    )
    later = now + datetime.timedelta(days=6)
    confirmations.accept(asked, by=by, accepted_on=later.date(), now=later)
    confirmations.confirm(asked, by=by, decided_on=later.date(), number="越仲审〔2026〕1号", now=later)
    agreements.finish(case, by=by, now=later)
    for number, call in enumerate(care.follow_ups_of(case)):
        asked_at = later + datetime.timedelta(days=31 * number)
        care.settle_follow_up(case, call, by=by, way="phone", resolved=True, satisfaction="satisfied", now=asked_at)
