"""`manage.py simulate --visits N`: any number of visits with their issues, for benchmarks."""

from __future__ import annotations

import datetime
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from visits.demo.simulation import simulate

from .import_ledger import find_district


class Command(BaseCommand):
    help = "Add N visits with issues to a district that has enterprises and liaison officers; for benchmarks, not for real districts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--visits", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--district", default="", help="name of the district (needed when there are several)")
        parser.add_argument("--from", dest="first", type=datetime.date.fromisoformat, help="first day (ten years ago)")
        parser.add_argument("--to", dest="last", type=datetime.date.fromisoformat, help="last day (yesterday)")

    def handle(self, *, visits: int, seed: int, district: str, **options: Any) -> None:
        if not (settings.UNIONOPS_DEMO or settings.DEBUG):
            raise CommandError("Invented visits do not belong among real ones: set UNIONOPS_DEMO=1.")
        if visits < 1:
            raise CommandError("--visits must be at least 1.")
        began = time.monotonic()
        with transaction.atomic():
            written = simulate(find_district(district), visits, seed=seed, first=options["first"], last=options["last"])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        seconds = time.monotonic() - began
        if options["verbosity"]:
            self.stdout.write(f"{written.visits} visits, {written.issues} issues in {seconds:.1f} s")
