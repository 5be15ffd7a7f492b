"""Rollups say what the raw rows say, whatever happened in between."""

from __future__ import annotations

import datetime
import random
import threading
from collections import Counter, defaultdict

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.world import World, make_enterprise, make_world
from unionops.insight import rollups
from unionops.insight.closing import Restated, close_periods, restatements
from unionops.insight.figures import WHOLE, Question, answer
from unionops.insight.indicators import Asked, find
from unionops.insight.models import DirtyBucket, Grain
from unionops.insight.periods import parse
from unionops.org.actions.organisations import create_upper, hang
from unionops.org.enums import Role
from unionops.org.models import Organisation, Posting, User
from visits.enums import RESOLVED_RESULTS, IssueState, ResultKind, VisitState
from visits.models import Issue, Visit, VisitRollup

Key = tuple[int, str, datetime.date]


def make_visit(world: World, day: datetime.date, town=None, enterprise=None, **fields: object) -> Visit:
    town = town or world.town
    visit = Visit(
        district=world.district, town=town, submitted_by=world["cadre"], visited_on=day,
        enterprise=enterprise or world.enterprise, number=f"R{random.randrange(10**12)}", **{"officer": world["cadre"], **fields},
    )  # fmt: skip
    visit.set_week()
    visit.save()
    return visit


def at(day: datetime.date, hour: int = 10, minute: int = 0, second: int = 0) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour, minute, second)))


def starts(day: datetime.date) -> dict[str, datetime.date]:
    return {
        "week": day - datetime.timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }


def recount() -> dict[Key, Counter[str]]:
    """Written without a word of SQL: every raw row, told to each organisation and period that it belongs to."""
    counts: dict[Key, Counter[str]] = defaultdict(Counter)
    firms: dict[tuple[Key, str], set[object]] = defaultdict(set)

    def keys(row: Visit | Issue, day: datetime.date) -> list[Key]:
        places = (row.town_id, row.district_id)
        return [(place, grain, start) for place in places for grain, start in starts(day).items()]

    for visit in Visit.objects.all():
        for key in keys(visit, visit.visited_on):
            if visit.state == VisitState.RETURNED:
                continue
            counts[key]["visits"] += 1
            firms[key, "firms"].add(visit.enterprise_id)
            if visit.is_key_enterprise:
                firms[key, "key_firms"].add(visit.enterprise_id)
    for issue in Issue.objects.all():
        closed = issue.state == IssueState.CLOSED
        resolved = closed and issue.result_kind in RESOLVED_RESULTS
        for key in keys(issue, timezone.localdate(issue.registered_at)):
            counts[key]["issues"] += issue.state not in (IssueState.VOID, IssueState.MERGED)
            counts[key]["resolved"] += resolved
            counts[key]["explained"] += closed and issue.result_kind == ResultKind.EXPLAINED
        if issue.closed_at:
            for key in keys(issue, timezone.localdate(issue.closed_at)):
                counts[key]["closed"] += closed
                counts[key]["closed_resolved"] += resolved
    for (key, measure), found in firms.items():
        counts[key][measure] = len(found - {None})
    return {key: +count for key, count in counts.items() if +count}


def kept() -> dict[Key, Counter[str]]:
    measures = [source for spec in rollups._specs for source in spec.measures]
    rows = {
        (row.organisation_id, row.grain, row.starts_on): +Counter({name: getattr(row, name) for name in measures})
        for row in VisitRollup.objects.all()
    }
    return {key: count for key, count in rows.items() if count}


def cell(world: World, grain: str, day: datetime.date, organisation=None) -> VisitRollup:
    return VisitRollup.objects.get(
        organisation=organisation or world.town, grain=grain, starts_on=starts(day)[grain]
    )  # fmt: skip


def test_week_that_crosses_a_month_belongs_by_day(world):
    """2024-09-30 is the Monday of a week that ends in October, and in another quarter."""
    for day in ("2024-09-30", "2024-10-01", "2024-10-06"):
        make_visit(world, datetime.date.fromisoformat(day))
    rollups.flush()

    october = datetime.date(2024, 10, 1)
    assert cell(world, "week", october).visits == 3
    assert cell(world, "month", datetime.date(2024, 9, 30)).visits == 1
    assert cell(world, "month", october).visits == 2
    assert cell(world, "quarter", october).visits == 2
    assert cell(world, "year", october, world.district).visits == 3
    assert cell(world, "year", october).firms == 1


def test_week_53_and_the_turn_of_the_year(world):
    """2020 has 53 ISO weeks; the last one ends on the third of January."""
    for day in ("2020-12-28", "2020-12-31", "2021-01-03"):
        make_visit(world, datetime.date.fromisoformat(day))
    rollups.flush()

    assert cell(world, "week", datetime.date(2020, 12, 28)).visits == 3
    assert (
        cell(world, "year", datetime.date(2020, 6, 1)).visits,
        cell(world, "year", datetime.date(2021, 6, 1)).visits,
    ) == (2, 1)


def test_last_second_of_a_month_in_shanghai(world):
    world.issue(registered_at=at(datetime.date(2024, 5, 31), 23, 59, 59))
    world.issue(registered_at=at(datetime.date(2024, 6, 1), 0, 0, 0))
    rollups.flush()

    assert cell(world, "month", datetime.date(2024, 5, 1)).issues == 1
    assert cell(world, "month", datetime.date(2024, 6, 1)).issues == 1


def test_cohort_and_flow_stand_in_their_own_months(world):
    world.issue(
        IssueState.CLOSED, registered_at=at(datetime.date(2024, 5, 20)), closed_at=at(datetime.date(2024, 7, 2)),
        result_kind=ResultKind.RESOLVED,
    )  # fmt: skip
    rollups.flush()

    may, july = (cell(world, "month", datetime.date(2024, month, 1)) for month in (5, 7))
    assert (may.issues, may.resolved, may.closed) == (1, 1, 0)
    assert (july.issues, july.closed, july.closed_resolved) == (0, 1, 1)


def test_visit_that_moves_leaves_nothing_behind(world):
    visit = make_visit(world, datetime.date(2024, 5, 6))
    rollups.flush()
    visit.visited_on, visit.town = datetime.date(2025, 1, 2), world.other_town
    visit.save()
    rollups.flush()

    assert kept() == recount()
    assert cell(world, "month", datetime.date(2024, 5, 1)).visits == 0
    assert cell(world, "month", datetime.date(2025, 1, 1), world.other_town).visits == 1


def test_returned_visit_does_not_count_until_it_is_submitted_again(world):
    visit = make_visit(world, datetime.date(2024, 5, 6))
    counts = []
    for state in (VisitState.RETURNED, VisitState.SUBMITTED):
        Visit.objects.filter(pk=visit.pk).update(state=state)
        rollups.flush()
        month = cell(world, "month", datetime.date(2024, 5, 1))
        counts.append((month.visits, month.firms))
        assert kept() == recount()
        assert rollups.differences() == []

    assert counts == [(0, 0), (1, 1)]


def test_change_of_what_is_not_counted_marks_nothing(world):
    visit = make_visit(world, datetime.date(2024, 5, 6))
    rollups.flush()

    Visit.objects.filter(pk=visit.pk).update(summary="只改小结", version=2)

    assert not DirtyBucket.objects.exists()


def test_second_flush_changes_nothing(world):
    make_visit(world, datetime.date(2024, 5, 6))
    marks = list(DirtyBucket.objects.all())
    rollups.flush()
    DirtyBucket.objects.bulk_create(marks)

    again = rollups.flush()

    assert again.marks == len(marks) > 0
    assert again.written == 0


def test_marks_say_which_rows_have_changed(world):
    """What is counted from other rows is not read again."""
    make_visit(world, datetime.date(2024, 5, 6))
    assert set(DirtyBucket.objects.values_list("source", flat=True)) == {"visits_visit"}
    rollups.flush()
    world.issue(registered_at=at(datetime.date(2024, 5, 6)))
    assert set(DirtyBucket.objects.values_list("source", flat=True)) == {"visits_issue"}
    rollups.flush()
    assert kept() == recount()


def test_rebuild_equals_what_was_flushed(world):
    """Counted whole tables at a time, with what is wrong, missing and left over."""
    for day in ("2023-12-31", "2024-01-01", "2024-05-06"):
        make_visit(world, datetime.date.fromisoformat(day))
    world.issue(registered_at=at(datetime.date(2024, 5, 6)))
    rollups.flush()
    right = kept()
    VisitRollup.objects.filter(grain="month").update(visits=7, issues=9)
    VisitRollup.objects.filter(grain="year").delete()
    VisitRollup.objects.create(organisation=world.other_town, grain="week", starts_on="2024-02-05", visits=3)

    rollups.rebuild()

    assert kept() == right == recount()
    assert rollups.rebuild() == 0


def test_rebuild_since_a_day_leaves_older_periods_alone(world):
    make_visit(world, datetime.date(2024, 5, 6))
    make_visit(world, datetime.date(2024, 7, 1))
    rollups.flush()
    VisitRollup.objects.update(visits=7)

    rollups.rebuild(datetime.date(2024, 6, 15))

    assert cell(world, "month", datetime.date(2024, 5, 1)).visits == 7
    assert cell(world, "month", datetime.date(2024, 7, 1)).visits == 1
    assert cell(world, "year", datetime.date(2024, 1, 1)).visits == 2


@pytest.fixture
def nation(world):
    """Two districts below a province below the nation."""
    other = make_world("柯桥区总工会", "far_")
    system = User.objects.system()
    top = create_upper(name="全国总工会", by=system)
    province = create_upper(name="浙江省总工会", parent=top, by=system)
    for one in (world, other):
        hang(one.district, province, by=system)
    return world, other, province, top


def test_upper_unions_add_up_what_is_below_them(nation):
    here, there, province, top = nation
    for one, count in ((here, 2), (there, 3)):
        for _visit in range(count):
            make_visit(one, datetime.date(2024, 5, 6))
    rollups.flush()

    month = datetime.date(2024, 5, 1)
    assert [cell(here, "month", month, place).visits for place in (here.district, province, top)] == [2, 5, 5]
    assert cell(here, "year", month, top).firms == 2
    assert rollups.differences() == []
    make_visit(there, datetime.date(2024, 5, 7))
    rollups.flush()
    assert cell(here, "month", month, top).visits == 6
    VisitRollup.objects.filter(organisation=top).update(visits=1)
    assert {found.organisation_id for found in rollups.differences()} == {top.pk}
    rollups.rebuild()
    assert rollups.differences() == []


def test_district_that_moves_leaves_its_upper_union(nation):
    here, there, province, top = nation
    make_visit(here, datetime.date(2024, 5, 6))
    make_visit(there, datetime.date(2024, 5, 6))
    rollups.flush()
    hang(there.district, top, by=User.objects.system())
    rollups.rebuild()

    month = datetime.date(2024, 5, 1)
    assert [cell(here, "month", month, place).visits for place in (province, top)] == [1, 2]
    assert rollups.differences() == []


def test_rollback_leaves_neither_change_nor_mark(world):
    with pytest.raises(RuntimeError), transaction.atomic():
        make_visit(world, datetime.date(2024, 5, 6))
        raise RuntimeError

    assert not DirtyBucket.objects.exists()


def test_wrong_cell_is_found(world):
    make_visit(world, datetime.date(2024, 5, 6))
    rollups.flush()
    VisitRollup.objects.filter(grain="month", organisation=world.town).update(visits=7)

    (found,) = rollups.differences()

    assert (found.measure, found.kept, found.counted) == ("visits", 7, 1)


DAYS = st.dates(datetime.date(2024, 11, 20), datetime.date(2025, 2, 10))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), DAYS, st.integers(0, 2), st.booleans()),
        st.tuples(st.just("move"), DAYS, st.integers(0, 30), st.integers(0, 1)),
        st.tuples(st.just("issue"), DAYS, st.integers(0, 1), st.sampled_from([*ResultKind.values, ""])),
        st.tuples(st.just("reopen"), DAYS, st.integers(0, 30), st.booleans()),
        st.tuples(st.just("delete"), DAYS, st.integers(0, 30), st.booleans()),
        st.tuples(st.just("post"), DAYS, st.integers(0, 1), st.integers(0, 1)),
        st.tuples(st.just("flush"), DAYS, st.integers(0, 1), st.booleans()),
        st.tuples(st.just("close"), DAYS, st.integers(0, 3), st.booleans()),
    ),
    max_size=25,
)


def post(user: User, town: Organisation, day: datetime.date) -> None:
    """From the day after ``day`` in the other town, unless the posting began later."""
    current = user.postings.get(valid_to=None)
    if current.valid_from < day:
        current.valid_to = day
        current.save()
        Posting.objects.create(
            user=user, organisation=town, role=Role.LIAISON, valid_from=day + datetime.timedelta(days=1)
        )


def by_officer(world: World) -> Counter[int]:
    indicator, span = find("visit_count"), parse("2024-11-01..2025-02-28")
    assert indicator is not None
    (found,) = answer([Question(indicator, Asked(world["leader"], span, span.last), "cadre", {})])
    return Counter({int(key): int(figure.value or 0) for key, figure in found.items() if key != WHOLE and figure.value})


def late_in(reported: dict[tuple[Grain, datetime.date], dict[Key, Counter[str]]], places: list[int]) -> set[Restated]:
    """Where the rows of closed periods say something else than they did, by counting them again."""
    now, nothing = recount(), Counter[str]()
    found = set()
    for (grain, start), then in reported.items():
        for place in places:
            before, after = (counts.get((place, grain, start), nothing) for counts in (then, now))
            found |= {
                Restated(place, start, measure, before[measure], after[measure])
                for measure in {*before, *after}
                if before[measure] != after[measure]
            }
    return found


@settings(max_examples=25)
@given(steps=STEPS)
def test_random_history_equals_a_recount(world, steps):
    """Visits made, moved and deleted, issues born, closed, reopened, cadres posted elsewhere, periods closed in any order
    and twice: the end is the recount, and beside it stands what was reported and everything that came late.
    """
    towns = (world.town, world.other_town)
    cadres = (world["cadre"], world["other_cadre"])
    firms = [world.enterprise, make_enterprise(world.town), make_enterprise(world.other_town)]
    with transaction.atomic():
        visits: list[Visit] = []
        issues: list[Issue] = []
        reported: dict[tuple[Grain, datetime.date], dict[Key, Counter[str]]] = {}
        for verb, day, number, extra in steps:
            if verb == "visit":
                officer = cadres[number % 2]
                visits.append(
                    make_visit(world, day, officer=officer, enterprise=firms[number], is_key_enterprise=extra)
                )
            elif verb == "move" and visits:
                visit = visits[number % len(visits)]
                visit.visited_on, visit.town = day, towns[extra]
                visit.save()
            elif verb == "delete" and visits:
                visits.pop(number % len(visits)).delete()
            elif verb == "issue":
                state = IssueState.CLOSED if extra else IssueState.HANDLING
                closed = (
                    {"closed_at": at(day + datetime.timedelta(days=9), 23, 59), "result_kind": extra} if extra else {}
                )
                issues.append(world.issue(state, town=towns[number], registered_at=at(day, 0), **closed))
            elif verb == "reopen" and issues:
                issue = issues[number % len(issues)]
                if issue.state == IssueState.CLOSED:
                    issue.state, issue.closed_at, issue.result_kind = IssueState.REOPENED, None, ""
                    issue.save()
            elif verb == "post":
                post(cadres[number], towns[extra], day)
            elif verb == "flush":
                rollups.flush()
            elif verb == "close":
                grain, now = list(Grain)[number], at(day + datetime.timedelta(days=40))
                then = recount()
                reported |= {(grain, start): then for start in close_periods(grain, now=now)}
                assert close_periods(grain, now=now) == []
        rollups.flush()

        assert kept() == recount()
        places = [world.town.pk, world.other_town.pk, world.district.pk]
        told = {found for grain in Grain for found in restatements(places, grain)}
        assert told == late_in(reported, places)
        # History stays with whoever made it, wherever they are posted now.
        assert by_officer(world) == Counter(visit.officer_id for visit in visits)
        assert rollups.differences() == []
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_writers_and_flushes_at_once_leave_no_wrong_cell():
    """Four writers and two flushes run against each other; what is left over waits for one more flush."""
    world = make_world()
    stop = threading.Event()
    faults: list[BaseException] = []

    def guarded(work) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 -- told below, in the thread of the test
            faults.append(error)
        finally:
            connection.close()

    def write(seed: int) -> None:
        dice = random.Random(seed)
        mine: list[Visit] = []
        for _turn in range(40):
            day = datetime.date(2024, 12, 1) + datetime.timedelta(days=dice.randrange(60))
            if mine and dice.random() < 0.4:
                visit = dice.choice(mine)
                visit.visited_on = day
                visit.save()
            else:
                mine.append(make_visit(world, day, town=dice.choice([world.town, world.other_town])))

    def flush() -> None:
        while not stop.is_set():
            rollups.flush()

    writers = [threading.Thread(target=guarded, args=(lambda seed=seed: write(seed),)) for seed in range(4)]
    flushers = [threading.Thread(target=guarded, args=(flush,)) for _ in range(2)]
    for thread in [*writers, *flushers]:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in flushers:
        thread.join()
    rollups.flush()

    assert faults == []
    assert Visit.objects.count() > 0
    assert rollups.differences() == []
    assert kept() == recount()


@pytest.mark.django_db(transaction=True)
def test_second_task_leaves_the_work_to_the_first():
    """Its marks are not lost: whoever holds the lock takes them, or the next poke does."""
    world = make_world()
    make_visit(world, datetime.date(2024, 5, 6))
    counted: list[rollups.Flushed] = []

    def flush_beside() -> None:
        try:
            counted.append(rollups.flush(wait=False))
        finally:
            connection.close()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [rollups.FLUSH_LOCK])
        beside = threading.Thread(target=flush_beside)
        beside.start()
        beside.join()
    alone = rollups.flush(wait=False)

    assert counted == [rollups.Flushed(0, 0, 0)]
    assert alone.marks > 0
    assert rollups.differences() == []


@pytest.mark.django_db(transaction=True)
def test_commands_bring_up_to_date_and_find_what_is_wrong(capsys):
    world = make_world()
    make_visit(world, datetime.date(2024, 5, 6))

    call_command("rollup")
    call_command("verify_rollups")
    said = capsys.readouterr().out
    VisitRollup.objects.filter(grain="year").update(visits=9)
    with pytest.raises(SystemExit) as end:
        call_command("verify_rollups")
    found = capsys.readouterr().out
    call_command("rollup", since=datetime.date(2024, 1, 1))
    call_command("verify_rollups")

    assert "0 different cells" in said
    assert end.value.code == 1
    assert "visits is 9, counted 1" in found
    assert "0 different cells" in capsys.readouterr().out
