"""Who may take which step with a case of a programme. The page, the API and the action all ask here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from unionops.casework.permissions import Choice
from unionops.joining import listed
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import User
from unionops.org.models.accounts import SYSTEM_USERNAME
from visits.enums import Verb as IssueVerb
from visits.models import Issue
from visits.permissions import check_can as check_can_with_issue

from .enums import DESK_ROLES, REGISTERING_ROLES, Relation
from .models import Programme, ServiceCase
from .shapes import kind_of_case


def relations(user: User, case: ServiceCase) -> frozenset[str]:
    """How the person stands to the case today. A right ends with the posting that gave it."""
    scope = user.scope
    found: set[str] = set()
    if user.username == SYSTEM_USERNAME:
        found.add(Relation.SYSTEM)
        # What came by a public door is the visitor's own: the system stands for whoever handed it in.
        if case.registered_by_id == user.pk:
            found.add(Relation.REGISTRAR)
    if case.district_id not in scope.member_of:
        return frozenset(found)
    if case.registered_by_id == user.pk:
        found.add(Relation.REGISTRAR)
    if case.holder_user_id == user.pk:
        found.add(Relation.ASSIGNEE)
    if any(scope.holds(role, case.organisation_id) for role in DESK_ROLES):
        found.add(Relation.DESK)
    if any(scope.holds(role, case.programme.audit_organisation_id or 0) for role in DESK_ROLES):
        found.add(Relation.AUDIT)
    if case.town_id is not None and scope.holds(Role.TOWN, case.town_id) and not case.programme.is_confidential:
        found.add(Relation.TOWN)
    if scope.holds(Role.LEADER, case.district_id):
        found.add(Relation.LEADER)
    if scope.holds(Role.CHIEF, case.district_id):
        found.add(Relation.CHIEF)
    return frozenset(found) | kind_of_case(case).relations(user, case)


def actors(programme: Programme, verb: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """Who takes a step: whom the programme names, else whom the shape names."""
    named = programme.deciders.get(f"verb:{verb}")
    return tuple(named) if named else usual


def refuse(user: User, case: ServiceCase, verb: str, held: frozenset[str] | None = None) -> ActionError | None:
    """What stands against the verb: a wrong state, a step before it, a wrong person, or an unmet condition."""
    kind, programme = kind_of_case(case), case.programme
    transition = kind.table[verb]
    label = programme.word("verb", verb, transition.label)
    if not kind.used(programme, verb):
        return InvalidTransition(_("“%(programme)s”没有这一步。") % {"programme": programme.name})
    if case.state not in transition.sources:
        if overtaken := kind.overtaken(user, case, verb):
            return overtaken
        return InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": case.state_words, "verb": label})
    if verb in kind.line and case.state in kind.line_states and verb != (ahead := kind.ahead(programme, case.state)):
        first = programme.word("verb", ahead, kind.table[ahead].label) if ahead else ""
        return InvalidTransition(_("请先%(first)s，再%(verb)s。") % {"first": first, "verb": label})
    held = relations(user, case) if held is None else held
    wanted = actors(programme, verb, transition.actors)
    if held.isdisjoint(wanted):
        names = listed(Relation(actor).label for actor in wanted if actor in Relation)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": names})
    return kind.against(user, case, verb)


def check_can(user: User, case: ServiceCase, verb: str) -> None:
    if error := refuse(user, case, verb):
        raise error


def choices(user: User, case: ServiceCase) -> list[Choice]:
    """Every verb of the programme that has a button, with the reason where it is not allowed; the usual step first."""
    kind, held = kind_of_case(case), relations(user, case)
    found = []
    for transition in kind.table.values():
        if transition.on_page and kind.used(case.programme, transition.verb):
            error = refuse(user, case, transition.verb, held)
            found.append(Choice(transition, str(error) if error else ""))
    return sorted(found, key=lambda choice: (bool(choice.reason), not choice.transition.usual))


def unmet(user: User, case: ServiceCase, found: list[Choice]) -> list[Choice]:
    """Of the choices the usual next step that is this person's to take, but for something that the case still lacks."""
    kind, held = kind_of_case(case), relations(user, case)
    if any(choice.is_allowed and choice.transition.usual for choice in found):
        return []
    return [
        choice
        for choice in found
        if choice.transition.usual
        and case.state in choice.transition.sources
        and (
            choice.transition.verb not in kind.line or kind.ahead(case.programme, case.state) == choice.transition.verb
        )
        and not held.isdisjoint(actors(case.programme, choice.transition.verb, choice.transition.actors))
    ]


def check_may_register(user: User, programme: Programme) -> None:
    if programme.retired_at is not None:
        raise InvalidTransition(_("“%(programme)s”已经停办。") % {"programme": programme.name})
    if programme.district_id not in user.scope.member_of or not user.scope.has(*REGISTERING_ROLES):
        raise NotAllowed(_("您没有登记“%(programme)s”的权限。") % {"programme": programme.name})


def check_may_open_from(user: User, issue: Issue) -> None:
    """Whoever may convert the issue, and may register a service (domain 2.4 row 14)."""
    check_can_with_issue(user, issue, IssueVerb.CONVERT)
    if not user.scope.has(*REGISTERING_ROLES):
        raise NotAllowed(_("您没有登记服务的权限。"))


_KEEPING = frozenset({Relation.DESK, Relation.TOWN, Relation.ASSIGNEE, Relation.REGISTRAR})


def check_records(user: User, case: ServiceCase) -> None:
    """Files and notes are kept by whoever works on the case, until it is closed."""
    if not case.is_open:
        raise InvalidTransition(_("这件事已经办结。"))
    if relations(user, case).isdisjoint(_KEEPING):
        raise NotAllowed(_("材料由经办的人保管。"))


def check_may_reveal(user: User, case: ServiceCase) -> None:
    """A full number is read by the department in charge; where nothing is confidential also by the town."""
    if relations(user, case).isdisjoint({Relation.DESK, Relation.TOWN}):
        raise NotAllowed(_("完整内容只有经办科室和镇街能看。"))


def check_configures(user: User, district_id: int) -> None:
    """Programmes, parameters and budgets are kept by the administrator of the district."""
    if district_id not in user.scope.administers:
        raise NotAllowed(_("服务项目由系统管理员设置。"))
