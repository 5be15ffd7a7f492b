"""What the API says of visits and issues. Personal data leaves masked or not at all."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.casework.api.records import ClockField
from unionops.casework.enums import Satisfaction, Urgency
from unionops.casework.permissions import Choice
from unionops.org.api.payloads import Fragment, dump
from unionops.org.api.records import (
    Asker,
    FirmField,
    LabelField,
    LongReference,
    Made,
    MaskedNameField,
    NamedByNumber,
    Reader,
    Reference,
    Row,
    UnitField,
    UserField,
)
from unionops.org.naming import register_naming

from ..enums import (
    AnswerWay,
    ClaimantKind,
    IssueSource,
    IssueState,
    Policy,
    ResultKind,
    TargetType,
    Verb,
    VisitMode,
    VisitState,
)
from ..models import Category
from ..permissions import Facts, choices_for, facts_of


class Refused(serializers.Serializer):
    verb = serializers.ChoiceField(Verb.choices)
    reason = serializers.CharField()


class Standing(NamedTuple):
    """The columns that decide which steps are open to the asker; it stands in for the issue."""

    state: str
    district_id: int
    town_id: int
    liaison_id: int
    lead_department_id: int | None
    handler_id: int | None
    answered_by_id: int | None
    understood: bool | None
    declined_count: int
    plan_proposed: bool
    closed_at: Any


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
        """Rows that stand alike are asked about once; `facts_of` decides what is alike beyond that."""
        steps: Steps | None = asker.memo.get(values)
        if steps is None:
            steps = _steps(facts_of(asker.user, Standing._make(values)), asker.language)  # type: ignore[arg-type]
            asker.memo[values] = steps
        return steps


@extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Verb.choices)))
class AllowedField(_StepsField):
    """The steps that the asker may take now, the usual one first."""

    def make(self, values: Row, asker: Asker) -> Fragment:
        return self.steps(values, asker).allowed


@extend_schema_field(Refused(many=True))
class RefusedField(_StepsField):
    """Every other step, with the reason."""

    def make(self, values: Row, asker: Asker) -> Fragment:
        return self.steps(values, asker).refused


@extend_schema_field(Reference())
class CategoryField(NamedByNumber):
    kind = "category"


class Holder(serializers.Serializer):
    """Who holds the pen: one person, or everybody at an organisation, or a role of the district."""

    user = Reference(allow_null=True)
    organisation = Reference(allow_null=True)
    role = serializers.CharField()


@extend_schema_field(Holder)
class HolderField(Made):
    columns = ("holder_user_id", "holder_organisation_id", "holder_role")

    def named(self) -> list[tuple[str, str]]:
        return [("user", "holder_user_id"), ("organisation", "holder_organisation_id")]

    def make(self, values: Row, asker: Asker) -> dict[str, Any]:
        user, organisation, role = values
        return {
            "user": asker.memo["user", user] if user else None,
            "organisation": asker.memo["organisation", organisation] if organisation else None,
            "role": role,
        }


class IssueRow(serializers.Serializer):
    """问题诉求, as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(IssueState.choices)
    state_label = LabelField("state", IssueState)
    urgency = serializers.ChoiceField(Urgency.choices)
    source = serializers.ChoiceField(IssueSource.choices)
    category = CategoryField("category")
    town = UnitField("town")
    enterprise = FirmField()
    visit = serializers.UUIDField(source="visit_id", allow_null=True)
    registered_at = serializers.DateTimeField()
    registered_by = UserField("registered_by")
    raised_on = serializers.DateField()
    claimant_kind = serializers.ChoiceField(ClaimantKind.choices)
    claimant_count = serializers.IntegerField()
    is_sensitive = serializers.BooleanField()
    lead_department = UnitField("lead_department")
    handler = UserField("handler")
    holder = HolderField()
    deadline = ClockField()
    result_kind = serializers.ChoiceField(ResultKind.choices, allow_blank=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    allowed = AllowedField()
    refused = RefusedField()


class Participation(serializers.Serializer):
    id = serializers.IntegerField()
    question = serializers.CharField()
    participants = Reference(many=True)
    planned_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    convened_by = Reference()
    minutes = serializers.CharField()
    concluded_at = serializers.DateTimeField(allow_null=True)


class Plan(serializers.Serializer):
    """整改清单"""

    id = serializers.IntegerField()
    measure = serializers.CharField()
    roadmap = serializers.CharField()
    responsible = serializers.CharField()
    due_on = serializers.DateField()
    approved_at = serializers.DateTimeField(allow_null=True)


class Referral(serializers.Serializer):
    """转外部门的函和答复"""

    id = serializers.IntegerField()
    body = serializers.CharField()
    letter_number = serializers.CharField()
    receipt = serializers.CharField()
    sent_on = serializers.DateField()
    reply = serializers.CharField()
    replied_on = serializers.DateField(allow_null=True)


class Job(serializers.Serializer):
    """任务: a milestone of a plan or what a consultation agreed."""

    id = serializers.IntegerField()
    origin = serializers.CharField()
    what = serializers.CharField()
    organisation = UnitField("organisation")
    owner = UserField("owner")
    due_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()


class Order(serializers.Serializer):
    """催办、督办"""

    id = serializers.IntegerField()
    sort = serializers.CharField()
    text = serializers.CharField()
    organisation = UnitField("organisation")
    by = UserField("by")
    at = serializers.DateTimeField()
    answer_due_on = serializers.DateField(allow_null=True)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class Call(serializers.Serializer):
    """回访"""

    id = serializers.IntegerField()
    is_sample = serializers.BooleanField()
    due_on = serializers.DateField()
    attempts = serializers.IntegerField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = UserField("done_by")
    way = serializers.CharField()
    resolved = serializers.BooleanField(allow_null=True)
    satisfaction = serializers.CharField()
    note = serializers.CharField()


class Linked(LongReference):
    number = serializers.CharField()


class IssueFacts(IssueRow):
    """The columns of one issue; what hangs on it is read beside."""

    description = serializers.CharField()
    demand = serializers.CharField()
    claimant_name_masked = serializers.CharField(help_text="已打码；接口不给原文。")
    claimant_phone_masked = serializers.CharField(help_text="已打码；接口不给原文。")
    new_employment = serializers.BooleanField()
    hide_from_firm = serializers.BooleanField()
    liaison = UserField("liaison")
    suggested_department = UnitField("suggested_department")
    explanation = serializers.CharField()
    explanation_basis = serializers.CharField()
    understood = serializers.BooleanField(allow_null=True)
    dispatched_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    declined_count = serializers.IntegerField()
    suspend_reason = serializers.CharField()
    resume_on = serializers.DateField(allow_null=True)
    result_text = serializers.CharField()
    amount_recovered = serializers.DecimalField(max_digits=14, decimal_places=2)
    workers_benefited = serializers.IntegerField()
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = UserField("answered_by")
    answer_way = serializers.ChoiceField(AnswerWay.choices, allow_blank=True)
    satisfaction = serializers.ChoiceField(Satisfaction.choices, allow_blank=True)
    reopen_count = serializers.IntegerField()
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    linked_case = serializers.CharField()


class IssueRecord(IssueFacts):
    """问题诉求, whole."""

    helping_departments = Reference(many=True)
    consultations = Participation(many=True)
    rectifications = Plan(many=True)
    referrals = Referral(many=True)
    tasks = Job(many=True)
    supervisions = Order(many=True)
    follow_ups = Call(many=True)


class VisitRow(serializers.Serializer):
    """走访记录, as a list shows it."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    visited_on = serializers.DateField()
    mode = serializers.ChoiceField(VisitMode.choices)
    town = UnitField("town")
    target_type = serializers.ChoiceField(TargetType.choices)
    enterprise = FirmField()
    target_name = serializers.CharField()
    officer = UserField("officer")
    state = serializers.ChoiceField(VisitState.choices)
    late = serializers.BooleanField()
    is_key_enterprise = serializers.BooleanField()
    issue_count = serializers.IntegerField()
    summary = serializers.CharField()
    submitted_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class VisitFacts(VisitRow):
    started_at = serializers.TimeField(allow_null=True)
    ended_at = serializers.TimeField(allow_null=True)
    iso_year = serializers.IntegerField()
    iso_week = serializers.IntegerField()
    companions = serializers.CharField()
    contact_name_masked = MaskedNameField("contact_name", help_text="已打码；接口不给原文。")
    contact_role = serializers.CharField()
    contact_phone_masked = serializers.CharField(help_text="已打码；接口不给原文。")
    staff_count = serializers.IntegerField(allow_null=True)
    interviewee_count = serializers.IntegerField(allow_null=True)
    checklist = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))
    policies = serializers.ListField(child=serializers.ChoiceField(Policy.choices))
    next_plan = serializers.CharField()
    place = serializers.CharField()
    submitted_by = UserField("submitted_by")
    client_id = serializers.UUIDField(allow_null=True)


class IssueOfVisit(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(IssueState.choices)
    urgency = serializers.ChoiceField(Urgency.choices)


class VisitRecord(VisitFacts):
    """走访记录, whole."""

    officers = Reference(many=True)
    issues = IssueOfVisit(many=True)


class CategoryRow(serializers.Serializer):
    """问题类别"""

    id = serializers.IntegerField()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()


register_naming("category", Category)

ISSUE_ROWS = Reader(IssueRow, "id", "registered_at")
ISSUE_FACTS = Reader(IssueFacts)
VISIT_ROWS = Reader(VisitRow, "id", "visited_on")
VISIT_FACTS = Reader(VisitFacts)
ISSUES_OF_VISIT = Reader(IssueOfVisit)
CATEGORY_ROWS = Reader(CategoryRow)
JOBS, ORDERS, CALLS = Reader(Job), Reader(Order), Reader(Call)
PLANS, REFERRALS = Reader(Plan), Reader(Referral)
