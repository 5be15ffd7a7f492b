import gc
from typing import Any

from django.apps import AppConfig


class UnionOpsConfig(AppConfig):
    """The ground: commands to start, migrate and grant. It has no models.

    It is the first of the apps: loading begins with it, and what all of them have loaded by the end stays.
    """

    name = "unionops"
    label = "unionops"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Loading leaves next to no garbage; to look for it again and again takes a sixth of a start.
        gc.disable()

    def ready(self) -> None:
        # Whoever sends a task from a web process or a command must know the broker.
        from . import celery  # noqa: F401, PLC0415 -- settings are read by now

        gc.freeze()
        gc.enable()
