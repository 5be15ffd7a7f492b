"""Both servers of a data folder, and the lock that keeps a second start out of it."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from .errors import ServerError
from .keys import APP, OWNER, read_keys
from .places import Places
from .postgres import Postgres
from .valkey import Valkey

LEAST_FREE_MEGABYTES = 300
MOST_TEST_FOLDERS = 20
# Folders that `free_folder` holds for this process until it starts servers in them.
_claimed: dict[Path, int] = {}


def _silent(_sentence: str) -> None:
    pass


class Servers:
    """The embedded PostgreSQL and Valkey of one data folder, while this process lives."""

    def __init__(
        self,
        data: Path,
        *,
        postgres: bool = True,
        valkey: bool = True,
        careless: bool = False,
        say: Callable[[str], None] = _silent,
    ) -> None:
        self.places = Places(data.absolute())
        self.careless = careless
        self.say = say
        self.wants = (postgres, valkey)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self._lock: int | None = None

    def start(self) -> None:
        with _disk_errors(self.places.data):
            self.places.data.mkdir(parents=True, exist_ok=True)
            self._lock = take_lock(self.places)
            try:
                check_disk(self.places.data)
                self.keys = read_keys(self.places)
                if self.wants[0]:
                    self.postgres = Postgres(self.places, self.keys, self.say, careless=self.careless)
                    self.postgres.start()
                if self.wants[1]:
                    self.valkey = Valkey(self.places, self.keys, self.say, careless=self.careless)
                    self.valkey.start()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Valkey first: nothing takes work from it any more when the database goes."""
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.stop()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def environment(self) -> dict[str, str]:
        """What other processes need to reach the servers."""
        found = {}
        if self.wants[0]:
            found["DATABASE_URL"] = self.keys.database_url(self.places, APP)
            found["DATABASE_OWNER_URL"] = self.keys.database_url(self.places, OWNER)
        if self.wants[1]:
            found["REDIS_URL"] = self.keys.redis_url(self.places)
        return found

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def take_lock(places: Places) -> int:
    """Hold the folder until this process ends, however it ends."""
    if (claimed := _claimed.pop(places.data, None)) is not None:
        return claimed
    descriptor = os.open(places.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode(errors="replace").strip() or "?"
        os.close(descriptor)
        raise ServerError(
            f"UnionOps already runs in {places.data} (process {holder}). Stop it, or choose another folder with DATA=…"
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor


def check_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free // 2**20
    if free < LEAST_FREE_MEGABYTES:
        raise ServerError(
            f"The disk of {folder} has {free} MB left; UnionOps needs {LEAST_FREE_MEGABYTES} MB to start. Make room."
        )


def free_folder(parent: Path) -> Path:
    """Return the first folder in which nobody runs servers now, for test runs side by side."""
    for number in range(1, MOST_TEST_FOLDERS):
        folder = parent / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _claimed[folder] = take_lock(Places(folder))
        except ServerError:
            continue
        return folder
    raise ServerError(f"{MOST_TEST_FOLDERS} test runs are under way in {parent}. Wait for one to end.")


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ServerError(f"{error.filename or folder} cannot be used ({error.strerror}).") from error
