"""The published result: 1,833 visits, 925 issues and 876 of them resolved, from April 2023 to the middle of January 2025."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from hashlib import blake2b

from django.utils import timezone

from unionops.casework.deadlines import working_days
from unionops.org.models import Enterprise, Leave, User

from ..enums import ImportState, ResultKind
from ..imports.figures import EMPTY
from ..imports.visits import VisitWriter
from ..ledger import VISITS, IssueRow, VisitRow
from ..models import LedgerImport
from .district import SINCE, Demo
from .rows import RowMaker

FIRST_DAY = SINCE
LAST_DAY = datetime.date(2025, 1, 15)
TOTAL_VISITS = 1833
TOTAL_ISSUES = 925
RESOLVED_ISSUES = 876
# Most issues that one visit brings.
MOST = 3
# The first report: 153 problems solved from May to October 2023 (domain C01).
REPORTED_FROM, REPORTED_TO = datetime.date(2023, 5, 1), datetime.date(2023, 10, 31)
REPORTED = 153
# What was heard until then, so that a few more are solved than were reported.
EARLY_ISSUES = 206
# A shorter week leaves the quota.
DUTY_DAYS = 3


def write_history(demo: Demo, until: datetime.date, *, seed: int) -> None:
    """One ledger a year, as the office kept it: the published result, and after it until the story of the present begins."""
    _rest(demo, until, seed=seed)
    _write_years(demo, published_rows(demo, seed=seed), LAST_DAY)
    _write_years(demo, later_rows(demo, until, seed=seed), until, "（续）")


def _rest(demo: Demo, until: datetime.date, *, seed: int) -> None:
    """A week's leave in each half year for everybody but the cadre of the demo, who is always there."""
    pick = random.Random(seed + 2)  # noqa: S311 -- the same result on every machine, nothing secret
    leaves = []
    for user in demo.liaisons:
        start = FIRST_DAY + datetime.timedelta(days=pick.randrange(60, 180))
        while start + datetime.timedelta(days=7) < until and user != demo.people["cadre"]:
            monday = start - datetime.timedelta(days=start.weekday())
            leaves.append(
                Leave(user=user, starts_on=monday, ends_on=monday + datetime.timedelta(days=6), reason="年休假")
            )
            start += datetime.timedelta(days=pick.randrange(150, 210))
    Leave.objects.bulk_create(leaves)


def published_rows(demo: Demo, *, seed: int) -> list[VisitRow]:
    pick = random.Random(seed)  # noqa: S311 -- as above
    maker = RowMaker(demo, pick, sheet="走访及问题台账", seed=seed)
    trips = _trips(demo, pick, FIRST_DAY, LAST_DAY, TOTAL_VISITS)
    firms = _firms(demo, pick, [officer for _day, officer in trips])
    counts = _spread(pick, [day for day, _officer in trips])
    unsolved = set(pick.sample(range(TOTAL_ISSUES), TOTAL_ISSUES - RESOLVED_ISSUES))
    number = 0
    rows = []
    for (day, officer), firm, count in zip(trips, firms, counts, strict=True):
        issues: list[IssueRow] = []
        for _issue in range(count):
            issues.append(maker.issue(day, LAST_DAY, solved=number not in unsolved))
            number += 1
        rows.append(maker.visit(day, issues, firm, officer))
    return _as_reported(rows)


def later_rows(demo: Demo, until: datetime.date, *, seed: int) -> list[VisitRow]:
    """The same work goes on after the report, so that a year has the year before beside it."""
    pick = random.Random(seed + 3)  # noqa: S311 -- as above
    maker = RowMaker(demo, pick, sheet="走访及问题台账", seed=seed + 3)
    first = LAST_DAY + datetime.timedelta(days=1)
    share = TOTAL_VISITS / (LAST_DAY - FIRST_DAY).days
    trips = _trips(demo, pick, first, until, round(share * (until - first).days))
    firms = _firms(demo, pick, [officer for _day, officer in trips])
    return [
        maker.visit(
            day, [maker.issue(day, until, solved=pick.random() < 0.95) for _issue in range(pick.choice((0, 0, 1, 1)))], firm, officer
        )
        for (day, officer), firm in zip(trips, firms, strict=True)
    ]  # fmt: skip


def _trips(
    demo: Demo, pick: random.Random, first: datetime.date, last: datetime.date, count: int
) -> list[tuple[datetime.date, User]]:  # fmt: skip
    """Who went on which day, by day. Most weeks meet their quota; some are missed, so that there are as many as were counted."""
    away = {
        (leave.user_id, leave.starts_on.isocalendar()[:2]) for leave in Leave.objects.filter(user__in=demo.liaisons)
    }  # fmt: skip
    weeks: dict[tuple[int, int], list[datetime.date]] = {}
    for day in working_days(first, last):
        weeks.setdefault(day.isocalendar()[:2], []).append(day)
    trips = [
        (pick.choice(days), officer)
        for week, days in weeks.items() if len(days) >= DUTY_DAYS
        for officer in demo.liaisons if (officer.pk, week) not in away
        for _visit in range(officer.weekly_quota)
    ]  # fmt: skip
    if len(trips) < count:
        raise ValueError("the quotas of all officers are fewer visits than were counted")
    kept = pick.sample(trips, count)
    return sorted(kept, key=lambda trip: (trip[0], trip[1].pk))


def _firms(demo: Demo, pick: random.Random, officers: Sequence[User]) -> list[Enterprise]:
    """A firm of the officer's towns for each visit; every key enterprise is visited at least once."""
    towns: dict[int, list[int]] = {}
    for town, here in demo.stationed.items():
        for officer in here:
            towns.setdefault(officer.pk, []).append(town)
    in_town: dict[int, list[Enterprise]] = {}
    for firm in demo.firms:
        in_town.setdefault(firm.town_id or 0, []).append(firm)
    waiting = list(demo.key_firms)
    pick.shuffle(waiting)
    found: dict[int, Enterprise] = {}
    for place in pick.sample(range(len(officers)), len(officers)):
        care = towns[officers[place].pk]
        first = next((firm for firm in waiting if firm.town_id in care), None)
        if first is not None:
            waiting.remove(first)
        found[place] = first or pick.choice([firm for town in care for firm in in_town[town]])
    return [found[place] for place in range(len(officers))]


def _spread(pick: random.Random, days: Sequence[datetime.date]) -> list[int]:
    """How many issues each visit brings: none in half of them, several in some; fewer in the first half year."""
    counts = [0] * len(days)
    places = [place for place in range(len(days)) for _turn in range(MOST)]
    early = [place for place in places if days[place] <= REPORTED_TO]
    late = [place for place in places if days[place] > REPORTED_TO]
    for place in (*pick.sample(early, EARLY_ISSUES), *pick.sample(late, TOTAL_ISSUES - EARLY_ISSUES)):
        counts[place] += 1
    return counts


def _as_reported(rows: list[VisitRow]) -> list[VisitRow]:
    """Move the day on which a few issues ended, so that the first report says what it said."""
    solved = [
        (place, number)
        for place, row in enumerate(rows) for number, issue in enumerate(row.issues)
        if issue.resolved and issue.resolved_on and REPORTED_FROM <= issue.resolved_on <= REPORTED_TO
    ]  # fmt: skip
    too_many = len(solved) - REPORTED
    if too_many < 0:
        raise ValueError("too few issues in the first half year")
    movable = [(place, number) for place, number in solved if rows[place].issues[number].outcome == ResultKind.RESOLVED]
    for turn, (place, number) in enumerate(movable[len(movable) - too_many :]):
        issues = list(rows[place].issues)
        issues[number] = issues[number]._replace(resolved_on=REPORTED_TO + datetime.timedelta(days=1 + turn % 9))
        rows[place] = rows[place]._replace(issues=tuple(issues))
    return rows


def _write_years(demo: Demo, rows: Sequence[VisitRow], last: datetime.date, more: str = "") -> None:
    for year in sorted({row.on.year for row in rows}):
        end = min(datetime.date(year, 12, 31), last)
        _write_year(demo, f"{year}{more}", year, [row for row in rows if row.on.year == year], end)


def _write_year(demo: Demo, name: str, year: int, rows: list[VisitRow], end: datetime.date) -> None:
    by = demo.people["clerk"]
    now = timezone.make_aware(datetime.datetime.combine(max(LAST_DAY, end), datetime.time(18)))
    record = LedgerImport.objects.create(
        district=demo.district, file_name=f"越工周记走访及问题台账-{name}.xlsx", sha256=blake2b(name.encode(), digest_size=32).hexdigest(), sort=VISITS,
        state=ImportState.WRITING, created_by=by,
    )  # fmt: skip
    written = VisitWriter(record, by=by, now=now).write(rows)
    months: dict[str, int] = {}
    for row in rows:
        months[str(row.on.month)] = months.get(str(row.on.month), 0) + 1
    issues = [issue for row in rows for issue in row.issues]
    record.summary = {
        "figures": {
            **EMPTY, "year": year, "visits": len(rows), "issues": len(issues),
            "resolved": sum(issue.resolved for issue in issues), "visits_by_month": months,
        },
        "refused": [],
        "written": {"visits": written.visits, "issues": written.issues, "enterprises": 0},
        "known": 0,
        "new_enterprises": [],
    }  # fmt: skip
    record.state, record.progress, record.finished_at = ImportState.DONE, 100, now
    record.save()
    LedgerImport.objects.filter(pk=record.pk).update(created_at=now)
