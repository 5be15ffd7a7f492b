"""What the API says of programmes and their cases. Names of citizens leave masked; what is sealed never leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.casework.api.records import ClockField
from unionops.casework.enums import Urgency
from unionops.china.names import mask_name
from unionops.org.api.records import (
    Asker,
    FirmField,
    LabelField,
    LongReference,
    Made,
    Reader,
    Row,
    UnitField,
    UserField,
)

from ..enums import Applicant, Channel, Shape
from ..extra import Extra, read_extras
from ..models import ServiceCase
from ..shapes import ShapeKind, kind_for

# A field of a programme that holds the name of a citizen says so in its label.
NAMING = ("姓名", "名字", "称呼")


def names_in(case: Mapping[str, Any]) -> dict[str, str]:
    """The names of citizens in a case (columns of ``NAMED``), and how others may read them."""
    names = [case["applicant_name"]] if case["applicant_kind"] == Applicant.PERSON else []
    for extra in read_extras(case["programme__fields"]):
        value = case["details"].get(extra.key)
        if any(word in extra.label for word in NAMING) and isinstance(value, str):
            names.append(value)
    return {name: mask_name(name) for name in names if name}


NAMED = ("applicant_kind", "applicant_name", "programme__fields", "details")


@extend_schema_field(serializers.CharField())
class NameField(Made):
    """A citizen's name masked, the name of a firm or union as it is."""

    columns = ("applicant_kind", "applicant_name")

    def make(self, values: Row, asker: Asker) -> str:
        kind, name = values
        return mask_name(name) if kind == Applicant.PERSON and name else name


@extend_schema_field(serializers.CharField())
class TitleField(Made):
    columns = ("applicant_kind", "applicant_name", "title")

    def make(self, values: Row, asker: Asker) -> str:
        kind, name, title = values
        return title.replace(name, mask_name(name)) if kind == Applicant.PERSON and name else title


@extend_schema_field(serializers.CharField())
class StateWordsField(Made):
    """The state as the programme calls it."""

    columns = ("state", "programme__names")

    def __init__(self, states: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.states = states

    def make(self, values: Row, asker: Asker) -> str:
        state, names = values
        return str(names.get(f"state:{state}") or self.states(state).label)


class ProgrammeReference(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


@extend_schema_field(ProgrammeReference())
class ProgrammeField(Made):
    columns = ("programme__code", "programme__name")

    def make(self, values: Row, asker: Asker) -> dict[str, str]:
        code, name = values
        return {"code": code, "name": name}


@extend_schema_field(LongReference(allow_null=True))
class IssueField(Made):
    """The issue of a visit that it answers, by its number."""

    columns = ("issue_id", "issue__number")

    def make(self, values: Row, asker: Asker) -> dict[str, Any] | None:
        key, number = values
        return None if key is None else {"id": key, "name": number}


class CaseRow(serializers.Serializer):
    """What every case of a programme has; a shape adds its own columns."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    programme = ProgrammeField()
    title = TitleField()
    state = serializers.CharField()
    urgency = serializers.ChoiceField(Urgency.choices)
    channel = serializers.ChoiceField(Channel.choices)
    channel_label = LabelField("channel", Channel)
    applicant_kind = serializers.ChoiceField(Applicant.choices)
    applicant = NameField()
    enterprise = FirmField()
    organisation = UnitField("organisation")
    town = UnitField("town")
    people_served = serializers.IntegerField()
    registered_at = serializers.DateTimeField()
    registered_by = UserField("registered_by")
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    clock = ClockField()


class StepRefused(serializers.Serializer):
    verb = serializers.CharField()
    reason = serializers.CharField()


@extend_schema_field(serializers.DictField())
class DetailsField(Made):
    """The open fields of the programme by key."""

    columns = ("details", "programme__fields")

    def make(self, values: Row, asker: Asker) -> dict[str, Any]:
        details, fields = values
        open_keys = {extra.key for extra in read_extras(fields) if not extra.sealed}
        return {key: value for key, value in details.items() if key in open_keys}


class CaseFacts(CaseRow):
    description = serializers.CharField()
    identity = serializers.CharField(source="identity_masked")
    phone = serializers.CharField(source="phone_masked")
    holder_user = UserField("holder_user")
    holder_organisation = UnitField("holder_organisation")
    issue = IssueField()
    details = DetailsField()


# Columns of a shape that leave as they are. Its texts may name people and stay on the pages.
_PLAIN: dict[type[models.Field], Any] = {
    models.DecimalField: lambda field: serializers.DecimalField(
        max_digits=field.max_digits, decimal_places=field.decimal_places, allow_null=field.null
    ),
    models.BooleanField: lambda field: serializers.BooleanField(allow_null=field.null),
    models.DateTimeField: lambda field: serializers.DateTimeField(allow_null=field.null),
    models.DateField: lambda field: serializers.DateField(allow_null=field.null),
    models.PositiveSmallIntegerField: lambda field: serializers.IntegerField(allow_null=field.null),
    models.PositiveIntegerField: lambda field: serializers.IntegerField(allow_null=field.null),
    models.IntegerField: lambda field: serializers.IntegerField(allow_null=field.null),
}


def _own_fields(kind: ShapeKind) -> dict[str, serializers.Field]:
    shared = {field.name for field in ServiceCase._meta.get_fields()}
    found: dict[str, serializers.Field] = {}
    for field in kind.model._meta.concrete_fields:
        if field.name in shared or field.name in ("state", "district") or not field.editable:
            continue
        if type(field) in _PLAIN:
            found[field.name] = _PLAIN[type(field)](field)
        elif isinstance(field, models.CharField) and field.choices:
            found[field.name] = serializers.CharField()
    return found


@lru_cache(maxsize=16)
def row_of(shape: str) -> type[CaseRow]:
    kind = kind_for(shape)
    fields: dict[str, Any] = {"state_label": StateWordsField(kind.states), **_own_fields(kind)}
    return type(f"{kind.shape.capitalize()}Row", (CaseRow,), fields)


@lru_cache(maxsize=16)
def facts_of(shape: str) -> type[CaseFacts]:
    kind = kind_for(shape)
    fields: dict[str, Any] = {"state_label": StateWordsField(kind.states), **_own_fields(kind)}
    return type(f"{kind.shape.capitalize()}Facts", (CaseFacts,), fields)


@lru_cache(maxsize=16)
def record_of(shape: str) -> type[CaseFacts]:
    kind = kind_for(shape)
    verbs = [(str(verb), str(verb)) for verb in kind.table]
    fields: dict[str, Any] = {
        "allowed": serializers.ListField(child=serializers.ChoiceField(verbs)),
        "refused": StepRefused(many=True),
    }
    return type(f"{kind.shape.capitalize()}Record", (facts_of(shape),), fields)


@lru_cache(maxsize=16)
def rows_reader(shape: str) -> Reader:
    return Reader(row_of(shape), "id", "registered_at")


@lru_cache(maxsize=16)
def facts_reader(shape: str) -> Reader:
    return Reader(facts_of(shape))


# --- programmes


class FieldOfProgramme(serializers.Serializer):
    """A field of the programme's own; ``at`` is the step that asks it, «register» the beginning."""

    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField()
    at = serializers.CharField()
    required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())
    hint = serializers.CharField()
    unit = serializers.CharField()
    sealed = serializers.BooleanField()
    counted = serializers.BooleanField()


@extend_schema_field(FieldOfProgramme(many=True))
class FieldsField(Made):
    columns = ("fields",)

    def make(self, values: Row, asker: Asker) -> list[dict[str, Any]]:
        return [_told(extra) for extra in read_extras(values[0])]


TOLD = ("key", "label", "kind", "at", "required", "choices", "hint", "unit", "sealed", "counted")


def _told(extra: Extra) -> dict[str, Any]:
    return {name: getattr(extra, name) for name in TOLD}


class ProgrammeRow(serializers.Serializer):
    """服务项目"""

    id = serializers.IntegerField()
    code = serializers.CharField()
    shape = serializers.ChoiceField(Shape.choices)
    shape_label = LabelField("shape", Shape)
    name = serializers.CharField()
    summary = serializers.CharField()
    group = serializers.CharField()
    catalogue = serializers.CharField()
    prefix = serializers.CharField()
    organisation = UnitField("organisation")
    applicants = serializers.ListField(child=serializers.ChoiceField(Applicant.choices))
    steps = serializers.ListField(child=serializers.CharField())
    is_public = serializers.BooleanField()
    is_confidential = serializers.BooleanField()
    retired_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()


class ProgrammeRecord(ProgrammeRow):
    names = serializers.DictField(child=serializers.CharField())
    fields_asked = FieldsField()
    documents = serializers.ListField(child=serializers.CharField())
    terms = serializers.DictField()
    limits = serializers.DictField()
    keep_years = serializers.IntegerField()
    # What anybody may read of its cases; null is what the shape usually tells.
    public_fields = serializers.ListField(child=serializers.CharField(), allow_null=True)


PROGRAMME_ROWS = Reader(ProgrammeRow, "id", "id")
PROGRAMME_FACTS = Reader(ProgrammeRecord)
