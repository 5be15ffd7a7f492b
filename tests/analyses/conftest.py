from __future__ import annotations

import datetime

from django.db import connection

from tests.insight.conftest import at
from tests.world import World
from unionops.insight.periods import parse
from visits.analyses.actions import papers
from visits.analyses.enums import AnalysisState, Part
from visits.analyses.models import Analysis

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
