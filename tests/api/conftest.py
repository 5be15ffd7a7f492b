"""A client of the API by role: session-less, with a token as a program would use it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from knox.models import AuthToken

from tests.world import World


class Caller:
    """One person's program; answers are read as JSON."""

    def __init__(self, user: Any) -> None:
        _made, self.token = AuthToken.objects.create(user)
        self.client = Client()
        self.headers = {"authorization": f"Bearer {self.token}"}

    def __call__(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if data is None else {"data": data, "content_type": "application/json"}
        return self.client.generic(method, path, headers=self.headers | names, **_bytes(body))

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self("POST", path, {} if data is None else data, **headers)

    def patch(self, path: str, data: Any, version: int | None = None, **headers: str) -> Any:
        if version is not None:
            headers["if_match"] = f'"{version}"'
        return self("PATCH", path, data, **headers)


def _bytes(body: dict[str, Any]) -> dict[str, Any]:
    if "data" in body and not isinstance(body["data"], bytes):
        body["data"] = json.dumps(body["data"]).encode()
    return body


@pytest.fixture
def callers(world: World) -> Any:
    """Return the program of a person by name, made once."""
    made: dict[str, Caller] = {}

    def caller(name: str, of: World = world) -> Caller:
        key = f"{of.district.pk}:{name}"
        if key not in made:
            made[key] = Caller(of[name])
        return made[key]

    return caller
