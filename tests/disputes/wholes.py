"""One of each thing that hangs on a dispute, and many of each, for the walks over every address of the API."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from disputes.actions import agreements, appointments, confirmations, sessions
from disputes.actions.intake import PartyDraft
from disputes.enums import DisputeState, Side
from disputes.models import (
    Agreement,
    Appointment,
    Confirmation,
    Dispute,
    Obligation,
    Party,
    Room,
    Session,
)
from tests.disputes import stories
from tests.disputes.stories import Hall

RESOURCES = ("disputes", "parties", "sessions", "agreements", "obligations", "confirmations", "appointments")
_serial = itertools.count(1)


def one_of_each(hall: Hall, **applicant: object) -> dict[str, object]:
    """The keys of a case under performance with all that hangs on it, by the word in the address."""
    worker = {"name": "沈月琴", "phone": "13812345678", "amount": stories.TOTAL} | applicant
    parties = [
        PartyDraft(side=Side.APPLICANT, **worker),  # type: ignore[arg-type]
        PartyDraft(side=Side.RESPONDENT, enterprise=hall.world.enterprise, legal_representative=str(worker["name"])),
    ]
    case = stories.mediating(hall, parties=parties)
    room = appointments.open_room(hall.centre, by=hall["head"], name="第一调解室")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    booked = appointments.book(
        case, by=hall["mediator"], room=room, starts_at=tomorrow, ends_at=tomorrow + datetime.timedelta(hours=1)
    )
    both = sessions.hold_session(
        case, by=hall["mediator"], kind="face_to_face", text=f"{worker['name']}当面谈", present=["调解员"]
    )
    stories.talked_alone(hall, case, Side.APPLICANT, "24999")
    agreements.agree(case, by=hall["mediator"], **stories.terms(case))  # type: ignore[arg-type]
    agreement = case.agreements.get()
    stories.sign(agreement, by=hall["mediator"])
    agreements.make_effective(case, by=hall["case_clerk"])
    asked = confirmations.apply(
        case, by=hall["case_clerk"], kind="arbitration_review", body="区仲裁委", applied_on=stories.today()
    )
    return {
        "disputes": case.pk,
        "parties": case.parties.get(side=Side.APPLICANT).pk,
        "sessions": both.pk,
        "agreements": agreement.pk,
        "obligations": agreement.obligations.get(instalment=1).pk,
        "confirmations": asked.pk,
        "appointments": booked.pk,
    }


def fill(hall: Hall, resource: str, numbers: Iterable[int]) -> None:
    """More rows of a resource, each hanging on a case of its own; written without the steps, which cost time."""
    for _number in numbers:
        case = _case(hall)
        match resource:
            case "parties":
                Party.objects.create(dispute=case, side=Side.THIRD, position=1, kind="person", name="王建国")
            case "sessions":
                Session.objects.create(
                    dispute=case, number=1, kind="online", held_at=timezone.now(), recorded_by=hall.world.people["head"]
                )
            case "agreements" | "obligations" | "confirmations":
                _agreement(hall, case, confirmed=resource == "confirmations")
            case "appointments":
                room = Room.objects.create(organisation=hall.centre, name=f"室{next(_serial)}")
                start = timezone.now() + datetime.timedelta(hours=next(_serial))
                Appointment.objects.create(
                    dispute=case, room=room, mediator=hall.world.people["mediator"], kind="online", starts_at=start,
                    ends_at=start + datetime.timedelta(minutes=30), made_by=hall.world.people["head"],
                )  # fmt: skip


def _case(hall: Hall) -> Dispute:
    number = next(_serial)
    return Dispute.objects.create(
        district=hall.world.district, number=f"越工调〔2025〕第{number:04d}号", title=f"王建国与恒润纺织：拖欠工资 {number}",
        organisation=hall.centre, source="window", application_form="written", received_on=stories.today(),
        registered_by=hall.world.people["head"], cause="pay_arrears", claims="支付工资", rule_profile="zj_org",
        state=DisputeState.REGISTERED,
    )  # fmt: skip


def _agreement(hall: Hall, case: Dispute, *, confirmed: bool) -> None:
    worker, firm = (
        Party.objects.create(dispute=case, side=side, position=1, kind="person", name=name)
        for side, name in ((Side.APPLICANT, "王建国"), (Side.RESPONDENT, "李海燕"))
    )
    agreement = Agreement.objects.create(
        dispute=case, version=1, result="支付", way="转账", total=Decimal("1.00"), drafted_by=hall.world.people["mediator"]
    )  # fmt: skip
    today = stories.today()
    Obligation.objects.create(
        agreement=agreement,
        position=1,
        debtor=firm,
        creditor=worker,
        kind="pay",
        what="支付",
        amount=Decimal("1.00"),
        due_on=today,
    )
    if confirmed:
        agreement.applicant_signed_on = agreement.respondent_signed_on = agreement.mediator_signed_on = today
        agreement.sealed_on = agreement.effective_on = today
        agreement.save()
        Confirmation.objects.create(
            agreement=agreement,
            kind="judicial",
            body="区人民法院",
            applied_on=today,
            applied_by=hall.world.people["head"],
        )
