"""Which paper makes sense when and for whom: the one table that the page, the form, the maker and the file go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from unionops.jinja import short_day
from unionops.joining import clauses
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.models import User
from unionops.packs.documents import Document

from ..enums import (
    AFTER_EFFECT,
    BEFORE_EFFECT,
    END_STATES,
    FEWEST_REPRESENTATIVES,
    MOST_REPRESENTATIVES,
    OFFERED_SOURCES,
    ApplicationForm,
    CaseGrade,
    ConfirmationKind,
    DisputeState,
    Outcome,
    PartyKind,
    Relation,
    Route,
    Side,
)
from ..models import Dispute, Party, TeamMember
from ..permissions import relations
from ..policies import confirmation_refusal
from . import after, before, between, breach, talks
from .facts import Facts
from .kinds import PaperKind

K, R, S = PaperKind, Relation, DisputeState
_WORKING = frozenset({R.CASE_CLERK, R.HEAD, R.MEDIATOR})
_DESK = frozenset({R.CASE_CLERK, R.HEAD})
# Applications of the parties are also made by whoever stands for one of them, or took the application down.
_FOR_PARTIES = _WORKING | {R.REPRESENTATIVE, R.REGISTRAR}
# (key, words) of each thing that a paper may be about.
Abouts = list[tuple[str, str]]


@dataclass(frozen=True)
class Rule:
    """One paper. ``applies`` says whether the case has come so far, ``closed`` why the law or the case forbids it now,
    ``missing`` what will have to be filled in by hand. ``who`` is None where `visible_to` of its things decides.
    """

    kind: PaperKind
    write: Callable[[Facts], Document]
    who: frozenset[str] | None
    applies: Callable[[Facts], bool]
    # Identity, telephone and address in full: only where the paper is worth nothing without them.
    full: bool = False
    abouts: Callable[[Facts], Abouts] | None = None
    closed: Callable[[Facts], str] = lambda facts: ""
    missing: Callable[[Facts], list[str]] = lambda facts: []
    # {field of its form: what stands there at first}
    asks: Mapping[str, Callable[[Facts], str]] = field(default_factory=dict)

    # Who may not make it all the same.
    bars: Callable[[User, Dispute], bool] = lambda user, dispute: False

    def is_for(self, user: User, dispute: Dispute) -> bool:
        may = self.who is None or not relations(user, dispute).isdisjoint(self.who)
        return may and not self.bars(user, dispute)


def _stands_for_the_other_side(user: User, dispute: Dispute) -> bool:
    return TeamMember.objects.of(user).filter(dispute=dispute, side=Side.RESPONDENT).exists()


# --- what is missing


def _numbers(parties: Callable[[Facts], Iterable[Party]]) -> Callable[[Facts], list[str]]:
    """What nobody has written down of people who are to be named in full."""

    def missing(facts: Facts) -> list[str]:
        found = []
        for party in parties(facts):
            wanted = {"address": _("送达地址"), "phone": _("电话")}
            if party.kind == PartyKind.PERSON:
                wanted = {"identity": _("身份证号"), **wanted}
            found += [
                _("%(name)s的%(what)s") % {"name": party.name, "what": label}
                for name, label in wanted.items()
                if not getattr(party, f"{name}_masked")
            ]
        return found

    return missing


def _addresses(facts: Facts) -> list[str]:
    """Where a paper goes must be known; who somebody is stands in the papers themselves."""
    return [
        _("%(name)s的%(what)s") % {"name": party.name, "what": _("送达地址")}
        for party in facts.parties if not party.address_masked
    ][:5]  # fmt: skip


def _speaking(facts: Facts) -> list[Party]:
    """Who stands in the head of a paper."""
    people = facts.applicants if len(facts.applicants) <= before.MOST_IN_HEAD else facts.elected
    return [*people, *facts.respondents]


def _of_application(facts: Facts) -> list[str]:
    found = _numbers(_speaking)(facts)
    if not facts.dispute.facts:
        found.append(_("事实和理由"))
    if facts.elements is None:
        found.append(_("要素表"))
    return found


def _of_agreement(facts: Facts) -> list[str]:
    found = [*_numbers(_speaking)(facts)]
    agreement = facts.agreement
    if agreement is not None:
        found += [str(mark.label) for mark in agreement.missing_marks]
        if not (agreement.facts or facts.dispute.facts):
            found.append(_("主要事实和责任"))
    return found


def _of_election(facts: Facts) -> list[str]:
    if FEWEST_REPRESENTATIVES <= len(facts.elected) <= MOST_REPRESENTATIVES:
        return _numbers(lambda facts: facts.elected)(facts)
    return [_("3 至 5 名推举代表，现有 %(n)d 名") % {"n": len(facts.elected)}]


# --- why it is closed


def _confirmation(kind: str) -> Callable[[Facts], str]:
    def closed(facts: Facts) -> str:
        if facts.dispute.agreements.filter(volume=facts.dispute.volume, confirmations__kind=kind).exists():
            return ""
        return confirmation_refusal(facts.dispute, kind)

    return closed


# --- what a paper may be about


def _sessions(facts: Facts) -> Abouts:
    return [
        (
            str(note.pk),
            clauses([
                _("第 %(n)s 次 %(way)s") % {"n": note.session.number, "way": note.session.get_kind_display()},
                note.session.get_side_heard_display() if note.session.side_heard else "", short_day(note.session.held_at),
            ]),
        )
        for note in facts.notes
    ]  # fmt: skip


def _parties(facts: Facts) -> Abouts:
    return [(str(party.pk), party.name) for party in facts.parties]


def _unperformed(facts: Facts) -> Abouts:
    return [
        (str(one.pk), clauses([one.what, short_day(one.due_on)])) for one in facts.obligations if one.fulfilled_on is None
    ]  # fmt: skip


def _calls(facts: Facts) -> Abouts:
    return [(str(call.pk), clauses([call.get_way_display(), short_day(call.done_at)])) for call in facts.calls]


def _of_body(kind: str) -> Mapping[str, Callable[[Facts], str]]:
    return {"body": lambda facts: after.body_of(facts, kind)}


def _relief(route: Route) -> Rule:
    """The paper of one way after a breach: while the way is open, and once it was taken."""

    def applies(facts: Facts) -> bool:
        case = facts.dispute
        is_due = case.state == S.BREACHED or (case.state == S.TRANSFERRED and case.route == route)
        return is_due and bool(facts.owed)

    return Rule(
        breach.PAPERS[route], breach.paper_of(route), _FOR_PARTIES, applies, full=True, missing=_numbers(_speaking),
        closed=lambda facts: breach.closed_reason(facts, route), asks={"body": lambda facts: breach.body_of(facts, route)},
        bars=breach.stands_for_debtor,
    )  # fmt: skip


def _stands(facts: Facts) -> bool:
    return facts.agreement is not None and facts.agreement.has_effect


def _may_need_aid(facts: Facts) -> bool:
    """A collective case from the beginning, any other when mediation has brought nothing; workers ask for it, not firms."""
    case = facts.dispute
    asked = case.is_collective and case.state in BEFORE_EFFECT
    left = case.state in (S.BREACHED, S.FAILED) or (case.state == S.TRANSFERRED and bool(case.route))
    return (asked or left) and any(party.kind == PartyKind.PERSON for party in facts.applicants)


def _is_over(facts: Facts) -> bool:
    """The mediation has its outcome and nothing more is to be performed."""
    return bool(facts.dispute.outcome) and facts.dispute.state not in (S.EFFECTIVE, S.BREACHED)


RULES: dict[str, Rule] = {
    rule.kind: rule
    for rule in (
        Rule(
            K.APPLICATION, before.application, _FOR_PARTIES, full=True, missing=_of_application,
            applies=lambda facts: facts.dispute.application_form in (ApplicationForm.WRITTEN, ApplicationForm.ORAL)
            and facts.dispute.source not in OFFERED_SOURCES,
        ),
        Rule(K.REGISTER, before.register, _WORKING | {R.REGISTRAR}, lambda facts: True),
        Rule(
            K.CONSENT, between.consent, _WORKING,
            lambda facts: facts.dispute.state != S.REGISTERED or any(party.consent for party in facts.parties),
        ),
        Rule(
            K.CONSENTED, between.consented, _WORKING, lambda facts: facts.dispute.source in OFFERED_SOURCES, full=True,
            missing=_numbers(_speaking),
        ),
        Rule(K.ACCEPTANCE, before.acceptance, _WORKING, lambda facts: facts.dispute.accepted_on is not None),
        Rule(K.REFUSAL, before.refusal, _DESK, lambda facts: facts.dispute.outcome == Outcome.NOT_ACCEPTED),
        Rule(K.RIGHTS, before.rights, _WORKING, lambda facts: facts.dispute.accepted_on is not None),
        Rule(
            K.ADDRESS, before.address, _WORKING, lambda facts: facts.dispute.accepted_on is not None, full=True, abouts=_parties,
            missing=_numbers(_speaking),
        ),
        Rule(
            K.SERVICE, before.service, _WORKING, full=True,
            applies=lambda facts: facts.dispute.accepted_on is not None or facts.dispute.outcome == Outcome.NOT_ACCEPTED, abouts=_parties,
            missing=_addresses, asks={"papers": before.served},
        ),
        Rule(K.ASSIGNMENT, talks.assignment, _WORKING, lambda facts: facts.dispute.mediator_id is not None),
        Rule(
            K.ELECTION, talks.election, _FOR_PARTIES, lambda facts: facts.dispute.is_collective, full=True, missing=_of_election
        ),
        Rule(K.RECORD, talks.record, None, lambda facts: bool(facts.notes), abouts=_sessions),
        Rule(
            K.EXTENSION, talks.extension, _WORKING, lambda facts: facts.dispute.state == S.MEDIATING,
            asks={
                "days": lambda facts: str(facts.event("extend").get("days") or ""),
                "reason": lambda facts: str(facts.event("extend").get("reason") or ""),
            },
        ),
        Rule(K.SUSPENSION, between.suspension, _WORKING, lambda facts: bool(facts.event("suspend"))),
        Rule(K.RESUMPTION, between.resumption, _WORKING, lambda facts: bool(facts.event("resume"))),
        Rule(K.AGREEMENT, talks.agreement, _WORKING, lambda facts: facts.agreement is not None, full=True, missing=_of_agreement),
        Rule(
            K.ACCORD, between.accord, _WORKING, lambda facts: facts.dispute.is_collective and facts.agreement is not None,
        ),
        Rule(
            K.WITHDRAWAL, between.withdrawal, _FOR_PARTIES,
            lambda facts: facts.dispute.state in BEFORE_EFFECT or facts.dispute.outcome in (Outcome.WITHDRAWN, Outcome.SETTLED),
            bars=_stands_for_the_other_side,
        ),
        Rule(K.TERMINATION, talks.termination, _WORKING, lambda facts: facts.dispute.outcome == Outcome.FAILED),
        Rule(
            K.REVIEW, after.review, _FOR_PARTIES, _stands, full=True, missing=_numbers(_speaking),
            closed=_confirmation(ConfirmationKind.ARBITRATION_REVIEW), asks=_of_body(ConfirmationKind.ARBITRATION_REVIEW),
        ),
        Rule(
            K.JUDICIAL, after.judicial, _FOR_PARTIES, _stands, full=True, missing=_numbers(_speaking),
            closed=_confirmation(ConfirmationKind.JUDICIAL), asks=_of_body(ConfirmationKind.JUDICIAL),
        ),
        *(_relief(route) for route in breach.PAPERS),
        Rule(K.TRANSFER, after.transfer, _DESK, lambda facts: bool(facts.dispute.transferred_to)),
        Rule(
            K.URGE, after.urge, _WORKING, lambda facts: facts.dispute.state in AFTER_EFFECT and bool(_unperformed(facts)),
            abouts=_unperformed,
        ),
        Rule(K.BREACH, between.breach_record, _WORKING, lambda facts: bool(facts.event("breach")) and facts.agreement is not None),
        Rule(
            K.AID, between.aid, _FOR_PARTIES, _may_need_aid, full=True, missing=_numbers(_speaking), bars=_stands_for_the_other_side,
        ),
        Rule(K.FOLLOW_UP, after.follow_up, _DESK | {R.FOLLOW_UP}, lambda facts: bool(facts.calls), abouts=_calls),
        Rule(K.CLOSING, after.closing, _WORKING, _is_over),
        Rule(
            K.MAJOR, after.major, _WORKING, asks={"to": lambda facts: facts.dispute.district.name, "risk": lambda facts: "", "measures": lambda facts: ""},
            applies=lambda facts: facts.dispute.is_collective or facts.dispute.grade == CaseGrade.MAJOR,
        ),
    )
}  # fmt: skip
assert set(RULES) == set(PaperKind), "every paper has its rule"


def check_may_make(facts: Facts, kind: str) -> Rule:
    """Refuse a paper that this person does not make, that the case has not come to, or that the law has closed."""
    rule = RULES[kind]
    if not rule.is_for(facts.user, facts.dispute):
        raise NotAllowed(_("这份文书由经办本案的人来做。"))
    if facts.dispute.state in END_STATES:
        raise ActionError(_("案件已经归档，只能取卷内已有的文书。"))
    if not rule.applies(facts):
        raise ActionError(_("案件还没有走到这一步，不能做%(paper)s。") % {"paper": rule.kind.label})
    if reason := rule.closed(facts):
        raise ActionError(reason)
    if rule.abouts is not None and facts.about not in dict(rule.abouts(facts)):
        raise ActionError(_("请选择是哪一项。"), field="about")
    return rule


def written(facts: Facts, kind: str) -> dict[str, Any]:
    """What the paper says, as it is printed and kept."""
    found = replace(RULES[kind].write(facts), flowing=True).as_json()
    # Nobody signs a page on which nothing else stands, nor one on which only 此致 does.
    blocks = [block for section in found["sections"] for block in section["blocks"]]
    for block in reversed(blocks):
        if block["type"] != "paragraph":
            break
        was_kept, block["keep"] = block["keep"], True
        if not was_kept:
            break
    return found
