"""The days of a place: store, services, visitors, what people say, and the stars."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.enums import LinkKind
from unionops.casework.models import CaseLink
from unionops.casework.moves import finish, lock
from unionops.org.errors import ActionError, required
from unionops.org.events import kind_of
from unionops.org.models import User

from ...enums import Shape
from ...shapes import kind_for
from .. import hours
from ..catalogue import base_facilities
from ..enums import SHOWN
from ..models import Feedback, Place, Rating, ServiceGiven, Supply, SupplyMove, Tally
from ..permissions import check_judges, check_keeps
from ..rating import DEFAULTS, Measures, Rated, rate

Now = datetime.datetime | None
A_YEAR = datetime.timedelta(days=365)


def _past(on: datetime.date, now: datetime.datetime) -> datetime.date:
    if on > timezone.localdate(now):
        raise ActionError(_("日期不能在将来。"), field="on")
    return on


@transaction.atomic
def move_supply(
    place: Place, *, by: User, name: str, change: int, unit: str = "", low: int | None = None, note: str = "",
    on: datetime.date | None = None, now: Now = None,
) -> SupplyMove:  # fmt: skip
    """Bring in (more than nought) or give out (less); nobody gives out what is not there."""
    now = now or timezone.now()
    row = lock(place)
    check_keeps(by, row)
    name = required(name, _("请写物资名称。"), "name")
    if not change:
        raise ActionError(_("数量不能是零。"), field="count")
    supply = Supply.objects.select_for_update(no_key=True).filter(place=row, name=name).first()
    supply = supply or Supply(place=row, name=name, unit=unit.strip() or _("件"))
    if supply.balance + change < 0:
        raise ActionError(
            _("“%(name)s”只有 %(left)s %(unit)s。") % {"name": name, "left": supply.balance, "unit": supply.unit},
            field="count",
        )
    supply.balance += change
    supply.unit = unit.strip() or supply.unit
    supply.low = supply.low if low is None else low
    supply.save()
    made = SupplyMove.objects.create(
        supply=supply, on=_past(on or timezone.localdate(now), now), change=change, note=note.strip(), by=by
    )
    words = _("物资“%(name)s”入库 %(n)s %(unit)s") if change > 0 else _("物资“%(name)s”领出 %(n)s %(unit)s")
    finish(row, "record", by=by, now=now, what=words % {"name": name, "n": abs(change), "unit": supply.unit}, text=note)
    return made


@transaction.atomic
def give_service(
    place: Place, *, by: User, kind: str, people: int, on: datetime.date | None = None, what: str = "",
    activity_number: str = "", now: Now = None,
) -> ServiceGiven:  # fmt: skip
    """Something was brought to the workers here; the people whom it reached are counted with the place.

    Where it was an activity, each of the two names the other from now on.
    """
    now = now or timezone.now()
    row = lock(place)
    check_keeps(by, row)
    activity = _activity(activity_number.strip(), by)
    made = ServiceGiven.objects.create(
        place=row, kind=kind, people=people, on=_past(on or timezone.localdate(now), now), what=what.strip(),
        activity_number=activity.number if activity else "", by=by,
    )  # fmt: skip
    if activity is not None:
        CaseLink.objects.get_or_create(
            from_kind=kind_of(row), from_id=row.pk, to_kind=kind_of(activity), to_id=activity.pk,
            defaults={"sort": LinkKind.RELATED, "made_by": by},
        )  # fmt: skip
    row.people_served += people
    words = _("%(kind)s，服务 %(n)s 人") % {"kind": made.get_kind_display(), "n": people}
    finish(row, "record", by=by, now=now, what=words, text=what.strip())
    return made


def _activity(number: str, by: User) -> Any:
    """The activity of this number among those that the person sees; None where none is named."""
    if not number:
        return None
    found = kind_for(Shape.ACTIVITY).model.objects.visible_to(by).filter(number__iexact=number).first()
    if found is None:
        raise ActionError(_("没有编号为 %(number)s 的活动。") % {"number": number}, field="activity_number")
    return found


@transaction.atomic
def count_visits(place: Place, *, by: User, visits: int, on: datetime.date | None = None, now: Now = None) -> Tally:
    """How many came on a day; a second count of the day takes the place of the first."""
    now = now or timezone.now()
    row = lock(place)
    check_keeps(by, row)
    on = _past(on or timezone.localdate(now), now)
    known = Tally.objects.select_for_update(no_key=True).filter(place=row, on=on).first()
    before = known.visits if known else 0
    tally = known or Tally(place=row, on=on)
    tally.visits, tally.by = visits, by
    tally.save()
    row.visits = row.visits + visits - before
    finish(row, "record", by=by, now=now, what=_("%(day)s 到访 %(n)s 人次") % {"day": on.isoformat(), "n": visits})
    return tally


@transaction.atomic
def give_feedback(place: Place, *, by: User, stars: int, text: str = "", now: Now = None) -> Feedback:
    """A visitor's stars; ``by`` is the system account, for the visitor has none."""
    row = lock(place)
    if row.state not in SHOWN:
        raise ActionError(_("这里现在不开放评价。"))
    if not 1 <= stars <= 5:
        raise ActionError(_("请选一到五颗星。"), field="stars")
    return Feedback.objects.create(place=row, stars=stars, text=text.strip()[:200], at=now or timezone.now())


def limit_of(place: Place, name: str) -> Decimal:
    return Decimal(str(place.programme.limit(name, DEFAULTS[name])))


def measures(place: Place, day: datetime.date) -> Measures:
    """What the standard measures, on the day: one year back from it."""
    since = day - A_YEAR
    wanted = base_facilities(place.programme.code)
    inspections = list(place.inspections.filter(on__gt=since, on__lte=day).order_by("-on", "-id"))
    last = inspections[0] if inspections else None
    late = place.repairs.filter(due_on__gt=since, due_on__lt=day).filter(
        Q(repaired_on__gt=F("due_on")) | Q(repaired_on=None, closed_on=None)
    )
    return Measures(
        base_facilities=len(set(wanted) & set(place.facilities)), base_wanted=len(wanted),
        extra_facilities=len(set(place.facilities) - set(wanted)), area=place.area, capacity=place.capacity,
        hours=Decimal(str(hours.hours_a_week(place.week))).quantize(Decimal("0.1")), inspections=len(inspections),
        passed=last.passed if last else 0, judged=last.judged if last else 0,
        services=place.services.filter(on__gt=since, on__lte=day).count(),
        failed=sum(one.failed for one in inspections), late=late.count(),
    )  # fmt: skip


def reckon(place: Place, day: datetime.date) -> Rated:
    return rate(measures(place, day), lambda name: limit_of(place, name))


@transaction.atomic
def give_stars(place: Place, *, by: User, on: datetime.date | None = None, now: Now = None) -> Rating:
    """Add up the standard and keep the sum as it stood; the place has these stars until the next rating."""
    now = now or timezone.now()
    row = lock(place)
    check_judges(by, row)
    day = _past(on or timezone.localdate(now), now)
    found = reckon(row, day)
    made = Rating.objects.create(
        place=row, on=day, by=by, lines=[line.as_json() for line in found.lines], total=found.total, stars=found.stars,
        held_back=found.held_back,
    )  # fmt: skip
    row.stars, row.rated_on = found.stars, day
    words = _("评定星级：%(total)s 分，%(stars)s 星") % {"total": found.total, "stars": found.stars}
    finish(row, "record", by=by, now=now, what=words, text=found.held_back)
    return made
