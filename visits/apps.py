from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    label = "visits"
    verbose_name = _("走访")

    def ready(self) -> None:
        from . import registrations  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        registrations.register()
