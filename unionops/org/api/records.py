"""Records: declared once as a serializer, which documents them, and read as the columns of one SQL statement."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from django.db.models import Choices, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.china.names import mask_name

from ..models import User

Row = Sequence[Any]


class Asker(NamedTuple):
    """For whom, in which language and on which day a record is told."""

    user: User
    language: str
    today: datetime.date


def asker_of(user: User) -> Asker:
    return Asker(user, get_language() or "", timezone.localdate())


Maker = Callable[[Row, Asker], Any]


class Made(serializers.Field):
    """A field that is computed from columns of the same statement."""

    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def make(self, values: Row, asker: Asker) -> Any:
        raise NotImplementedError


class Reference(serializers.Serializer):
    """What another thing is called; null where there is none."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class LongReference(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


@extend_schema_field(Reference(allow_null=True))
class UnitField(Made):
    """An organisation by its short name, as the pages show it."""

    def __init__(self, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = (f"{path}_id", f"{path}__short_name", f"{path}__name")  # type: ignore[misc]

    def make(self, values: Row, asker: Asker) -> dict[str, Any] | None:
        pk, short_name, name = values
        return None if pk is None else {"id": pk, "name": short_name or name}


@extend_schema_field(Reference(allow_null=True))
class NamedField(Made):
    """A person with an account, or anything else with a number and a name."""

    def __init__(self, path: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = (f"{path}_id", f"{path}__name")  # type: ignore[misc]

    def make(self, values: Row, asker: Asker) -> dict[str, Any] | None:
        pk, name = values
        return None if pk is None else {"id": pk, "name": name}


@extend_schema_field(LongReference(allow_null=True))
class LongNamedField(NamedField):
    """As above, for what is numbered by UUID."""


@lru_cache(maxsize=1024)
def label_of(choices: type[Choices], value: Any, language: str) -> str:
    return str(choices(value).label) if value in choices.values else ""


@extend_schema_field(serializers.CharField())
class LabelField(Made):
    """The words for a code, in the language of the request."""

    def __init__(self, column: str, choices: type[Choices], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = (column,)  # type: ignore[misc]
        self.choices = choices

    def make(self, values: Row, asker: Asker) -> str:
        return label_of(self.choices, values[0], asker.language)


@extend_schema_field(serializers.CharField())
class MaskedNameField(Made):
    """A citizen's name as others may read it: 张*丰."""

    def __init__(self, column: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = (column,)  # type: ignore[misc]

    def make(self, values: Row, asker: Asker) -> str:
        return mask_name(values[0]) if values[0] else ""


class Reader:
    """Reads the rows of a record class: ``columns`` go into values_list, `told` makes the records."""

    def __init__(self, record: type[serializers.Serializer], *first: str) -> None:
        self.columns: list[str] = list(first)
        self._plain_names: list[str] = []
        plain: list[int] = []
        self._made: list[tuple[str, itemgetter[Any], Maker, bool]] = []
        for name, field in record().fields.items():
            if isinstance(field, Made):
                places = [self._place(column) for column in field.columns]
                self._made.append((name, itemgetter(*places), field.make, len(places) == 1))
            else:
                self._plain_names.append(name)
                plain.append(self._place((field.source or name).replace(".", "__")))
        self._plain = itemgetter(*plain)

    def _place(self, column: str) -> int:
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)

    def told(self, rows: Iterable[Row], asker: Asker) -> list[dict[str, Any]]:
        names, plain, made = self._plain_names, self._plain, self._made
        found = []
        for row in rows:
            record = dict(zip(names, plain(row), strict=False))
            for name, pick, make, is_single in made:
                values = pick(row)
                record[name] = make((values,) if is_single else values, asker)
            found.append(record)
        return found

    def one(self, queryset: QuerySet, asker: Asker) -> dict[str, Any] | None:
        records = self.told(queryset.values_list(*self.columns)[:1], asker)
        return records[0] if records else None
