"""`manage.py create_admin`: the first account of an installation. No default password exists anywhere."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils import timezone

from ...actions.accounts import create_first_administrator
from ...errors import ActionError

VARIABLE = "UNIONOPS_ADMIN_PASSWORD"


class Command(BaseCommand):
    help = "Open the account of an administrator, and found the district when it is not there yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", help="what the administrator signs in with")
        parser.add_argument("--name", help="the administrator's own name")
        parser.add_argument("--district", help="full name of the district's federation of trade unions")
        parser.add_argument(
            "--password-file", type=Path, help=f"first line is the password; else {VARIABLE}, else it is asked for"
        )

    def handle(self, **options: Any) -> None:
        values = {name: options[name] or ask(name) for name in ("username", "name", "district")}
        password = read_password(options["password_file"])
        try:
            user = create_first_administrator(
                username=values["username"],
                name=values["name"],
                password=password,
                district_name=values["district"],
                valid_from=timezone.localdate(),
            )
        except ActionError as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError("The database cannot be reached. Start it first, or set DATABASE_URL.") from error
        self.stdout.write(
            f"{user.name} ({user.username}) may sign in now as the administrator of {values['district']}."
        )


def ask(name: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError(f"Nobody is here to ask: give --{name}.")
    answer = ""
    while not answer:
        answer = input(f"{name.capitalize()}: ").strip()
    return answer


def read_password(file: Path | None) -> str:
    """Return the password; never from an argument, which every process of the machine could read."""
    if file is not None:
        try:
            found = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        if not found:
            raise CommandError(f"{file} has no password in its first line.")
        return found
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if not sys.stdin.isatty():
        raise CommandError(f"Nobody is here to ask: give --password-file, or set {VARIABLE}.")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("The two passwords differ. Nothing was made.")
    return first
