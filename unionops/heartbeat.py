"""Worker and beat say that they live: a time in Valkey that soon runs out."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings

EVERY_SECONDS = 5.0
# Twice missed and a little: the part counts as gone.
DEAD_AFTER_SECONDS = 30.0
PARTS = ("worker", "beat")


@lru_cache
def client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _key(part: str) -> str:
    return f"unionops:heartbeat:{settings.CELERY_TASK_DEFAULT_QUEUE}:{part}"


def live(part: str) -> None:
    """Write the time. An unreachable Valkey is not this function's trouble: then nobody can read it either."""
    try:
        client().set(_key(part), repr(time.time()), ex=int(DEAD_AFTER_SECONDS * 2))
    except redis.RedisError:
        return


def seconds_ago(part: str) -> float | None:
    """Return the age of the last sign of life, None when there is none; raises redis.RedisError."""
    found: Any = client().get(_key(part))
    return None if found is None else max(0.0, time.time() - float(found))
