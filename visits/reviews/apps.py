from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "visits.reviews"
    label = "reviews"
    verbose_name = _("年评议")

    def ready(self) -> None:
        from . import registrations  # noqa: PLC0415 -- registers with the rooms below once models are loaded

        registrations.register()
