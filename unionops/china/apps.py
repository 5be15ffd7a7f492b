from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChinaConfig(AppConfig):
    name = "unionops.china"
    label = "china"
    verbose_name = _("工作日历")
