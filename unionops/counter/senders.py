"""Who carries a one-time code to a telephone. The setting UNIONOPS_CODE_SENDER names one of these or a function like them.

A sender is called with the number, the code and the whole text; it returns what the page shows instead (only where nothing is
sent), and raises NotSent when it cannot carry it. No sender writes a code into a log or onto a console.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

Sender = Callable[[str, str, str], str]
SECONDS = 5
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class NotSent(Exception):
    """The code did not leave the house."""


def sender() -> Sender | None:
    """The sender of this house, or none: then doors that ask for a telephone stay shut."""
    name = settings.UNIONOPS_CODE_SENDER
    return import_string(name) if name else None


def on_page(phone: str, code: str, text: str) -> str:
    """For trying things out: the code stands on the page. Refuses wherever real people come."""
    if not (settings.UNIONOPS_DEMO or settings.DEBUG):
        raise ImproperlyConfigured("unionops.counter.senders.on_page shows codes to everybody: only for the demo.")
    return code


def folder(phone: str, code: str, text: str) -> str:
    """One file a message in UNIONOPS_CODE_FOLDER, for a program of the operator that carries them and removes them."""
    place = Path(settings.UNIONOPS_CODE_FOLDER)
    name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.json"
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = place / f".{name}"
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"phone": phone, "code": code, "text": text}, file, ensure_ascii=False)
        part.rename(place / name)
    except OSError as error:
        raise NotSent("the folder cannot be written") from error
    return ""


def gateway(phone: str, code: str, text: str) -> str:
    """Send it by POST to UNIONOPS_CODE_GATEWAY as JSON {id, phone, code, text}, signed with the shared secret.

    ``X-UnionOps-Time`` is the Unix time, ``X-UnionOps-Signature`` the HMAC-SHA256 of «time.body» in hexadecimal digits. The
    gateway answers 2xx when it has taken the message over; it is asked once and waits five seconds at most.
    """
    address, secret = settings.UNIONOPS_CODE_GATEWAY, settings.UNIONOPS_CODE_SECRET
    parts = urlsplit(address)
    if not secret or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        raise ImproperlyConfigured("UNIONOPS_CODE_GATEWAY must be an https address, and UNIONOPS_CODE_SECRET be set.")
    body = json.dumps({"id": uuid.uuid4().hex, "phone": phone, "code": code, "text": text}, ensure_ascii=False).encode()
    now = str(int(time.time()))
    signature = hmac.new(secret.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8", "X-UnionOps-Time": now, "X-UnionOps-Signature": signature,
    }  # fmt: skip
    asked = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 -- the scheme is checked above
    try:
        with _opener.open(asked, timeout=SECONDS) as answer:
            answer.read(1024)
    except (urllib.error.URLError, OSError) as error:
        raise NotSent("the gateway did not take it") from error
    return ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A number and its code go where the operator said, and nowhere else."""

    def redirect_request(self, *args: object, **options: object) -> None:
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
