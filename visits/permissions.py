"""Who may take which step with an issue now. The page, the API and the action all ask here."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unionops.casework.permissions import Choice
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User
from unionops.org.models.accounts import SYSTEM_USERNAME

from .enums import APPEAL_DAYS, TRANSITIONS, UNDER_WAY, IssueState, Relation, Verb
from .models import Issue

# Roles that may register an issue without a visit (hotline, helper, meeting: domain 2.4 row 1).
REGISTERING_ROLES = frozenset({Role.LIAISON, Role.TOWN, Role.CLERK, Role.LEADER})
# Roles that make visits.
VISITING_ROLES = frozenset({Role.LIAISON, Role.TOWN})
# Where a department sent it back or the claimant was not satisfied, the leader rules (domain 2.1, 2.4 rows 8 and 18).
LEADER_RULES = frozenset({IssueState.DECLINED, IssueState.REOPENED})


class Facts(NamedTuple):
    """All that decides which steps are open; equal facts give equal answers."""

    state: str
    held: frozenset[str]
    handled_it: bool
    understood: bool
    declined: bool
    plan_proposed: bool
    appeal_over: bool


def relations(user: User, issue: Issue) -> frozenset[str]:
    """How the person stands to the issue today. A right ends with the posting that gave it."""
    scope = user.scope
    found: set[str] = set()
    if user.username == SYSTEM_USERNAME:
        found.add(Relation.SYSTEM)
    if issue.liaison_id == user.pk and issue.district_id in scope.member_of:
        found.add(Relation.REGISTRAR)
    if scope.holds(Role.LIAISON, issue.town_id):
        found.add(Relation.LIAISON)
    if scope.holds(Role.LEADER, issue.district_id):
        found |= {Relation.LEADER, Relation.DISPATCHER}
    if scope.holds(Role.CLERK, issue.district_id):
        found |= {Relation.FOLLOW_UP, Relation.DISPATCHER}
    if issue.lead_department_id in scope.departments or scope.holds(Role.TOWN, issue.lead_department_id):
        found.add(Relation.DEPARTMENT)
    return frozenset(found)


def facts_of(user: User, issue: Issue) -> Facts:
    return Facts(
        state=issue.state,
        held=relations(user, issue),
        handled_it=user.pk in (issue.handler_id, issue.answered_by_id)
        or issue.lead_department_id in user.scope.departments,
        understood=bool(issue.understood),
        declined=bool(issue.declined_count),
        plan_proposed=issue.plan_proposed,
        appeal_over=bool(issue.closed_at and timezone.now() - issue.closed_at > datetime.timedelta(days=APPEAL_DAYS)),
    )


def refuse(facts: Facts, verb: str) -> ActionError | None:
    """Return what stands against the verb: a wrong state, a wrong person, or an unmet condition."""
    transition = TRANSITIONS[verb]
    if facts.state not in transition.sources:
        state = IssueState(facts.state).label
        return InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": state, "verb": transition.label})
    if facts.held.isdisjoint(transition.actors):
        actors = listed(Relation(actor).label for actor in transition.actors)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": actors})
    match verb:
        case Verb.CONFIRM | Verb.REOPEN if facts.handled_it:
            # The person who asks the claimant is not one of those who handled the issue (domain 2.4 row 17).
            return NotAllowed(_("回访人不能是经办人或主办科室的人。"))
        case Verb.CLOSE_EXPLAINED if not facts.understood:
            return NotAllowed(_("反映人没有表示明白，请提交。"))
        case Verb.DISPATCH if facts.state in LEADER_RULES and Relation.LEADER not in facts.held:
            return NotAllowed(_("退单和重办由分管领导裁定后再交办。"))
        case Verb.DECLINE if facts.declined:
            return NotAllowed(_("已经退单一次，领导裁定后不能再退。"))
        case Verb.PLAN if not facts.plan_proposed:
            return NotAllowed(_("主办科室还没有拟整改清单。"))
        case Verb.APPEAL if facts.appeal_over:
            return NotAllowed(_("办结已超过 %(days)d 天，请登记新的诉求。") % {"days": APPEAL_DAYS})
    return None


def check_can(user: User, issue: Issue, verb: str) -> None:
    if error := refuse(facts_of(user, issue), verb):
        raise error


@lru_cache(maxsize=4096)
def choices_for(facts: Facts, language: str) -> tuple[Choice, ...]:
    """Every verb that has a button, with the reason where it is not allowed; the usual step first."""
    found = []
    for transition in TRANSITIONS.values():
        if transition.on_page:
            error = refuse(facts, transition.verb)
            found.append(Choice(transition, str(error) if error else ""))
    return tuple(sorted(found, key=lambda choice: (bool(choice.reason), not choice.transition.usual)))


def choices(user: User, issue: Issue) -> tuple[Choice, ...]:
    return choices_for(facts_of(user, issue), get_language() or "")


def check_may_register(user: User, *, town_id: int, district_id: int) -> None:
    """Liaison officers and town unions register for their towns, clerks and leaders for the district."""
    scope = user.scope
    district_wide = scope.holds(Role.CLERK, district_id) or scope.holds(Role.LEADER, district_id)
    if not (district_wide or town_id in scope.towns):
        raise NotAllowed(_("您没有在这个镇街登记诉求的权限。"))


def check_may_visit(user: User) -> None:
    """Whoever is stationed in a town of the district may log a visit anywhere in it: cadres stand in for each other."""
    if not user.scope.has(*VISITING_ROLES):
        raise NotAllowed(
            _("只有驻联干部和镇街工会工作者记走访。"), next_step=_("如果您刚接手驻联，请管理员先登记驻联周期。")
        )


def check_dispatcher(user: User, issue: Issue) -> None:
    if Relation.DISPATCHER not in relations(user, issue):
        raise NotAllowed(_("这件事由分管领导或督办岗来做。"))


def check_leader(user: User, issue: Issue) -> None:
    if Relation.LEADER not in relations(user, issue):
        raise NotAllowed(_("这件事由分管领导来做。"))


def check_takes_part(user: User, issue: Issue) -> None:
    """Whoever stands in any relation to the issue may add a note, a file or a link to it."""
    if not relations(user, issue):
        raise NotAllowed(_("您可以看这件诉求，但不参与办理。"))


def check_may_correct(user: User, issue: Issue) -> None:
    """The registrar corrects until it is submitted; dispatchers and the lead department at any time while it is open."""
    held = relations(user, issue)
    if not issue.is_open:
        raise InvalidTransition(_("这件诉求已经结束，不能再更正。"))
    if not held & {Relation.REGISTRAR, Relation.LIAISON, Relation.DISPATCHER, Relation.DEPARTMENT}:
        raise NotAllowed(_("您不能更正这件诉求的事实。"))


# An issue with one of these has been signed for and is not answered yet.
_IN_WORK = frozenset(UNDER_WAY) - {IssueState.SUSPENDED}
_REVEALING = frozenset({Relation.REGISTRAR, Relation.LIAISON, Relation.DEPARTMENT, Relation.FOLLOW_UP})


def _check_open(issue: Issue) -> None:
    if not issue.is_open:
        raise InvalidTransition(_("这件诉求已经结束。"))


def check_may_set_urgency(user: User, issue: Issue) -> None:
    check_dispatcher(user, issue)
    _check_open(issue)


def check_may_supervise(user: User, issue: Issue) -> None:
    check_dispatcher(user, issue)
    _check_open(issue)


def check_may_extend(user: User, issue: Issue) -> None:
    check_leader(user, issue)
    if issue.deadline_id is None or not issue.is_open:
        raise InvalidTransition(_("现在没有在走的期限。"))


def check_may_assign(user: User, issue: Issue) -> None:
    if not relations(user, issue) & {Relation.DEPARTMENT, Relation.DISPATCHER}:
        raise NotAllowed(_("由主办科室或交办岗指定经办人。"))
    if not issue.lead_department_id or issue.state not in _IN_WORK:
        raise InvalidTransition(_("签收之后才能换经办人。"))


def check_may_record_attempt(user: User, issue: Issue) -> None:
    if Relation.FOLLOW_UP not in relations(user, issue) or issue.state != IssueState.FOLLOWUP_DUE:
        raise NotAllowed(_("只有回访人在待回访时登记未联系上。"))


def check_may_reveal(user: User, issue: Issue) -> None:
    if relations(user, issue).isdisjoint(_REVEALING):
        raise NotAllowed(_("只有经办、回访和登记的人可以查看反映人。"))


def check_may_settle_sample(user: User, issue: Issue) -> None:
    """A sample is checked by a follow-up person who has not handled the issue (domain C03)."""
    if not user.scope.holds(Role.CLERK, issue.district_id) or user.pk in (issue.handler_id, issue.answered_by_id):
        raise NotAllowed(_("抽查由没有经办过的回访督办人来做。"))
