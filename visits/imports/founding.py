"""The first lists of an office found its district: the towns are those that its enterprises and cadres name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from unionops.casework.sheets import text_of
from unionops.org.enums import OrganisationKind
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..ledger import VISITS, Directory, read_workbook

_ENDS = ("街道", "镇", "乡")


def found_district(name: str, lists: Iterable[Path], *, by: User) -> Organisation:
    if Organisation.objects.filter(kind=OrganisationKind.DISTRICT, name=name).exists():
        raise ActionError(_("已经有“%(name)s”。") % {"name": name})
    district = plant(OrganisationKind.DISTRICT, name, None, by=by)
    for town in sorted({town for path in lists for town in _towns_of(path)}):
        plant(OrganisationKind.TOWN, town, district, by=by)
    return district


def _towns_of(path: Path) -> set[str]:
    """Full names only: 斗门 alone may be the short form of a town that stands beside it in full."""
    reading = read_workbook(path, Directory())
    if reading.kind == VISITS:
        return set()
    found: set[str] = set()
    for part in reading.parts:
        column = part.layout.mapping.columns.get("town")
        for row in list(part.sheet.rows())[part.layout.last_row + 1 :] if column else ():
            for word in text_of(row[column.column]).replace("，", "、").split("、") if column else ():
                if word.endswith(_ENDS):
                    found.add(word)
    return found


def plant(kind: str, name: str, parent: Organisation | None, *, by: User) -> Organisation:
    unit = Organisation(kind=kind, parent=parent, district=parent, name=name)
    unit.set_names()
    unit.save(force_insert=True)
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    record_event(unit, "create", by=by, data={"name": unit.name, "kind": unit.kind})
    return unit
