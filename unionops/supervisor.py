"""Keeps child processes running: one that dies is started again and it is said; a signal stops all of them."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from .embedded.processes import die_with_parent

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Whoever lived that long starts with the first pause again.
SOUND_SECONDS = 60.0
# Deaths in a row after which a start is given up; a child that once ran is never given up.
MOST_FALSE_STARTS = 3
LARGEST_LOG = 20 * 2**20
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class FalseStart(Exception):
    """A child keeps dying before it ever worked."""


@dataclass
class Child:
    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_with: int = signal.SIGTERM
    stop_seconds: float = 70.0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    due_at: float = 0.0
    # Its owner stops it, after all others.
    stopped_elsewhere: bool = False

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Use as a context in the main thread: within it, signals wake `wait` instead of ending the process."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    # Set by the caller once everything answered: from then on nobody is given up.
    is_settled: bool = False
    stopping: bool = False

    def __enter__(self) -> Self:
        self._waker, self._woken = socket.socketpair()
        for end in (self._waker, self._woken):
            end.setblocking(False)
        self._old_descriptor = signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {
            number: signal.signal(number, self._on_signal) for number in (*STOP_SIGNALS, signal.SIGCHLD)
        }
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_descriptor)
        self._waker.close()
        self._woken.close()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number in STOP_SIGNALS:
            self.stopping = True

    def add(self, child: Child) -> None:
        self.children.append(child)
        self._start(child)

    def adopt(self, child: Child) -> None:
        """Watch a child that already runs."""
        child.started_at = time.monotonic()
        self.children.append(child)

    def wait(self, seconds: float) -> None:
        """Sleep until a signal or the time; look after the children before and after."""
        self.look_after()
        if not self.stopping:
            dues = [child.due_at for child in self.children if child.due_at]
            until = min([time.monotonic() + seconds, *dues])
            select.select([self._woken], [], [], max(0.0, until - time.monotonic()))
            with contextlib.suppress(BlockingIOError):
                self._woken.recv(4096)
            self.look_after()

    def look_after(self) -> None:
        for child in self.children:
            if self.stopping:
                return
            if child.due_at and time.monotonic() >= child.due_at:
                self._start(child)
            elif not child.due_at and not child.is_running:
                self._bury(child)

    def _start(self, child: Child) -> None:
        child.due_at = 0.0
        child.process = child.start()
        child.started_at = time.monotonic()

    def _bury(self, child: Child) -> None:
        """Say that a child died, end what it has left behind, and set the time of its next start."""
        assert child.process is not None
        how = describe_exit(child.process.returncode)
        end_group(child.process.pid)
        lived = time.monotonic() - child.started_at
        child.deaths = 1 if lived >= SOUND_SECONDS else child.deaths + 1
        if not self.is_settled and child.deaths >= MOST_FALSE_STARTS:
            raise FalseStart(f"{child.name} {how} {child.deaths} times in a row")
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (child.deaths - 1))
        child.due_at = time.monotonic() + pause
        self.say(f"{child.name} {how}; starting it again in {pause:g} s")

    def stop(self) -> None:
        """Stop everybody, the last first; who does not come is killed, with all that it started."""
        self.stopping = True
        running = [child for child in reversed(self.children) if child.is_running and not child.stopped_elsewhere]
        for child in running:
            assert child.process is not None
            child.process.send_signal(child.stop_with)
        for child in running:
            assert child.process is not None
            try:
                child.process.wait(child.stop_seconds)
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} does not stop and is killed")
            end_group(child.process.pid)
            child.process.wait()
        self.children.clear()


def end_group(leader: int) -> None:
    """Kill what a child of ours has started: it leads a session of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def describe_exit(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def program(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Callable[[], subprocess.Popen[bytes]]:
    """Return what starts one of our own programs: its lines go to its log, its life ends with ours."""

    def start() -> subprocess.Popen[bytes]:
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as stream:
            return subprocess.Popen(
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 -- no other thread runs here
            )

    return start


def web_command(host: str, port: int) -> list[str]:
    """The server of the product; bench/web.py measures this one."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws"]
    return [*command, "--log-level", "warning", "unionops.wsgi:application"]
