"""How disputes come into being, from whichever door, and who their parties are."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unionops.casework.enums import LinkKind, Urgency
from unionops.casework.models import Attachment, CaseLink, Task
from unionops.casework.moves import lock
from unionops.casework.notices import holders, notify, notify_posted
from unionops.casework.numbering import take_numbers
from unionops.china.identity import mask_identity, read_identity
from unionops.china.phones import mask_phone, read_phone
from unionops.joining import listed
from unionops.org.actions.saving import reading
from unionops.org.enums import Role
from unionops.org.errors import ActionError, required
from unionops.org.events import changed_fields, kind_of, record_event
from unionops.org.models import Enterprise, Organisation, Person, User
from visits.actions import care as visits_care
from visits.actions import steps as visits_steps
from visits.enums import ClaimantKind, ResultKind
from visits.models import Issue

from ..causes import Cause
from ..enums import (
    COLLECTIVE_FROM,
    MOST_REPRESENTATIVES,
    OFFERED_SOURCES,
    OPPOSED,
    ApplicationForm,
    CaseGrade,
    Consent,
    ContactWay,
    Outcome,
    PartyKind,
    Power,
    RuleProfile,
    Side,
    Source,
)
from ..models import Agent, Dispute, Obligation, Party, centre_of
from ..permissions import check_edits_parties, check_may_answer_issue, check_may_register, check_may_reveal
from ..policies import check_may_speak
from ..terms import COURT_PROFILES, start_acceptance, start_contact, start_term
from .moving import FROM_DISPUTE, Now, check_not_later, check_of_case, touch
from .pen import hold_pen


@dataclass(kw_only=True)
class PartyDraft:
    """One party as it is named when it applies; a person or firm of the directory brings its name along."""

    side: str
    kind: str = PartyKind.PERSON
    name: str = ""
    person: Person | None = None
    enterprise: Enterprise | None = None
    identity: str = ""
    phone: str = ""
    address: str = ""
    credit_code: str = ""
    legal_representative: str = ""
    representative_post: str = ""
    claims: str = ""
    amount: Decimal = Decimal(0)
    is_elected: bool = False
    # Empty for whoever is there from the beginning.
    valid_from: datetime.date | None = None


@dataclass(kw_only=True)
class DisputeDraft:
    """What is known of a dispute when it is received. What is left empty follows from the centre and the parties."""

    organisation: Organisation
    source: str
    cause: str
    claims: str
    parties: Sequence[PartyDraft] = field(default_factory=tuple)
    application_form: str = ApplicationForm.WRITTEN
    received_on: datetime.date | None = None
    facts: str = ""
    amount_claimed: Decimal | None = None
    people_count: int | None = None
    grade: str = CaseGrade.GENERAL
    urgency: int = Urgency.NORMAL
    rule_profile: str = ""
    new_employment: bool = False
    town: Organisation | None = None
    commission_number: str = ""
    papers_signed_on: datetime.date | None = None
    known_on: datetime.date | None = None
    employment_ended_on: datetime.date | None = None


@transaction.atomic
def register(draft: DisputeDraft, *, by: User, now: Now = None) -> Dispute:
    """Register what came to the window, by screening, from court, arbitration or inspection, or by the hotline."""
    check_may_register(by, draft.organisation)
    return _register(draft, by=by, issue=None, now=now or timezone.now())


def _register(draft: DisputeDraft, *, by: User, issue: Issue | None, now: datetime.datetime) -> Dispute:
    _check_draft(draft, now)
    centre = centre_of(draft.organisation)
    profile = draft.rule_profile or (RuleProfile.ONE_STOP_NEW if draft.new_employment else centre.rule_profile)
    _check_commission(draft, profile)
    claimed = sum((party.amount for party in draft.parties if party.side == Side.APPLICANT), Decimal(0))
    people = draft.people_count or sum(party.side == Side.APPLICANT for party in draft.parties)
    year = timezone.localtime(now).year
    district = draft.organisation.district_id or draft.organisation.pk
    (number,) = take_numbers(district, centre.number_word, year)
    row = Dispute(
        district_id=district,
        number=spell_number(centre.number_word, year, number),
        title=_title(draft),
        urgency=draft.urgency,
        registered_at=now,
        state_since=now,
        organisation=draft.organisation,
        source=draft.source,
        application_form=draft.application_form,
        received_on=draft.received_on or timezone.localdate(now),
        registered_by=by,
        issue=issue,
        town=draft.town or next((party.enterprise.town for party in draft.parties if party.enterprise), None),
        cause=draft.cause,
        grade=draft.grade,
        claims=required(draft.claims, _("请写请求事项。"), "claims"),
        facts=draft.facts,
        amount_claimed=claimed if draft.amount_claimed is None else draft.amount_claimed,
        people_count=people,
        is_collective=people >= COLLECTIVE_FROM,
        new_employment=draft.new_employment,
        rule_profile=profile,
        commission_number=draft.commission_number,
        papers_signed_on=draft.papers_signed_on,
        known_on=draft.known_on,
        employment_ended_on=draft.employment_ended_on,
    )
    hold_pen(row)
    row.save(force_insert=True)
    _add_parties(row, draft.parties)
    _start_clocks(row)
    record_event(row, "register", by=by, data={"source": row.get_source_display(), "version": row.version}, now=now)
    notify(row, "register", by=by, to=holders(row), now=now)
    if row.is_collective or row.urgency == Urgency.CRITICAL:
        notify_posted([(row, "alert", Role.LEADER)], row.district_id, by=by, now=now)
    return row


def spell_number(word: str, year: int, number: int) -> str:
    """越工调〔2026〕第0001号 (domain 3.8)."""
    return f"{word}〔{year}〕第{number:04d}号"


def _start_clocks(row: Dispute) -> None:
    row.deadline = start_acceptance(row, on=row.received_on)
    if row.rule_profile in COURT_PROFILES:
        start_contact(row, on=row.received_on)
    start_term(row)
    row.save(update_fields=["deadline", "term"])


def _check_draft(draft: DisputeDraft, now: datetime.datetime) -> None:
    if draft.source not in Source:
        raise ActionError(_("请选择来源。"), field="source")
    if draft.cause not in Cause:
        raise ActionError(_("请选择案由。"), field="cause")
    if draft.received_on is not None:
        check_not_later(draft.received_on, now, "received_on")
    sides = {party.side for party in draft.parties}
    if not sides >= set(OPPOSED):
        raise ActionError(_("请写申请人和被申请人。"), field="parties")
    if draft.application_form in (ApplicationForm.WRITTEN, ApplicationForm.ORAL):
        # 调解仲裁法 12: who applies, what about, why and when.
        required(draft.facts, _("请写事实和理由。"), "facts")
    if (draft.source in OFFERED_SOURCES) != (draft.application_form == ApplicationForm.NONE):
        raise ActionError(
            _("主动调解没有申请；有申请的，请选申请来自哪里。"), field="application_form",
        )  # fmt: skip


def _check_commission(draft: DisputeDraft, profile: str) -> None:
    """委派、委托 are measured from the day on which the papers of the court were signed for (特邀调解规定 27)."""
    if profile not in COURT_PROFILES:
        return
    required(draft.commission_number, _("请写法院的委派或委托案号。"), "commission_number")
    if draft.papers_signed_on is None:
        raise ActionError(_("请写签收法院材料的日期，期限从那天起算。"), field="papers_signed_on")


def _title(draft: DisputeDraft) -> str:
    """The title is kept, so it is in the language of the file whoever registers."""
    applicants = [_name(party) for party in draft.parties if party.side == Side.APPLICANT]
    respondents = [_name(party) for party in draft.parties if party.side == Side.RESPONDENT]
    return titled(applicants[0], len(applicants), respondents[0], draft.cause)


def titled(applicant: str, count: int, respondent: str, cause: str) -> str:
    more = f"等 {count} 人" if count > 1 else ""
    with translation.override("zh-hans"):
        return f"{applicant}{more}与{respondent}：{Cause(cause).label}"[:120]


def _name(draft: PartyDraft) -> str:
    known = draft.name or (draft.person and draft.person.name) or (draft.enterprise and draft.enterprise.name) or ""
    return required(known, _("请写当事人的姓名或单位名称。"), "name")


def _add_parties(row: Dispute, drafts: Sequence[PartyDraft]) -> list[Party]:
    last = dict(Party.objects.filter(dispute=row).values_list("side").annotate(Max("position")).order_by())
    parties = []
    for draft in drafts:
        last[draft.side] = last.get(draft.side, 0) + 1
        parties.append(party_of(row, draft, last[draft.side]))
    return Party.objects.bulk_create(parties)


def party_of(row: Dispute, draft: PartyDraft, position: int) -> Party:
    firm = draft.enterprise
    party = Party(
        dispute=row,
        side=draft.side,
        position=position,
        kind=PartyKind.ENTERPRISE if firm is not None else draft.kind,
        person=draft.person,
        enterprise=firm,
        name=_name(draft),
        credit_code=draft.credit_code or (firm and firm.credit_code) or "",
        legal_representative=draft.legal_representative,
        representative_post=draft.representative_post,
        claims=draft.claims,
        amount=draft.amount,
        is_elected=draft.is_elected,
        valid_from=draft.valid_from,
    )
    _put_numbers(party, identity=draft.identity, phone=draft.phone, address=draft.address)
    return party


def _put_numbers(party: Party | Agent, *, identity: str = "", phone: str = "", address: str = "") -> None:
    if identity:
        with reading("identity"):
            number = read_identity(identity).number
        party.put("identity", number, mask_identity(number))
    if phone:
        with reading("phone"):
            number = read_phone(phone).number
        party.put("phone", number, mask_phone(number))
    if address:
        party.put("address", address, mask_address(address))


def mask_address(address: str) -> str:
    """To the street (domain 5.5): the house number is left out."""
    for word in ("街道", "路", "街", "巷", "镇", "村"):
        head, found, rest = address.partition(word)
        if found and rest:
            return f"{head}{found}***"
    return f"{address[:6]}***"


@transaction.atomic
def open_from_issue(
    issue: Issue, *, by: User, organisation: Organisation, cause: str, respondent: PartyDraft | None = None,
    applicant: PartyDraft | None = None, received_on: datetime.date | None = None, note: str = "", now: Now = None,
) -> Dispute:  # fmt: skip
    """One click carries the facts of an issue into a dispute; the issue stays open and is answered when the case ends.

    The right to do so is that of converting the issue: whoever has it may register here. Names that the issue keeps
    sealed are read with an entry in its timeline. Refuses when the issue does not say who claims, or against whom.
    """
    now = now or timezone.now()
    check_may_register(by, organisation)
    draft = DisputeDraft(
        organisation=organisation,
        source=Source.VISIT,
        cause=cause,
        application_form=ApplicationForm.ORAL,
        claims=issue.demand or issue.title,
        facts=issue.description or issue.title,
        received_on=received_on,
        people_count=issue.claimant_count,
        urgency=issue.urgency,
        new_employment=issue.new_employment,
        town=issue.town,
        parties=[applicant or _claimant(issue, by=by), respondent or _firm(issue)],
    )
    row = _register(draft, by=by, issue=issue, now=now)
    visits_steps.convert(issue, by=by, linked_case=row.number, note=note, now=now)
    CaseLink.objects.get_or_create(
        from_kind=kind_of(issue), from_id=issue.pk, to_kind=kind_of(row), to_id=row.pk,
        defaults={"sort": LinkKind.CONVERTED, "made_by": by},
    )  # fmt: skip
    return row


def _claimant(issue: Issue, *, by: User) -> PartyDraft:
    draft = PartyDraft(side=Side.APPLICANT, person=issue.claimant)
    if issue.claimant_kind == ClaimantKind.ANONYMOUS or not (issue.claimant_name_masked or issue.claimant):
        raise ActionError(_("这件诉求没有写反映人，请写申请人。"), field="applicant")
    if not issue.claimant_name_masked:
        return draft
    reason = _("转调解立案")
    name = visits_care.reveal(issue, "claimant_name", by=by, reason=reason)
    phone = visits_care.reveal(issue, "claimant_phone", by=by, reason=reason) if issue.claimant_phone_masked else ""
    return replace(draft, name=name, phone=phone)


def _firm(issue: Issue) -> PartyDraft:
    if issue.enterprise is None:
        raise ActionError(_("这件诉求没有写单位，请写被申请人。"), field="respondent")
    return PartyDraft(side=Side.RESPONDENT, kind=PartyKind.ENTERPRISE, enterprise=issue.enterprise)


# What the outcome of a case says to whoever raised the issue; the person who answers may say it otherwise.
ISSUE_RESULTS = {
    Outcome.AGREED: ResultKind.RESOLVED,
    Outcome.SETTLED: ResultKind.RESOLVED,
    Outcome.FAILED: ResultKind.TRANSFERRED,
    Outcome.WITHDRAWN: ResultKind.WITHDRAWN,
    Outcome.NOT_ACCEPTED: ResultKind.CONVERTED,
    Outcome.TRANSFERRED: ResultKind.TRANSFERRED,
}


@transaction.atomic
def answer_issue(
    dispute: Dispute, *, by: User, result_text: str, answer_way: str, result_kind: str = "", now: Now = None
) -> Issue:
    """Answer the issue from which an ended case came, with its result and the money that has arrived."""
    now = now or timezone.now()
    row = lock(dispute)
    check_may_answer_issue(by, row)
    assert row.issue is not None
    paid = Obligation.objects.standing().filter(agreement__dispute=row, fulfilled_on__isnull=False)
    issue: Issue = visits_steps.answer(
        row.issue,
        by=by,
        result_kind=result_kind or ISSUE_RESULTS[Outcome(row.outcome)],
        result_text=result_text,
        answer_way=answer_way,
        amount_recovered=sum((obligation.amount or Decimal(0) for obligation in paid), Decimal(0)),
        workers_benefited=row.people_count if paid.exists() else 0,
        now=now,
    )
    Task.objects.filter(kind=kind_of(issue), case_id=issue.pk, origin=FROM_DISPUTE, done_at=None).update(
        done_at=now, done_by=by, note=row.number
    )
    record_event(row, "answer_issue", by=by, data={"number": issue.number}, now=now)
    return issue


CORRECTABLE = (
    "title", "claims", "facts", "cause", "grade", "urgency", "amount_claimed", "people_count", "town", "known_on",
    "employment_ended_on", "new_employment",
)  # fmt: skip


@transaction.atomic
def correct(
    dispute: Dispute, *, by: User, fields: dict[str, Any], version: int | None = None, now: Now = None
) -> Dispute:
    """Correct the facts of a case; the timeline keeps what they were. ``fields`` holds only what is in CORRECTABLE."""
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    if unknown := set(fields) - set(CORRECTABLE):
        raise ActionError(_("不能更正这些内容：%(fields)s。") % {"fields": listed(sorted(unknown))})
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    now, was_collective = now or timezone.now(), row.is_collective
    row.is_collective = row.is_collective or row.people_count >= COLLECTIVE_FROM
    if changes := changed_fields(before, fields):
        touch(row, "correct", by=by, now=now, changes=changes)
    if row.is_collective and not was_collective:
        notify_posted([(row, "alert", Role.LEADER)], row.district_id, by=by, now=now)
    return row


@transaction.atomic
def add_parties(
    dispute: Dispute, *, by: User, parties: Sequence[PartyDraft], valid_from: datetime.date | None = None,
    version: int | None = None, now: Now = None,
) -> list[Party]:  # fmt: skip
    """Add parties, one or a whole list of claimants, from a day on; from ten claimants on the case is collective and the leader hears of it."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    first = check_not_later(valid_from or timezone.localdate(now), now, "valid_from")
    before = _named(row)
    # Before acceptance the parties are still being put together: whoever comes is there from the beginning.
    begins = None if row.accepted_on is None and valid_from is None else first
    added = _add_parties(row, [replace(party, valid_from=begins) for party in parties])
    _retitle(row, before)
    was_collective = row.is_collective
    row.people_count = max(row.people_count, _named(row).applicants)
    row.is_collective = row.is_collective or row.people_count >= COLLECTIVE_FROM
    row.amount_claimed += sum((party.amount for party in added if party.side == Side.APPLICANT), Decimal(0))
    touch(row, "add_parties", by=by, now=now, count=len(added), names=[party.name for party in added[:5]])
    if row.is_collective and not was_collective:
        notify_posted([(row, "alert", Role.LEADER)], row.district_id, by=by, now=now)
    return added


class _Named(NamedTuple):
    """What a title is made of: the first applicant, how many they are, the first respondent."""

    applicant: str
    applicants: int
    respondent: str


def _named(row: Dispute) -> _Named:
    """As the case stands: whoever has left is not named any more."""
    there = row.parties.filter(valid_to=None, side__in=OPPOSED).order_by("position").values_list("side", "name")
    names = {side: [name for one, name in there if one == side] for side in OPPOSED}
    applicants, respondents = names[Side.APPLICANT], names[Side.RESPONDENT]
    return _Named(next(iter(applicants), ""), len(applicants), next(iter(respondents), ""))


def _retitle(row: Dispute, before: _Named) -> None:
    """The title says who they are and how many; one that somebody has written stays as it is."""
    if row.title == titled(*before, row.cause):
        row.title = titled(*_named(row), row.cause)


@transaction.atomic
def end_party(
    party: Party, *, by: User, on: datetime.date, reason: str, version: int | None = None, now: Now = None
) -> Party:
    """A claimant gives the claim up, or whoever is no proper party goes: the day is the last one, and the file keeps both.

    Each side keeps somebody. What the party asked for is no longer asked for.
    """
    now = now or timezone.now()
    row = lock(party.dispute, version=version)
    check_edits_parties(by, row)
    found = Party.objects.select_for_update().get(pk=party.pk)
    reason = required(reason, _("请写退出的理由。"), "reason")
    check_not_later(on, now, "on")
    if found.valid_to is not None:
        raise ActionError(_("%(name)s已经退出。") % {"name": found.name}, field="on")
    if on < (found.valid_from or row.received_on):
        raise ActionError(_("结束日期不能早于起始日期。"), field="on")
    before = _named(row)
    if found.side in OPPOSED and row.parties.filter(side=found.side, valid_to=None).count() == 1:
        raise ActionError(
            _("这一方只有这一名当事人。"), field="on", next_step=_("请先登记接替的当事人，或者撤回申请。")
        )
    found.valid_to = on
    if found.is_elected and (found.elected_to is None or found.elected_to > on):
        found.elected_to = max(on, found.elected_from or on)
    found.save(update_fields=["valid_to", "elected_to"])
    if found.side == Side.APPLICANT:
        row.amount_claimed = max(Decimal(0), row.amount_claimed - found.amount)
    _retitle(row, before)
    touch(row, "end_party", by=by, now=now, name=found.name, on=on, reason=reason)
    return found


@transaction.atomic
def end_representative(
    party: Party, *, by: User, on: datetime.date, reason: str, version: int | None = None, now: Now = None
) -> Party:
    """The term of one whom the claimants elected ends on this day; the others stay."""
    now = now or timezone.now()
    row = lock(party.dispute, version=version)
    check_edits_parties(by, row)
    found = Party.objects.select_for_update().get(pk=party.pk)
    reason = required(reason, _("请写理由。"), "reason")
    if not found.speaks_on(timezone.localdate(now)):
        raise ActionError(_("%(name)s现在不是推举代表。") % {"name": found.name}, field="on")
    if found.elected_from is not None and on < found.elected_from:
        raise ActionError(_("结束日期不能早于起始日期。"), field="on")
    found.elected_to = on
    found.save(update_fields=["elected_to"])
    touch(row, "end_representative", by=by, now=now, name=found.name, on=on, reason=reason)
    return found


@transaction.atomic
def elect(
    dispute: Dispute, *, by: User, representatives: Sequence[Party], proof: Attachment | None = None,
    elected_from: datetime.date | None = None, elected_to: datetime.date | None = None,
    version: int | None = None, now: Now = None,
) -> Dispute:  # fmt: skip
    """推举代表: these speak for the claimants for a term, as the 推举书 says; they replace who was elected before."""
    row = lock(dispute, version=version)
    check_edits_parties(by, row)
    first = elected_from or timezone.localdate(now)
    if elected_to is not None and elected_to < first:
        raise ActionError(_("结束日期不能早于起始日期。"), field="elected_to")
    check_of_case(row, proof, "proof")
    chosen = {party.pk for party in representatives}
    if len(chosen) > MOST_REPRESENTATIVES:
        raise ActionError(_("最多推举 %(count)d 名代表。") % {"count": MOST_REPRESENTATIVES}, field="representatives")
    claimants = row.parties.on(first).filter(side=Side.APPLICANT, kind=PartyKind.PERSON)
    if claimants.filter(pk__in=chosen).count() != len(chosen):
        raise ActionError(_("代表从申请人中推举。"), field="representatives")
    everybody = row.parties.filter(is_elected=True).exclude(pk__in=chosen)
    everybody.update(is_elected=False, elected_proof=None, elected_from=None, elected_to=None)
    claimants.filter(pk__in=chosen).update(
        is_elected=True, elected_proof=proof, elected_from=first, elected_to=elected_to
    )
    names = [party.name for party in representatives]
    return touch(row, "elect", by=by, now=now or timezone.now(), names=names, on=first, due_on=elected_to)


@transaction.atomic
def record_consent(
    party: Party, *, by: User, given: bool, on: datetime.date, way: str, said_by: str = "", note: str = "",
    also: Sequence[Party] = (), version: int | None = None, now: Now = None,
) -> Party:  # fmt: skip
    """Whether a party will be mediated, when and by whom it said so (domain 3.6 rows 2 to 4).

    ``also`` are others of the same side who said the same: the claimants of a collective case sign one list.
    """
    now = now or timezone.now()
    dispute = lock(party.dispute, version=version)
    check_edits_parties(by, dispute)
    if way not in ContactWay:
        raise ActionError(_("请选择征询方式。"), field="way")
    row = Party.objects.select_for_update().get(pk=party.pk)
    if not row.takes_part_on(check_not_later(on, now, "on")):
        raise ActionError(_("%(name)s那天不是当事人。") % {"name": row.name}, field="on")
    if said_by:
        check_may_speak(dispute, [said_by], on=on, field="said_by", signs=said_by != row.name)
    row.consent = Consent.GIVEN if given else Consent.REFUSED
    row.consent_on, row.consent_way, row.consent_by = check_not_later(on, now, "on"), way, said_by
    row.save(update_fields=["consent", "consent_on", "consent_way", "consent_by"])
    together = Party.objects.filter(dispute=dispute, side=row.side, pk__in={other.pk for other in also} - {row.pk})
    count = 1 + together.update(
        consent=row.consent, consent_on=row.consent_on, consent_way=way, consent_by=said_by
    )  # fmt: skip
    # Entrusted by arbitration the term runs from the consent of both.
    start_term(dispute)
    touch(
        dispute, "record_consent", by=by, now=now, name=row.name, given=given,
        way=row.get_consent_way_display(), on=on, note=note, **({"count": count} if count > 1 else {}),
    )  # fmt: skip
    return row


@transaction.atomic
def add_agent(
    party: Party, *, by: User, kind: str, name: str, valid_from: datetime.date, valid_to: datetime.date | None = None,
    firm: str = "", phone: str = "", power: str = Power.GENERAL, proof: Attachment | None = None, now: Now = None,
) -> Agent:  # fmt: skip
    """Somebody speaks for a party, by a power of attorney and until a day (调解仲裁法 24)."""
    dispute = lock(party.dispute)
    check_edits_parties(by, dispute)
    agent = Agent(
        party=party,
        kind=kind,
        name=required(name, _("请写代理人姓名。"), "name"),
        firm=firm,
        power=power,
        valid_from=valid_from,
        valid_to=valid_to,
        proof=check_of_case(dispute, proof, "proof"),
    )
    _put_numbers(agent, phone=phone)
    agent.save(force_insert=True)
    touch(dispute, "add_agent", by=by, now=now or timezone.now(), name=agent.name, party=party.name)
    return agent


@transaction.atomic
def end_agent(agent: Agent, *, by: User, on: datetime.date, reason: str = "", now: Now = None) -> Agent:
    """The power of attorney ends on this day."""
    dispute = lock(agent.party.dispute)
    check_edits_parties(by, dispute)
    if on < agent.valid_from:
        raise ActionError(_("结束日期不能早于起始日期。"), field="on")
    agent.valid_to = on
    agent.save(update_fields=["valid_to"])
    touch(dispute, "end_agent", by=by, now=now or timezone.now(), name=agent.name, reason=reason)
    return agent


@transaction.atomic
def reveal(thing: Party | Agent, name: str, *, by: User, reason: str) -> str:
    """Return a sealed value in clear, for whoever works on the case; who, what and why stay in its timeline."""
    if name not in thing.SEALED:
        raise ActionError(_("没有这项内容。"))
    dispute = thing.dispute if isinstance(thing, Party) else thing.party.dispute
    check_may_reveal(by, dispute)
    reason = required(reason, _("请写查看的理由，会记入经过。"), "reason")
    record_event(dispute, "reveal", by=by, data={"field": name, "party": thing.name, "reason": reason})
    return thing.open(name)
