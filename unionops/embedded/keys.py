"""The secrets of a data folder: made once at the first start, readable only for who started it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from urllib.parse import quote

from .errors import ServerError
from .places import Places

DATABASE = "unionops"
SUPERUSER = "postgres"
OWNER = "owner"
APP = "app"
BACKUP = "backup"


def _password() -> str:
    return secrets.token_urlsafe(32)


def _key() -> str:
    return secrets.token_hex(32)


@dataclass(frozen=True)
class Keys:
    """Passwords of the database roles and of Valkey; Django's signing key; the keys of sealed columns."""

    postgres: str = field(default_factory=_password)
    owner: str = field(default_factory=_password)
    app: str = field(default_factory=_password)
    backup: str = field(default_factory=_password)
    valkey: str = field(default_factory=_password)
    secret_key: str = field(default_factory=_password)
    data_keys: str = field(default_factory=lambda: f"1:{_key()}")
    index_key: str = field(default_factory=_key)

    def password(self, role: str) -> str:
        return str(getattr(self, role))

    def database_url(self, places: Places, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{self.password(role)}@/{database}?host={quote(str(places.sockets), safe='')}"

    def redis_url(self, places: Places) -> str:
        return f"unix://:{self.valkey}@{quote(str(places.valkey_socket))}?db=0"


def read_keys(places: Places) -> Keys:
    """Return the folder's keys; make them where there are none yet. Two processes at once get the same."""
    try:
        return _load(places.keys)
    except FileNotFoundError:
        pass
    if places.postgres.exists():
        raise ServerError(
            f"{places.keys} is gone, and with it the passwords and keys of the database beside it. Put the file back."
        )
    try:
        places.data.mkdir(parents=True, exist_ok=True)
        _write_once(places.keys, Keys())
    except OSError as error:
        raise ServerError(f"{error.filename or places.keys} cannot be written ({error.strerror}).") from error
    return _load(places.keys)


def _load(file: Path) -> Keys:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return Keys(**{key.name: found[key.name] for key in fields(Keys)})
    except (ValueError, KeyError, TypeError) as error:
        raise ServerError(f"{file} is damaged. Put back the copy from your backup.") from error
    except PermissionError as error:
        raise ServerError(f"{file} belongs to another user. Start UnionOps as the one who started it first.") from error


def _write_once(file: Path, keys: Keys) -> None:
    """Write beside and link: the file appears whole, and never over another."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(asdict(keys), stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(beside, file)
    finally:
        beside.unlink(missing_ok=True)
