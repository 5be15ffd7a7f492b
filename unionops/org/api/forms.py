"""What may be sent to organisations, the directory and postings."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from ..enums import ROOT_KINDS, Industry, OrganisationKind, Role, SizeClass
from ..models import Enterprise, Organisation, User
from .fields import CreditCode, Day, Flag, Form, Identity, Key, LongKey, Number, Phone, Text

MOST_ALIASES = 20
PLANTABLE = [(value, label) for value, label in OrganisationKind.choices if value not in ROOT_KINDS]


def towns(rows: QuerySet) -> QuerySet:
    return rows.filter(kind=OrganisationKind.TOWN).valid_on(timezone.localdate())  # type: ignore[attr-defined]


def active(rows: QuerySet) -> QuerySet:
    return rows.filter(is_active=True)


class Aliases(serializers.ListField):
    child = Text(most=100)


class OnForm(Form):
    on = Day()


class OrganisationFacts(Form):
    name = Text(most=100)
    short_name = Text(most=40, required=False)
    code = Text(most=20, required=False)
    aliases = Aliases(required=False, max_length=MOST_ALIASES)
    valid_from = Day(required=False, allow_null=True)


class OrganisationForm(OrganisationFacts):
    parent = Key(Organisation)
    kind = serializers.ChoiceField(PLANTABLE)


class OrganisationEditForm(OrganisationFacts):
    parent = Key(Organisation, required=False)


class EnterpriseFacts(Form):
    name = Text(most=100)
    aliases = Aliases(required=False, max_length=MOST_ALIASES)
    town = Key(Organisation, towns, required=False, allow_null=True)
    credit_code = Text(most=30, required=False)
    override_reason = Text(most=100, required=False, help_text=_("执照上的代码确实校验不符时，由督办岗或管理员写明。"))
    size_class = serializers.ChoiceField(SizeClass.choices, required=False, allow_blank=True)
    industry = serializers.ChoiceField(Industry.choices, required=False, allow_blank=True)
    new_employment = Flag(required=False)
    reform_pilot = Flag(required=False)
    staff_count = Number(most=5_000_000, required=False, allow_null=True)
    member_count = Number(most=5_000_000, required=False, allow_null=True)
    address = Text(most=200, required=False)
    longitude = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=-180, max_value=180, required=False, allow_null=True
    )
    latitude = serializers.DecimalField(
        max_digits=8, decimal_places=6, min_value=-90, max_value=90, required=False, allow_null=True
    )


class EnterpriseForm(EnterpriseFacts):
    provisional = Flag(required=False, help_text=_("现场先记名字，以后再核实。"))
    key_since = Day(required=False, allow_null=True)


class ConfirmEnterpriseForm(Form):
    credit_code = CreditCode(most=30)


class MergeEnterpriseForm(Form):
    duplicate = LongKey(Enterprise)
    reason = Text(most=200)


class ContactForm(Form):
    name = Text(most=50, write_only=True)
    position = Text(most=50, required=False)
    phone = Phone(most=40, required=False, write_only=True)
    is_main = Flag(required=False)


class PersonFacts(Form):
    name = Text(most=50, write_only=True)
    identity = Identity(most=30, required=False, write_only=True)
    phone = Phone(most=40, required=False, write_only=True)
    town = Key(Organisation, towns, required=False, allow_null=True)
    enterprise = LongKey(Enterprise, required=False, allow_null=True)
    new_employment = Flag(required=False)
    note = Text(most=200, required=False)


class PostingForm(Form):
    user = Key(User, active)
    organisation = Key(Organisation)
    role = serializers.ChoiceField(Role.choices)
    valid_from = Day()
    valid_to = Day(required=False, allow_null=True)
