"""The base of every endpoint: who asks, what is read, which version, and how a page of a list follows the last."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import orjson
from django.core.exceptions import ValidationError as ModelError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..models import User
from .clients import KnownClient
from .fields import Form, NoForm
from .filters import Asked, Filter, read_query
from .payloads import CONTENT_TYPE, LeanParser, LeanRenderer, OnlyJson, dump
from .problems import PreconditionRequired, answer_exception
from .records import Asker, Reader, asker_of
from .schema import HouseSchema

PAGE_ROWS = 50
MOST_ROWS = 200
# Counting stops here: it tells a person as much, at no cost.
MOST_COUNTED = 1000
LIST_OPTIONS = frozenset({"after", "limit", "count"})
ANY_VERSION = "*"
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class VersionMissing(PreconditionRequired):
    def __init__(self) -> None:
        super().__init__(_("修改要带 If-Match，写明改的是哪个版本。"))
        self.next_step = _("请先读取这一项，把回答里的 ETag 原样放进 If-Match 再提交。")


class Endpoint(APIView):
    schema = HouseSchema()
    authentication_classes = [KnownClient]
    permission_classes = [IsAuthenticated]
    parser_classes = [LeanParser]
    renderer_classes = [LeanRenderer]
    content_negotiation_class = OnlyJson

    # What OpenAPI says of each method; schema.py reads these.
    tag: ClassVar[str] = ""
    name: ClassVar[str] = ""
    summaries: ClassVar[Mapping[str, Any]] = {}
    forms: ClassVar[Mapping[str, Any]] = {}
    answers: ClassVar[Mapping[str, Any]] = {}
    # Methods that honour If-Match, and whether they insist on it.
    versioned: ClassVar[Mapping[str, bool]] = {}
    keyed: ClassVar[bool] = True

    VERBS: ClassVar[Mapping[str, str]] = {
        "GET": "read", "POST": "create", "PATCH": "update", "DELETE": "remove",
    }  # fmt: skip

    def operation_id(self, method: str) -> str:
        return f"{self.name}_{self.VERBS[method]}"

    def parameters(self, method: str) -> Iterable[OpenApiParameter]:
        return ()

    def media_types(self, method: str) -> Sequence[str]:
        return [CONTENT_TYPE]

    def get_exception_handler(self) -> Any:
        return answer_exception

    @property
    def asker(self) -> Asker:
        return asker_of(self.request.user)  # type: ignore[arg-type]

    def read_form(self, form: type[Form], *, partial: bool = False) -> Any:
        """Return what was sent, checked and typed; nothing sent is an empty object."""
        data = self.request.data
        if isinstance(data, QueryDict):
            data = {}
        read = form(data=data, partial=partial, context={"user": self.request.user, "found": {}})
        read.is_valid(raise_exception=True)
        return read.validated_data

    def no_query(self, known: frozenset[str] = frozenset()) -> dict[str, str]:
        return read_query(self.request.GET, (), known).options

    def version(self) -> int | None:
        """Return the version that If-Match names; None is any."""
        header = self.request.META.get("HTTP_IF_MATCH", "").strip()
        if not header:
            if self.versioned.get(self.request.method or ""):
                raise VersionMissing
            return None
        if header == ANY_VERSION:
            return None
        found = _ETAG.fullmatch(header)
        if found is None:
            raise ParseError(_('If-Match 应为一个版本，写作 "3"。'))
        return int(found[1])


def etag(version: int) -> str:
    return f'"{version}"'


def answer(record: Any, status: int = 200, *, location: str = "") -> HttpResponse:
    """The record as JSON; its version is its ETag."""
    response = HttpResponse(dump(record), status=status, content_type=CONTENT_TYPE)
    if isinstance(record, dict) and "version" in record:
        response["ETag"] = etag(record["version"])
    if location:
        response["Location"] = location
    return response


def nothing() -> Response:
    return Response(status=204)


def find(rows: QuerySet, pk: object) -> Any:
    """Return the thing if it exists for the asker; the caller has narrowed the rows by `visible_to`."""
    found: Model | None = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def told_one(reader: Reader, rows: QuerySet, asker: Asker) -> dict[str, Any]:
    """Return the record of the only row; the caller has narrowed the rows to what exists for the asker."""
    record = reader.one(rows, asker)
    if record is None:
        raise Http404
    return record


class Detail(Endpoint):
    """One thing by its key, as it exists for the asker."""

    model: ClassVar[type[Model]]
    reader: ClassVar[Reader]

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        """Narrow the rows to what exists for the person."""
        return rows.visible_to(user)  # type: ignore[attr-defined]

    def get(self, request: Request, pk: Any) -> HttpResponse:
        self.no_query()
        return answer(self.told(pk))

    def told(self, pk: Any) -> dict[str, Any]:
        rows = self.seen(self.model._default_manager.filter(pk=pk), self.asker.user)
        return told_one(self.reader, rows, self.asker)


class Act(Endpoint):
    """One POST on a thing that ends in one action and answers the thing as it then is."""

    verb: str = ""
    label: Any = ""
    form: type[Form] = NoForm
    # The action looks at the version when one is named.
    looks: bool = False
    record: ClassVar[type[serializers.Serializer]]

    @property
    def forms(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": self.form}

    @property
    def answers(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": self.record}

    @property
    def summaries(self) -> dict[str, Any]:  # type: ignore[override]
        return {"POST": self.label}

    @property
    def versioned(self) -> dict[str, bool]:  # type: ignore[override]
        return {"POST": False} if self.looks else {}

    def operation_id(self, method: str) -> str:
        return f"{self.name}_{self.verb}"

    def post(self, request: Request, pk: Any) -> HttpResponse:
        self.no_query()
        user: User = request.user
        thing = find(self.things(user), pk)
        version = {"version": self.version()} if self.looks else {}
        self.act(thing, by=user, **version, **self.read_form(self.form))
        return answer(self.told(pk))

    def things(self, user: User) -> QuerySet:
        raise NotImplementedError

    def act(self, thing: Any, **fields: Any) -> Any:
        raise NotImplementedError

    def told(self, pk: Any) -> dict[str, Any]:
        raise NotImplementedError


class Order(NamedTuple):
    column: str
    descending: bool
    key: str = "id"


class Listing(Endpoint):
    """A list by key, not by offset: the thousandth page costs what the first costs."""

    model: ClassVar[type[Model]]
    reader: ClassVar[Reader]
    order: ClassVar[Order]
    filters: ClassVar[Sequence[Filter]] = ()

    def seen(self, rows: QuerySet, user: User) -> QuerySet:
        """Narrow the rows to what exists for the person."""
        return rows.visible_to(user)  # type: ignore[attr-defined]

    def operation_id(self, method: str) -> str:
        return f"{self.name}_list" if method == "GET" else super().operation_id(method)

    def parameters(self, method: str) -> Iterable[OpenApiParameter]:
        if method != "GET":
            return ()
        return [
            *(one.parameter() for one in self.filters),
            OpenApiParameter("after", {"type": "string", "maxLength": 400}, description="上一页 next 里的位置。"),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": PAGE_ROWS}),
            OpenApiParameter("count", {"type": "boolean"}, description=f"也数一数有多少（数到 {MOST_COUNTED} 为止）。"),
        ]

    def get(self, request: Request, **places: Any) -> HttpResponse:
        asked = read_query(request.GET, self.filters, LIST_OPTIONS)
        user: User = request.user
        rows = self.seen(self.reader.over(self.model), user, **places)
        for one, value in asked.filters:
            rows = one.apply(rows, value, user)
        return answer(self.page(rows, asked))

    def page(self, rows: QuerySet, asked: Asked) -> dict[str, Any]:
        limit = _limit(asked.options.get("limit"))
        wanted = rows
        if "after" in asked.options:
            wanted = _beyond(rows, self.order, asked.options["after"])
        sign = "-" if self.order.descending else ""
        wanted = wanted.order_by(f"{sign}{self.order.column}", f"{sign}{self.order.key}")
        found = list(wanted[: limit + 1])
        page: dict[str, Any] = {
            "results": self.reader.told(found[:limit], self.asker),
            "next": self._next(found[limit - 1]) if len(found) > limit else None,
        }
        if _flag(asked.options.get("count")):
            count = rows.order_by().values(self.order.key)[: MOST_COUNTED + 1].count()
            page |= {"count": min(count, MOST_COUNTED), "count_is_capped": count > MOST_COUNTED}
        return page

    def _next(self, row: Sequence[Any]) -> str:
        query = self.request.GET.copy()
        query["after"] = _encode(row[0], row[1])
        return f"{self.request.path}?{query.urlencode()}"


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE_ROWS
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST_ROWS):
        raise ValidationError({"limit": [_("应为 1 到 %(most)d。") % {"most": MOST_ROWS}]})
    return int(text)


def _flag(text: str | None) -> bool:
    if text not in (None, "true", "false"):
        raise ValidationError({"count": [_("应为 true 或 false。")]})
    return text == "true"


def _encode(key: Any, value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([key, value])).decode().rstrip("=")


def _beyond(rows: QuerySet, order: Order, after: str) -> QuerySet:
    """Rows after a place; the bound lets the index begin there."""
    try:
        if len(after) > 800 or "\0" in after:
            raise ValueError
        key, value = orjson.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if not isinstance(value, str | int) or not isinstance(key, str | int):
            raise ValueError  # noqa: TRY004 -- answered with the ones above and below
        side = "lt" if order.descending else "gt"
        later = Q(**{f"{order.column}__{side}": value}) | Q(**{order.column: value, f"{order.key}__{side}": key})
        return rows.filter(Q(**{f"{order.column}__{side}e": value}) & later)
    except (ValueError, TypeError, binascii.Error, ModelError) as error:
        raise ValidationError({"after": [_("不是这里给出的位置，请从第一页开始。")]}) from error


@lru_cache(maxsize=128)
def page_of(record: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The documented shape of a list of records."""
    return type(
        f"{record.__name__}Page",
        (serializers.Serializer,),
        {
            "results": record(many=True),
            "next": serializers.CharField(allow_null=True),
            "count": serializers.IntegerField(required=False),
            "count_is_capped": serializers.BooleanField(required=False),
        },
    )
