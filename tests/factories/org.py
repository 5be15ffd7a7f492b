"""Who: organisations, enterprises, people, accounts in a post. ``make_district`` gives a small district with all roles."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from unionops.china.credit_code import check_digit as credit_code_digit
from unionops.china.identity import check_digit as identity_digit
from unionops.china.identity import mask_identity
from unionops.china.phones import mask_phone
from unionops.org.enums import OrganisationKind, Role
from unionops.org.models import Contact, Enterprise, KeyListEntry, Leave, Organisation, Person, Posting, User

PASSWORD = "correct-horse-battery"
SINCE = datetime.date(2023, 4, 1)


def credit_code(number: int) -> str:
    """A made-up code of Yuecheng with a right check digit."""
    body = f"91330602MA{number:07d}"
    return body + credit_code_digit(body)


def identity_number(number: int, born: str = "19900101") -> str:
    """A made-up identity number with a right check digit."""
    body = f"330602{born}{number:03d}"
    return body + identity_digit(body)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    class Params:
        is_district = factory.Trait(kind=OrganisationKind.DISTRICT, parent=None)
        is_department = factory.Trait(kind=OrganisationKind.DEPARTMENT)

    kind = OrganisationKind.TOWN
    name = factory.Sequence(lambda n: f"第{n}街道总工会")
    short_name = factory.SelfAttribute("name")
    valid_from = SINCE
    parent = None
    district = factory.LazyAttribute(lambda made: made.parent and (made.parent.district or made.parent))

    @classmethod
    def _create(cls, model_class: type[Organisation], *args: Any, **fields: Any) -> Organisation:
        made = model_class(*args, **fields)
        made.set_names()
        made.save()
        made.path = f"{made.parent.path if made.parent else ''}{made.pk}."
        made.save(update_fields=["path"])
        return made


class UserFactory(DjangoModelFactory):
    """An account; with ``role`` and ``organisation`` it is posted there since 2023."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"王{'一二三四五六七八九十'[n % 10]}华")
    password = PASSWORD
    role = ""
    organisation = None
    since = SINCE
    until = None

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        role, organisation = fields.pop("role"), fields.pop("organisation")
        since, until = fields.pop("since"), fields.pop("until")
        phone = fields.pop("phone", "")
        user = model_class.objects.create_user(fields.pop("username"), fields.pop("password"), **fields)
        if phone:
            user.put("phone", phone, mask_phone(phone))
            user.save()
        if organisation is not None:
            PostingFactory(user=user, organisation=organisation, role=role, valid_from=since, valid_to=until)
        return user


class PostingFactory(DjangoModelFactory):
    class Meta:
        model = Posting

    valid_from = SINCE
    valid_to = None


class LeaveFactory(DjangoModelFactory):
    class Meta:
        model = Leave

    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.SelfAttribute("starts_on")
    reason = "年休假"


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    town = None
    district = factory.LazyAttribute(lambda made: made.town.district)
    name = factory.Sequence(lambda n: f"绍兴恒润纺织第{n}有限公司")
    credit_code = factory.Sequence(credit_code)

    @classmethod
    def _create(cls, model_class: type[Enterprise], *args: Any, **fields: Any) -> Enterprise:
        key_since = fields.pop("key_since", None)
        made = model_class(*args, **fields)
        made.set_names()
        made.save()
        if key_since is not None:
            KeyListEntry.objects.create(enterprise=made, valid_from=key_since)
        return made


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    name = "陈志明"
    position = "工会主席"
    phone = "13857512345"

    @classmethod
    def _create(cls, model_class: type[Contact], *args: Any, **fields: Any) -> Contact:
        phone = fields.pop("phone")
        made = model_class(*args, **fields)
        made.put("phone", phone, mask_phone(phone))
        made.save()
        return made


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    town = None
    district = factory.LazyAttribute(lambda made: made.town.district)
    name = "李小红"
    identity = factory.Sequence(lambda n: identity_number(n % 1000, f"19{60 + n % 40}0101"))
    phone = factory.Sequence(lambda n: f"1385751{n % 10000:04d}")

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **fields: Any) -> Person:
        identity, phone = fields.pop("identity"), fields.pop("phone")
        made = model_class(*args, **fields)
        made.set_names()
        if identity:
            made.put("identity", identity, mask_identity(identity))
            made.identity_last4 = identity[-4:]
        if phone:
            made.put("phone", phone, mask_phone(phone))
        made.save()
        return made


# Where each demo-like account of a district is posted.
POSTS = {
    "cadre": (Role.LIAISON, "town"),
    "other_cadre": (Role.LIAISON, "other_town"),
    "leader": (Role.LEADER, "district"),
    "chief": (Role.CHIEF, "district"),
    "handler": (Role.HANDLER, "department"),
    "other_handler": (Role.HANDLER, "other_department"),
    "town": (Role.TOWN, "town"),
    "clerk": (Role.CLERK, "district"),
    "mediator": (Role.MEDIATOR, "centre"),
    "officer": (Role.OFFICER, "other_department"),
    "auditor": (Role.AUDITOR, "district"),
    "admin": (Role.ADMIN, "district"),
}


@dataclass
class District:
    """A district federation with two towns, two departments, a mediation centre and somebody in every role."""

    district: Organisation
    town: Organisation
    other_town: Organisation
    department: Organisation
    other_department: Organisation
    centre: Organisation
    people: dict[str, User]

    def __getitem__(self, who: str) -> User:
        """Return the person afresh: rights are computed once an object, as once a request."""
        return User.objects.get(pk=self.people[who].pk)


def make_district(name: str = "越城区总工会", prefix: str = "") -> District:
    """Make a district; a second one with another name and a prefix for its user names is the outsider of leak tests."""
    district = OrganisationFactory(is_district=True, name=name)

    def below(kind: str, named: str) -> Organisation:
        return OrganisationFactory(kind=kind, name=named, parent=district)

    places = {
        "district": district,
        "town": below(OrganisationKind.TOWN, "斗门街道"),
        "other_town": below(OrganisationKind.TOWN, "马山街道"),
        "department": below(OrganisationKind.DEPARTMENT, "权保部"),
        "other_department": below(OrganisationKind.DEPARTMENT, "女工部"),
        "centre": below(OrganisationKind.MEDIATION_CENTRE, "八字桥工作室"),
    }
    people = {
        who: UserFactory(username=prefix + who, role=role, organisation=places[place])
        for who, (role, place) in POSTS.items()
    }
    people["unposted"] = UserFactory(username=f"{prefix}unposted")
    return District(**places, people=people)


def make_outsiders() -> District:
    return make_district("柯桥区总工会", prefix="outside_")
