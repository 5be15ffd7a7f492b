"""What comes in: cleaned text, keys of what exists for the asker, numbers as the country writes them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.china.credit_code import read_credit_code
from unionops.china.errors import InvalidValue
from unionops.china.identity import read_identity
from unionops.china.names import clean_text
from unionops.china.phones import read_phone

from .filters import LARGEST_KEY

EARLIEST = datetime.date(1990, 1, 1)
LATEST = datetime.date(2099, 12, 31)
MOST_KEYS = 30


class Form(serializers.Serializer):
    """Input that is read whole: a field that nobody knows is an error, not a no-op."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [str(name)[:60] for name in data if name not in self.fields]
            if unknown:
                raise serializers.ValidationError({clean_text(name): [_("没有这一项。")] for name in unknown})
        return super().to_internal_value(data)


class NoForm(Form):
    """A step that asks for nothing."""


class Text(serializers.CharField):
    """Cleaned as on the pages: NFC, no controls, nothing invisible."""

    def __init__(self, *, most: int, lines: bool = False, **kwargs: Any) -> None:
        self.lines = lines
        if not kwargs.get("required", True):
            kwargs.setdefault("allow_blank", True)
        super().__init__(max_length=most, trim_whitespace=True, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return clean_text(super().to_internal_value(data), multiline=self.lines)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)
        # What looked like text may be nothing after cleaning.
        if value == "" and not self.allow_blank:
            self.fail("blank")
        return value


class Day(serializers.DateField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    default_error_messages = {"range": _("日期应在 1990 年到 2099 年之间。")}

    def to_internal_value(self, value: Any) -> datetime.date:
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("range")
        return day


class Moment(serializers.DateTimeField):
    default_error_messages = Day.default_error_messages

    def to_internal_value(self, value: Any) -> datetime.datetime:
        moment = super().to_internal_value(value)
        if not EARLIEST <= moment.date() <= LATEST:
            self.fail("range")
        return moment


class Number(serializers.IntegerField):
    def __init__(self, *, least: int = 0, most: int, **kwargs: Any) -> None:
        super().__init__(min_value=least, max_value=most, **kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class Money(serializers.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=Decimal(0), **kwargs)


class Flag(serializers.BooleanField):
    """true or false, nothing that looks like it."""

    default_error_messages = {"invalid": _("应为 true 或 false。")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class _Read(Text):
    """Text that a rule of the country reads and spells."""

    spell: Callable[[str], str]

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not text:
            return ""
        try:
            return type(self).spell(text)
        except InvalidValue as error:
            raise serializers.ValidationError(str(error)) from error


class Phone(_Read):
    @staticmethod
    def spell(text: str) -> str:
        return read_phone(text).number


class Identity(_Read):
    @staticmethod
    def spell(text: str) -> str:
        return read_identity(text).number


class CreditCode(_Read):
    @staticmethod
    def spell(text: str) -> str:
        return read_credit_code(text)


Narrow = Callable[[QuerySet], QuerySet]


class _Key(serializers.Field):
    """The key of a thing that exists for the asker; anything else does not exist."""

    default_error_messages = {
        "absent": _("没有编号为 {key} 的这一项，或者它不在您的范围内。"),
        "invalid": _("应为编号。"),
    }

    def __init__(self, model: type[Model], narrow: Narrow | None = None, **kwargs: Any) -> None:
        self.model = model
        self.narrow = narrow
        super().__init__(**kwargs)

    def _absent(self, key: object) -> serializers.ValidationError:
        # `fail` cannot: its own first argument is called key.
        return serializers.ValidationError(self.error_messages["absent"].format(key=key), code="absent")

    def within(self) -> QuerySet:
        rows: QuerySet = self.model.objects.visible_to(self.context["user"])  # type: ignore[attr-defined]
        return self.narrow(rows) if self.narrow else rows

    def to_internal_value(self, data: Any) -> Model:
        key = self.read(data)
        # Issues of one visit mostly name the same category and department.
        seen: dict[Any, Model | None] = self.context["found"]
        place = type(self), self.model, self.narrow, key
        if place not in seen:
            seen[place] = self.within().filter(pk=key).first()
        found = seen[place]
        if found is None:
            raise self._absent(key)
        return found

    def to_representation(self, value: Any) -> Any:
        return value.pk

    def read(self, data: Any) -> Any:
        raise NotImplementedError


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST_KEY})
class Key(_Key):
    def read(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data <= LARGEST_KEY:
            self.fail("invalid")
        return data


@extend_schema_field({"type": "string", "format": "uuid"})
class LongKey(_Key):
    def read(self, data: Any) -> Any:
        return serializers.UUIDField().run_validation(data)


@extend_schema_field(
    {"type": "array", "maxItems": MOST_KEYS, "items": {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY}}
)
class Keys(Key):
    """Several keys, found in one statement."""

    default_error_messages = {"list": _("应为编号的列表，最多 30 个。")}

    def to_internal_value(self, data: Any) -> list[Model]:  # type: ignore[override]
        if not isinstance(data, list) or len(data) > MOST_KEYS:
            self.fail("list")
        keys = [self.read(item) for item in data]
        found = self.within().in_bulk(keys)
        for key in keys:
            if key not in found:
                raise self._absent(key)
        return [found[key] for key in dict.fromkeys(keys)]
