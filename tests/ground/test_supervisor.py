"""Whoever dies is started again and it is said; whoever never lived is given up; a signal stops all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from unionops.supervisor import Child, FalseStart, Supervisor, describe_exit, program

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
# Starts a child of its own, which must not outlive it.
PARENT = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '600']).pid, flush=True); time.sleep(600)"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(said.append) as running:
        yield running


def until(supervisor: Supervisor, happened: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        supervisor.wait(0.1)


def started(command: list[str], log: Path) -> Child:
    return Child("sleeper", program(command, {}, log), stop_seconds=3)


def test_child_that_dies_is_started_again_and_it_is_said(supervisor, said, tmp_path):
    child = started(SLEEP, tmp_path / "log")
    supervisor.add(child)
    first = child.process.pid

    os.kill(first, signal.SIGKILL)
    until(supervisor, lambda: child.is_running and child.process.pid != first)

    assert said == ["sleeper was ended by SIGKILL; starting it again in 0.5 s"]


def test_pauses_grow_with_each_death(supervisor, said, tmp_path):
    child = started([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log")
    supervisor.is_settled = True
    supervisor.add(child)

    until(supervisor, lambda: len(said) == 3)

    assert [sentence.rpartition(" in ")[2] for sentence in said] == ["0.5 s", "1 s", "2 s"]


def test_false_starts_give_up_with_one_sentence(supervisor, said, tmp_path):
    supervisor.add(started([sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log"))

    with pytest.raises(FalseStart, match=r"^sleeper ended with code 3 3 times in a row$"):
        until(supervisor, lambda: False)


def test_what_the_dead_child_started_goes_with_it(supervisor, said, tmp_path):
    log = tmp_path / "log"
    child = started([sys.executable, "-c", PARENT], log)
    supervisor.add(child)
    until(supervisor, lambda: log.read_text().strip())
    grandchild = int(log.read_text())

    os.kill(child.process.pid, signal.SIGKILL)
    until(supervisor, lambda: said)

    until(supervisor, lambda: not is_alive(grandchild))


def test_child_that_does_not_stop_is_killed_and_it_is_said(said, tmp_path):
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"
    )
    log = tmp_path / "log"
    with Supervisor(said.append) as supervisor:
        child = Child("mule", program([sys.executable, "-c", stubborn], {}, log), stop_seconds=0.5)
        supervisor.add(child)
        until(supervisor, log.read_text)
        process = child.process

    assert process.returncode == -signal.SIGKILL
    assert said == ["mule does not stop and is killed"]


def test_children_stop_in_reverse_order(said, tmp_path):
    log = tmp_path / "log"
    tell = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('{0}', flush=True))); print('up', flush=True); time.sleep(600)"
    with Supervisor(said.append) as supervisor:
        for name in ("first", "second"):
            supervisor.add(Child(name, program([sys.executable, "-c", tell.format(name)], {}, log)))
        until(supervisor, lambda: log.read_text().count("up") == 2)

    # Both write to one log, at times into one line.
    assert [log.read_text().count(word) for word in ("up", "first", "second")] == [2, 1, 1]
    assert not said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_all(number, tmp_path):
    code = """
        import sys, pathlib
        from unionops.supervisor import Child, Supervisor, program
        sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
        with Supervisor(print) as supervisor:
            for name in ("one", "two"):
                supervisor.add(Child(name, program(sleep, {}, pathlib.Path(sys.argv[1]))))
            print(*(child.process.pid for child in supervisor.children), flush=True)
            while not supervisor.stopping:
                supervisor.wait(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        children = [int(pid) for pid in process.stdout.readline().split()]
        assert all(map(is_alive, children))
        process.send_signal(number)
        process.wait(10)

    assert process.returncode == 0
    assert not any(map(is_alive, children))


def test_children_end_when_the_supervisor_is_killed(tmp_path):
    code = """
        import sys, pathlib
        from unionops.supervisor import Child, Supervisor, program
        with Supervisor(print) as supervisor:
            sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
            supervisor.add(Child("one", program(sleep, {}, pathlib.Path(sys.argv[1]))))
            print(supervisor.children[0].process.pid, flush=True)
            supervisor.wait(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        child = int(process.stdout.readline())
        process.kill()
        process.wait(10)

    end = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(child)


def test_exit_is_described_in_words():
    assert describe_exit(7) == "ended with code 7"
    assert describe_exit(-signal.SIGSEGV) == "was ended by SIGSEGV"


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
