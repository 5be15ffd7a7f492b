"""The cache when Valkey is away: pages go on without it, only slower. Counters (rate limits) do not pretend."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import TimeoutError as NoAnswer

log = logging.getLogger(__name__)


class SteadyClient(RedisCacheClient):
    """Keeps its client: to make one for each command takes as long as the command. It has no connection of its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class PatientRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = SteadyClient

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _without(lambda: super(PatientRedisCache, self).get(key, default, version), default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        return _without(lambda: super(PatientRedisCache, self).get_many(keys, version), {})

    def set(self, key: str, value: Any, timeout: Any = ..., version: int | None = None) -> None:
        extra = {} if timeout is ... else {"timeout": timeout}
        _without(lambda: super(PatientRedisCache, self).set(key, value, version=version, **extra), None)

    def set_many(self, data: dict[str, Any], timeout: Any = ..., version: int | None = None) -> list[str]:
        extra = {} if timeout is ... else {"timeout": timeout}
        return _without(lambda: super(PatientRedisCache, self).set_many(data, version=version, **extra), list(data))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(_without(lambda: super(PatientRedisCache, self).has_key(key, version), False))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(_without(lambda: super(PatientRedisCache, self).delete(key, version), False))

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        _without(lambda: super(PatientRedisCache, self).delete_many(keys, version), None)

    def clear(self) -> bool:  # type: ignore[override]
        """Remove what the cache holds; Celery's queues lie in the same database and stay."""
        client = self._cache.get_client(write=True)
        batch = list(client.scan_iter(match=f"{self.key_prefix}:*", count=1000))
        if batch:
            client.unlink(*batch)
        return True


def _without(call: Callable[[], Any], otherwise: Any) -> Any:
    try:
        return call()
    except (NoConnection, NoAnswer) as error:
        log.warning("cache away: %s", type(error).__name__)
        return otherwise
