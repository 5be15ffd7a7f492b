"""The time limits and the working calendar of the office: each change is in the log and says which clocks it moved."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping

from django.db import models, transaction
from django.utils.translation import gettext as _

from unionops.china.days import InvalidNotice, announce_year
from unionops.china.models import CalendarDay, CalendarStamp
from unionops.org.actions.saving import change, check_columns, check_seen, lock
from unionops.org.errors import ActionError, NotAllowed
from unionops.org.events import record_event
from unionops.org.models import User, digest

from .deadlines import recompute_provisional
from .models import Term


def check_sets_rules(user: User) -> None:
    if not user.scope.administers:
        raise NotAllowed(_("办理时限和工作日历由系统管理员维护。"))


def _record(thing: models.Model, verb: str, *, by: User, data: dict[str, object]) -> None:
    """Limits and days belong to the whole office; each of the person's districts has the change in its log."""
    for district in sorted(by.scope.administers):
        record_event(thing, verb, by=by, data=data, district_id=district)


@transaction.atomic
def edit_term(term: Term, *, by: User, length: int, unit: str, source: str, version: int | None = None) -> Term:
    """Clocks that run keep what they had: a deadline copies its term when it starts."""
    check_sets_rules(by)
    row = lock(term, version=version)
    if changes := change(row, {"length": length, "unit": unit, "source": source}):
        check_columns(row)
        row.save(update_fields=list(changes))
        _record(row, "edit", by=by, data={"name": row.name, "changes": changes})
    return row


def calendar_version(*, locked: bool = False) -> int:
    """What was seen of the calendar: one for all its days, since a form may name any of them."""
    stamps = CalendarStamp.objects.filter(pk=1)
    return digest((stamps.select_for_update() if locked else stamps).values_list("stamp", flat=True))


@transaction.atomic
def set_day(
    *, by: User, date: datetime.date, is_workday: bool, name: str, notice: str, version: int | None = None
) -> int:
    """Enter one day as the notice says it, and confirm it. Returns how many running clocks moved."""
    check_sets_rules(by)
    check_seen(version, calendar_version(locked=True))
    day = CalendarDay.objects.select_for_update().filter(pk=date).first() or CalendarDay(date=date)
    changes = change(day, {"is_workday": is_workday, "name": name, "notice": notice, "confirmed": True})
    day.source = CalendarDay.Source.OFFICE
    check_columns(day, apart_from={"date"})
    day.save()
    moved = recompute_provisional()
    _record(day, "edit", by=by, data={"on": date, "changes": changes, "recomputed": moved})
    return moved


@transaction.atomic
def announce(
    *,
    by: User,
    year: int,
    rest: Mapping[datetime.date, str],
    work: Collection[datetime.date],
    notice: str,
    version: int | None = None,
) -> int:
    """Enter the holiday notice of a whole year. Returns how many running clocks moved."""
    check_sets_rules(by)
    check_seen(version, calendar_version(locked=True))
    try:
        days = announce_year(year, rest=rest, work=work, notice=notice)
    except InvalidNotice as error:
        raise ActionError(error.reason, field="rest" if error.code == "other_year" else "work") from error
    moved = recompute_provisional()
    _record(days[0], "announce", by=by, data={"year": year, "notice": notice, "recomputed": moved})
    return moved


def moved_by_announcing(
    *,
    by: User,
    year: int,
    rest: Mapping[datetime.date, str],
    work: Collection[datetime.date],
    notice: str,
    version: int | None = None,
) -> int:
    """How many clocks an announcement would move: it is done for real and taken back."""
    with transaction.atomic():
        moved = announce(by=by, year=year, rest=rest, work=work, notice=notice, version=version)
        transaction.set_rollback(True)
    return moved
