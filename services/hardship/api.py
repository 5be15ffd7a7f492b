"""Files of households in hardship over HTTP: the forms and the actions of the pages behind another door.

Who it is for is masked, as the members are; numbers never leave, and children have no name here (domain 5.5).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request

from unionops.casework.api.records import ClockField
from unionops.casework.permissions import refusal
from unionops.china.names import mask_name
from unionops.org.api import filters
from unionops.org.api.endpoints import Act, Endpoint, Listing, Order, answer, page_of, told_one
from unionops.org.api.fields import Form
from unionops.org.api.records import Asker, LabelField, MaskedNameField, Reader, UnitField
from unionops.org.models import User

from ..api.forms import body_of, filled, keep, sent
from ..api.records import StepRefused
from . import actions
from .enums import Category, Cause, ExitReason, FileState, ItemKind
from .forms import MOST_ROWS, HouseholdForm, ItemRow, LeaveForm, MemberRow, ReviewForm
from .models import HouseholdFile
from .permissions import check_may_review, check_may_write

TAG = "services"
RESOURCES = ("households",)


class HouseholdRecord(serializers.Serializer):
    """困难职工档案. ``claim`` is the application with which it began."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    claim = serializers.UUIDField(source="claim_id")
    applicant = MaskedNameField("applicant_name")
    town = UnitField("town")
    organisation = UnitField("organisation")
    state = serializers.ChoiceField(FileState.choices)
    state_label = LabelField("state", FileState)
    category = serializers.CharField()
    main_cause = serializers.CharField()
    registered_at = serializers.DateTimeField()
    opened_on = serializers.DateField(allow_null=True)
    exited_on = serializers.DateField(allow_null=True)
    exit_reason = serializers.CharField()
    national_number = serializers.CharField()
    version = serializers.IntegerField()
    clock = ClockField()


class MemberRecord(serializers.Serializer):
    """Somebody of the household: a child by its relation alone, an adult by a masked name."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    relation = serializers.CharField()
    health = serializers.CharField()
    is_minor = serializers.BooleanField()
    has_authorised = serializers.BooleanField()


class ItemRecord(serializers.Serializer):
    """Income or rigid expenditure of a year."""

    kind = serializers.ChoiceField(ItemKind.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class AssessmentRecord(serializers.Serializer):
    """How it was judged, with the arithmetic."""

    on = serializers.DateField()
    category = serializers.ChoiceField(Category.choices)
    per_head = serializers.DecimalField(max_digits=14, decimal_places=2)
    lines = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class HouseholdWithSteps(HouseholdRecord):
    """困难职工档案，连同家庭、测算、现在能办的事和不能办的原因"""

    members = MemberRecord(many=True)
    items = ItemRecord(many=True)
    assessments = AssessmentRecord(many=True)
    allowed = serializers.ListField(child=serializers.CharField())
    refused = StepRefused(many=True)


READER = Reader(HouseholdRecord, "id", "registered_at")
MOST_ASSESSMENTS = 5


def files(user: User) -> QuerySet:
    return HouseholdFile.objects.visible_to(user).select_related("claim__programme")


def household_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = told_one(READER, HouseholdFile.objects.visible_to(asker.user).filter(pk=pk), asker)
    file = files(asker.user).get(pk=pk)
    against = {verb: refusal(step.check, asker.user, file) for verb, step in STEPS.items()}
    members = [
        {
            "id": one.pk, "name": "" if one.is_minor() else mask_name(one.name), "relation": one.relation, "health": one.health,
            "is_minor": one.is_minor(), "has_authorised": one.has_authorised,
        }
        for one in file.members.all()
    ]  # fmt: skip
    judged = file.assessments.values("on", "category", "per_head", "lines")[:MOST_ASSESSMENTS]
    return {
        **record, "members": members, "items": list(file.items.values("kind", "amount")), "assessments": list(judged),
        "allowed": [verb for verb, reason in against.items() if not reason],
        "refused": [{"verb": verb, "reason": str(reason)} for verb, reason in against.items() if reason],
    }  # fmt: skip


# --- what is sent


class HouseholdMemberForm(body_of(MemberRow, "Household", "key")):  # type: ignore[misc]
    """One of the household; with ``id`` a known one, whose name and number stay where none is sent."""

    id = serializers.UUIDField(required=False)


class HouseholdWriteForm(body_of(HouseholdForm, "Household")):  # type: ignore[misc]
    """What is not sent stays as it is; ``members`` and ``items`` are the whole list where they are sent."""

    members = HouseholdMemberForm(many=True, required=False, max_length=MOST_ROWS)
    items = body_of(ItemRow, "Household")(many=True, required=False, max_length=MOST_ROWS)


def read_household(file: HouseholdFile, body: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent through the form of the page, rows and all."""
    empty = HouseholdForm(file=file)
    kept = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
    facts = {name: value for name, value in {**kept, **body}.items() if value not in (None, "", [])}
    data = sent({name: value for name, value in facts.items() if name in empty.fields})
    members, items = list(empty.members.initial or ()), list(empty.items.initial or ())
    if "members" in body:
        known = {str(row["key"]): row for row in members}
        members = [{**known.get(str(row.get("id")), {}), **row} for row in body["members"]]
    for prefix, rows in (("member", members), ("item", body.get("items", items))):
        data[f"{prefix}-TOTAL_FORMS"] = data[f"{prefix}-INITIAL_FORMS"] = str(len(rows))
        for at, row in enumerate(rows):
            for name, values in sent({f"{prefix}-{at}-{name}": value for name, value in row.items()}).lists():
                data.setlist(name, values)
    form = HouseholdForm(data, file=file)
    if not form.is_valid():
        wrong = {name: list(map(str, reasons)) for name, reasons in form.errors.items() if name != "__all__"}
        for word, rows in (("members", form.members), ("items", form.items)):
            for at, row in enumerate(rows.forms):
                wrong |= {f"{word}.{at}.{name}": list(map(str, reasons)) for name, reasons in row.errors.items()}
        raise serializers.ValidationError(wrong)
    return form.arguments()


def _of(form: Any) -> Callable[[HouseholdFile, Mapping[str, Any]], dict[str, Any]]:
    return lambda file, body: keep(filled(form, dict(body)))


@dataclass(frozen=True)
class FileStep:
    """A button of the page of a file."""

    label: Any
    form: type[Form]
    check: Callable[[User, HouseholdFile], None]
    read: Callable[[HouseholdFile, Mapping[str, Any]], dict[str, Any]]
    take: Callable[..., Any]


STEPS = {
    "write": FileStep(gettext_lazy("填家庭情况"), HouseholdWriteForm, check_may_write, read_household, actions.write_household),
    "review": FileStep(gettext_lazy("年度复核"), body_of(ReviewForm, "Household"), check_may_review, _of(ReviewForm), actions.review),
    "leave": FileStep(gettext_lazy("退档"), body_of(LeaveForm, "Household"), check_may_review, _of(LeaveForm), actions.leave_file),
}  # fmt: skip


def _open(rows: QuerySet, value: bool, user: User) -> QuerySet:
    return (
        rows.exclude(state__in=HouseholdFile.END_STATES) if value else rows.filter(state__in=HouseholdFile.END_STATES)
    )


class HouseholdList(Listing):
    tag, name = TAG, "households"
    model = HouseholdFile
    reader = READER
    order = Order("registered_at", descending=True)
    summaries: ClassVar = {"GET": gettext_lazy("困难职工档案，新的在前")}
    answers: ClassVar = {"GET": page_of(HouseholdRecord)}
    filters: ClassVar = [
        filters.choice("state", FileState),
        filters.choice("category", Category),
        filters.choice("main_cause", Cause),
        filters.choice("exit_reason", ExitReason),
        filters.flag("open", _open, gettext_lazy("还没有了结")),
        filters.key("town"),
    ]


class HouseholdDetail(Endpoint):
    tag, name = TAG, "household"
    summaries: ClassVar = {"GET": gettext_lazy("一份困难职工档案，连同家庭、测算和现在能办的事")}
    answers: ClassVar = {"GET": HouseholdWithSteps}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(household_record(pk, self.asker))


class HouseholdStep(Act):
    """What the buttons of the page of a file do."""

    tag, name = TAG, "household"
    looks = True
    record = HouseholdWithSteps

    def things(self, user: User) -> QuerySet:
        return files(user)

    def act(self, thing: Any, **body: Any) -> Any:
        by, version = body.pop("by"), body.pop("version", None)
        step = STEPS[self.verb]
        step.check(by, thing)
        return step.take(thing, by=by, version=version, **step.read(thing, body))

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return household_record(pk, self.asker)


urlpatterns: list[URLPattern] = [
    path("households/", HouseholdList.as_view(), name="households"),
    path("households/<uuid:pk>/", HouseholdDetail.as_view(), name="household"),
    *(
        path(
            f"households/<uuid:pk>/transitions/{verb}/",
            HouseholdStep.as_view(verb=verb, form=step.form, label=step.label), name=f"household_step_{verb}",
        )
        for verb, step in STEPS.items()
    ),
]  # fmt: skip
