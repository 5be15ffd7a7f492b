from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "services"
    label = "services"
    verbose_name = _("服务项目")

    def ready(self) -> None:
        from .registrations import register  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        register()
