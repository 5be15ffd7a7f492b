"""Who may do what with a place beside its steps. The pages and the actions ask here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.casework.permissions import Choice
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from ..enums import DESK_ROLES, Relation
from ..models import Programme
from ..permissions import relations
from .enums import REPAIR_TRANSITIONS, SUGGESTION_TRANSITIONS, RepairVerb
from .models import Place, Repair, Suggestion

KEEPERS = frozenset({Relation.DESK, Relation.TOWN})


def check_keeps(user: User, place: Place) -> None:
    """The department in charge and the town look after a place: inspect it, mend it, stock it, count its visitors."""
    if not place.is_open:
        raise InvalidTransition(_("这处阵地已经撤销。"))
    if relations(user, place).isdisjoint(KEEPERS):
        raise NotAllowed(_("这里由项目经办和镇街工会维护。"))


def check_judges(user: User, place: Place) -> None:
    """Stars and honours are the department's."""
    if not place.is_open:
        raise InvalidTransition(_("这处阵地已经撤销。"))
    if Relation.DESK not in relations(user, place):
        raise NotAllowed(_("星级和荣誉由项目经办登记。"))


def repair_against(user: User, repair: Repair, verb: str, held: frozenset[str] | None = None) -> ActionError | None:
    transition = REPAIR_TRANSITIONS[verb]
    if repair.state not in transition.sources:
        return InvalidTransition(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": repair.get_state_display(), "verb": transition.label}
        )
    held = relations(user, repair.place) if held is None else held
    if held.isdisjoint(transition.actors):
        names = listed(Relation(actor).label for actor in transition.actors if actor in Relation)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": names})
    if verb in (RepairVerb.CHECK, RepairVerb.REJECT) and repair.repaired_by_id == user.pk:
        return NotAllowed(_("修好是您登记的，请换一个人复查。"))
    return None


def check_repair(user: User, repair: Repair, verb: str) -> None:
    if error := repair_against(user, repair, verb):
        raise error


def repair_choices(user: User, repair: Repair, held: frozenset[str] | None = None) -> list[Choice]:
    held = relations(user, repair.place) if held is None else held
    found = [(one, repair_against(user, repair, one.verb, held)) for one in REPAIR_TRANSITIONS.values()]
    return [Choice(one, str(error) if error else "") for one, error in found]


def is_desk_of(user: User, programme: Programme) -> bool:
    return any(user.scope.holds(role, programme.organisation_id) for role in DESK_ROLES)


def check_may_suggest(user: User, programme: Programme) -> None:
    if programme.district_id not in user.scope.member_of:
        raise NotAllowed(_("您不在这个区。"))
    check_is_running(programme)


def check_is_running(programme: Programme) -> None:
    if programme.retired_at is not None:
        raise InvalidTransition(_("“%(programme)s”已经停办。") % {"programme": programme.name})


def check_suggestion(user: User, suggestion: Suggestion, verb: str) -> None:
    transition = SUGGESTION_TRANSITIONS[verb]
    if not is_desk_of(user, suggestion.programme):
        raise NotAllowed(_("选址建议由项目经办答复。"))
    if suggestion.state not in transition.sources:
        raise InvalidTransition(_("这条建议已经答复。"))


def check_plans(user: User, programme: Programme) -> None:
    """The department in charge, the clerk and the leaders of the district write the plan and the list of checks."""
    scope = user.scope
    district = programme.district_id
    if is_desk_of(user, programme) or any(scope.holds(role, district) for role in (Role.CLERK, Role.LEADER)):
        return
    raise NotAllowed(_("规划和巡查清单由项目经办、综合办和分管领导设置。"))
