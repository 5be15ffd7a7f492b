"""One command starts everything, says when it is ready, mends what dies, and leaves nothing behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.ground.running import READY, ROOT, Up, environment, free_port, wait_for
from unionops.embedded import Places

PARTS = {"database", "migrations", "broker", "worker", "beat"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up")


@pytest.fixture(scope="module")
def killed(data: Path) -> list[psutil.Process]:
    """What still lives after the first start, with its migrations, was killed."""
    with Up(data, free_port()) as running:
        running.wait_to_say(READY)
        family = running.family()
        running.process.kill()
        running.process.wait()
    _gone, alive = psutil.wait_procs(family, timeout=30)
    return alive


@pytest.fixture(scope="module")
def up(data: Path, killed: list[psutil.Process]) -> Iterator[Up]:
    """The second start, in the folder that the killed one has left; in the end it is stopped by Ctrl-C."""
    with Up(data, free_port()) as running:
        running.wait_to_say(READY)
        yield running
        family = running.family()
        code = running.stop()
        _gone, alive = psutil.wait_procs(family, timeout=5)
        log = (data / "log" / "postgres.log").read_text()
    assert (code, alive, running.lines[-1]) == (0, [], "Stopping …")
    assert len(family) > 6
    assert "PANIC" not in log


def refused_start(*arguments: str) -> str:
    """Start once more and return the one sentence with which it ends."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up", *arguments], cwd=ROOT, env=environment(), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = done.stderr.strip().removeprefix("CommandError: ")
    assert "\n" not in said
    return said


def test_ready_line_names_the_address(up):
    assert f"http://127.0.0.1:{up.port}/" in up.says(READY)


def test_without_demo_no_password_is_told_and_the_way_in_is(up):
    assert not up.says("password")
    assert "create_admin" in up.wait_to_say("Nobody can sign in yet", 5)


def test_health_says_that_every_part_lives(up):
    status, body = up.health()

    assert (status, body["status"]) == (200, "ok")
    assert set(body["checks"]) == PARTS
    assert body["version"]


def test_second_start_on_the_same_port_ends_with_one_sentence(up, tmp_path):
    said = refused_start("--port", str(up.port), "--data", str(tmp_path))

    assert said.startswith(f"Port {up.port} is in use.")
    assert list(tmp_path.glob("postgres*")) == []


def test_second_start_in_the_same_folder_ends_with_one_sentence(up):
    assert "already runs" in refused_start("--port", str(free_port()), "--data", str(up.data))


def test_port_that_is_none_is_said(tmp_path):
    assert "70000 is not a port" in refused_start("--port", "70000", "--data", str(tmp_path))


def test_folder_that_cannot_be_written_is_named():
    assert "/proc/unionops" in refused_start("--port", str(free_port()), "--data", "/proc/unionops")


def test_what_is_killed_is_started_again_and_it_is_said(up):
    parts = {"worker": "celery --app unionops.celery worker", "Valkey": "valkey-server", "PostgreSQL": "postgres"}
    for child in [up.child(words) for words in parts.values()]:
        child.kill()

    for name in parts:
        up.wait_to_say(f"{name} was ended by SIGKILL; starting it again", 30)
    wait_for(lambda: up.health()[0] == 200, 120, f"not well again: {up.lines}")


def test_health_says_what_is_missing(up):
    beat = up.child("celery --app unionops.celery beat")
    database = up.child("postgres")
    database.suspend()
    try:
        status, body = up.health()
    finally:
        database.resume()

    assert beat.is_running()
    assert (status, body["status"]) == (503, "failing")
    assert not body["checks"]["database"]["ok"]
    assert body["checks"]["broker"]["ok"]


def test_signal_during_the_start_stops_what_already_runs(tmp_path):
    with Up(tmp_path, free_port()) as running:
        # Within the first migration.
        wait_for((Places(tmp_path).sockets / ".s.PGSQL.5432").exists, 240, "no PostgreSQL")
        time.sleep(1.0)
        family = running.family()
        # As a service is stopped.
        code = running.stop(signal.SIGTERM)

    assert code == 0
    assert running.lines[-1] == "Stopped before it was ready."

    _gone, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert not running.says("Traceback")


def test_killed_start_leaves_nothing_behind(killed):
    assert killed == []
