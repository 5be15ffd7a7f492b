"""Rollups, exact and cheap: the touched (town, week) is recomputed from the raw rows, for every period that it lies in.

Nothing is added up or carried over, so running twice, late or after a crash changes nothing: a rollup row says what its raw
rows say in the snapshot in which its marks were taken. Days of the week belong to their own month: no week is split by rule.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models, transaction

from .models import DirtyBucket, Grain, Rollup, day_of

# Whoever flushes holds this: an older snapshot must never be written over a newer one.
FLUSH_LOCK = 6_840_121
# Marks that are taken at once, oldest weeks first: so a piece of a long history lies in few quarters and years.
MOST_MARKS = 500
LONGEST_STATEMENT = "5min"
LEVELS = ("town_id", "district_id")
LENGTHS = {Grain.WEEK: "7 days", Grain.MONTH: "1 month", Grain.QUARTER: "3 months", Grain.YEAR: "1 year"}


@dataclass(frozen=True)
class Source:
    """Raw rows that are counted by one of their times: a table with town_id and district_id."""

    model: type[models.Model]
    # A date, or a moment that counts on its day in the country.
    time: str
    # measure -> SQL aggregate over a row ``r``; its parameters stand in it as literals of `literal`
    measures: Mapping[str, str]

    @property
    def is_moment(self) -> bool:
        return isinstance(self.model._meta.get_field(self.time), models.DateTimeField)

    @property
    def day(self) -> str:
        """SQL of the day of a row ``r``."""
        return day_of(f"r.{self.time}") if self.is_moment else f"r.{self.time}"

    def bound(self, date: str) -> str:
        """SQL of the first instant of a day, comparable with the column itself, so that its index is used."""
        return f"({date}::timestamp AT TIME ZONE '{settings.TIME_ZONE}')" if self.is_moment else date


@dataclass(frozen=True)
class Spec:
    """What one rollup table holds; snapshots of it are kept under the code."""

    code: str
    rollup: type[Rollup]
    sources: Sequence[Source]

    @property
    def measures(self) -> list[str]:
        return [measure for source in self.sources for measure in source.measures]


class Flushed(NamedTuple):
    marks: int
    buckets: int
    # Rows that are new or say something else than before.
    written: int


class Difference(NamedTuple):
    """A cell that does not say what the raw rows say."""

    organisation_id: int
    grain: str
    starts_on: datetime.date
    measure: str
    kept: int
    counted: int


_specs: list[Spec] = []


def register_rollup(spec: Spec) -> None:
    _specs.append(spec)


def specs() -> list[Spec]:
    return list(_specs)


def literal(values: Iterable[str]) -> str:
    """A list of codes for IN (…); they are constants of the product, never input."""
    found = [str(value) for value in values]
    assert all(value.replace("_", "").isalnum() for value in found)
    return ", ".join(f"'{value}'" for value in sorted(found))


def flush(*, wait: bool = True) -> Flushed:
    """Take all marks and bring their rollups up to date; what is marked meanwhile waits for the next time.

    Without ``wait`` nothing is done while somebody else flushes: they take the same marks.
    """
    total = Flushed(0, 0, 0)
    while True:
        done = _flush_piece(wait=wait)
        total = Flushed(*(before + now for before, now in zip(total, done, strict=True)))
        if done.marks < MOST_MARKS:
            return total


@transaction.atomic
def _flush_piece(*, wait: bool) -> Flushed:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'")
        # A statement of its own: the snapshot of the next one is taken when the lock is held.
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FLUSH_LOCK])
        else:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FLUSH_LOCK])
            if cursor.fetchone() == (False,):
                return Flushed(0, 0, 0)
        cursor.execute(
            f"WITH gone AS (DELETE FROM {DirtyBucket._meta.db_table} WHERE id IN"
            f" (SELECT id FROM {DirtyBucket._meta.db_table} ORDER BY monday, id LIMIT %s) RETURNING town_id, district_id, monday)"
            " SELECT count(*), array_agg(DISTINCT (town_id, district_id, monday)::text) FROM gone",
            [MOST_MARKS],
        )
        marks, found = cursor.fetchone()
        if not marks:
            return Flushed(0, 0, 0)
        weeks = [_week(text) for text in found]
        # What was committed between the two statements is seen as well; its own marks only make it be looked at again.
        counts = [_recompute(cursor, spec, weeks) for spec in _specs]
    return Flushed(marks, *(sum(column) for column in zip(*counts, strict=True))) if counts else Flushed(marks, 0, 0)


def _week(text: str) -> tuple[int, int, datetime.date]:
    town, district, monday = text.strip("()").split(",")
    return int(town), int(district), datetime.date.fromisoformat(monday)


def _recompute(cursor: Any, spec: Spec, weeks: Sequence[tuple[int, int, datetime.date]]) -> tuple[int, int]:
    """Write the rows of every period in which the weeks lie. Return how many were looked at, and how many changed."""
    table, measures = spec.rollup._meta.db_table, spec.measures
    grains = ", ".join(f"('{grain}', interval '{length}')" for grain, length in LENGTHS.items())
    counted = [_counted(number, source) for number, source in enumerate(spec.sources)]
    values = [
        f"coalesce(s{number}.{measure}, 0)" for number, source in enumerate(spec.sources) for measure in source.measures
    ]
    joins = "".join(
        f" LEFT JOIN s{number} USING (organisation_id, grain, starts_on)" for number in range(len(spec.sources))
    )
    changed = ", ".join(f"{measure} = excluded.{measure}" for measure in measures)
    cursor.execute(
        "WITH mark AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS m(town_id, district_id, monday)),"
        " day AS MATERIALIZED (SELECT DISTINCT o.level, o.id AS organisation_id, m.monday + n AS day"
        "  FROM mark m CROSS JOIN LATERAL (VALUES ('town_id', town_id), ('district_id', district_id)) AS o(level, id)"
        "  CROSS JOIN generate_series(0, 6) AS n),"
        " bucket AS MATERIALIZED (SELECT DISTINCT level, organisation_id, g.grain,"
        "  date_trunc(g.grain, day::timestamp)::date AS starts_on,"
        "  (date_trunc(g.grain, day::timestamp) + g.length)::date AS ends_on"
        f"  FROM day CROSS JOIN (VALUES {grains}) AS g(grain, length)),"
        f" {', '.join(counted)},"
        f" written AS (INSERT INTO {table} AS kept (organisation_id, grain, starts_on, {', '.join(measures)})"
        f"  SELECT organisation_id, grain, starts_on, {', '.join(values)} FROM bucket{joins}"
        "  ORDER BY organisation_id, grain, starts_on"
        f"  ON CONFLICT (organisation_id, grain, starts_on) DO UPDATE SET {changed}"
        f"  WHERE ({', '.join(f'kept.{measure}' for measure in measures)})"
        f"   IS DISTINCT FROM ({', '.join(f'excluded.{measure}' for measure in measures)}) RETURNING 1)"
        " SELECT (SELECT count(*) FROM bucket), (SELECT count(*) FROM written)",
        [list(column) for column in zip(*weeks, strict=True)],
    )
    buckets, written = cursor.fetchone()
    return buckets, written


def _counted(number: int, source: Source) -> str:
    """The common table expression that counts a source for all buckets, each by the index of its level.

    LATERAL with aggregates holds the planner to one range of the index for each bucket: it cannot know how many buckets
    there are, and a hash join would compare each raw row with each bucket of its town.
    """
    aggregates = ", ".join(f"{aggregate} AS {measure}" for measure, aggregate in source.measures.items())
    table, time = source.model._meta.db_table, source.time
    parts = [
        "SELECT b.organisation_id, b.grain, b.starts_on, found.* FROM bucket b CROSS JOIN LATERAL"
        f" (SELECT {aggregates} FROM {table} r WHERE r.{level} = b.organisation_id"
        f" AND r.{time} >= {source.bound('b.starts_on')} AND r.{time} < {source.bound('b.ends_on')}) AS found"
        f" WHERE b.level = '{level}'"
        for level in LEVELS
    ]
    return f"s{number} AS MATERIALIZED ({' UNION ALL '.join(parts)})"


def mark_all(since: datetime.date | None = None) -> int:
    """Mark every week that has raw rows or rollups since a day. Return how many marks were made."""
    with connection.cursor() as cursor:
        made = 0
        for spec in _specs:
            for source in spec.sources:
                cursor.execute(
                    f"INSERT INTO {DirtyBucket._meta.db_table} (town_id, district_id, monday)"
                    " SELECT DISTINCT r.town_id, r.district_id,"
                    f" {source.day} - (EXTRACT(ISODOW FROM {source.day})::int - 1) FROM {source.model._meta.db_table} r"
                    f" WHERE r.{source.time} IS NOT NULL AND (%s::date IS NULL OR {source.day} >= %s::date)",
                    [since, since],
                )
                made += cursor.rowcount
    return made


def marked() -> set[int]:
    """Ids of the organisations that wait for a flush."""
    return {one for row in DirtyBucket.objects.values_list("town_id", "district_id").distinct() for one in row}


def differences() -> list[Difference]:
    """Count everything anew from the raw rows, table by table, and return the cells that say something else.

    The recount knows nothing of marks and buckets: it groups whole tables by the calendar.
    """
    return [found for spec in _specs for source in spec.sources for found in _differences(spec, source)]


def _differences(spec: Spec, source: Source) -> Iterable[Difference]:
    measures = list(source.measures)
    aggregates = ", ".join(f"{aggregate} AS {measure}" for measure, aggregate in source.measures.items())
    recounts = " UNION ALL ".join(
        f"SELECT r.{level} AS organisation_id, '{grain}' AS grain, date_trunc('{grain}', {source.day}::timestamp)::date"
        f" AS starts_on, {aggregates} FROM {source.model._meta.db_table} r WHERE r.{source.time} IS NOT NULL GROUP BY 1, 2, 3"
        for level in LEVELS
        for grain in LENGTHS
    )
    kept = ", ".join(f"coalesce(kept.{measure}, 0)" for measure in measures)
    counted = ", ".join(f"coalesce(counted.{measure}, 0)" for measure in measures)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organisation_id, grain, starts_on, {kept}, {counted} FROM ({recounts}) AS counted"
            f" FULL JOIN {spec.rollup._meta.db_table} AS kept USING (organisation_id, grain, starts_on)"
            f" WHERE ({kept}) IS DISTINCT FROM ({counted}) ORDER BY 1, 2, 3"
        )
        rows = cursor.fetchall()
    for organisation, grain, starts_on, *cells in rows:
        for place, measure in enumerate(measures):
            here, there = cells[place], cells[place + len(measures)]
            if here != there:
                yield Difference(organisation, grain, starts_on, measure, here, there)
