"""What is done around a dispute without moving it, and with one of its parts: each a small form in place of «下一步»."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from unionops.casework.models import FollowUp
from unionops.org.errors import Text
from unionops.org.events import kind_of
from unionops.org.models import User
from unionops.org.views.answers import data, person, version

from ..actions import agreements, care, confirmations, intake, recusals, sessions, team
from ..enums import CONFIRMATION_TRANSITIONS, RecusalState, Relation
from ..forms import agreements as agreed
from ..forms import parts as forms
from ..forms.asking import Asking
from ..models import (
    Agent,
    Agreement,
    Confirmation,
    Dispute,
    LimitationEvent,
    Obligation,
    Offer,
    Party,
    Recusal,
    SessionNote,
    Share,
    TeamMember,
)
from ..permissions import (
    check_asks_recusal,
    check_confirmation_step,
    check_decides_recusal,
    check_edits_parties,
    check_keeps_team,
    check_may_confirm,
    check_may_follow_up,
    check_may_fulfil,
    check_may_make_offer,
    check_may_mark,
    check_may_press,
    check_may_recuse,
    check_may_release,
    check_records,
    check_relation,
)
from ..policies import standing_agreement
from .finding import visible_dispute
from .steps import in_place


class Care(NamedTuple):
    """Something around the case; ``versioned`` where it is checked against what the person saw."""

    title: Text
    form: type[Asking]
    check: Callable[[User, Dispute], Any]
    action: Callable[..., Any]
    versioned: bool = True
    # What is done ends one's way to the case.
    leaves: bool = False


def _may_apply(user: User, case: Dispute) -> None:
    """There is an agreement that has effect: before that no way of confirmation can be told."""
    check_may_confirm(user, case)
    standing_agreement(case)


CARE = {
    "note": Care(_("记进展"), forms.NoteForm, check_records, care.add_note, versioned=False),
    "parties": Care(_("加当事人"), forms.AddPartiesForm, check_edits_parties, intake.add_parties),
    "elect": Care(_("推举代表"), forms.ElectForm, check_edits_parties, intake.elect),
    "add_member": Care(_("加办案人员"), forms.AddMemberForm, check_keeps_team, team.add_member),
    "share": Care(_("共享给联动单位"), forms.ShareForm, check_keeps_team, team.share),
    "offer": Care(_("登记要求或出价"), forms.OfferForm, check_may_make_offer, sessions.make_offer),
    "limitation": Care(_("登记时效事件"), forms.LimitationForm, check_records, care.record_limitation_event),
    "recuse": Care(_("申报回避"), forms.RecuseForm, check_may_recuse, recusals.declare, leaves=True),
    "ask_recusal": Care(_("登记回避申请"), forms.AskRecusalForm, check_asks_recusal, recusals.ask),
    "confirmation": Care(_("申请确认"), agreed.ApplyForm, _may_apply, confirmations.apply),
}


@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    wanted = CARE.get(name)
    if wanted is None:
        raise Http404
    case, user = visible_dispute(request, pk), person(request)
    wanted.check(user, case)
    form = wanted.form(data(request), request.FILES or None, user=user, dispute=case)

    def act(**fields: Any) -> None:
        known = {"version": version(request)} if wanted.versioned else {}
        wanted.action(case, by=user, **known, **fields)

    leads = reverse("casework:home") if wanted.leaves else ""
    return in_place(request, case, form, title=wanted.title, name=name, act=act, leads=leads)


class Part(NamedTuple):
    """Something about one part of the case: which rows a person finds, who may, what is done with it."""

    title: Text
    form: type[Asking]
    rows: Callable[[User, Dispute], QuerySet[Any]]
    check: Callable[[User, Any, Dispute], None]
    action: Callable[..., Any]
    # The action takes the case before the part.
    with_case: bool = False


def _parties(user: User, case: Dispute) -> QuerySet[Party]:
    return Party.objects.filter(dispute=case)


def _representatives(user: User, case: Dispute) -> QuerySet[Party]:
    return Party.objects.speaking(timezone.localdate()).filter(dispute=case)


def _agents(user: User, case: Dispute) -> QuerySet[Agent]:
    return Agent.objects.filter(party__dispute=case).select_related("party")


def _seats(user: User, case: Dispute) -> QuerySet[TeamMember]:
    return TeamMember.objects.filter(dispute=case, ended_at=None).select_related("user")


def _shares(user: User, case: Dispute) -> QuerySet[Share]:
    return Share.objects.filter(dispute=case, ended_at=None).select_related("organisation")


def _notes(user: User, case: Dispute) -> QuerySet[SessionNote]:
    return SessionNote.objects.visible_to(user).filter(session__dispute=case).select_related("session__dispute")


def _offers(user: User, case: Dispute) -> QuerySet[Offer]:
    return Offer.objects.visible_to(user).filter(dispute=case)


def _drafts(user: User, case: Dispute) -> QuerySet[Agreement]:
    return Agreement.objects.filter(dispute=case).select_related("dispute")


def _obligations(user: User, case: Dispute) -> QuerySet[Obligation]:
    return Obligation.objects.filter(agreement__dispute=case).select_related("agreement__dispute", "debtor", "creditor")


def _confirmations(user: User, case: Dispute) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(agreement__dispute=case).select_related("agreement__dispute")


def _follow_ups(user: User, case: Dispute) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(kind=kind_of(case), case_id=case.pk)


def _events(user: User, case: Dispute) -> QuerySet[LimitationEvent]:
    return LimitationEvent.objects.filter(dispute=case)


def _asked_recusals(user: User, case: Dispute) -> QuerySet[Recusal]:
    return Recusal.objects.filter(dispute=case, state=RecusalState.ASKED).select_related("seat__user", "asked_by")


def _edits(user: User, thing: Any, case: Dispute) -> None:
    check_edits_parties(user, case)


def _leads(user: User, thing: Any, case: Dispute) -> None:
    check_keeps_team(user, case)


def _mediates(user: User, thing: Any, case: Dispute) -> None:
    check_relation(user, case, frozenset({Relation.MEDIATOR}))


def _asks(user: User, thing: Any, case: Dispute) -> None:
    check_may_follow_up(user, case)


def _records(user: User, thing: Any, case: Dispute) -> None:
    check_records(user, case)


def _confirmation_step(verb: str) -> Part:
    def check(user: User, thing: Confirmation, case: Dispute) -> None:
        check_confirmation_step(user, thing, case, verb)

    return Part(
        CONFIRMATION_TRANSITIONS[verb].label, agreed.CONFIRMATION_FORMS[verb], _confirmations, check,
        confirmations.STEPS[verb],
    )  # fmt: skip


PARTS = {
    "consent": Part(_("登记调解意愿"), forms.ConsentForm, _parties, _edits, intake.record_consent),
    "agent": Part(_("加代理人"), forms.AgentForm, _parties, _edits, intake.add_agent),
    "end_agent": Part(_("结束代理"), forms.EndAgentForm, _agents, _edits, intake.end_agent),
    "end_party": Part(_("当事人退出"), forms.EndPartyForm, _parties, _edits, intake.end_party),
    "end_representative": Part(
        _("结束代表"), forms.EndRepresentativeForm, _representatives, _edits, intake.end_representative
    ),
    "end_member": Part(_("结束办案角色"), forms.EndMemberForm, _seats, _leads, team.end_member),
    "decide_recusal": Part(
        _("决定回避申请"), forms.DecideRecusalForm, _asked_recusals, check_decides_recusal, recusals.decide
    ),
    "end_share": Part(_("结束共享"), forms.EndShareForm, _shares, _leads, team.end_share),
    "release_note": Part(_("公开笔录"), forms.ReleaseForm, _notes, check_may_release, sessions.release_note),
    "sign_note": Part(_("登记笔录签名"), forms.SignNoteForm, _notes, _mediates, sessions.sign_note),
    "release_offer": Part(_("公开出价"), forms.ReleaseForm, _offers, check_may_release, sessions.release_offer),
    "mark": Part(_("登记签章"), agreed.MarkForm, _drafts, check_may_mark, agreements.record_marks),
    "withdraw_mark": Part(_("撤回签章"), agreed.WithdrawMarkForm, _drafts, check_may_mark, agreements.withdraw_mark),
    "fulfil": Part(_("登记履行"), agreed.FulfilForm, _obligations, check_may_fulfil, agreements.fulfil),
    "press": Part(_("催促履行"), agreed.PressForm, _obligations, check_may_press, agreements.press),
    "follow_up": Part(_("案后回访"), forms.FollowUpForm, _follow_ups, _asks, care.settle_follow_up, with_case=True),
    "evidence": Part(_("补时效证据"), forms.EvidenceForm, _events, _records, care.prove_limitation_event),
    **{f"confirmation_{verb}": _confirmation_step(verb) for verb in CONFIRMATION_TRANSITIONS},
}


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, pk: UUID, name: str, part: str) -> HttpResponse:
    if name not in PARTS:
        raise Http404
    wanted = PARTS[name]
    case, user = visible_dispute(request, pk), person(request)
    try:
        thing = get_object_or_404(wanted.rows(user, case), pk=part)
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    wanted.check(user, thing, case)
    form = wanted.form(data(request), request.FILES or None, user=user, dispute=case, thing=thing)

    def act(**fields: Any) -> None:
        if wanted.with_case:
            wanted.action(case, thing, by=user, **fields)
        else:
            wanted.action(thing, by=user, **fields)

    return in_place(request, case, form, title=wanted.title, name=f"{name}-{part}", act=act)
