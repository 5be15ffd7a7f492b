"""Tokens, the organisation tree, the directory and postings over HTTP."""

from __future__ import annotations

import datetime
import uuid
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from ..enums import EnterpriseStatus, Industry, OrganisationKind, Role, SizeClass
from ..models import Enterprise, KeyListEntry, Organisation, Person, Posting, User
from . import filters
from .clients import check_password
from .endpoints import Endpoint, Listing, Order, answer, page_of
from .fields import Form
from .filters import Filter
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
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    def get_authenticators(self) -> list[Any]:
        # Signing in must work with an outdated cookie in the jar.
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    def post(self, request: Request) -> HttpResponse:
        self.no_query()
        form = self.read_form(SignInForm)
        user = check_password(request._request, form["username"], form["password"])
        if user.must_change_password:
            raise PermissionDenied(_("请先在网页上改密码，再用接口。"))
        old = user.auth_token_set.order_by("-created").values_list("pk", flat=True)[MOST_TOKENS - 1 :]
        user.auth_token_set.filter(pk__in=list(old)).delete()
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
        user: User = request.user  # type: ignore[assignment]
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
    record = ORGANISATION_ROWS.one(Organisation.objects.visible_to(asker.user).filter(pk=pk), asker)
    if record is None:
        raise Http404
    return record


def _valid(rows: QuerySet, value: bool, user: User) -> QuerySet:
    valid: QuerySet = rows.valid_on(timezone.localdate())  # type: ignore[attr-defined]
    return valid if value else rows.exclude(pk__in=valid.values("pk"))


def _named(rows: QuerySet, words: str, user: User) -> QuerySet:
    return rows.filter(Q(name__icontains=words) | Q(aliases__icontains=words) | Q(initials__icontains=words.lower()))


class OrganisationList(Listing):
    tag, name = TAG_ORGANISATIONS, "organisations"
    summaries: ClassVar = {"GET": _("组织，按树的次序")}
    answers: ClassVar = {"GET": page_of(OrganisationRow)}
    model = Organisation
    reader = ORGANISATION_ROWS
    order = Order("path", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.choice("kind", OrganisationKind),
        filters.key("parent"),
        filters.flag("valid", _valid, _("今天有效")),
        filters.text("q", _named, _("名称、别名或拼音首字母")),
    ]


class OrganisationDetail(Endpoint):
    tag, name = TAG_ORGANISATIONS, "organisation"
    summaries: ClassVar = {"GET": _("一个组织")}
    answers: ClassVar = {"GET": OrganisationRow}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        return answer(organisation_record(pk, self.asker))


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
    record = ENTERPRISE_FACTS.one(Enterprise.objects.visible_to(asker.user).filter(pk=pk), asker)
    if record is None:
        raise Http404
    enterprise = Enterprise(pk=pk)
    entries = enterprise.key_entries.order_by("-valid_from", "pk").values_list(*KEY_ENTRIES.columns)
    contacts = enterprise.contacts.order_by("-is_main", "pk").values_list(*CONTACTS.columns)
    record["key_entries"] = KEY_ENTRIES.told(entries, asker)
    record["contacts"] = CONTACTS.told(contacts, asker)
    return record


class EnterpriseList(Listing):
    tag, name = TAG_DIRECTORY, "enterprises"
    summaries: ClassVar = {"GET": _("企业名录，按拼音")}
    answers: ClassVar = {"GET": page_of(EnterpriseRow)}
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
        filters.text("q", _find_enterprise, _("名称、别名、拼音首字母或信用代码开头")),
    ]


class EnterpriseDetail(Endpoint):
    tag, name = TAG_DIRECTORY, "enterprise"
    summaries: ClassVar = {"GET": _("一家企业，连同联系人和重点名单时段")}
    answers: ClassVar = {"GET": EnterpriseRecord}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(enterprise_record(pk, self.asker))


def person_record(pk: uuid.UUID, asker: Asker) -> dict[str, Any]:
    record = PERSON_FACTS.one(Person.objects.visible_to(asker.user).filter(pk=pk), asker)
    if record is None:
        raise Http404
    return record


def _find_person(rows: QuerySet, words: str, user: User) -> QuerySet:
    return rows.filter(Q(name__icontains=words) | Q(initials=words.lower()))


class PersonList(Listing):
    tag, name = TAG_DIRECTORY, "people"
    summaries: ClassVar = {"GET": _("职工，按拼音；姓名和号码都已打码")}
    answers: ClassVar = {"GET": page_of(PersonRow)}
    model = Person
    reader = PERSON_ROWS
    order = Order("pinyin", descending=False)
    filters: ClassVar[list[Filter]] = [
        filters.key("town"),
        filters.long_key("enterprise"),
        filters.column_flag("new_employment"),
        filters.text("q", _find_person, _("姓名或首字母")),
    ]


class PersonDetail(Endpoint):
    tag, name = TAG_DIRECTORY, "person"
    summaries: ClassVar = {"GET": _("一名职工")}
    answers: ClassVar = {"GET": PersonRecord}

    def get(self, request: Request, pk: uuid.UUID) -> HttpResponse:
        self.no_query()
        return answer(person_record(pk, self.asker))


# --- postings


def _on(rows: QuerySet, value: datetime.date, user: User) -> QuerySet:
    return rows.on(value)  # type: ignore[attr-defined, no-any-return]


def posting_record(pk: int, asker: Asker) -> dict[str, Any]:
    record = POSTING_ROWS.one(Posting.objects.visible_to(asker.user).filter(pk=pk), asker)
    if record is None:
        raise Http404
    return record


class PostingList(Listing):
    tag, name = TAG_ORGANISATIONS, "postings"
    summaries: ClassVar = {"GET": _("驻联与任职，新的在前")}
    answers: ClassVar = {"GET": page_of(PostingRow)}
    model = Posting
    reader = POSTING_ROWS
    order = Order("valid_from", descending=True)
    filters: ClassVar[list[Filter]] = [
        filters.key("user"),
        filters.key("organisation"),
        filters.choice("role", Role),
        Filter("on", filters.read_day, _on, {"type": "string", "format": "date"}, _("那一天有效")),
    ]


class PostingDetail(Endpoint):
    tag, name = TAG_ORGANISATIONS, "posting"
    summaries: ClassVar = {"GET": _("一段任职")}
    answers: ClassVar = {"GET": PostingRow}

    def get(self, request: Request, pk: int) -> HttpResponse:
        self.no_query()
        return answer(posting_record(pk, self.asker))
