"""What this room registers with the rooms below it at start-up."""

from django.utils.translation import gettext_lazy as _

from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.search import SearchSource, register_search
from unionops.casework.subjects import Subject, register_subject

from . import jobs, queries
from .models import Issue, Visit


def register() -> None:
    register_subject(Subject("issue", Issue, "visits:issue"))
    register_subject(Subject("visit", Visit, "visits:visit"))
    register_inbox(
        InboxSource(
            "issue",
            queries.issue_inbox,
            elsewhere=queries.issues_elsewhere,
            department=queries.department_inbox,
            watched=queries.watched_inbox,
        )
    )
    register_inbox(InboxSource("task", queries.task_inbox))
    register_inbox(InboxSource("supervision", queries.supervision_inbox))
    register_inbox(InboxSource("sample", queries.sample_inbox))
    register_search(SearchSource("issue", _("诉求"), "chat-square-text", 20, queries.find_issues))
    register_search(SearchSource("visit", _("走访"), "journal-text", 30, queries.find_visits))
    jobs.register_jobs()
