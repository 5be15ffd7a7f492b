"""A task that does nothing, and a way to know that it is done: what any task costs."""

import os
import uuid

import redis
from celery import Task, shared_task

from unionops.celery import app

__all__ = ["app"]


@shared_task(name="bench.nothing", ignore_result=True)
def nothing(key: str) -> None:
    _link().lpush(key, 1)


def _link() -> redis.Redis:
    # Longer than any wait below: a worker takes a while to start.
    return redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=60)


def back(task: Task) -> None:
    """Send a task and wait until it says that it is done."""
    key = f"bench-{uuid.uuid4()}"
    task.apply_async(kwargs={"key": key})
    if _link().brpop([key], timeout=30) is None:
        raise SystemExit("The task did not come back.")
