"""Rollups of 3,000 districts: flushes, rebuilds, inserts and reading, each beside its peers and its limit.

    python bench/nation.py [--data FOLDER] [--visits 1000000 10000000] [--districts 3000] [--only NAME ...]

Each size has a database of its own, filled once by `manage.py simulate`; what a part writes it rolls back.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MILLION, DISTRICTS = 1_000_000, 3_000
LATE, ROUNDS = 1_000, 5
# The limits are those of the issue that the product was built from.
MONTH_MOST, FLUSH_MOST, INSERT_LEAST = 7.0, 0.05, 0.75
# The least that a district could want: its months.
SMALL_VIEW = """
    CREATE MATERIALIZED VIEW bench_small AS
    SELECT district_id, date_trunc('month', visited_on::timestamp)::date AS starts_on, count(*) AS visits,
           count(DISTINCT enterprise_id) AS firms
    FROM visits_visit GROUP BY 1, 2
"""


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def middle(work: Callable[[], object], rounds: int = ROUNDS, before: Callable[[], object] | None = None) -> float:
    """The median of some rounds, in milliseconds."""
    found = []
    for _round in range(rounds):
        if before:
            before()
        found.append(timed(work))
    return statistics.median(found) * 1000


class Table:
    """The lines of the report; `kept` says whether every limit was."""

    def __init__(self) -> None:
        self.kept = True

    def head(self, text: str) -> None:
        print(f"\n{text}")
        print(f"{'':<54}{'time':>12}{'to its peer':>13}{'limit':>8}", flush=True)

    def line(self, name: str, time_ms: float, ratio: float = 0.0, most: float = 0.0, least: float = 0.0) -> None:
        fits = (not most or ratio <= most) and (not least or ratio >= least)
        self.kept &= fits
        said = f"{ratio:.3f}x" if ratio else ""
        limit = f"{most or least}" if most or least else ""
        print(f"{name:<54}{time_ms:>9.2f} ms{said:>13}{limit:>8}{'' if fits else '  <-- over'}", flush=True)


# --- parts: in a process of its own, as the owner of the structure


def measure(only: list[str]) -> bool:
    from django.db import connection, transaction  # noqa: PLC0415 -- after django.setup()

    from unionops.insight import rollups  # noqa: PLC0415

    rollups.flush()
    table = Table()
    for name, part in PARTS.items():
        if only and name not in only:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            part(cursor, table)
            transaction.set_rollback(True)
    return table.kept


def one_month(cursor: Any, table: Table) -> None:
    """The last whole month of all districts: scanned, grouped, and counted and stored."""
    from unionops.insight import rollups  # noqa: PLC0415
    from visits.models import Visit, VisitRollup  # noqa: PLC0415
    from visits.rollups import VISIT_ROLLUPS  # noqa: PLC0415

    last = Visit.objects.order_by("-visited_on").values_list("visited_on", flat=True)[0]
    end = last.replace(day=1) - datetime.timedelta(days=1)
    days = [end.replace(day=1), end]
    rows = Visit.objects.filter(visited_on__range=days).count()
    table.head(f"one month of all districts: {rows:,} visits")
    scan = middle(lambda: cursor.execute(
        "SELECT count(*) FROM (SELECT district_id, enterprise_id FROM visits_visit WHERE visited_on BETWEEN %s AND %s) AS r", days))  # fmt: skip
    table.line("covering scan of its rows", scan)
    group = middle(lambda: cursor.execute(
        "SELECT district_id, count(*), count(DISTINCT enterprise_id), count(DISTINCT enterprise_id) FILTER (WHERE is_key_enterprise)"
        " FROM visits_visit WHERE visited_on BETWEEN %s AND %s GROUP BY 1", days))  # fmt: skip
    table.line("GROUP BY over the raw table, to the scan", group, group / scan)
    source = VISIT_ROLLUPS.sources[0]
    count = lambda: rollups.recount(cursor, VISIT_ROLLUPS, source, "month", *days, levels=("district_id",))  # noqa: E731
    stale = lambda: VisitRollup.objects.filter(grain="month", starts_on=days[0]).update(visits=0)  # noqa: E731
    stored = middle(count, before=stale)
    table.line("counted and stored anew, to the scan", stored, stored / scan, most=MONTH_MOST)
    table.line("counted anew, nothing has changed", middle(count))


def late_edits(cursor: Any, table: Table) -> None:
    from unionops.insight import rollups  # noqa: PLC0415
    from visits.models import Visit  # noqa: PLC0415
    from visits.rollups import VISIT_ROLLUPS  # noqa: PLC0415

    table.head("late edits")
    cursor.execute(SMALL_VIEW)
    cursor.execute("CREATE UNIQUE INDEX ON bench_small (district_id, starts_on)")
    visits = VISIT_ROLLUPS.sources[0]
    same = " UNION ALL ".join(
        rollups._grouped(visits, grain, level) for grain in rollups.LENGTHS for level in rollups.LEVELS
    )
    cursor.execute(f"CREATE MATERIALIZED VIEW bench_same AS {same}")
    cursor.execute("CREATE UNIQUE INDEX ON bench_same (organisation_id, grain, starts_on)")
    dice = random.Random(1)
    recent = list(Visit.objects.order_by("-visited_on").values_list("pk", flat=True)[: 20 * LATE])
    cursor.execute("SELECT id FROM visits_visit TABLESAMPLE SYSTEM (2) LIMIT 100000")
    anywhere = [row[0] for row in cursor.fetchall()]

    def edit(rows: list[Any], count: int) -> Callable[[], None]:
        return lambda: cursor.execute(
            "UPDATE visits_visit SET visited_on = visited_on - 1 - (random() * 5)::int WHERE id = ANY(%s)",
            [dice.sample(rows, min(count, len(rows)))],
        )

    refresh = {
        view: middle(
            lambda view=view: cursor.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {view}"), 3, edit(recent, LATE)
        )
        for view in ("bench_small", "bench_same")
    }
    rollups.flush()
    table.line("REFRESH CONCURRENTLY, months of districts only", refresh["bench_small"])
    table.line("REFRESH CONCURRENTLY, the rows of the rollups", refresh["bench_same"])
    flushed = middle(rollups.flush, before=edit(recent, LATE))
    table.line(f"{LATE:,} recent edits flushed, to the view", flushed, flushed / refresh["bench_same"], most=FLUSH_MOST)
    history = middle(rollups.flush, before=edit(anywhere, LATE))
    table.line(f"{LATE:,} edits in all years flushed, to the view", history, history / refresh["bench_same"])
    table.line("10 recent edits flushed", middle(rollups.flush, before=edit(recent, 10)))
    table.line("one recent edit flushed", middle(rollups.flush, 15, edit(recent, 1)))


def inserts(cursor: Any, table: Table) -> None:
    """Visits by statements of one row each, with and without the triggers that mark."""
    from visits.models import Visit  # noqa: PLC0415

    table.head("inserts")
    columns = ", ".join(
        field.column for field in Visit._meta.concrete_fields if field.column not in ("id", "number", "client_id")
    )
    rows = 2_000

    def insert(name: str) -> Callable[[], None]:
        def work() -> None:
            for number in range(rows):
                cursor.execute(
                    f"INSERT INTO visits_visit (id, number, {columns}) SELECT uuidv7(), %s, {columns} FROM bench_row",
                    [f"{name}{number}-{random.randrange(10**9)}"],
                )

        return work

    cursor.execute("CREATE TEMP TABLE bench_row ON COMMIT DROP AS SELECT * FROM visits_visit LIMIT 1")
    cursor.execute("UPDATE bench_row SET ledger_row = NULL, client_id = NULL")
    marked, bare = [], []
    for _round in range(ROUNDS):
        for switch, times in (("DISABLE", bare), ("ENABLE", marked)):
            # What is undone leaves no check to be made at the end, which would keep the table from being altered.
            cursor.execute(f"SAVEPOINT round; ALTER TABLE visits_visit {switch} TRIGGER USER")
            times.append(timed(insert(switch[0])))
            cursor.execute("ROLLBACK TO SAVEPOINT round")
    without, with_marks = statistics.median(bare), statistics.median(marked)
    print(f"bare {rows / without:,.0f} rows/s, with marks {rows / with_marks:,.0f} rows/s")
    table.line(
        "rows a second with marks, to bare ones", with_marks * 1000 / rows, without / with_marks, least=INSERT_LEAST
    )


PARTS: dict[str, Callable[[Any, Table], None]] = {"month": one_month, "edits": late_edits, "inserts": inserts}


def fill(districts: int, visits: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    call_command("simulate", districts=districts, visits=visits)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# --- servers


def run(asked: argparse.Namespace) -> bool:
    from bench import web  # noqa: PLC0415 -- the path comes first
    from unionops.embedded import Servers  # noqa: PLC0415

    kept = True
    data = asked.data.absolute()
    with Servers(data, say=web.say) as servers:
        for visits in asked.visits:
            name = f"nation_{visits}"
            environment = servers.environment() | {
                "UNIONOPS_DATA": str(data),
                "DJANGO_SETTINGS_MODULE": "bench.settings",
            }
            for url in ("DATABASE_URL", "DATABASE_OWNER_URL"):
                environment[url] = environment[url].replace("/unionops?", f"/{name}?")
            environment["UNIONOPS_DATABASE_ROLE"] = "owner"
            with servers.postgres.connect() as link:
                if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                    web.say(f"Filling a database with {visits:,} visits of {asked.districts:,} districts (once) …")
                    link.execute(f"CREATE DATABASE {name}_new OWNER owner TEMPLATE template0")
                    new = {key: value.replace(f"/{name}?", f"/{name}_new?") for key, value in environment.items()}
                    step(["--migrate"], new)
                    superuser = servers.keys.database_url(servers.places, "postgres", f"{name}_new")
                    step(["--fill", str(asked.districts), str(visits)], new | {"DATABASE_OWNER_URL": superuser})
                    link.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
            print(
                f"\n== {visits:,} visits, {asked.districts:,} districts, {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores"
            )
            kept &= step(["--part", *asked.only], environment, check=False)
    return kept


def step(arguments: list[str], environment: dict[str, str], *, check: bool = True) -> bool:
    done = subprocess.run([sys.executable, __file__, *arguments], cwd=ROOT, env=os.environ | environment, check=check)
    return done.returncode == 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    arguments.add_argument("--visits", type=int, nargs="+", default=[MILLION, 10 * MILLION])
    arguments.add_argument("--districts", type=int, default=DISTRICTS)
    arguments.add_argument("--only", nargs="+", default=[], choices=PARTS)
    arguments.add_argument("--migrate", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--fill", type=int, nargs=2, help=argparse.SUPPRESS)
    arguments.add_argument("--part", nargs="*", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if not (asked.migrate or asked.fill or asked.part is not None):
        sys.exit(0 if run(asked) else 1)
    import django  # noqa: PLC0415

    django.setup()
    if asked.migrate:
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0, interactive=False)
    elif asked.fill:
        fill(*asked.fill)
    else:
        sys.exit(0 if measure(asked.part) else 1)


if __name__ == "__main__":
    main()
