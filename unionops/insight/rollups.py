"""Rollups, exact and cheap: the touched (town, week) is recomputed from the raw rows, for every period that it lies in.

Up to the district nothing is added up or carried over, so running twice, late or after a crash changes nothing: a rollup row
says what its raw rows say in the snapshot in which its marks were taken. Days of the week belong to their own month: no week
is split by rule. What stands above the districts adds up what stands below it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, models, transaction

from unionops.org.enums import ROOT_KINDS, OrganisationKind
from unionops.org.models import Organisation, User

from .models import DirtyBucket, Grain, Rollup, day_of
from .periods import ONE_DAY, Kind, containing

# Whoever flushes holds this: an older snapshot must never be written over a newer one.
FLUSH_LOCK = 6_840_121
# Marks that are taken at once, oldest weeks first: so a piece of a long history lies in few quarters and years.
MOST_MARKS = 2_000
LONGEST_STATEMENT = "5min"
# The columns of a raw row that say whose it is, and the kinds of organisation that they name; above these rollups add up.
LEVELS = ("town_id", "district_id")
LEVEL_KINDS = (OrganisationKind.TOWN, OrganisationKind.DISTRICT)
LENGTHS = {Grain.WEEK: "7 days", Grain.MONTH: "1 month", Grain.QUARTER: "3 months", Grain.YEAR: "1 year"}


@dataclass(frozen=True)
class Count:
    """One measure: how many rows ``r``, or how many different values of a column, meet a condition in SQL."""

    where: str = ""
    distinct: str = ""

    @property
    def sql(self) -> str:
        counted = f"count(DISTINCT r.{self.distinct})" if self.distinct else "count(*)"
        return f"{counted} FILTER (WHERE {self.where})" if self.where else counted


@dataclass(frozen=True)
class Source:
    """Raw rows that are counted by one of their times: a table with town_id and district_id."""

    model: type[models.Model]
    # A date, or a moment that counts on its day in the country.
    time: str
    measures: Mapping[str, Count]

    @property
    def is_moment(self) -> bool:
        return isinstance(self.model._meta.get_field(self.time), models.DateTimeField)

    @property
    def aggregates(self) -> str:
        return ", ".join(f"{count.sql} AS {measure}" for measure, count in self.measures.items())

    @property
    def distinct(self) -> str:
        """The column whose different values are counted, if there is one."""
        found = {count.distinct for count in self.measures.values() if count.distinct}
        assert len(found) <= 1, "two columns would need two countings"
        return found.pop() if found else ""

    @property
    def day(self) -> str:
        """SQL of the day of a row ``r``."""
        return day_of(f"r.{self.time}") if self.is_moment else f"r.{self.time}"

    def bound(self, date: str) -> str:
        """SQL of the first instant of a day, comparable with the column itself, so that its index is used."""
        return f"({date}::timestamp AT TIME ZONE '{settings.TIME_ZONE}')" if self.is_moment else date


# One of each: it is a key by what it is, not by what it says.
@dataclass(frozen=True, eq=False)
class Spec:
    """What one rollup table holds; snapshots of it are kept under the code."""

    code: str
    rollup: type[Rollup]
    sources: Sequence[Source]
    # code of the indicator -> (part, whole), both measures
    rates: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # measure -> code of the indicator that counts the same rows
    opens: Mapping[str, str] = field(default_factory=dict)
    # The same of a town, where it is another one.
    opens_in_towns: Mapping[str, str] = field(default_factory=dict)
    # SQL over the measures: what they say in a sentence. It is frozen with them, in the language of the office.
    text: str = "''"
    # Measures and rates in the order in which the sentence says them.
    told: Sequence[str] = ()
    # What has happened to the rows of a closed period since (closing.LateChange).
    late: Callable[[User, Any], Iterable[Any]] | None = None

    @property
    def measures(self) -> list[str]:
        return [measure for source in self.sources for measure in source.measures]

    @property
    def tables(self) -> dict[str, list[Source]]:
        """The sources by the table whose rows they count: what a mark names."""
        found: dict[str, list[Source]] = {}
        for source in self.sources:
            found.setdefault(source.model._meta.db_table, []).append(source)
        return found


class Week(NamedTuple):
    town_id: int
    district_id: int
    monday: datetime.date


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


def _flush_piece(*, wait: bool) -> Flushed:
    # Of a flush on its own nothing is lost with the last moment before a power cut: its marks come back with its figures.
    careless = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if not _locked(cursor, wait=wait, careless=careless):
            return Flushed(0, 0, 0)
        cursor.execute(
            f"WITH gone AS (DELETE FROM {DirtyBucket._meta.db_table} WHERE id IN"
            f" (SELECT id FROM {DirtyBucket._meta.db_table} ORDER BY monday, id LIMIT %s)"
            " RETURNING source, town_id, district_id, monday)"
            " SELECT source, town_id, district_id, monday, count(*) FROM gone GROUP BY 1, 2, 3, 4",
            [MOST_MARKS],
        )
        found = cursor.fetchall()
        weeks: dict[str, list[Week]] = {}
        for table, *week, _marks in found:
            weeks.setdefault(table, []).append(Week(*week))
        # What was committed between the two statements is seen as well; its own marks only make it be looked at again.
        counts = [
            _recompute(cursor, spec, table, weeks[table]) for spec in _specs for table in spec.tables if table in weeks
        ]
    return Flushed(sum(row[-1] for row in found), sum(one[0] for one in counts), sum(one[1] for one in counts))


def _locked(cursor: Any, *, wait: bool = True, careless: bool = False) -> bool:
    """Hold the lock of the flush until the transaction ends; without ``wait`` only if nobody holds it.

    A ``careless`` transaction does not wait for the disk when it commits.
    """
    limits = f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'"
    if careless:
        limits += "; SET LOCAL synchronous_commit = off"
    # A statement of its own: the snapshot of the next one is taken when the lock is held.
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    cursor.execute(f"{limits}; SELECT {lock}({FLUSH_LOCK})")
    while cursor.nextset():
        pass
    return wait or bool(cursor.fetchone()[0])


def _recompute(cursor: Any, spec: Spec, table: str, weeks: Sequence[Week]) -> tuple[int, int]:
    """Count anew what the rows of a table tell of every period in which the weeks lie, and carry it up the tree.

    Return how many buckets were looked at, and how many changed.
    """
    sources = spec.tables[table]
    grains = ", ".join(f"('{grain}', interval '{length}')" for grain, length in LENGTHS.items())
    counted = [_counted(number, source) for number, source in enumerate(sources)]
    values = ", ".join(f"s{number}.{measure}" for number, source in enumerate(sources) for measure in source.measures)
    joins = "".join(f" JOIN s{number} USING (organisation_id, grain, starts_on)" for number in range(len(sources)))
    found = (
        f"(SELECT organisation_id, grain, starts_on, {values}, old.ctid AS place FROM bucket{joins}"
        f" LEFT JOIN {spec.rollup._meta.db_table} old USING (organisation_id, grain, starts_on)) AS found"
    )
    cursor.execute(
        "WITH mark AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS m(town_id, district_id, monday)),"
        " day AS MATERIALIZED (SELECT DISTINCT o.level, o.id AS organisation_id, m.monday + n AS day"
        "  FROM mark m CROSS JOIN LATERAL (VALUES ('town_id', town_id), ('district_id', district_id)) AS o(level, id)"
        # No period of any length begins and ends within a week: its first and its last day tell all in which it lies.
        "  CROSS JOIN (VALUES (0), (6)) AS week(n)),"
        " bucket AS MATERIALIZED (SELECT DISTINCT level, organisation_id, g.grain,"
        "  date_trunc(g.grain, day::timestamp)::date AS starts_on,"
        "  (date_trunc(g.grain, day::timestamp) + g.length)::date AS ends_on"
        f"  FROM day CROSS JOIN (VALUES {grains}) AS g(grain, length)),"
        f" {', '.join(counted)},"
        f" written AS ({_store(spec, sources, found)})"
        " SELECT (SELECT count(*) FROM bucket), (SELECT count(*) FROM written), above.*"
        " FROM (SELECT array_agg(id), array_agg(depth), array_agg(grain), array_agg(starts_on) FROM"
        "  (SELECT DISTINCT a.id, a.depth, b.grain, b.starts_on FROM bucket b JOIN org_organisation o ON o.id = b.organisation_id"
        "   CROSS JOIN LATERAL unnest(string_to_array(rtrim(o.path, '.'), '.')::bigint[]) WITH ORDINALITY AS a(id, depth)"
        "   WHERE b.level = 'district_id' AND a.id <> o.id) AS p) AS above",
        [list(column) for column in zip(*weeks, strict=True)],
    )
    buckets, written, *above = cursor.fetchone()
    if not above[0]:
        return buckets, written
    return buckets + len(above[0]), written + _fold(cursor, spec, sources, above)


def _store(spec: Spec, sources: Sequence[Source], found: str) -> str:
    """SQL that writes the measures of some sources as ``found`` tells them; a new row begins at 0 in all others.

    ``found`` has a ``place`` where a row is kept already: nobody else writes while the lock of the flush is held, so that
    it is looked up once, and neither locked nor looked up again. Rows that say the same are left alone.
    """
    measures = [measure for source in sources for measure in source.measures]
    others = [measure for measure in spec.measures if measure not in measures]
    return (
        f"MERGE INTO {spec.rollup._meta.db_table} AS kept USING (SELECT * FROM {found} ORDER BY organisation_id, grain, starts_on) AS new"
        f" ON kept.ctid = new.place WHEN MATCHED AND ({', '.join(f'kept.{measure}' for measure in measures)})"
        f" IS DISTINCT FROM ({', '.join(f'new.{measure}' for measure in measures)})"
        f" THEN UPDATE SET {', '.join(f'{measure} = new.{measure}' for measure in measures)}"
        f" WHEN NOT MATCHED THEN INSERT (organisation_id, grain, starts_on, {', '.join([*measures, *others])})"
        f" VALUES (new.organisation_id, new.grain, new.starts_on, {', '.join([*(f'new.{measure}' for measure in measures), *('0' for _other in others)])})"
        " RETURNING 1"
    )


def _fold(cursor: Any, spec: Spec, sources: Sequence[Source], buckets: Sequence[Sequence[Any]]) -> int:
    """Add up for each upper union what stands directly below it, the deepest first; return how many rows changed.

    ``buckets`` are columns of ids, depths in the tree, grains and first days. Every firm belongs to one district, so that
    above the districts even distinct firms add up. All levels are one statement, which does not see what it writes: what
    has been added up a level below takes the place of what is kept there.
    """
    measures = [measure for source in sources for measure in source.measures]
    table, depths = spec.rollup._meta.db_table, sorted(set(buckets[1]), reverse=True)
    levels: list[str] = []
    for depth in depths:
        is_lowest = depth + 1 not in depths
        sums = ", ".join(
            f"coalesce(sum({f'k.{measure}' if is_lowest else f'coalesce(n.{measure}, k.{measure})'}), 0) AS {measure}"
            for measure in measures
        )
        below = "" if is_lowest else (
            f" LEFT JOIN n{depth + 1} n ON n.organisation_id = o.id AND n.grain = b.grain AND n.starts_on = b.starts_on"
        )  # fmt: skip
        # LATERAL: as in `_counted`, the planner cannot know how few buckets there are.
        levels.append(
            f"n{depth} AS MATERIALIZED (SELECT b.organisation_id, b.grain, b.starts_on, found.* FROM bucket b CROSS JOIN LATERAL"
            f" (SELECT {sums} FROM org_organisation o LEFT JOIN {table} k ON k.organisation_id = o.id"
            f" AND k.grain = b.grain AND k.starts_on = b.starts_on{below}"
            f" WHERE o.parent_id = b.organisation_id AND o.kind IN ({literal(ROOT_KINDS)})) AS found WHERE b.depth = {depth})"
        )
    found = (
        f"(SELECT n.*, old.ctid AS place FROM ({' UNION ALL '.join(f'SELECT * FROM n{depth}' for depth in depths)}) AS n"
        f" LEFT JOIN {table} old USING (organisation_id, grain, starts_on)) AS found"
    )
    cursor.execute(
        "WITH bucket AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::date[])"
        f" AS b(organisation_id, depth, grain, starts_on)), {', '.join(levels)},"
        f" written AS ({_store(spec, sources, found)})"
        " SELECT count(*) FROM written",
        list(buckets),
    )
    return int(cursor.fetchone()[0])


def _counted(number: int, source: Source) -> str:
    """The common table expression that counts a source for all buckets, each by the index of its level.

    LATERAL with aggregates holds the planner to one range of the index for each bucket: it cannot know how many buckets
    there are, and a hash join would compare each raw row with each bucket of its town.
    """
    table, time = source.model._meta.db_table, source.time
    parts = [
        "SELECT b.organisation_id, b.grain, b.starts_on, found.* FROM bucket b CROSS JOIN LATERAL"
        f" (SELECT {source.aggregates} FROM {table} r WHERE r.{level} = b.organisation_id"
        f" AND r.{time} >= {source.bound('b.starts_on')} AND r.{time} < {source.bound('b.ends_on')}) AS found"
        f" WHERE b.level = '{level}'"
        for level in LEVELS
    ]
    return f"s{number} AS MATERIALIZED ({' UNION ALL '.join(parts)})"


@transaction.atomic
def rebuild(since: datetime.date | None = None) -> int:
    """Count every period that has not ended before a day anew, whole tables at a time. Return how many rows changed.

    For a database that was filled or moved without its triggers; a flush does the same for what was marked.
    """
    with connection.cursor() as cursor:
        _locked(cursor)
        cursor.execute("SET LOCAL statement_timeout = 0")
        if since is None:
            DirtyBucket.objects.all().delete()
        changed = 0
        for spec in _specs:
            for grain in LENGTHS:
                changed += recount(cursor, spec, spec.sources, grain, since)
            changed += _fold_all(cursor, spec, since)
    return changed


def recount(
    cursor: Any, spec: Spec, sources: Sequence[Source], grain: str, since: datetime.date | None = None,
    until: datetime.date | None = None, levels: Sequence[str] = LEVELS,
) -> int:  # fmt: skip
    """Write what sources say of all periods of a grain that touch these days; what nothing tells of any more is 0."""
    # Days as they are: a column compared with a value that the planner sees is found by its index.
    oldest = containing(since, Kind(grain)) if since else None
    newest = containing(until, Kind(grain)) if until else None
    first = f"'{oldest.first}'::date" if oldest else ""
    after = f"'{newest.last + ONE_DAY}'::date" if newest else ""
    is_one = oldest is not None and oldest == newest
    kinds = literal(kind for level, kind in zip(LEVELS, LEVEL_KINDS, strict=True) if level in levels)
    measures = [measure for source in sources for measure in source.measures]
    parts = [
        f"SELECT k.organisation_id, k.starts_on, k.ctid, {', '.join('0' for _measure in measures)} FROM {spec.rollup._meta.db_table} k"
        f" JOIN org_organisation o ON o.id = k.organisation_id WHERE k.grain = '{grain}' AND o.kind IN ({kinds})"
        + (f" AND k.starts_on >= {first}" if first else "")
        + (f" AND k.starts_on < {after}" if after else "")
    ]
    for source in sources:
        told = ", ".join(measure if measure in source.measures else "0" for measure in measures)
        for level in levels:
            grouped = _grouped(source, grain, level, first, after, is_one=is_one)
            parts.append(f"SELECT organisation_id, starts_on, NULL, {told} FROM ({grouped}) AS counted")
    # Nothing tells twice of the same cell: what is largest is what was told. Joining the parts would sort each of them.
    columns = ["place", *measures]
    found = (
        f"(SELECT organisation_id, '{grain}' AS grain, starts_on, {', '.join(f'max({column}) AS {column}' for column in columns)}"
        f" FROM ({' UNION ALL '.join(parts)}) AS told (organisation_id, starts_on, {', '.join(columns)}) GROUP BY organisation_id, starts_on) AS found"
    )
    cursor.execute(f"WITH written AS ({_store(spec, sources, found)}) SELECT count(*) FROM written")
    return int(cursor.fetchone()[0])


def _grouped(source: Source, grain: str, level: str, first: str = "", after: str = "", *, is_one: bool = False) -> str:
    """SQL that counts a whole table by a column and the calendar, from a day on, until before another.

    Different values are counted in two steps, by hashing: `count(DISTINCT)` would sort every row. Where it ``is_one``
    period, the index gives the rows of one organisation after the other, and a few to sort each time.
    """
    days = f" AND r.{source.time} >= {source.bound(first)}" if first else ""
    days += f" AND r.{source.time} < {source.bound(after)}" if after else ""
    start = first if is_one else f"date_trunc('{grain}', {source.day}::timestamp)::date"
    key = f"r.{level} AS organisation_id, '{grain}' AS grain, {start} AS starts_on"
    rows = f"FROM {source.model._meta.db_table} r WHERE r.{source.time} IS NOT NULL{days}"
    if is_one:
        return f"SELECT {key}, {source.aggregates} {rows} GROUP BY r.{level}"
    if not source.distinct:
        return f"SELECT {key}, {source.aggregates} {rows} GROUP BY 1, 2, 3"
    inner, outer = [], []
    for measure, count in source.measures.items():
        if count.distinct:
            inner.append(f"bool_or({count.where or 'true'}) AS {measure}")
            outer.append(f"count({count.distinct}) FILTER (WHERE {measure}) AS {measure}")
        else:
            inner.append(f"{count.sql} AS {measure}")
            outer.append(f"sum({measure})::bigint AS {measure}")
    return (
        f"SELECT organisation_id, grain, starts_on, {', '.join(outer)}"
        f" FROM (SELECT {key}, r.{source.distinct}, {', '.join(inner)} {rows} GROUP BY 1, 2, 3, 4) AS once GROUP BY 1, 2, 3"
    )


def _fold_all(cursor: Any, spec: Spec, since: datetime.date | None) -> int:
    """Carry every period up the tree, from the lowest upper unions to the highest."""
    table, changed = spec.rollup._meta.db_table, 0
    depths: dict[int, list[int]] = {}
    for path, upper in Organisation.objects.filter(kind=OrganisationKind.UPPER).values_list("path", "pk"):
        depths.setdefault(path.count("."), []).append(upper)
    for depth in sorted(depths, reverse=True):
        cursor.execute(
            "SELECT array_agg(id), array_agg(%s::int), array_agg(grain), array_agg(starts_on) FROM (SELECT DISTINCT u.id,"
            " k.grain, k.starts_on FROM unnest(%s::bigint[]) AS u(id) JOIN org_organisation o ON o.parent_id = u.id OR o.id = u.id"
            f" JOIN {table} k ON k.organisation_id = o.id WHERE o.kind IN ({literal(ROOT_KINDS)})"
            " AND (%s::date IS NULL OR k.starts_on >= date_trunc(k.grain, %s::timestamp))) AS found",
            [depth, depths[depth], since, since],
        )
        buckets = cursor.fetchone()
        if buckets[0]:
            changed += _fold(cursor, spec, spec.sources, buckets)
    return changed


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
    # An upper union has what the districts in its part of the tree have.
    table = source.model._meta.db_table
    above = (
        f"(SELECT u.id AS upper_id, r.* FROM {table} r JOIN org_organisation d ON d.id = r.district_id"
        f" JOIN org_organisation u ON u.kind = '{OrganisationKind.UPPER}' AND starts_with(d.path, u.path))"
    )
    # Another way of counting than that of `recount`: each checks the other.
    recounts = " UNION ALL ".join(
        f"SELECT r.{level} AS organisation_id, '{grain}' AS grain, date_trunc('{grain}', {source.day}::timestamp)::date"
        f" AS starts_on, {source.aggregates} FROM {rows} r WHERE r.{source.time} IS NOT NULL GROUP BY 1, 2, 3"
        for grain in LENGTHS
        for level, rows in (*((level, table) for level in LEVELS), ("upper_id", above))
    )
    kept = ", ".join(f"coalesce(kept.{measure}, 0)" for measure in measures)
    counted = ", ".join(f"coalesce(counted.{measure}, 0)" for measure in measures)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organisation_id, grain, starts_on, {kept}, {counted} FROM ({recounts}) AS counted"
            f" FULL JOIN {spec.rollup._meta.db_table} AS kept USING (organisation_id, grain, starts_on)"
            f" WHERE ({kept}) IS DISTINCT FROM ({counted}) ORDER BY 1, 2, 3"
        )
        found = cursor.fetchall()
    for organisation, grain, starts_on, *cells in found:
        for place, measure in enumerate(measures):
            here, there = cells[place], cells[place + len(measures)]
            if here != there:
                yield Difference(organisation, grain, starts_on, measure, here, there)
