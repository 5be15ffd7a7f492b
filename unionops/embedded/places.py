"""Where things lie in a data folder, and the account under which the servers run."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .errors import ServerError

# A socket's whole path may be 107 bytes on Linux, 103 on macOS; `.s.PGSQL.5432.lock` comes behind the folder.
LONGEST_SOCKET_FOLDER = 80
POSTGRES_PORT = 5432


@dataclass(frozen=True)
class Places:
    data: Path

    @property
    def keys(self) -> Path:
        return self.data / "keys.json"

    @property
    def lock(self) -> Path:
        return self.data / "lock"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @cached_property
    def sockets(self) -> Path:
        """The folder `run`, or a short one of ours beside other temporary files when the path is too long."""
        folder = self.data / "run"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            return folder
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"unionops-{os.getuid()}-{name}"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"


@dataclass(frozen=True)
class Account:
    """Who the servers run as."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()


def server_account() -> Account:
    """Return ourselves; for root, which PostgreSQL refuses, an account without rights."""
    if os.geteuid() != 0:
        return Account("", os.geteuid(), os.getegid())
    if not sys.platform.startswith("linux"):
        raise ServerError("The embedded servers run under root only on Linux. Start UnionOps as an ordinary user.")
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise ServerError("There is no account «nobody» to run the database under. Start UnionOps as an ordinary user.")


def own_folder(folder: Path, account: Account) -> None:
    """Make a folder that only the account may open. What somebody else made under that name is refused."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), account.uid):
            raise ServerError(f"{folder} belongs to somebody else; remove it or use another data folder.") from None
    folder.chmod(0o700)
    if account.is_other:
        os.chown(folder, account.uid, account.gid)
