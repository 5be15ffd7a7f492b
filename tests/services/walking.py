"""A case of any programme, made and moved by what its forms ask: for walks over all programmes of all shapes."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from services.actions import cases
from services.api.views import RESOURCES as NAMES
from services.bookings.models import Booking
from services.childcare.models import ClassFile
from services.claims.models import Claim
from services.enums import Shape
from services.hardship.models import HouseholdFile
from services.models import Programme
from services.places.actions import upkeep
from services.places.models import Place
from services.shapes import ShapeKind, kind_for, shape_kinds
from tests.services import everything
from tests.services.places.stations import booked, make_venue
from tests.services.worlds import make_programme
from tests.world import World
from unionops.org.forms.fields import Identity, Phone

APPLICANT, PHONE, IDENTITY = "陈桂芳", "13800002047", "33060219900101001X"
# The words in the addresses of the API, one a shape.
RESOURCES = tuple(NAMES[Shape(kind.shape)] for kind in shape_kinds())
# What belongs to a case and has an address of its own.
PARTS = ("repairs", "bookings", "households", "care-classes")


def values_of(shape: str) -> dict[str, Any]:
    """What a shape wants in its fields where its kind of field does not tell; see VALUES in tests/services/everything."""
    found: dict[str, Any] = {}
    for part in everything.PARTS:
        found |= getattr(part, "VALUES", {}).get(shape, {})
    return found


def prepare(world: World, case: Any, verb: str) -> None:
    """What a shape needs done beside its steps before this one may be taken."""
    for part in everything.PARTS:
        if ready := getattr(part, "prepare", None):
            ready(world, case, verb)


def filled(form: forms.Form, values: dict[str, Any]) -> dict[str, Any]:
    """What somebody sends with a form: what stands in it already, what is required, and what the shape wants."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        known = form.get_initial_for_field(field, name)
        if name in values:
            found[name] = values[name]
        elif known not in (None, "", [], False):
            found[name] = "on" if known is True else [*known] if isinstance(known, list | tuple) else known
        elif field.required:
            found[name] = value_for(form, name, field)
    return found


def value_for(form: forms.Form, name: str, field: forms.Field) -> Any:
    made = next((make for kind, make in VALUE if isinstance(field, kind)), None)
    return made(field) if made else "说明情况"


def _first(field: forms.ChoiceField) -> str:
    for value, label in field.choices:
        for one in [pair[0] for pair in label] if isinstance(label, list | tuple) else [value]:
            if one not in ("", None):
                return str(one)
    raise AssertionError(f"nothing to choose for {field.label}")


# The first that fits: special ones stand before the general.
VALUE: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Identity, lambda field: IDENTITY),
    (Phone, lambda field: PHONE),
    (forms.FileField, lambda field: SimpleUploadedFile("凭证.txt", "凭证".encode(), "text/plain")),
    (forms.BooleanField, lambda field: "on"),
    (forms.MultipleChoiceField, lambda field: [_first(field)]),
    (forms.ModelMultipleChoiceField, lambda field: [field.queryset.first().pk]),
    (forms.ModelChoiceField, lambda field: field.queryset.first().pk),
    (forms.ChoiceField, _first),
    (forms.DateTimeField, lambda field: timezone.localtime().strftime("%Y-%m-%dT%H:%M")),
    (forms.DateField, lambda field: timezone.localdate().isoformat()),
    (forms.TimeField, lambda field: "09:00"),
    (forms.DecimalField, lambda field: "100.00" if field.decimal_places else "100"),
    (forms.IntegerField, lambda field: str(max(field.min_value or 1, 1))),
)


def register_case(world: World, programme: Programme, kind: ShapeKind, **more: Any) -> Any:
    """A case as the cadre of the town registers it."""
    user = world["cadre"]
    values = {
        "applicant_kind": programme.applicants[0], "applicant_name": APPLICANT, "phone": PHONE, "town": world.town.pk,
        "identity": IDENTITY, **values_of(kind.shape).get("register", {}), **more,
    }  # fmt: skip
    empty = kind.register_form(user=user, programme=programme)
    data = forms_data(filled(empty, values))
    form = kind.register_form(data, None, user=user, programme=programme)
    assert form.is_valid(), form.errors.as_text()
    return cases.register(programme, by=user, **form.arguments())


def forms_data(values: dict[str, Any]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif not hasattr(value, "read"):
            data[name] = value
    return data


# --- for the walks over every address of the API


def one_of_each(world: World, **applicant: Any) -> dict[str, Any]:
    """The key of a case of each shape and of a programme, by the word in the address."""
    found: dict[str, Any] = {}
    for kind in shape_kinds():
        programme = make_programme(world, kind.shape, steps=sorted(kind.optional))
        case = register_case(world, programme, kind, **applicant)
        found[NAMES[Shape(kind.shape)]] = case.pk
        found["programmes"] = programme.pk
    found["repairs"] = upkeep.report(Place.objects.get(pk=found["places"]), by=world["officer"], what="饮水机坏了").pk
    found["bookings"] = booked(world, make_venue(world), public=True).pk
    found["households"] = household_of(Claim.objects.get(pk=found["claims"])).pk
    found["care-classes"] = ClassFile.objects.create(activity_id=found["activities"], season="2026 暑期").pk
    return found


def household_of(claim: Claim) -> HouseholdFile:
    """The file of a claim, as its application begins it."""
    return HouseholdFile.objects.create(
        district=claim.district, number=f"KNDA{claim.number}", title=claim.title, state_since=claim.registered_at,
        registered_at=claim.registered_at, claim=claim, organisation=claim.organisation, town=claim.town, applicant_name=claim.applicant_name,
    )  # fmt: skip


def fill(world: World, resource: str, numbers: range) -> None:
    """More of one kind, for the cost of lists."""
    shapes = {NAMES[Shape(kind.shape)]: kind for kind in shape_kinds()}
    if resource in shapes:
        _cases(world, shapes[resource], numbers)
    else:
        FILLERS.get(resource, _nothing)(world, numbers)


def _another(world: World, kind: ShapeKind) -> Any:
    """Each is somebody else's: one person is asked whether it is the same again."""
    kind.model.objects.update(identity_hash="", phone_hash="")
    return register_case(world, _one(world, kind), kind)


def _cases(world: World, kind: ShapeKind, numbers: range) -> list[Any]:
    """The first few as people register them; the many are copies of one more, for a step takes time."""
    if numbers.start < 3:
        return [_another(world, kind) for _number in numbers]
    return copies(_another(world, kind), len(numbers))


def copies(row: Any, count: int) -> list[Any]:
    """So many rows like this one, each under a number and keys of its own."""
    found = []
    for serial in range(count):
        other = copy.copy(row)
        other.number, other._state.adding = f"{row.number}-{serial}", True
        for field in row._meta.concrete_fields:
            if field.unique and field.has_default():
                setattr(other, field.attname, field.get_default())
        found.append(other)
    return type(row).objects.bulk_create(found)


def _nothing(world: World, numbers: range) -> None: ...


def _repairs(world: World, numbers: range) -> None:
    place = Place.objects.first() or _another(world, kind_for(Shape.PLACE))
    for _number in numbers:
        upkeep.report(place, by=world["officer"], what="饮水机坏了")


def _bookings(world: World, numbers: range) -> None:
    """Two rooms for an hour each, ten hours a day."""
    venue = Place.objects.filter(programme__code="workers_homes").first() or make_venue(world)
    taken = Booking.objects.filter(place=venue).count()
    for number in range(taken, taken + len(numbers)):
        hour = 8 + number % 20 // 2
        booked(
            world, venue, on=timezone.localdate() + datetime.timedelta(days=2 + number // 20), starts_at=datetime.time(hour),
            ends_at=datetime.time(hour + 1), room=("教育培训室", "文体活动室")[number % 2],
        )  # fmt: skip


def _households(world: World, numbers: range) -> None:
    for claim in _cases(world, kind_for(Shape.CLAIM), numbers):
        household_of(claim)


def _care_classes(world: World, numbers: range) -> None:
    for number, activity in enumerate(_cases(world, kind_for(Shape.ACTIVITY), numbers), numbers.start):
        ClassFile.objects.create(activity=activity, season=f"2026 第 {number} 期")


def _programmes(world: World, numbers: range) -> None:
    for _number in numbers:
        make_programme(world)


FILLERS = {
    "repairs": _repairs, "bookings": _bookings, "households": _households, "care-classes": _care_classes, "programmes": _programmes,
}  # fmt: skip


def _one(world: World, kind: ShapeKind) -> Programme:
    found = Programme.objects.filter(district=world.district, shape=kind.shape, catalogue="C00").first()
    return found or make_programme(world, kind.shape, catalogue="C00", steps=sorted(kind.optional))
