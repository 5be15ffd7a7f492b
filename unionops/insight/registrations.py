"""What this room registers with the rooms below it at start-up."""

from django.utils.translation import gettext_lazy as _

from unionops.casework.frame import Room, register_room
from unionops.org.enums import DISTRICT_WIDE

from . import jobs
from .asking import FIGURE_ROLES


def register() -> None:
    register_room(Room("insight", _("看板"), "bar-chart-line", "insight:board", 60, FIGURE_ROLES))
    # Under a leader's thumb; a cadre's five places are taken by the day's work.
    register_room(
        Room("insight_tab", _("看板"), "bar-chart-line", "insight:board", 61, DISTRICT_WIDE, tab=4, on_side=False)
    )
    jobs.register_jobs()
