"""The cases themselves: their room, what points at them, the inbox, the search, the way from an issue, the handover."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.frame import Room, register_room
from unionops.casework.home import Button, register_button
from unionops.casework.inbox import InboxSource, register_inbox
from unionops.casework.search import SearchSource, register_search
from unionops.casework.subjects import Subject, register_subject
from unionops.casework.waiting import begun_by_me
from unionops.org.enums import CASE_ROLES, Role
from unionops.org.handover import register_handover
from visits.ways import Way, register_way

from .. import handover, queries
from ..models import Confirmation, Dispute, SessionNote
from ..permissions import check_may_open_from

# Whoever may have a case to see: the people of a partner organisation by a seat in its team or by a share.
SEEING_ROLES = CASE_ROLES | {Role.PARTNER}
# Whose day it is: on a phone the room stands at the bottom.
HALL_ROLES = frozenset({Role.MEDIATOR, Role.HEAD, Role.PARTNER})


def register() -> None:
    register_room(Room("disputes", pgettext_lazy("栏目", "调解"), "intersect", "disputes:board", 40, SEEING_ROLES))
    register_room(
        Room(
            "disputes_tab",
            pgettext_lazy("栏目", "调解"),
            "intersect",
            "disputes:disputes",
            41,
            HALL_ROLES,
            tab=3,
            on_side=False,
        )
    )
    register_button(Button(_("登记争议"), "intersect", "disputes:register", frozenset({Role.HEAD, Role.MEDIATOR})))
    register_subject(Subject("dispute", Dispute, "disputes:dispute"))
    register_subject(Subject("sessionnote", SessionNote, "disputes:session"))
    register_subject(Subject("confirmation", Confirmation, "disputes:confirmation"))
    register_inbox(
        InboxSource(
            "dispute",
            queries.dispute_inbox,
            Dispute.objects.waiting,
            elsewhere=queries.disputes_elsewhere,
            begun_rows=queries.begun_inbox,
            begun=begun_by_me(Dispute),
            department=queries.centre_inbox,
            watched=queries.watched_inbox,
            masked=queries.masked_titles,
        )
    )
    register_inbox(InboxSource("dispute_followup", queries.follow_up_inbox))
    register_search(SearchSource("dispute", pgettext_lazy("栏目", "调解"), "intersect", 25, queries.find_disputes))
    register_handover("dispute", _("在办调解案件"), handover.preview, handover.move)
    register_way(Way("dispute", _("转调解立案"), "intersect", "disputes:from_issue", check_may_open_from))
