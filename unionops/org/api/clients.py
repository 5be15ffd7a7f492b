"""Who calls: a token, a session, or in demo mode a password. Known before the view, so that a repeated write is too."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from unionops.prepared import Statement, gap

from ..models import User
from ..models.accounts import find_with_scope
from .problems import Locked, TooLarge, as_problem, problem_of, unavailable

Handler = Callable[[HttpRequest], HttpResponse]

PREFIX = "/api/"
SCHEMES = 'Bearer realm="UnionOps"'
MIB = 1024 * 1024
# A file has its own limit; this is what a request may hold at most before anybody reads it.
MOST_BYTES_JSON = 2 * MIB
MOST_BYTES_FILES = 25 * MIB


def know_clients(get_response: Handler) -> Handler:
    """The door of the API: bounds the body, names the caller, and lets no HTML error out.

    It stands before the middleware of idempotency keys, which needs to know whose key it is.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        try:
            _bound(request)
            _name_caller(request)
        except (OperationalError, InterfaceError):
            return unavailable()
        except APIException as error:
            error.auth_header = SCHEMES if isinstance(error, AuthenticationFailed) else ""  # type: ignore[attr-defined]
            return problem_of(error) or as_problem(HttpResponse(status=error.status_code))
        response = get_response(request)
        if response.status_code >= 400 and response.get("Content-Type", "").startswith("text/html"):
            return as_problem(response)
        return response

    return middleware


def _bound(request: HttpRequest) -> None:
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    most = MOST_BYTES_FILES if request.content_type == "multipart/form-data" else MOST_BYTES_JSON
    if length > most:
        raise TooLarge(_("请求有 %(size)d MB，最多 %(most)d MB。") % {"size": length // MIB, "most": most // MIB})


def _name_caller(request: HttpRequest) -> None:
    scheme, _blank, credentials = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    match scheme.lower():
        case "bearer" | "token":
            user, token = _by_token(credentials.strip())
        case "basic" if settings.UNIONOPS_DEMO:
            user, token = _by_password(request, credentials.strip()), "basic"
        case "":
            return
        case _:
            raise AuthenticationFailed(_("不支持这种登录方式。"))
    request.user = user
    request.api_client = token  # type: ignore[attr-defined]


_token = Statement(lambda: AuthToken.objects.filter(pk=gap("digest")).order_by().values_list("user", "expiry"))


def _by_token(token: str) -> tuple[User, object]:
    """The owner of a token, with the rights of today. One that has expired is gone once it was shown."""
    digest = hash_token(token)
    for owner, expiry in _token.read(digest=digest):
        found = AuthToken(digest=digest)
        if expiry is not None and expiry < timezone.now():
            found.delete()
        elif user := find_with_scope(owner):
            return user, found
    raise AuthenticationFailed(_("令牌无效或已过期。"))


def _by_password(request: HttpRequest, credentials: str) -> User:
    try:
        username, _colon, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise AuthenticationFailed(_("登录名或密码不对。")) from error
    return check_password(request, username, password)


def check_password(request: HttpRequest, username: str, password: str) -> User:
    """Return the person, or raise: wrong password, or locked after too many (axes counts by name and address)."""
    if "\0" in username + password or len(username) > 150 or len(password) > 128:
        raise AuthenticationFailed(_("登录名或密码不对。"))
    user = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        # axes would answer in its own words.
        request.axes_locked_out = False  # type: ignore[attr-defined]
        raise Locked(_("输错次数太多，暂时锁定。请 15 分钟后再试，或请管理员解锁。"))
    if not isinstance(user, User):
        raise AuthenticationFailed(_("登录名或密码不对。"))
    return user


class KnownClient(BaseAuthentication):
    """Takes over whom the door has named; a session must bring its CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, object] | None:
        raw = request._request
        client = getattr(raw, "api_client", None)
        if client is None:
            if not raw.user.is_authenticated:
                return None
            SessionAuthentication().enforce_csrf(request)
        user = raw.user
        assert user.is_authenticated
        if user.must_change_password:
            raise PermissionDenied(_("请先在网页上改密码，再用接口。"))
        return user, client

    def authenticate_header(self, request: Request) -> str:
        return SCHEMES


class KnownClientScheme(OpenApiAuthenticationExtension):
    target_class = KnownClient
    name = ["token", "session", *(["password"] if settings.UNIONOPS_DEMO else [])]

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        schemes = [
            {"type": "http", "scheme": "bearer", "description": _("POST /api/v1/token/ 给的令牌。")},
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        ]
        if settings.UNIONOPS_DEMO:
            schemes.append({"type": "http", "scheme": "basic", "description": _("只在演示模式。")})
        return schemes
