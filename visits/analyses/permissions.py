"""Who may take which step with an analysis or a reflection now. Page and action both ask here."""

from __future__ import annotations

from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.permissions import Choice
from unionops.insight.periods import Period
from unionops.joining import listed
from unionops.org.enums import DISTRICT_WIDE, TOWN_ROLES, Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Posting, User

from .enums import (
    ANALYSIS_TRANSITIONS,
    REFLECTION_TRANSITIONS,
    WRITTEN,
    AnalysisRelation,
    AnalysisState,
    AnalysisVerb,
    Part,
    ReflectionRelation,
    ReflectionState,
    ReflectionVerb,
)
from .models import Analysis, Reflection, towns_served

# Whoever has a paper or a reflection to read.
READING_ROLES = DISTRICT_WIDE | TOWN_ROLES
# Whoever may have a past quarter prepared.
PREPARING_ROLES = frozenset({Role.CLERK, Role.LEADER})


class Facts(NamedTuple):
    """All that decides which steps are open."""

    state: str
    held: frozenset[str]
    of_district: bool
    # The sections without which it is not sent on, that are still empty.
    unwritten: tuple[str, ...]
    sent_it: bool


def relations(user: User, analysis: Analysis) -> frozenset[str]:
    scope = user.scope
    found = set()
    if scope.holds(Role.CLERK, analysis.district_id) or (
        analysis.subject_id in towns_served(user) and not analysis.of_district
    ):
        found.add(AnalysisRelation.DRAFTER)
    if scope.holds(Role.LEADER, analysis.district_id):
        found.add(AnalysisRelation.LEADER)
    if scope.holds(Role.CHIEF, analysis.district_id):
        found.add(AnalysisRelation.CHIEF)
    return frozenset(found)


def facts_of(user: User, analysis: Analysis) -> Facts:
    texts = {section.part: section.text for section in analysis.sections.all()}
    return Facts(
        state=analysis.state,
        held=relations(user, analysis),
        of_district=analysis.of_district,
        unwritten=tuple(part for part in WRITTEN if not texts.get(part, "").strip()),
        sent_it=analysis.submitted_by_id == user.pk,
    )


def refuse(facts: Facts, verb: str) -> ActionError | None:
    """Return what stands against the verb: a wrong state, a wrong person, or an unmet condition."""
    transition = ANALYSIS_TRANSITIONS[verb]
    if facts.state not in transition.sources:
        state = AnalysisState(facts.state).label
        return InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": state, "verb": transition.label})
    if verb == AnalysisVerb.REVIEW and not facts.of_district:
        return InvalidTransition(_("镇街的季分析由分管领导直接签发。"))
    if verb == AnalysisVerb.SIGN and facts.of_district and facts.state == AnalysisState.SUBMITTED:
        return InvalidTransition(_("全区的季分析先由分管领导审核，再由主要领导签发。"))
    actors: tuple[str, ...] = transition.actors
    if verb in (AnalysisVerb.SIGN, AnalysisVerb.REOPEN) and facts.of_district:
        actors = (AnalysisRelation.CHIEF,)
    if facts.held.isdisjoint(actors):
        names = listed(AnalysisRelation(actor).label for actor in actors)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": names})
    if verb == AnalysisVerb.SUBMIT and facts.unwritten:
        names = listed(Part(part).label for part in facts.unwritten)
        return NotAllowed(_("送审前请先写：%(parts)s。") % {"parts": names})
    if verb in (AnalysisVerb.REVIEW, AnalysisVerb.SIGN) and facts.sent_it:
        return NotAllowed(_("送审的人不能自己审签。"))
    return None


def check_can(user: User, analysis: Analysis, verb: str) -> None:
    if error := refuse(facts_of(user, analysis), verb):
        raise error


def choices(user: User, analysis: Analysis) -> list[Choice]:
    """Every verb, with the reason where it is not allowed; what may be done first."""
    facts = facts_of(user, analysis)
    found = [
        Choice(transition, str(error) if (error := refuse(facts, transition.verb)) else "")
        for transition in ANALYSIS_TRANSITIONS.values()
    ]
    return sorted(found, key=lambda choice: (bool(choice.reason), not choice.transition.usual))


def check_may_draft(user: User, analysis: Analysis) -> None:
    """Text and figures change only in the hands of the drafter."""
    if not analysis.is_draft:
        raise InvalidTransition(
            _("现在是“%(state)s”，正文和数字不能再改。") % {"state": analysis.get_state_display()},
            next_step=_("要改，请审签人先退回，或写明理由重新打开。"),
        )
    if not relations(user, analysis) & {AnalysisRelation.DRAFTER, AnalysisRelation.LEADER}:
        raise NotAllowed(_("正文由督办岗、分管领导和该镇街的驻联干部来写。"))


def check_reads(user: User) -> None:
    if not user.scope.has(*READING_ROLES):
        raise NotAllowed(_("您的岗位没有季分析。"), next_step=_("领导、督办岗、驻联干部和镇街工会可以看各自范围内的。"))


def check_prepares(user: User, district_id: int) -> None:
    if not any(user.scope.holds(role, district_id) for role in PREPARING_ROLES):
        raise NotAllowed(_("补编季分析由督办岗或分管领导来做。"))


# --- reflections


def check_writes(user: User, district_id: int, quarter: Period) -> None:
    """Whoever was stationed in a town of the district in the quarter hands in a reflection of it."""
    stationed = Posting.objects.filter(
        user=user, role=Role.LIAISON, organisation__district=district_id, valid_from__lte=quarter.last
    ).exclude(valid_to__lt=quarter.first)
    if not stationed.exists():
        raise NotAllowed(_("调研心得由当季驻联的干部来写。"))
    if quarter.first > timezone.localdate():
        raise InvalidTransition(_("这个季度还没有开始。"))


def stands(user: User, reflection: Reflection) -> frozenset[str]:
    found = set()
    if reflection.author_id == user.pk and reflection.district_id in user.scope.member_of:
        found.add(ReflectionRelation.AUTHOR)
    if reflection.district_id in user.scope.districts:
        found.add(ReflectionRelation.READER)
    return frozenset(found)


def refuse_reflection(user: User, reflection: Reflection, verb: str, *, is_signed: bool) -> ActionError | None:
    transition = REFLECTION_TRANSITIONS[verb]
    if reflection.state not in transition.sources:
        state = ReflectionState(reflection.state).label
        return InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": state, "verb": transition.label})
    if stands(user, reflection).isdisjoint(transition.actors):
        names = listed(ReflectionRelation(actor).label for actor in transition.actors)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": names})
    if verb == ReflectionVerb.RETURN and is_signed:
        return InvalidTransition(_("这个季度的季分析已经签发，心得不再退回。"))
    return None


def check_reflection(user: User, reflection: Reflection, verb: str, *, is_signed: bool) -> None:
    if error := refuse_reflection(user, reflection, verb, is_signed=is_signed):
        raise error


def check_may_edit_reflection(user: User, reflection: Reflection) -> None:
    if ReflectionRelation.AUTHOR not in stands(user, reflection):
        raise NotAllowed(_("心得只有作者能改。"))
    if not reflection.is_open:
        raise InvalidTransition(_("已经交上去了。要改，请督办岗或领导先退回。"))
