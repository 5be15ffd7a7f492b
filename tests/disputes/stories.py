"""A centre with its people and partners, and cases that were brought into each state by the actions themselves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from disputes.actions import agreements, intake, sessions, steps
from disputes.actions.agreements import ObligationDraft
from disputes.actions.intake import DisputeDraft, PartyDraft
from disputes.actions.sessions import OfferDraft
from disputes.actions.team import MemberDraft
from disputes.enums import AgentKind, DisputeState, Mark, Power, Seat, Side
from disputes.models import Agent, Agreement, Dispute, Party
from tests.world import World, make_organisation, make_user, make_world
from unionops.casework.attachments import attach
from unionops.casework.models import Attachment
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Organisation, User

S = DisputeState
TOTAL = Decimal("25000.00")
__all__ = ["AgentKind", "Hall", "make_hall"]


def today() -> datetime.date:
    return timezone.localdate()


def days(count: int) -> datetime.timedelta:
    return datetime.timedelta(days=count)


@dataclass
class Hall:
    world: World
    centre: Organisation
    court: Organisation
    bureau: Organisation

    def __getitem__(self, name: str) -> User:
        return self.world[name]


def make_hall(world: World | None = None) -> Hall:
    return hall_of(world or make_world())


def hall_of(world: World) -> Hall:
    """The people of the centre and of its partners join a district, once."""
    # Accounts of another district have a prefix.
    prefix = world.people["mediator"].username.removesuffix("mediator")
    centre = world["mediator"].postings.get().organisation
    if "case_clerk" in world.people:
        court, bureau = (world[name].postings.get().organisation for name in ("judge", "arbitrator"))
        return Hall(world, centre, court, bureau)
    court = make_organisation(OrganisationKind.AGENCY, "区人民法院", world.district)
    bureau = make_organisation(OrganisationKind.AGENCY, "区人社局", world.district)
    for key, role, place in (
        ("head", Role.HEAD, centre),
        ("case_clerk", Role.HANDLER, centre),
        ("second_mediator", Role.MEDIATOR, centre),
        ("judge", Role.PARTNER, court),
        ("arbitrator", Role.PARTNER, bureau),
        ("worker_side", Role.OFFICER, world.department),
        ("firm_side", Role.PARTNER, bureau),
    ):
        world.people[key] = make_user(f"{prefix}{key}", role, place)
    return Hall(world, centre, court, bureau)


def draft(hall: Hall, **fields: object) -> DisputeDraft:
    values: dict[str, object] = {
        "organisation": hall.centre,
        "source": "window",
        "cause": "si_maternity",
        "claims": "支付生育津贴 25000 元",
        "facts": "产假后没有收到生育津贴。",
        "received_on": today() - days(5),
        "parties": [
            PartyDraft(
                side=Side.APPLICANT, name="沈月琴", identity="330602196501010012", phone="13812345678",
                address="越城区斗门街道越西路18号", amount=TOTAL,
            ),
            PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise, legal_representative="王建国"),
        ],
    }  # fmt: skip
    return DisputeDraft(**(values | fields))  # type: ignore[arg-type]


def registered(hall: Hall, **fields: object) -> Dispute:
    return intake.register(draft(hall, **fields), by=hall["case_clerk"])


def consent(hall: Hall, case: Dispute) -> Dispute:
    for side in (Side.APPLICANT, Side.RESPONDENT):
        answer(hall, case, side)
    case.refresh_from_db()
    return case


def answer(hall: Hall, case: Dispute, side: str) -> None:
    """All of one side will be mediated."""
    for party in case.parties.filter(side=side):
        intake.record_consent(party, by=hall["case_clerk"], given=True, on=today(), way="phone")


def ask(hall: Hall, case: Dispute) -> Dispute:
    return steps.ask_consent(case, by=hall["case_clerk"], way="phone", contacted_on=today(), person="人事经理")


def asked(hall: Hall, **fields: object) -> Dispute:
    return consent(hall, ask(hall, registered(hall, **fields)))


def accepted(hall: Hall, **fields: object) -> Dispute:
    return steps.accept(asked(hall, **fields), by=hall["case_clerk"], scope_checked=True)


def members(hall: Hall) -> list[MemberDraft]:
    return [
        MemberDraft(user=hall["mediator"]),
        MemberDraft(user=hall["worker_side"], seat=Seat.UNION, side=Side.APPLICANT),
        MemberDraft(user=hall["firm_side"], seat=Seat.LAWYER, side=Side.RESPONDENT),
        MemberDraft(user=hall["judge"], seat=Seat.JUDGE),
    ]


def mediating(hall: Hall, **fields: object) -> Dispute:
    case = accepted(hall, **fields)
    return steps.assign(case, by=hall["head"], members=members(hall), recusal_checked=True)


def suspended(hall: Hall) -> Dispute:
    return steps.suspend(mediating(hall), by=hall["head"], reason="appraisal")


def obligations(case: Dispute, *, first: datetime.date | None = None) -> list[ObligationDraft]:
    """The worker brings her papers, the firm pays in two instalments."""
    worker, firm = case.parties.get(side=Side.APPLICANT), case.parties.get(side=Side.RESPONDENT)
    first = first or today() + days(10)
    return [
        ObligationDraft(debtor=worker, creditor=firm, kind="deliver", what="提供生育医疗证明", due_on=first),
        ObligationDraft(
            debtor=firm, creditor=worker, what="首期", amount=Decimal("10000.00"), instalment=1, due_on=first
        ),
        ObligationDraft(
            debtor=firm, creditor=worker, what="末期", amount=Decimal("15000.00"), instalment=2, due_on=first + days(20)
        ),
    ]


def terms(case: Dispute, **fields: object) -> dict[str, object]:
    return {
        "result": "单位分两期支付生育津贴", "way": "银行转账", "total": TOTAL, "obligations": obligations(case),
    } | fields  # fmt: skip


def agreed(hall: Hall, **fields: object) -> Dispute:
    case = mediating(hall)
    agreements.agree(case, by=hall["mediator"], **terms(case, **fields))  # type: ignore[arg-type]
    return fresh(case)


def marked(hall: Hall, **fields: object) -> Dispute:
    case = agreed(hall, **fields)
    sign(case.agreements.get(), by=hall["mediator"])
    return fresh(case)


def page_of(case: Dispute, by: User, words: str = "四方签章") -> Attachment:
    """A scanned page in the file of a case."""
    return attach(case, SimpleUploadedFile("签章页.txt", words.encode()), by=by)


def sign(agreement: Agreement, *, by: User, now: datetime.datetime | None = None) -> Agreement:
    """All four marks stand on one page."""
    now = now or timezone.now()
    return agreements.record_marks(
        agreement, by=by, marks=list(Mark), on=timezone.localdate(now), scan=page_of(agreement.dispute, by), now=now
    )


def effective(hall: Hall, **fields: object) -> Dispute:
    return agreements.make_effective(marked(hall, **fields), by=hall["case_clerk"])


def all_fulfilled(hall: Hall) -> Dispute:
    """Effective, everything performed, and not yet said to be finished."""
    case = effective(hall)
    fulfil_all(hall, case)
    return fresh(case)


def fulfil_all(hall: Hall, case: Dispute) -> None:
    for obligation in case.agreements.get(effective_on__isnull=False).obligations.filter(fulfilled_on=None):
        agreements.fulfil(obligation, by=hall["case_clerk"], on=today(), proof_note="银行回单")


def finished(hall: Hall) -> Dispute:
    return agreements.finish(all_fulfilled(hall), by=hall["case_clerk"])


# What is said of a file that lacks papers which nobody of these stories has made.
LACKS = "当事人没有提供，文书没有制作"
LATER = datetime.timedelta(days=15)


def overdue(hall: Hall) -> Dispute:
    """Effective, its first date past as seen from LATER, and the debtor pressed."""
    case = effective(hall)
    obligation = case.agreements.get().obligations.get(instalment=1)
    now = timezone.now() + LATER
    agreements.press(obligation, by=hall["case_clerk"], on=timezone.localdate(now), way="phone", now=now)
    return fresh(case)


def breached(hall: Hall) -> Dispute:
    return agreements.breach(overdue(hall), by=hall["case_clerk"], now=timezone.now() + LATER)


def failed(hall: Hall) -> Dispute:
    return steps.fail(mediating(hall), by=hall["mediator"], reason="gap")


def withdrawn(hall: Hall) -> Dispute:
    return steps.withdraw(mediating(hall), by=hall["mediator"], reason="双方已经和解", settled_privately=True)


def not_accepted(hall: Hall) -> Dispute:
    return steps.refuse(asked(hall), by=hall["case_clerk"], reason="no_consent", note="单位不同意，可以申请仲裁")


def transferred(hall: Hall) -> Dispute:
    return steps.transfer(mediating(hall), by=hall["head"], reason="inspection", to="区劳动监察大队")


def archived(hall: Hall) -> Dispute:
    return steps.archive(finished(hall), by=hall["case_clerk"], statement=LACKS)


IN_STATE = {
    S.REGISTERED: registered,
    S.CONSENT_PENDING: asked,
    S.ACCEPTED: accepted,
    S.NOT_ACCEPTED: not_accepted,
    S.MEDIATING: mediating,
    S.SUSPENDED: suspended,
    S.AGREED: marked,
    S.EFFECTIVE: effective,
    S.FULFILLED: finished,
    S.BREACHED: breached,
    S.FAILED: failed,
    S.WITHDRAWN: withdrawn,
    S.TRANSFERRED: transferred,
    S.ARCHIVED: archived,
}


def represented(hall: Hall, party: Party) -> Agent:
    """A lawyer speaks for a party, by a special power."""
    return intake.add_agent(
        party, by=hall["case_clerk"], kind=AgentKind.LAWYER, name="高明", firm="越州律师事务所", phone="13900002222",
        power=Power.SPECIAL, valid_from=today(),
    )  # fmt: skip


def talked_alone(hall: Hall, case: Dispute, side: str, amount: str) -> object:
    """Back to back with one side, which says how far it would go."""
    return sessions.hold_session(
        case, by=hall["mediator"], kind="back_to_back", side_heard=side, text=f"{side} 的底线", present=["调解员"],
        offers=[OfferDraft(side=side, kind="demand" if side == Side.APPLICANT else "offer", amount=Decimal(amount))],
    )  # fmt: skip


def fresh(case: Dispute) -> Dispute:
    return Dispute.objects.get(pk=case.pk)
