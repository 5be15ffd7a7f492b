from django.apps import AppConfig


class UnionOpsConfig(AppConfig):
    """The ground: commands to start, migrate and grant. It has no models."""

    name = "unionops"
    label = "unionops"
