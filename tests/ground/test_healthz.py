"""GET /healthz: 200 when every part lives, else 503 and which one does not."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection
from django.test import Client

from unionops import heartbeat
from unionops.settings import servers

PARTS = {"database", "migrations", "broker", "worker", "beat"}
pytestmark = pytest.mark.django_db
# Their database is changed by another role, or gone: what they leave is put back by a copy.
committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alive():
    for part in heartbeat.PARTS:
        heartbeat.live(part)
    yield
    for part in heartbeat.PARTS:
        heartbeat.client().delete(heartbeat._key(part))


def test_all_parts_alive(alive, client: Client):
    answer = client.get("/healthz")

    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "version", "checks"}
    assert set(answer.json()["checks"]) == PARTS
    assert all(check["ok"] for check in answer.json()["checks"].values())
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("part", heartbeat.PARTS)
def test_part_without_a_sign_of_life(alive, client, part):
    heartbeat.client().delete(heartbeat._key(part))

    answer = client.get("/healthz")

    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert {name for name, check in checks.items() if not check["ok"]} == {part}


def test_sign_of_life_grows_old(alive, client):
    old = heartbeat.DEAD_AFTER_SECONDS + 5
    heartbeat.client().set(heartbeat._key("worker"), repr(float(heartbeat.client().time()[0]) - old))

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"]["says"].endswith("s ago")


@committing
def test_pending_migration(alive, client, settings):
    with as_owner() as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'visits' AND name = '0001_initial'")

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == {"ok": False, "says": "1 pending"}


@committing
def test_database_that_is_gone(alive, client):
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "unionops_nowhere"
    try:
        answer = client.get("/healthz")
    finally:
        connection.settings_dict["NAME"] = name

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == {"ok": False, "says": "no connection"}
    assert answer.json()["checks"]["broker"]["ok"]


def test_broker_that_is_gone(alive, client, settings):
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    heartbeat.client.cache_clear()
    try:
        answer = client.get("/healthz")
    finally:
        settings.REDIS_URL = there
        heartbeat.client.cache_clear()

    assert answer.status_code == 503
    assert answer.json()["checks"]["broker"] == {"ok": False, "says": "no connection"}
    assert answer.json()["checks"]["database"]["ok"]


def test_it_tells_nothing_about_the_house(alive, client):
    body = client.get("/healthz").content.decode()

    assert "postgres" not in body
    assert "password" not in body


def test_only_reading(client):
    assert client.post("/healthz").status_code == 405


def as_owner() -> psycopg.Connection:
    from tests.database import as_owner as owner

    assert servers is not None
    return owner(str(connection.settings_dict["NAME"]))
