"""`manage.py rollup [--since DATE]`: bring all rollups up to date now."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from unionops.insight import rollups


class Command(BaseCommand):
    help = "Bring the rollups up to date with what has changed; with --since, recompute everything from that day on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=datetime.date.fromisoformat, metavar="DATE", help="2024-01-01")

    def handle(self, *, since: datetime.date | None, **options: Any) -> None:
        if since is not None:
            rollups.mark_all(since)
        done = rollups.flush()
        if options["verbosity"]:
            self.stdout.write(f"{done.marks} marks, {done.buckets} rows looked at, {done.written} changed")
