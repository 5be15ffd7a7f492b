"""The draft of a form, which the device keeps until the server has said that it arrived.

Every form in which somebody types has one, on a signed-in page and behind a telephone at the public counter; the script that keeps it sends its name along. An answer
says that it has arrived in a header, for the script that sent the form, and in a cookie that the scripts of any later page
read and drop: whoever leaves the next page before its scripts have run finds no old text in the next empty form.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

FIELD = "_draft"
HEADER = "X-Draft-Done"
COOKIE = "drafts_done"
KEPT_SECONDS = 30 * 24 * 3600
# More than a person sends without one page whose scripts run; a cookie has room for 4,096 characters.
MOST = 20
BETWEEN = "|"
# What the script makes of an address or a name, and a cookie holds without quotes.
_NAME = re.compile(r"[\w.:~-]{1,200}", re.ASCII)


def tell_device(get_response: Handler) -> Handler:
    """Say that the form which was sent has arrived, and repeat it in a cookie until a script has read it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if draft := _arrived(request, response):
            response[HEADER] = draft
            before = [key for key in request.COOKIES.get(COOKIE, "").split(BETWEEN) if key and key != draft]
            response.set_cookie(
                COOKIE, BETWEEN.join([*before, draft][-MOST:]), max_age=KEPT_SECONDS, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    return middleware


def _arrived(request: HttpRequest, response: HttpResponse) -> str:
    """The draft of a form that did what it asked; whoever was sent to sign in, or to choose a password, has done nothing."""
    if request.method != "POST" or response.status_code >= 400 or getattr(response, "is_refused_form", False):
        return ""
    if not getattr(response, "is_from_visitor", False) and not _is_signed_in(request):
        return ""
    draft = request.POST.get(FIELD, "")
    return draft if _NAME.fullmatch(draft) else ""


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not request.user.must_change_password
