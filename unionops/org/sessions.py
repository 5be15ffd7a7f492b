"""How long a session lives, and what a person who is not signed in, or must change the password, may reach."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

Handler = Callable[[HttpRequest], HttpResponse]

SEEN = "seen_at"
# The session is written at most so often to remember that somebody is there.
SEEN_STEP = datetime.timedelta(minutes=1)
NEXT = "next"
API = "/api/"
# Reached with a one-time password; everything else waits for the new one.
BEFORE_NEW_PASSWORD = frozenset({"org:password", "org:sign_out", "org:language", "org:sign_in"})


def begin_session(request: HttpRequest, now: datetime.datetime | None = None) -> None:
    """The session ends twelve hours after signing in, whatever is done in it."""
    now = now or timezone.now()
    request.session.set_expiry(now + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session[SEEN] = now.isoformat()


def end_idle_sessions(get_response: Handler) -> Handler:
    """Sign out who has been away for longer than the office allows; the page asked for is found again afterwards."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            _look_at_the_clock(request)
        return get_response(request)

    return middleware


def _look_at_the_clock(request: HttpRequest) -> None:
    now = timezone.now()
    seen = parse_datetime(request.session.get(SEEN, "")) or now
    if now - seen > datetime.timedelta(seconds=settings.UNIONOPS_IDLE_SECONDS):
        logout(request)
        if not request.path.startswith(API):
            messages.info(request, _("您离开了一段时间，请重新登录，再接着办。"))
    elif now - seen > SEEN_STEP or SEEN not in request.session:
        request.session[SEEN] = now.isoformat()


class SignInRequired(LoginRequiredMiddleware):
    """Send people to the sign-in page and from there back to the page that they were on, also from a part of a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponse:  # type: ignore[override]
        address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({NEXT: page_of(request)})}"
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)


def page_of(request: HttpRequest) -> str:
    """The page in the browser's window: of a part or a sent form, the one that holds it."""
    if request.htmx:  # type: ignore[attr-defined]
        return path_of(request, request.htmx.current_url or "")  # type: ignore[attr-defined]
    if request.method not in ("GET", "HEAD"):
        return path_of(request, request.headers.get("Referer", ""))
    return request.get_full_path()


def path_of(request: HttpRequest, address: str) -> str:
    """Return path and query of one of our own addresses, else home: nobody is sent elsewhere (trust 20)."""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(address)
        path = parts._replace(scheme="", netloc="", fragment="").geturl()
        if path.startswith("/") and not path.startswith("//"):
            return path
    return reverse(settings.LOGIN_REDIRECT_URL)


def require_new_password(get_response: Handler) -> Handler:
    """Whoever signed in with a one-time password chooses their own before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view_func: object, view_args: object, view_kwargs: object
    ) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated or not user.must_change_password or request.path.startswith(API):
            return None
        if request.resolver_match is None or request.resolver_match.view_name in BEFORE_NEW_PASSWORD:
            return None
        if not getattr(view_func, "login_required", True):
            return None
        address = f"{reverse('org:password')}?{urlencode({NEXT: page_of(request)})}"
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware
