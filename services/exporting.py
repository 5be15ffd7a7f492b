"""The list of a programme as a workbook: the columns of every case, those of its shape, and the programme's open fields."""

from __future__ import annotations

import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.db.models import F, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from unionops.org.enums import Role
from visits.exporting import Column, Table

from .enums import Channel, FieldKind
from .extra import Extra
from .models import Programme
from .shapes import kind_for

EXPORTING_ROLES = frozenset({Role.LEADER, Role.CHIEF, Role.CLERK, Role.HANDLER, Role.OFFICER, Role.TOWN})


def table_of(programme: Programme) -> Table:
    kind = kind_for(programme.shape)
    states = {state: programme.word("state", state, label) for state, label in kind.states.choices}
    town = Coalesce(NullIf(F("town__short_name"), Value("")), F("town__name"), Value(""))
    return Table(
        programme.name,
        (
            Column(_("编号"), "number"),
            Column(_("标题"), "title", 40),
            Column(_("服务对象"), "applicant_name", 20),
            Column(_("镇街"), town),
            Column(_("状态"), "state", 12, states),
            Column(_("来源"), "channel", 10, dict(Channel.choices)),
            Column(_("登记时间"), "registered_at", 17),
            Column(_("办结时间"), "closed_at", 17),
            Column(_("当前期限"), "deadline__due_on"),
            Column(_("服务人数"), "people_served", 9),
            *(Column(column.label, column.path, 14) for column in kind.columns),
            *(
                Column(extra.label, KeyTransform(extra.key, "details"), 16, read=partial(typed, extra))
                for extra in programme.extras
                if not extra.sealed
            ),
            Column(_("情况"), "description", 40),
        ),
        ("-registered_at", "-pk"),
    )


def typed(extra: Extra, value: Any) -> Any:
    """A field of the programme's own as a number or a day; what was kept before its kind was changed stays the text that it is."""
    try:
        match extra.kind:
            case FieldKind.WHOLE:
                return int(value)
            case FieldKind.DECIMAL | FieldKind.MONEY:
                return Decimal(str(value))
            case FieldKind.DAY:
                return datetime.date.fromisoformat(value)
    except (InvalidOperation, TypeError, ValueError):
        return str(value)
    return value
