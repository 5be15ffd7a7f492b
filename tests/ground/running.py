"""A whole `manage.py up` in a process of its own, as `make run` starts it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import psutil
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
READY = "UnionOps is ready at"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """That of a person's shell: nothing of the test run's."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"UNIONOPS_DEMO": "0"}


def wait_for(happened: Callable[[], Any], seconds: float, what: str) -> Any:
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end, what
        time.sleep(0.1)
    return found


class Up:
    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.lines: list[str] = []

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", str(self.port), "--data", str(self.data)],
            cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.stop()
        self._listener.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            for process in self.family():
                process.kill()
            raise

    def says(self, words: str) -> str:
        return next((line for line in self.lines if words in line), "")

    def wait_to_say(self, words: str, seconds: float = 240) -> str:
        """A busy machine may need long; a start that has ended will never say it."""
        wait_for(lambda: self.says(words) or self.process.poll() is not None, seconds, f"«{words}» was not said")
        assert self.says(words), self.lines
        return self.says(words)

    def family(self) -> list[psutil.Process]:
        found = psutil.Process(self.process.pid)
        return [found, *found.children(recursive=True)]

    def child(self, words: str) -> psutil.Process:
        """The first process right under us whose command line holds the words."""
        return next(
            process
            for process in psutil.Process(self.process.pid).children()
            if words in " ".join([process.name(), *process.cmdline()])
        )

    def health(self) -> tuple[int, dict[str, Any]]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("GET", "/healthz")
            answer = link.getresponse()
            return answer.status, json.loads(answer.read())
        except OSError:
            return 0, {}
        finally:
            link.close()
