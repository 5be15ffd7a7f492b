"""Turns the addresses of the servers into Django's settings, alike for embedded ones and for the house's own."""

from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from .env import Misconfigured

# For web and worker: a stuck statement or an abandoned transaction must not hold others up.
APP_LIMITS = (
    "-c lock_timeout=3s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
    # A page's first query joins its row to a dozen others by their keys. To weigh every order of eight of them took
    # PostgreSQL 40 to 70 ms for a query of half a millisecond; five at a time take 7 ms, and find the same plan.
    " -c join_collapse_limit=5"
)


def database(url: str, *, pool: int = 0, limits: bool = True) -> dict[str, Any]:
    """Read `postgresql://user:password@host:port/name?host=/socket/folder&sslmode=require`.

    A pool is only for the web process: it keeps a beat or worker whose database is gone from ending.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise Misconfigured("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    options: dict[str, Any] = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    host = options.pop("host", "") or unquote(parts.hostname or "")
    # Only for what asks for it (unionops/prepared.py): without a number psycopg prepares nothing at all.
    options["prepare_threshold"] = 0
    if limits:
        options["options"] = APP_LIMITS
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0 if pool else 300,
        "CONN_HEALTH_CHECKS": True,
    }


def cache(redis_url: str) -> dict[str, Any]:
    return {"BACKEND": "unionops.cache.PatientRedisCache", "LOCATION": redis_url, "KEY_PREFIX": "cache"}


def broker(redis_url: str) -> str:
    """Celery's transport writes a socket's address in its own way."""
    parts = urlsplit(redis_url)
    if parts.scheme in ("redis", "rediss"):
        return redis_url
    if parts.scheme != "unix" or not parts.path:
        raise Misconfigured("REDIS_URL must look like redis://:password@host:6379/0 or unix://:password@/socket?db=0")
    number = parse_qs(parts.query).get("db", ["0"])[-1]
    password = f":{parts.password}@" if parts.password else ""
    return f"redis+socket://{password}{quote(unquote(parts.path))}?virtual_host={number}"
