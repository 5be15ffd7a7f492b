"""What a telephone has received: the sender of the test run puts messages into a folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

MOBILE = "13812340001"


def messages() -> list[dict[str, Any]]:
    """All messages in the order in which they were sent; they are gone afterwards."""
    found = []
    for file in sorted(Path(settings.UNIONOPS_CODE_FOLDER).glob("*.json")):
        found.append(json.loads(file.read_text()))
        file.unlink()
    return found


def ask(client: Client, phone: str = MOBILE, back: str = "", **extra: Any) -> Any:
    return client.post(reverse("counter:phone"), {"phone": phone, "next": back}, **extra)


def asked_of(answer: Any) -> str:
    """The signed note of the page that asks for the code."""
    return re.search(r'name="asked" value="([^"]+)"', answer.content.decode())[1]  # type: ignore[index]


def verified(client: Client, phone: str = MOBILE, back: str = "") -> Any:
    """The client has shown the telephone; returns the answer that leads on."""
    messages()
    answer = ask(client, phone, back)
    assert answer.status_code == 200, answer.content.decode()
    (message,) = messages()
    return client.post(reverse("counter:code"), {"asked": asked_of(answer), "code": message["code"]})
