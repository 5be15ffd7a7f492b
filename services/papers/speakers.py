"""讲师轮值表 (D33): who speaks where in a week, and whose turn is next."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from unionops.insight import periods
from unionops.org.enums import CASE_ROLES
from unionops.packs.documents import Cell, Column, Document, Section, Table, Value
from unionops.packs.gathering import office_of
from unionops.packs.registry import Pack, Wanted, register_pack

from ..activities.enums import ActivityState
from ..activities.models import Activity, Engagement
from ..activities.queries import by_turn
from ..orders.packs import RotaForm
from .making import LANGUAGE, MOST_ROWS

_SPEAKS = [
    Column("日期", "date", 10), Column("时间", width=11), Column("讲师", width=9), Column("讲师单位", width=14), Column("活动", width=18),
    Column("内容", width=14), Column("地点", width=14),
]  # fmt: skip
_TURNS = [
    Column("轮值", "count", 5), Column("讲师", width=9), Column("讲师单位", width=16), Column("能讲的题目", width=20),
    Column("今年场次", "count", 8), Column("上一次", "date", 10), Column("下一次", "date", 10),
]  # fmt: skip


def speaker_rota(wanted: Wanted) -> Document:
    """The week of whoever asks: what they see of activities. The turns are those of the district."""
    week = periods.parse(wanted.parameters["period"])
    found = (
        Engagement.objects.filter(
            session__activity__in=Activity.objects.visible_to(wanted.user), session__held_on__range=(week.first, week.last)
        )
        .exclude(session__activity__state=ActivityState.CANCELLED)
        .select_related("speaker", "session__activity")
        .order_by("starts", "pk")[:MOST_ROWS]
    )  # fmt: skip
    with translation.override(LANGUAGE):
        speaks: list[list[Cell]] = [
            [
                one.session.held_on, f"{one.session.starts_at:%H:%M}–{one.session.ends_at:%H:%M}", one.speaker.name, one.speaker.unit,
                Value(one.session.activity.title, "text", reverse("services:activity", args=[one.session.activity_id])),
                one.session.topic, one.session.place or one.session.activity.venue,
            ]
            for one in found
        ]  # fmt: skip
        wanted.tell(60)
        district = next(iter(sorted(wanted.user.scope.member_of)), 0)
        turns: list[list[Cell]] = [
            [
                Value(at, "count"), one.name, one.unit, one.topics, Value(one.talks, "count"),
                timezone.localdate(one.last) if one.last else None, timezone.localdate(one.next) if one.next else None,
            ]
            for at, one in enumerate(by_turn(district)[:MOST_ROWS], start=1)
        ]  # fmt: skip
        return Document(
            "讲师轮值表",
            [
                Section("一、本周安排", [Table("", _SPEAKS, speaks, empty="这一周没有排讲师。")], "week"),
                Section("二、轮值次序", [Table("", _TURNS, turns, empty="还没有登记讲师。")], "turns"),
            ],
            organisation=office_of(wanted.user), subtitle=week.label, signatures=["排班", "审核"], landscape=True,
            note="今年讲得少的、隔得久的排在前面。",
        )  # fmt: skip


def declare() -> None:
    register_pack(
        Pack(
            code="speaker_rota", title=gettext_lazy("讲师轮值表"), note=gettext_lazy("一周里谁去哪里讲，下一次轮到谁"), icon="megaphone",
            roles=CASE_ROLES, form=RotaForm, gather=speaker_rota, sections=("week", "turns"), position=46, documents="D33",
        )
    )  # fmt: skip
