"""How long pages and API take beside a bare view, and at a million visits beside a year's.

    python bench/web.py [--data FOLDER] [--visits 1833 1000000] [--rounds 300] [--only NAME ...]

The real server runs once for each size, all requests take turns on connections that are kept alive, and only medians of
one run are compared: a busy machine slows all of them.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

YEAR, MILLION = 1_833, 1_000_000
ROWS, INSERT, SIGNED, API_INSERT = "bare rows", "bare insert", "bare insert, signed in", "insert view of DRF"
LIST = "issue list, leader"
PEERS = (ROWS, INSERT, SIGNED, API_INSERT, LIST)


class Target(NamedTuple):
    """Something that is asked again and again."""

    name: str
    path: str
    person: str = ""
    # Its median may be so many times that of the peer.
    most: float = 0.0
    peer: str = ROWS
    by_token: bool = False
    body: Callable[[House], Any] | None = None
    most_statements: int = 0


# What is measured; the limits are those of the issue that the product was built from.
LIST_MOST, API_MOST, SAVE_MOST, GROWTH_MOST, STATEMENTS_MOST = 4.0, 1.5, 3.0, 1.3, 6


def targets() -> list[Target]:
    found = [
        Target(ROWS, "/bench/rows/?district={district}"),
        Target("bare rows, no joins", "/bench/own-rows/?district={district}"),
        Target(INSERT, "/bench/insert/", body=visit_row),
        Target(SIGNED, "/bench/signed-insert/", "cadre", body=visit_row),
        Target(API_INSERT, "/api/bench-insert/", "cadre", by_token=True, body=api_row),
    ]
    page = {"most": LIST_MOST, "most_statements": STATEMENTS_MOST}
    for person in ("leader", "handler", "cadre"):
        found.append(Target(f"issue list, {person}", "/issues/", person, **page))
        found.append(
            Target(
                f"API issues, {person}", "/api/v1/issues/", person, API_MOST, by_token=True,
                most_statements=STATEMENTS_MOST,
            )
        )  # fmt: skip
    found += [
        Target("visit form, cadre", "/visits/new/", "cadre", 1.0, LIST),
        Target("inbox, cadre", "/todo/", "cadre", 1.0, LIST),
        Target("inbox, handler", "/todo/", "handler", 1.0, LIST),
        Target("home, cadre", "/", "cadre"),
        Target("API visits, leader", "/api/v1/visits/", "leader", by_token=True, most_statements=STATEMENTS_MOST),
        Target("API inbox, handler", "/api/v1/inbox/", "handler", by_token=True),
        Target(
            "API visit with two issues", "/api/v1/visits/", "cadre", SAVE_MOST, API_INSERT, by_token=True, body=visit
        ),
    ]
    return found


@dataclass
class House:
    """One database, one server."""

    visits: int
    environment: dict[str, str]
    port: int = 0
    links: dict[str, http.client.HTTPConnection] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def ask(self, target: Target, **headers: str) -> tuple[float, http.client.HTTPResponse, bytes]:
        """Ask once and return how long it took."""
        link = self.links.setdefault(target.name, http.client.HTTPConnection("127.0.0.1", self.port, timeout=120))
        if target.by_token:
            headers["Authorization"] = f"Bearer {self.tokens[target.person]}"
        elif target.person:
            headers["Cookie"] = self.cookies[target.person]
        body = None
        if target.body is not None:
            body = json.dumps(target.body(self)).encode()
            headers["Content-Type"] = "application/json"
        path = target.path.format(**self.things)
        try:
            return _ask(link, path, body, headers)
        except ConnectionError:
            # It was idle for longer than the server keeps it.
            link.close()
            return _ask(link, path, body, headers)


def _ask(
    link: http.client.HTTPConnection, path: str, body: bytes | None, headers: dict[str, str]
) -> tuple[float, http.client.HTTPResponse, bytes]:
    began = time.perf_counter()
    link.request("POST" if body else "GET", path, body, headers)
    answer = link.getresponse()
    content = answer.read()
    return time.perf_counter() - began, answer, content


def visit_row(house: House) -> dict[str, Any]:
    """The columns of one visit, typed and checked by nobody; its number is free, also in another run."""
    things = house.things
    return {
        "district_id": things["district"], "town_id": things["town"], "enterprise_id": things["firm"],
        "officer_id": things["cadre"], "submitted_by_id": things["cadre"], "number": f"B{random.randrange(10**12)}",
        "visited_on": things["today"], "iso_year": 2026, "iso_week": 26, "contact_name": "王建国",
        "summary": "看了包装车间和食堂，谈了工资发放与高温补贴。", "submitted_at": f"{things['today']}T09:00:00+08:00",
    }  # fmt: skip


def api_row(house: House) -> dict[str, Any]:
    return {name.removesuffix("_id"): value for name, value in visit_row(house).items()}


def visit(house: House) -> dict[str, Any]:
    issue = {
        "category": house.things["category"],
        "claimant_kind": "person",
        "claimant_name": "李秀英",
        "handling": "submit",
    }
    return {
        "client_id": str(uuid.uuid4()),
        "visited_on": house.things["today"],
        "enterprise": house.things["firm"],
        "contact_name": "王建国",
        "contact_phone": "13812345678",
        "summary": "看了包装车间和食堂，谈了工资发放与高温补贴。",
        "issues": [
            {"title": "六月加班工资拖到现在没发", "description": "四十多人反映。", "claimant_count": 43, **issue},
            {"title": "食堂周末不开", "urgency": 3, "suggested_department": house.things["department"], **issue},
        ],
    }


# --- servers and data


@contextmanager
def houses(data: Path, sizes: Sequence[int]) -> Iterator[list[House]]:
    """Start what is needed, fill the databases that are not there yet, and start a server for each."""
    from unionops.embedded import Servers  # noqa: PLC0415 -- the path comes first

    with Servers(data, say=say) as servers, ExitStack() as stack:
        found = []
        for place, size in enumerate(sizes):
            name, environment = environment_of(servers, data, size, place)
            prepare(servers, name, size, environment)
            house = House(size, environment)
            made = part("people", environment)
            house.cookies, house.tokens, house.things = made["cookies"], made["tokens"], made["things"]
            house.port = stack.enter_context(server(house))
            found.append(house)
        yield found


def environment_of(
    servers: Any, data: Path, size: int, place: int = 0, beginning: str = "bench"
) -> tuple[str, dict[str, str]]:
    """The name of the database of a size, and what a process of the product needs to use it."""
    environment = servers.environment()
    name = f"{beginning}_{size}"
    for url in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment[url] = environment[url].replace("/unionops?", f"/{name}?")
    environment["REDIS_URL"] = environment["REDIS_URL"].replace("db=0", f"db={place + 1}")
    environment |= {"UNIONOPS_DATA": str(data), "DJANGO_SETTINGS_MODULE": "bench.settings", "BENCH_VISITS": str(size)}
    return name, environment


def prepare(
    servers: Any, name: str, size: int, environment: dict[str, str], of: str = "visits", script: str = __file__
) -> None:
    with servers.postgres.connect() as link:
        if link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            part("migrate", environment, script)
            return
        say(f"Filling a database with {size:,} {of} (once) …")
        # What a filling that broke off has left.
        link.execute(f"DROP DATABASE IF EXISTS {name}_new WITH (FORCE)")
        link.execute(f"CREATE DATABASE {name}_new OWNER owner TEMPLATE template0")
        new = {key: value.replace(f"/{name}?", f"/{name}_new?") for key, value in environment.items()}
        part("migrate", new, script)
        superuser = servers.keys.database_url(servers.places, "postgres", f"{name}_new")
        part("seed", new | {"DATABASE_OWNER_URL": superuser}, script)
        link.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")


def part(name: str, environment: dict[str, str], script: str = __file__) -> Any:
    """Do a step in a process with the settings of one database; return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, script, "--part", name], cwd=ROOT, env=os.environ | environment, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout) if done.stdout else None


@contextmanager
def server(house: House) -> Iterator[int]:
    """The web process as `manage.py up` starts it."""
    from unionops.supervisor import web_command  # noqa: PLC0415

    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | house.environment | {"UNIONOPS_PROCESS": "web", "UNIONOPS_LOG_LEVEL": "CRITICAL"}
    process = subprocess.Popen(web_command("127.0.0.1", port), cwd=ROOT, env=environment)
    try:
        house.port = port
        wait_until_ready(house)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(house: House) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            _seconds, answer, _content = house.ask(Target("ready", "/bench/rows/?district={district}"))
            if answer.status == 200:
                return
        except OSError:
            house.links.pop("ready").close()
        if time.monotonic() > end:
            raise SystemExit("The server did not start.")
        time.sleep(0.1)


# --- parts: each in a process of its own


def migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from unionops.static_files import collect_when_stale  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    collect_when_stale()


def fill() -> None:
    from bench.seed import seed  # noqa: PLC0415

    seed(int(os.environ["BENCH_VISITS"]))


def make_people() -> None:
    """Sign people in and print how they prove it."""
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415
    from knox.models import AuthToken  # noqa: PLC0415

    from unionops.org.models import Enterprise, Organisation, User  # noqa: PLC0415
    from visits.models import Category  # noqa: PLC0415

    cookies, tokens = {}, {}
    for name in ("leader", "handler", "cadre"):
        user = User.objects.get(username=name)
        client = Client()
        client.force_login(user, backend="unionops.org.backends.PeopleBackend")
        cookies[name] = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
        tokens[name] = AuthToken.objects.create(user)[1]
    cadre = User.objects.get(username="cadre")
    town = cadre.postings.get().organisation_id
    things = {
        "cadre": cadre.pk,
        "town": town,
        "district": Organisation.objects.get(kind="district").pk,
        "firm": str(Enterprise.objects.filter(town=town).earliest("pk").pk),
        "category": Category.objects.exclude(parent=None).earliest("pk").pk,
        "department": Organisation.objects.filter(kind="department").earliest("pk").pk,
        "today": timezone.localdate().isoformat(),
    }
    print(json.dumps({"cookies": cookies, "tokens": tokens, "things": things}))


PARTS: dict[str, Callable[[], None]] = {"migrate": migrate, "seed": fill, "people": make_people}
OWNERS = {"migrate", "seed"}


def run_part(name: str, parts: Mapping[str, Callable[[], None]] = PARTS) -> None:
    if name in OWNERS:
        os.environ["UNIONOPS_DATABASE_ROLE"] = "owner"
    import django  # noqa: PLC0415

    django.setup()
    parts[name]()


# --- measuring


Times = dict[tuple[str, int], list[float]]


def measure(found: list[House], wanted: list[Target], rounds: int) -> tuple[Times, dict[str, int]]:
    """Ask everything in turns. Return times by name and size, and statements by name."""
    times: Times = {(target.name, house.visits): [] for target in wanted for house in found}
    statements = {}
    for target in wanted:
        for house in found:
            for _warm in range(6):
                _seconds, answer, content = house.ask(target)
                if answer.status not in (200, 201):
                    raise SystemExit(f"{target.name}: {answer.status} {content[:300].decode(errors='replace')}")
            _seconds, answer, _content = house.ask(target, **{"X-Count-Statements": "1"})
            statements[target.name] = int(answer.headers["X-Statements"])
    for _round in range(rounds):
        for target in wanted:
            for house in found:
                times[target.name, house.visits].append(house.ask(target)[0])
    return times, statements


def existing(found: list[House], wanted: list[Target]) -> list[Target]:
    """Leave out what this build does not have, and say so."""
    kept = []
    for target in wanted:
        _seconds, answer, content = found[0].ask(target)
        if answer.status not in (200, 201):
            say(f"{target.name}: {target.path} answers {answer.status}: {content[:200].decode(errors='replace')}")
        else:
            kept.append(target)
    return kept


def report(found: list[House], wanted: list[Target], times: Times, statements: dict[str, int]) -> bool:
    """Print the table; return whether every limit is kept."""
    small, large = found[0].visits, found[-1].visits
    middle = {key: statistics.median(values) * 1000 for key, values in times.items()}
    kept = True
    say(f"{'':<28}{'SQL':>4}{f'{small:,}':>12}{f'{large:,}':>14}{'to bare':>10}{'limit':>7}{'growth':>9}{'limit':>7}")
    for target in wanted:
        here, there = middle[target.name, small], middle[target.name, large]
        ratio = here / middle[target.peer, small]
        growth = there / here
        fits = (not target.most or ratio <= target.most) and growth <= GROWTH_MOST
        fits &= not target.most_statements or statements[target.name] <= target.most_statements
        kept &= fits
        most = f"{target.most:.1f}" if target.most else ""
        say(
            f"{target.name:<28}{statements[target.name]:>4}{here:>9.2f} ms{there:>11.2f} ms{ratio:>9.2f}x{most:>7}"
            f"{growth:>8.2f}x{GROWTH_MOST:>7}{'' if fits else '  <-- over'}"
        )
    return kept


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    arguments.add_argument("--visits", type=int, nargs="+", default=[YEAR, MILLION])
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--only", nargs="+", default=[])
    arguments.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.part:
        run_part(asked.part)
        return
    with houses(asked.data.absolute(), asked.visits) as found:
        wanted = [
            target
            for target in targets()
            if target.name in PEERS or not asked.only or any(word in target.name for word in asked.only)
        ]
        wanted = existing(found, wanted)
        times, statements = measure(found, wanted, asked.rounds)
        say(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {asked.rounds} rounds, medians")
        sys.exit(0 if report(found, wanted, times, statements) else 1)


if __name__ == "__main__":
    main()
