"""Where the expected failures of actions become answers for people; the API has its own place (unionops/api.py)."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from unionops.org.api.problems import problem
from unionops.org.errors import ActionError, Conflict
from unionops.org.sessions import path_of

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]
API = "/api/"
RETRY_SECONDS = "5"


def explain_refusals(get_response: Handler) -> Handler:
    """Answer a refused action with its reason and next step, and a busy database with «try again»; nothing typed is lost."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # A form that was refused leaves its address behind; who opens it again is not left before a blank page.
        if response.status_code == 405 and request.method == "GET" and not wants_data(request):
            told = page(
                request,
                405,
                reason=_("这个地址只收提交的内容，不能直接打开。"),
                next_step=_("请返回上一页，或者从工作台进去。"),
            )
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith(API):
            return None
        match error:
            case Conflict():
                return refusal(request, 409, error)
            case ActionError():
                return refusal(request, error.status, error)
            case OperationalError():
                log.warning("database busy or away: %s", type(error.__cause__).__name__)
                response = page(request, 503)
                response["Retry-After"] = RETRY_SECONDS
                return response
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


def wants_data(request: HttpRequest) -> bool:
    """A program, or a phone's outbox, which shows the reason beside what it keeps."""
    return request.path.startswith(API) or request.headers.get("Accept", "").startswith("application/json")


def refusal(request: HttpRequest, status: int, error: ActionError) -> HttpResponse:
    return page(request, status, reason=str(error.reason), next_step=str(error.next_step), error=error)


def page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Draw the page of a status; a part of a page gets a part."""
    template = f"errors/{status if status in (403, 404, 409, 500, 503) else 422}.html"
    back = path_of(request, request.headers.get("Referer", ""))
    shown = {"status": status, "back": back, "reason": "", "next_step": "", "error": None, **context}
    return render(request, template, shown, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403, reason=str(exception) if isinstance(exception, PermissionDenied) else "")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read at all; a phone's outbox and the API read the reason as data."""
    status, reason, next_step = 400, _("送来的内容读不懂。"), _("请刷新页面后再试一次。")
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        status, reason, next_step = (
            413,
            _("送来的文字太长或太多，一次收不下。"),
            _("请删减一些，或把长材料作为文件上传。"),
        )
    if wants_data(request):
        return problem(status, "parse_error" if status == 400 else "too-large", reason, next_step=next_step)
    return page(request, status, reason=reason, next_step=next_step)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(
        request,
        403,
        reason=_("这个页面开得太久，安全标记已经过期。"),
        next_step=_("请返回上一页刷新后再提交，写的内容还在。"),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)
