"""What may be sent to a shape: the fields of its own forms, and the programme's own fields as ``details``.

The forms of the pages say what a step asks. Here their fields are described for JSON and handed back to them, so that both
doors are read by the same form.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.org.api.fields import Day, Flag, Form, LongKey, Moment, Number, Text
from visits.models import Issue

from ..forms.asking import RegisterForm, StepForm
from ..models import Programme
from ..shapes import ShapeKind

MOST_TEXT = 5000
MOST_CHOSEN = 300
DETAILS = "details"
_EXTRA = "extra_"


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 200}, {"type": "integer"}]})
class Code(serializers.Field):
    """A code or the number of what is chosen."""

    default_error_messages = {"invalid": gettext_lazy("应为代码或编号。")}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, bool) or not isinstance(data, str | int) or len(str(data)) > 200 or "\0" in str(data):
            self.fail("invalid")
        return str(data)

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {
            "oneOf": [
                {"type": "string", "maxLength": MOST_TEXT}, {"type": "number"}, {"type": "boolean"},
                {"type": "array", "items": {"type": "string"}, "maxItems": MOST_CHOSEN},
            ]
        },
    }
)  # fmt: skip
class Details(serializers.Field):
    """The programme's own fields by key; `programmes/` says which there are."""

    default_error_messages = {
        "invalid": gettext_lazy("应为对象，键是字段的代码。"), "value": gettext_lazy("{key} 的值不对。")
    }  # fmt: skip

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, Mapping) or len(data) > MOST_CHOSEN:
            self.fail("invalid")
        for key, value in data.items():
            single = isinstance(value, str | int | float | bool) or value is None
            several = isinstance(value, list) and all(isinstance(one, str) for one in value)
            if not (single or several) or "\0" in str(value):
                raise serializers.ValidationError(
                    self.error_messages["value"].format(key=str(key)[:40]), code="invalid"
                )
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


def described(field: forms.Field) -> serializers.Field | None:
    """A field of a page's form as JSON has it; None for what JSON cannot carry."""
    options: dict[str, Any] = {"required": False}
    match field:
        case forms.FileField():
            return None
        case forms.BooleanField():
            return Flag(**options)
        case forms.DateTimeField():
            return Moment(allow_null=True, **options)
        case forms.DateField():
            return Day(allow_null=True, **options)
        case forms.DecimalField():
            return serializers.DecimalField(
                max_digits=14, decimal_places=field.decimal_places or 0, min_value=Decimal(0), allow_null=True, **options
            )  # fmt: skip
        case forms.IntegerField():
            least = field.min_value if isinstance(field.min_value, int) else 0
            return Number(least=least, most=2**31 - 1, allow_null=True, **options)
        case forms.MultipleChoiceField() | forms.ModelMultipleChoiceField():
            return serializers.ListField(child=Code(), max_length=MOST_CHOSEN, **options)
        case forms.ChoiceField() | forms.ModelChoiceField():
            return Code(**options)
    most = getattr(field, "max_length", None) or MOST_TEXT
    return Text(most=most, lines=isinstance(field.widget, forms.Textarea), **options)


def _fields_of(form: type[forms.Form]) -> dict[str, serializers.Field]:
    found = {name: described(field) for name, field in form.base_fields.items()}
    return {name: field for name, field in found.items() if field is not None}


def step_form(kind: ShapeKind, verb: str) -> type[Form]:
    """The body of a step."""
    fields: dict[str, Any] = {**_fields_of(kind.forms[verb]), DETAILS: Details(required=False)}
    return type(f"{kind.shape.capitalize()}{verb.title().replace('_', '')}Form", (Form,), fields)


def register_form(kind: ShapeKind) -> type[Form]:
    """The body that begins a case; with ``issue`` it is what an issue of a visit is converted to."""
    fields: dict[str, Any] = {
        "programme": Text(most=40),
        "issue": LongKey(Issue, required=False, allow_null=True),
        **_fields_of(kind.register_form),
        DETAILS: Details(required=False),
    }
    return type(f"{kind.shape.capitalize()}RegisterForm", (Form,), fields)


def sent(body: Mapping[str, Any]) -> QueryDict:
    """What a browser would have sent."""
    data = QueryDict(mutable=True)
    details = body.get(DETAILS) or {}
    for name, value in {**body, **{f"{_EXTRA}{key}": value for key, value in details.items()}}.items():
        if name == DETAILS or value is None or value is False:
            continue
        if isinstance(value, list):
            data.setlist(name, [str(one) for one in value])
        else:
            data[name] = "on" if value is True else _text(value)
    return data


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def check(form: RegisterForm | StepForm, body: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of the action, or every wrong field with its reason."""
    known = {extra.key for extra in form.extras}
    unknown = [str(key)[:40] for key in body.get(DETAILS) or {} if key not in known]
    errors: dict[str, Any] = {f"{DETAILS}.{key}": [_("没有这一项。")] for key in unknown}
    if not form.is_valid():
        for name, reasons in form.errors.items():
            place = f"{DETAILS}.{name.removeprefix(_EXTRA)}" if name.startswith(_EXTRA) else name
            errors[place.replace("__all__", "non_field_errors")] = [str(reason) for reason in reasons]
    if errors:
        raise serializers.ValidationError(errors)
    return form.arguments()


def begin_form(kind: ShapeKind, programme: Programme, user: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in body.items() if name not in ("programme", "issue")}
    form: RegisterForm = kind.register_form(sent(given), None, user=user, programme=programme)
    return check(form, given)
