"""How long lists and public pages of services take at 100,000 claims and 20,000 places beside 100 of each.

    python bench/services.py [--data FOLDER] [--claims 100 100000] [--rounds 200] [--only NAME ...]

Both districts have 40 claims in hand, 20 of them on the wall, and 40 places to be looked at; the larger one has put all
other claims away and looked at all other places. Both show a hundred batches of payments. The server and the way of measuring are those of bench/web.py: all
requests take turns on kept connections, and only medians of one run are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import web  # noqa: E402 -- the path comes first
from bench.disputes import World  # noqa: E402

IN_HAND, ON_THE_WALL, MOST_PLACES, IN_A_BATCH, BATCHES = 40, 20, 20_000, 100, 100
NEAREST_MOST, NEAREST_ROUNDS = 10.0, 200
PEOPLE = ("leader", "handler", "town", "cadre")
HERE = (120.585, 30.002)


def targets() -> list[web.Target]:
    near = "?near={longitude},{latitude}"
    found = [web.Target(web.LIST, "/issues/", "leader", peer=web.LIST)]
    for person in PEOPLE:
        found += [
            web.Target(f"claims, {person}", "/services/p/{claims}/", person, peer=web.LIST),
            web.Target(f"places, {person}", "/services/p/{places}/", person, peer=web.LIST),
        ]
    for name, path, person in (
        ("room of services, leader", "/services/", "leader"),
        ("room of services, town", "/services/", "town"),
        ("open claims, leader", "/services/p/{claims}/?state=open", "leader"),
        ("open claims of a town", "/services/p/{claims}/?state=open&town={town}", "leader"),
        ("claims by term", "/services/p/{claims}/?sort=due&state=open", "leader"),
        ("claims in my hands", "/services/p/{claims}/?whose=mine", "handler"),
        ("page of a claim, handler", "/services/claim/{claim}/", "handler"),
        ("page of a claim, town", "/services/claim/{claim}/", "town"),
        ("payments", "/services/payments/", "handler"),
        ("inbox, handler", "/todo/", "handler"),
        ("rows behind a figure", "/insight/rows/?indicator=claim_open_count", "leader"),
        ("map and list", "/places/p/{places}/map/", "leader"),
        ("map and list, town", "/places/p/{places}/map/", "town"),
        ("map and list, nearest", "/places/p/{places}/map/" + near, "leader"),
        ("map and list, open now", "/places/p/{places}/map/" + near + "&open=on", "leader"),
        ("map data, nearest", "/places/p/{places}/map/data/" + near, "leader"),
        ("inspections and repairs", "/places/p/{places}/upkeep/", "handler"),
        ("page of a place", "/services/place/{place}/", "handler"),
        ("public: what may be asked", "/public/services/", ""),
        ("public: a programme", "/public/services/{claims_pk}/", ""),
        ("public: the wall", "/public/notices/", ""),
        ("public: a notice", "/public/notices/{claims_pk}/", ""),
        ("public: map and list", "/public/places/{places_pk}/", ""),
        ("public: nearest", "/public/places/{places_pk}/" + near, ""),
        ("public: data, nearest", "/public/places/{places_pk}/data/" + near, ""),
        ("public: a place", "/public/place/{public_place}/", ""),
        ("public: a sign", "/public/place/{public_place}/sign/", ""),
        ("public: goals", "/public/boards/", ""),
        ("public: activities", "/public/activities/", ""),
        ("public: care classes", "/public/childcare/", ""),
        ("public: wishes", "/public/wishes/", ""),
        ("public: my case", "/public/services/mine/", ""),
    ):  # fmt: skip
        found.append(web.Target(name, path, person, peer=web.LIST))
    for word in ("claims", "places"):
        found.append(web.Target(f"API {word}, leader", f"/api/v1/{word}/", "leader", peer=web.LIST, by_token=True))
    return found


@contextmanager
def houses(data: Path, sizes: Sequence[int]) -> Iterator[list[web.House]]:
    from unionops.embedded import Servers  # noqa: PLC0415 -- the path comes first

    with Servers(data, say=web.say) as servers, ExitStack() as stack:
        found = []
        for place, size in enumerate(sizes):
            name, environment = web.environment_of(servers, data, size, place, "bench_services")
            web.prepare(servers, name, size, environment, "claims", __file__)
            house = web.House(size, environment)
            made = web.part("people", environment, __file__)
            house.cookies, house.tokens, house.things = made["cookies"], made["tokens"], made["things"]
            house.port = stack.enter_context(web.server(house))
            found.append(house)
        yield found


# --- parts: each in a process of its own


def fill() -> None:
    """A year of issues, what is in hand by the steps of the product, the rest as copies of one that is done with."""
    from django.db import connection  # noqa: PLC0415

    from bench.seed import seed  # noqa: PLC0415
    from unionops.org.enums import OrganisationKind  # noqa: PLC0415
    from unionops.org.models import Organisation, User  # noqa: PLC0415

    size = int(os.environ["BENCH_VISITS"])
    seed(web.YEAR)
    units = Organisation.objects.order_by("pk")
    cadre, handler = (User.objects.get(username=name) for name in ("cadre", "handler"))
    department = handler.postings.get().organisation
    world = World(
        district=units.get(kind=OrganisationKind.DISTRICT), town=cadre.postings.get().organisation, department=department,
        other_department=department, people={"cadre": cadre, "handler": handler, "officer": handler},
    )  # fmt: skip
    claim, publication, batch = _claims(world)
    place, inspection = _places(world)
    towns = list(units.filter(kind=OrganisationKind.TOWN).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("CREATE TEMPORARY TABLE towns AS SELECT %s::bigint[] AS of", [towns])
        _old_claims(cursor, claim, publication, batch, size - IN_HAND)
        _other_places(cursor, place, inspection, min(size, MOST_PLACES) - IN_HAND)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _claims(world: Any) -> tuple[Any, Any, Any]:
    """Those in hand; returns one of them, its publication and a batch of payments."""
    from decimal import Decimal  # noqa: PLC0415

    from services.actions import cases  # noqa: PLC0415
    from services.claims.models import PaymentBatch  # noqa: PLC0415
    from tests.services.worlds import CLAIM_STEPS, make_programme, number_of  # noqa: PLC0415

    programme = make_programme(world, steps=CLAIM_STEPS[2:], is_public=True)
    for number in range(IN_HAND):
        claim = cases.register(
            programme, by=world["cadre"], applicant_kind="person", applicant_name=f"职工{number}", town=world.town,
            identity=number_of(number), phone=f"139{number:08d}", account="6217003320045678123", bank="工商银行",
            amount_asked=Decimal(1000),
        )  # fmt: skip
        if number < ON_THE_WALL:
            shown = cases.take(claim, "publish", by=world["handler"], complaint_phone="85120000", unit="恒润纺织")
    batch = PaymentBatch.objects.create(
        district=programme.district, organisation=programme.organisation, programme=programme, number="旧-0",
        made_by=world["handler"],
    )  # fmt: skip
    return claim, shown.publications.get(), batch


def _places(world: Any) -> tuple[Any, Any]:
    """Those that nobody has looked at for long, half of them with something to mend; returns one, and an inspection."""
    import datetime  # noqa: PLC0415

    from django.utils import timezone  # noqa: PLC0415

    from services.places.actions.upkeep import report  # noqa: PLC0415
    from services.places.models import Inspection, Place  # noqa: PLC0415
    from tests.services.places.stations import make_station, make_stations  # noqa: PLC0415

    programme = make_stations(world, is_public=True)
    for number in range(IN_HAND):
        place = make_station(world, programme, title=f"驿站 {number}", longitude=120.5 + number * 0.001)
        if number % 2:
            report(place, by=world["handler"], what="饮水机坏了")
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    Place.objects.update(opened_on=long_ago, inspected_on=long_ago)
    items = [{"label": "饮水", "serious": False, "result": "pass", "note": ""}]
    inspection = Inspection.objects.create(
        district=world.district, place=place, by=world["handler"], items=items, passed=1
    )
    return place, inspection


def copy(cursor: Any, template: Any, source: str, values: dict[str, str]) -> None:
    """Insert a copy of the template for each row of the source, with these columns as SQL."""
    fields = [field for field in template._meta.concrete_fields if not field.generated]
    columns = [field.column for field in fields]
    if unknown := values.keys() - set(columns):
        raise LookupError(f"{template._meta.label} has no {', '.join(unknown)}")
    picked = [f"({values[column]})" if column in values else f't."{column}"' for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    table = template._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(picked)} FROM {table} t, {source} WHERE t.id = %s",
        [template.pk],
    )


def _serial(table: str) -> str:
    return f"nextval(pg_get_serial_sequence('{table}', 'id'))"


def _old_claims(cursor: Any, claim: Any, publication: Any, batch: Any, count: int) -> None:
    """Put away in the last three years, each published, paid and told of in five lines."""
    from services.claims.models import Payment  # noqa: PLC0415
    from unionops.org.models import Event  # noqa: PLC0415

    cursor.execute(
        "CREATE TEMPORARY TABLE old AS SELECT n, uuidv7(-ago) AS id, now() - ago AS at, towns.of[1 + n %% cardinality(towns.of)] AS town"
        " FROM towns, generate_series(1, %s) n, LATERAL (SELECT interval '5 days' + n * interval '1000 days' / %s AS ago) AS away",
        [count, count],
    )  # fmt: skip
    copy(
        cursor, claim, "old",
        {
            "id": "old.id", "number": "'旧-' || lpad(old.n::text, 6, '0')", "title": "'理赔：职工' || old.n", "applicant_name": "'职工' || old.n",
            "registered_at": "old.at", "state": "'closed'", "state_since": "old.at", "closed_at": "old.at", "town_id": "old.town",
            "identity_hash": "md5('identity' || old.n)", "phone_hash": "md5('phone' || old.n)", "deadline_id": "NULL::bigint",
            "holder_user_id": "NULL::bigint", "holder_organisation_id": "NULL::bigint", "holder_role": "''", "amount": "1000",
        },
    )  # fmt: skip
    copy(
        cursor, publication, "old",
        {
            "id": _serial("claims_publication"), "claim_id": "old.id", "starts_on": "old.at::date", "ends_on": "old.at::date + 7",
            "stopped_on": "old.at::date + 7", "name_masked": "'职**'",
        },
    )  # fmt: skip
    cursor.execute(
        "CREATE TEMPORARY TABLE heaps AS SELECT uuidv7() AS heap, n FROM generate_series(0, %s) n",
        [max(BATCHES, count // IN_A_BATCH)],
    )
    copy(
        cursor, batch, "heaps",
        {"id": "heaps.heap", "number": "'旧批-' || heaps.n", "made_at": "now() - heaps.n * interval '1 day'"},
    )  # fmt: skip
    # One payment is written for the batch by hand, copied, and taken away again.
    payment = Payment.objects.create(batch=batch, claim=claim, amount=1000, payee="职工", made_by=batch.made_by)
    copy(
        cursor, payment, f"old JOIN heaps ON heaps.n = old.n / {IN_A_BATCH}",
        {"id": "uuidv7()", "claim_id": "old.id", "batch_id": "heaps.heap", "made_at": "old.at", "state": "'signed'"},
    )  # fmt: skip
    cursor.execute("DELETE FROM claims_payment WHERE id = %s", [payment.pk])
    for event in Event.objects.about("claim", claim.pk).order_by("-pk")[:5]:
        copy(cursor, event, "old", {"id": _serial("org_event"), "subject_id": "old.id::text", "at": "old.at"})


def _other_places(cursor: Any, place: Any, inspection: Any, count: int) -> None:
    """In use and looked at of late, on a net of a hundred metres."""
    east = "120.45 + (n %% 200) * 0.001"
    north = "29.93 + (n / 200) * 0.001"
    cursor.execute(
        "CREATE TEMPORARY TABLE others AS SELECT n, uuidv7(-n * interval '1 minute') AS id, now() - n * interval '1 minute' AS at,"
        f" {east} AS east, {north} AS north, towns.of[1 + n %% cardinality(towns.of)] AS town FROM towns, generate_series(1, %s) n",
        [count],
    )  # fmt: skip
    copy(
        cursor, place, "others",
        {
            "id": "others.id", "number": "'旧站-' || lpad(others.n::text, 6, '0')", "title": "'驿站第' || others.n",
            "registered_at": "others.at", "town_id": "others.town", "longitude": "others.east", "latitude": "others.north",
            "wgs_longitude": "others.east - 0.004", "wgs_latitude": "others.north + 0.003", "inspected_on": "current_date",
            "phone_hash": "md5('phone' || others.n)", "public_code": "substr(md5(others.n::text), 1, 12)", "deadline_id": "NULL::bigint",
        },
    )  # fmt: skip
    copy(cursor, inspection, "others", {"id": "uuidv7()", "place_id": "others.id"})


def make_people() -> None:
    """Sign people in and print how they prove it."""
    from django.test import Client  # noqa: PLC0415
    from knox.models import AuthToken  # noqa: PLC0415

    from services.claims.models import Claim  # noqa: PLC0415
    from services.models import Programme  # noqa: PLC0415
    from services.places.models import Place  # noqa: PLC0415
    from unionops.org.models import Organisation, User  # noqa: PLC0415

    cookies, tokens = {}, {}
    for name in PEOPLE:
        client, user = Client(), User.objects.get(username=name)
        client.force_login(user, backend="unionops.org.backends.PeopleBackend")
        cookies[name] = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
        tokens[name] = AuthToken.objects.create(user)[1]
    claims, places = (Programme.objects.get(shape=shape) for shape in ("claim", "place"))
    station = Place.objects.earliest("pk")
    things = {
        "district": Organisation.objects.get(kind="district").pk, "claims": claims.code, "claims_pk": claims.pk,
        "places": places.code, "places_pk": places.pk, "claim": str(Claim.objects.filter(closed_at=None).earliest("pk").pk),
        "place": str(station.pk), "public_place": station.public_code, "longitude": HERE[0], "latitude": HERE[1],
        "town": User.objects.get(username="cadre").postings.get().organisation_id,
    }  # fmt: skip
    print(json.dumps({"cookies": cookies, "tokens": tokens, "things": things}))


def nearest() -> None:
    """Milliseconds of the statement that finds the nearest ten, and how the database finds them."""
    from services.places import geo  # noqa: PLC0415
    from services.places.models import Place  # noqa: PLC0415

    rows = Place.objects.published().nearest(geo.Point(*HERE)).values_list("pk", "title")[:10]
    took = []
    for _round in range(NEAREST_ROUNDS):
        began = time.perf_counter()
        assert len(list(rows.all())) == 10
        took.append((time.perf_counter() - began) * 1000)
    print(json.dumps({"ms": statistics.median(took), "by_index": "place_spot" in rows.explain()}))


PARTS: dict[str, Callable[[], None]] = {
    "migrate": web.migrate, "seed": fill, "people": make_people, "nearest": nearest,
}  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    arguments.add_argument("--claims", type=int, nargs="+", default=[100, 100_000])
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--only", nargs="+", default=[])
    arguments.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    asked = arguments.parse_args()
    if asked.part:
        web.run_part(asked.part, PARTS)
        return
    with houses(asked.data.absolute(), asked.claims) as found:
        wanted = [
            target
            for target in targets()
            if target.name == web.LIST or not asked.only or any(word in target.name for word in asked.only)
        ]
        times, statements = web.measure(found, wanted, asked.rounds)
        web.say(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, {asked.rounds} rounds, medians")
        kept = web.report(found, wanted, times, statements)
        for house in found:
            one = web.part("nearest", house.environment, __file__)
            how = "by its index" if one["by_index"] else "WITHOUT its index"
            fits = one["by_index"] and one["ms"] <= NEAREST_MOST
            kept &= fits
            web.say(f"nearest ten at {house.visits:,}: {one['ms']:.2f} ms {how}{'' if fits else '  <-- over'}")
        sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
