"""What the annual review registers with the rooms below it at start-up."""

from django.utils.translation import gettext_lazy as _

from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.search import SearchSource, register_search
from unionops.casework.subjects import Subject, register_subject

from ..demo.more import register_demo
from . import jobs, packs, queries
from .demo import tell
from .models import Review, Submission


def register() -> None:
    register_subject(Subject("review", Review, "reviews:review"))
    register_subject(Subject("submission", Submission, "reviews:submission"))
    register_inbox(InboxSource("assignment", queries.scoring_inbox, queries.scoring_waits))
    register_inbox(InboxSource("submission", queries.submission_inbox, queries.submissions_waiting))
    register_inbox(InboxSource("objection", queries.objection_inbox))
    register_search(SearchSource("submission", _("申报材料"), "journal-text", 50, queries.find_submissions))
    jobs.register_jobs()
    packs.declare()
    register_demo(tell)
