"""Inspect, report, mend, check: what is found comes back until somebody else has seen that it is mended."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock, shift
from unionops.org.actions.saving import check_version
from unionops.org.actions.saving import lock as lock_row
from unionops.org.errors import ActionError, Conflict, required
from unionops.org.events import record_event
from unionops.org.models import User

from ...models import Programme
from ..enums import REPAIR_TRANSITIONS, RepairSource, RepairVerb, Result
from ..models import CheckList, Inspection, Place, Repair
from ..permissions import check_keeps, check_plans, check_repair
from ..queries import checklist_row

Now = datetime.datetime | None
REPAIR_DAYS, SERIOUS_DAYS = 7, 1
# So many reports of one place wait at a time from people without an account; then the office looks first.
MOST_PUBLIC = 20


@dataclass(frozen=True)
class Checked:
    """One item of the list as it was found."""

    label: str
    result: str
    serious: bool = False
    note: str = ""


def due_on(programme: Programme, day: datetime.date, *, is_serious: bool) -> datetime.date:
    """When a repair has to be done, in natural days (Programme.limits)."""
    days = programme.limit("serious_days", SERIOUS_DAYS) if is_serious else programme.limit("repair_days", REPAIR_DAYS)
    return day + datetime.timedelta(days=int(days))


@transaction.atomic
def inspect(
    place: Place,
    *,
    by: User,
    items: Sequence[Checked],
    on: datetime.date | None = None,
    note: str = "",
    now: Now = None,
) -> Inspection:
    """Keep the inspection whole; each item that failed becomes a repair with a deadline."""
    row = lock(place)
    check_keeps(by, row)
    now = now or timezone.now()
    on = on or timezone.localdate(now)
    if on > timezone.localdate(now):
        raise ActionError(_("巡查日期不能在将来。"), field="on")
    if not any(item.result in (Result.PASS, Result.FAIL) for item in items):
        raise ActionError(_("至少要有一项查过。"))
    failed = [item for item in items if item.result == Result.FAIL]
    made = Inspection.objects.create(
        district_id=row.district_id, place=row, on=on, by=by, note=note.strip(), made_at=now, failed=len(failed),
        passed=sum(item.result == Result.PASS for item in items),
        items=[{"label": one.label, "serious": one.serious, "result": one.result, "note": one.note} for one in items],
    )  # fmt: skip
    Repair.objects.bulk_create(
        Repair(
            district_id=row.district_id, place=row, inspection=made, source=RepairSource.INSPECTION, what=item.label[:120],
            detail=item.note, is_serious=item.serious, reported_by=by, reported_at=now,
            due_on=due_on(row.programme, on, is_serious=item.serious),
        )
        for item in failed
    )  # fmt: skip
    row.inspected_on = max(on, row.inspected_on or on)
    words = _("巡查，合格 %(passed)s 项，不合格 %(failed)s 项") % {"passed": made.passed, "failed": made.failed}
    finish(row, "record", by=by, now=now, what=words, text=note.strip())
    return made


@transaction.atomic
def report(
    place: Place, *, by: User, what: str, detail: str = "", is_serious: bool = False, source: str = RepairSource.OFFICE,
    now: Now = None,
) -> Repair:  # fmt: skip
    """Something is broken. From the public page anybody says so: the system account reports, and nothing of them is kept."""
    row = lock(place)
    now = now or timezone.now()
    if source != RepairSource.PUBLIC:
        check_keeps(by, row)
    elif row.repairs.filter(source=source, closed_on=None).count() >= MOST_PUBLIC:
        raise ActionError(_("这里已经有许多反映正在处理，谢谢您。"))
    what = required(what, _("请写哪里坏了。"), "what")
    made = Repair.objects.create(
        district_id=row.district_id, place=row, source=source, what=what[:120], detail=detail.strip(),
        is_serious=is_serious, reported_by=by, reported_at=now,
        due_on=due_on(row.programme, timezone.localdate(now), is_serious=is_serious),
    )  # fmt: skip
    finish(row, "record", by=by, now=now, what=_("报修：%(what)s") % {"what": what}, text=detail.strip())
    return made


@transaction.atomic
def move_repair(
    repair: Repair, verb: str, *, by: User, outcome: str = "", on: datetime.date | None = None, seen: str = "",
    now: Now = None,
) -> Repair:  # fmt: skip
    """One step of a repair. ``seen`` is the state in which the person saw it."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    place = lock(repair.place)
    row = Repair.objects.select_for_update(of=("self",), no_key=True).get(pk=repair.pk)
    row.place = place
    if seen and row.state != seen:
        raise Conflict(_("别人刚刚改了这张报修单。"), current_version=place.version)
    check_repair(by, row, verb)
    shift(row, REPAIR_TRANSITIONS, verb)
    if verb == RepairVerb.REPAIR:
        if on and on > today:
            raise ActionError(_("修好的日子不能在将来。"), field="on")
        row.repaired_by, row.repaired_on = by, on or today
    elif verb == RepairVerb.REJECT:
        row.repaired_by, row.repaired_on = None, None
    elif verb in (RepairVerb.CHECK, RepairVerb.DISMISS):
        row.closed_on = today
        if verb == RepairVerb.CHECK:
            row.checked_by = by
    if outcome:
        row.outcome = outcome[:200]
    row.save()
    label = REPAIR_TRANSITIONS[verb].label
    finish(
        place,
        "record",
        by=by,
        now=now,
        what=_("报修“%(what)s”%(verb)s") % {"what": row.what, "verb": label},
        text=outcome,
    )
    return row


@transaction.atomic
def set_checklist(programme: Programme, *, by: User, items: Sequence[str], version: int | None = None) -> CheckList:
    """What an inspection looks at from now on; earlier inspections keep what they looked at."""
    check_plans(by, programme)
    lines = [line.strip() for line in items if line.strip(" !！")]
    if not lines:
        raise ActionError(_("至少要有一项。"), field="items")
    # A programme that has no list of its own yet has no row to lock.
    row = checklist_row(lock_row(programme))
    check_version(row, version)
    row.items = lines
    row.save()
    record_event(programme, "checklist", by=by, data={"name": programme.name, "items": lines})
    return row
