"""Tokens, the organisation tree, the directory and postings over HTTP."""

from __future__ import annotations

import datetime
import uuid
import zlib
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from ..actions import enterprises as actions
from ..actions.enterprises import create_enterprise, edit_enterprise
from ..actions.organisations import close_organisation, create_organisation, edit_organisation
from ..actions.people import create_person, edit_person
from ..actions.postings import end_posting, post
from ..actions.saving import lock
from ..enums import EnterpriseStatus, Industry, OrganisationKind, Role, SizeClass
from ..errors import ActionError, Conflict
from ..models import Contact, Enterprise, KeyListEntry, Organisation, Person, Posting, User
from . import filters, forms
from .clients import SCHEMES, check_password
from .endpoints import Act, Endpoint, Listing, Order, answer, etag, find, page_of, told_one
from .fields import Form, NoForm
from .filters import Filter
from .payloads import dump
from .records import Asker
from .shapes import (
    CONTACTS,
    ENTERPRISE_FACTS,
    ENTERPRISE_ROWS,
    KEY_ENTRIES,
    ORGANISATION_ROWS,
    PERSON_FACTS,
    PERSON_ROWS,
    POSTING_ROWS,
    EnterpriseRecord,
    EnterpriseRow,
    Me,
    OrganisationRow,
    PersonRecord,
    PersonRow,
    PostingRow,
)

TAG_ACCESS, TAG_ORGANISATIONS, TAG_DIRECTORY = "access", "organisations", "directory"
TOKEN_LIFE = datetime.timedelta(hours=12)
# A person with more clients than this signs an old one out.
MOST_TOKENS = 20


# --- tokens


class SignInForm(Form):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False, write_only=True)


class Token(serializers.Serializer):
    token = serializers.CharField(help_text=_("只显示这一次。放进 Authorization: Bearer <令牌>。"))
    expires_at = serializers.DateTimeField()


class TokenView(Endpoint):
    """Sign in for a client that is not a browser; sign out what was signed in."""

    tag, name, keyed = TAG_ACCESS, "token", False
    summaries: ClassVar = {
        "POST": _("用登录名和密码换令牌；输错五次锁定 15 分钟"),
        "DELETE": _("退出：作废正在用的令牌"),
    }
    forms: ClassVar = {"POST": SignInForm}
    answers: ClassVar = {"POST": {201: Token}, "DELETE": {204: None}}

    def get_permissions(self) -> list[Any]:
        return [AllowAny()] if self.request.method == "POST" else list(super().get_permissions())

    def get_authenticators(self) -> list[Any]:
        # Signing in must work with an outdated cookie in the jar.
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    def get_authenticate_header(self, request: Request) -> str:
        return SCHEMES

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        form = self.read_form(SignInForm)
        user = check_password(request._request, form["username"], form["password"])
        if user.must_change_password:
            raise PermissionDenied(_("请先在网页上改密码，再用接口。"))
        tokens = AuthToken.objects.filter(user=user)
        old = tokens.order_by("-created").values_list("pk", flat=True)[MOST_TOKENS - 1 :]
        tokens.filter(pk__in=list(old)).delete()
        made, token = AuthToken.objects.create(user, expiry=TOKEN_LIFE)
        response = answer({"token": token, "expires_at": made.expiry}, 201)
        response["Cache-Control"] = "no-store"
        return response

    def delete(self, request: Request) -> HttpResponse:
        self.no_query()
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        return HttpResponse(status=204)


class AllTokens(Endpoint):
    tag, name, keyed = TAG_ACCESS, "all_tokens", False
    summaries: ClassVar = {"DELETE": _("退出全部：作废我的所有令牌")}
    answers: ClassVar = {"DELETE": {204: None}}

    def delete(self, request: Request) -> HttpResponse:
        self.no_query()
        request.user.auth_token_set.all().delete()  # type: ignore[union-attr]
        return HttpResponse(status=204)


class MeView(Endpoint):
    tag, name = TAG_ACCESS, "me"
    summaries: ClassVar = {"GET": _("我是谁，今天有哪些任职")}
    answers: ClassVar = {"GET": Me}

    def get(self, request: Request) -> HttpResponse:
        self.no_query()
        user: User = request.user
        scope = user.scope
        districts = Organisation.objects.filter(pk__in=scope.member_of).order_by("path", "pk")
        postings = Posting.objects.on(timezone.localdate()).filter(user=user).order_by("valid_from", "pk")
        return answer(
            {
                "id": user.pk,
                "username": user.username,
                "name": user.name,
                "language": user.language,
                "roles": sorted(scope.roles),
                "districts": [{"id": district.pk, "name": str(district)} for district in districts],
                "postings": POSTING_ROWS.told(postings.values_list(*POSTING_ROWS.columns), self.asker),
            }
        )


# --- organisations


def organisation_record(pk: int, asker: Asker) -> dict[str, Any]:
    return told_one(ORGANISATION_ROWS, Organisation.objects.visible_to(asker.user).filter(pk=pk), asker)


def _valid(rows: QuerySet, value: bool, user: User) -> QuerySet:
    valid: QuerySet = rows.valid_on(timezone.localdate())  # type: ignore[attr-defined]
    return valid if value else rows.exclude(pk__in=valid.values("pk"))


def _named(rows: QuerySet, words: str, user: User) -> QuerySet:
    return rows.filter(Q(name__icontains=words) | Q(aliases__icontains=words) | Q(initials__icontains=words.lower()))


class OrganisationList(Listing):
    tag, name = TAG_ORGANISATIONS, "organisations"
    summaries: ClassVar = {"GET": _("组织，按树的次序"), "POST": _("在树上加一个组织")}
    answers: ClassVar = {"GET": page_of(OrganisationRow), "POST": {201: OrganisationRow}}
    forms: ClassVar = {"POST": forms.OrganisationForm}
    model = Organisation
    reader = ORGANISATION_ROWS
    order = Order("path", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.choice("kind", OrganisationKind),
        filters.key("parent"),
        filters.flag("valid", _valid, _("今天有效")),
        filters.text("q", _named, _("名称、别名或拼音首字母")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        made = create_organisation(by=request.user, **self.read_form(forms.OrganisationForm))  # type: ignore[arg-type]
        return _with_content_version(organisation_record(made.pk, self.asker), 201)


class OrganisationDetail(Endpoint):
    tag, name = TAG_ORGANISATIONS, "organisation"
    summaries: ClassVar = {"GET": _("一个组织"), "PATCH": _("改名、改日期或移到别的上级；旧名留作别名")}
    forms: ClassVar = {"PATCH": forms.OrganisationEditForm}
    answers: ClassVar = {"GET": OrganisationRow, "PATCH": OrganisationRow}
    versioned: ClassVar = {"PATCH": True}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        return _with_content_version(organisation_record(pk, self.asker))

    def patch(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        user: User = request.user
        organisation = find(Organisation.objects.visible_to(user), pk)
        version = self.version()
        fields = self.read_form(forms.OrganisationEditForm, partial=True)
        with transaction.atomic():
            lock(organisation)
            _check_content_version(organisation_record(pk, self.asker), version)
            edit_organisation(organisation, by=user, **fields)
        return _with_content_version(organisation_record(pk, self.asker))


class OrganisationClosing(Act):
    tag, name, verb = TAG_ORGANISATIONS, "organisation", "close"
    label, form, record = _("停用；下级和任职要先安排好"), forms.OnForm, OrganisationRow

    def things(self, user: User) -> QuerySet:
        return Organisation.objects.visible_to(user)

    def act(self, thing: Organisation, **fields: Any) -> Any:
        return close_organisation(thing, **fields)

    def told(self, pk: int) -> dict[str, Any]:
        return organisation_record(pk, self.asker)


def _content_version(record: dict[str, Any]) -> int:
    """A number that changes with what the record says; organisations are too few and too steady for a counter."""
    return zlib.crc32(dump({**record, "kind_label": ""})) % 1_000_000_000


def _with_content_version(record: dict[str, Any], status: int = 200) -> HttpResponse:
    location = reverse("api:organisation", kwargs={"pk": record["id"]}) if status == 201 else ""
    response = answer(record, status, location=location)
    response["ETag"] = etag(_content_version(record))
    return response


def _check_content_version(record: dict[str, Any], version: int | None) -> None:
    current = _content_version(record)
    if version is not None and version != current:
        raise Conflict(_("在您读取之后，别人改动了这个组织。"), current_version=current)


# --- the directory


def _key_today(rows: QuerySet, value: bool, user: User) -> QuerySet:
    listed = KeyListEntry.objects.on(timezone.localdate()).values("enterprise")
    return rows.filter(pk__in=listed) if value else rows.exclude(pk__in=listed)


def _find_enterprise(rows: QuerySet, words: str, user: User) -> QuerySet:
    return rows.filter(
        Q(name__icontains=words)
        | Q(aliases__icontains=words)
        | Q(initials__icontains=words.lower())
        | Q(credit_code__startswith=words.upper())
    )


def enterprise_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = told_one(ENTERPRISE_FACTS, Enterprise.objects.visible_to(asker.user).filter(pk=pk), asker)
    enterprise = Enterprise(pk=pk)
    entries = enterprise.key_entries.order_by("-valid_from", "pk").values_list(*KEY_ENTRIES.columns)
    contacts = enterprise.contacts.order_by("-is_main", "pk").values_list(*CONTACTS.columns)
    record["key_entries"] = KEY_ENTRIES.told(entries, asker)
    record["contacts"] = CONTACTS.told(contacts, asker)
    return record


class EnterpriseList(Listing):
    tag, name = TAG_DIRECTORY, "enterprises"
    summaries: ClassVar = {"GET": _("企业名录，按拼音"), "POST": _("登记一家企业")}
    forms: ClassVar = {"POST": forms.EnterpriseForm}
    answers: ClassVar = {"GET": page_of(EnterpriseRow), "POST": {201: EnterpriseRecord}}
    model = Enterprise
    reader = ENTERPRISE_ROWS
    order = Order("pinyin", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.key("town"),
        filters.choice("status", EnterpriseStatus),
        filters.choice("industry", Industry),
        filters.choice("size_class", SizeClass),
        filters.flag("key", _key_today, _("今天在重点企业名单上")),
        filters.column_flag("new_employment"),
        filters.column_flag("reform_pilot"),
        filters.text("q", _find_enterprise, _("名称、别名、拼音首字母或信用代码开头")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        user: User = request.user
        fields = self.read_form(forms.EnterpriseForm)
        made = create_enterprise(district=_district_for(user, fields.get("town")), by=user, **fields)
        location = reverse("api:enterprise", kwargs={"pk": made.pk})
        return answer(enterprise_record(made.pk, self.asker), 201, location=location)


def _district_for(user: User, town: Organisation | None) -> Organisation:
    """The district of the town, or the one in which the person works."""
    if town is not None and town.district is not None:
        return town.district
    try:
        (district,) = Organisation.objects.filter(pk__in=user.scope.directory_of)
    except ValueError as error:
        raise ActionError(_("请选择镇街。"), field="town") from error
    return district


class EnterpriseDetail(Endpoint):
    tag, name = TAG_DIRECTORY, "enterprise"
    summaries: ClassVar = {"GET": _("一家企业，连同联系人和重点名单时段"), "PATCH": _("更正一家企业；旧名留作别名")}
    forms: ClassVar = {"PATCH": forms.EnterpriseFacts}
    answers: ClassVar = {"GET": EnterpriseRecord, "PATCH": EnterpriseRecord}
    versioned: ClassVar = {"PATCH": True}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(enterprise_record(pk, self.asker))

    def patch(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        enterprise = find(Enterprise.objects.visible_to(user), pk)
        version = self.version()
        edit_enterprise(enterprise, by=user, version=version, **self.read_form(forms.EnterpriseFacts, partial=True))
        return answer(enterprise_record(pk, self.asker))


class Deed(NamedTuple):
    """What may be done to an enterprise beside correcting it."""

    label: Any
    form: type[Form]
    action: Callable[..., Any]
    looks: bool = False


ENTERPRISE_DEEDS: dict[str, Deed] = {
    "confirm": Deed(_("核实现场先记的企业"), forms.ConfirmEnterpriseForm, actions.confirm_enterprise, looks=True),
    "close": Deed(_("登记停业"), forms.OnForm, actions.close_enterprise, looks=True),
    "reopen": Deed(_("恢复在业"), NoForm, actions.reopen_enterprise, looks=True),
    "merge": Deed(_("把重复的一家并入这一家"), forms.MergeEnterpriseForm, actions.merge_enterprises, looks=True),
    "enter_key_list": Deed(_("列入重点企业名单"), forms.OnForm, actions.enter_key_list),
    "leave_key_list": Deed(_("移出重点企业名单"), forms.OnForm, actions.leave_key_list),
    "add_contact": Deed(_("登记联系人"), forms.ContactForm, actions.add_contact),
}


class EnterpriseAct(Act):
    tag, name, record = TAG_DIRECTORY, "enterprise_do", EnterpriseRecord

    def things(self, user: User) -> QuerySet:
        return Enterprise.objects.visible_to(user)

    def act(self, thing: Enterprise, **fields: Any) -> Any:
        return ENTERPRISE_DEEDS[self.verb].action(thing, **fields)

    def told(self, pk: uuid.UUID) -> dict[str, Any]:
        return enterprise_record(pk, self.asker)


class ContactDetail(Endpoint):
    tag, name = TAG_DIRECTORY, "contact"
    summaries: ClassVar = {"PATCH": _("更正联系人"), "DELETE": _("删除联系人；号码不再保留")}
    forms: ClassVar = {"PATCH": forms.ContactForm}
    versioned: ClassVar = {"PATCH": True}
    answers: ClassVar = {"PATCH": EnterpriseRecord, "DELETE": {204: None}}

    def patch(self, request: Request, pk: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
        self.no_query()
        found, version = self._find(pk, contact), self.version()
        fields = self.read_form(forms.ContactForm, partial=True)
        row = actions.edit_contact(found, by=request.user, version=version, **fields)  # type: ignore[arg-type]
        response = answer(enterprise_record(pk, self.asker))
        # The answer is the whole enterprise, but what was asked for is the contact.
        response["ETag"] = etag(row.version)
        return response

    def delete(self, request: Request, pk: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
        self.no_query()
        actions.remove_contact(self._find(pk, contact), by=request.user)  # type: ignore[arg-type]
        return HttpResponse(status=204)

    def _find(self, pk: uuid.UUID, contact: uuid.UUID) -> Contact:
        enterprise = find(Enterprise.objects.visible_to(self.request.user), pk)  # type: ignore[arg-type]
        found: Contact = find(enterprise.contacts.select_related("enterprise"), contact)
        return found


def person_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    return told_one(PERSON_FACTS, Person.objects.visible_to(asker.user).filter(pk=pk), asker)


def _find_person(rows: QuerySet, words: str, user: User) -> QuerySet:
    return rows.filter(Q(name__icontains=words) | Q(initials=words.lower()))


class PersonList(Listing):
    tag, name = TAG_DIRECTORY, "people"
    summaries: ClassVar = {"GET": _("职工，按拼音；姓名和号码都已打码"), "POST": _("登记一名职工；先查有没有这个人")}
    forms: ClassVar = {"POST": forms.PersonFacts}
    answers: ClassVar = {"GET": page_of(PersonRow), "POST": {201: PersonRecord}}
    model = Person
    reader = PERSON_ROWS
    order = Order("pinyin", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.key("town"),
        filters.long_key("enterprise"),
        filters.column_flag("new_employment"),
        filters.text("q", _find_person, _("姓名或首字母")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        user: User = request.user
        fields = self.read_form(forms.PersonFacts)
        made = create_person(district=_district_for(user, fields.get("town")), by=user, **fields)
        location = reverse("api:person", kwargs={"pk": made.pk})
        return answer(person_record(made.pk, self.asker), 201, location=location)


class PersonDetail(Endpoint):
    tag, name = TAG_DIRECTORY, "person"
    summaries: ClassVar = {"GET": _("一名职工"), "PATCH": _("更正一名职工")}
    forms: ClassVar = {"PATCH": forms.PersonFacts}
    answers: ClassVar = {"GET": PersonRecord, "PATCH": PersonRecord}
    versioned: ClassVar = {"PATCH": True}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(person_record(pk, self.asker))

    def patch(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        user: User = request.user
        person = find(Person.objects.visible_to(user), pk)
        version = self.version()
        edit_person(person, by=user, version=version, **self.read_form(forms.PersonFacts, partial=True))
        return answer(person_record(pk, self.asker))


# --- postings


def _on(rows: QuerySet, value: datetime.date, user: User) -> QuerySet:
    return rows.on(value)  # type: ignore[attr-defined]


def posting_record(pk: int, asker: Asker) -> dict[str, Any]:
    return told_one(POSTING_ROWS, Posting.objects.visible_to(asker.user).filter(pk=pk), asker)


class PostingList(Listing):
    tag, name = TAG_ORGANISATIONS, "postings"
    summaries: ClassVar = {"GET": _("驻联与任职，新的在前"), "POST": _("登记一段任职；权限从下一次请求起随之而变")}
    forms: ClassVar = {"POST": forms.PostingForm}
    answers: ClassVar = {"GET": page_of(PostingRow), "POST": {201: PostingRow}}
    model = Posting
    reader = POSTING_ROWS
    order = Order("valid_from", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.key("user"),
        filters.key("organisation"),
        filters.choice("role", Role),
        Filter("on", filters.read_day, _on, {"type": "string", "format": "date"}, _("那一天有效")),
    ]

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        fields = self.read_form(forms.PostingForm)
        made = post(fields.pop("user"), by=request.user, **fields)  # type: ignore[arg-type]
        location = reverse("api:posting", kwargs={"pk": made.pk})
        return answer(posting_record(made.pk, self.asker), 201, location=location)


class PostingDetail(Endpoint):
    tag, name = TAG_ORGANISATIONS, "posting"
    summaries: ClassVar = {"GET": _("一段任职")}
    answers: ClassVar = {"GET": PostingRow}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        return answer(posting_record(pk, self.asker))


class PostingEnd(Act):
    tag, name, verb = TAG_ORGANISATIONS, "posting", "end"
    label, form, record = _("结束一段任职，写明最后一天"), forms.OnForm, PostingRow

    def things(self, user: User) -> QuerySet:
        return Posting.objects.visible_to(user)

    def act(self, thing: Posting, **fields: Any) -> Any:
        return end_posting(thing, **fields)

    def told(self, pk: int) -> dict[str, Any]:
        return posting_record(pk, self.asker)
