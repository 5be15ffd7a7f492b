from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangesConfig(AppConfig):
    name = "visits.exchanges"
    label = "exchanges"
    verbose_name = _("月交流")

    def ready(self) -> None:
        from . import registrations  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        registrations.register()
