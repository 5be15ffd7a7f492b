from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    name = "unionops.casework"
    label = "casework"
    verbose_name = _("办件")

    def ready(self) -> None:
        from . import finding, jobs  # noqa: PLC0415 -- registers once models are loaded

        jobs.register_jobs()
        finding.register_directory()
