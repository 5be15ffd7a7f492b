from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    name = "disputes"
    label = "disputes"
    verbose_name = _("劳动争议调解")

    def ready(self) -> None:
        from .registrations import register  # noqa: PLC0415

        register()
