"""回避: a member of the team stands back, or a party asks for it and the head decides (特邀调解规定 15; domain 3.6 row 6)."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock, shift
from unionops.casework.notices import notify_all, posted
from unionops.org.enums import Role
from unionops.org.errors import ActionError, required
from unionops.org.models import User

from ..enums import RECUSAL_TRANSITIONS, DisputeState, InterestKind, RecusalState, RecusalVerb
from ..models import Dispute, Party, Recusal, TeamMember
from ..permissions import check_asks_recusal, check_decides_recusal, check_may_recuse
from .appointments import pass_on
from .moving import Now, check_not_later, touch
from .pen import hold_pen
from .team import declare_interest


@transaction.atomic
def declare(
    dispute: Dispute, *, by: User, kind: str, reason: str, party: Party | None = None, also_later: bool = False,
    version: int | None = None, now: Now = None,
) -> Recusal:  # fmt: skip
    """Somebody of the team stands back and sees the case no longer; the head is told to put another in that place.

    ``also_later`` keeps the person out of every case of this party, as a declared interest does.
    """
    now = now or timezone.now()
    row = lock(dispute, version=version)
    seat = check_may_recuse(by, row)
    found = _record(row, seat, by=by, kind=kind, reason=reason, party=party, now=now, state=RecusalState.DECLARED)
    if also_later and party is not None:
        declare_interest(
            by, by=by, kind=kind, enterprise=party.enterprise, person=party.person, name=party.name, note=row.number, now=now
        )  # fmt: skip
    _stand_back(row, seat, now=now)
    touch(row, "recuse", by=by, now=now, name=by.name, seat=seat.get_seat_display())
    pass_on(row, by, by=by, now=now)
    _tell_heads(row, "recuse", seat, by=by, now=now)
    return found


@transaction.atomic
def ask(
    dispute: Dispute, *, by: User, seat: TeamMember, asked_by: Party, kind: str, reason: str, asked_on: datetime.date,
    version: int | None = None, now: Now = None,
) -> Recusal:  # fmt: skip
    """A party asks that somebody stand back; the window records it, the head decides, and until then nothing changes."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_asks_recusal(by, row)
    if seat.dispute_id != row.pk or not seat.holds_on(timezone.localdate(now)):
        raise ActionError(_("请选本案现在的办案人员。"), field="seat")
    if asked_by.dispute_id != row.pk:
        raise ActionError(_("请选本案的当事人。"), field="asked_by")
    if row.recusals.filter(seat=seat, state=RecusalState.ASKED).exists():
        raise ActionError(_("对这个人的回避申请还没有决定。"), field="seat")
    found = _record(
        row, seat, by=by, kind=kind, reason=reason, party=None, now=now, state=RecusalState.ASKED, asked_by=asked_by,
        asked_on=check_not_later(asked_on, now, "asked_on"),
    )  # fmt: skip
    touch(row, "ask_recusal", by=by, now=now, name=seat.user.name, party=asked_by.name)
    _tell_heads(row, "ask_recusal", seat, by=by, now=now)
    return found


@transaction.atomic
def decide(recusal: Recusal, *, by: User, granted: bool, note: str = "", now: Now = None) -> Recusal:
    """The head decides what a party has asked for; a refusal says why. Nobody decides about themselves."""
    now = now or timezone.now()
    row = lock(recusal.dispute)
    found = Recusal.objects.select_for_update(of=("self",)).select_related("seat__user").get(pk=recusal.pk)
    verb = RecusalVerb.GRANT if granted else RecusalVerb.DECLINE
    shift(found, RECUSAL_TRANSITIONS, verb)
    check_decides_recusal(by, found, row)
    if not granted:
        note = required(note, _("驳回要写理由。"), "note")
    found.decided_by, found.decided_at, found.decision_note = by, now, note
    found.save()
    if granted:
        _stand_back(row, found.seat, now=now)
    touch(row, f"{verb}_recusal", by=by, now=now, name=found.seat.user.name, note=note)
    if granted:
        pass_on(row, found.seat.user, by=by, now=now)
    told = {found.recorded_by_id, found.seat.user_id if not granted else None}
    notify_all([(row, f"{verb}_recusal", told)], by=by, now=now)
    return found


def _record(
    row: Dispute, seat: TeamMember, *, by: User, kind: str, reason: str, party: Party | None, now: datetime.datetime,
    state: str, asked_by: Party | None = None, asked_on: datetime.date | None = None,
) -> Recusal:  # fmt: skip
    if kind not in InterestKind:
        raise ActionError(_("请选择关系。"), field="kind")
    if party is not None and party.dispute_id != row.pk:
        raise ActionError(_("请选本案的当事人。"), field="party")
    return Recusal.objects.create(
        dispute=row, seat=seat, kind=kind, party=party, reason=required(reason, _("请写回避的理由。"), "reason"), state=state,
        asked_by=asked_by, asked_on=asked_on or timezone.localdate(now), recorded_by=by, recorded_at=now,
    )  # fmt: skip


def _stand_back(row: Dispute, seat: TeamMember, *, now: datetime.datetime) -> None:
    """Every seat of the person in this case ends. Of a panel the next one leads; else the pen lies with the centre."""
    row.team.filter(user=seat.user_id, ended_at=None).exclude(pk=seat.pk).update(ended_at=now)
    TeamMember.objects.filter(pk=seat.pk).update(ended_at=seat.ended_at or now, recused_at=now)
    if row.mediator_id == seat.user_id and row.state in (DisputeState.MEDIATING, DisputeState.SUSPENDED):
        today = timezone.localdate(now)
        others = row.team.on(today).mediating().filter(ended_at=None).select_related("user").order_by("pk")
        following = others.first()
        if following is not None:
            following.is_lead = True
            following.save(update_fields=["is_lead"])
        row.mediator = following.user if following else None
        hold_pen(row)


def _tell_heads(row: Dispute, verb: str, seat: TeamMember, *, by: User, now: datetime.datetime) -> None:
    """The head of the centre; where it is the head's own seat, the leader of the district."""
    heads = posted(row.organisation_id, {Role.HEAD})[Role.HEAD] - {seat.user_id}
    notify_all([(row, verb, heads or posted(row.district_id, {Role.LEADER})[Role.LEADER])], by=by, now=now)
