"""What this room registers with the rooms below it at start-up."""

from django.utils.translation import gettext_lazy as _

from unionops.casework.frame import Room, register_room
from unionops.casework.orphans import Owner, register_owner
from unionops.casework.subjects import Subject, register_subject
from unionops.insight.asking import FIGURE_ROLES

from . import board, jobs
from .making import FILE, TEMPLATE, named_files
from .models import Download


def register() -> None:
    register_room(Room("downloads", _("材料和下载"), "file-earmark-arrow-down", "packs:downloads", 72, FIGURE_ROLES))
    register_subject(Subject("download", Download, "packs:download"))
    register_owner("packs", Owner(frozenset({FILE, TEMPLATE}), named_files))
    board.declare()
    jobs.register_jobs()
