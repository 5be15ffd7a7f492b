"""Who may work on an activity beside its steps. Pages and actions ask here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from ..enums import Relation
from ..permissions import relations
from .enums import ENROLLING, HELD, ActivityState
from .models import Activity
from .rules import rule_of

WORKING = frozenset({Relation.DESK, Relation.TOWN, Relation.ASSIGNEE, Relation.REGISTRAR})
PLANNING = frozenset({ActivityState.PLANNED, ActivityState.APPROVED, ActivityState.OPEN, ActivityState.FULL})
MONEY = frozenset({Relation.DESK})
BEFORE_THE_END = PLANNING | HELD


def check_works(user: User, activity: Activity, who: frozenset[str] = WORKING) -> None:
    if relations(user, activity).isdisjoint(who):
        raise NotAllowed(_("活动由主办科室、镇街和登记人来办。"))


def check_state(activity: Activity, states: Iterable[str]) -> None:
    if activity.state not in states:
        raise InvalidTransition(_("活动现在是“%(state)s”，不能这样做。") % {"state": activity.state_words})


def check_enrols(activity: Activity) -> None:
    if activity.state not in ENROLLING:
        raise InvalidTransition(
            _("活动现在是“%(state)s”，不接受报名。") % {"state": activity.state_words},
            next_step=_("请等发布报名以后再来。"),
        )


def against(user: User, row: Activity, verb: str) -> ActionError | None:
    """What stands against a step beside state and person: only the programme's own rule."""
    return rule_of(row).against(user, row, verb)
