"""Closing a period freezes its rollups: figures that were reported stay what they were, and what comes later stands beside them.

A week closes when its late entries end, a month, quarter or year with the books of its last month (casework.periods); the
closing runs on any later day, makes up for every day that it was not run, and may run twice or on several workers at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.periods import closes_on, late_after
from unionops.joining import listed
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User

from . import rollups
from .models import Closing, Grain, Snapshot
from .periods import Kind, Period, containing
from .periods import start_of as start_of_day

ONE_DAY = datetime.timedelta(days=1)


class Restated(NamedTuple):
    """A frozen figure that the raw rows no longer bear out."""

    organisation_id: int
    starts_on: datetime.date
    measure: str
    frozen: int
    now: int


class Measure(NamedTuple):
    code: str
    name: str


class Frozen(NamedTuple):
    """A closed period of one organisation: each measure as it was reported, and as it is now."""

    starts_on: datetime.date
    closed_at: datetime.datetime
    frozen: list[int]
    now: list[int]
    # What was reported in words.
    text: str


class LateChange(NamedTuple):
    """One thing that happened to a row of a closed period; ``quote`` is what somebody wrote, in their own words."""

    at: datetime.datetime
    title: str
    url: str
    words: str
    quote: str = ""


@dataclass(frozen=True)
class Span:
    """A closed period of an organisation, and since when changes are late."""

    organisation: Organisation
    days: tuple[datetime.date, datetime.date]
    since: datetime.datetime
    # Of each kind of row.
    most: int = 200

    @property
    def start(self) -> datetime.datetime:
        return start_of_day(self.days[0])

    @property
    def end(self) -> datetime.datetime:
        return start_of_day(self.days[1] + ONE_DAY)


def late_changes(user: User, span: Span) -> list[LateChange]:
    """What this person may see of what changed in a closed period, the newest first."""
    found = [change for spec in rollups.specs() if spec.late for change in spec.late(user, span)]
    return sorted(found, key=lambda change: change.at, reverse=True)


def start_of(grain: str, day: datetime.date) -> datetime.date:
    """The first day of the week, month, quarter or year in which a day lies."""
    match grain:
        case Grain.WEEK:
            return day - datetime.timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)
    raise ValueError(grain)


def first_open(grain: str, today: datetime.date) -> datetime.date:
    """The first day of the oldest period that may not be closed yet."""
    start = start_of(grain, today)
    while True:
        last = start - ONE_DAY
        closed_after = late_after(last) if grain == Grain.WEEK else closes_on(last)
        if today > closed_after:
            return start
        start = start_of(grain, last)


def closed_among(days: Iterable[datetime.date]) -> list[Period]:
    """The closed months in which some of these days lie, and the closed weeks of those whose month is open."""
    days = set(days)
    months = _closed_of(Kind.MONTH, days)
    weeks = _closed_of(Kind.WEEK, {day for day in days if containing(day, Kind.MONTH) not in months})
    return [*months, *weeks]


def _closed_of(kind: Kind, days: set[datetime.date]) -> list[Period]:
    found = {containing(day, kind).first for day in days}
    closed = Closing.objects.filter(grain=kind, starts_on__in=found).order_by("starts_on")
    return [containing(first, kind) for first in closed.values_list("starts_on", flat=True)]


def check_reason(closed: Sequence[Period], reason: str) -> str:
    """What was reported is changed by nobody without a reason; returned is the reason, empty where none is needed."""
    reason = reason.strip()
    if closed and not reason:
        raise ActionError(
            _("%(periods)s 已经结账，改动要写理由。") % {"periods": listed(period.label for period in closed)},
            field="reason",
        )
    return reason


@transaction.atomic
def close_periods(grain: str, *, now: datetime.datetime | None = None) -> list[datetime.date]:
    """Freeze every period of a grain that is due and not closed. Return the first days of those that were closed now.

    The rollups are brought up to date under the lock of the flush and frozen before it is let go: what is committed
    later has a mark of its own, and shows as a restatement.
    """
    now = now or timezone.now()
    bound = first_open(grain, timezone.localdate(now))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [rollups.FLUSH_LOCK])
        rollups.flush()
        closed = _close(cursor, grain, bound, now)
        if closed:
            for spec in rollups.specs():
                pairs = ", ".join(f"'{measure}', {measure}" for measure in spec.measures)
                said = spec.text.replace("%", "%%")
                cursor.execute(
                    f"INSERT INTO {Snapshot._meta.db_table} (organisation_id, grain, starts_on, sort, figures, text, closed_at)"
                    f" SELECT organisation_id, grain, starts_on, %s, jsonb_build_object({pairs}), {said}, %s"
                    f" FROM {spec.rollup._meta.db_table} WHERE grain = %s AND starts_on = ANY(%s)",
                    [spec.code, now, grain, closed],
                )
    return closed


def _close(cursor: object, grain: str, bound: datetime.date, now: datetime.datetime) -> list[datetime.date]:
    firsts = [
        first
        for spec in rollups.specs()
        if (
            first := spec.rollup._default_manager.filter(grain=grain)
            .order_by("starts_on")
            .values_list("starts_on", flat=True)
            .first()
        )
    ]
    if not firsts:
        return []
    cursor.execute(  # type: ignore[attr-defined]
        f"INSERT INTO {Closing._meta.db_table} (grain, starts_on, closed_at)"
        " SELECT %s, start::date, %s FROM generate_series(%s::timestamp, %s::timestamp, %s::interval) AS start WHERE start < %s"
        " ON CONFLICT (grain, starts_on) DO NOTHING RETURNING starts_on",
        [grain, now, min(firsts), bound, rollups.LENGTHS[Grain(grain)], bound],
    )
    return sorted(row[0] for row in cursor.fetchall())  # type: ignore[attr-defined]


def frozen_periods(organisation_id: int, grain: str, most: int) -> tuple[list[Measure], list[Frozen]]:
    """All measures, and the newest closed periods; a period in which nothing was counted shows zeros."""
    return _frozen(organisation_id, grain, list(Closing.objects.filter(grain=grain).order_by("-starts_on")[:most]))


def frozen_period(organisation_id: int, grain: str, starts_on: datetime.date) -> tuple[list[Measure], Frozen] | None:
    """All measures, and one closed period; None when it is not closed."""
    names, found = _frozen(organisation_id, grain, list(Closing.objects.filter(grain=grain, starts_on=starts_on)))
    return (names, found[0]) if found else None


def _frozen(organisation_id: int, grain: str, closings: list[Closing]) -> tuple[list[Measure], list[Frozen]]:
    starts = [closing.starts_on for closing in closings]
    names: list[Measure] = []
    frozen: dict[datetime.date, list[int]] = {start: [] for start in starts}
    now: dict[datetime.date, list[int]] = {start: [] for start in starts}
    texts: dict[datetime.date, list[str]] = {start: [] for start in starts}
    wanted = {"organisation": organisation_id, "grain": grain, "starts_on__in": starts}
    for spec in rollups.specs():
        names += [
            Measure(measure, str(spec.rollup._meta.get_field(measure).verbose_name))  # type: ignore[union-attr]
            for measure in spec.measures
        ]
        kept = spec.rollup._default_manager.filter(**wanted).values("starts_on", *spec.measures)
        present = {row["starts_on"]: row for row in kept}
        reported = {snapshot.starts_on: snapshot for snapshot in Snapshot.objects.filter(**wanted, sort=spec.code)}
        for start in starts:
            figures = reported[start].figures if start in reported else {}
            texts[start] += [reported[start].text] if start in reported else []
            frozen[start] += [figures.get(measure, 0) for measure in spec.measures]
            now[start] += [present.get(start, {}).get(measure, 0) for measure in spec.measures]
    return names, [
        Frozen(
            closing.starts_on,
            closing.closed_at,
            frozen[closing.starts_on],
            now[closing.starts_on],
            "".join(texts[closing.starts_on]),
        )
        for closing in closings
    ]


def restatements(organisations: list[int], grain: str, since: datetime.date | None = None) -> list[Restated]:
    """What has changed in closed periods of these organisations, newest first; an absent row counts nothing."""
    found = []
    for spec in rollups.specs():
        values = ", ".join(
            f"('{measure}', coalesce((frozen.figures->>'{measure}')::int, 0), coalesce(kept.{measure}, 0))"
            for measure in spec.measures
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT o.id, c.starts_on, v.measure, v.frozen, v.now"
                f" FROM {Closing._meta.db_table} c CROSS JOIN unnest(%s::bigint[]) AS o(id)"
                f" LEFT JOIN {Snapshot._meta.db_table} frozen ON frozen.organisation_id = o.id AND frozen.grain = c.grain"
                "  AND frozen.starts_on = c.starts_on AND frozen.sort = %s"
                f" LEFT JOIN {spec.rollup._meta.db_table} kept ON kept.organisation_id = o.id AND kept.grain = c.grain"
                "  AND kept.starts_on = c.starts_on"
                f" CROSS JOIN LATERAL (VALUES {values}) AS v(measure, frozen, now)"
                " WHERE c.grain = %s AND v.frozen <> v.now AND (%s::date IS NULL OR c.starts_on >= %s)"
                " ORDER BY c.starts_on DESC, o.id, v.measure",
                [organisations, spec.code, grain, since, since],
            )
            found += [Restated(*row) for row in cursor.fetchall()]
    return found
