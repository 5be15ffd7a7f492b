"""What the rooms learn of care classes at start-up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from unionops.casework.tasks import Job, register_job
from visits.demo.more import register_demo

from ..activities.rules import Rule, register_rule
from ..enums import Shape
from ..shapes import Panel, Specialty, register_panel, register_specialty
from ..summary import register_figures
from . import demo, indicators, panels
from .actions import children, days
from .doings import register_own
from .enums import CODE
from .permissions import against


def register() -> None:
    register_rule(CODE, Rule(against=against, enrols=False, left=children.released, finished=days.finished))
    register_own()
    indicators.declare()
    register_figures(lambda programme: (indicators.RATE,) if programme.code == CODE else ())
    register_panel(Panel("childcare.file", 5, "childcare/_file.html", panels.class_file, shape=Shape.ACTIVITY))
    register_specialty(Specialty(CODE, "childcare:classes", _("托管班级和签到"), "people"))
    register_demo(demo.load)
    register_job(Job("childcare.forget", days.forget, hours=(3,)))
    register_job(Job("childcare.late_pick_up", days.alarm, minutes=5))
