"""`manage.py simulate [--districts N] --visits M`: any number of visits with their issues, for benchmarks."""

from __future__ import annotations

import datetime
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from unionops.org.errors import ActionError
from visits.demo.nation import Simulated, simulate_nation
from visits.demo.simulation import simulate
from visits.imports.visits import Written

from .import_ledger import find_district


class Command(BaseCommand):
    help = (
        "Add visits with issues to a district that has enterprises and liaison officers, or with --districts to that many"
        " new ones below provinces and a nation; for benchmarks, not for real districts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--visits", type=int, required=True, metavar="M")
        parser.add_argument("--districts", type=int, default=0, metavar="N", help="make so many districts for them")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--district", default="", help="name of the district (needed when there are several)")
        parser.add_argument("--from", dest="first", type=datetime.date.fromisoformat, help="first day (ten years ago)")
        parser.add_argument("--to", dest="last", type=datetime.date.fromisoformat, help="last day (yesterday)")

    def handle(self, *, visits: int, districts: int, seed: int, district: str, **options: Any) -> None:
        if not (settings.UNIONOPS_DEMO or settings.DEBUG):
            raise CommandError("Invented visits do not belong among real ones: set UNIONOPS_DEMO=1.")
        if visits < 1 or districts < 0:
            raise CommandError("--visits must be at least 1, --districts cannot be negative.")
        began = time.monotonic()
        written: Simulated | Written
        try:
            if districts:
                last = options["last"] or timezone.localdate() - datetime.timedelta(days=1)
                written = simulate_nation(districts, visits, seed=seed, last=last)
            else:
                with transaction.atomic():
                    written = simulate(
                        find_district(district), visits, seed=seed, first=options["first"], last=options["last"]
                    )
        except ActionError as error:
            raise CommandError(str(error)) from error
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        seconds = time.monotonic() - began
        if options["verbosity"]:
            self.stdout.write(f"{written.visits} visits, {written.issues} issues in {seconds:.1f} s")
