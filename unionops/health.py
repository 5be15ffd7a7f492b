"""GET /healthz: does every part live? For the start, for supervisors and for whoever is called at night."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypedDict

import psycopg
import redis
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionops import __version__, heartbeat


class Check(TypedDict):
    ok: bool
    says: str


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    checks = check_all()
    healthy = all(check["ok"] for check in checks.values())
    body = {"status": "ok" if healthy else "failing", "version": __version__, "checks": checks}
    return JsonResponse(body, status=200 if healthy else 503, json_dumps_params={"ensure_ascii": False})


def check_all() -> dict[str, Check]:
    return {**_database_checks(), "broker": _broker_check(), **{part: _sign_of_life(part) for part in heartbeat.PARTS}}


def _database_checks() -> dict[str, Check]:
    """Ask over a connection of its own: the pool would wait ten seconds for a database that is away."""
    try:
        with psycopg.connect(**_parameters()) as direct:
            applied = {(row[0], row[1]) for row in direct.execute("SELECT app, name FROM django_migrations").fetchall()}
    except psycopg.errors.UndefinedTable:
        return {"database": _good("empty"), "migrations": _bad(f"{len(_known_migrations())} pending")}
    except psycopg.OperationalError as error:
        recovering = "starting up" in str(error) or "recovery" in str(error)
        return {
            "database": _bad("recovering" if recovering else "no connection"),
            "migrations": _bad("unknown without a database"),
        }
    pending = len(_known_migrations() - applied)
    return {"database": _good("ok"), "migrations": _bad(f"{pending} pending") if pending else _good("0 pending")}


def _parameters() -> dict[str, Any]:
    found = {**connection.get_connection_params(), "connect_timeout": 2}
    return {
        name: value for name, value in found.items() if name not in ("cursor_factory", "context", "prepare_threshold")
    }


@lru_cache
def _known_migrations() -> set[tuple[str, str]]:
    """Only files are read: the loader without a connection."""
    return set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _broker_check() -> Check:
    try:
        heartbeat.client().ping()
    except redis.RedisError:
        return _bad("no connection")
    return _good("ok")


def _sign_of_life(part: str) -> Check:
    try:
        age = heartbeat.seconds_ago(part)
    except redis.RedisError:
        return _bad("unknown without a broker")
    if age is None:
        return _bad("no sign of life")
    says = f"{age:.0f} s ago"
    return _good(says) if age <= heartbeat.DEAD_AFTER_SECONDS else _bad(says)


def _good(says: str) -> Check:
    return {"ok": True, "says": says}


def _bad(says: str) -> Check:
    return {"ok": False, "says": says}
