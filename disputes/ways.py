"""What the law asks of an agreement of a case, read from its rows: which ways are open to it (disputes.law.routes)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from unionops.china.days import working_calendar

from .enums import ConfirmationKind, ConfirmationState, DisputeState, ObligationKind, Route
from .law import routes
from .law.routes import AgreementFacts
from .models import Agreement, Dispute, centre_of

# The ways that a broken agreement leaves, as the law names them.
LAWFUL = {
    Route.PAYMENT_ORDER: routes.Route.PAYMENT_ORDER,
    Route.ARBITRATION: routes.Route.ARBITRATION,
    Route.SUIT: routes.Route.PAY_SUIT,
    Route.ENFORCEMENT: routes.Route.ENFORCEMENT,
    Route.INSPECTION: routes.Route.INSPECTION,
}


class Way(NamedTuple):
    """A way, and why it is closed: an empty text where it is open."""

    route: Route
    reason: str


def agreement_facts(dispute: Dispute, agreement: Agreement) -> AgreementFacts:
    """What the routes ask of an agreement that has effect; a date is broken when somebody recorded the breach."""
    assert agreement.effective_on is not None
    centre = centre_of(dispute.organisation)
    obligations = list(agreement.obligations.all())
    decided: dict[str, datetime.date | None] = dict(
        agreement.confirmations.filter(state=ConfirmationState.CONFIRMED).values_list("kind", "decided_on")
    )
    broken = [obligation.due_on for obligation in obligations if obligation.fulfilled_on is None]
    return AgreementFacts(
        effective_on=agreement.effective_on,
        causes=frozenset({dispute.cause}),
        # Money, papers and things are delivered (给付); only an act is more than that.
        only_payment=all(obligation.kind != ObligationKind.ACT for obligation in obligations),
        by_people_committee=centre.is_people_committee,
        by_court_listed_org=centre.is_court_listed or bool(dispute.commission_number),
        court_confirmed_on=decided.get(ConfirmationKind.JUDICIAL),
        reviewed_on=decided.get(ConfirmationKind.ARBITRATION_REVIEW),
        due_on=min(broken, default=None) if dispute.state == DisputeState.BREACHED else None,
    )


def ways_after_breach(dispute: Dispute, agreement: Agreement, *, on: datetime.date) -> Sequence[Way]:
    """Every way with the reasons against it; to give the claim up is always open."""
    facts, calendar = agreement_facts(dispute, agreement), working_calendar()
    found = [
        Way(route, " ".join(routes.openness(lawful, facts, on, calendar).reasons)) for route, lawful in LAWFUL.items()
    ]
    return [*found, Way(Route.NONE, "")]
