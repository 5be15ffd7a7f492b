"""Programmes are made, changed and retired by the administrator; the log keeps what was before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.china.pinyin import pinyin_key
from unionops.org.enums import OrganisationKind
from unionops.org.errors import ActionError, Conflict, InvalidTransition, required
from unionops.org.events import changed_fields, event_of, record_event
from unionops.org.models import Event, Organisation, User
from unionops.org.models.accounts import SYSTEM_USERNAME

from ..enums import FieldKind, Relation
from ..extra import NUMBERS, Extra, write_extras
from ..models import BudgetLine, Programme
from ..permissions import actors, check_configures
from ..shapes import kind_for

# The step that another department takes.
AUDIT = "audit"
# What a change of a programme may touch; code, prefix and shape stay while cases refer to them.
CHANGEABLE = (
    "name", "group", "summary", "organisation_id", "audit_organisation_id", "applicants", "steps", "names", "fields", "documents", "deciders",
    "terms", "limits", "is_confidential", "is_public", "public_fields", "keep_years",
)  # fmt: skip


@transaction.atomic
def make(district: Organisation, shape: str, *, by: User, code: str = "", series: str = "", **given: Any) -> Programme:
    """A new programme: list, form, inbox, figures, import, export and API are there with it.

    ``budget_lines`` are keys of the lines from which it is paid.
    """
    check_configures(by, district.pk)
    name = required(given.pop("name"), _("请写名称。"), "name")
    lines = given.pop("budget_lines", None)
    row = Programme(
        district=district, shape=shape, name=name, code=code or _free_code(district, name),
        prefix=(series or _free_prefix(district, name)).upper(), **_columns(given),
    )  # fmt: skip
    _check(row)
    row.save(force_insert=True)
    _pay_from(row, lines)
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
    lines = _pay_from(row, given.pop("budget_lines", None))
    ways = _ways_on(row)
    for name, value in _columns(given).items():
        setattr(row, name, value)
    _check(row)
    _check_nobody_is_stuck(row, ways)
    after = {name: getattr(row, name) for name in CHANGEABLE}
    changes = changed_fields({**before, "budget_lines": lines[0]}, {**after, "budget_lines": lines[1]})
    row.version += 1
    row.save()
    record_event(row, "change", by=by, data={"name": row.name, "changes": changes})
    return row


def _ways_on(row: Programme) -> dict[str, int]:
    """{state: cases} of what is open and can go on as the programme is now."""
    kind = kind_for(row.shape)
    cases = kind.model.objects.filter(programme=row.pk, closed_at=None).order_by()
    found = dict(cases.values_list("state").annotate(count=Count("pk")))
    return {state: count for state, count in found.items() if kind.ways(row, state)}


def _check_nobody_is_stuck(row: Programme, before: Mapping[str, int]) -> None:
    kind = kind_for(row.shape)
    for state, count in before.items():
        if not kind.ways(row, state):
            words = row.word("state", state, dict(kind.states.choices)[state])
            raise ActionError(
                _("有 %(n)d 件停在“%(state)s”，去掉这一步就办不下去了。") % {"n": count, "state": words}, field="steps",
                next_step=_("请先把这些办完，再改步骤。"),
            )  # fmt: skip


def _pay_from(row: Programme, chosen: Iterable[int] | None) -> tuple[list[str], list[str]]:
    """Tie it to these lines of its district; None leaves it as it is. Returns what it was paid from before and is now."""
    before = [str(line) for line in row.budget_lines.all()]
    if chosen is None:
        return before, before
    row.budget_lines.set(BudgetLine.objects.filter(district=row.district_id, pk__in=list(chosen)))
    return before, [str(line) for line in row.budget_lines.all()]


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


class Installed(NamedTuple):
    """What an installation of the catalogue did: names of added and renewed programmes; the rest was left as it is."""

    added: list[str]
    renewed: list[str]


# What the catalogue says of a programme; its department, its address and its number series are settled by the district.
FROM_CATALOGUE = (
    "name", "summary", "catalogue", "icon", "group", "applicants", "steps", "names", "fields", "documents", "deciders",
    "terms", "limits", "is_confidential", "is_public", "public_fields", "keep_years", "figures",
)  # fmt: skip


@transaction.atomic
def install(district: Organisation, rows: Iterable[Mapping[str, Any]], *, by: User) -> Installed:
    """The rows of the catalogue are programmes of the district; a second time adds nothing.

    A programme that an administrator has made, changed or retired stays as it is. One that nobody has touched follows the
    catalogue of the release.
    """
    if by.username != SYSTEM_USERNAME:
        check_configures(by, district.pk)
    Organisation.objects.select_for_update(no_key=True).get(pk=district.pk)
    known = {row.code: row for row in Programme.objects.filter(district=district)}
    prefixes = {row.prefix for row in known.values()}
    kept = Organisation.objects.filter(district=district, kind=OrganisationKind.DEPARTMENT)
    units = list(kept.valid_on(timezone.localdate()).order_by("path", "pk"))
    done, events = Installed([], []), []
    for given in rows:
        values = {name: given[name] for name in FROM_CATALOGUE if name in given}
        values["fields"] = _plain_fields(values.get("fields", ()))
        if auditors := given.get("audit_department"):
            values["audit_organisation_id"] = _department_of({"department": auditors}, units) if units else None
        row = known.get(given["code"])
        if row is None:
            if not units:
                raise ActionError(_("还没有科室。"), next_step=_("请先在“组织与人员”里建一个科室，再从目录添加。"))
            row = Programme(
                district=district, code=given["code"], shape=given["shape"], prefix=_prefix_of(given, prefixes),
                organisation_id=_department_of(given, units), **values,
            )  # fmt: skip
            prefixes.add(row.prefix)
            _check(row)
            row.save(force_insert=True)
            known[row.code] = row
            data = {"name": row.name, "shape": row.get_shape_display()}
            events.append(event_of(row, "make", by=by, data=data))
            done.added.append(row.name)
        elif row.version == 1 and row.catalogue and row.catalogue == given.get("catalogue"):
            changes = changed_fields({name: getattr(row, name) for name in values}, values)
            if changes:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save(update_fields=list(values))
                events.append(event_of(row, "change", by=by, data={"name": row.name, "changes": changes}))
                done.renewed.append(row.name)
    Event.objects.bulk_create(events)
    return done


def _plain_fields(fields: Iterable[Any]) -> list[dict[str, Any]]:
    """As the column keeps them, so that a row that was installed before compares equal."""
    return write_extras(
        field if isinstance(field, Extra) else Extra(**{**field, "choices": tuple(field.get("choices", ()))})
        for field in fields
    )


def _department_of(given: Mapping[str, Any], units: list[Organisation]) -> int:
    """The department that the row hints at by a part of its name, else the first of the district."""
    hints = given.get("department") or ()
    for hint in [hints] if isinstance(hints, str) else hints:
        for unit in units:
            if hint in unit.name or hint == unit.short_name:
                return unit.pk
    return units[0].pk


def _prefix_of(given: Mapping[str, Any], taken: set[str]) -> str:
    wanted = given.get("prefix") or ""
    if wanted and wanted not in taken:
        return str(wanted)
    return _unused_prefix(given["name"], taken)


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    if "organisation" in found:
        chosen = found.pop("organisation")
        found["organisation_id"] = chosen if isinstance(chosen, int) else chosen.pk
    if "audit_organisation" in found:
        found["audit_organisation_id"] = found.pop("audit_organisation") or None
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
    numbers = {extra.key for extra in row.extras if extra.kind in NUMBERS and not extra.sealed}
    if any(extra.by not in numbers or not (extra.choices or extra.key in numbers) for extra in row.extras if extra.by):
        raise ActionError(_("要看的数字不在这个项目里。"), field="fields")
    if any(extra.kind != FieldKind.DAY or extra.sealed for extra in row.extras if extra.alarm):
        raise ActionError(_("只有不加密的日期能提醒。"), field="fields")
    offered = {key for key, _label in kind.publishable(row)}
    if row.public_fields is not None and set(row.public_fields) - offered:
        raise ActionError(_("没有这些内容可以公开。"), field="public_fields")
    chosen = {"organisation": row.organisation_id, "audit_organisation": row.audit_organisation_id}
    ours = set(Organisation.objects.filter(pk__in=filter(None, chosen.values()), district=row.district_id).values_list("pk", flat=True))  # fmt: skip
    for field, unit in chosen.items():
        if unit is not None and unit not in ours:
            raise ActionError(_("请选本区的科室。"), field=field)
    if (
        AUDIT in row.steps
        and row.audit_organisation_id is None
        and Relation.AUDIT in actors(row, AUDIT, (Relation.AUDIT,))
    ):
        raise ActionError(_("采用了经审，请选经审科室。"), field="audit_organisation")


def _free_code(district: Organisation, name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "_", pinyin_key(name)[0].replace(" ", "").lower()).strip("_")[:32] or "programme"
    if not base[0].isalpha():
        base = f"p_{base}"
    taken = set(Programme.objects.filter(district=district).values_list("code", flat=True))
    return next(code for number in range(1, 1000) if (code := base if number == 1 else f"{base}_{number}") not in taken)


def _free_prefix(district: Organisation, name: str) -> str:
    """Two or three letters that no programme of the district has."""
    return _unused_prefix(name, set(Programme.objects.filter(district=district).values_list("prefix", flat=True)))


def _unused_prefix(name: str, taken: set[str]) -> str:
    letters = re.sub(r"[^A-Z]", "", pinyin_key(name)[1].split(" ")[0].upper()) or "P"
    wanted = [letters[:2], letters[:3], *(f"{letters[:2]}{extra}" for extra in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    # Prefixes of issues, visits and the rest stand in the series of the same district.
    wanted += [f"X{one}{two}" for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for two in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return next(prefix for prefix in wanted if len(prefix) >= 2 and prefix not in taken)
