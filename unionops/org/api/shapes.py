"""What the API says of organisations, the directory and postings. Numbers that belong to a person leave masked."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ..enums import EnterpriseStatus, Industry, OrganisationKind, Role, SizeClass
from ..models import Contact, Seen, digest
from .records import (
    Asker,
    FirmField,
    LabelField,
    Made,
    MaskedNameField,
    Reader,
    Reference,
    Row,
    UnitField,
    UserField,
)


class OrganisationRow(serializers.Serializer):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    kind_label = LabelField("kind", OrganisationKind)
    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    aliases = serializers.ListField(child=serializers.CharField())
    parent = UnitField("parent")
    district = UnitField("district")
    path = serializers.CharField()
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class EnterpriseRow(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    credit_code = serializers.CharField(allow_null=True)
    town = UnitField("town")
    size_class = serializers.ChoiceField(SizeClass.choices, allow_blank=True)
    industry = serializers.ChoiceField(Industry.choices, allow_blank=True)
    staff_count = serializers.IntegerField(allow_null=True)
    member_count = serializers.IntegerField(allow_null=True)
    new_employment = serializers.BooleanField()
    reform_pilot = serializers.BooleanField()
    status = serializers.ChoiceField(EnterpriseStatus.choices)
    version = serializers.IntegerField()


class EnterpriseFacts(EnterpriseRow):
    aliases = serializers.ListField(child=serializers.CharField())
    credit_code_reason = serializers.CharField()
    address = serializers.CharField()
    longitude = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True)
    latitude = serializers.DecimalField(max_digits=8, decimal_places=6, allow_null=True)
    closed_on = serializers.DateField(allow_null=True)


class KeyEntry(serializers.Serializer):
    """列入重点企业名单的时段"""

    id = serializers.IntegerField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


@extend_schema_field(serializers.IntegerField())
class SeenField(Made):
    """The version of a row that has no counter."""

    def __init__(self, model: type[Seen], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns = model.SEEN  # type: ignore[misc]

    def make(self, values: Row, asker: Asker) -> int:
        return digest(values)


class ContactRow(serializers.Serializer):
    id = serializers.UUIDField()
    name_masked = MaskedNameField("name")
    position = serializers.CharField()
    phone_masked = serializers.CharField()
    is_main = serializers.BooleanField()
    version = SeenField(Contact)


class EnterpriseRecord(EnterpriseFacts):
    key_entries = KeyEntry(many=True)
    contacts = ContactRow(many=True)


@extend_schema_field(serializers.CharField())
class LastFourField(Made):
    """The last four of the identity number: enough to tell two people of one name apart."""

    columns = ("identity_last4",)

    def make(self, values: Row, asker: Asker) -> str:
        return str(values[0])


class PersonRow(serializers.Serializer):
    """Names and numbers are masked; the pages show them in clear to whoever types a reason."""

    id = serializers.UUIDField()
    name_masked = MaskedNameField("name")
    identity_last4 = LastFourField()
    town = UnitField("town")
    enterprise = FirmField()
    new_employment = serializers.BooleanField()
    version = serializers.IntegerField()


class PersonRecord(PersonRow):
    identity_masked = serializers.CharField()
    phone_masked = serializers.CharField()
    note = serializers.CharField()


class PostingRow(serializers.Serializer):
    id = serializers.IntegerField()
    user = UserField("user")
    organisation = UnitField("organisation")
    role = serializers.ChoiceField(Role.choices)
    role_label = LabelField("role", Role)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class Me(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    districts = Reference(many=True)
    postings = PostingRow(many=True)


ORGANISATION_ROWS = Reader(OrganisationRow, "id", "path")
ENTERPRISE_ROWS = Reader(EnterpriseRow, "id", "pinyin")
ENTERPRISE_FACTS = Reader(EnterpriseFacts)
KEY_ENTRIES = Reader(KeyEntry)
CONTACTS = Reader(ContactRow)
PERSON_ROWS = Reader(PersonRow, "id", "pinyin")
PERSON_FACTS = Reader(PersonRecord)
POSTING_ROWS = Reader(PostingRow, "id", "valid_from")
