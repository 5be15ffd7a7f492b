"""What the API says of disputes. Names of citizens leave masked; what one side said alone leaves for whom it is visible."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.casework.api.records import ClockField
from unionops.casework.enums import Satisfaction, Urgency, Way
from unionops.casework.permissions import Choice
from unionops.china.names import mask_name
from unionops.org.api.masking import told_masked
from unionops.org.api.payloads import Fragment, dump
from unionops.org.api.records import Asker, LabelField, Made, MaskedNameField, Reader, Row, UnitField, UserField

from ..causes import Cause
from ..enums import (
    CONFIRMATION_TRANSITIONS,
    SHARE_TRANSITIONS,
    ApplicationForm,
    CaseGrade,
    ConfirmationKind,
    ConfirmationState,
    ConfirmationVerb,
    Consent,
    ContactWay,
    ContractState,
    DisputeState,
    FailReason,
    InterestKind,
    LimitationKind,
    ObligationKind,
    OfferKind,
    Outcome,
    PartyKind,
    PauseReason,
    RecusalState,
    RefusalReason,
    Route,
    RuleProfile,
    Seat,
    SessionKind,
    ShareKind,
    ShareState,
    ShareVerb,
    Side,
    Source,
    TransferReason,
    Verb,
)
from ..models import Agent, Party, TeamMember
from ..permissions import Facts, choices_for, facts_of
from ..reckoning import CALCULATORS

# --- names of citizens


def names_in(cases: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """For each case the names of the citizens who are its parties or speak for one, and how others may read them."""
    found: dict[uuid.UUID, dict[str, str]] = {case: {} for case in cases}
    people = Party.objects.filter(dispute__in=cases, kind=PartyKind.PERSON).values_list("dispute_id", "name")
    agents = Agent.objects.filter(party__dispute__in=cases).values_list("party__dispute_id", "name")
    for case, name in people.union(agents):
        found[case][name] = mask_name(name)
    return found


# --- the steps that are open


class DisputeRefused(serializers.Serializer):
    verb = serializers.ChoiceField(Verb.choices)
    reason = serializers.CharField()


class Standing(NamedTuple):
    """The columns that decide which steps are open to the asker; it stands in for the dispute."""

    pk: uuid.UUID
    state: str
    source: str
    district_id: int
    organisation_id: int
    registered_by_id: int


class Steps(NamedTuple):
    """Two lists as ready JSON."""

    allowed: Fragment
    refused: Fragment


@lru_cache(maxsize=4096)
def _steps(facts: Facts, language: str) -> Steps:
    choices = choices_for(facts, language)
    return Steps(
        Fragment(orjson.dumps([str(choice.transition.verb) for choice in choices if choice.is_allowed])),
        Fragment(dump([_refused(choice) for choice in choices if not choice.is_allowed])),
    )


def _refused(choice: Choice) -> dict[str, str]:
    return {"verb": str(choice.transition.verb), "reason": str(choice.reason)}


class _StepsField(Made):
    columns = Standing._fields

    def steps(self, values: Row, asker: Asker) -> Steps:
        """`CaseReader` has read the seats of the asker in all cases of the page."""
        standing = Standing._make(values)
        seats = asker.memo.get(("seats", standing.pk), ())
        facts = facts_of(asker.user, standing, seats)  # type: ignore[arg-type]
        return _steps(facts, asker.language)


@extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Verb.choices)))
class AllowedField(_StepsField):
    """The steps that the asker may take now, the usual one first."""

    def make(self, values: Row, asker: Asker) -> Fragment:
        return self.steps(values, asker).allowed


@extend_schema_field(DisputeRefused(many=True))
class RefusedField(_StepsField):
    """Every other step, with the reason."""

    def make(self, values: Row, asker: Asker) -> Fragment:
        return self.steps(values, asker).refused


@extend_schema_field(serializers.CharField())
class TitleField(Made):
    """The title with the names of citizens masked."""

    columns = ("pk", "title")

    def make(self, values: Row, asker: Asker) -> str:
        case, title = values
        text: str = told_masked(title, asker.memo.get(("names", case), {}))
        return text


class CaseReader(Reader):
    """Reads cases with the seats of the asker and the names of their parties: one statement each for a page."""

    def _look_up(self, rows: Sequence[Row], asker: Asker) -> None:
        super()._look_up(rows, asker)
        place = self.columns.index("pk")
        cases = [row[place] for row in rows]
        seats: dict[uuid.UUID, list[TeamMember]] = {case: [] for case in cases}
        for seat in TeamMember.objects.filter(user=asker.user, dispute__in=cases):
            seats[seat.dispute_id].append(seat)
        asker.memo.update({("seats", case): found for case, found in seats.items()})
        asker.memo.update({("names", case): found for case, found in names_in(cases).items()})


# --- disputes


class DisputeRow(serializers.Serializer):
    """劳动争议, as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    title = TitleField()
    state = serializers.ChoiceField(DisputeState.choices)
    state_label = LabelField("state", DisputeState)
    organisation = UnitField("organisation")
    source = serializers.ChoiceField(Source.choices)
    cause = serializers.ChoiceField(Cause.choices)
    cause_label = LabelField("cause", Cause)
    grade = serializers.ChoiceField(CaseGrade.choices)
    urgency = serializers.ChoiceField(Urgency.choices)
    town = UnitField("town")
    people_count = serializers.IntegerField()
    is_collective = serializers.BooleanField()
    amount_claimed = serializers.DecimalField(max_digits=14, decimal_places=2)
    received_on = serializers.DateField()
    accepted_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(Outcome.choices, allow_blank=True)
    mediator = UserField("mediator")
    registered_at = serializers.DateTimeField()
    deadline = ClockField()
    version = serializers.IntegerField()
    allowed = AllowedField()
    refused = RefusedField()


class DisputeFacts(DisputeRow):
    application_form = serializers.ChoiceField(ApplicationForm.choices)
    rule_profile = serializers.ChoiceField(RuleProfile.choices)
    claims = serializers.CharField()
    facts = serializers.CharField()
    new_employment = serializers.BooleanField()
    commission_number = serializers.CharField()
    papers_signed_on = serializers.DateField(allow_null=True)
    known_on = serializers.DateField(allow_null=True)
    employment_ended_on = serializers.DateField(allow_null=True)
    registered_by = UserField("registered_by")
    issue = serializers.UUIDField(source="issue_id", allow_null=True)
    pause_reason = serializers.ChoiceField(PauseReason.choices, allow_blank=True)
    refusal_reason = serializers.ChoiceField(RefusalReason.choices, allow_blank=True)
    fail_reason = serializers.ChoiceField(FailReason.choices, allow_blank=True)
    transfer_reason = serializers.ChoiceField(TransferReason.choices, allow_blank=True)
    transferred_to = serializers.CharField()
    route = serializers.ChoiceField(Route.choices, allow_blank=True)
    volume = serializers.IntegerField()
    closed_at = serializers.DateTimeField(allow_null=True)
    keep_until = serializers.DateField(allow_null=True)


class MemberRow(serializers.Serializer):
    """办案人员"""

    id = serializers.IntegerField()
    user = UserField("user")
    seat = serializers.ChoiceField(Seat.choices)
    side = serializers.ChoiceField(Side.choices, allow_blank=True)
    is_lead = serializers.BooleanField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class ShareRow(serializers.Serializer):
    """共享给联动单位"""

    id = serializers.IntegerField()
    organisation = UnitField("organisation")
    reason = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class LimitationRow(serializers.Serializer):
    """时效事件"""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(LimitationKind.choices)
    on = serializers.DateField()
    note = serializers.CharField()
    evidence = serializers.UUIDField(source="evidence_id", allow_null=True)


class RecusalRow(serializers.Serializer):
    """回避; why is read on the page, by whoever replaces the person"""

    id = serializers.IntegerField()
    seat = serializers.IntegerField(source="seat_id")
    kind = serializers.ChoiceField(InterestKind.choices)
    party = serializers.UUIDField(source="party_id", allow_null=True)
    state = serializers.ChoiceField(RecusalState.choices)
    asked_by = serializers.UUIDField(source="asked_by_id", allow_null=True)
    asked_on = serializers.DateField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CallRow(serializers.Serializer):
    """案后回访"""

    id = serializers.IntegerField()
    due_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = UserField("done_by")
    way = serializers.ChoiceField(Way.choices, allow_blank=True)
    resolved = serializers.BooleanField(allow_null=True)
    satisfaction = serializers.ChoiceField(Satisfaction.choices, allow_blank=True)
    note = serializers.CharField()


class OfferRow(serializers.Serializer):
    """要求和出价. Only those that the asker may know of are told."""

    id = serializers.IntegerField()
    session = serializers.UUIDField(source="session_id", allow_null=True)
    side = serializers.ChoiceField(Side.choices)
    kind = serializers.ChoiceField(OfferKind.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    terms = serializers.CharField()
    made_on = serializers.DateField()
    released_at = serializers.DateTimeField(allow_null=True)


@extend_schema_field(serializers.CharField())
class PartyNameField(Made):
    """A firm's name, or a citizen's as others may read it."""

    columns = ("kind", "name")

    def make(self, values: Row, asker: Asker) -> str:
        kind, name = values
        return name if kind == PartyKind.ENTERPRISE else mask_name(name)


class AgentRow(serializers.Serializer):
    """代理人"""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    power = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class PartyRow(serializers.Serializer):
    """当事人"""

    id = serializers.UUIDField()
    dispute = serializers.UUIDField(source="dispute_id")
    side = serializers.ChoiceField(Side.choices)
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(PartyKind.choices)
    name = PartyNameField(help_text="个人姓名已打码；接口不给原文。")
    enterprise = serializers.UUIDField(source="enterprise_id", allow_null=True)
    credit_code = serializers.CharField()
    legal_representative = MaskedNameField("legal_representative", help_text="已打码；接口不给原文。")
    identity_masked = serializers.CharField(help_text="已打码；接口不给原文。")
    phone_masked = serializers.CharField(help_text="已打码；接口不给原文。")
    address_masked = serializers.CharField(help_text="已打码；接口不给原文。")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    valid_from = serializers.DateField(allow_null=True, help_text="空着是从头参加。")
    valid_to = serializers.DateField(allow_null=True)
    is_elected = serializers.BooleanField()
    elected_from = serializers.DateField(allow_null=True)
    elected_to = serializers.DateField(allow_null=True)
    consent = serializers.ChoiceField(Consent.choices, allow_blank=True)
    consent_on = serializers.DateField(allow_null=True)
    consent_way = serializers.ChoiceField(ContactWay.choices, allow_blank=True)


class ReckonedRow(serializers.Serializer):
    kind = serializers.ChoiceField([(kind, calculator.label) for kind, calculator in CALCULATORS.items()])
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


@extend_schema_field(ReckonedRow(many=True))
class ClaimsField(Made):
    """What was computed; its arithmetic stands on the page and in the papers."""

    columns = ("claims",)

    def make(self, values: Row, asker: Asker) -> list[dict[str, str]]:
        (claims,) = values
        return [{"kind": claim["kind"], "amount": claim["amount"]} for claim in claims]


class ElementsRow(serializers.Serializer):
    """要素表"""

    started_on = serializers.DateField(allow_null=True)
    ended_on = serializers.DateField(allow_null=True)
    post = serializers.CharField()
    contract = serializers.ChoiceField(ContractState.choices, allow_blank=True)
    monthly_pay = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    pay_structure = serializers.CharField()
    attendance = serializers.CharField()
    insurance = serializers.CharField()
    agreed_facts = serializers.CharField()
    focus = serializers.CharField()
    claims = ClaimsField()


class PartyRecord(PartyRow):
    """当事人, with those who speak for it."""

    agents = AgentRow(many=True)


class DisputeRecord(DisputeFacts):
    """劳动争议, whole: what the asker may see of it."""

    parties = PartyRow(many=True)
    team = MemberRow(many=True)
    shares = ShareRow(many=True)
    offers = OfferRow(many=True)
    limitation_events = LimitationRow(many=True)
    elements = ElementsRow(allow_null=True)
    recusals = RecusalRow(many=True)
    follow_ups = CallRow(many=True)


# --- what hangs on a dispute


class SessionRow(serializers.Serializer):
    """调解: that it took place. What was said is the note of one session, for whom it is visible."""

    id = serializers.UUIDField()
    dispute = serializers.UUIDField(source="dispute_id")
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(SessionKind.choices)
    side_heard = serializers.ChoiceField(Side.choices, allow_blank=True)
    held_at = serializers.DateTimeField()
    place = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    recorded_by = UserField("recorded_by")


class NoteRow(serializers.Serializer):
    """调解笔录"""

    text = serializers.CharField()
    points = serializers.CharField()
    signed_on = serializers.DateField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)


class SessionRecord(SessionRow):
    note = NoteRow(allow_null=True, help_text="看不到的笔录是 null。")
    offers = OfferRow(many=True)


class ObligationRow(serializers.Serializer):
    """履行义务"""

    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id")
    dispute = serializers.UUIDField(source="agreement__dispute_id")
    position = serializers.IntegerField()
    debtor = serializers.UUIDField(source="debtor_id")
    creditor = serializers.UUIDField(source="creditor_id")
    kind = serializers.ChoiceField(ObligationKind.choices)
    what = serializers.CharField()
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    instalment = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField()
    fulfilled_on = serializers.DateField(allow_null=True)
    proof_note = serializers.CharField()
    pressed_on = serializers.DateField(allow_null=True)


class AgreementRow(serializers.Serializer):
    """调解协议; a draft has no day of effect."""

    id = serializers.UUIDField()
    dispute = serializers.UUIDField(source="dispute_id")
    draft = serializers.IntegerField(source="version")
    volume = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=14, decimal_places=2)
    way = serializers.CharField()
    drafted_by = UserField("drafted_by")
    drafted_at = serializers.DateTimeField()
    applicant_signed_on = serializers.DateField(allow_null=True)
    respondent_signed_on = serializers.DateField(allow_null=True)
    mediator_signed_on = serializers.DateField(allow_null=True)
    sealed_on = serializers.DateField(allow_null=True)
    effective_on = serializers.DateField(allow_null=True)


class AgreementFacts(AgreementRow):
    facts = serializers.CharField()
    result = serializers.CharField()
    copies = serializers.IntegerField()
    warnings = serializers.ListField(child=serializers.CharField())


class AgreementRecord(AgreementFacts):
    obligations = ObligationRow(many=True)


@extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ConfirmationVerb.choices)))
class OpenStepsField(Made):
    """What may follow in this state; who may enter it is told by trying."""

    columns = ("state",)

    def make(self, values: Row, asker: Asker) -> list[str]:
        (state,) = values
        return [str(verb) for verb, row in CONFIRMATION_TRANSITIONS.items() if state in row.sources]


class ConfirmationRow(serializers.Serializer):
    """协议确认"""

    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id")
    dispute = serializers.UUIDField(source="agreement__dispute_id")
    kind = serializers.ChoiceField(ConfirmationKind.choices)
    state = serializers.ChoiceField(ConfirmationState.choices)
    state_label = LabelField("state", ConfirmationState)
    body = serializers.CharField()
    applied_on = serializers.DateField()
    is_late = serializers.BooleanField()
    accepted_on = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    number = serializers.CharField()
    reason = serializers.CharField()
    open_steps = OpenStepsField()


@extend_schema_field(serializers.ListField(child=serializers.ChoiceField(ShareVerb.choices)))
class LetterStepsField(Made):
    """What the organisation may answer in this state; whether it still may is told by trying."""

    columns = ("state", "ended_at")

    def make(self, values: Row, asker: Asker) -> list[str]:
        state, ended_at = values
        return [str(verb) for verb, row in SHARE_TRANSITIONS.items() if ended_at is None and state in row.sources]


class LetterRow(serializers.Serializer):
    """函件：案件共享、移送函、委托函和对方的答复"""

    id = serializers.IntegerField()
    dispute = serializers.UUIDField(source="dispute_id")
    dispute_number = serializers.CharField(source="dispute.number")
    organisation = UnitField("organisation")
    kind = serializers.ChoiceField(ShareKind.choices)
    kind_label = LabelField("kind", ShareKind)
    state = serializers.ChoiceField(ShareState.choices)
    state_label = LabelField("state", ShareState)
    reason = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    accepted_name = serializers.CharField()
    declined_at = serializers.DateTimeField(allow_null=True)
    declined_name = serializers.CharField()
    decline_reason = serializers.CharField()
    open_steps = LetterStepsField()


class AppointmentRow(serializers.Serializer):
    """预约"""

    id = serializers.UUIDField()
    dispute = serializers.UUIDField(source="dispute_id")
    room = serializers.CharField(source="room.name")
    room_id = serializers.IntegerField()
    mediator = UserField("mediator")
    kind = serializers.ChoiceField(SessionKind.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    note = serializers.CharField()
    link = serializers.CharField()
    cancelled_at = serializers.DateTimeField(allow_null=True)


def of(reader: Reader, rows: QuerySet, asker: Asker) -> list[dict[str, Any]]:
    return reader.told(rows.values_list(*reader.columns), asker)


DISPUTE_ROWS = CaseReader(DisputeRow, "id", "registered_at")
DISPUTE_FACTS = CaseReader(DisputeFacts)
MEMBERS, SHARES, LIMITATION, CALLS = Reader(MemberRow), Reader(ShareRow), Reader(LimitationRow), Reader(CallRow)
RECUSALS, ELEMENTS = Reader(RecusalRow), Reader(ElementsRow)
OFFERS, AGENTS, NOTES = Reader(OfferRow), Reader(AgentRow), Reader(NoteRow)
PARTY_ROWS = Reader(PartyRow, "id", "dispute_id")
SESSION_ROWS = Reader(SessionRow, "id", "held_at")
AGREEMENT_ROWS, AGREEMENT_FACTS = Reader(AgreementRow, "id", "drafted_at"), Reader(AgreementFacts)
OBLIGATION_ROWS = Reader(ObligationRow, "id", "due_on")
CONFIRMATION_ROWS = Reader(ConfirmationRow, "id", "applied_on")
APPOINTMENT_ROWS = Reader(AppointmentRow, "id", "starts_at")
LETTER_ROWS = Reader(LetterRow, "id", "valid_from")
