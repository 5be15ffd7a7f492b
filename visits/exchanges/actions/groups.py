"""The groups of a district: who leads them, and who is in them from when to when."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.org.actions.saving import change, check_columns, check_known, lock, or_already_there
from unionops.org.enums import OrganisationKind
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..models import ExchangeGroup, GroupMember
from ..permissions import check_keeps_groups, presides

EDITABLE = frozenset({"name", "leader", "is_active"})
NAME_TAKEN = gettext_lazy("已有同名的走访组。")
ONE_GROUP = gettext_lazy("这段时间已经在一个走访组里，请先结束原来的。")


def _check_leader(leader: User, district_id: int) -> None:
    if not presides(leader, district_id):
        raise ActionError(
            _("%(name)s现在不是本区的分管领导。") % {"name": leader},
            field="leader",
            next_step=_("请先登记任职，再来指定。"),
        )


@transaction.atomic
def create_group(district: Organisation, *, by: User, name: str, leader: User) -> ExchangeGroup:
    check_keeps_groups(by, district.pk)
    _check_leader(leader, district.pk)
    group = ExchangeGroup(district=district, name=name, leader=leader)
    check_columns(group)
    with or_already_there(NAME_TAKEN, field="name"):
        group.save(force_insert=True)
    record_event(group, "create", by=by, data={"name": name, "leader": str(leader), "version": group.version})
    return group


@transaction.atomic
def edit_group(group: ExchangeGroup, *, by: User, version: int | None = None, **values: Any) -> ExchangeGroup:
    """A new leader presides from the next exchange on; a group that is closed prepares no more."""
    check_known(values, EDITABLE)
    row = lock(group, version=version)
    check_keeps_groups(by, row.district_id)
    if "leader" in values and values["leader"].pk != row.leader_id:
        _check_leader(values["leader"], row.district_id)
    if changes := change(row, values):
        row.version += 1
        check_columns(row)
        with or_already_there(NAME_TAKEN, field="name"):
            row.save()
        record_event(row, "edit", by=by, data={"changes": changes, "version": row.version})
    return row


@transaction.atomic
def add_member(
    group: ExchangeGroup, *, by: User, valid_from: datetime.date, user: User | None = None,
    town: Organisation | None = None, valid_to: datetime.date | None = None,
) -> GroupMember:  # fmt: skip
    """An officer comes in by name, a town with whoever is stationed there."""
    row = lock(group)
    check_keeps_groups(by, row.district_id)
    if town is not None and (town.kind != OrganisationKind.TOWN or town.district_id != row.district_id):
        raise ActionError(_("请选本区的镇街。"), field="town")
    member = GroupMember(group=row, user=user, town=town, valid_from=valid_from, valid_to=valid_to)
    check_columns(member)
    with or_already_there(ONE_GROUP, field="town" if town else "user"):
        member.save(force_insert=True)
    record_event(row, "add_member", by=by, data={"name": str(member), "valid_from": valid_from, "valid_to": valid_to})
    return member


@transaction.atomic
def end_member(member: GroupMember, *, by: User, on: datetime.date) -> GroupMember:
    """``on`` is the last day in the group."""
    row = lock(member)
    check_keeps_groups(by, row.group.district_id)
    if row.valid_to is not None and row.valid_to <= on:
        raise ActionError(_("已经在 %(day)s 结束。") % {"day": row.valid_to.isoformat()}, field="on")
    if on < row.valid_from:
        raise ActionError(_("结束日期不能早于起始日期 %(day)s。") % {"day": row.valid_from.isoformat()}, field="on")
    row.valid_to = on
    row.save(update_fields=["valid_to"])
    record_event(row.group, "end_member", by=by, data={"name": str(row), "on": on})
    return row
