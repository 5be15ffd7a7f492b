"""Who keeps plans and lists. The page and the action both ask here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.org.enums import Role
from unionops.org.errors import InvalidTransition, NotAllowed
from unionops.org.models import User

from ..enums import DESK_ROLES
from ..models import Programme
from .enums import TRANSITIONS, PlanState
from .models import Plan, UnitEnrolment


def at_desk(user: User, programme: Programme) -> bool:
    return any(user.scope.holds(role, programme.organisation_id) for role in DESK_ROLES)


def check_keeps(user: User, programme: Programme) -> None:
    if not at_desk(user, programme):
        raise NotAllowed(_("互助计划由主办科室办理。"))


def check_step(user: User, plan: Plan, verb: str) -> None:
    check_keeps(user, plan.programme)
    if plan.state not in TRANSITIONS[verb].sources:
        raise InvalidTransition(_("现在是“%(state)s”，不能这样做。") % {"state": plan.get_state_display()})


def check_changes(user: User, plan: Plan) -> None:
    check_keeps(user, plan.programme)
    if plan.state != PlanState.DRAFT:
        raise InvalidTransition(_("已经开始参保，条款不能再改。"))


def check_enrols(user: User, plan: Plan, town_id: int | None) -> None:
    """The department, and a town for its own units, while the plan is open."""
    own_town = town_id is not None and user.scope.holds(Role.TOWN, town_id)
    if not (at_desk(user, plan.programme) or own_town):
        raise NotAllowed(_("参保名单由主办科室和单位所在的镇街登记。"))
    if plan.state != PlanState.OPEN:
        raise InvalidTransition(_("“%(plan)s”不在参保期，期间不能中途加入或退出。") % {"plan": plan})


def check_confirms(user: User, unit: UnitEnrolment) -> None:
    check_keeps(user, unit.plan.programme)
    if unit.paid_on is not None:
        raise InvalidTransition(_("已经登记到账。"))
    if unit.entered_by_id == user.pk:
        raise NotAllowed(_("登记名单的人不能登记到账，请换一个人。"))
