"""The published result: 50 cases accepted and a success rate over 85 %, from April to October 2023, as its register kept it."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b

from django.utils import timezone

from unionops.casework.deadlines import working_days
from unionops.casework.numbering import take_numbers
from unionops.org.events import event_of
from unionops.org.models import Enterprise, Event
from visits.demo.district import CENTRE, Demo
from visits.demo.names import people
from visits.enums import ImportState
from visits.models import LedgerImport

from ..actions.intake import spell_number
from ..causes import Cause
from ..enums import (
    RETENTION_YEARS,
    ApplicationForm,
    DisputeState,
    FailReason,
    ObligationKind,
    Outcome,
    PartyKind,
    RuleProfile,
    Side,
    Source,
)
from ..models import Agreement, Dispute, Obligation, Party

SEED = 20231114
FIRST, LAST = datetime.date(2023, 4, 10), datetime.date(2023, 10, 20)
ACCEPTED = 50
# 43 of 50 accepted are 86 %; 43 of the 49 that were mediated to an end are 87.76 %.
OUTCOMES = (
    (Outcome.AGREED, 40), (Outcome.SETTLED, 3), (Outcome.FAILED, 6), (Outcome.WITHDRAWN, 1),
)  # fmt: skip
assert sum(count for _outcome, count in OUTCOMES) == ACCEPTED
CAUSES = (
    Cause.PAY_ARREARS, Cause.PAY_ARREARS, Cause.PAY_ARREARS, Cause.PAY_OVERTIME, Cause.COMP_SEVERANCE, Cause.COMP_ILLEGAL,
    Cause.PAY_DOUBLE, Cause.SI_INJURY, Cause.CON_TERMINATE, Cause.PAY_LEAVE, Cause.NEW_PAY, Cause.PART,
)  # fmt: skip
SOURCES = (Source.WINDOW, Source.WINDOW, Source.VISIT, Source.HOTLINE, Source.COURT, Source.INSPECTION)
# One agreement in ten was paid late.
LATE_ONE_IN = 10


def write_published(demo: Demo) -> None:
    """Whole tables at a time: cases, parties, agreements, what was owed and paid, and one line of timeline each."""
    pick = random.Random(SEED)  # noqa: S311 -- the same result on every machine, nothing secret
    record = _register_of(demo)
    cases = _cases(demo, pick, record)
    Dispute.objects.bulk_create(cases)
    firms = {case.pk: pick.choice(demo.firms) for case in cases}
    parties = _parties(cases, firms, people(pick, ACCEPTED))
    Party.objects.bulk_create(parties)
    _write_agreements(demo, pick, [case for case in cases if case.outcome == Outcome.AGREED], parties)
    Event.objects.bulk_create(
        event_of(
            case, "register", by=demo.system, data={"source": case.get_source_display(), "version": 1},
            now=case.registered_at,
        )
        for case in cases
    )  # fmt: skip


def _register_of(demo: Demo) -> LedgerImport:
    name = "八字桥工作室调解登记-2023"
    closed = _noon(datetime.date(2023, 11, 10))
    record = LedgerImport.objects.create(
        district=demo.district, file_name=f"{name}.xlsx", sha256=blake2b(name.encode(), digest_size=32).hexdigest(),
        sort="disputes", state=ImportState.DONE, progress=100, finished_at=closed, created_by=demo.people["desk"],
        summary={"figures": {"disputes": ACCEPTED}, "refused": []},
    )  # fmt: skip
    LedgerImport.objects.filter(pk=record.pk).update(created_at=closed)
    return record


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


def _cases(demo: Demo, pick: random.Random, record: LedgerImport) -> list[Dispute]:
    outcomes = [outcome for outcome, count in OUTCOMES for _case in range(count)]
    pick.shuffle(outcomes)
    open_days = list(working_days(FIRST, LAST))
    days = sorted(pick.choices(open_days, k=ACCEPTED))
    numbers = take_numbers(demo.district, "越工调", FIRST.year, ACCEPTED)
    mediators = [demo.people["mediator"], demo.people["mediator02"]]
    cases = []
    for day, number, outcome in zip(days, numbers, outcomes, strict=True):
        accepted = day + datetime.timedelta(days=pick.randrange(0, 3))
        ended = day + datetime.timedelta(days=pick.randrange(4, 15))
        closed = ended + datetime.timedelta(days=pick.randrange(20, 34))
        cause, source = pick.choice(CAUSES), pick.choice(SOURCES)
        count = pick.choice((1, 1, 1, 1, 1, 2, 3, 4, 14))
        cases.append(
            Dispute(
                district=demo.district, organisation=demo.departments[CENTRE], number=spell_number("越工调", day.year, number),
                title="", registered_at=_noon(day), registered_by=demo.people["desk"], state=DisputeState.ARCHIVED,
                state_since=_noon(closed), closed_at=_noon(closed), source=source,
                application_form=ApplicationForm.COMMISSION if source == Source.COURT else ApplicationForm.WRITTEN,
                received_on=day, accepted_on=accepted, ended_on=ended, outcome=outcome, cause=cause,
                claims=f"请求处理{Cause(cause).label}争议", people_count=count, is_collective=count >= 10,
                amount_claimed=Decimal(pick.randrange(20, 400) * 100 * count), rule_profile=RuleProfile.ZJ_ORG,
                new_employment=cause == Cause.NEW_PAY, mediator=pick.choice(mediators),
                fail_reason=pick.choice(FailReason.values) if outcome == Outcome.FAILED else "",
                keep_until=datetime.date(ended.year + RETENTION_YEARS, 12, 31), ledger_import=record,
                town=demo.towns[number % len(demo.towns)],
            )
        )  # fmt: skip
    return cases


def _parties(cases: Sequence[Dispute], firms: Mapping[uuid.UUID, Enterprise], names: Sequence[str]) -> list[Party]:
    """Both sides; the title of the case is made of their names, as the register has it."""
    parties = []
    for case, name in zip(cases, names, strict=True):
        firm = firms[case.pk]
        more = f"等 {case.people_count} 人" if case.people_count > 1 else ""
        case.title, case.town_id = f"{name}{more}与{firm.name}：{Cause(case.cause).label}"[:120], firm.town_id
        consent = {"consent": "given", "consent_on": case.accepted_on, "consent_way": "phone"}
        parties += [
            Party(
                dispute=case, side=Side.APPLICANT, position=1, kind=PartyKind.PERSON, name=name, amount=case.amount_claimed,
                **consent,
            ),
            Party(
                dispute=case, side=Side.RESPONDENT, position=1, kind=PartyKind.ENTERPRISE, name=firm.name, enterprise=firm,
                credit_code=firm.credit_code or "", **consent,
            ),
        ]  # fmt: skip
    Dispute.objects.bulk_update(cases, ["title", "town"])
    return parties


def _write_agreements(demo: Demo, pick: random.Random, cases: Sequence[Dispute], parties: Sequence[Party]) -> None:
    """An agreement takes effect when what it lays down is there: written, then put in force, then performed."""
    sides = {(party.dispute_id, party.side): party for party in parties}
    agreements, owed = [], []
    for number, case in enumerate(cases):
        assert case.ended_on is not None
        total = (case.amount_claimed * pick.randrange(60, 101) / 100).quantize(Decimal("0.01"))
        day = case.ended_on
        agreement = Agreement(
            dispute=case, version=1, result="被申请人一次付清，双方再无争议", way="银行转账", total=total, drafted_by=case.mediator,
            drafted_at=_noon(day), applicant_signed_on=day, respondent_signed_on=day, mediator_signed_on=day, sealed_on=day,
        )  # fmt: skip
        agreements.append(agreement)
        due = day + datetime.timedelta(days=pick.choice((0, 0, 0, 7, 15, 30)))
        late = datetime.timedelta(days=9 if number % LATE_ONE_IN == 0 else 0)
        owed.append(
            Obligation(
                agreement=agreement, position=1, debtor=sides[case.pk, Side.RESPONDENT],
                creditor=sides[case.pk, Side.APPLICANT], kind=ObligationKind.PAY, what=f"支付{Cause(case.cause).label}",
                amount=total, due_on=due, fulfilled_on=due + late, fulfilment_recorded_by=demo.people["desk"],
                proof_note="银行回单",
            )
        )  # fmt: skip
    Agreement.objects.bulk_create(agreements)
    Obligation.objects.bulk_create(owed)
    for agreement in agreements:
        agreement.effective_on = agreement.sealed_on
    Agreement.objects.bulk_update(agreements, ["effective_on"])
