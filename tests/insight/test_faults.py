"""Workers are killed while rollups run, the broker goes away, beats come twice: no figure is wrong afterwards.

UNIONOPS_FAULTS=full pytest tests/insight/test_faults.py      # 100 kills, 10,000 edits; else 12 and 800
"""

from __future__ import annotations

import datetime
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest
import redis
from django.conf import settings
from django.db import connection

from tests.database import run_name
from tests.ground.running import ROOT, free_port, wait_for
from tests.world import World, make_enterprise, make_world
from unionops.casework.models import Slot
from unionops.casework.tasks import tick
from unionops.insight import rollups
from unionops.insight.middleware import wake
from unionops.insight.models import Closing, DirtyBucket
from visits.models import Visit

from .test_rollups import at, kept, make_visit, recount

FULL = os.environ.get("UNIONOPS_FAULTS") == "full"
KILLS, EDITS, WRITERS = (100, 10_000, 8) if FULL else (12, 800, 8)
EMPTY_WITHIN = 60
QUEUE = settings.CELERY_TASK_DEFAULT_QUEUE

pytestmark = pytest.mark.django_db(transaction=True)


def environment(**more: str) -> dict[str, str]:
    """That of the tests, with the database of this run."""
    url = settings.DATABASE_URL.replace("/unionops?", f"/{run_name()}?")
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "unionops.settings.test", "DATABASE_URL": url,
            "REDIS_URL": settings.REDIS_URL, **more}  # fmt: skip


class Worker:
    """A worker of Celery with two children, as the product starts it; `kill` takes one of its processes away."""

    def __init__(self) -> None:
        self.starts = 0
        self.start()

    def start(self) -> None:
        self.starts += 1
        self.process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "unionops.celery", "worker", "--concurrency", "2", "--loglevel", "error",
             "--without-gossip", "--without-mingle", "-n", f"faults{self.starts}@%h"],
            cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def children(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children()
        except psutil.NoSuchProcess:
            return []

    def kill(self, *, whole: bool) -> None:
        """A child: Celery puts its task back and forks another. The whole: somebody starts it again, as the supervisor does."""
        children = self.children()
        if whole:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.start()
        else:
            for child in children:
                child.kill()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def working() -> Iterator[Worker]:
    worker = Worker()
    try:
        yield worker
    finally:
        worker.stop()


def waiting_tasks() -> int:
    return int(redis.Redis.from_url(settings.REDIS_URL).llen(QUEUE))  # type: ignore[arg-type]


def write(world: World, seed: int, edits: int) -> None:
    """Visits made, moved and taken away, each in a transaction of its own, each followed by a wake-up."""
    dice = random.Random(seed)
    mine: list[Visit] = []
    for turn in range(edits):
        day = datetime.date(2024, 12, 1) + datetime.timedelta(days=dice.randrange(60))
        chance = dice.random()
        if mine and chance < 0.5:
            visit = dice.choice(mine)
            visit.visited_on = day
            visit.save(update_fields=["visited_on"])
        elif len(mine) > 20 and chance < 0.6:
            mine.pop(dice.randrange(len(mine))).delete()
        else:
            firm, town = dice.choice([(world.enterprise, world.town), (world.key_firm, world.other_town)])  # type: ignore[attr-defined]
            mine.append(make_visit(world, day, town=town, enterprise=firm, is_key_enterprise=dice.random() < 0.3))
        if turn % 5 == 0:
            wake()


def test_killed_workers_leave_no_wrong_figure_and_an_empty_queue():
    world = make_world()
    world.key_firm = make_enterprise(world.other_town)  # type: ignore[attr-defined]
    faults: list[BaseException] = []

    def writer(seed: int) -> None:
        try:
            write(world, seed, EDITS // WRITERS)
        except BaseException as error:  # noqa: BLE001 -- told below, in the thread of the test
            faults.append(error)
        finally:
            connection.close()

    with working() as worker:
        wait_for(worker.children, 60, "the worker has no children")
        threads = [threading.Thread(target=writer, args=(seed,)) for seed in range(WRITERS)]
        for thread in threads:
            thread.start()
        for number in range(KILLS):
            # Enough for a task to be in the middle of its work, sometimes before it and sometimes after.
            time.sleep(random.uniform(0.05, 0.4))
            wake()
            worker.kill(whole=number % 10 == 9)
        for thread in threads:
            thread.join()
        assert faults == []
        ended = time.monotonic()

        def everything_is_done() -> bool:
            # As beat does: a wake-up that died with its worker is made up for by the next.
            if DirtyBucket.objects.exists():
                wake()
                time.sleep(0.5)
            return not DirtyBucket.objects.exists() and waiting_tasks() == 0

        wait_for(everything_is_done, EMPTY_WITHIN, "marks or tasks are left")
        assert time.monotonic() - ended < EMPTY_WITHIN
    assert rollups.differences() == []
    assert kept() == recount()


def test_an_edit_is_rolled_up_by_a_worker_that_nobody_told(client):
    """A page's write wakes the worker: no beat runs here."""
    world = make_world()
    issue = world.issue()
    rollups.flush()
    client.force_login(world["leader"])
    with working() as worker:
        wait_for(worker.children, 60, "the worker has no children")
        answer = client.post(f"/issues/{issue.pk}/void/", {"reason": "重复登记", "version": issue.version})
        assert answer.status_code in {200, 302}, answer.content.decode()
        assert type(issue).objects.get(pk=issue.pk).state == "void"
        wait_for(lambda: not DirtyBucket.objects.exists(), 30, "nobody flushed")
    assert rollups.differences() == []


def test_writes_go_on_without_a_broker(client):
    """What was written while it was away is marked in the database, and flushed when it is back."""
    world = make_world()
    issue = world.issue()
    rollups.flush()
    client.force_login(world["leader"])
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "client = Client()\n"
        f"client.cookies['sessionid'] = {client.cookies['sessionid'].value!r}\n"
        f"answer = client.post('/issues/{issue.pk}/void/', {{'reason': '重复登记', 'version': {issue.version}}})\n"
        "print(answer.status_code)\n"
    )
    gone = f"redis://127.0.0.1:{free_port()}/0"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment(REDIS_URL=gone), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip

    assert done.stdout.strip() in {"200", "302"}, done.stderr
    assert type(issue).objects.get(pk=issue.pk).state == "void"
    assert DirtyBucket.objects.exists()
    rollups.flush()
    assert rollups.differences() == []
    assert kept() == recount()


def test_two_beats_close_each_period_once():
    """Both make the slots of four missed nights, both hand them out, workers take them twice."""
    world = make_world()
    make_visit(world, datetime.date(2024, 5, 6), submitted_at=at(datetime.date(2024, 5, 6)))
    beats = [threading.Thread(target=_tick_and_close) for _beat in range(2)]
    for beat in beats:
        beat.start()
    for beat in beats:
        beat.join()
    with working() as worker:
        wait_for(worker.children, 60, "the worker has no children")
        closing = Slot.objects.filter(name__startswith="insight.")
        assert closing.count() >= 4 * 4
        wait_for(lambda: not closing.filter(finished_at=None).exists(), 60, "slots are left")

    assert not closing.exclude(attempts=1).exists()
    starts = list(Closing.objects.filter(grain="month").values_list("starts_on", flat=True))
    assert len(starts) == len(set(starts)) > 0
    assert datetime.date(2024, 5, 1) in starts


def _tick_and_close() -> None:
    try:
        tick()
    finally:
        connection.close()
