from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnalysesConfig(AppConfig):
    name = "visits.analyses"
    label = "analyses"
    verbose_name = _("季分析")

    def ready(self) -> None:
        from . import registrations  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        registrations.register()
