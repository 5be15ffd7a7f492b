"""Records: declared once as a serializer, which documents them, and read as the columns of one SQL statement."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from typing import Any, ClassVar

from django.db.models import Choices, Model, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from unionops.china.names import mask_name

from ..models import User
from ..naming import names_of

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom, in which language and on which day records are told; what is looked up once is kept here."""

    user: User
    language: str
    today: datetime.date
    memo: dict[Any, Any] = field(default_factory=dict)


def asker_of(user: User) -> Asker:
    return Asker(user, get_language() or "", timezone.localdate())


Maker = Callable[[Row, Asker], Any]


class Made(serializers.Field):
    """A field that is computed from columns of the same statement."""

    columns: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def named(self) -> Iterable[tuple[str, str]]:
        """The columns that hold numbers of things to be named, with their kind."""
        return ()

    def make(self, values: Row, asker: Asker) -> Any:
        """Return the value; ``values`` are those of ``columns``, in order."""
        raise NotImplementedError


class Reference(serializers.Serializer):
    """What another thing is called; null where there is none."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class LongReference(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class NamedByNumber(Made):
    """A number in the row, named by one statement for the whole page (org.naming)."""

    kind = ""

    def __init__(self, column: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = (f"{column}_id",)  # type: ignore[misc]

    def named(self) -> Iterable[tuple[str, str]]:
        return [(self.kind, self.columns[0])]

    def make(self, values: Row, asker: Asker) -> dict[str, Any] | None:
        number = values[0]
        return None if number is None else asker.memo[self.kind, number]


@extend_schema_field(Reference(allow_null=True))
class UnitField(NamedByNumber):
    """An organisation by its short name, as the pages show it."""

    kind = "organisation"


@extend_schema_field(Reference(allow_null=True))
class UserField(NamedByNumber):
    """A colleague: somebody with an account."""

    kind = "user"


@extend_schema_field(LongReference(allow_null=True))
class FirmField(Made):
    """An enterprise; its name is joined, because its number is long."""

    columns = ("enterprise_id", "enterprise__name")

    def make(self, values: Row, asker: Asker) -> dict[str, Any] | None:
        number, name = values
        return None if number is None else {"id": number, "name": name}


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


def _tuple_of(places: list[int]) -> itemgetter[Any]:
    first = places[0]
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(first, first + 1))


class Reader:
    """Reads the rows of a record class: ``columns`` go into values_list, `told` makes the records."""

    def __init__(self, record: type[serializers.Serializer], *first: str) -> None:
        self.columns: list[str] = list(first)
        self.names: list[str] = []
        self._picks: list[tuple[itemgetter[Any], Maker | None]] = []
        # (kind, place) of the numbers that are named
        self._named: list[tuple[str, int]] = []
        for name, made in record().fields.items():
            self.names.append(name)
            if isinstance(made, Made):
                self._picks.append((_tuple_of([self._place(column) for column in made.columns]), made.make))
                self._named += [(kind, self._place(column)) for kind, column in made.named()]
            else:
                self._picks.append((itemgetter(self._place((made.source or name).replace(".", "__"))), None))

    def _place(self, column: str) -> int:
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)

    def over(self, model: type[Model]) -> QuerySet:
        """Return the columns as a query to be narrowed; they are resolved once, which is half the cost of a query."""
        return _over(self, model).all()

    def told(self, rows: Iterable[Row], asker: Asker) -> list[dict[str, Any]]:
        """Column by column, then row by row."""
        rows = list(rows)
        self._look_up(rows, asker)
        columns = [
            [make(values, asker) for values in map(pick, rows)] if make else map(pick, rows)
            for pick, make in self._picks
        ]
        return [dict(zip(self.names, values, strict=True)) for values in zip(*columns, strict=True)]

    def _look_up(self, rows: Sequence[Row], asker: Asker) -> None:
        wanted: dict[str, set[int | None]] = {}
        for kind, place in self._named:
            wanted.setdefault(kind, set()).update([row[place] for row in rows])
        for kind, known in names_of(wanted).items():
            asker.memo.update({(kind, number): {"id": number, "name": name} for number, name in known.items()})

    def of(self, thing: Model, asker: Asker) -> dict[str, Any]:
        """The record of a thing in hand, which is not read again."""
        (record,) = self.told([[_value(thing, column) for column in self.columns]], asker)
        return record

    def one(self, queryset: QuerySet, asker: Asker) -> dict[str, Any] | None:
        records = self.told(queryset.values_list(*self.columns)[:1], asker)
        return records[0] if records else None


def _value(thing: Any, column: str) -> Any:
    for name in column.split("__"):
        thing = getattr(thing, name, None)
    return thing


@lru_cache(maxsize=64)
def _over(reader: Reader, model: type[Model]) -> QuerySet:
    return model._default_manager.values_list(*reader.columns)
