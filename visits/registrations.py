"""What this room registers with the rooms below it at start-up."""

from django.utils.translation import gettext_lazy as _

from unionops.casework.frame import Room, register_room
from unionops.casework.home import Button, Panel, register_button, register_panel
from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.orphans import Owner, register_owner
from unionops.casework.search import SearchSource, register_search
from unionops.casework.subjects import Subject, register_subject
from unionops.casework.waiting import begun_by_me
from unionops.insight.rollups import register_rollup
from unionops.org.enums import CASE_ROLES, TOWN_ROLES
from unionops.org.handover import register_handover

from . import boards, counted, handover, indicators, jobs, packs, panels, queries
from .imports.flow import IMPORTING_ROLES, STORED_KINDS, named_files
from .models import Issue, Visit
from .permissions import REGISTERING_ROLES, VISITING_ROLES
from .rollups import VISIT_ROLLUPS


def register() -> None:
    register_rollup(VISIT_ROLLUPS)
    register_room(Room("visits", _("走访"), "journal-text", "visits:visits", 20, CASE_ROLES))
    register_room(
        Room("log", _("记走访"), "pencil-square", "visits:log", 21, TOWN_ROLES, tab=3, big=True, on_side=False)
    )
    register_room(Room("issues", _("诉求"), "chat-square-text", "visits:issues", 30, CASE_ROLES, tab=4))
    register_room(Room("imports", _("导入台账"), "file-earmark-arrow-up", "visits:imports", 85, IMPORTING_ROLES))
    register_button(Button(_("登记诉求"), "plus-lg", "visits:register", REGISTERING_ROLES))
    register_button(Button(_("记走访"), "pencil-square", "visits:log", TOWN_ROLES, primary=True))
    register_panel(Panel("agenda", 10, "visits/_home_agenda.html", CASE_ROLES, panels.agenda_panel))
    register_panel(Panel("week", 20, "visits/_home_week.html", VISITING_ROLES, panels.week_panel))
    register_panel(Panel("long", 30, "visits/_home_long.html", VISITING_ROLES, panels.long_panel))
    register_subject(Subject("issue", Issue, "visits:issue"))
    register_subject(Subject("visit", Visit, "visits:visit"))
    register_inbox(
        InboxSource(
            "issue",
            queries.issue_inbox,
            Issue.objects.waiting,
            elsewhere=queries.issues_elsewhere,
            begun_rows=queries.followed_inbox,
            begun=begun_by_me(Issue, "liaison"),
            department=queries.department_inbox,
            watched=queries.watched_inbox,
        )
    )
    register_inbox(InboxSource("visit", queries.visit_inbox, queries.visits_waiting))
    register_inbox(InboxSource("task", queries.task_inbox, queries.tasks_waiting))
    register_inbox(InboxSource("supervision", queries.supervision_inbox, queries.supervisions_waiting))
    register_inbox(InboxSource("sample", queries.sample_inbox))
    register_search(SearchSource("issue", _("诉求"), "chat-square-text", 20, queries.find_issues))
    register_search(SearchSource("visit", _("走访"), "journal-text", 30, queries.find_visits))
    register_handover("issue", _("在办诉求"), handover.preview, handover.move)
    register_owner("imports", Owner(STORED_KINDS, named_files))
    counted.declare()
    indicators.declare()
    boards.declare()
    packs.declare()
    jobs.register_jobs()
