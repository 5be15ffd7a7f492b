"""The draft of a form, which the device keeps until the server has said that it arrived.

An answer says so in a header, for the script that sent the form, and in a cookie that the scripts of any later page
read and drop: whoever leaves the next page before its scripts have run finds no old text in the next empty form.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

HEADER = "X-Draft-Done"
COOKIE = "drafts_done"
KEPT_SECONDS = 30 * 24 * 3600
# More than a person sends without one page whose scripts run; a cookie has room for 4,096 characters.
MOST = 20
BETWEEN = "|"


def draft_done(response: HttpResponse, draft: str) -> HttpResponse:
    """Say that the form with this draft (as its data-unionops-draft) has arrived; without one say nothing."""
    if draft:
        response[HEADER] = draft
    return response


def tell_device(get_response: Handler) -> Handler:
    """Repeat in a cookie which drafts have arrived, until a script has read it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if draft := response.get(HEADER):
            before = [key for key in request.COOKIES.get(COOKIE, "").split(BETWEEN) if key and key != draft]
            response.set_cookie(
                COOKIE, BETWEEN.join([*before, draft][-MOST:]), max_age=KEPT_SECONDS, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    return middleware
