"""What stands around every page of the public counter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from unionops.casework.middleware import FIELD, KEPT_HEADERS, LONGEST_KEY, is_kept, request_hash
from unionops.org.errors import ActionError

from .models import VisitorKey
from .refusals import already_sent, not_here, refused
from .visitors import device_of, go_on, mark_device, visitor_of

View = Callable[..., HttpResponse]


def open_door(view: View) -> View:
    """A page that anybody may open. It answers what is refused in plain words and is kept nowhere."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        device_of(request)
        try:
            response = _once(request, lambda: view(request, *args, **kwargs))
        except ActionError as error:
            response = refused(request, error)
        except Http404:
            response = not_here(request)
        mark_device(request, response)
        go_on(request, response)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        # Django would log the address of what is refused, and an address here may be a secret.
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response

    return login_not_required(door)


def verified_door(view: View) -> View:
    """A page for whoever has shown a telephone: others are led there by way of the code."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
            asked = HttpResponseRedirect(f"{reverse('counter:phone')}?{urlencode({'next': here})}")
            # Nothing was done: the same form under the same key is taken once the telephone was shown.
            asked.is_refused_form = True  # type: ignore[attr-defined]
            return asked
        # The page counts the time, and keeps what is typed for this telephone alone.
        request.counted_visitor = visitor  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        response.is_from_visitor = True  # type: ignore[attr-defined]
        return response

    return open_door(inner)


def way_back(request: HttpRequest, address: str) -> str:
    """One of our own public addresses, else the public home page."""
    home = reverse("counter:home")
    known = url_has_allowed_host_and_scheme(address, None) and address.startswith(home)
    return address if known and not address.startswith("//") and "\\" not in address else home


def _once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """The same form sent again by the same device gets the first answer; people with an account have this already."""
    if request.method != "POST" or request.user.is_authenticated:
        return act()
    key = request.POST.get(FIELD, "")
    if not key or len(key) > LONGEST_KEY:
        return act()
    asked, device = request_hash(request), device_of(request)
    with transaction.atomic():
        claim, is_first = VisitorKey.objects.get_or_create(device=device, key=key, defaults={"request_hash": asked})
        if not is_first:
            return _replayed(claim) if claim.request_hash == asked else already_sent(request)
        response = act()
        if response.streaming or getattr(response, "is_refused_form", False) or not is_kept(response):
            transaction.set_rollback(True)
        elif getattr(response, "is_secret", False):
            claim.delete()
        else:
            claim.status, claim.body = response.status_code, response.content
            claim.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            claim.save()
    return response


def _replayed(claim: VisitorKey) -> HttpResponse:
    response = HttpResponse(bytes(claim.body), status=claim.status or 200)
    for name, value in claim.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    response.is_from_visitor = True  # type: ignore[attr-defined]
    return response
