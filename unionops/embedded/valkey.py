"""One Valkey in one folder: password, Unix socket, every write in its append-only file."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable

import redis

from .binaries import valkey_program
from .errors import ServerError
from .keys import Keys
from .places import Places, own_folder, server_account
from .processes import pauses, spawn, stop, stop_left_behind

READY_SECONDS = 120
STOP_SECONDS = 30
CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
requirepass {password}
dir .
appendonly {append_only}
appendfsync everysec
save ""
maxmemory-policy noeviction
"""


class Valkey:
    def __init__(self, places: Places, keys: Keys, say: Callable[[str], None], *, careless: bool = False) -> None:
        self.places = places
        self.keys = keys
        self.say = say
        self.careless = careless
        self.account = server_account()
        self.program = valkey_program(self.account)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        own_folder(self.places.sockets, self.account)
        own_folder(self.places.valkey, self.account)
        if stop_left_behind(self.places.valkey, "valkey-server", signal.SIGTERM, STOP_SECONDS):
            self.say("A Valkey of an earlier start was still running; it has been stopped.")
        self.places.valkey_socket.unlink(missing_ok=True)
        self.launch()
        self._wait()

    def launch(self) -> None:
        """The password goes in by a pipe: a command line or a file could be read by others."""
        descriptors = []
        socket = os.fspath(self.places.valkey_socket)
        if self.account.is_other:
            descriptors.append(os.open(self.places.sockets, os.O_RDONLY | os.O_DIRECTORY))
            socket = f"/proc/self/fd/{descriptors[0]}/{self.places.valkey_socket.name}"
        configuration = CONFIGURATION.format(
            socket=socket.replace("\\", "\\\\").replace('"', '\\"'),
            password=self.keys.valkey,
            append_only="no" if self.careless else "yes",
        )
        self.places.logs.mkdir(mode=0o700, exist_ok=True)
        try:
            with open(self.places.logs / "valkey.log", "ab") as log:
                self.process = spawn(
                    [self.program, "-"],
                    account=self.account,
                    folder=self.places.valkey,
                    log=log,
                    stop_with=signal.SIGTERM,
                    descriptors=descriptors,
                    stdin=subprocess.PIPE,
                )
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(configuration.encode())
            self.process.stdin.close()

    def restart(self) -> subprocess.Popen[bytes]:
        """Start again after a death; clients connect anew by themselves."""
        self.places.valkey_socket.unlink(missing_ok=True)
        self.launch()
        assert self.process is not None
        return self.process

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, signal.SIGTERM, STOP_SECONDS)
            self.process = None

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.keys.redis_url(self.places), socket_timeout=5)

    def _wait(self) -> None:
        assert self.process is not None
        client = self.client()
        for _round in pauses(READY_SECONDS):
            if self.process.poll() is not None:
                raise ServerError(f"Valkey ended at once: {self._last_words()}.")
            try:
                client.ping()
            except redis.AuthenticationError as error:
                self.stop()
                raise ServerError(f"{self.places.keys} does not hold the password of this Valkey.") from error
            except redis.RedisError:
                continue
            client.close()
            return
        self.stop()
        raise ServerError(f"Valkey did not become ready within {READY_SECONDS} s; see {self.places.logs}.")

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            lines = (self.places.logs / "valkey.log").read_text(errors="replace").splitlines()[-20:]
            if any("No space left on device" in line for line in lines):
                return "the disk is full"
            return lines[-1].strip() if lines else ""
        return ""
