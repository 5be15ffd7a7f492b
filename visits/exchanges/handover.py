"""What moves when one person takes over from another: the decisions that the district's meetings left with them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from unionops.casework.moves import finish
from unionops.casework.notices import notify
from unionops.org.models import Organisation, Posting, User
from unionops.org.permissions import district_of

from .models import Decision


def preview(user: User, organisation: Organisation) -> int:
    """How many would move with this post: none while the person holds another one in the district."""
    return (
        0
        if _posts(user, organisation).exclude(organisation=organisation).exists()
        else _owed(user, organisation).count()
    )


@transaction.atomic
def move(giver: User, taker: User, *, organisation: Organisation, by: User) -> int:
    """Whoever leaves the district leaves nothing owed to its meetings; whoever keeps a post in it keeps one's word."""
    if _posts(giver, organisation).exists():
        return 0
    rows = list(_owed(giver, organisation).select_for_update(of=("self",), no_key=True))
    for row in rows:
        if row.holder_user_id == row.owner_id:
            row.holder_user = taker
        row.owner = taker
        finish(row, "hand_over", by=by, **{"from": giver.name, "to": taker.name})  # type: ignore[arg-type]
        notify(row, "hand_over", by=by, to={taker.pk})
    return len(rows)


def _owed(user: User, organisation: Organisation) -> QuerySet[Decision]:
    return Decision.objects.open().filter(owner=user, district=district_of(organisation)).order_by("pk")


def _posts(user: User, organisation: Organisation) -> QuerySet[Posting]:
    """The posts of today in the district of the organisation."""
    district = district_of(organisation)
    within = Q(organisation=district) | Q(organisation__district=district)
    return Posting.objects.on(timezone.localdate()).filter(within, user=user)
