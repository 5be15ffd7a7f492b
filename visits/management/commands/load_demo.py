"""`manage.py load_demo`: an invented district with a published result and a living present; demo mode only."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from unionops.management.commands.up import DEMO_PASSWORD, is_empty
from visits.demo.loading import load


class Command(BaseCommand):
    help = "Fill an empty database with the demo district (only with UNIONOPS_DEMO=1)."

    def handle(self, **options: Any) -> None:
        if not settings.UNIONOPS_DEMO:
            raise CommandError("The demo has accounts with a known password: set UNIONOPS_DEMO=1 to load it.")
        if not is_empty():
            raise CommandError("The database holds accounts already; the demo is only loaded into an empty one.")
        began = time.monotonic()
        told = load(DEMO_PASSWORD)
        if options["verbosity"]:
            self.stdout.write(f"{told} in {time.monotonic() - began:.1f} s")
