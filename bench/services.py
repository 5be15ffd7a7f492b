"""Pages of a programme with 100,000 claims beside the same pages with 100, and beside the list of issues.

    python bench/services.py [--claims 100000] [--rounds 60]

Two districts in one database, asked in turns in one process: only medians of one run are compared.
"""

from __future__ import annotations

import argparse
import datetime
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from ground import database

FEW, MANY = 100, 100_000
# The limit is that of the issue that the product was built from.
GROWTH_MOST = 1.3
BATCH = 5_000


def fill(world: Any, count: int, days: int = 1000) -> tuple[Any, Any]:
    """A programme with so many claims, a tenth of them open, spread over three years; returns it and one open claim."""
    from django.utils import timezone  # noqa: PLC0415 -- after the settings
    from uuid6 import uuid7  # noqa: PLC0415

    from services.claims.models import Claim  # noqa: PLC0415
    from tests.services.worlds import make_programme  # noqa: PLC0415

    programme = make_programme(world, fields=[{"key": "own", "label": "自付", "kind": "money", "counted": True}])
    pick, now = random.Random(1), timezone.now()
    towns, last = [world.town, world.other_town], None
    for first in range(0, count, BATCH):
        rows = []
        for number in range(first, min(first + BATCH, count)):
            at = now - datetime.timedelta(days=pick.randrange(days), seconds=pick.randrange(80_000))
            is_open = number % 10 == 0
            rows.append(
                Claim(
                    id=uuid7(), district=world.district, programme=programme, organisation=programme.organisation,
                    number=f"{programme.prefix}26-{number:06d}", title=f"互助理赔：职工{number}", registered_at=at,
                    registered_by=world.people["cadre"], state="submitted" if is_open else "closed", state_since=at,
                    closed_at=None if is_open else at, applicant_kind="person", applicant_name=f"职工{number}",
                    town=towns[number % 2], channel="import", amount_asked=100, amount=100, people_served=1,
                    details={"own": "120.00"}, ledger_import=world.imported,
                    holder_organisation=programme.organisation if is_open else None,
                )
            )  # fmt: skip
        Claim.objects.bulk_create(rows)
        last = rows[0]
    for _number in range(FEW):
        world.issue()
    return programme, last


def median_of(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def measure(claims: int, rounds: int) -> bool:
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from tests.world import make_world  # noqa: PLC0415

    asked: dict[str, Callable[[], Any]] = {}
    for size, count, world in (
        ("few", FEW, make_world()),
        ("many", claims, make_world("柯桥区总工会", "far_")),
    ):
        programme, claim = fill(world, count)
        browser = Client()
        browser.force_login(world["leader"])
        for name, path in (
            ("list of issues", "/issues/"),
            ("list of the programme", f"/services/p/{programme.code}/"),
            ("open ones of a town", f"/services/p/{programme.code}/?state=open&town={world.town.pk}"),
            ("page of a claim", f"/services/claim/{claim.pk}/"),
            ("rows behind a figure", f"/insight/rows/?indicator=claim_open_count&programme={programme.pk}"),
            ("sums of the programme", f"/services/p/{programme.code}/sums/"),
        ):
            asked[f"{name}|{size}"] = _asking(browser, path)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    times: dict[str, list[float]] = {name: [] for name in asked}
    statements = {}
    for name, ask in asked.items():
        with CaptureQueriesContext(connection) as seen:
            ask()
        statements[name] = len(seen)
    for _round in range(rounds):
        for name, ask in asked.items():
            times[name].append(median_of(ask))
    return told(times, statements, claims)


def _asking(browser: Any, path: str) -> Callable[[], Any]:
    def ask() -> None:
        assert browser.get(path).status_code == 200, path

    return ask


def told(times: dict[str, list[float]], statements: dict[str, int], claims: int) -> bool:
    print(f"{'':<30}{'at 100':>10}{f'at {claims:,}':>14}{'growth':>9}{'to issues':>11}{'statements':>12}")
    middle = {name: statistics.median(found) * 1000 for name, found in times.items()}
    kept, issues = True, middle["list of issues|many"]
    for name in dict.fromkeys(name.partition("|")[0] for name in times):
        few, many = middle[f"{name}|few"], middle[f"{name}|many"]
        limited = "sums" not in name and "rows" not in name
        kept &= not limited or many / few <= GROWTH_MOST
        counts = f"{statements[f'{name}|few']}/{statements[f'{name}|many']}"
        print(f"{name:<30}{few:>8.1f}ms{many:>12.1f}ms{many / few:>8.2f}x{many / issues:>10.2f}x{counts:>12}")
    return kept


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--claims", type=int, default=MANY)
    arguments.add_argument("--rounds", type=int, default=60)
    given = arguments.parse_args()
    with database():
        kept = measure(given.claims, given.rounds)
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
