"""The terms of a dispute: how long may be mediated, from which day, and when the windows of confirmation close.

Lengths and units are rows of ``casework.Term``, which administrators edit; here stands which row a case takes, and from
which day. The counting itself is that of ``unionops.casework.deadlines`` (民法典 201-203).
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import NamedTuple

from unionops.casework import deadlines
from unionops.casework.models import Deadline
from unionops.china import calendar
from unionops.china.calendar import DueDate
from unionops.china.days import working_calendar

from .enums import (
    JOINT_KINDS,
    TERM_ACCEPT,
    TERM_BREACH,
    TERM_MEDIATE,
    TERM_WINDOW,
    ConfirmationKind,
    RuleProfile,
    Side,
)
from .models import Agreement, Dispute

# 调解仲裁法 14: no agreement within 15 days of receipt, and either side may go to arbitration, whatever the profile says.
STATUTORY_EXIT_DAYS = 15


class StartsOn(StrEnum):
    RECEIPT = "receipt"
    ACCEPTANCE = "acceptance"
    PAPERS = "papers"
    CONSENT = "consent"


class Profile(NamedTuple):
    """From which day the term runs, and by how many days in all both sides together may extend it; None: no cap."""

    starts_on: StartsOn
    most_extension: int | None = None


# domain.md 3.2.
PROFILES: dict[str, Profile] = {
    RuleProfile.ZJ_ORG: Profile(StartsOn.RECEIPT),
    RuleProfile.ENT_COMMITTEE: Profile(StartsOn.ACCEPTANCE),
    RuleProfile.ONE_STOP_NEW: Profile(StartsOn.ACCEPTANCE, most_extension=15),
    RuleProfile.COURT_PRE: Profile(StartsOn.PAPERS),
    RuleProfile.COURT_POST: Profile(StartsOn.PAPERS),
    RuleProfile.COURT_POST_SIMPLE: Profile(StartsOn.PAPERS),
    RuleProfile.ARB_ENTRUST: Profile(StartsOn.CONSENT),
    RuleProfile.PEOPLE_MED: Profile(StartsOn.ACCEPTANCE),
}
assert set(PROFILES) == set(RuleProfile), "every profile has its rule"
COURT_PROFILES = frozenset(profile for profile, rule in PROFILES.items() if rule.starts_on == StartsOn.PAPERS)


def term_start(dispute: Dispute) -> datetime.date | None:
    """The day from which the mediation term runs, or None while that day has not come."""
    match PROFILES[dispute.rule_profile].starts_on:
        case StartsOn.RECEIPT:
            return dispute.received_on
        case StartsOn.ACCEPTANCE:
            return dispute.accepted_on
        case StartsOn.PAPERS:
            return dispute.papers_signed_on
    days = [party.consent_on for party in dispute.parties.exclude(side=Side.THIRD)]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def start_term(dispute: Dispute) -> Deadline | None:
    """Start the clock of mediation when its day has come and it does not run yet; the caller saves the case."""
    if dispute.term_id is not None:
        return None
    day = term_start(dispute)
    if day is None:
        return None
    dispute.term = deadlines.start(dispute, f"{TERM_MEDIATE}.{dispute.rule_profile}", on=day)
    return dispute.term


def extension_left(dispute: Dispute) -> int | None:
    """How many more days both sides may agree on; None where the profile sets no cap."""
    most = PROFILES[dispute.rule_profile].most_extension
    if most is None or dispute.term is None:
        return most
    return max(0, most - dispute.term.extra_days)


def statutory_exit(dispute: Dispute) -> DueDate:
    """The day after which the parties may arbitrate without waiting for the mediation (调解仲裁法 14)."""
    return calendar.due_date(
        working_calendar(), dispute.received_on, STATUTORY_EXIT_DAYS, calendar.Unit.NATURAL
    )  # fmt: skip


def window_code(kind: str) -> str:
    return f"{TERM_WINDOW}.{kind}"


def open_windows(dispute: Dispute, agreement: Agreement) -> dict[str, Deadline]:
    """Start both clocks of a joint application on the day of effect (Order 17 Art 27; 人民调解法 33, 民事诉讼法 205)."""
    assert agreement.effective_on is not None
    return {
        kind: deadlines.start(dispute, window_code(kind), on=agreement.effective_on)
        for kind in sorted(JOINT_KINDS, key=list(ConfirmationKind).index)
    }


def windows(dispute: Dispute) -> dict[str, Deadline]:
    """The latest clock of each joint application: running, met by an application, or past."""
    found = Deadline.objects.about("dispute", dispute.pk).filter(rule__startswith=TERM_WINDOW).order_by("pk")
    return {deadline.rule.removeprefix(f"{TERM_WINDOW}."): deadline for deadline in found}


def start_acceptance(dispute: Dispute, *, on: datetime.date) -> Deadline:
    """Order 17 Art 22: three working days to decide."""
    return deadlines.start(dispute, TERM_ACCEPT, on=on)


def start_breach(dispute: Dispute, *, on: datetime.date) -> Deadline:
    """From the breach on a route is to be chosen; the limitation of arbitration runs anew."""
    return deadlines.start(dispute, TERM_BREACH, on=on)
