"""`manage.py verify_rollups`: recount everything from the raw rows; ends with 1 when a rollup says something else."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from unionops.insight import rollups

MOST_SHOWN = 20


class Command(BaseCommand):
    help = "Recount everything from the raw rows and compare it with the rollups; ends with 1 on any difference."

    def handle(self, **options: Any) -> None:
        with transaction.atomic():
            # One moment for the marks, the rollups and the raw rows, while others go on writing.
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
            rollups.flush()
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
            waiting = rollups.marked()
            found = [one for one in rollups.differences() if one.organisation_id not in waiting]
        for one in found[:MOST_SHOWN]:
            self.stdout.write(
                f"{one.grain} {one.starts_on} organisation {one.organisation_id}: {one.measure} is {one.kept}, counted {one.counted}"
            )
        self.stdout.write(f"{len(found)} different cells")
        if waiting:
            self.stdout.write(f"{len(waiting)} organisations were being written to and are not compared")
        if found:
            sys.exit(1)
