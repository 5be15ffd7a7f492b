"""What this room registers with the rooms below it at start-up."""

from django.utils.translation import gettext_lazy as _

from unionops.casework.frame import Room, register_room
from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.search import SearchSource, register_search
from unionops.casework.subjects import Subject, register_subject
from unionops.org.enums import CASE_ROLES
from unionops.org.handover import register_handover
from visits.demo.more import register_demo

from . import demo, handover, jobs, packs, queries
from .models import Decision, Exchange


def register() -> None:
    register_room(Room("meetings", _("会议与报告"), "people", "exchanges:exchanges", 70, CASE_ROLES))
    register_subject(Subject("exchange", Exchange, "exchanges:exchange"))
    register_subject(Subject("decision", Decision, "exchanges:decision"))
    register_inbox(InboxSource("decision", queries.decision_inbox, queries.decisions_waiting))
    register_inbox(InboxSource("exchange", queries.exchange_inbox))
    register_search(SearchSource("decision", _("议定事项"), "journal-check", 35, queries.find_decisions))
    register_handover("decision", _("月交流议定事项"), handover.preview, handover.move)
    jobs.register_jobs()
    packs.declare()
    register_demo(demo.tell)
