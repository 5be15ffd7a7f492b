"""Errors of the API as problem+json (RFC 9457): what happened, in which field, and what to do next."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelError
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.settings import api_settings

from ..errors import ActionError, Conflict, InvalidTransition, NotAllowed, TooMany
from .masking import masked
from .payloads import CONTENT_TYPE_PROBLEM, dump

log = logging.getLogger("django.request")

KIND = "urn:unionops:problem:{}"
RETRY_SECONDS = 2


class PreconditionRequired(exceptions.APIException):
    """A change was sent without saying which version it was made on."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version-required"


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too-large"


class Locked(exceptions.APIException):
    """Too many wrong passwords."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "locked"


def problem(
    status_code: int,
    kind: str,
    detail: str,
    *,
    errors: Iterable[Mapping[str, str]] = (),
    next_step: str = "",
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    body: dict[str, Any] = {
        "type": KIND.format(kind),
        "title": titles().get(kind) or _("请求没有完成"),
        "status": status_code,
        "detail": detail,
        "errors": list(errors),
        "next_step": next_step,
        **more,
    }
    return HttpResponse(dump(body), status=status_code, content_type=CONTENT_TYPE_PROBLEM, headers=headers)


def titles() -> dict[str, str]:
    return {
        "invalid": _("内容有误"),
        "parse_error": _("内容读不出来"),
        "not_authenticated": _("没有登录"),
        "authentication_failed": _("登录无效"),
        "permission_denied": _("没有权限"),
        "not_found": _("没有找到"),
        "method_not_allowed": _("不支持这种方法"),
        "not_acceptable": _("只提供 JSON"),
        "unsupported_media_type": _("不接受这种内容类型"),
        "not-allowed": _("没有权限"),
        "wrong-state": _("现在不能这样做"),
        "version-conflict": _("别人先改了"),
        "version-required": _("请写明所改的版本"),
        "key-reused": _("幂等键用过了"),
        "refused": _("不能这样做"),
        "too-large": _("内容太大"),
        "locked": _("登录暂时锁定"),
        "too-many": _("次数太多"),
        "unavailable": _("服务暂时不可用"),
        "failed": _("服务器出错"),
    }


def answer_exception(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """Map whatever a view raised; what nobody expected is logged, told to Django and answered without its inside."""
    answer = problem_of(error)
    if answer is not None:
        return answer
    request = getattr(context.get("request"), "_request", None)
    log.error("%s", getattr(request, "path", ""), exc_info=error, extra={"status_code": 500, "request": request})
    got_request_exception.send(sender=None, request=request)
    answer = failed()
    # Django logs answers of 500 once more unless it is told.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def failed() -> HttpResponse:
    return problem(
        500,
        "failed",
        _("服务器出了意外的错误，这次没有保存。"),
        next_step=_("请稍后再试；仍不行，请联系管理员并说明时间。"),
    )


def unavailable() -> HttpResponse:
    return problem(
        503,
        "unavailable",
        _("数据库正忙或正在恢复，这次没有保存。"),
        next_step=_("请稍后用同一个幂等键再发一次。"),
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


def problem_of(error: BaseException) -> HttpResponse | None:
    match error:
        case ActionError():
            return _of_action(error)
        case Http404():
            return problem_of(exceptions.NotFound())
        case PermissionDenied():
            return problem_of(exceptions.PermissionDenied())
        case exceptions.APIException():
            return _of_framework(error)
        case ModelError():
            return problem(400, "invalid", _("请改正下列内容。"), errors=list(_flat(_plain(error))))
        case OperationalError() | InterfaceError():
            return unavailable()
        case IntegrityError():
            return problem(409, "refused", _("和已有的数据冲突，没有保存。"), next_step=_("请重新读取后再试。"))
        case DataError():
            return problem(422, "refused", _("有一项内容超出了可以保存的范围，没有保存。"))
        case RequestDataTooBig():
            return problem(413, "too-large", _("内容太大，没有读取。"))
        case SuspiciousOperation():
            return problem(400, "parse_error", _("请求不完整或不合规范。"))
    return None


def _of_action(error: ActionError) -> HttpResponse:
    kind = "refused"
    more: dict[str, Any] = {}
    next_step = str(error.next_step)
    match error:
        case Conflict():
            kind = "version-conflict"
            changes = [{**change, "data": masked(str(change["verb"]), change["data"])} for change in error.changes]
            more = {"current_version": error.current_version, "changes": changes}
            next_step = next_step or _("请看 changes 里改了什么，再用新的版本号提交。")
        case InvalidTransition():
            kind = "wrong-state"
            next_step = next_step or _("请重新读取；allowed 里是现在可以走的步骤。")
        case NotAllowed():
            kind = "not-allowed"
        case TooMany():
            kind = "too-many"
    reason = str(error.reason)
    errors = [{"field": error.field, "reason": reason}] if error.field else []
    return problem(error.status, kind, reason, errors=errors, next_step=next_step, **more)


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    headers: dict[str, str] = {}
    if auth_header := getattr(error, "auth_header", ""):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.ValidationError):
        return problem(400, "invalid", _("请改正下列内容。"), errors=list(_flat(error.detail)), headers=headers)
    next_step = str(getattr(error, "next_step", ""))
    if isinstance(error, exceptions.NotAuthenticated):
        next_step = _("请先取令牌：POST /api/v1/token/，再带上 Authorization: Bearer <令牌>。")
    return problem(error.status_code, str(error.default_code), str(error.detail), next_step=next_step, headers=headers)


def _plain(error: ModelError) -> Any:
    return error.message_dict if hasattr(error, "error_dict") else {api_settings.NON_FIELD_ERRORS_KEY: error.messages}


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """Name each wrong field by its path: issues.0.title."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            here = path if name == api_settings.NON_FIELD_ERRORS_KEY else f"{path}.{name}".lstrip(".")
            yield from _flat(inner, here)
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            # A list of texts are the reasons of one field; a list of mappings are the items of one.
            yield from _flat(inner, f"{path}.{place}".lstrip(".") if isinstance(inner, Mapping) else path)
    else:
        yield {"field": path, "reason": str(detail)}


def as_problem(response: HttpResponse) -> HttpResponse:
    """Say an error page of Django as a problem, so that no client of the API has to read HTML."""
    match response.status_code:
        case 404:
            return problem_of(Http404()) or response
        case 403:
            return problem_of(PermissionDenied()) or response
        case 413:
            return problem(413, "too-large", _("内容太大，没有读取。"))
        case 503:
            return unavailable()
        case code if code >= 500:
            return failed()
    return problem(response.status_code, "parse_error", _("请求不完整或不合规范。"))
