from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CounterConfig(AppConfig):
    name = "unionops.counter"
    label = "counter"
    verbose_name = _("自助服务")

    def ready(self) -> None:
        from . import jobs  # noqa: PLC0415 -- registers once models are loaded

        jobs.register_jobs()
