"""How long the board, the list and the page of a dispute take at 100,000 cases beside 100, and beside the list of issues.

    python bench/disputes.py [--data FOLDER] [--cases 100 100000] [--rounds 200]

Both districts have 40 cases in hand; the larger one has put all others away. The judge sits in every one of them, which no
judge does, and the arbitrator in every fiftieth; the mediator has stood back from every two hundredth. The server and the way of
measuring are those of bench/web.py: all requests take turns on kept connections, and only medians of one run are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import web  # noqa: E402 -- the path comes first

IN_HAND, SITS_IN_ONE_OF, STOOD_BACK_FROM_ONE_OF = 40, 50, 200
STATEMENTS_MOST = 10
PEOPLE = ("leader", "mediator", "judge", "arbitrator")


def targets() -> list[web.Target]:
    found = [web.Target(web.LIST, "/issues/", "leader", peer=web.LIST)]
    for name in PEOPLE:
        for page, path in (
            ("board", "/disputes/board/"), ("list", "/disputes/"), ("case", "/disputes/{case}/"),
        ):  # fmt: skip
            found.append(web.Target(f"{page}, {name}", path, name, peer=web.LIST, most_statements=STATEMENTS_MOST))
    return found


@contextmanager
def houses(data: Path, sizes: Sequence[int]) -> Iterator[list[web.House]]:
    from unionops.embedded import Servers  # noqa: PLC0415 -- the path comes first

    with Servers(data, say=web.say) as servers, ExitStack() as stack:
        found = []
        for place, size in enumerate(sizes):
            name, environment = web.environment_of(servers, data, size, place, "bench_disputes")
            web.prepare(servers, name, size, environment, "disputes", __file__)
            house = web.House(size, environment)
            made = web.part("people", environment, __file__)
            house.cookies, house.things = made["cookies"], made["things"]
            house.port = stack.enter_context(web.server(house))
            found.append(house)
        yield found


# --- parts: each in a process of its own


def fill() -> None:
    """A year of issues, the cases in hand by the steps of the product, the old ones as copies of one that was put away."""
    from bench.seed import seed  # noqa: PLC0415
    from disputes.enums import Seat  # noqa: PLC0415
    from disputes.models import Agreement, Dispute, Obligation, Party, TeamMember  # noqa: PLC0415
    from tests.disputes import stories  # noqa: PLC0415
    from tests.world import make_organisation, make_user  # noqa: PLC0415
    from unionops.org.enums import OrganisationKind, Role  # noqa: PLC0415
    from unionops.org.models import Enterprise, Event, Organisation, User  # noqa: PLC0415

    size = int(os.environ["BENCH_VISITS"])
    seed(web.YEAR)
    district = Organisation.objects.get(kind=OrganisationKind.DISTRICT)
    centre = make_organisation(OrganisationKind.MEDIATION_CENTRE, "八字桥工作室", district)
    people = {"mediator": make_user("mediator", Role.MEDIATOR, centre)}
    department = Organisation.objects.filter(kind=OrganisationKind.DEPARTMENT).earliest("pk")
    world = World(
        district=district, department=department, enterprise=Enterprise.objects.earliest("pk"), people=people
    )  # fmt: skip
    hall = stories.hall_of(world)  # type: ignore[arg-type]
    ways = (
        stories.registered, stories.asked, stories.accepted, stories.mediating, stories.suspended, stories.marked,
        stories.effective, stories.failed,
    )  # fmt: skip
    for number in range(IN_HAND):
        ways[number % len(ways)](hall)
    old = stories.archived(hall)
    judge, arbitrator = people["judge"], people["arbitrator"]
    for seat in TeamMember.objects.filter(user=judge).exclude(dispute=old):
        TeamMember.objects.create(
            dispute=seat.dispute, user=arbitrator, seat=Seat.ARBITRATOR, valid_from=seat.valid_from, added_by=seat.added_by
        )  # fmt: skip
    agreement = old.agreements.get()
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        ago = "n * interval '1 hour'"
        copy(
            cursor, Dispute, old, f"generate_series(1, {size - IN_HAND - 1}) n",
            {"id": f"uuidv7(-{ago})", "number": "'旧-' || lpad(n::text, 6, '0')", "registered_at": f"now() - {ago}"},
        )  # fmt: skip
        cursor.execute(
            "CREATE TEMPORARY TABLE old AS SELECT id, uuidv7() AS agreement, uuidv7() AS worker, uuidv7() AS firm,"
            " row_number() OVER (ORDER BY id) AS n FROM disputes_dispute WHERE number LIKE '旧-%'"
        )
        cursor.execute("SELECT array_agg(id ORDER BY id) FROM org_enterprise")
        (firms,) = cursor.fetchone()
        cursor.execute("CREATE TEMPORARY TABLE firms AS SELECT unnest(%s::uuid[]) AS firm, generate_series(0, %s) AS at", [firms, len(firms) - 1])  # fmt: skip
        worker, firm = (old.parties.get(side=side) for side in ("applicant", "respondent"))
        copy(cursor, Party, worker, "old", {"id": "old.worker", "dispute_id": "old.id", "name": "'职工' || old.n", "identity_hash": "md5(old.n::text)", "phone_hash": "md5(old.n::text)"})  # fmt: skip
        copy(cursor, Party, firm, f"old JOIN firms ON firms.at = old.n %% {len(firms)}", {"id": "old.firm", "dispute_id": "old.id", "enterprise_id": "firms.firm"})  # fmt: skip
        copy(cursor, Agreement, agreement, "old", {"id": "old.agreement", "dispute_id": "old.id"})
        for row in agreement.obligations.all():
            copy(cursor, Obligation, row, "old", {"id": "uuidv7()", "agreement_id": "old.agreement", "debtor_id": "old.firm", "creditor_id": "old.worker"})  # fmt: skip
        for seat in old.team.all():
            values = {"id": "nextval(pg_get_serial_sequence('disputes_teammember', 'id'))", "dispute_id": "old.id"}
            if seat.user_id == people["mediator"].pk:
                back = f"CASE WHEN old.n %% {STOOD_BACK_FROM_ONE_OF} = 0 THEN now() ELSE"
                values |= {name: f"{back} t.{name} END" for name in ("ended_at", "recused_at")}
            copy(cursor, TeamMember, seat, "old", values)
            if seat.user_id == judge.pk:
                source = f"(SELECT * FROM old WHERE n %% {SITS_IN_ONE_OF} = 0) old"
                copy(cursor, TeamMember, seat, source, values | {"user_id": str(arbitrator.pk)})
        for event in Event.objects.about("dispute", old.pk).order_by("-pk")[:5]:
            copy(cursor, Event, event, "old", {"id": "nextval(pg_get_serial_sequence('org_event', 'id'))", "subject_id": "old.id::text"})  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    assert Dispute.objects.count() == size
    assert User.objects.filter(username__in=PEOPLE).count() == len(PEOPLE)


class World(SimpleNamespace):
    """As much of `tests.world.World` as the stories ask for."""

    people: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        from unionops.org.models import User  # noqa: PLC0415

        return User.objects.get(pk=self.people[name].pk)


def copy(cursor: Any, model: Any, template: Any, source: str, values: dict[str, str]) -> None:
    """Insert a copy of the template for each row of the source, with these columns as SQL."""
    columns = [field.column for field in model._meta.concrete_fields]
    if unknown := values.keys() - set(columns):
        raise LookupError(f"{model.__name__} has no {', '.join(unknown)}")
    picked = [f"({values[column]})" if column in values else f"t.{column}" for column in columns]
    table = model._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(picked)} FROM {table} t, {source} WHERE t.id = %s",
        [template.pk],
    )


def make_people() -> None:
    """Sign people in and print how they prove it."""
    from django.test import Client  # noqa: PLC0415

    from disputes.models import Dispute  # noqa: PLC0415
    from unionops.org.models import Organisation, User  # noqa: PLC0415

    cookies = {}
    for name in PEOPLE:
        client = Client()
        client.force_login(User.objects.get(username=name), backend="unionops.org.backends.PeopleBackend")
        cookies[name] = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
    things = {
        "district": Organisation.objects.get(kind="district").pk,
        "case": str(Dispute.objects.filter(state="effective").earliest("registered_at").pk),
    }
    print(json.dumps({"cookies": cookies, "things": things}))


PARTS: dict[str, Callable[[], None]] = {"migrate": web.migrate, "seed": fill, "people": make_people}


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    arguments.add_argument("--cases", type=int, nargs="+", default=[100, 100_000])
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.part:
        web.run_part(asked.part, PARTS)
        return
    with houses(asked.data.absolute(), asked.cases) as found:
        wanted = targets()
        times, statements = web.measure(found, wanted, asked.rounds)
        web.say(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {asked.rounds} rounds, medians")
        sys.exit(0 if web.report(found, wanted, times, statements) else 1)


if __name__ == "__main__":
    main()
