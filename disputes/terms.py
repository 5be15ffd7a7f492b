"""The terms of a dispute: from which day its mediation runs, how long, and when the windows of confirmation close.

What the law sets stands in ``disputes.law`` and is the same for everybody; here stands which rule a case takes, and from
which of its days. Only the terms of the office are rows of ``casework.Term``, which administrators edit.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise

from unionops.casework import deadlines
from unionops.casework.models import Deadline
from unionops.china.calendar import DueDate
from unionops.china.days import working_calendar
from unionops.org.actions.saving import reading

from .enums import (
    JOINT_KINDS,
    TERM_ACCEPT,
    TERM_BREACH,
    TERM_CONTACT,
    TERM_DECIDE,
    TERM_MEDIATE,
    TERM_WINDOW,
    ConfirmationKind,
    ConfirmationState,
    RuleProfile,
    Side,
)
from .law import profiles
from .law.profiles import RULES, ProfileRule, StartEvent, first_day, length_in_days, rule_of
from .law.terms import TERMS, LegalTerm
from .models import Agreement, Confirmation, Dispute, centre_of

COURT_PROFILES = frozenset(rule.profile for rule in RULES if rule.start_event == StartEvent.COURT_PAPERS)
# The window of law.terms of each joint application.
WINDOWS = {
    ConfirmationKind.ARBITRATION_REVIEW: LegalTerm.REVIEW_WINDOW,
    ConfirmationKind.JUDICIAL: LegalTerm.CONFIRMATION_WINDOW,
}
assert set(WINDOWS) == set(JOINT_KINDS), "every joint application has its window"
# What the body has to do next, by the kind of application and where it stands (domain 3.3).
DECISIONS = {
    (ConfirmationKind.ARBITRATION_REVIEW, ConfirmationState.ACCEPTED): LegalTerm.REVIEW_DECISION,
    (ConfirmationKind.JUDICIAL, ConfirmationState.APPLIED): LegalTerm.CONFIRMATION_ACCEPTANCE,
    (ConfirmationKind.JUDICIAL, ConfirmationState.ACCEPTED): LegalTerm.SPECIAL_PROCEDURE,
    (ConfirmationKind.PAYMENT_ORDER, ConfirmationState.APPLIED): LegalTerm.ORDER_ACCEPTANCE,
    (ConfirmationKind.PAYMENT_ORDER, ConfirmationState.ACCEPTED): LegalTerm.ORDER_ISSUE,
    (ConfirmationKind.PAYMENT_ORDER, ConfirmationState.CONFIRMED): LegalTerm.ORDER_OBJECTION,
}


def rule_for(dispute: Dispute) -> ProfileRule:
    """The rule in force when the case was received; a case older than its profile is measured by the first rule there was."""
    profile = RuleProfile(dispute.rule_profile)
    return rule_of(profile, max(dispute.received_on, first_day(profile)))


def term_start(dispute: Dispute) -> datetime.date | None:
    """The day from which the mediation term runs, or None while that day has not come."""
    match rule_for(dispute).start_event:
        case StartEvent.RECEIPT:
            return dispute.received_on
        case StartEvent.ACCEPTANCE:
            return dispute.accepted_on
        case StartEvent.COURT_PAPERS:
            return dispute.papers_signed_on
    days = [party.consent_on for party in dispute.parties.filter(valid_to=None).exclude(side=Side.THIRD)]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def start_term(dispute: Dispute) -> Deadline | None:
    """Start the clock of mediation when its day has come and it does not run yet; the caller saves the case."""
    if dispute.term_id is not None:
        return None
    day = term_start(dispute)
    if day is None:
        return None
    dispute.term = start_mediation(dispute, on=day)
    return dispute.term


def start_mediation(dispute: Dispute, *, on: datetime.date) -> Deadline:
    """The clock of mediation from this day on, as long as the rule of the case says."""
    rule = rule_for(dispute)
    length, unit = length_in_days(rule, on)
    return deadlines.measure(
        dispute, f"{TERM_MEDIATE}.{rule.profile}", _stored(rule.profile.label), on=on, length=length, unit=unit
    )


def extension_left(dispute: Dispute) -> int | None:
    """How many more days both sides may agree on, none where the rule knows no extension; None where it sets no cap."""
    rule = rule_for(dispute)
    if not rule.extendable:
        return 0
    if rule.cap is None or dispute.term is None:
        return rule.cap
    return max(0, rule.cap - dispute.term.extra_days)


def check_extension(dispute: Dispute, days: int) -> None:
    """The days of this extension and of those before it, by the rule of the case (domain 3.2)."""
    with reading("days"):
        profiles.check_extension(
            rule_for(dispute), 0 if days < 1 else days + (dispute.term.extra_days if dispute.term else 0)
        )


def statutory_exit(dispute: Dispute) -> DueDate:
    """The day after which the parties may arbitrate without waiting for the mediation (调解仲裁法 14)."""
    return profiles.statutory_exit(dispute.received_on, working_calendar())


def window_code(kind: str) -> str:
    return f"{TERM_WINDOW}.{kind}"


def open_windows(dispute: Dispute, agreement: Agreement) -> dict[str, Deadline]:
    """Start both clocks of a joint application on the day of effect (Order 17 Art 27; 人民调解法 33, 民事诉讼法 205)."""
    assert agreement.effective_on is not None
    return {
        kind: _start_legal(dispute, window_code(kind), term, on=agreement.effective_on)
        for kind, term in WINDOWS.items()
    }


def windows(dispute: Dispute) -> dict[str, Deadline]:
    """The latest clock of each joint application: running, met by an application, or past."""
    return by_window(window_clocks(dispute))


def window_clocks(dispute: Dispute) -> QuerySet[Deadline]:
    """Those of the windows, and those by which the bodies decide."""
    of_both = Q(rule__startswith=f"{TERM_WINDOW}.") | Q(rule__startswith=f"{TERM_DECIDE}.")
    return Deadline.objects.about("dispute", dispute.pk).filter(of_both).order_by("pk")


def by_window(clocks: Iterable[Deadline]) -> dict[str, Deadline]:
    """{kind of confirmation: its latest clock}; a later clock of a kind replaces the one before."""
    return _by_kind(clocks, TERM_WINDOW)


def by_decision(clocks: Iterable[Deadline]) -> dict[str, Deadline]:
    """{kind of confirmation: the clock by which its body has to decide}, while one runs."""
    running = (deadline for deadline in clocks if deadline.met_on is None and not deadline.dropped)
    return _by_kind(running, TERM_DECIDE)


def _by_kind(clocks: Iterable[Deadline], term: str) -> dict[str, Deadline]:
    of_term = (deadline for deadline in clocks if deadline.rule.startswith(f"{term}."))
    return {deadline.rule.removeprefix(f"{term}."): deadline for deadline in of_term}


def await_decision(dispute: Dispute, confirmation: Confirmation, *, on: datetime.date) -> None:
    """The clock of the body for what comes next, from the day of what it has just done; the one before is met."""
    code = f"{TERM_DECIDE}.{confirmation.kind}"
    deadlines.meet(dispute, on=on, rule=code)
    term = DECISIONS.get((ConfirmationKind(confirmation.kind), ConfirmationState(confirmation.state)))
    if term == LegalTerm.SPECIAL_PROCEDURE and centre_of(dispute.organisation).is_people_committee:
        # 人民调解协议司法确认程序的若干规定 5: fifteen days, sooner than the special procedure.
        term = LegalTerm.CONFIRMATION_DECISION
    if term is not None:
        _start_legal(dispute, code, term, on=on)


def start_acceptance(dispute: Dispute, *, on: datetime.date) -> Deadline:
    """Order 17 Art 22: three working days to decide."""
    return _start_legal(dispute, TERM_ACCEPT, LegalTerm.ACCEPTANCE, on=on)


def start_contact(dispute: Dispute, *, on: datetime.date) -> Deadline:
    """人民法院在线调解规则 15: the other side is contacted within three working days."""
    return _start_legal(dispute, TERM_CONTACT, LegalTerm.ONLINE_CONTACT, on=on)


def start_breach(dispute: Dispute, *, on: datetime.date) -> Deadline:
    """From the breach on a route is to be chosen; the limitation of arbitration runs anew."""
    return deadlines.start(dispute, TERM_BREACH, on=on)


def _start_legal(dispute: Dispute, code: str, term: LegalTerm, *, on: datetime.date) -> Deadline:
    rule = TERMS[term]
    return deadlines.measure(dispute, code, _stored(term.label), on=on, length=rule.length, unit=rule.unit)


def _stored(name: str | Promise) -> str:
    """Rows keep the name in the language of the office, whoever takes the step."""
    with translation.override("zh-hans"):
        return str(name)
