"""What may be sent to disputes; each form ends in one call of an action."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from unionops.casework.enums import Satisfaction, Urgency, Way
from unionops.casework.models import Attachment
from unionops.org.api.fields import (
    LARGEST_KEY,
    CreditCode,
    Day,
    Flag,
    Form,
    Identity,
    Key,
    LongKey,
    Moment,
    Money,
    Number,
    Phone,
    Text,
)
from unionops.org.enums import OrganisationKind
from unionops.org.models import Enterprise, Organisation, Person, User

from ..actions.agreements import ObligationDraft
from ..actions.intake import DisputeDraft, PartyDraft
from ..actions.sessions import OfferDraft
from ..actions.team import MemberDraft
from ..causes import Cause
from ..enums import (
    AgentKind,
    ApplicationForm,
    CaseGrade,
    ConfirmationKind,
    ConfirmationVerb,
    ContactWay,
    ContractState,
    FailReason,
    InterestKind,
    LimitationKind,
    Mark,
    ObligationKind,
    OfferKind,
    PartyKind,
    PauseReason,
    Power,
    RefusalReason,
    Route,
    RuleProfile,
    Seat,
    SessionKind,
    ShareKind,
    ShareVerb,
    Side,
    Source,
    TransferReason,
    Verb,
)
from ..forms.law import CALCULATOR_FORMS
from ..models import Dispute, Party, Room
from ..reckoning import CALCULATORS

MOST_PARTIES = 300
MOST_MEMBERS = 12
MOST_OBLIGATIONS = 400
MOST_OFFERS = 10
MOST_PRESENT = 40


def centres(rows: QuerySet) -> QuerySet:
    return rows.filter(kind=OrganisationKind.MEDIATION_CENTRE)


def towns(rows: QuerySet) -> QuerySet:
    return rows.filter(kind=OrganisationKind.TOWN)


def with_town(rows: QuerySet) -> QuerySet:
    return rows.select_related("town")


def active(rows: QuerySet) -> QuerySet:
    return rows.filter(is_active=True)


class PartyForm(Form):
    """One party: somebody of the directory by key, anybody else by name."""

    side = serializers.ChoiceField(Side.choices)
    kind = serializers.ChoiceField(PartyKind.choices, required=False)
    name = Text(most=100, required=False)
    person = LongKey(Person, required=False, allow_null=True)
    enterprise = LongKey(Enterprise, with_town, required=False, allow_null=True)
    identity = Identity(most=30, required=False, write_only=True)
    phone = Phone(most=40, required=False, write_only=True)
    address = Text(most=200, required=False, write_only=True)
    credit_code = CreditCode(most=30, required=False)
    legal_representative = Text(most=50, required=False)
    representative_post = Text(most=50, required=False)
    claims = Text(most=1000, lines=True, required=False)
    amount = Money(required=False)

    def validate(self, attrs: dict[str, Any]) -> PartyDraft:
        person, firm, kind = attrs.get("person"), attrs.get("enterprise"), attrs.get("kind", PartyKind.PERSON)
        if not (person or firm or attrs.get("name")):
            raise serializers.ValidationError({"name": [_("请写当事人的姓名或单位名称。")]})
        if person and (firm or kind == PartyKind.ENTERPRISE):
            raise serializers.ValidationError({"person": [_("人员和用人单位只能选一个。")]})
        if attrs.get("credit_code") and not firm and kind == PartyKind.PERSON:
            raise serializers.ValidationError({"credit_code": [_("个人没有统一社会信用代码。")]})
        return PartyDraft(**attrs)


class DisputeForm(Form):
    """A dispute as it is received, with its parties."""

    organisation = Key(Organisation, centres)
    source = serializers.ChoiceField(Source.choices)
    cause = serializers.ChoiceField(Cause.choices)
    claims = Text(most=2000, lines=True)
    parties = PartyForm(many=True, max_length=MOST_PARTIES)
    application_form = serializers.ChoiceField(ApplicationForm.choices, required=False)
    received_on = Day(required=False)
    facts = Text(most=5000, lines=True, required=False)
    amount_claimed = Money(required=False)
    people_count = Number(least=1, most=100_000, required=False)
    grade = serializers.ChoiceField(CaseGrade.choices, required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    rule_profile = serializers.ChoiceField(RuleProfile.choices, required=False)
    new_employment = Flag(required=False)
    town = Key(Organisation, towns, required=False, allow_null=True)
    commission_number = Text(most=60, required=False)
    papers_signed_on = Day(required=False, allow_null=True)
    known_on = Day(required=False, allow_null=True)
    employment_ended_on = Day(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> DisputeDraft:
        return DisputeDraft(**attrs)


class DisputeCorrectionForm(Form):
    """Facts of a case that may be corrected; what is not sent stays."""

    title = Text(most=120)
    claims = Text(most=2000, lines=True)
    facts = Text(most=5000, lines=True, required=False)
    cause = serializers.ChoiceField(Cause.choices)
    grade = serializers.ChoiceField(CaseGrade.choices)
    urgency = serializers.ChoiceField(Urgency.choices)
    amount_claimed = Money()
    people_count = Number(least=1, most=100_000)
    town = Key(Organisation, towns, allow_null=True)
    known_on = Day(allow_null=True)
    employment_ended_on = Day(allow_null=True)
    new_employment = Flag()


class FileOfCase(LongKey):
    """A file that was put to a case before; the action refuses one of another case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Attachment, required=False, allow_null=True, **kwargs)

    def within(self) -> QuerySet:
        seen = Dispute.objects.visible_to(self.context["user"]).values("pk")
        return Attachment.objects.filter(kind="dispute", case_id__in=seen, removed_at=None)


# --- the steps


class CaseNoteForm(Form):
    note = Text(most=1000, lines=True, required=False)


class ArchiveForm(CaseNoteForm):
    # What the file lacks and why; asked for where it lacks something.
    statement = Text(most=1000, lines=True, required=False)


class CaseReasonForm(Form):
    reason = Text(most=1000, lines=True)


class AskConsentForm(CaseNoteForm):
    way = serializers.ChoiceField(ContactWay.choices)
    contacted_on = Day()
    person = Text(most=50)


class AcceptForm(CaseNoteForm):
    scope_checked = Flag()
    accepted_on = Day(required=False)


class RefuseForm(Form):
    reason = serializers.ChoiceField(RefusalReason.choices)
    note = Text(most=1000, lines=True)


class MemberForm(Form):
    user = Key(User, active)
    seat = serializers.ChoiceField(Seat.choices, required=False)
    side = serializers.ChoiceField(Side.choices, required=False, allow_blank=True)
    until = Day(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> MemberDraft:
        return MemberDraft(**attrs)


class AssignMediatorsForm(CaseNoteForm):
    """The first mediator leads."""

    members = MemberForm(many=True, max_length=MOST_MEMBERS)
    recusal_checked = Flag()


class OfferForm(Form):
    side = serializers.ChoiceField(Side.choices)
    kind = serializers.ChoiceField(OfferKind.choices, required=False)
    amount = Money(required=False, allow_null=True)
    terms = Text(most=500, required=False)

    def validate(self, attrs: dict[str, Any]) -> OfferDraft:
        return OfferDraft(**attrs)


class HoldSessionForm(Form):
    kind = serializers.ChoiceField(SessionKind.choices)
    side_heard = serializers.ChoiceField(Side.choices, required=False, allow_blank=True)
    text = Text(most=10_000, lines=True)
    points = Text(most=2000, lines=True, required=False)
    present = serializers.ListField(child=Text(most=60), max_length=MOST_PRESENT)
    held_at = Moment(required=False)
    place = Text(most=100, required=False)
    next_on = Day(required=False, allow_null=True)
    offers = OfferForm(many=True, required=False, max_length=MOST_OFFERS)


class ExtendTermForm(CaseReasonForm):
    days = Number(least=1, most=60)
    applicant_agreed_on = Day()
    respondent_agreed_on = Day()


class SuspendMediationForm(CaseNoteForm):
    reason = serializers.ChoiceField(PauseReason.choices)


class ObligationForm(Form):
    debtor = LongKey(Party)
    creditor = LongKey(Party)
    what = Text(most=300)
    due_on = Day()
    kind = serializers.ChoiceField(ObligationKind.choices, required=False)
    amount = Money(required=False, allow_null=True)
    instalment = Number(least=1, most=400, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> ObligationDraft:
        return ObligationDraft(**attrs)


class AgreeForm(Form):
    result = Text(most=5000, lines=True)
    way = Text(most=300)
    total = Money()
    obligations = ObligationForm(many=True, max_length=MOST_OBLIGATIONS)
    facts = Text(most=5000, lines=True, required=False)
    warnings_read = Flag(required=False)


class MakeEffectiveForm(Form):
    """Of a collective case with the signed list of those who are represented."""

    effective_on = Day(required=False)
    consent_list = FileOfCase()


class ResumeForm(Form):
    """How the reason of the rest is gone."""

    note = Text(most=1000, lines=True)


class ChooseRouteForm(CaseNoteForm):
    route = serializers.ChoiceField(Route.choices)
    to = Text(most=100, required=False)
    letter_number = Text(most=60, required=False)


class FailForm(CaseNoteForm):
    reason = serializers.ChoiceField(FailReason.choices)


class WithdrawForm(CaseReasonForm):
    settled_privately = Flag(required=False)


class TransferDisputeForm(CaseNoteForm):
    reason = serializers.ChoiceField(TransferReason.choices)
    to = Text(most=100)
    letter_number = Text(most=60, required=False)


FORMS: dict[str, type[Form]] = {
    Verb.ASK_CONSENT: AskConsentForm,
    Verb.ACCEPT: AcceptForm,
    Verb.REFUSE: RefuseForm,
    Verb.ASSIGN: AssignMediatorsForm,
    Verb.HOLD_SESSION: HoldSessionForm,
    Verb.EXTEND: ExtendTermForm,
    Verb.SUSPEND: SuspendMediationForm,
    Verb.RESUME: ResumeForm,
    Verb.AGREE: AgreeForm,
    Verb.TALK_AGAIN: CaseReasonForm,
    Verb.MAKE_EFFECTIVE: MakeEffectiveForm,
    Verb.FINISH: CaseNoteForm,
    Verb.BREACH: CaseNoteForm,
    Verb.FINISH_LATE: CaseNoteForm,
    Verb.CHOOSE_ROUTE: ChooseRouteForm,
    Verb.FAIL: FailForm,
    Verb.WITHDRAW: WithdrawForm,
    Verb.TRANSFER: TransferDisputeForm,
    Verb.ARCHIVE: ArchiveForm,
    Verb.REOPEN: CaseReasonForm,
}
assert set(FORMS) == set(Verb), "every verb has its form"


# --- what is done around a case


class CaseTextForm(Form):
    text = Text(most=500, lines=True)


class AddPartiesForm(Form):
    parties = PartyForm(many=True, max_length=MOST_PARTIES)
    valid_from = Day(required=False)


class PartiesOfCase(Form):
    """The representatives whom the claimants elected; they replace who was elected before."""

    representatives = serializers.ListField(child=LongKey(Party), max_length=5)
    elected_from = Day(required=False)
    elected_to = Day(required=False, allow_null=True)
    proof = FileOfCase()


class LimitationForm(Form):
    kind = serializers.ChoiceField(LimitationKind.choices)
    on = Day()
    note = Text(most=200, required=False)
    evidence = FileOfCase()


class ProveForm(Form):
    """The proof of a limitation event that came without one, from the files of the case."""

    event = Number(most=LARGEST_KEY)
    evidence = serializers.UUIDField()


class ElementsForm(Form):
    """要素表; what is not sent stays as it is."""

    started_on = Day(required=False, allow_null=True)
    ended_on = Day(required=False, allow_null=True)
    post = Text(most=60, required=False)
    contract = serializers.ChoiceField(ContractState.choices, required=False, allow_blank=True)
    monthly_pay = Money(required=False, allow_null=True)
    pay_structure = Text(most=1000, lines=True, required=False)
    attendance = Text(most=1000, lines=True, required=False)
    insurance = Text(most=500, lines=True, required=False)
    agreed_facts = Text(most=3000, lines=True, required=False)
    focus = Text(most=3000, lines=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> Any:
        return {"fields": attrs}


class AddClaimForm(Form):
    """One calculator with what it asks, by the names that its page has."""

    kind = serializers.ChoiceField([(kind, calculator.label) for kind, calculator in CALCULATORS.items()])
    asked = serializers.DictField(child=serializers.CharField(max_length=40, allow_blank=True))

    def validate(self, attrs: dict[str, Any]) -> Any:
        form = CALCULATOR_FORMS[attrs["kind"]](attrs["asked"])
        if not form.is_valid():
            raise serializers.ValidationError(
                {"asked": [str(error) for errors in form.errors.values() for error in errors]}
            )
        return {"kind": attrs["kind"], "asked": form.asked()}


class WatchDisputeForm(Form):
    on = Flag()


class DropClaimForm(Form):
    position = Number(most=100)


class TakeOverForm(Form):
    party = LongKey(Party)


class MakeOfferForm(OfferForm):
    made_on = Day(required=False)

    def validate(self, attrs: dict[str, Any]) -> Any:
        made_on = attrs.pop("made_on", None)
        return {"offer": OfferDraft(**attrs), "made_on": made_on}


class AddMemberForm(MemberForm):
    lead = Flag(required=False)

    def validate(self, attrs: dict[str, Any]) -> Any:
        lead = attrs.pop("lead", False)
        return {"member": MemberDraft(**attrs), "lead": lead}


class ShareForm(Form):
    """To work on the case together, or with a letter (移送函, 委托函) that the organisation answers."""

    organisation = Key(Organisation)
    kind = serializers.ChoiceField(ShareKind.choices, required=False)
    reason = Text(most=200)
    until = Day(required=False, allow_null=True)


class OfCaseKey(Number):
    """The number of something that hangs on this case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, most=2**63 - 1, **kwargs)


class SeatForm(CaseReasonForm):
    seat = OfCaseKey()


class RecuseForm(CaseReasonForm):
    """回避, said of oneself: with whom the relation is, where it is with one of the parties."""

    kind = serializers.ChoiceField(InterestKind.choices)
    party = LongKey(Party, required=False, allow_null=True)
    also_later = Flag(required=False)


class AskRecusalForm(CaseReasonForm):
    """回避, asked for by a party: of whom, by which party, and when."""

    seat = OfCaseKey()
    asked_by = LongKey(Party)
    kind = serializers.ChoiceField(InterestKind.choices)
    asked_on = Day()


class DecideRecusalForm(Form):
    """``note`` says why a refusal is one."""

    recusal = OfCaseKey()
    granted = Flag()
    note = Text(most=500, lines=True, required=False)


class EndShareForm(Form):
    share = OfCaseKey()
    reason = Text(most=200, required=False)


class ReleaseOfferForm(CaseReasonForm):
    offer = OfCaseKey()


class FollowUpForm(Form):
    follow_up = OfCaseKey()
    way = serializers.ChoiceField(Way.choices)
    resolved = Flag()
    satisfaction = serializers.ChoiceField(Satisfaction.choices, required=False, allow_blank=True)
    note = Text(most=2000, lines=True, required=False)
    danger = Flag(required=False)


class ConsentForm(CaseNoteForm):
    given = Flag()
    on = Day()
    way = serializers.ChoiceField(ContactWay.choices)
    said_by = Text(most=50, required=False)


class AgentForm(Form):
    """Who speaks for a party; the power of attorney is a file of the case."""

    kind = serializers.ChoiceField(AgentKind.choices)
    name = Text(most=50)
    firm = Text(most=100, required=False)
    phone = Phone(most=40, required=False, write_only=True)
    power = serializers.ChoiceField(Power.choices, required=False)
    valid_from = Day()
    valid_to = Day(required=False, allow_null=True)
    proof = FileOfCase()


class EndAgentForm(Form):
    agent = serializers.UUIDField()
    on = Day()
    reason = Text(most=500, lines=True, required=False)


class EndPartyForm(Form):
    """The last day of a party, or of the term of one whom the claimants elected."""

    on = Day()
    reason = Text(most=200)


class SignNoteForm(Form):
    signed_on = Day()


class MarkForm(Form):
    mark = serializers.ChoiceField(Mark.choices)
    on = Day()
    signed_by = serializers.ListField(child=Text(most=50), max_length=10, required=False)
    scan = FileOfCase()


class WithdrawMarkForm(CaseReasonForm):
    mark = serializers.ChoiceField(Mark.choices)


class FulfilForm(Form):
    on = Day()
    proof_note = Text(most=200, required=False, help_text=_("凭什么确认已履行，例如银行回单号；有凭证的可以不写。"))
    proof = FileOfCase()


class PressForm(CaseNoteForm):
    on = Day()
    way = serializers.ChoiceField(ContactWay.choices)


class ConfirmationForm(Form):
    """An application for confirmation, by both parties or by the worker alone (domain 3.3)."""

    dispute = LongKey(Dispute)
    kind = serializers.ChoiceField(ConfirmationKind.choices)
    body = Text(most=100)
    applied_on = Day()
    paper = FileOfCase()


class AcceptConfirmationForm(Form):
    accepted_on = Day()
    number = Text(most=60, required=False)
    paper = FileOfCase()


class ConfirmationDecisionForm(Form):
    decided_on = Day()
    number = Text(most=60)
    paper = FileOfCase()


class ConfirmationReasonForm(Form):
    reason = Text(most=500, lines=True)


class RefuseConfirmationForm(ConfirmationReasonForm):
    decided_on = Day()
    number = Text(most=60, required=False)


class AcceptLetterForm(Form):
    """Nothing is asked: whoever sends it takes the case on for the organisation."""


class DeclineLetterForm(Form):
    reason = Text(most=500, lines=True)


LETTER_FORMS: dict[str, type[Form]] = {
    ShareVerb.ACCEPT: AcceptLetterForm,
    ShareVerb.REFUSE: DeclineLetterForm,
    ShareVerb.RETURN: DeclineLetterForm,
}
assert set(LETTER_FORMS) == set(ShareVerb), "every answer has its form"
CONFIRMATION_FORMS: dict[str, type[Form]] = {
    ConfirmationVerb.ACCEPT: AcceptConfirmationForm,
    ConfirmationVerb.CONFIRM: ConfirmationDecisionForm,
    ConfirmationVerb.REFUSE: RefuseConfirmationForm,
    ConfirmationVerb.WITHDRAW: ConfirmationReasonForm,
}
assert set(CONFIRMATION_FORMS) == set(ConfirmationVerb), "every verb has its form"


class AppointmentForm(Form):
    """A time of a room for a case."""

    dispute = LongKey(Dispute)
    room = Key(Room)
    starts_at = Moment()
    ends_at = Moment()
    kind = serializers.ChoiceField(SessionKind.choices, required=False)
    mediator = Key(User, active, required=False, allow_null=True)
    note = Text(most=200, required=False)
    link = Text(most=300, required=False)
