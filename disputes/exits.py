"""Which ways an agreement opens: the rules are those of ``disputes.law.routes``, here are the facts of a case for them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from django.utils import timezone

from unionops.china.calendar import DueDate, WorkingDays
from unionops.china.days import working_calendar

from .enums import ConfirmationKind, ConfirmationState, DisputeState, ObligationKind, Route
from .law import routes
from .law.articles import Article
from .law.routes import AgreementFacts
from .models import Agreement, Centre, Dispute, centre_of

# The way of law.routes that each kind of confirmation takes.
WAYS = {
    ConfirmationKind.ARBITRATION_REVIEW: routes.Route.ARBITRATION_REVIEW,
    ConfirmationKind.JUDICIAL: routes.Route.JUDICIAL_CONFIRMATION,
    ConfirmationKind.PAYMENT_ORDER: routes.Route.PAYMENT_ORDER,
}
assert set(WAYS) == set(ConfirmationKind), "every confirmation takes a way"
# The ways that a broken agreement leaves, as the law names them.
LAWFUL = {
    Route.PAYMENT_ORDER: routes.Route.PAYMENT_ORDER,
    Route.ARBITRATION: routes.Route.ARBITRATION,
    Route.SUIT: routes.Route.PAY_SUIT,
    Route.ENFORCEMENT: routes.Route.ENFORCEMENT,
    Route.INSPECTION: routes.Route.INSPECTION,
}


class Way(NamedTuple):
    """A way after a breach, and why it is closed: an empty text where it is open.

    ``ends`` is its last day where it has one. That it is over closes nothing: too late is for the body to decide.
    """

    route: Route
    reason: str
    article: Article | None = None
    ends: DueDate | None = None
    is_late: bool = False


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
        ordered_on=confirmed.get(ConfirmationKind.PAYMENT_ORDER),
        order_ended=any(
            one.kind == ConfirmationKind.PAYMENT_ORDER and one.state == ConfirmationState.REFUSED
            for one in agreement.confirmations.all()
        ),
        due_on=min(broken, default=None) if dispute.state == DisputeState.BREACHED or dispute.route else None,
    )


def reasons_against(dispute: Dispute, agreement: Agreement, kind: str, centre: Centre | None = None) -> tuple[str, ...]:
    """Why a kind of confirmation is not open, whatever the day: too late is for the body to decide, not for us."""
    facts = agreement_facts(dispute, agreement, centre)
    day = timezone.localdate()
    if facts.due_on is not None:
        day = max(day, facts.due_on + datetime.timedelta(days=1))
    return routes.against(WAYS[ConfirmationKind(kind)], facts, day)


def ways_after_breach(dispute: Dispute, agreement: Agreement, *, on: datetime.date) -> Sequence[Way]:
    """Every way with the reasons against it; to give the claim up is always open."""
    facts, calendar = agreement_facts(dispute, agreement), working_calendar()
    return [*(_way(route, facts, on, calendar) for route in LAWFUL), Way(Route.NONE, "")]


def way_after_breach(dispute: Dispute, agreement: Agreement, route: str, *, on: datetime.date) -> Way:
    """One of them."""
    if route == Route.NONE:
        return Way(Route.NONE, "")
    return _way(Route(route), agreement_facts(dispute, agreement), on, working_calendar())


def _way(route: Route, facts: AgreementFacts, on: datetime.date, calendar: WorkingDays) -> Way:
    found = routes.openness(LAWFUL[route], facts, on, calendar)
    is_late = found.ends is not None and on > found.ends.on
    return Way(route, " ".join(routes.against(LAWFUL[route], facts, on)), found.article, found.ends, is_late)
