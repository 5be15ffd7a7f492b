"""Idempotency keys: the same write sent again gets the first answer, and has no second effect (trust 3, 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from unionops.org.api.problems import problem
from unionops.org.events import client_address

from .models import IdempotencyKey
from .refusals import page, wants_data

Handler = Callable[[HttpRequest], HttpResponse]

KEPT_HEADERS = ("Content-Type", "Location", "ETag", "HX-Redirect", "HX-Trigger")
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
            return _too_long(request)
        with transaction.atomic():
            claim = _claim(request, key)
            if claim is None:
                return _replay(request, key)
            response = get_response(request)
            if not is_kept(response) or response.streaming or not _is_effect(response):
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


def is_kept(response: HttpResponse) -> bool:
    """A refusal leaves nothing behind, unless that somebody was refused is itself what was written down."""
    return response.status_code < 400 or getattr(response, "is_recorded", False)


def _is_effect(response: HttpResponse) -> bool:
    """A page form that is shown again with its errors answers 200 without having done anything."""
    return not getattr(response, "is_refused_form", False)


def request_hash(request: HttpRequest) -> str:
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
            [request.user.pk, key, request_hash(request)],
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
    if first.request_hash != request_hash(request):
        return _used_before(request)
    response = HttpResponse(bytes(first.body), status=first.status)
    for name, value in first.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    return response


def _too_long(request: HttpRequest) -> HttpResponse:
    reason, next_step = _("幂等键太长。"), _("请用不超过 %(most)d 个字符的键。") % {"most": LONGEST_KEY}
    if wants_data(request):
        return problem(400, "invalid", reason, errors=[{"field": HEADER, "reason": reason}], next_step=next_step)
    return page(request, 400, reason=reason, next_step=next_step)


def _used_before(request: HttpRequest) -> HttpResponse:
    """One key, two contents. Nothing of the second was done; a page gives it back to be sent as what it is, a second one."""
    if wants_data(request):
        return problem(
            409, "key-reused", _("这个幂等键已经用于另一份内容。"),
            next_step=_("要再办一次，请换一个键再发；要看第一次的结果，请用原来的内容再发。"),
        )  # fmt: skip
    reason = _("刚才已经提交过一次，这次的内容和那次不一样，所以没有再办。")
    next_step = _("请先看看那一次办成的样子；确实要再办一次，可以把这次写的再提交。")
    return page(request, 422, reason=reason, next_step=next_step, again=_sent(request))


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to be sent once more; a password is not written into a page, and files are chosen anew."""
    if request.FILES or any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() if name not in VOLATILE for value in values]
