"""`manage.py import_ledger FILE [--dry-run]`: office ledgers into a district, with the figures as JSON."""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from unionops.casework.sheets import UnreadableFile
from unionops.org.enums import OrganisationKind
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User
from visits.imports.figures import added, figures_of, refused_rows
from visits.imports.founding import found_district
from visits.imports.records import beginning_of, check_size, new_record, read_ledger
from visits.imports.writing import write_reading
from visits.ledger import CADRES, ENTERPRISES, VISITS, Directory, read_workbook

# Visits are recognised by the enterprises and cadres that the other lists bring.
ORDER = (ENTERPRISES, CADRES, VISITS)


class Command(BaseCommand):
    help = "Read office ledgers (.xlsx, .xls, .csv) of visits, enterprises or cadres into a district and print the figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="read and print, write nothing")
        parser.add_argument("--district", default="", help="name of the district (needed when there are several)")
        parser.add_argument(
            "--found-district",
            metavar="NAME",
            default="",
            help="found a district that is not there yet, with the towns that the lists name",
        )
        parser.add_argument("--by", default="", help="username of the person in whose name it is written (the system)")
        parser.add_argument(
            "--since", type=datetime.date.fromisoformat, help="first day of the lists' key enterprises and postings"
        )

        parser.add_argument(
            "--reason", default="", help="why closed periods are changed (needed when the rows lie in some)"
        )

    def handle(self, *, files: list[Path], dry_run: bool, **options: Any) -> None:
        with transaction.atomic():
            by = find_user(options["by"])
            kinds = [(self.kind_of(path), path) for path in files]
            kinds.sort(key=lambda found: ORDER.index(found[0]))
            paths = [path for _kind, path in kinds]
            if options["found_district"]:
                district = found_district(options["found_district"], paths, by=by)
            else:
                district = find_district(options["district"])
            # Nothing of a dry run stays: it needs no reason, and says where the real one does.
            reason = options["reason"] or ("dry run" if dry_run else "")
            outcomes = [self.run(path, district, by, options["since"], reason) for path in paths]
            if dry_run:
                transaction.set_rollback(True)
        report = added(figures for figures, _refused in outcomes)
        report["refused"] = [row for _figures, refused in outcomes for row in refused]
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, default=str))

    def kind_of(self, path: Path) -> str:
        with in_words(path):
            check_size(path.stat().st_size)
            return read_workbook(path, Directory()).kind

    def run(
        self, path: Path, district: Organisation, by: User, since: datetime.date | None, reason: str
    ) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        with in_words(path):
            reading = read_ledger(path, district)
            record = new_record(path, name=path.name, district=district, by=by)
            since = since or beginning_of(reading, timezone.localdate())
            write_reading(record, reading, by=by, since=since, reason=reason)
            refused = refused_rows(reading)
        self.stderr.write(f"{path.name}: {said(record.summary)}")
        if closed := record.summary["closed"]:
            self.stderr.write(f"{path.name}: changes closed periods: {', '.join(closed)}")
        for name, why in reading.skipped:
            self.stderr.write(f"{path.name}: sheet {name} is not read ({why})")
        return figures_of(reading), refused


class in_words:  # noqa: N801 -- reads as a statement
    """A file that cannot be read ends the command with its reason, not with a traceback."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, UnreadableFile):
            raise CommandError(f"{self._path.name}: {error}") from error
        if isinstance(error, ActionError):
            raise CommandError(f"{self._path.name}: {error} Say why with --reason.") from error
        if isinstance(error, OSError):
            raise CommandError(f"{self._path}: {error.strerror}") from error


def said(summary: dict[str, Any]) -> str:
    written = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in summary["written"].items() if count)
    known = f", {summary['known']} visits were there already" if summary.get("known") else ""
    return f"written: {written or 'nothing new'}{known}"


def find_district(name: str) -> Organisation:
    districts = Organisation.objects.filter(kind=OrganisationKind.DISTRICT).order_by("pk")
    found = list(districts.filter(name=name) if name else districts)
    if len(found) == 1:
        return found[0]
    known = "、".join(districts.values_list("name", flat=True))
    if name:
        raise CommandError(f"No district is called {name}." + (f" There are: {known}" if known else ""))
    if found:
        raise CommandError(f"There are several districts; choose one with --district: {known}")
    raise CommandError("There is no district yet. Found one with --found-district NAME, or load the demo.")


def find_user(username: str) -> User:
    if not username:
        return User.objects.system()
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody can sign in as {username}.")
    return user
