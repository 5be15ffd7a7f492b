"""Who works on a case and who else sees it; what keeps somebody from it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import lock
from unionops.casework.notices import notify
from unionops.org.enums import Role
from unionops.org.errors import ActionError, NotAllowed, required
from unionops.org.events import record_event
from unionops.org.models import Enterprise, Organisation, Person, Posting, User

from ..enums import MEDIATING_SEATS, OPPOSED, PARTISAN_SEATS, DisputeState, InterestKind, Seat, ShareKind
from ..models import Dispute, Interest, Share, TeamMember
from ..permissions import check_keeps_team
from ..policies import check_no_conflict
from .appointments import pass_on
from .moving import Now, touch
from .pen import hold_pen


@dataclass(frozen=True, kw_only=True)
class MemberDraft:
    """Somebody who takes a seat in the team of a case; ``until`` is the last day, None as long as the case lasts."""

    user: User
    seat: str = Seat.MEDIATOR
    side: str = ""
    until: datetime.date | None = None

    @property
    def mediates(self) -> bool:
        return self.seat in MEDIATING_SEATS


def seat_members(
    row: Dispute, members: Sequence[MemberDraft], *, by: User, lead: User | None, now: datetime.datetime
) -> list[TeamMember]:
    """Give seats within the caller's transaction; who holds the same seat already keeps it."""
    return [_seat(row, member, by=by, is_lead=member.user == lead, now=now) for member in members]


def _seat(row: Dispute, member: MemberDraft, *, by: User, is_lead: bool, now: datetime.datetime) -> TeamMember:
    today = timezone.localdate(now)
    _check_seat(row, member, today)
    held = next((seat for seat in row.team.filter(user=member.user) if seat.holds_on(today)), None)
    if held is not None:
        if (held.seat, held.side) != (member.seat, member.side):
            raise ActionError(
                _("%(name)s已经在本案任%(seat)s。") % {"name": member.user.name, "seat": held.get_seat_display()},
                field="members",
            )
        held.valid_to, held.is_lead = member.until, is_lead
        held.save(update_fields=["valid_to", "is_lead"])
        return held
    return TeamMember.objects.create(
        dispute=row,
        user=member.user,
        seat=member.seat,
        side=member.side,
        is_lead=is_lead,
        valid_from=today,
        valid_to=member.until,
        added_by=by,
    )


def _check_seat(row: Dispute, member: MemberDraft, today: datetime.date) -> None:
    """Posted in the district; a mediator of the centre there; nobody between sides to one of which they belong."""
    if member.until is not None and member.until < today:
        raise ActionError(_("结束日期不能早于今天。"), field="until")
    if row.team.filter(user=member.user, recused_at__isnull=False).exists():
        raise NotAllowed(_("%(name)s已在本案回避。") % {"name": member.user.name}, field="members")
    posts = Posting.objects.on(today).filter(user=member.user, user__is_active=True)
    if not posts.filter(organisation__district=row.district_id).exists():
        raise ActionError(_("%(name)s不在本区任职。") % {"name": member.user.name}, field="members")
    if member.side:
        if member.side not in OPPOSED or member.seat not in PARTISAN_SEATS:
            raise ActionError(_("只有工会代表和律师可以代表一方。"), field="side")
        if row.team.filter(user=member.user, side="").exists():
            raise NotAllowed(_("%(name)s在本案居中，不能代表一方。") % {"name": member.user.name}, field="members")
        return
    if (
        member.seat == Seat.MEDIATOR
        and not posts.filter(organisation=row.organisation_id, role__in=[Role.MEDIATOR, Role.HEAD]).exists()
    ):
        raise ActionError(_("%(name)s不是本中心的调解员。") % {"name": member.user.name}, field="members")
    check_no_conflict(member.user, row)


@transaction.atomic
def add_member(
    dispute: Dispute, *, by: User, member: MemberDraft, lead: bool = False, version: int | None = None, now: Now = None
) -> TeamMember:
    """Somebody joins the team while the case goes on; a new lead takes over the pen."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_keeps_team(by, row)
    if lead and not member.mediates:
        raise ActionError(_("首席由调解员担任。"), field="lead")
    if lead:
        row.team.filter(is_lead=True).update(is_lead=False)
    (seat,) = seat_members(row, [member], by=by, lead=member.user if lead else None, now=now)
    if lead:
        row.mediator = member.user
        hold_pen(row)
    touch(row, "add_member", by=by, now=now, name=member.user.name, seat=seat.get_seat_display(),
          side=seat.get_side_display())  # fmt: skip
    notify(row, "add_member", by=by, to={member.user.pk}, now=now)
    return seat


@transaction.atomic
def end_member(seat: TeamMember, *, by: User, reason: str, now: Now = None) -> TeamMember:
    """The seat ends at once. A case that is mediated never loses its lead: another is named first."""
    now = now or timezone.now()
    row = lock(seat.dispute)
    check_keeps_team(by, row)
    reason = required(reason, _("请写为什么结束。"), "reason")
    if row.mediator_id == seat.user_id and row.state in (DisputeState.MEDIATING, DisputeState.SUSPENDED):
        raise ActionError(_("请先指定另一位首席调解员。"), field="seat")
    seat.ended_at = now
    seat.save(update_fields=["ended_at"])
    touch(row, "end_member", by=by, now=now, name=seat.user.name, reason=reason)
    pass_on(row, seat.user, by=by, now=now)
    return seat


@transaction.atomic
def share(
    dispute: Dispute, *, by: User, organisation: Organisation, reason: str, until: datetime.date | None = None,
    kind: str = ShareKind.JOINT, version: int | None = None, now: Now = None,
) -> Share:  # fmt: skip
    """Let the people of a partner organisation see this case, until a day or until the file is closed."""
    now = now or timezone.now()
    row = lock(dispute, version=version)
    check_keeps_team(by, row)
    today = timezone.localdate(now)
    if organisation.district_id != row.district_id:
        raise ActionError(_("请选本区的单位。"), field="organisation")
    if until is not None and until < today:
        raise ActionError(_("结束日期不能早于今天。"), field="until")
    if row.shares.on(today).filter(organisation=organisation, ended_at=None).exists():
        raise ActionError(_("这个单位已经可以看到本案。"), field="organisation")
    found = Share.objects.create(
        dispute=row,
        organisation=organisation,
        kind=kind,
        reason=required(reason, _("请写共享的事由。"), "reason"),
        valid_from=today,
        valid_to=until,
        shared_by=by,
    )
    touch(row, "share", by=by, now=now, body=str(organisation), reason=found.reason, due_on=until)
    return found


@transaction.atomic
def end_share(share: Share, *, by: User, reason: str = "", now: Now = None) -> Share:
    """From now on the organisation no longer sees the case."""
    now = now or timezone.now()
    row = lock(share.dispute)
    check_keeps_team(by, row)
    share.ended_at = now
    share.save(update_fields=["ended_at"])
    touch(row, "end_share", by=by, now=now, body=str(share.organisation), reason=reason)
    return share


@transaction.atomic
def declare_interest(
    user: User, *, by: User, kind: str, enterprise: Enterprise | None = None, person: Person | None = None, name: str = "",
    note: str = "", valid_to: datetime.date | None = None, now: Now = None,
) -> Interest:  # fmt: skip
    """回避事项: somebody says, or a head records, between whom they do not mediate."""
    _check_keeps_interests(by, user)
    if kind not in InterestKind:
        raise ActionError(_("请选择关系。"), field="kind")
    if not (enterprise or person or name.strip()):
        raise ActionError(_("请写与谁有关系。"), field="name")
    interest = Interest.objects.create(
        user=user,
        kind=kind,
        enterprise=enterprise,
        person=person,
        name=name.strip(),
        note=note,
        declared_on=timezone.localdate(now),
        valid_to=valid_to,
        declared_by=by,
    )
    record_event(
        user, "declare_interest", by=by, data={"kind": interest.get_kind_display()}, district_id=_district(user)
    )
    return interest


@transaction.atomic
def end_interest(interest: Interest, *, by: User, reason: str, now: Now = None) -> Interest:
    """The relation holds no longer; whoever it kept out of a case until today stays out of that."""
    _check_keeps_interests(by, interest.user)
    reason = required(reason, _("请写为什么结束。"), "reason")
    interest.valid_to = timezone.localdate(now) - datetime.timedelta(days=1)
    interest.save(update_fields=["valid_to"])
    record_event(interest.user, "end_interest", by=by, data={"reason": reason}, district_id=_district(interest.user))
    return interest


def _district(user: User) -> int | None:
    return min(user.scope.member_of, default=None)


def _check_keeps_interests(by: User, user: User) -> None:
    scope = by.scope
    leads = any(scope.holds(Role.HEAD, centre) for centre in user.scope.departments)
    leads = leads or any(scope.holds(Role.LEADER, district) for district in user.scope.member_of)
    if by.pk != user.pk and not leads:
        raise NotAllowed(_("回避事项由本人申报，或由中心负责人登记。"))
