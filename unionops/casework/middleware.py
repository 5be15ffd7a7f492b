"""Idempotency keys: the same write sent again gets the first answer, and has no second effect (trust 3, 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from unionops.org.events import client_address

from .models import IdempotencyKey

Handler = Callable[[HttpRequest], HttpResponse]

KEPT_HEADERS = ("Content-Type", "Location", "ETag", "HX-Redirect", "HX-Trigger", "X-Draft-Done")
FIELD = "_key"
HEADER = "Idempotency-Key"
LONGEST_KEY = 64
# What a repeated page form may differ in without being another request.
VOLATILE = frozenset({FIELD, "csrfmiddlewaretoken"})


def remember_address(get_response: Handler) -> Handler:
    """Make the address of the client known to the timeline. Forwarded headers are not believed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = client_address.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return get_response(request)
        finally:
            client_address.reset(token)

    return middleware


def replay_repeated_writes(get_response: Handler) -> Handler:
    """Run a keyed write and remember its answer in one transaction.

    A second request with the same key waits on the unique index until the first has committed, then gets its answer.
    Only successes are remembered: a refused form may be corrected and sent again under the same key.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        key = _key_of(request)
        if not key:
            return get_response(request)
        if len(key) > LONGEST_KEY:
            return _problem(400, _("幂等键太长。"))
        with transaction.atomic():
            claim = _claim(request, key)
            if claim is None:
                return _replay(request, key)
            response = get_response(request)
            if response.status_code >= 400 or response.streaming or not _is_effect(response):
                transaction.set_rollback(True)
            elif getattr(response, "is_secret", False):
                # A number in full or a one-time password is told once and stored nowhere.
                IdempotencyKey.objects.filter(pk=claim).delete()
            else:
                _remember(claim, response)
        return response

    return middleware


def _key_of(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD", "OPTIONS") or not request.user.is_authenticated:
        return ""
    key = request.headers.get(HEADER, "")
    if not key and request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        key = request.POST.get(FIELD, "")
    return key


def _is_effect(response: HttpResponse) -> bool:
    """A page form that is shown again with its errors answers 200 without having done anything."""
    return not getattr(response, "is_refused_form", False)


def _request_hash(request: HttpRequest) -> str:
    digest = hashlib.sha256(f"{request.method} {request.path}".encode())
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        for name, values in sorted(request.POST.lists()):
            if name not in VOLATILE:
                digest.update(repr((name, values)).encode())
        for name, files in sorted(request.FILES.lists()):
            digest.update(repr((name, [(file.name, file.size) for file in files])).encode())
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _claim(request: HttpRequest, key: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {IdempotencyKey._meta.db_table} (user_id, key, request_hash, headers, body, created_at)"
            " VALUES (%s, %s, %s, '{}', '', now()) ON CONFLICT ON CONSTRAINT idempotency_key_once DO NOTHING RETURNING id",
            [request.user.pk, key, _request_hash(request)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _remember(claim: int, response: HttpResponse) -> None:
    IdempotencyKey.objects.filter(pk=claim).update(
        status=response.status_code,
        headers={name: response[name] for name in KEPT_HEADERS if name in response},
        body=response.content,
    )


def _replay(request: HttpRequest, key: str) -> HttpResponse:
    first = IdempotencyKey.objects.get(user=request.user, key=key)  # type: ignore[misc]
    if first.request_hash != _request_hash(request):
        return _problem(409, _("这个幂等键已经用于另一份内容。请刷新页面后重新提交。"))
    response = HttpResponse(bytes(first.body), status=first.status)
    for name, value in first.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    return response


def _problem(status: int, detail: str) -> JsonResponse:
    return JsonResponse(
        {"type": "about:blank", "title": detail, "status": status, "detail": detail},
        status=status,
        content_type="application/problem+json",
    )
