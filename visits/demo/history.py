"""The published result: 1,833 visits, 925 issues and 876 of them resolved, from April 2023 to the middle of January 2025."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

from django.utils import timezone

from unionops.casework.deadlines import working_days

from ..enums import ImportState
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


def write_history(demo: Demo, *, seed: int) -> None:
    """One ledger a year, as the office kept it."""
    rows = list(published_rows(demo, seed=seed))
    for year in sorted({row.on.year for row in rows}):
        end = min(datetime.date(year, 12, 31), LAST_DAY)
        _write_year(demo, year, [row for row in rows if row.on.year == year], end)


def published_rows(demo: Demo, *, seed: int) -> Iterator[VisitRow]:
    pick = random.Random(seed)  # noqa: S311 -- the same result on every machine, nothing secret
    maker = RowMaker(demo, pick, sheet="走访及问题台账", seed=seed)
    every_day = list(working_days(FIRST_DAY, LAST_DAY))
    days = sorted(pick.choice(every_day) for _visit in range(TOTAL_VISITS))
    # Every key enterprise is visited at least once.
    firms = [*demo.key_firms, *(maker.firm() for _visit in range(TOTAL_VISITS - len(demo.key_firms)))]
    pick.shuffle(firms)
    counts = _spread(pick)
    unsolved = set(pick.sample(range(TOTAL_ISSUES), TOTAL_ISSUES - RESOLVED_ISSUES))
    number = 0
    for day, firm, count in zip(days, firms, counts, strict=True):
        issues: list[IssueRow] = []
        for _issue in range(count):
            issues.append(maker.issue(day, LAST_DAY, solved=number not in unsolved))
            number += 1
        yield maker.visit(day, issues, firm)


def _spread(pick: random.Random) -> list[int]:
    """How many issues each visit brings: none in half of them, several in some."""
    counts = [0] * TOTAL_VISITS
    places = [place for place in range(TOTAL_VISITS) for _turn in range(MOST)]
    for place in pick.sample(places, TOTAL_ISSUES):
        counts[place] += 1
    return counts


def _write_year(demo: Demo, year: int, rows: list[VisitRow], end: datetime.date) -> None:
    by = demo.people["clerk"]
    now = timezone.make_aware(datetime.datetime.combine(LAST_DAY, datetime.time(18)))
    record = LedgerImport.objects.create(
        district=demo.district, file_name=f"越工周记走访及问题台账-{year}.xlsx", sha256=f"{year:064d}", sort=VISITS,
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
