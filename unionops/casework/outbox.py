from typing import Any

from .models import Outbox


def later(task: str, **arguments: Any) -> None:
    """Promise work in the current transaction; the relay sends it after the commit, at least once."""
    Outbox.objects.create(task=task, arguments=arguments)
