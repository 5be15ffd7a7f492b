"""What the quarterly analysis registers with the rooms below it at start-up."""

from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.subjects import Subject, register_subject

from ..demo.more import register_demo
from . import indicators, jobs, packs, queries
from .demo import tell_of_quarters
from .models import Analysis, Reflection


def register() -> None:
    register_subject(Subject("analysis", Analysis, "analyses:analysis"))
    register_subject(Subject("reflection", Reflection, "analyses:reflection"))
    register_inbox(InboxSource("analysis", queries.analysis_inbox, Analysis.objects.waiting))
    register_inbox(InboxSource("reflection", queries.reflection_inbox, queries.reflections_returned))
    register_inbox(InboxSource("reflection_due", queries.reflection_due_inbox))
    indicators.declare()
    jobs.register_jobs()
    packs.declare()
    register_demo(tell_of_quarters)
