"""The yearly spot check: a random draw that can be drawn again, and what was found (domain 4.1: at least thirty per cent)."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.waiting import Own, among
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.events import record_event
from unionops.org.models import User

from ..enums import DESK_ROLES
from ..models import Programme
from .enums import FileState, Found
from .models import Draw, HouseholdFile, Review, SpotCheck
from .permissions import at_desk, check_runs, in_town

LEAST_SHARE = 30
Now = datetime.datetime | None


def drawn(seed: str, numbers: Iterable[str], share: int) -> list[str]:
    """Those with the smallest hashes of seed and number; rounded up, so that the share is reached."""
    ordered = sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())
    return ordered[: -(-len(ordered) * share // 100)]


@transaction.atomic
def draw(programme: Programme, *, by: User, share: int = LEAST_SHARE, now: Now = None) -> Draw:
    """Draw among the files that are active today, once a year."""
    check_runs(by, programme.organisation_id)
    now = now or timezone.now()
    if not LEAST_SHARE <= share <= 100:
        raise ActionError(_("抽查不少于 %(n)d%%。") % {"n": LEAST_SHARE}, field="share")
    active = HouseholdFile.objects.filter(district=programme.district_id, state=FileState.ACTIVE)
    files = {file.number: file for file in active.order_by("number")}
    if not files:
        raise InvalidTransition(_("现在没有在档的，不用抽查。"))
    seed = secrets.token_hex(16)
    try:
        with transaction.atomic():
            made = Draw.objects.create(
                district_id=programme.district_id, year=timezone.localtime(now).year, share=share, population=len(files),
                seed=seed, drawn_by=by, drawn_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise InvalidTransition(_("今年已经抽过。")) from error
    chosen = drawn(seed, files, share)
    SpotCheck.objects.bulk_create(SpotCheck(draw=made, file=files[number]) for number in chosen)
    record_event(made, "draw", by=by, data={"seed": seed, "count": len(chosen), "numbers": chosen}, now=now)
    return made


def check_settles(user: User, check: SpotCheck) -> None:
    """The desk and the town of the household; not whoever judged the file last, who would check their own work."""
    if not (at_desk(user, check.file) or in_town(user, check.file)):
        raise NotAllowed(_("抽查由主办科室和镇街入户。"))
    if check.result:
        raise InvalidTransition(_("这户抽查已经做过。"))
    last = check.file.reviews.order_by("-on", "-pk").values_list("by", flat=True).first()
    if user.pk in (last, check.file.claim.verified_by_id):
        raise NotAllowed(_("核对或复核过这户的人不能抽查，请换一个人。"))


def waiting_for(user: User, *, town: bool) -> QuerySet[SpotCheck]:
    """Drawn households that this person may visit and nobody has: those of their towns, or all of their department.

    A household of no town is the department's own. Whoever judged a file last does not find it here.
    """
    scope = user.scope
    towns = [pk for pk in scope.towns if scope.holds(Role.TOWN, pk)]
    desks = [pk for pk in scope.departments if any(scope.holds(role, pk) for role in DESK_ROLES)]
    ours = Q(file__organisation__in=desks)
    wanted = Q(file__town__in=towns) | (ours & Q(file__town=None)) if town else ours
    last = Review.objects.filter(file=OuterRef("file")).order_by("-on", "-pk").values("by")[:1]
    rows = SpotCheck.objects.filter(wanted, result="", file__state=FileState.ACTIVE).annotate(
        judged=Coalesce(Subquery(last), Value(0), output_field=BigIntegerField()),
        verified=Coalesce("file__claim__verified_by", Value(0), output_field=BigIntegerField()),
    )
    return (
        rows.exclude(Q(judged=user.pk) | Q(verified=user.pk))
        .select_related("file__town", "draw")
        .order_by("draw__year", "pk")
    )


def waits() -> Iterable[QuerySet[SpotCheck]]:
    rows = SpotCheck.objects.filter(result="", file__state=FileState.ACTIVE)
    return rows.filter(among("file__organisation", Own.HOUSES)), rows.filter(among("file__town", Own.HOUSES))


@transaction.atomic
def settle(
    check: SpotCheck, *, by: User, visitors: Sequence[str], result: str, note: str = "", now: Now = None
) -> SpotCheck:
    """What two people found; a household that has changed is to be reviewed anew."""
    now = now or timezone.now()
    row = SpotCheck.objects.select_for_update(of=("self",), no_key=True).select_related("file__claim").get(pk=check.pk)
    check_settles(by, row)
    people = list(dict.fromkeys(name.strip() for name in visitors if name.strip()))
    if len(people) < 2:
        raise ActionError(_("入户要有两个人，请写两个人的姓名。"), field="visitors")
    if result != Found.TRUE and not note.strip():
        raise ActionError(_("请写看到的情况。"), field="note")
    row.visitors, row.result, row.note = people, result, note.strip()
    row.done_on, row.done_by = timezone.localdate(now), by
    row.save()
    record_event(row.file, "spot_check", by=by, data={"outcome": str(Found(result).label), "text": row.note}, now=now)
    return row
