"""Who may do what with an exchange, its decisions and the groups. Pages and actions all ask here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.casework.models import Case
from unionops.casework.permissions import Choice
from unionops.casework.transitions import Transition
from unionops.joining import listed
from unionops.org.enums import CASE_ROLES, Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User

from .enums import (
    DECISION_TRANSITIONS,
    EXCHANGE_TRANSITIONS,
    OPEN_EXCHANGE_STATES,
    DecisionRelation,
    DecisionVerb,
    ExchangeRelation,
    ExchangeState,
    ExchangeVerb,
)
from .models import Decision, Exchange
from .models.exchanges import CHAIRING_ROLES


def presides(user: User, district_id: int) -> bool:
    return any(user.scope.holds(role, district_id) for role in CHAIRING_ROLES)


def relations(user: User, exchange: Exchange) -> frozenset[str]:
    """How the person stands to the exchange today. A right ends with the posting that gave it."""
    found: set[str] = set()
    if presides(user, exchange.district_id):
        found.add(ExchangeRelation.LEADER)
        if exchange.chair_id == user.pk:
            found.add(ExchangeRelation.CHAIR)
    if user.scope.holds(Role.CLERK, exchange.district_id):
        found.add(ExchangeRelation.CLERK)
    return frozenset(found)


def decision_relations(user: User, decision: Decision) -> frozenset[str]:
    found: set[str] = set()
    if decision.owner_id == user.pk and decision.district_id in user.scope.member_of:
        found.add(DecisionRelation.OWNER)
    if presides(user, decision.district_id):
        found.add(DecisionRelation.LEADER)
    if user.scope.holds(Role.CLERK, decision.district_id):
        found.add(DecisionRelation.CLERK)
    return frozenset(found)


def _refuse(
    case: Case, transition: Transition, held: frozenset[str], words: type[ExchangeRelation | DecisionRelation]
) -> ActionError | None:
    if case.state not in transition.sources:
        return InvalidTransition(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": case.get_state_display(), "verb": transition.label}
        )
    if held.isdisjoint(transition.actors):
        actors = listed(words(actor).label for actor in transition.actors)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": actors})
    return None


def refuse(user: User, exchange: Exchange, verb: str) -> ActionError | None:
    """Return what stands against the verb: a wrong state, a wrong person, or an unmet condition."""
    transition = EXCHANGE_TRANSITIONS[verb]
    if error := _refuse(exchange, transition, relations(user, exchange), ExchangeRelation):
        return error
    match verb:
        case ExchangeVerb.SIGN if not exchange.attendance.filter(present=True).exists():
            return NotAllowed(_("纪要里还没有记到会的人。"), next_step=_("请先写纪要，勾上到会的人。"))
        case ExchangeVerb.REOPEN if exchange.state == ExchangeState.HELD and exchange.decisions.exists():
            return NotAllowed(_("已经有议定事项，不能退回会前。"), next_step=_("写错的事项可以“不再办理”。"))
    return None


def refuse_decision(user: User, decision: Decision, verb: str) -> ActionError | None:
    transition = DECISION_TRANSITIONS[verb]
    if error := _refuse(decision, transition, decision_relations(user, decision), DecisionRelation):
        return error
    # What one has done oneself is looked at by somebody else.
    if verb in (DecisionVerb.CONFIRM, DecisionVerb.RETURN) and user.pk == decision.owner_id:
        return NotAllowed(_("责任人不能确认自己办的事。"), next_step=_("请另一位分管领导或督办岗确认。"))
    return None


def check_can(user: User, exchange: Exchange, verb: str) -> None:
    if error := refuse(user, exchange, verb):
        raise error


def check_can_decision(user: User, decision: Decision, verb: str) -> None:
    if error := refuse_decision(user, decision, verb):
        raise error


def _sorted(found: list[Choice]) -> list[Choice]:
    return sorted(found, key=lambda choice: (bool(choice.reason), not choice.transition.usual))


def choices(user: User, exchange: Exchange) -> list[Choice]:
    """Every verb with the reason where it is not allowed; the usual step first."""
    return _sorted(
        [Choice(step, str(refuse(user, exchange, step.verb) or "")) for step in EXCHANGE_TRANSITIONS.values()]
    )


def decision_choices(user: User, decision: Decision) -> list[Choice]:
    return _sorted(
        [Choice(step, str(refuse_decision(user, decision, step.verb) or "")) for step in DECISION_TRANSITIONS.values()]
    )


def check_meets(user: User) -> None:
    if not user.scope.has(*CASE_ROLES):
        raise NotAllowed(_("您的岗位不参加月交流。"), next_step=_("领导、驻联干部、镇街和科室可以看各自参加的会。"))


def _check_keeps(user: User, exchange: Exchange) -> None:
    if not relations(user, exchange):
        raise NotAllowed(_("会务由分管领导和督办岗来做。"))


def check_may_arrange(user: User, exchange: Exchange) -> None:
    """Time, place, people, and what stands on the agenda: until the minutes are signed."""
    _check_keeps(user, exchange)
    if exchange.state not in OPEN_EXCHANGE_STATES:
        raise InvalidTransition(_("纪要已经签发，不能再改。"), next_step=_("要改的，请主持人先退回修改。"))


def check_may_refresh(user: User, exchange: Exchange) -> None:
    _check_keeps(user, exchange)
    if exchange.state not in (ExchangeState.PLANNED, ExchangeState.PUT_OFF):
        raise InvalidTransition(_("会已经开了，议程不再更新。"))


def check_may_minute(user: User, exchange: Exchange) -> None:
    """Minutes are taken and decisions made while the meeting is open: from its beginning until it is signed."""
    _check_keeps(user, exchange)
    if exchange.state != ExchangeState.HELD:
        raise InvalidTransition(
            _("现在是“%(state)s”，不能写纪要和议定事项。") % {"state": exchange.get_state_display()},
            next_step=_("开会以后、签发以前才能写。"),
        )


def check_may_call(user: User, district_id: int) -> None:
    if not presides(user, district_id) and not user.scope.holds(Role.CLERK, district_id):
        raise NotAllowed(_("月交流由分管领导或督办岗召集。"))


def check_keeps_groups(user: User, district_id: int) -> None:
    if not (presides(user, district_id) or user.scope.holds(Role.ADMIN, district_id)):
        raise NotAllowed(_("走访组由分管领导或系统管理员维护。"))
