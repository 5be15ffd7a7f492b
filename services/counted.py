"""The rows that the figures of programmes count, one kind a shape: who sees them, how they are divided and listed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from unionops.casework.subjects import url_of
from unionops.insight.dimensions import Dimension, is_key, of_choices, register
from unionops.insight.indicators import Column, Rows
from unionops.jinja import short_day
from unionops.org.events import kind_of
from unionops.org.models import User

from .enums import Channel
from .models import Programme
from .shapes import ShapeKind

LONGEST_GROUP = 20

_rows: dict[str, Rows] = {}


def rows_of(shape: str) -> Rows:
    return _rows[shape]


def declare(kind: ShapeKind) -> None:
    """What a shape has to be counted by; the dimensions are the same for all."""
    register(
        Dimension("programme", _("服务项目"), _programme_names, is_key, choices=_programmes),
        Dimension("programme_group", _("服务类别"), _group_names, lambda value: len(value) <= LONGEST_GROUP),
        of_choices("service_channel", _("服务来源"), dict(Channel.choices)),
    )
    name = kind_of(kind.model)
    states = dict(kind.states.choices)
    _rows[kind.shape] = Rows(
        code=name,
        unit=pgettext_lazy("单位", "件"),
        model=kind.model,
        visible=kind.model.objects.visible_to,
        paths={
            "town": "town_id",
            "programme": "programme_id",
            "programme_group": "programme__group",
            "service_channel": "channel",
        },
        columns=(
            Column(_("编号"), "number", css="num muted c-meta"),
            Column(_("标题"), "title", css="c-title"),
            Column(_("服务项目"), "programme__name", css="nw c-meta"),
            Column(_("镇街"), "town__short_name", lambda value: value or "—", css="nw c-meta"),
            Column(_("登记"), "registered_at", short_day, css="nw c-meta"),
            Column(_("状态"), "state", lambda value: states.get(value, "—"), css="nw c-meta"),
            Column(_("人数"), "people_served", lambda value: value or "", css="num c-meta"),
            Column(_("办结"), "closed_at", short_day, css="nw c-meta"),
        ),
        order="registered_at",
        url=partial(url_of, name),
    )


def _programme_names(user: User, values: Collection[str]) -> Mapping[str, str]:
    rows = Programme.objects.visible_to(user).filter(pk__in=values).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}


def _programmes(user: User) -> list[tuple[str, str]]:
    rows = Programme.objects.visible_to(user).order_by("group", "name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def _group_names(_user: User, values: Collection[str]) -> Mapping[str, str]:
    return {value: value for value in values}
