"""`manage.py rollup [--since DATE | --all]`: bring all rollups up to date now."""

from __future__ import annotations

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from unionops.insight import rollups


class Command(BaseCommand):
    help = "Bring the rollups up to date with what has changed; with --since or --all, count from the raw rows anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=datetime.date.fromisoformat, metavar="DATE", help="2024-01-01")
        parser.add_argument("--all", action="store_true", help="everything, since the beginning")

    def handle(self, *, since: datetime.date | None, **options: Any) -> None:
        if since is not None or options["all"]:
            said = f"{rollups.rebuild(since)} rows changed"
        else:
            done = rollups.flush()
            said = f"{done.marks} marks, {done.buckets} rows looked at, {done.written} changed"
        if options["verbosity"]:
            self.stdout.write(said)
