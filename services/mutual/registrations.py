from django.utils.translation import gettext_lazy as _

from visits.demo.more import register_demo
from visits.packs.scorecard import register_lines

from ..enums import Shape
from ..shapes import Panel, Specialty, register_panel, register_specialty
from . import cover, demo, indicators
from .enums import PROGRAMME


def register() -> None:
    cover.register()
    indicators.declare()
    register_lines(_("医疗互助"), indicators.CODES)
    register_panel(Panel("claim_mutual", 19, "mutual/_cover.html", cover.panel, Shape.CLAIM))
    register_specialty(Specialty(PROGRAMME, "mutual:plans", _("互助计划和参保"), "life-preserver"))
    register_demo(demo.load)
