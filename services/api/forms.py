"""What may be sent to a shape: the fields of its own forms, and the programme's own fields as ``details``.

The forms of the pages say what a step asks. Here their fields are described for JSON and handed back to them, so that both
doors are read by the same form.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.org.api.fields import Day, Flag, Form, LongKey, Moment, Number, Text
from visits.models import Issue

from ..forms.asking import ExtraFields
from ..models import Programme
from ..shapes import ShapeKind

MOST_TEXT = 5000
MOST_CHOSEN = 300
DETAILS = "details"
_EXTRA = "extra_"


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 200}, {"type": "integer"}]})
class ProgressForm(Form):
    text = Text(most=2000, lines=True)


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
    """The programme's own fields by key (`programmes/` says which there are), and what a step asks of this case alone."""

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


@lru_cache(maxsize=256)
def body_of(form: type[forms.Form], of: str, *without: str) -> type[Form]:
    """The fields of a page's form as JSON has them; what must be there is asked for by the form itself.

    ``of`` is the word in front of its name in the schema.
    """
    known = {name: field for name, field in _fields_of(form).items() if name not in without}
    return type(f"{of}{form.__name__.removesuffix('Form')}Form", (Form,), known)


def keep(form: Any) -> dict[str, Any]:
    """The keywords of the action, or every wrong field with its reason."""
    if not form.is_valid():
        raise serializers.ValidationError(
            {
                name.replace("__all__", "non_field_errors"): [str(one) for one in reasons]
                for name, reasons in form.errors.items()
            }
        )
    found: dict[str, Any] = form.arguments() if hasattr(form, "arguments") else form.cleaned_data
    return found


def filled(make: Callable[[Any], Any], body: Mapping[str, Any], *, whole: bool = False) -> Any:
    """The form with what was sent; ``whole`` keeps what stands in it where nothing was sent, else only what must be there."""
    empty = make(None)
    known = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
    kept = {
        name: value
        for name, value in known.items()
        if name not in body and value not in (None, "", []) and (whole or empty.fields[name].required)
    }
    return make(sent({**kept, **body}))


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


def bound(make: Callable[[QueryDict | None], ExtraFields], body: Mapping[str, Any]) -> ExtraFields:
    """The form of the page with what was sent; where nothing was sent for a field that must be there, what stands in it."""
    empty = make(None)
    data = sent(body, {extra.key for extra in empty.extras})
    for name, field in empty.fields.items():
        known = empty.get_initial_for_field(field, name)
        if field.required and name not in data and known not in (None, "", []):
            _put(data, name, known)
    return make(data)


def sent(body: Mapping[str, Any], own: Collection[str] = ()) -> QueryDict:
    """What a browser would have sent; ``own`` are the programme's own fields, other details are fields of this case alone."""
    data = QueryDict(mutable=True)
    for name, value in body.items():
        if name != DETAILS:
            _put(data, name, value)
    for key, value in (body.get(DETAILS) or {}).items():
        _put(data, f"{_EXTRA}{key}" if key in own else key, value)
    return data


def _put(data: QueryDict, name: str, value: Any) -> None:
    if value is None or value is False:
        return
    if isinstance(value, list | tuple):
        data.setlist(name, [str(one) for one in value])
    else:
        data[name] = "on" if value is True else _text(value)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def check(form: ExtraFields, body: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of the action, or every wrong field with its reason."""
    described = set(type(form).base_fields)
    alone = {name for name in form.fields if name not in described and not name.startswith(_EXTRA)}
    known = {extra.key for extra in form.extras} | alone
    unknown = [str(key)[:40] for key in body.get(DETAILS) or {} if key not in known]
    errors: dict[str, Any] = {f"{DETAILS}.{key}": [_("没有这一项。")] for key in unknown}
    if not form.is_valid():
        for name, reasons in form.errors.items():
            own = name.startswith(_EXTRA) or name in alone
            place = f"{DETAILS}.{name.removeprefix(_EXTRA)}" if own else name
            errors[place.replace("__all__", "non_field_errors")] = [str(reason) for reason in reasons]
    if errors:
        raise serializers.ValidationError(errors)
    return form.arguments()


def begin_form(kind: ShapeKind, programme: Programme, user: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords that begin a case."""
    given = {name: value for name, value in body.items() if name not in ("programme", "issue")}
    form = bound(lambda data: kind.register_form(data, None, user=user, programme=programme), given)
    return check(form, given)
