"""What a benchmark stands on: the servers of the tests, with a database of its own that is dropped afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MIB = 1024 * 1024


def set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "unionops.settings.test"
    import django  # noqa: PLC0415 -- the path and the settings come first

    django.setup()


@contextmanager
def database() -> Iterator[None]:
    """Start the servers, make a migrated database, drop it at the end."""
    set_up()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from tests import database as made  # noqa: PLC0415
    from unionops.embedded import Servers  # noqa: PLC0415

    os.environ.setdefault("PYTEST_XDIST_WORKER", f"bench{os.getpid()}")
    servers = Servers(settings.UNIONOPS_DATA, careless=False, **settings.UNIONOPS_EMBEDS)
    servers.start()
    try:
        made.create()
        yield
        connection.close()
        made.drop()
    finally:
        servers.stop()


def join_database() -> None:
    """In a process that a benchmark has started: the database of the one that started it."""
    set_up()
    from django.db import connection  # noqa: PLC0415

    from tests import database as made  # noqa: PLC0415

    connection.settings_dict["NAME"] = made.run_name()


def apart(script: str, *arguments: str) -> dict[str, Any]:
    """Run a part in a process of its own, so that its memory is its own; return what it printed as JSON."""
    done = subprocess.run(
        [sys.executable, script, *arguments], cwd=ROOT, env=os.environ, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def peak_mib() -> float:
    """The most memory that this process has held; ru_maxrss would begin with that of the process that started it."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return round(int(line.split()[1]) * 1024 / MIB, 1)


def own_mib() -> float:
    """Memory that this process shares with nobody: without the libraries that other processes have mapped too."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    private = sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return round(private * 1024 / MIB, 1)
