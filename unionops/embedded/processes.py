"""Starting, recognising and stopping server processes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TypedDict

import psutil

from .places import Account

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def die_with_parent(with_signal: int) -> Callable[[], None]:
    """Return what a child does before it becomes its program: Linux then signals it when its parent dies.

    It is the parent's thread that counts, so children are started from the main thread.
    """
    parent = os.getpid()

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, with_signal)
            if os.getppid() != parent:
                os.kill(os.getpid(), with_signal)

    return ask


def spawn(
    command: Sequence[str | Path],
    *,
    account: Account,
    folder: Path,
    log: IO[bytes],
    stop_with: int,
    descriptors: Sequence[int] = (),
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a server in its own session, in its folder, with nothing of our environment."""
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        cwd=folder,
        env=server_environment(),
        stdin=stdin,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        pass_fds=descriptors,
        preexec_fn=die_with_parent(stop_with),  # noqa: PLW1509 -- no other thread runs here
        **identity(account),
    )


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[str | int]


def identity(account: Account) -> Identity:
    if not account.is_other:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def server_environment() -> dict[str, str]:
    """A language of the caller would choose the one of the database; TZ likewise."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def running_in(folder: Path, name: str) -> list[psutil.Process]:
    """Return the processes of that program that work in that folder: what an earlier start has left behind."""
    found = []
    for process in psutil.process_iter(["name"]):
        if (process.info["name"] or "").startswith(name):
            with contextlib.suppress(psutil.Error, OSError):
                if os.path.samefile(process.cwd(), folder):
                    found.append(process)
    return found


def stop_left_behind(folder: Path, name: str, with_signal: int, seconds: float) -> int:
    """End the orphans of an earlier start, the main process first; return how many there were."""
    found = running_in(folder, name)
    mains = [process for process in found if not _has_parent_among(process, found)]
    for process in mains:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(with_signal)
    _gone, alive = psutil.wait_procs(found, timeout=seconds)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=10)
    return len(mains)


def _has_parent_among(process: psutil.Process, others: list[psutil.Process]) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.ppid() in {other.pid for other in others}
    return False


def stop(process: subprocess.Popen[bytes], with_signal: int, seconds: float) -> None:
    """Ask, wait, and only then kill."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def pauses(seconds: float, first: float = 0.02, longest: float = 0.5) -> Iterator[None]:
    """Sleep a little longer each round until the time is over."""
    end = time.monotonic() + seconds
    pause = first
    while time.monotonic() < end:
        yield
        time.sleep(pause)
        pause = min(pause * 1.5, longest)
