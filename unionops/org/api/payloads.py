"""JSON in and out, by orjson: strict about what comes in, fast about what goes out."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import orjson
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAcceptable, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

CONTENT_TYPE = "application/json"
CONTENT_TYPE_PROBLEM = "application/problem+json"

Fragment = orjson.Fragment


def _default(value: Any) -> Any:
    match value:
        # A key that was made just now is of a subclass, which orjson does not know.
        case Decimal() | Promise() | Model() | uuid.UUID():
            return str(value)
        case Mapping():
            return dict(value)
        case set() | frozenset():
            return sorted(value)
        case datetime.timedelta():
            return value.total_seconds()
    raise TypeError(type(value).__name__)


def dump(value: Any) -> bytes:
    return orjson.dumps(value, default=_default, option=orjson.OPT_NON_STR_KEYS)


class LeanParser(BaseParser):
    """Refuses NaN, lone surrogates, numbers beyond their type and nesting without end, each with a reason."""

    media_type = CONTENT_TYPE

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise ParseError(
                _("JSON 第 %(line)d 行第 %(column)d 列读不出来。") % {"line": error.lineno, "column": error.colno}
            ) from error


class LeanRenderer(BaseRenderer):
    media_type = CONTENT_TYPE
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else dump(data)


class OnlyJson(DefaultContentNegotiation):
    """There is one way to say things; an Accept header that excludes it is told so."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        accept = request.META.get("HTTP_ACCEPT", "*/*").lower()
        if "json" not in accept and "*/*" not in accept and "application/*" not in accept:
            raise NotAcceptable(_("这里只提供 application/json。"))
        renderer: BaseRenderer = renderers[0]
        return renderer, renderer.media_type
