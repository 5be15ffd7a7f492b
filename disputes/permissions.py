"""Who may take which step with a dispute now. The page, the API and the action all ask here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unionops.casework.permissions import Choice
from unionops.joining import listed
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Organisation, User
from unionops.org.models.accounts import SYSTEM_USERNAME
from visits.enums import Verb as IssueVerb
from visits.models import Issue
from visits.permissions import check_can as check_can_with_issue

from .enums import (
    AFTER_EFFECT,
    BEFORE_EFFECT,
    CONFIRMATION_TRANSITIONS,
    END_STATES,
    OFFERED_SOURCES,
    OVER_STATES,
    REGISTERING_ROLES,
    SHARE_TRANSITIONS,
    TRANSITIONS,
    ConfirmationState,
    DisputeState,
    Relation,
    Seat,
    Verb,
)
from .models import Agreement, Confirmation, Dispute, Obligation, Offer, Recusal, SessionNote, Share, TeamMember

_DESK = frozenset({Relation.CASE_CLERK, Relation.HEAD})
_WORKING = frozenset({Relation.CASE_CLERK, Relation.HEAD, Relation.MEDIATOR})


class Facts(NamedTuple):
    """All that decides which steps are open to a person; equal facts give equal answers."""

    state: str
    held: frozenset[str]
    # Mediation was offered by the centre: no application came first (domain 3.6 row 3).
    offered: bool


def relations(user: User, dispute: Dispute, seats: Sequence[TeamMember] | None = None) -> frozenset[str]:
    """How the person stands to the dispute today. A right ends with the posting, or with the seat, that gave it.

    A list that has read the person's ``seats`` in its cases hands them over, ended ones as well.
    """
    if seats is not None:
        return _relations(user, dispute, seats)
    known: frozenset[str] | None = dispute.known_relations.get(user.pk)
    return _relations(user, dispute, None) if known is None else known


def _relations(user: User, dispute: Dispute, seats: Sequence[TeamMember] | None) -> frozenset[str]:
    scope = user.scope
    found: set[str] = set()
    if user.username == SYSTEM_USERNAME:
        found.add(Relation.SYSTEM)
    if dispute.district_id not in scope.member_of:
        return frozenset(found)
    if dispute.registered_by_id == user.pk:
        found.add(Relation.REGISTRAR)
    if scope.holds(Role.HANDLER, dispute.organisation_id):
        found.add(Relation.CASE_CLERK)
    if scope.holds(Role.HEAD, dispute.organisation_id) or scope.holds(Role.LEADER, dispute.district_id):
        found.add(Relation.HEAD)
    if seats is None:
        seats = list(TeamMember.objects.filter(dispute=dispute, user=user))
    if any(seat.recused_at is not None for seat in seats):
        # Whoever stood back has nothing to do with the case, whatever the post.
        return frozenset()
    found |= _by_seats(seats)
    # Whoever mediated it, at whatever time, does not ask the parties how it went (domain F1).
    asks = scope.holds(Role.CLERK, dispute.district_id) or found & _DESK
    if asks and not any(seat.mediates for seat in seats):
        found.add(Relation.FOLLOW_UP)
    return frozenset(found)


def _by_seats(seats: Sequence[TeamMember]) -> set[str]:
    today = timezone.localdate()
    held = [seat for seat in seats if seat.holds_on(today)]
    found: set[str] = {Relation.MEDIATOR for seat in held if seat.mediates}
    return found | {Relation.REPRESENTATIVE for seat in held if seat.seat in (Seat.UNION, Seat.LAWYER)}


def know_relations(user: User, dispute: Dispute, seats: Sequence[TeamMember] | None = None) -> frozenset[str]:
    """Read once how the person stands to this object of the case: a page asks dozens of checks about it.

    A page that has read the person's ``seats`` hands them over.

    Actions read the case anew under their lock, so that nothing is decided by what a page has known.
    """
    dispute.known_relations[user.pk] = relations(user, dispute, seats)
    return dispute.known_relations[user.pk]


def facts_of(user: User, dispute: Dispute, seats: Sequence[TeamMember] | None = None) -> Facts:
    return Facts(dispute.state, relations(user, dispute, seats), dispute.source in OFFERED_SOURCES)


def refuse(facts: Facts, verb: str) -> ActionError | None:
    """Return what stands against the verb: a wrong state, a wrong person, or an unmet condition."""
    transition = TRANSITIONS[verb]
    if facts.state not in transition.sources:
        state = DisputeState(facts.state).label
        return InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": state, "verb": transition.label})
    if facts.held.isdisjoint(transition.actors):
        actors = listed(Relation(actor).label for actor in transition.actors)
        return NotAllowed(_("这一步由%(actors)s来做。") % {"actors": actors})
    if verb == Verb.ACCEPT and facts.state == DisputeState.REGISTERED and not facts.offered:
        # Only what the centre offers itself is accepted without asking first (domain 3.6 rows 3 and 4).
        return NotAllowed(_("请先征询对方意愿。"))
    return None


def check_can(user: User, dispute: Dispute, verb: str) -> None:
    if error := refuse(facts_of(user, dispute), verb):
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


def choices(user: User, dispute: Dispute) -> tuple[Choice, ...]:
    return choices_for(facts_of(user, dispute), get_language() or "")


def check_may_register(user: User, centre: Organisation) -> None:
    """Centre staff for their centre; cadres, town unions, departments, clerks and leaders for any of their district."""
    if centre.kind != OrganisationKind.MEDIATION_CENTRE:
        raise ActionError(_("请选择调解中心。"), field="organisation")
    if user.username == SYSTEM_USERNAME:
        # What somebody without an account applies for at the public counter.
        return
    if not user.scope.has(*REGISTERING_ROLES) or centre.district_id not in user.scope.member_of:
        raise NotAllowed(_("您没有在这个调解中心登记争议的权限。"))


def check_may_open_from(user: User, issue: Issue) -> None:
    """Whoever may convert the issue, and may register for a centre of the district (domain 2.4 row 14)."""
    check_can_with_issue(user, issue, IssueVerb.CONVERT)
    if not user.scope.has(*REGISTERING_ROLES):
        raise NotAllowed(_("您没有在这个调解中心登记争议的权限。"))


def check_relation(user: User, dispute: Dispute, wanted: frozenset[str]) -> None:
    if relations(user, dispute).isdisjoint(wanted):
        actors = listed(Relation(actor).label for actor in Relation if actor in wanted)
        raise NotAllowed(_("这一步由%(actors)s来做。") % {"actors": actors})


def _check_not_archived(dispute: Dispute) -> None:
    if dispute.state in END_STATES:
        raise InvalidTransition(_("案件已经归档。"))


def check_edits_parties(user: User, dispute: Dispute) -> None:
    """Parties, agents, consent and claims change until an agreement has effect or the mediation is over."""
    if dispute.state not in BEFORE_EFFECT:
        raise InvalidTransition(_("调解已经结束，当事人不再更改。"))
    check_relation(user, dispute, frozenset({*_WORKING, Relation.REGISTRAR}))


def check_keeps_team(user: User, dispute: Dispute) -> None:
    """Seats and shares are given and ended by the head of the centre."""
    _check_not_archived(dispute)
    check_relation(user, dispute, frozenset({Relation.HEAD}))


def check_may_recuse(user: User, dispute: Dispute, seats: Sequence[TeamMember] | None = None) -> TeamMember:
    """Whoever holds a seat of the open case may stand back from it; returns the seat."""
    _check_not_archived(dispute)
    today = timezone.localdate()
    own = list(TeamMember.objects.filter(dispute=dispute, user=user)) if seats is None else seats
    seat = next((seat for seat in own if seat.user_id == user.pk and seat.holds_on(today)), None)
    if seat is None:
        raise NotAllowed(_("只有本案的办案人员申报回避。"))
    return seat


def check_asks_recusal(user: User, dispute: Dispute, seats: Sequence[TeamMember] | None = None) -> None:
    """What a party asks for is recorded at the window, at every stage in which somebody holds a seat.

    A page that has read the ``seats`` of the case hands them over.
    """
    _check_not_archived(dispute)
    check_relation(user, dispute, _DESK)
    today = timezone.localdate()
    if not any(seat.holds_on(today) for seat in (dispute.team.all() if seats is None else seats)):
        raise InvalidTransition(_("本案还没有办案人员，没有人可以回避。"))


def check_decides_recusal(user: User, recusal: Recusal, dispute: Dispute) -> None:
    """The head, or the leader; nobody about their own seat."""
    _check_not_archived(dispute)
    check_relation(user, dispute, frozenset({Relation.HEAD}))
    if recusal.seat.user_id == user.pk:
        raise NotAllowed(_("不能决定自己的回避，请分管领导决定。"))


def check_share_step(share: Share, dispute: Dispute, verb: str) -> None:
    """Whether a letter takes this answer now, whoever gives it."""
    transition = SHARE_TRANSITIONS[verb]
    if share.state not in transition.sources:
        raise InvalidTransition(
            _("现在是“%(state)s”，不能%(verb)s。") % {"state": share.get_state_display(), "verb": transition.label}
        )
    if share.ended_at is not None or not share.holds_on(timezone.localdate()):
        raise InvalidTransition(_("共享已经结束，不用再答复。"))
    _check_not_archived(dispute)


def check_answers_share(user: User, share: Share, dispute: Dispute, verb: str) -> None:
    """The organisation's own people answer for it."""
    check_share_step(share, dispute, verb)
    if all(place != share.organisation_id for _role, place in user.scope.posts):
        raise NotAllowed(_("由收到函件的单位答复。"))


def check_invites(user: User, dispute: Dispute) -> None:
    """Whoever works on the case for the centre sends a link to somebody outside."""
    _check_not_archived(dispute)
    check_relation(user, dispute, _WORKING)


def check_books(user: User, dispute: Dispute) -> None:
    _check_not_archived(dispute)
    check_relation(user, dispute, _WORKING)


def check_records(user: User, dispute: Dispute) -> None:
    """Limitation events, notes and files: whoever works on the case, also for a side."""
    _check_not_archived(dispute)
    check_relation(user, dispute, frozenset({*_WORKING, Relation.REPRESENTATIVE, Relation.REGISTRAR}))


def check_may_make_offer(user: User, dispute: Dispute) -> None:
    if dispute.state != DisputeState.MEDIATING:
        raise InvalidTransition(_("调解中才登记要求和出价。"))
    check_relation(user, dispute, frozenset({Relation.MEDIATOR}))


def check_may_release(user: User, secret: SessionNote | Offer, dispute: Dispute) -> None:
    """A mediator who heard it releases it, because the side that said it allows that; also of a file that is sealed."""
    check_relation(user, dispute, frozenset({Relation.MEDIATOR}))
    if secret.released_at is not None:
        raise InvalidTransition(_("这份内容已经公开。"))


def check_may_sign(user: User, dispute: Dispute) -> None:
    """Signatures under a note are recorded by its mediators while the file is open."""
    _check_not_archived(dispute)
    check_relation(user, dispute, frozenset({Relation.MEDIATOR}))


def check_may_mark(user: User, agreement: Agreement, dispute: Dispute) -> None:
    if dispute.state != DisputeState.AGREED or agreement.has_effect:
        raise InvalidTransition(_("协议待生效时才登记签章。"))
    check_relation(user, dispute, _WORKING)


def check_may_fulfil(user: User, obligation: Obligation, dispute: Dispute) -> None:
    if dispute.state not in (DisputeState.EFFECTIVE, DisputeState.BREACHED, DisputeState.TRANSFERRED):
        raise InvalidTransition(_("协议履行中才登记履行情况。"))
    if obligation.fulfilled_on is not None:
        raise InvalidTransition(_("这一项已经登记履行。"))
    check_relation(user, dispute, _DESK)


def check_may_press(user: User, obligation: Obligation, dispute: Dispute) -> None:
    if dispute.state not in AFTER_EFFECT or obligation.fulfilled_on is not None:
        raise InvalidTransition(_("这一项不需要催促。"))
    check_relation(user, dispute, _WORKING)


def check_may_confirm(user: User, dispute: Dispute) -> None:
    _check_not_archived(dispute)
    check_relation(user, dispute, _DESK)


def check_confirmation_step(user: User, confirmation: Confirmation, dispute: Dispute, verb: str) -> None:
    transition = CONFIRMATION_TRANSITIONS[verb]
    if confirmation.state not in transition.sources:
        state = ConfirmationState(confirmation.state).label
        raise InvalidTransition(_("现在是“%(state)s”，不能%(verb)s。") % {"state": state, "verb": transition.label})
    check_relation(user, dispute, frozenset(transition.actors))


def check_may_follow_up(user: User, dispute: Dispute) -> None:
    """Somebody of the desk or of the district's follow-up who was never a mediator of the case."""
    if Relation.FOLLOW_UP not in relations(user, dispute):
        raise NotAllowed(_("案后回访由没有参加本案调解的案管员或回访督办岗来做。"))


def check_may_answer_issue(user: User, dispute: Dispute) -> None:
    """Rights over the issue itself are those of visits; here only: there is one, and the case is over."""
    if dispute.issue_id is None:
        raise ActionError(_("本案不是由诉求转来的。"))
    if dispute.state not in OVER_STATES | END_STATES:
        raise InvalidTransition(_("案件还没有结束，不能答复诉求。"))


def check_may_reveal(user: User, dispute: Dispute) -> None:
    """Full numbers are read by whoever must call or deliver."""
    if relations(user, dispute).isdisjoint({*_WORKING, Relation.FOLLOW_UP, Relation.REGISTRAR}):
        raise NotAllowed(_("只有经办本案的人可以查看完整号码。"))
