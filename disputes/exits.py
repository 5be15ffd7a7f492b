"""Which ways an agreement opens: the rules are those of ``disputes.law.routes``, here are the facts of a case for them."""

from __future__ import annotations

import datetime

from django.utils import timezone

from unionops.china.days import working_calendar

from .enums import ConfirmationKind, ConfirmationState, DisputeState, ObligationKind
from .law import routes
from .law.routes import AgreementFacts, Openness
from .models import Agreement, Centre, Dispute, centre_of

# The way of law.routes that each kind of confirmation takes.
WAYS = {
    ConfirmationKind.ARBITRATION_REVIEW: routes.Route.ARBITRATION_REVIEW,
    ConfirmationKind.JUDICIAL: routes.Route.JUDICIAL_CONFIRMATION,
    ConfirmationKind.PAYMENT_ORDER: routes.Route.PAYMENT_ORDER,
}
assert set(WAYS) == set(ConfirmationKind), "every confirmation takes a way"


def agreement_facts(dispute: Dispute, agreement: Agreement, centre: Centre | None = None) -> AgreementFacts:
    """What the law asks of an agreement that has effect; two queries, and one for the centre if none is given.

    * only an act, such as seeing to a registration, is more than 给付: money, papers and things are delivered;
    * a date counts as not kept when somebody has recorded the breach.
    """
    assert agreement.effective_on is not None
    centre = centre or centre_of(dispute.organisation)
    obligations = list(agreement.obligations.all())
    confirmed = {
        confirmation.kind: confirmation.decided_on
        for confirmation in agreement.confirmations.all()
        if confirmation.state == ConfirmationState.CONFIRMED
    }
    broken = [obligation.due_on for obligation in obligations if obligation.fulfilled_on is None]
    return AgreementFacts(
        effective_on=agreement.effective_on,
        causes=frozenset({dispute.cause}),
        only_payment=all(obligation.kind != ObligationKind.ACT for obligation in obligations),
        by_people_committee=centre.is_people_committee,
        # A court that commissioned the case has listed who mediates it.
        by_court_listed_org=centre.is_court_listed or bool(dispute.commission_number),
        court_confirmed_on=confirmed.get(ConfirmationKind.JUDICIAL),
        reviewed_on=confirmed.get(ConfirmationKind.ARBITRATION_REVIEW),
        due_on=min(broken, default=None) if dispute.state == DisputeState.BREACHED else None,
    )


def ways(dispute: Dispute, agreement: Agreement, on: datetime.date | None = None) -> list[Openness]:
    """Every way of confirmation and of relief, open or with the reasons against it."""
    facts, day, calendar = agreement_facts(dispute, agreement), on or timezone.localdate(), working_calendar()
    return [*routes.confirmations(facts, day, calendar), *routes.reliefs(facts, day, calendar)]


def reasons_against(dispute: Dispute, agreement: Agreement, kind: str) -> tuple[str, ...]:
    """Why a kind of confirmation is not open, whatever the day: too late is for the body to decide, not for us."""
    facts = agreement_facts(dispute, agreement)
    day = timezone.localdate()
    if facts.due_on is not None:
        day = max(day, facts.due_on + datetime.timedelta(days=1))
    return routes.against(WAYS[ConfirmationKind(kind)], facts, day)
