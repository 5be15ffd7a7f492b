"""What the rooms below learn of services at start-up; each shape brings its own doors (doors.py)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.frame import Room, register_room
from unionops.org.enums import CASE_ROLES, Role
from visits.ways import Way, register_way

from . import demo
from .papers import registrations as papers
from .permissions import check_may_open_from
from .queries import outcome_for


def register() -> None:
    register_room(
        Room("services", pgettext_lazy("栏目", "服务"), "heart", "services:hub", 45, CASE_ROLES | {Role.ADMIN})
    )
    register_room(
        Room(
            "services_tab", pgettext_lazy("栏目", "服务"), "heart", "services:hub", 46, frozenset({Role.OFFICER}), tab=3,
            on_side=False,
        )
    )  # fmt: skip
    register_way(
        Way("service", _("转服务项目"), "heart", "services:choose_for_issue", check_may_open_from, outcome_for)
    )
    demo.declare()
    papers.register()
