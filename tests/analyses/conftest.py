from __future__ import annotations

import datetime

from django.db import connection

from tests.insight.conftest import at, draft, live, visit
from tests.kept import kept
from tests.world import World, make_enterprise, make_world
from unionops.insight.periods import parse
from visits.analyses.actions import papers
from visits.analyses.enums import AnalysisState, Part
from visits.analyses.models import Analysis
from visits.models import Category

SPRING, WINTER = parse("2026-Q2"), parse("2026-Q1")
# After the books of the second quarter of 2026 are closed.
SUMMER = at(7, 20)
# The states on the way to one, so that the guard of the database lets a row through.
WAY = {
    "draft": (),
    "submitted": ("submitted",),
    "returned": ("submitted", "returned"),
    "reviewed": ("submitted", "reviewed"),
    "signed": ("submitted", "reviewed", "signed"),
}


def prepare(world: World, quarter=SPRING, now: datetime.datetime = SUMMER) -> dict[str, Analysis]:
    """The papers of a quarter by the name of their subject: district, town, other_town."""
    papers.prepare(world.district, quarter, by=world["clerk"], now=now)
    rows = {row.subject_id: row for row in Analysis.objects.of_quarter(quarter).filter(district=world.district)}
    return {
        "district": rows[world.district.pk], "town": rows[world.town.pk], "other_town": rows[world.other_town.pk],
    }  # fmt: skip


def put_in_state(analysis: Analysis, state: str, world: World) -> Analysis:
    """Walk to a state by the shortest way that the database allows."""
    for step in WAY[state]:
        fields = {"submitted_by": world.people["town"], "submitted_at": SUMMER}
        if step == AnalysisState.SIGNED:
            fields |= {"signed_by": world.people["chief"], "signed_at": SUMMER, "closed_at": SUMMER}
        Analysis.objects.filter(pk=analysis.pk).update(state=step, **fields)
    return Analysis.objects.get(pk=analysis.pk)


def fill(analysis: Analysis, world: World) -> Analysis:
    """What a person must have written before it is sent on."""
    for part in (Part.ADVICE, Part.PLAN):
        papers.write(analysis, part, by=world["clerk"], text="逐件定人、定时间。", now=SUMMER)
    return Analysis.objects.get(pk=analysis.pk)


def sql(statement: str, parameters: object = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@kept
def prepared() -> World:
    """The papers of a quarter in which nothing happened."""
    world = make_world()
    prepare(world)
    return world


@kept
def spring_papers() -> World:
    """The papers of the small history."""
    world = live(make_world())
    prepare(world)
    return world


@kept
def busy_papers() -> World:
    """The papers of a spring in which every section has something to tell."""
    world = live(make_world())
    firm = world.enterprise
    other = make_enterprise(world.other_town, "蓝湾电子有限公司")
    fire = Category.objects.get(code="SAFE-01")
    heard = [draft(world, "a", category=fire), draft(world, "b", category=fire, claimant_count=25), draft(world, "c")]
    visit(world, "cadre", firm, 4, 14, *heard)
    visit(world, "cadre", firm, 5, 12, draft(world, "d", urgency=1))
    visit(world, "other_cadre", other, 6, 9, draft(world, "e"), draft(world, "f"))
    visit(
        world,
        "other_cadre",
        other,
        6,
        10,
        draft(world, "g", handling="explain", explanation="按规定", explanation_basis="《工会法》", understood=True),
    )
    prepare(world)
    return world
