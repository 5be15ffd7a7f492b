from django.apps import AppConfig


class UnionOpsConfig(AppConfig):
    """The ground: commands to start, migrate and grant. It has no models."""

    name = "unionops"
    label = "unionops"

    def ready(self) -> None:
        # Whoever sends a task from a web process or a command must know the broker.
        from . import celery  # noqa: F401, PLC0415 -- settings are read by now
