"""Who stands at the public counter: a device, known by a random cookie, and a telephone that was verified.

The visit ends half an hour after the last sign of life, by leaving, and at the latest after twelve hours.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import OneTimeCode

# Since the last request; the cookie holds its time.
LASTS = datetime.timedelta(minutes=30)
# Since the code was shown.
MOST = datetime.timedelta(hours=12)
DEVICE_LASTS = datetime.timedelta(days=60)
SALT = "unionops.counter"


@dataclass(frozen=True)
class Visitor:
    """Somebody whose telephone was verified; nobody's account."""

    code: OneTimeCode

    @property
    def key(self) -> UUID:
        return self.code.pk

    @property
    def phone_hash(self) -> str:
        return self.code.phone_hash

    @property
    def phone_masked(self) -> str:
        return self.code.phone_masked

    @property
    def left(self) -> datetime.timedelta:
        """How long the visit goes on without a sign of life after this one."""
        assert self.code.used_at is not None
        return min(LASTS, self.code.used_at + MOST - timezone.now())

    @property
    def draft_key(self) -> str:
        """What a form half filled in is locked with in the tab: the next person at this device, with another telephone, has another."""
        lock = salted_hmac(f"{SALT}.drafts", f"{self.phone_hash}:{self.code.device}", algorithm="sha256")
        return base64.b64encode(lock.digest()).decode()

    def phone(self) -> str:
        """The number in clear, to be put into what the person hands in."""
        return self.code.open("phone")


def _cookie(name: str) -> str:
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def visitor_of(request: HttpRequest) -> Visitor | None:
    """The visitor of this request; one query, once a request."""
    if not hasattr(request, "_visitor"):
        request._visitor = _read(request)  # type: ignore[attr-defined]
    found: Visitor | None = request._visitor  # type: ignore[attr-defined]
    return found


def _read(request: HttpRequest) -> Visitor | None:
    key = request.get_signed_cookie(_cookie("visitor"), None, salt=SALT, max_age=LASTS)
    if not key:
        return None
    try:
        code = OneTimeCode.objects.filter(
            pk=key, used_at__gt=timezone.now() - MOST, ended_at=None, device=device_of(request)
        ).first()
    except (ValueError, ValidationError):
        return None
    return Visitor(code) if code else None


def let_in(response: HttpResponse, code: OneTimeCode) -> HttpResponse:
    _put(response, "visitor", str(code.pk), LASTS)
    return response


def go_on(request: HttpRequest, response: HttpResponse) -> None:
    """Whoever was let in stays half an hour from now, unless this very answer shows them out."""
    visitor: Visitor | None = getattr(request, "_visitor", None)
    if visitor is not None and _cookie("visitor") not in response.cookies:
        let_in(response, visitor.code)


def let_out(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(_cookie("visitor"), samesite="Lax")
    return response


def device_of(request: HttpRequest) -> str:
    """The digest of the device's random mark; a mark is made for a device that has none, and given to it by `mark_device`."""
    if not hasattr(request, "_device"):
        mark = request.get_signed_cookie(_cookie("device"), None, salt=SALT, max_age=DEVICE_LASTS)
        request._device_is_new = not mark  # type: ignore[attr-defined]
        request._device = mark or secrets.token_urlsafe(24)  # type: ignore[attr-defined]
    return hashlib.sha256(request._device.encode()).hexdigest()  # type: ignore[attr-defined]


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    if getattr(request, "_device_is_new", False):
        _put(response, "device", request._device, DEVICE_LASTS)  # type: ignore[attr-defined]


def _put(response: HttpResponse, name: str, value: str, lasts: datetime.timedelta) -> None:
    response.set_signed_cookie(
        _cookie(name), value, salt=SALT, max_age=lasts, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )  # fmt: skip
