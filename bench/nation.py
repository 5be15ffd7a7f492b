"""Rollups of 3,000 districts: flushes, rebuilds, inserts and reading, each beside its peers and its limit.

    python bench/nation.py [--data FOLDER] [--visits 1000000 10000000] [--districts 300 3000] [--only NAME ...]

Ten times the visits are ten times the districts: each stays as large as it is, what grows is the table.

Each size has a database of its own, filled once by `manage.py simulate`; what a part writes it takes back.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MILLION, DISTRICTS = 1_000_000, 300
LATE, ROUNDS, MONTH_ROUNDS, READ_ROUNDS = 1_000, 5, 15, 50
SAME_MOST = 4_000_000
# The limits are those of the issue that the product was built from.
MONTH_MOST, FLUSH_MOST, INSERT_LEAST = 7.0, 0.05, 0.75
HTTP_MOST, NATION_MOST, VISIBLE_MOST, TASK_MOST = 2.5, 1.1, 3.0, 1.25
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

Part = Callable[[Any, Table], None]


def measure(only: list[str]) -> bool:
    from django.db import connection  # noqa: PLC0415 -- after django.setup()

    from unionops.insight import rollups  # noqa: PLC0415

    rollups.flush()
    table = Table()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for name, part in PARTS.items():
            if name in only or (not only and name not in PATIENT):
                part(cursor, table)
    return table.kept


def undone(part: Part) -> Part:
    """A part whose writes are taken back at its end."""

    def work(cursor: Any, table: Table) -> None:
        from django.db import transaction  # noqa: PLC0415

        with transaction.atomic():
            part(cursor, table)
            transaction.set_rollback(True)

    return work


def one_month(cursor: Any, table: Table) -> None:
    """The last whole month of all districts: scanned, grouped, and counted and stored.

    In turns, each in a transaction of its own, as the product stores it: in one that is taken back nothing could be
    cleaned up, and each round would step over the dead rows of all before. What it writes is what stood there.
    """
    from unionops.insight import rollups  # noqa: PLC0415
    from visits.models import Visit, VisitRollup  # noqa: PLC0415
    from visits.rollups import VISIT_ROLLUPS  # noqa: PLC0415

    last = Visit.objects.order_by("-visited_on").values_list("visited_on", flat=True)[0]
    end = last.replace(day=1) - datetime.timedelta(days=1)
    days = [end.replace(day=1), end]
    rows = Visit.objects.filter(visited_on__range=days).count()
    districts = VisitRollup.objects.filter(grain="month", starts_on=days[0], organisation__kind="district")
    times: dict[str, list[float]] = {name: [] for name in ("scan", "group", "stored", "same")}

    def count() -> None:
        rollups.recount(
            cursor, VISIT_ROLLUPS, VISIT_ROLLUPS.sources[:1], "month", *days, levels=("district_id",)
        )  # fmt: skip

    for _round in range(MONTH_ROUNDS):
        times["scan"].append(timed(lambda: cursor.execute(
            "SELECT count(*) FROM (SELECT district_id, enterprise_id FROM visits_visit WHERE visited_on BETWEEN %s AND %s) AS r", days)))  # fmt: skip
        times["group"].append(timed(lambda: cursor.execute(
            "SELECT district_id, count(*), count(DISTINCT enterprise_id), count(DISTINCT enterprise_id) FILTER (WHERE is_key_enterprise)"
            " FROM visits_visit WHERE visited_on BETWEEN %s AND %s GROUP BY 1", days)))  # fmt: skip
        districts.update(visits=0)
        times["stored"].append(timed(count))
        times["same"].append(timed(count))
    scan, group, stored, same = (statistics.median(found) * 1000 for found in times.values())
    table.head(f"one month of all {districts.count():,} districts: {rows:,} visits")
    table.line("covering scan of its rows", scan)
    table.line("GROUP BY over the raw table, to the scan", group, group / scan)
    table.line("counted and stored anew, to the scan", stored, stored / scan, most=MONTH_MOST)
    table.line("counted anew, nothing has changed", same)


def reading(cursor: Any, table: Table) -> None:
    """A year of months of a district and of the nation: kept, from a view, and counted from the raw rows."""
    from unionops.org.models import Organisation  # noqa: PLC0415
    from visits.models import Visit  # noqa: PLC0415

    last = Visit.objects.order_by("-visited_on").values_list("visited_on", flat=True)[0]
    since = last.replace(day=1) - datetime.timedelta(days=334)
    district = Organisation.objects.filter(kind="district").earliest("pk").pk
    nation = Organisation.objects.get(kind="upper", parent=None).pk
    cursor.execute(SMALL_VIEW)
    cursor.execute("CREATE UNIQUE INDEX ON bench_small (district_id, starts_on)")
    cursor.execute("ANALYZE bench_small")
    kept = "SELECT * FROM visits_visitrollup WHERE organisation_id = %s AND grain = 'month' AND starts_on >= %s"
    raw = (
        "SELECT date_trunc('month', visited_on::timestamp), count(*), count(DISTINCT enterprise_id) FROM visits_visit"
        " WHERE {} visited_on >= %s GROUP BY 1"
    )
    asked: dict[str, tuple[str, list[Any], int]] = {
        "SELECT 1": ("SELECT 1", [], READ_ROUNDS),
        "a district, kept": (kept, [district, since], READ_ROUNDS),
        "a district, from a view": ("SELECT * FROM bench_small WHERE district_id = %s AND starts_on >= %s", [district, since], READ_ROUNDS),
        "a district, GROUP BY": (raw.format("district_id = %s AND"), [district, since], READ_ROUNDS),
        "the nation, kept": (kept, [nation, since], READ_ROUNDS),
        "the nation, from a view": ("SELECT starts_on, sum(visits), sum(firms) FROM bench_small WHERE starts_on >= %s GROUP BY 1", [since], READ_ROUNDS),
        "the nation, GROUP BY": (raw.format(""), [since], 3),
    }  # fmt: skip
    table.head("a year of months, read")
    times = {name: middle(lambda: cursor.execute(sql, values), rounds) for name, (sql, values, rounds) in asked.items()}  # noqa: B023 -- run at once
    for name, found in times.items():
        peer = times[f"{name.split(',')[0]}, GROUP BY"] if "," in name else 0.0
        table.line(f"{name}{', to GROUP BY' if peer else ''}", found, found / peer if peer else 0.0)


def newest(count: int, districts: Sequence[Any] = ()) -> list[Any]:
    """Keys of the newest visits, of all districts or of some."""
    from visits.models import Visit  # noqa: PLC0415

    rows = Visit.objects.filter(district__in=districts) if districts else Visit.objects.all()
    return list(rows.order_by("-visited_on").values_list("pk", flat=True)[:count])


def some_districts(count: int) -> list[int]:
    """The same ones whatever else the table holds: edits of their visits are the same work in every table."""
    from unionops.org.models import Organisation  # noqa: PLC0415

    return list(Organisation.objects.filter(kind="district").order_by("pk").values_list("pk", flat=True)[:count])


class Edits:
    """Visits that are moved by some days, always by the same dice."""

    def __init__(self, cursor: Any) -> None:
        self.cursor, self.dice = cursor, random.Random(1)

    def of(self, rows: list[Any], count: int) -> Callable[[], None]:
        return lambda: self.cursor.execute(
            "UPDATE visits_visit SET visited_on = visited_on - 1 - (random() * 5)::int WHERE id = ANY(%s)",
            [self.dice.sample(rows, min(count, len(rows)))],
        )

    def refreshed(self, view: str, rounds: int, rows: list[Any]) -> float:
        sql = f"REFRESH MATERIALIZED VIEW CONCURRENTLY {view}"
        return middle(lambda: self.cursor.execute(sql), rounds, self.of(rows, LATE))


def same_rows(cursor: Any) -> None:
    """A view that holds what the rollups of visits hold of towns and districts."""
    from unionops.insight import rollups  # noqa: PLC0415
    from visits.rollups import VISIT_ROLLUPS  # noqa: PLC0415

    visits = VISIT_ROLLUPS.sources[0]
    same = " UNION ALL ".join(
        rollups._grouped(visits, grain, level) for grain in rollups.LENGTHS for level in rollups.LEVELS
    )
    cursor.execute(f"CREATE MATERIALIZED VIEW bench_same AS {same}")
    cursor.execute("CREATE UNIQUE INDEX ON bench_same (organisation_id, grain, starts_on)")


def late_edits(cursor: Any, table: Table) -> None:
    from unionops.insight import rollups  # noqa: PLC0415
    from unionops.org.models import Organisation  # noqa: PLC0415
    from visits.models import Visit  # noqa: PLC0415

    table.head("late edits")
    cursor.execute(SMALL_VIEW)
    cursor.execute("CREATE UNIQUE INDEX ON bench_small (district_id, starts_on)")
    # Of ten million visits one refresh takes ten minutes: that is a part of its own, `refresh`.
    has_same = Visit.objects.count() < SAME_MOST
    if has_same:
        same_rows(cursor)
    edits, all_recent = Edits(cursor), newest(20 * LATE)
    recent, of_one = newest(20 * LATE, some_districts(DISTRICTS)), newest(20, some_districts(1))
    cursor.execute("SELECT id FROM visits_visit TABLESAMPLE SYSTEM (2) LIMIT 100000")
    anywhere = [row[0] for row in cursor.fetchall()]
    peer = edits.refreshed("bench_small", 3, all_recent)
    table.line("REFRESH CONCURRENTLY, months of districts only", peer)
    if has_same:
        peer = edits.refreshed("bench_same", 3, all_recent)
        table.line("REFRESH CONCURRENTLY, the rows of the rollups", peer)
    rollups.flush()
    # The limit is for a view that holds the same; the small one has two measures of the months of districts.
    most = FLUSH_MOST if has_same else 0.0
    flushed = middle(rollups.flush, before=edits.of(recent, LATE))
    table.line(f"{LATE:,} recent edits of {DISTRICTS} districts, to the last view", flushed, flushed / peer, most=most)
    if (districts := Organisation.objects.filter(kind="district").count()) > DISTRICTS:
        flushed = middle(rollups.flush, before=edits.of(all_recent, LATE))
        table.line(f"{LATE:,} recent edits of {districts:,} districts", flushed, flushed / peer, most=most)
    history = middle(rollups.flush, before=edits.of(anywhere, LATE))
    table.line(f"{LATE:,} edits in all years, to that view", history, history / peer)
    table.line("10 recent edits", middle(rollups.flush, 15, edits.of(recent, 10)))
    table.line("one recent edit", middle(rollups.flush, 15, edits.of(of_one, 1)))


def patient(cursor: Any, table: Table) -> None:
    """The peer of the limit in a table of any size: to make the view takes as long as to refresh it."""
    from unionops.insight import rollups  # noqa: PLC0415

    table.head("late edits beside a view with the rows of the rollups")
    edits, recent, all_recent = Edits(cursor), newest(20 * LATE, some_districts(DISTRICTS)), newest(20 * LATE)
    table.line("CREATE MATERIALIZED VIEW", timed(lambda: same_rows(cursor)) * 1000)
    peer = edits.refreshed("bench_same", 1, all_recent)
    table.line("REFRESH CONCURRENTLY, once", peer)
    rollups.flush()
    for name, rows in ((f"{DISTRICTS}", recent), ("all", all_recent)):
        flushed = middle(rollups.flush, before=edits.of(rows, LATE))
        table.line(f"{LATE:,} recent edits of {name} districts", flushed, flushed / peer, most=FLUSH_MOST)


def inserts(cursor: Any, table: Table) -> None:
    """Visits by statements of one row each, with and without the triggers that mark."""
    from visits.models import Visit  # noqa: PLC0415

    table.head("inserts")
    columns = ", ".join(
        field.column for field in Visit._meta.concrete_fields if field.column not in ("id", "number", "client_id")
    )
    rows = 500

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
    for _round in range(4 * ROUNDS):
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


# --- over HTTP, and through a worker


def people() -> None:
    """Post a leader to a district and one to the nation, and print how they prove it."""
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from unionops.org.models import Organisation, Posting, User  # noqa: PLC0415

    found: dict[str, Any] = {}
    places = {
        "district": Organisation.objects.filter(kind="district").earliest("pk"),
        "nation": Organisation.objects.get(kind="upper", parent=None),
    }
    for name, place in places.items():
        user = User.objects.filter(username=f"bench-{name}").first()
        if user is None:
            user = User.objects.create_user(f"bench-{name}", name=name)
            Posting.objects.create(user=user, organisation=place, role="leader", valid_from=timezone.localdate())
        client = Client()
        client.force_login(user, backend="unionops.org.backends.PeopleBackend")
        found[name] = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
    print(json.dumps(found))


def over_http(environment: dict[str, str], table: Table, rounds: int) -> None:
    """The data of a dashboard, permissions included, beside a view that does nothing."""
    from bench import web  # noqa: PLC0415

    done = subprocess.run(
        [sys.executable, __file__, "--people"], cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    cookies = json.loads(done.stdout)
    app = {name: value for name, value in environment.items() if name != "UNIONOPS_DATABASE_ROLE"}
    house = web.House(0, app, cookies=cookies, things={"district": 0})
    # One name is one connection, and so one process of the server: two differ by more than the last limit allows.
    link = "dashboard"
    bare = web.Target(link, "/bench/one/")
    signed = "the same for somebody who is signed in"
    path = "/api/v1/rollups/?since={since}&until={until}"
    targets = {
        signed: web.Target(link, "/bench/one/", "district"),
        "district": web.Target(link, path, "district"),
        "nation": web.Target(link, path, "nation"),
        # As many rows as the nation has: weeks in place of months.
        "weeks": web.Target(link, "/api/v1/rollups/?grain=week&since={weeks}&until={until}", "district"),
    }
    # Until today: the simulated issues go on being closed after it, in months of which a district has few towns.
    today = datetime.date.today()  # noqa: DTZ011 -- a rough year
    house.things.update(since=(today - datetime.timedelta(days=365)).isoformat(), until=today.isoformat())
    table.head("the data of a dashboard over HTTP")
    with web.server(house):
        rows = {name: told(house, targets[name]) for name in ("district", "nation")}
        weeks = max(sum(rows["nation"]) - rows["district"][1], 1)
        house.things["weeks"] = (today - datetime.timedelta(days=7 * weeks - 1)).isoformat()
        rows["weeks"] = told(house, targets["weeks"])
        times: dict[str, list[float]] = {name: [] for name in ("one", *targets)}
        for turn in range(rounds + 10):
            for name, target in (("one", bare), *targets.items()):
                seconds, answer, content = house.ask(target)
                if answer.status != 200:
                    raise SystemExit(f"{name}: {answer.status} {content[:300].decode(errors='replace')}")
                if turn >= 10:
                    times[name].append(seconds)
    middles = {name: statistics.median(values) * 1000 for name, values in times.items()}
    table.line("a bare view, SELECT 1", middles["one"])
    known, district, nation, same = (middles[name] for name in targets)
    counts = {name: sum(found) for name, found in rows.items()}
    table.line(f"{signed}, to the bare view", known, known / middles["one"])
    table.line(
        f"a year of a district, {counts['district']} rows, to the bare view",
        district,
        district / middles["one"],
        most=HTTP_MOST,
    )
    table.line("that of a district, to the signed-in view", district, district / known)
    table.line(
        f"the same of the nation, {counts['nation']} rows, to the district", nation, nation / district, most=NATION_MOST
    )
    if counts["nation"] > counts["district"]:
        table.line(f"{counts['weeks']} rows of a district", same)
        table.line("the nation to these", nation, nation / same)


def told(house: Any, target: Any) -> tuple[int, int]:
    """How many rows a dashboard has, its own and those below."""
    _seconds, answer, content = house.ask(target)
    if answer.status != 200:
        raise SystemExit(f"{target.path}: {answer.status} {content[:300].decode(errors='replace')}")
    found = json.loads(content)
    return len(found["results"]), len(found["below"])


def through_a_worker(environment: dict[str, str], table: Table) -> None:
    """One edit until its figure is there, beside the round trip of a task that does nothing.

    What is called directly runs with the role and the limits of the worker: these change how PostgreSQL plans.
    """
    app = {name: value for name, value in environment.items() if name != "UNIONOPS_DATABASE_ROLE"}
    app["UNIONOPS_PROCESS"] = "worker"
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "--app", "bench.tasks", "worker", "--concurrency", "2", "--loglevel", "error",
         "--without-gossip", "--without-mingle"], cwd=ROOT, env=os.environ | app,
    )  # fmt: skip
    table.head("through a worker")
    try:
        done = subprocess.run(
            [sys.executable, __file__, "--edits"], cwd=ROOT, env=os.environ | app, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    finally:
        worker.terminate()
        worker.wait(30)
    found = json.loads(done.stdout)
    table.line("an empty task, there and back", found["empty"])
    table.line(
        "an edit until its figure shows, to the empty task", found["edit"], found["edit"] / found["empty"], VISIBLE_MOST
    )
    table.line("1,000 edits flushed directly", found["direct"])
    table.line("1,000 edits flushed by a task, to directly", found["task"], found["task"] / found["direct"], TASK_MOST)


def edits() -> None:
    from django.db import connection  # noqa: PLC0415
    from django.db.models import Case, When  # noqa: PLC0415

    from bench import tasks  # noqa: PLC0415
    from unionops.insight import rollups  # noqa: PLC0415
    from unionops.insight.middleware import wake  # noqa: PLC0415
    from unionops.insight.models import DirtyBucket  # noqa: PLC0415
    from visits.models import Visit  # noqa: PLC0415

    rollups.flush()
    rows, of_one = newest(5 * LATE, some_districts(DISTRICTS)), newest(20, some_districts(1))
    dice = random.Random(2)

    def edit(count: int) -> None:
        other = Case(When(is_key_enterprise=True, then=False), default=True)
        chosen = dice.sample(of_one if count == 1 else rows, count)
        Visit.objects.filter(pk__in=chosen).update(is_key_enterprise=other)

    def until_clean(pause: float = 0.0005) -> None:
        # Whoever only asked would take the time of the worker: there are two cores.
        while DirtyBucket.objects.exists():
            time.sleep(pause)

    empty, one, direct, task = [], [], [], []
    for _round in range(60):
        # In turns: what else the machine does slows both.
        empty.append(timed(lambda: tasks.back(tasks.nothing)))
        edit(1)
        one.append(timed(lambda: (wake(), until_clean())))
    for _round in range(2 * ROUNDS):
        edit(LATE)
        direct.append(timed(rollups.flush))
        edit(LATE)
        task.append(timed(lambda: (wake(), until_clean(0.005))))
    connection.close()
    middles = {"empty": empty, "edit": one, "direct": direct, "task": task}
    print(json.dumps({name: statistics.median(values) * 1000 for name, values in middles.items()}))


PARTS: dict[str, Part] = {
    "month": one_month, "reading": undone(reading), "edits": undone(late_edits), "inserts": undone(inserts),
    "refresh": undone(patient),
}  # fmt: skip
# Nobody waits for it who does not ask for it.
PATIENT = {"refresh"}


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
    sizes = list(zip(asked.visits, asked.districts, strict=True))
    # What a power cut takes away is filled again; nothing is measured on servers that do not wait for the disk.
    with Servers(data, careless=True, say=web.say) as servers:
        for visits, districts in sizes:
            provide(servers, data, visits, districts)
    with Servers(data, say=web.say) as servers:
        for visits, districts in sizes:
            environment = environment_of(servers, data, f"nation_{visits}_{districts}")
            step(["--migrate"], environment)
            print(
                f"\n== {visits:,} visits, {districts:,} districts, {time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores"
            )
            inside = [name for name in asked.only if name in PARTS]
            if inside or not asked.only:
                kept &= step(["--part", *inside], environment, check=False)
            table = Table()
            if "http" in asked.only or not asked.only:
                over_http(environment, table, asked.rounds)
            if "worker" in asked.only or not asked.only:
                through_a_worker(environment, table)
            kept &= table.kept
    return kept


def environment_of(servers: Any, data: Path, name: str) -> dict[str, str]:
    environment: dict[str, str] = servers.environment() | {
        "UNIONOPS_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "UNIONOPS_DATABASE_ROLE": "owner",
    }
    for url in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment[url] = environment[url].replace("/unionops?", f"/{name}?")
    return environment


def provide(servers: Any, data: Path, visits: int, districts: int) -> None:
    """Fill the database of a size unless it is there."""
    from bench import web  # noqa: PLC0415

    name = f"nation_{visits}_{districts}"
    with servers.postgres.connect() as link:
        if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        web.say(f"Filling a database with {visits:,} visits of {districts:,} districts (once) …")
        # What an earlier run left behind when it was stopped is of no use.
        link.execute(f"DROP DATABASE IF EXISTS {name}_new")
        link.execute(f"CREATE DATABASE {name}_new OWNER owner TEMPLATE template0")
        new = environment_of(servers, data, f"{name}_new")
        step(["--migrate"], new)
        superuser = servers.keys.database_url(servers.places, "postgres", f"{name}_new")
        step(["--fill", str(districts), str(visits)], new | {"DATABASE_OWNER_URL": superuser, "UNIONOPS_DEMO": "1"})
        link.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")


def step(arguments: list[str], environment: dict[str, str], *, check: bool = True) -> bool:
    done = subprocess.run([sys.executable, __file__, *arguments], cwd=ROOT, env=os.environ | environment, check=check)
    return done.returncode == 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    arguments.add_argument("--visits", type=int, nargs="+", default=[MILLION, 10 * MILLION])
    arguments.add_argument("--districts", type=int, nargs="+", default=[DISTRICTS, 10 * DISTRICTS])
    arguments.add_argument("--only", nargs="+", default=[], choices=[*PARTS, "http", "worker"])
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--people", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--edits", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--migrate", action="store_true", help=argparse.SUPPRESS)
    arguments.add_argument("--fill", type=int, nargs=2, help=argparse.SUPPRESS)
    arguments.add_argument("--part", nargs="*", help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if not (asked.migrate or asked.fill or asked.people or asked.edits or asked.part is not None):
        sys.exit(0 if run(asked) else 1)
    import django  # noqa: PLC0415

    django.setup()
    if asked.migrate:
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", verbosity=0, interactive=False)
    elif asked.fill:
        fill(*asked.fill)
    elif asked.people:
        people()
    elif asked.edits:
        edits()
    else:
        sys.exit(0 if measure(asked.part) else 1)


if __name__ == "__main__":
    main()
