from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MutualConfig(AppConfig):
    name = "services.mutual"
    label = "mutual"
    verbose_name = _("职工医疗互助")

    def ready(self) -> None:
        from . import registrations  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        registrations.register()
