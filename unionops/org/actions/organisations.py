"""The tree of organisations: it grows, is renamed and ends by dates; nothing in it is deleted."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import ROOT_KINDS, OrganisationKind
from ..errors import ActionError
from ..events import record_event
from ..models import Organisation, Posting, User
from ..permissions import check_administers, district_of
from ..policies import check_open_on, check_stands_below
from .saving import change, check_columns, check_known, lock, or_already_there

EDITABLE = frozenset({"name", "short_name", "code", "aliases", "valid_from", "valid_to"})
ALREADY_THERE = gettext_lazy("本区已有同名的同类组织。")


@transaction.atomic
def create_district(*, name: str, short_name: str = "", by: User) -> Organisation:
    """The root of a tree; only commands make one."""
    district = Organisation(kind=OrganisationKind.DISTRICT, name=name, short_name=short_name)
    return _plant(district, by=by)


@transaction.atomic
def create_organisation(*, parent: Organisation, kind: str, by: User, **values: Any) -> Organisation:
    check_known(values, EDITABLE)
    check_administers(by, district_of(parent))
    check_stands_below(kind, parent)
    check_open_on(parent, values.get("valid_from") or timezone.localdate())
    return _plant(Organisation(kind=kind, parent=parent, district_id=district_of(parent), **values), by=by)


def _plant(organisation: Organisation, *, by: User) -> Organisation:
    organisation.set_names()
    # Only a district itself and what stands above it belong to no district.
    check_columns(organisation, apart_from={"district"} if organisation.kind in ROOT_KINDS else None)
    with or_already_there(ALREADY_THERE, field="name"):
        organisation.save(force_insert=True)
    organisation.path = f"{organisation.parent.path if organisation.parent else ''}{organisation.pk}."
    organisation.save(update_fields=["path"])
    record_event(organisation, "create", by=by, data={"name": organisation.name, "kind": organisation.kind})
    return organisation


@transaction.atomic
def edit_organisation(
    organisation: Organisation,
    *,
    by: User,
    parent: Organisation | None = None,
    version: int | None = None,
    **values: Any,
) -> Organisation:
    """Rename, re-date or move a node. A name that is given up stays as an alias, so that old papers are found."""
    check_known(values, EDITABLE)
    row = lock(organisation, version=version)
    check_administers(by, district_of(row))
    old_name, old_parent = row.name, row.parent_id
    changes = change(row, values)
    if row.name != old_name and old_name not in row.aliases:
        row.aliases = [*row.aliases, old_name]
    row.set_names()
    if parent is not None and parent.pk != old_parent:
        _move(row, parent)
        changes["parent"] = [old_parent, parent.pk]
    check_columns(row)
    with or_already_there(ALREADY_THERE, field="name"):
        row.save()
    if changes:
        record_event(row, "edit", by=by, data={"changes": changes})
    return row


def _move(row: Organisation, parent: Organisation) -> None:
    """Hang the node and all below it under another parent, in one statement for the whole subtree."""
    above = Organisation.objects.select_for_update(no_key=True).get(pk=parent.pk)
    if row.parent_id is None or district_of(above) != row.district_id:
        raise ActionError(_("组织不能移到别的区。"), field="parent")
    if above.path.startswith(row.path):
        raise ActionError(_("组织不能移到自己的下级之下。"), field="parent")
    check_stands_below(row.kind, above)
    _hang(row, above)


def _hang(row: Organisation, above: Organisation) -> None:
    old = row.path
    row.parent, row.path = above, f"{above.path}{row.pk}."
    Organisation.objects.filter(path__startswith=old).exclude(pk=row.pk).update(
        path=Concat(Value(row.path), Substr(F("path"), len(old) + 1))
    )


@transaction.atomic
def create_upper(*, name: str, parent: Organisation | None = None, by: User) -> Organisation:
    """An upper union, of a city, a province or the nation; only commands make one."""
    if parent is not None:
        check_stands_below(OrganisationKind.UPPER, parent)
    return _plant(Organisation(kind=OrganisationKind.UPPER, name=name, parent=parent), by=by)


@transaction.atomic
def hang(organisation: Organisation, parent: Organisation, *, by: User) -> Organisation:
    """Put a district or an upper union under another upper union; only commands do. Its figures are rebuilt afterwards."""
    row, above = lock(organisation), lock(parent)
    check_stands_below(row.kind, above)
    if above.path.startswith(row.path):
        raise ActionError(_("组织不能移到自己的下级之下。"), field="parent")
    before = row.parent_id
    _hang(row, above)
    row.save(update_fields=["parent", "path"])
    record_event(row, "edit", by=by, data={"changes": {"parent": [before, above.pk]}})
    return row


@transaction.atomic
def close_organisation(organisation: Organisation, *, on: datetime.date, by: User) -> Organisation:
    """The organisation ends with the day. People and what stands below it are brought elsewhere before."""
    row = lock(organisation)
    check_administers(by, district_of(row))
    if row.district_id is None:
        raise ActionError(_("区总工会不能停用。"))
    _check_empty_after(row, on)
    row.valid_to = on
    check_columns(row)
    row.save(update_fields=["valid_to"])
    record_event(row, "close", by=by, data={"on": on})
    return row


def _check_empty_after(row: Organisation, on: datetime.date) -> None:
    below = Organisation.objects.filter(parent=row).valid_on(on + datetime.timedelta(days=1)).first()
    if below is not None:
        raise ActionError(
            _("下级“%(below)s”还在启用。") % {"below": below}, next_step=_("请先停用下级，或把它移到别处。")
        )
    held = Posting.objects.on(on + datetime.timedelta(days=1)).filter(organisation=row).select_related("user").first()
    if held is not None:
        raise ActionError(
            _("%(user)s在 %(day)s 之后还任职于此。") % {"user": held.user, "day": on.isoformat()},
            next_step=_("请先交接或结束任职。"),
        )
