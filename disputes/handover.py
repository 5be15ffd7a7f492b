"""What moves when one mediator takes over from another: the open cases that one mediates for the centre, never the history."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from unionops.casework.moves import finish
from unionops.casework.notices import notify
from unionops.org.models import Organisation, User

from .actions.appointments import pass_on
from .actions.pen import hold_pen
from .models import Dispute, TeamMember
from .policies import conflicts


def open_cases(user: User, organisation: Organisation) -> QuerySet[Dispute]:
    """Open cases of the centre in which the person mediates today."""
    today = timezone.localdate()
    seats = TeamMember.objects.on(today).mediating().filter(user=user, ended_at=None)
    return (
        Dispute.objects.open()
        .filter(Q(pk__in=seats.values("dispute")) | Q(mediator=user), organisation=organisation)
        .order_by("pk")
    )


def preview(user: User, organisation: Organisation) -> int:
    return open_cases(user, organisation).count()


@transaction.atomic
def move(giver: User, taker: User, *, organisation: Organisation, by: User) -> int:
    """The taker mediates what the giver mediated. From what the taker must stand aside is left for the head to assign."""
    now = timezone.now()
    today = timezone.localdate(now)
    moved = 0
    for case in open_cases(giver, organisation).select_for_update(of=("self",), no_key=True):
        if conflicts(taker, case):
            continue
        given = [seat for seat in case.team.filter(user=giver) if seat.mediates and seat.holds_on(today)]
        held = [seat for seat in case.team.filter(user=taker) if seat.holds_on(today)]
        leads = case.mediator_id == giver.pk
        for seat in given:
            seat.ended_at = now
            seat.save(update_fields=["ended_at"])
        if held:
            held[0].is_lead = held[0].is_lead or leads
            held[0].save(update_fields=["is_lead"])
        elif given:
            TeamMember.objects.create(
                dispute=case, user=taker, seat=given[0].seat, is_lead=leads, valid_from=today, added_by=by
            )
        if leads:
            case.mediator = taker
        hold_pen(case)
        finish(case, "hand_over", by=by, now=now, **{"from": giver.name, "to": taker.name})
        notify(case, "hand_over", by=by, to={taker.pk}, now=now)
        pass_on(case, giver, by=by, now=now)
        moved += 1
    return moved
