"""`manage.py import_disputes FILE --by NAME [--dry-run]`: the ledger of a mediation centre, with the figures as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from disputes.actions import imports
from unionops.casework.sheets import UnreadableFile
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User
from visits.imports.records import check_size
from visits.models import LedgerImport


class Command(BaseCommand):
    help = "Read a ledger of dispute cases (.xlsx, .xls, .csv) into a mediation centre and print the figures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
        parser.add_argument("--by", required=True, help="username of the head or of the desk of the centre")
        parser.add_argument("--centre", default="", help="name of the centre (needed when there are several)")
        parser.add_argument("--dry-run", action="store_true", help="read and print, write nothing")
        parser.add_argument("--only-good", action="store_true", help="write the good rows when others are refused")
        parser.add_argument(
            "--to-file", action="store_true", help="ended cases are not in the archive yet, they wait to be filed"
        )
        parser.add_argument("--undo", metavar="ID", default="", help="take an import out again instead")

    def handle(self, *, file: Path | None, by: str, **options: Any) -> None:
        user = User.objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody can sign in as {by}.")
        try:
            report = self.undo(options["undo"], user) if options["undo"] else self.bring_in(file, user, **options)
        except (ActionError, UnreadableFile) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1, default=str))

    def undo(self, key: str, by: User) -> dict[str, Any]:
        record = imports.imports_of(by).filter(pk=key).first()
        if record is None:
            raise CommandError(f"{by.username} has brought in nothing with the key {key}.")
        imports.undo(record, by=by)
        return {"undone": str(record.pk)}

    def bring_in(self, path: Path | None, by: User, **options: Any) -> dict[str, Any]:
        if path is None:
            raise CommandError("Name the file, or say with --undo what to take out again.")
        check_size(path.stat().st_size)
        with transaction.atomic():
            record = imports.begin(
                path, path.name, by=by, centre=find_centre(options["centre"], by), files_ended=not options["to_file"]
            )
            summary = self.write(record, path, by, **options)
        return {"import": str(record.pk), **summary}

    def write(self, record: LedgerImport, path: Path, by: User, **options: Any) -> dict[str, Any]:
        if options["dry_run"]:
            seen = imports.counted(imports.look_at(record, path))
            transaction.set_rollback(True)
            return told(seen)
        row = imports.confirm(record, by=by, only_good=options["only_good"], path=path)
        return told(row.summary)


def told(summary: dict[str, Any]) -> dict[str, Any]:
    written = summary.get("written", {}).get("disputes", 0)
    return {
        "rows": summary["rows"], "written": written, "known": summary["known"], "refused_count": summary["refused_count"],
        "refused": summary["refused"],
    }  # fmt: skip


def find_centre(name: str, by: User) -> Organisation:
    own = imports.centres_to_import(by)
    found = [centre for centre in own if not name or name in (centre.name, centre.short_name)]
    if len(found) == 1:
        return found[0]
    known = "、".join(centre.name for centre in own)
    raise CommandError(f"Choose a centre of {by.username} with --centre: {known or 'there is none'}")
