"""What may be sent to visits and issues; each form ends in one call of an action."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.casework.enums import Satisfaction, SupervisionKind, Urgency, Way
from unionops.org.api.fields import (
    Day,
    Flag,
    Form,
    Key,
    Keys,
    LongKey,
    Moment,
    Money,
    NoForm,
    Number,
    Phone,
    Text,
)
from unionops.org.enums import OrganisationKind
from unionops.org.models import Enterprise, Organisation, User

from ..actions.register import IssueDraft
from ..actions.steps import TaskDraft
from ..actions.visits import VisitDraft
from ..enums import (
    AnswerWay,
    ClaimantKind,
    Grade,
    Handling,
    Heading,
    IssueSource,
    PauseReason,
    Policy,
    ResultKind,
    TargetType,
    Verb,
    VisitMode,
)
from ..models import Category, Issue

MOST_ISSUES = 20
MOST_TASKS = 20
LEADING = (OrganisationKind.DEPARTMENT, OrganisationKind.MEDIATION_CENTRE, OrganisationKind.TOWN)


# An issue from a visit comes with its visit.
OTHER_SOURCES = [(value, label) for value, label in IssueSource.choices if value != IssueSource.VISIT]


def towns(rows: QuerySet) -> QuerySet:
    return rows.filter(kind=OrganisationKind.TOWN)


def leading(rows: QuerySet) -> QuerySet:
    """Organisations of today whose people can sign for an issue."""
    return rows.filter(kind__in=LEADING).valid_on(timezone.localdate())  # type: ignore[attr-defined]


def with_town(rows: QuerySet) -> QuerySet:
    return rows.select_related("town")


def active(rows: QuerySet) -> QuerySet:
    return rows.filter(is_active=True)


class CategoryKey(Key):
    """A category that is in use; the table is the same for everybody."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Category, **kwargs)

    def within(self) -> QuerySet:
        return Category.objects.filter(is_active=True)


class Claim(Form):
    """What an issue says, whether it is heard on a visit or brought by somebody."""

    title = Text(most=120)
    category = CategoryKey()
    description = Text(most=5000, lines=True, required=False)
    demand = Text(most=2000, lines=True, required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    claimant_kind = serializers.ChoiceField(ClaimantKind.choices, required=False)
    claimant_name = Text(most=50, required=False, write_only=True)
    claimant_phone = Phone(most=40, required=False, write_only=True)
    claimant_count = Number(least=1, most=100_000, required=False)
    hide_from_firm = Flag(required=False)
    is_sensitive = Flag(required=False)
    new_employment = Flag(required=False)
    handling = serializers.ChoiceField(Handling.choices, required=False)
    explanation = Text(most=2000, lines=True, required=False)
    explanation_basis = Text(most=200, required=False)
    understood = Flag(required=False)
    suggested_department = Key(Organisation, leading, required=False, allow_null=True)


class IssueForm(Claim):
    """An issue that was not heard on a visit."""

    source = serializers.ChoiceField(OTHER_SOURCES)
    town = Key(Organisation, towns, required=False)
    enterprise = LongKey(Enterprise, required=False, allow_null=True)
    raised_on = Day(required=False)

    def validate(self, attrs: dict[str, Any]) -> IssueDraft:
        return IssueDraft(**attrs)


class IssueHeard(Claim):
    """An issue in the form of the visit."""

    def validate(self, attrs: dict[str, Any]) -> IssueDraft:
        return IssueDraft(**attrs)


class CorrectionForm(Form):
    """Facts of an issue that may be corrected; what is not sent stays."""

    title = Text(most=120)
    description = Text(most=5000, lines=True, required=False)
    demand = Text(most=2000, lines=True, required=False)
    category = CategoryKey()
    enterprise = LongKey(Enterprise, allow_null=True)
    claimant_kind = serializers.ChoiceField(ClaimantKind.choices)
    claimant_name = Text(most=50, required=False, write_only=True)
    claimant_phone = Phone(most=40, required=False, write_only=True)
    claimant_count = Number(least=1, most=100_000)
    new_employment = Flag()
    is_sensitive = Flag()
    hide_from_firm = Flag()


class Finding(Form):
    grade = serializers.ChoiceField(Grade.choices)
    note = Text(most=300, required=False)


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            heading: {
                "type": "object",
                "required": ["grade"],
                "additionalProperties": False,
                "properties": {
                    "grade": {"type": "string", "enum": list(Grade.values)},
                    "note": {"type": "string", "maxLength": 300},
                },
            }
            for heading in Heading.values
        },
        "additionalProperties": False,
    }
)
class Checklist(serializers.DictField):
    """五看, by heading."""

    child = Finding()

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := [name for name in data if name not in Heading.values]):
            raise serializers.ValidationError({str(name)[:40]: [_("五看里没有这一项。")] for name in unknown})
        return super().to_internal_value(data)


class VisitFacts(Form):
    visited_on = Day()
    mode = serializers.ChoiceField(VisitMode.choices, required=False)
    companions = Text(most=200, required=False)
    started_at = serializers.TimeField(required=False, allow_null=True)
    ended_at = serializers.TimeField(required=False, allow_null=True)
    contact_name = Text(most=50, required=False, write_only=True)
    contact_role = Text(most=50, required=False)
    interviewee_count = Number(most=30_000, required=False, allow_null=True)
    checklist = Checklist(required=False)
    policies = serializers.ListField(
        child=serializers.ChoiceField(Policy.choices), max_length=len(Policy), required=False
    )
    summary = Text(most=5000, lines=True, required=False)
    next_plan = Text(most=200, required=False)
    place = Text(most=200, required=False)


class VisitForm(VisitFacts):
    """A visit with the issues heard on it."""

    client_id = serializers.UUIDField(required=False, help_text=_("手机上生成；同一次走访再发一次还是同一次。"))
    enterprise = LongKey(Enterprise, with_town, required=False, allow_null=True)
    target_name = Text(most=100, required=False)
    target_type = serializers.ChoiceField(TargetType.choices, required=False)
    town = Key(Organisation, towns, required=False)
    officers = Keys(User, active, required=False)
    contact_phone = Phone(most=40, required=False, write_only=True)
    issues = IssueHeard(many=True, required=False, max_length=MOST_ISSUES)
    late_reason = Text(most=200, required=False, help_text=_("过了下周一才补录的必须写。"))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        issues = attrs.pop("issues", [])
        if not attrs.get("enterprise") and not attrs.get("target_name"):
            raise serializers.ValidationError({"enterprise": [_("请选企业，或在 target_name 写明走访的是哪家。")]})
        return {"draft": VisitDraft(**attrs), "issues": issues}


class VisitCorrectionForm(VisitFacts):
    reason = Text(most=200, required=False, help_text=_("月份结账以后必须写；周已结账，改走访日期也必须写。"))


class VisitReturnForm(Form):
    reason = Text(most=200)


# --- the steps


class TaskForm(Form):
    what = Text(most=200)
    due_on = Day()
    organisation = Key(Organisation, leading, required=False, allow_null=True)
    owner = Key(User, active, required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> TaskDraft:
        return TaskDraft(**attrs)


class ReasonForm(Form):
    reason = Text(most=1000, lines=True)


class NoteForm(Form):
    note = Text(most=1000, lines=True, required=False)


class ExplainForm(Form):
    explanation = Text(most=2000, lines=True)
    understood = Flag()
    basis = Text(most=200)


class SubmitForm(NoteForm):
    department = Key(Organisation, leading, required=False, allow_null=True)


class DispatchForm(NoteForm):
    department = Key(Organisation, leading)
    helping = Keys(Organisation, leading, required=False)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)


class ConsultForm(Form):
    question = Text(most=1000, lines=True)
    participants = Keys(Organisation)
    planned_at = Moment(required=False, allow_null=True)
    place = Text(most=60, required=False)


class ConcludeForm(Form):
    minutes = Text(most=5000, lines=True)
    tasks = TaskForm(many=True, required=False, max_length=MOST_TASKS)


class ProposePlanForm(Form):
    measure = Text(most=2000, lines=True)
    roadmap = Text(most=2000, lines=True)
    responsible = Text(most=60)
    due_on = Day()
    milestones = TaskForm(many=True, required=False, max_length=MOST_TASKS)


class SuspendForm(NoteForm):
    reason = serializers.ChoiceField(PauseReason.choices)
    resume_on = Day()


class TransferForm(Form):
    body = Text(most=100)
    letter_number = Text(most=60)
    receipt = Text(most=60, required=False)


class ConvertForm(NoteForm):
    linked_case = Text(most=60)


class AnswerForm(Form):
    result_kind = serializers.ChoiceField(ResultKind.choices)
    result_text = Text(most=5000, lines=True)
    answer_way = serializers.ChoiceField(AnswerWay.choices)
    amount_recovered = Money(required=False)
    workers_benefited = Number(most=1_000_000, required=False)


class ConfirmForm(Form):
    way = serializers.ChoiceField(Way.choices)
    satisfaction = serializers.ChoiceField(Satisfaction.choices, required=False)
    note = Text(most=2000, lines=True, required=False)


class ReopenForm(Form):
    way = serializers.ChoiceField(Way.choices)
    reason = Text(most=1000, lines=True)
    satisfaction = serializers.ChoiceField(Satisfaction.choices, required=False)


class MergeForm(Form):
    into = LongKey(Issue)
    reason = Text(most=1000, lines=True)


FORMS: dict[str, type[Form]] = {
    Verb.EXPLAIN: ExplainForm,
    Verb.CLOSE_EXPLAINED: NoForm,
    Verb.SUBMIT: SubmitForm,
    Verb.RETURN: ReasonForm,
    Verb.DISPATCH: DispatchForm,
    Verb.SIGN_FOR: NoForm,
    Verb.DECLINE: ReasonForm,
    Verb.CONSULT: ConsultForm,
    Verb.CONCLUDE: ConcludeForm,
    Verb.PROPOSE_PLAN: ProposePlanForm,
    Verb.PLAN: NoteForm,
    Verb.SUSPEND: SuspendForm,
    Verb.RESUME: NoteForm,
    Verb.TRANSFER: TransferForm,
    Verb.CONVERT: ConvertForm,
    Verb.ANSWER: AnswerForm,
    Verb.OPEN_FOLLOW_UP: NoForm,
    Verb.CONFIRM: ConfirmForm,
    Verb.REOPEN: ReopenForm,
    Verb.MERGE: MergeForm,
    Verb.VOID: ReasonForm,
    Verb.APPEAL: ReasonForm,
}


# --- what is done around an issue


class TextForm(Form):
    text = Text(most=500, lines=True)


class UrgencyForm(ReasonForm):
    urgency = serializers.ChoiceField(Urgency.choices)


class ExtendForm(ReasonForm):
    days = Number(least=1, most=60)


class AssignForm(Form):
    handler = Key(User, active)


class SuperviseForm(Form):
    sort = serializers.ChoiceField(SupervisionKind.choices)
    text = Text(most=500, lines=True)
    answer_due_on = Day(required=False, allow_null=True)


class OfIssueKey(Number):
    """The number of something that hangs on this issue."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(least=1, most=2**63 - 1, **kwargs)


class AnswerSupervisionForm(Form):
    supervision = OfIssueKey()
    answer = Text(most=500, lines=True)


class AttemptForm(NoteForm):
    pass


class ReplyForm(Form):
    referral = OfIssueKey()
    reply = Text(most=2000, lines=True)
    replied_on = Day()


class CompleteTaskForm(Form):
    task = OfIssueKey()
    note = Text(most=300, required=False)


class LinkForm(Form):
    other = LongKey(Issue)


class WatchForm(Form):
    on = Flag()


class SampleForm(Form):
    sample = OfIssueKey()
    way = serializers.ChoiceField(Way.choices)
    resolved = Flag()
    satisfaction = serializers.ChoiceField(Satisfaction.choices, required=False)
    note = Text(most=2000, lines=True, required=False)
