"""Programmes are made, changed and retired by the administrator; the log keeps what was before."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.china.pinyin import pinyin_key
from unionops.org.errors import ActionError, Conflict, InvalidTransition, required
from unionops.org.events import changed_fields, record_event
from unionops.org.models import Organisation, User

from ..models import Programme
from ..permissions import check_configures
from ..shapes import kind_for

# What a change of a programme may touch; code, prefix and shape stay while cases refer to them.
CHANGEABLE = (
    "name", "group", "summary", "organisation_id", "applicants", "steps", "names", "fields", "documents", "deciders",
    "terms", "limits", "is_confidential", "is_public", "keep_years",
)  # fmt: skip


@transaction.atomic
def make(district: Organisation, shape: str, *, by: User, code: str = "", series: str = "", **given: Any) -> Programme:
    """A new programme: list, form, inbox, figures, import, export and API are there with it."""
    check_configures(by, district.pk)
    name = required(given.pop("name"), _("请写名称。"), "name")
    row = Programme(
        district=district, shape=shape, name=name, code=code or _free_code(district, name),
        prefix=(series or _free_prefix(district, name)).upper(), **_columns(given),
    )  # fmt: skip
    _check(row)
    row.save(force_insert=True)
    record_event(row, "make", by=by, data={"name": row.name, "shape": row.get_shape_display()})
    return row


@transaction.atomic
def change(programme: Programme, *, by: User, version: int | None = None, **given: Any) -> Programme:
    """Open cases go on by the new settings from their next step; closed ones are not touched."""
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    check_configures(by, row.district_id)
    if version is not None and row.version != version:
        raise Conflict(_("在您打开之后，别人改动了这个项目。"), current_version=row.version)
    before = {name: getattr(row, name) for name in CHANGEABLE}
    for name, value in _columns(given).items():
        setattr(row, name, value)
    _check(row)
    after = {name: getattr(row, name) for name in CHANGEABLE}
    changes = changed_fields(before, after)
    row.version += 1
    row.save()
    record_event(row, "change", by=by, data={"name": row.name, "changes": changes})
    return row


@transaction.atomic
def retire(programme: Programme, *, by: User, again: bool = False) -> Programme:
    """Nothing new begins in it; what has begun goes on to its end."""
    row = Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    check_configures(by, row.district_id)
    if (row.retired_at is None) == again:
        raise InvalidTransition(_("这个项目已经是这样了。"))
    row.retired_at = None if again else timezone.now()
    row.version += 1
    row.save(update_fields=["retired_at", "version"])
    record_event(row, "revive" if again else "retire", by=by, data={"name": row.name})
    return row


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    if "organisation" in found:
        chosen = found.pop("organisation")
        found["organisation_id"] = chosen if isinstance(chosen, int) else chosen.pk
    found["is_public"] = bool(found.get("is_public"))
    found["is_confidential"] = bool(found.get("is_confidential"))
    return found


def _check(row: Programme) -> None:
    """A step that others follow from is there, and nothing names what the shape does not know."""
    kind = kind_for(row.shape)
    known = set(kind.table)
    if unknown := set(row.steps) - known:
        raise ActionError(_("没有这些步骤：%(steps)s。") % {"steps": "、".join(sorted(unknown))}, field="steps")
    if unknown := {extra.at for extra in row.extras} - known - {"register"}:
        raise ActionError(_("字段要在有的步骤里填。"), field="fields")
    if len({extra.key for extra in row.extras}) != len(row.extras):
        raise ActionError(_("两个字段用了同一个代码。"), field="fields")
    if not Organisation.objects.filter(pk=row.organisation_id, district=row.district_id).exists():
        raise ActionError(_("请选本区的科室。"), field="organisation")


def _free_code(district: Organisation, name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", pinyin_key(name)[0].replace(" ", "").lower()).strip("_")[:32] or "programme"
    if not base[0].isalpha():
        base = f"p_{base}"
    taken = set(Programme.objects.filter(district=district).values_list("code", flat=True))
    return next(code for number in range(1, 1000) if (code := base if number == 1 else f"{base}_{number}") not in taken)


def _free_prefix(district: Organisation, name: str) -> str:
    """Two or three letters that no programme of the district has."""
    letters = re.sub(r"[^A-Z]", "", pinyin_key(name)[1].split(" ")[0].upper()) or "P"
    taken = set(Programme.objects.filter(district=district).values_list("prefix", flat=True))
    wanted = [letters[:2], letters[:3], *(f"{letters[:2]}{extra}" for extra in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    # Prefixes of issues, visits and the rest stand in the series of the same district.
    wanted += [f"X{one}{two}" for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for two in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return next(prefix for prefix in wanted if len(prefix) >= 2 and prefix not in taken)
