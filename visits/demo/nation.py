"""Any number of districts below cities, provinces and a nation, with visits by the million: a few statements, the same every time.

Only what figures are counted from: organisations, firms, officers, visits, issues. No clocks, no histories, no people.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Field, Model
from psycopg import sql

from unionops.insight import rollups
from unionops.org.actions.organisations import create_upper
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import ActionError
from unionops.org.models import Enterprise, KeyListEntry, Organisation, Posting, User

from ..enums import ImportState, IssueState, ResultKind
from ..ledger import VISITS
from ..models import Category, Issue, LedgerImport, Visit

NATION = "模拟全国总工会"
DISTRICTS_A_CITY, CITIES_A_PROVINCE, TOWNS, OFFICERS, FIRMS, KEY_FIRMS = 10, 10, 17, 23, 300, 87
YEARS = 3
# Rows that one statement writes: their checks wait in memory until its end.
PIECE = 250_000
# For building indexes and counting everything.
MEMORY = "1GB"
# The moment in the keys of firms.
FOUNDED = "'2020-01-01'::timestamptz"


class Simulated(NamedTuple):
    districts: int
    visits: int
    issues: int


@transaction.atomic
def simulate_nation(districts: int, visits: int, *, seed: int, last: datetime.date, years: int = YEARS) -> Simulated:
    """Fill a database with districts and their visits until a day, then count all rollups.

    A role that may do so switches triggers off meanwhile: every row is lawful, and what they would mark is counted anyway.
    """
    if Organisation.objects.filter(name=NATION).exists():
        raise ActionError("This database has simulated districts already.")
    system = User.objects.system()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        may_all = cursor.fetchone()[0]
        if may_all:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'; SET LOCAL maintenance_work_mem = '{MEMORY}'")
        _tree(cursor, districts, system)
        with _indexes_aside(cursor, Enterprise, Visit, Visit.officers.through, Issue) if may_all else nullcontext():
            _people_and_firms(cursor, districts, last.replace(year=last.year - years))
            imported = LedgerImport.objects.create(
                district=Organisation.objects.filter(name__startswith=NATION[:2], kind=OrganisationKind.DISTRICT).earliest("pk"),
                file_name="simulated", sha256=f"{seed:064d}", sort=VISITS, state=ImportState.DONE, progress=100, created_by=system,
            )  # fmt: skip
            wrote = 0
            for first in range(0, visits, PIECE):
                wrote += _visits(
                    cursor, first, min(first + PIECE, visits), visits, districts, seed, last, years, imported
                )
        cursor.execute("ANALYZE")
    rollups.rebuild()
    return Simulated(districts, visits, wrote)


@contextmanager
def _indexes_aside(cursor: Any, *models: type[Model]) -> Iterator[None]:
    """Drop the indexes that no constraint stands on, and build them when the rows are there: in a tenth of the time."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [[model._meta.db_table for model in models]],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        cursor.execute(definition)


def _tree(cursor: Any, districts: int, system: User) -> None:
    nation = create_upper(name=NATION, by=system)
    cities: list[int] = []
    province = nation
    for number in range(-(-districts // DISTRICTS_A_CITY)):
        if number % CITIES_A_PROVINCE == 0:
            province = create_upper(name=f"模拟第{number // CITIES_A_PROVINCE + 1}省总工会", parent=nation, by=system)
        cities.append(create_upper(name=f"模拟第{number + 1}市总工会", parent=province, by=system).pk)
    _insert(
        cursor, Organisation, f"generate_series(0, {districts - 1}) n",
        kind=f"'{OrganisationKind.DISTRICT}'",
        name="'模拟第' || n || '区总工会'",
        short_name="'模拟第' || n || '区'",
        parent_id=f"(%(cities)s::bigint[])[n / {DISTRICTS_A_CITY} + 1]",
        parameters={"cities": cities},
    )  # fmt: skip
    _insert(
        cursor, Organisation, f"org_organisation d, generate_series(1, {TOWNS}) n WHERE d.parent_id = ANY(%(cities)s)",
        kind=f"'{OrganisationKind.TOWN}'",
        name="'第' || n || '街道'",
        short_name="'第' || n || '街道'",
        parent_id="d.id",
        district_id="d.id",
        parameters={"cities": cities},
    )  # fmt: skip
    for level in (
        "d.parent_id = ANY(%s)",
        "d.district_id IN (SELECT id FROM org_organisation WHERE parent_id = ANY(%s))",
    ):
        cursor.execute(
            "UPDATE org_organisation d SET path = u.path || d.id || '.' FROM org_organisation u"
            f" WHERE u.id = d.parent_id AND {level}",
            [cities],
        )


def _people_and_firms(cursor: Any, districts: int, since: datetime.date) -> None:
    # Place k of district n: its town, and the officers who are stationed there.
    cursor.execute(
        "CREATE TEMP TABLE simulated_place ON COMMIT DROP AS SELECT d.district, t.id AS town_id, t.district_id,"
        " row_number() OVER (PARTITION BY t.district_id ORDER BY t.id) - 1 AS town"
        " FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS district FROM org_organisation"
        "       WHERE kind = 'district' AND name LIKE '模拟第%%') AS d JOIN org_organisation t ON t.district_id = d.id",
        [],
    )
    cursor.execute("CREATE UNIQUE INDEX ON simulated_place (district, town)")
    _insert(
        cursor, User, f"simulated_place p, generate_series(0, {OFFICERS - 1}) n WHERE n %% {TOWNS} = p.town",
        username="'sim-' || p.district || '-' || n",
        password="'!'",  # noqa: S106 -- nobody can sign in with it
        name="'干部' || n",
        weekly_quota="1",
        created_at="now()",
    )  # fmt: skip
    officers = "org_user u JOIN simulated_place p ON split_part(u.username, '-', 2)::int = p.district"
    place = f"split_part(u.username, '-', 3)::int %% {TOWNS} = p.town AND u.username LIKE 'sim-%%'"
    _insert(
        cursor, Posting, f"{officers} AND {place}",
        user_id="u.id", organisation_id="p.town_id", role=f"'{Role.LIAISON}'", valid_from=f"'{since}'::date",
    )  # fmt: skip
    _insert(
        cursor, Enterprise, f"simulated_place p, generate_series(0, {FIRMS - 1}) n WHERE n %% {TOWNS} = p.town",
        id=_key("p.district * 1000 + n", FOUNDED),
        district_id="p.district_id",
        town_id="p.town_id",
        name="'模拟第' || n || '公司'",
        pinyin="'mo ni ' || n",
    )  # fmt: skip
    _insert(
        cursor, KeyListEntry,
        f"simulated_place p, generate_series(0, {KEY_FIRMS - 1}) n WHERE n %% {TOWNS} = p.town",
        enterprise_id=_key("p.district * 1000 + n", FOUNDED),
        valid_from=f"'{since}'::date",
    )  # fmt: skip
    cursor.execute(
        "ALTER TABLE simulated_place ADD officers bigint[]; UPDATE simulated_place p SET officers = found.ids FROM"
        " (SELECT organisation_id, array_agg(user_id ORDER BY user_id) AS ids FROM org_posting GROUP BY 1) AS found"
        " WHERE found.organisation_id = p.town_id; ANALYZE simulated_place"
    )


def _key(number: str, at: str) -> str:
    """SQL of a UUIDv7 that says when, and of the same number always the same."""
    return (
        f"(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(({number})::text), 1, 3)"
        f" || '8' || substr(md5(({number})::text), 4, 15))::uuid"
    )


def _visits(
    cursor: Any, first: int, after: int, visits: int, districts: int, seed: int, last: datetime.date, years: int, imported: LedgerImport
) -> int:  # fmt: skip
    """Visits number ``first`` to before ``after``, the oldest first; every second one brings an issue. Return how many issues."""
    seconds = years * 365 * 86_400
    # A multiplier without a factor in common with any of the counts spreads evenly, and the same on every machine.
    cursor.execute(
        "CREATE TEMP TABLE simulated_visit ON COMMIT DROP AS SELECT g.n, g.dice, p.district_id, p.town_id, g.at,"
        " (g.at AT TIME ZONE 'Asia/Shanghai')::date AS day, p.officers[1 + g.dice %% cardinality(p.officers)] AS officer_id,"
        f" g.firm < {KEY_FIRMS} AS is_key, {_key('g.district * 1000 + g.firm', FOUNDED)}"
        f" AS firm_id, {_key('g.n', 'g.at')} AS id FROM (SELECT n, n * 2654435761 %% 1000003 AS dice,"
        f" (n * 7919 + %s) %% {districts} AS district,"
        f" (n * 2654435761 %% 1000003 * 31 + n / {districts}) %% {FIRMS} AS firm,"
        f" %s::timestamptz - make_interval(secs => ({visits} - n) * {seconds}.0 / {visits}) AS at"
        " FROM generate_series(%s::bigint, %s::bigint) n) AS g JOIN simulated_place p"
        f" ON p.district = g.district AND p.town = g.firm %% {TOWNS}",
        [seed, datetime.datetime.combine(last, datetime.time(12), datetime.UTC), first, after - 1],
    )
    source = "simulated_visit s"
    given: dict[str, Any] = {
        "district_id": "s.district_id",
        "town_id": "s.town_id",
        "ledger_import_id": f"'{imported.pk}'::uuid",
    }
    _insert(
        cursor, Visit, source, **given,
        id="s.id",
        number="'M' || lpad(s.n::text, 9, '0')",
        visited_on="s.day",
        iso_year="extract(isoyear FROM s.day)",
        iso_week="extract(week FROM s.day)",
        officer_id="s.officer_id",
        submitted_by_id="s.officer_id",
        submitted_at="s.at",
        enterprise_id="s.firm_id",
        is_key_enterprise="s.is_key",
        issue_count="(s.n %% 2)::int",
    )  # fmt: skip
    cursor.execute(
        f"INSERT INTO {Visit.officers.through._meta.db_table} (visit_id, user_id) SELECT id, officer_id FROM simulated_visit"
    )
    categories = list(Category.objects.exclude(parent=None).order_by("code").values_list("pk", flat=True))
    closed = "s.dice %% 100 < 95"
    explained = f"{closed} AND s.dice %% 3 = 0"
    _insert(
        cursor, Issue, f"{source} WHERE s.n %% 2 = 1", **given,
        id=_key("-s.n", "s.at"),
        number="'M' || lpad(s.n::text, 9, '0')",
        title="'模拟诉求'",
        state=f"CASE WHEN {closed} THEN '{IssueState.CLOSED}' ELSE '{IssueState.HANDLING}' END",
        visit_id="s.id",
        enterprise_id="s.firm_id",
        registered_by_id="s.officer_id",
        liaison_id="s.officer_id",
        raised_on="s.day",
        registered_at="s.at",
        state_since="s.at",
        category_id="(%(categories)s::bigint[])[1 + s.dice %% cardinality(%(categories)s::bigint[])]",
        result_kind=f"CASE WHEN NOT ({closed}) THEN '' WHEN {explained} THEN '{ResultKind.EXPLAINED}'"
        f" WHEN s.dice %% 100 < 90 THEN '{ResultKind.RESOLVED}' ELSE '{ResultKind.NOT_SOLVABLE}' END",
        explanation=f"CASE WHEN {explained} THEN '经费返还的条件和手续已当面讲清。' ELSE '' END",
        explanation_basis=f"CASE WHEN {explained} THEN '小微企业工会经费支持政策' ELSE '' END",
        understood=f"CASE WHEN {explained} THEN true END",
        closed_at=f"CASE WHEN {closed} THEN s.at + make_interval(days => (s.dice %% 20)::int) END",
        parameters={"categories": categories},
    )  # fmt: skip
    wrote = cursor.rowcount
    cursor.execute("DROP TABLE simulated_visit")
    return int(wrote)


def _insert(
    cursor: Any, model: type[Model], source: str, *, parameters: dict[str, Any] | None = None, **columns: str
) -> None:
    """Insert a row for each row of the source: these columns as SQL, all others as the model has them by default."""
    fields = {str(field.column): field for field in model._meta.concrete_fields}
    if unknown := columns.keys() - fields.keys():
        raise LookupError(f"{model.__name__} has no {', '.join(unknown)}")
    names = [name for name, field in fields.items() if name in columns or not _counts_up(field)]
    values = [columns.get(name) or _default(fields[name]) for name in names]
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {source}",
        parameters or {},
    )


def _counts_up(field: Field) -> bool:
    return field.primary_key and field.get_internal_type() == "BigAutoField"


def _default(field: Field) -> str:
    value = field.get_db_prep_save(field.get_default(), connection)
    return sql.Literal(value).as_string(connection.connection).replace("%", "%%")
