"""A closed period keeps its figures; what comes later stands beside them."""

from __future__ import annotations

import datetime
import threading

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from tests.world import make_world
from unionops.insight import rollups
from unionops.insight.closing import Restated, close_periods, first_open, restatements
from unionops.insight.models import Closing, Grain, Snapshot
from visits.models import Visit

from .test_rollups import at, make_visit

Day = datetime.date


@pytest.mark.parametrize(
    ("grain", "today", "opens"),
    [
        # The week 20 to 26 May 2024 takes late entries until the end of Monday the 27th.
        ("week", Day(2024, 5, 27), Day(2024, 5, 20)),
        ("week", Day(2024, 5, 28), Day(2024, 5, 27)),
        # The fifth working day after May is Friday the 7th of June; the 10th is a holiday.
        ("month", Day(2024, 6, 7), Day(2024, 5, 1)),
        ("month", Day(2024, 6, 8), Day(2024, 6, 1)),
        # The first week of October is free: the fifth working day after September is Saturday the 12th, a swapped one.
        ("quarter", Day(2024, 10, 12), Day(2024, 7, 1)),
        ("quarter", Day(2024, 10, 13), Day(2024, 10, 1)),
        ("year", Day(2025, 1, 8), Day(2024, 1, 1)),
        ("year", Day(2025, 1, 9), Day(2025, 1, 1)),
    ],
)
def test_period_closes_after_its_last_working_day(db, grain, today, opens):
    assert first_open(grain, today) == opens


def test_late_visit_stands_beside_the_frozen_figure(world):
    make_visit(world, Day(2024, 5, 6))
    close_periods(Grain.MONTH, now=at(Day(2024, 6, 20)))
    make_visit(world, Day(2024, 5, 7))
    rollups.flush()

    frozen = Snapshot.objects.get(organisation=world.town, grain="month", starts_on=Day(2024, 5, 1))
    assert frozen.figures["visits"] == 1
    assert frozen.closed_at == at(Day(2024, 6, 20))
    assert Restated(world.town.pk, Day(2024, 5, 1), "visits", 1, 2) in restatements([world.town.pk], "month")
    assert [found.measure for found in restatements([world.town.pk], "month")] == ["visits"]


def test_late_visit_in_an_empty_month_is_told_from_nothing(world):
    make_visit(world, Day(2024, 3, 6))
    close_periods(Grain.MONTH, now=at(Day(2024, 6, 20)))
    make_visit(world, Day(2024, 4, 9), town=world.other_town)
    rollups.flush()

    assert Restated(world.other_town.pk, Day(2024, 4, 1), "visits", 0, 1) in restatements(
        [world.other_town.pk], "month"
    )


def test_everything_that_was_missed_is_closed_at_once_and_only_once(world):
    for month in (2, 3, 5):
        make_visit(world, Day(2024, month, 6))

    first = close_periods(Grain.MONTH, now=at(Day(2024, 6, 20)))
    again = close_periods(Grain.MONTH, now=at(Day(2024, 6, 21)))

    assert first == [Day(2024, month, 1) for month in (2, 3, 4, 5)]
    assert again == []
    assert Snapshot.objects.filter(organisation=world.district).count() == 3


def test_running_period_stays_open(world):
    make_visit(world, Day(2024, 6, 6))

    assert close_periods(Grain.MONTH, now=at(Day(2024, 6, 20))) == []


@pytest.mark.parametrize("table", ["insight_snapshot", "insight_closing"])
@pytest.mark.parametrize("change", ["UPDATE {} SET closed_at = now()", "DELETE FROM {}"])
def test_closed_figures_cannot_be_changed_by_hand(world, table, change):
    make_visit(world, Day(2024, 5, 6))
    close_periods(Grain.MONTH, now=at(Day(2024, 6, 20)))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))


def in_thread(work) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_write_that_commits_during_the_closing_is_not_lost():
    """The visit is written before the closing and committed after it: it is not in the figures, and it is told."""
    world = make_world()
    make_visit(world, Day(2024, 5, 6))
    written, closed = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            make_visit(world, Day(2024, 5, 7))
            written.set()
            closed.wait(20)

    writer = in_thread(write_slowly)
    assert written.wait(20)
    close_periods(Grain.MONTH, now=at(Day(2024, 6, 20)))
    closed.set()
    writer.join()
    rollups.flush()

    assert Visit.objects.count() == 2
    assert restatements([world.town.pk], "month") == [Restated(world.town.pk, Day(2024, 5, 1), "visits", 1, 2)]
    assert rollups.differences() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_close_each_period_once():
    world = make_world()
    for month in range(1, 13):
        make_visit(world, Day(2024, month, 6))
    results: list[list[Day]] = []
    threads = [
        in_thread(lambda: results.append(close_periods(Grain.MONTH, now=at(Day(2025, 2, 20))))) for _ in range(4)
    ]
    for thread in threads:
        thread.join()

    assert sorted(len(result) for result in results) == [0, 0, 0, 13]
    assert Closing.objects.count() == 13
    assert Snapshot.objects.filter(organisation=world.town).count() == 12


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["weekly", "monthly", "quarterly", "annual"])
def test_jobs_are_run_by_the_clock_of_the_product(world, name):
    """`casework.tick` makes their slots; a slot that is run twice closes once."""
    from unionops.casework import tasks

    make_visit(world, Day(2023, 5, 6))
    with time_machine.travel(at(Day(2024, 2, 20), 3)):
        job = tasks._jobs[f"insight.{name}"]
        first, again = job.run(at(Day(2024, 2, 20), 2)), job.run(at(Day(2024, 2, 20), 2))

    assert Day(2023, 5, 1) in first if name == "monthly" else first
    assert again == []
