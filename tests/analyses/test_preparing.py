"""Preparing: on which day, once, by several workers, late, by hand; and what a refresh changes."""

from __future__ import annotations

import datetime
import threading

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone

from tests.insight.conftest import at, live, visit
from tests.world import make_enterprise, make_world
from unionops.casework.models import Outbox
from unionops.insight.periods import parse
from unionops.org.errors import ActionError, Conflict, NotAllowed
from unionops.org.models import Event
from visits.actions import steps
from visits.analyses import quarters, tasks
from visits.analyses.actions import papers
from visits.analyses.enums import AnalysisState, Part
from visits.analyses.jobs import prepare_due
from visits.analyses.models import Analysis, Section
from visits.analyses.sentences import disagreeing
from visits.analyses.sentences import draft as draft_of
from visits.models import Issue

from .conftest import SPRING, SUMMER, WINTER, fill, prepare, put_in_state, sql

pytestmark = pytest.mark.django_db
Day = datetime.date


# --- days


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-01-01", "2026-Q1"), ("2026-03-31", "2026-Q1"), ("2026-04-01", "2026-Q2"), ("2025-12-31", "2025-Q4"), ("2026-09-30", "2026-Q3")],
)  # fmt: skip
def test_a_day_belongs_to_its_quarter(day, quarter):
    assert quarters.quarter_of(Day.fromisoformat(day)).code == quarter


def test_the_quarter_turns_at_midnight_in_shanghai():
    before = datetime.datetime(2025, 12, 31, 15, 59, tzinfo=datetime.UTC)
    after = datetime.datetime(2025, 12, 31, 16, 0, tzinfo=datetime.UTC)
    assert quarters.last_quarter(timezone.localdate(before)).code == "2025-Q3"
    assert quarters.last_quarter(timezone.localdate(after)).code == "2025-Q4"


def test_an_issue_of_new_years_night_is_counted_in_its_own_quarter(world):
    visit(world, "cadre", world.enterprise, 4, 1)
    issue = steps.submit(world.issue(), by=world["cadre"])
    for moment, code in ((at(3, 31, 23), "2026-Q1"), (at(4, 1, 0), "2026-Q2")):
        Issue.objects.filter(pk=issue.pk).update(registered_at=moment)
        counted = {
            quarter.code: papers.build(world.district, world.district, quarter, quarter.last)["overview"]["issue_count"]
            for quarter in (WINTER, SPRING)
        }
        assert {found for found, kept in counted.items() if kept["numerator"]} == {code}


def test_closing_and_hand_in_are_counted_in_working_days(world):
    # 2026-07-01 is a Wednesday: the fifth working day is the 7th, the tenth the 14th.
    assert not quarters.is_closed(SPRING, Day(2026, 7, 7))
    assert quarters.is_closed(SPRING, Day(2026, 7, 8))
    assert quarters.hand_in_by(SPRING) == Day(2026, 7, 14)
    assert quarters.cut_off_of(SPRING, Day(2026, 7, 3)) == Day(2026, 7, 3)
    assert quarters.cut_off_of(SPRING, Day(2027, 1, 3)) == Day(2026, 7, 7)


# --- the job


def promised() -> list[tuple[int, str]]:
    rows = Outbox.objects.filter(task=tasks.PREPARE).order_by("pk").values_list("arguments", flat=True)
    return [(row["district_id"], row["period"]) for row in rows]


def keep_promises() -> None:
    for district, period in promised():
        tasks.prepare_quarter(district_id=district, period=period)


def test_job_waits_for_the_closing_and_for_a_working_day(history):
    papers.prepare(history.district, WINTER, by=history["clerk"], now=at(4, 20))
    for day in (1, 6, 7):
        assert prepare_due(at(7, day, 6)) == 0
    # Saturday and Sunday after a closing that is over.
    assert prepare_due(at(7, 11, 6)) == 0
    assert prepare_due(at(7, 8, 6)) == 1
    assert promised() == [(history.district.pk, "2026-Q2")]


def test_job_prepares_the_district_and_each_town_once(history):
    for day in (8, 9, 10):
        prepare_due(at(7, day, 6))
    for _twice in range(2):
        keep_promises()

    rows = Analysis.objects.order_by("number")
    assert [(row.number, row.subject) for row in rows] == [
        ("Q26-0001", history.district), ("Q26-0002", history.town), ("Q26-0003", history.other_town),
    ]  # fmt: skip
    assert {row.state for row in rows} == {AnalysisState.DRAFT}
    assert {row.cut_off for row in rows} == {Day(2026, 7, 7)}
    assert [row.sections.count() for row in rows] == [11, 10, 10]
    assert Event.objects.filter(verb="analysis.prepare").count() == 3
    assert prepare_due(at(7, 13, 6)) == 0


def test_a_machine_that_stood_still_makes_up_for_its_quarters(history):
    visit(history, "cadre", history.enterprise, 8, 5)
    papers.prepare(history.district, WINTER, by=history["clerk"], now=SUMMER)
    assert prepare_due(at(10, 21, 6)) == 2
    assert [period for _district, period in promised()] == ["2026-Q2", "2026-Q3"]


def test_a_district_in_which_nothing_happened_gets_no_papers(history, elsewhere):
    assert prepare_due(at(7, 8, 6)) == 1
    assert prepare_due(at(10, 21, 6)) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_prepare_one_set_of_papers():
    world = live(make_world())
    gate = threading.Barrier(2)

    def work() -> None:
        try:
            gate.wait()
            tasks.prepare_quarter(district_id=world.district.pk, period="2026-Q2")
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(Analysis.objects.values_list("number", flat=True)) == ["Q26-0001", "Q26-0002", "Q26-0003"]
    assert Section.objects.count() == 31


# --- by hand


@pytest.mark.parametrize(
    "name", ["cadre", "chief", "handler", "town", "mediator", "officer", "auditor", "admin", "unposted"]
)
def test_only_clerk_and_leader_prepare_by_hand(world, name):
    with pytest.raises(NotAllowed):
        papers.prepare(world.district, SPRING, by=world[name], now=SUMMER)


def test_a_quarter_that_is_not_over_is_not_prepared(world):
    with pytest.raises(ActionError, match="还没有结束"):
        papers.prepare(world.district, SPRING, by=world["leader"], now=at(6, 30, 23))


def test_one_town_by_hand_and_the_rest_later(world):
    made = papers.prepare(world.district, SPRING, by=world["leader"], subject=world.town, now=SUMMER)
    assert [row.subject for row in made] == [world.town]
    assert {row.subject for row in papers.prepare(world.district, SPRING, by=world["clerk"], now=SUMMER)} == {
        world.district, world.other_town,
    }  # fmt: skip


def test_a_town_that_is_closed_has_no_paper(world):
    world.other_town.valid_to = Day(2026, 5, 1)
    world.other_town.save()
    assert len(papers.prepare(world.district, SPRING, by=world["clerk"], now=SUMMER)) == 2


# --- refreshing, writing, resetting


def text_of(row: Analysis, part: str) -> Section:
    return row.sections.get(part=part)


def shrink(world) -> None:
    """One issue less in the quarter, whenever one looks."""
    steps.void(Issue.objects.get(title="kept"), by=world["leader"], reason="登记错了", now=at(6, 1))


def test_untouched_sections_follow_a_refresh_and_others_are_marked(spring_papers):
    row = prepare(spring_papers)["district"]
    papers.write(
        row,
        Part.OVERVIEW,
        by=spring_papers["clerk"],
        text=text_of(row, Part.OVERVIEW).text + "\n总体平稳。",
        now=SUMMER,
    )
    shrink(spring_papers)
    row = papers.refresh(row, by=spring_papers["clerk"], now=SUMMER)

    kept = text_of(row, Part.OVERVIEW)
    assert "总体平稳。" in kept.text
    assert "登记诉求 1 件" in kept.text
    stale = disagreeing(kept.based_on, kept.generated)
    assert any("登记诉求 1 件" in then for then, _now in stale)
    assert any("没有登记诉求" in now for _then, now in stale)
    assert (
        text_of(row, Part.COMMON).text == draft_of(Part.COMMON, row.figures) == "本季度没有登记诉求，没有共性问题可列。"
    )
    # Saving anew settles it.
    papers.write(row, Part.OVERVIEW, by=spring_papers["clerk"], text="本季度没有登记诉求。")
    kept = text_of(row, Part.OVERVIEW)
    assert disagreeing(kept.based_on, kept.generated) == []


def test_refresh_takes_another_cut_off_within_reason(prepared):
    row = prepare(prepared)["town"]
    assert papers.refresh(row, by=prepared["clerk"], cut_off=Day(2026, 7, 15), now=SUMMER).figures["at"] == "2026-07-15"
    for day in (Day(2026, 6, 29), Day(2026, 7, 21)):
        with pytest.raises(ActionError, match="截止日"):
            papers.refresh(row, by=prepared["clerk"], cut_off=day, now=SUMMER)


def test_reset_and_undo(prepared):
    row = prepare(prepared)["town"]
    generated = text_of(row, Part.TREND).text
    papers.write(row, Part.TREND, by=prepared["cadre"], text="我写的。")
    papers.reset(row, Part.TREND, by=prepared["cadre"])
    assert (text_of(row, Part.TREND).text, text_of(row, Part.TREND).is_edited) == (generated, False)
    papers.undo(row, Part.TREND, by=prepared["cadre"])
    assert (text_of(row, Part.TREND).text, text_of(row, Part.TREND).is_edited) == ("我写的。", True)
    with pytest.raises(ActionError, match="撤销"):
        papers.undo(row, Part.TREND, by=prepared["cadre"])


def test_the_second_of_two_writers_is_told(prepared):
    row = prepare(prepared)["town"]
    seen = text_of(row, Part.PLAN).version
    papers.write(row, Part.PLAN, by=prepared["cadre"], text="甲", version=seen)
    with pytest.raises(Conflict):
        papers.write(row, Part.PLAN, by=prepared["clerk"], text="乙", version=seen)
    # Another section is nobody's business.
    papers.write(row, Part.ADVICE, by=prepared["clerk"], text="丙", version=seen)


def test_only_drafters_and_the_leader_write(prepared):
    row = prepare(prepared)["town"]
    for name in ("chief", "other_cadre", "handler", "town", "mediator", "officer", "auditor", "admin"):
        with pytest.raises(NotAllowed):
            papers.write(row, Part.PLAN, by=prepared[name], text="甲")
        with pytest.raises(NotAllowed):
            papers.refresh(row, by=prepared[name])


# --- frozen


def test_a_signed_paper_stays_what_it_was(spring_papers):
    row = fill(prepare(spring_papers)["district"], spring_papers)
    row = papers.submit(row, by=spring_papers["clerk"], now=SUMMER)
    row = papers.review(row, by=spring_papers["leader"], now=SUMMER)
    row = papers.sign(row, by=spring_papers["chief"], now=SUMMER)
    before = row.figures, list(row.sections.values_list("part", "text"))
    shrink(spring_papers)
    make_enterprise(spring_papers.town)
    for act in (
        lambda: papers.refresh(row, by=spring_papers["clerk"]),
        lambda: papers.write(row, Part.PLAN, by=spring_papers["clerk"], text="改"),
        lambda: papers.reset(row, Part.PLAN, by=spring_papers["clerk"]),
    ):
        with pytest.raises(ActionError, match="已签发"):
            act()
    row.refresh_from_db()
    assert (row.figures, list(row.sections.values_list("part", "text"))) == before
    assert papers.build(spring_papers.district, spring_papers.district, SPRING, row.cut_off) != row.figures


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE analyses_analysis SET figures = '{}' WHERE id = %s",
        "UPDATE analyses_analysis SET cut_off = '2026-07-08' WHERE id = %s",
        "UPDATE analyses_section SET text = 'x' WHERE analysis_id = %s",
        "DELETE FROM analyses_section WHERE analysis_id = %s",
        "INSERT INTO analyses_section (analysis_id, part, position, generated, text, is_edited, based_on, undo_text, version) VALUES (%s, 'x', 99, '', '', false, '', '', 1)",
    ],
)
def test_database_keeps_a_signed_paper_by_itself(prepared, statement):
    row = put_in_state(prepare(prepared)["town"], "signed", prepared)
    with pytest.raises(DatabaseError, match="frozen"):
        sql(statement, [row.pk])


def test_periods_are_read_as_quarters_only():
    assert quarters.read_quarter("2026-Q2", Day(2026, 7, 1)) == SPRING
    assert quarters.read_quarter("", Day(2026, 7, 1)) == SPRING
    with pytest.raises(ActionError):
        quarters.read_quarter("2026-05", Day(2026, 7, 1))
    assert parse("2026-Q1") == WINTER
    assert [quarter.code for quarter in quarters.four_before(SPRING)] == ["2025-Q2", "2026-Q1"]
