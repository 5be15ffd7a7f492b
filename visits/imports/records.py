"""The record of an import: which file, of whom, and how it is read again."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.sheets import Mapping, UnreadableFile
from unionops.casework.sheets.dates import find_year
from unionops.china.names import clean_text
from unionops.org.models import Organisation, User

from ..enums import ImportState
from ..ledger import Reading, read_workbook
from ..models import LedgerImport
from .directory import directory_of

# The file as it is kept; what it unpacks to is bounded by the reading.
MOST_BYTES = 60 * 1024 * 1024
_PIECE = 1 << 20


def check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise UnreadableFile(
            "large",
            _("文件有 %(size)d MB，超过 %(most)d MB 的上限。请按年份拆成几个文件再导入。")
            % {"size": size // (1 << 20), "most": MOST_BYTES // (1 << 20)},
        )


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def new_record(path: Path, *, name: str, district: Organisation, by: User, stored_as: str = "") -> LedgerImport:
    return LedgerImport.objects.create(
        district=district,
        file_name=clean_text(name)[-150:] or _("未命名"),
        sha256=sha256_of(path),
        stored_as=stored_as,
        state=ImportState.READING,
        created_by=by,
    )


def read_ledger(
    path: Path, district: Organisation, *, name: str = "", mapping: Mapping | None = None, kind: str | None = None
) -> Reading:
    """Raises ``UnreadableFile`` in words where there is nothing to read."""
    check_size(path.stat().st_size)
    return read_workbook(
        path, directory_of(district), mapping, kind=kind, name=name or path.name, today=timezone.localdate()
    )


def beginning_of(reading: Reading, today: datetime.date) -> datetime.date:
    """From when a list without dates of its own holds: the beginning of the year in its title, else of this year."""
    titles = [part.context.year for part in reading.parts] + [find_year(reading.workbook.name)]
    year = next((year for year in titles if year), today.year)
    return datetime.date(min(year, today.year), 1, 1)
