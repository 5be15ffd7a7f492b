"""Workers, each once for all domains: looked for before they are entered."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.china.identity import mask_identity, read_identity
from unionops.china.phones import mask_phone, read_phone

from ..errors import ActionError
from ..events import record_event
from ..models import Organisation, Person, User
from ..permissions import check_edits_person
from ..sealed import blind_index
from .saving import change, check_columns, check_known, lock, or_already_there, reading

EDITABLE = frozenset({"name", "town", "enterprise", "new_employment", "note"})
IDENTITY_TAKEN = gettext_lazy("这个身份证号已经登记过。")


def find_person(*, district: Organisation, name: str = "", identity: str = "", phone: str = "") -> Person | None:
    """Return who is registered with the identity number, else with the same telephone and name.

    A telephone alone is shared in families and dormitories.
    """
    people = Person.objects.filter(district=district)
    if identity:
        with reading("identity"):
            number = read_identity(identity).number
        if found := people.filter(identity_hash=blind_index(number)).first():
            return found
    if phone and name:
        with reading("phone"):
            number = read_phone(phone).number
        return people.filter(phone_hash=blind_index(number), name=name).first()
    return None


@transaction.atomic
def create_person(*, district: Organisation, by: User, identity: str = "", phone: str = "", **values: Any) -> Person:
    """Enter a person who is not there yet; who is there already is named in the refusal."""
    check_known(values, EDITABLE)
    town = values.get("town")
    check_edits_person(by, town_id=town and town.pk, district_id=district.pk)
    found = find_person(district=district, name=values.get("name", ""), identity=identity, phone=phone)
    if found is not None:
        raise _already_there(found, by)
    person = Person(district=district, **values)
    _put_numbers(person, identity=identity, phone=phone)
    person.set_names()
    _check_places(person)
    check_columns(person)
    with or_already_there(IDENTITY_TAKEN, field="identity"):
        person.save(force_insert=True)
    record_event(person, "create", by=by, data={"identity": person.identity_masked, "version": person.version})
    return person


def _already_there(found: Person, by: User) -> ActionError:
    """Say who it is only to whom that person exists."""
    if Person.objects.visible_to(by).filter(pk=found.pk).exists():
        return ActionError(_("%(name)s已经登记过。") % {"name": found.name}, field="identity")
    return ActionError(
        _("这个人已经在别的镇街登记过。"), field="identity", next_step=_("请督办岗把这个人转到您的镇街。")
    )


def _put_numbers(person: Person, *, identity: str | None, phone: str | None) -> None:
    if identity is not None:
        with reading("identity"):
            number = read_identity(identity).number if identity else ""
        person.put("identity", number, mask_identity(number))
        person.identity_last4 = number[-4:]
    if phone is not None:
        with reading("phone"):
            number = read_phone(phone).number if phone else ""
        person.put("phone", number, mask_phone(number))


def _check_places(person: Person) -> None:
    if person.town is not None and person.town.district_id != person.district_id:
        raise ActionError(_("请选本区的镇街。"), field="town")
    if person.enterprise is not None and person.enterprise.district_id != person.district_id:
        raise ActionError(_("请选本区的企业。"), field="enterprise")


@transaction.atomic
def edit_person(
    person: Person,
    *,
    by: User,
    version: int | None = None,
    identity: str | None = None,
    phone: str | None = None,
    **values: Any,
) -> Person:
    """Numbers that are None stay as they are; an empty text removes one. The timeline keeps them masked."""
    check_known(values, EDITABLE)
    row = lock(person, version=version)
    check_edits_person(by, town_id=row.town_id, district_id=row.district_id)
    masked = {"identity": row.identity_masked, "phone": row.phone_masked}
    changes = change(row, values)
    check_edits_person(by, town_id=row.town_id, district_id=row.district_id)
    _put_numbers(row, identity=identity, phone=phone)
    for name, typed in (("identity", identity), ("phone", phone)):
        if typed is not None:
            changes[name] = [masked[name], getattr(row, f"{name}_masked")]
    row.set_names()
    _check_places(row)
    check_columns(row)
    if _twin(row):
        raise ActionError(IDENTITY_TAKEN, field="identity")
    row.version += 1
    with or_already_there(IDENTITY_TAKEN, field="identity"):
        row.save()
    record_event(row, "edit", by=by, data={"changes": changes, "version": row.version})
    return row


def _twin(row: Person) -> bool:
    same = Person.objects.filter(~Q(identity_hash=""), district=row.district_id, identity_hash=row.identity_hash)
    return same.exclude(pk=row.pk).exists()
