from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PacksConfig(AppConfig):
    name = "unionops.packs"
    label = "packs"
    verbose_name = _("材料")

    def ready(self) -> None:
        from . import registrations  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        registrations.register()
