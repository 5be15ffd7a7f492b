"""Visits with their issues, from a ledger into the database: one COPY for each table and batch."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from unionops.casework import deadlines
from unionops.casework.models import Deadline
from unionops.casework.numbering import take_blocks
from unionops.casework.periods import closed_month
from unionops.china.phones import mask_phone
from unionops.org.enums import EnterpriseStatus, Role
from unionops.org.events import event_of
from unionops.org.models import Enterprise, Event, KeyListEntry, User
from unionops.org.sealed import blind_index, seal

from ..actions.register import NUMBER_PREFIX as ISSUE_PREFIX
from ..actions.visits import NUMBER_PREFIX as VISIT_PREFIX
from ..enums import TERM_DISPATCH, TERM_HANDLE, IssueState, ResultKind, TargetType, VisitState
from ..ledger import IssueRow, VisitRow
from ..ledger.words import OTHER, read_satisfaction
from ..models import Category, Issue, LedgerImport, Visit
from .copying import NULL, Lines, Sender, array, new_keys, text

BATCH = 4000
LONGEST_STATEMENT = "9min"
LONGEST_TITLE = 120
# What a ledger calls done; the other results leave the issue open in a state of its own.
ENDED_AS = frozenset(
    {
        ResultKind.RESOLVED,
        ResultKind.EXPLAINED,
        ResultKind.PARTLY,
        ResultKind.NOT_SOLVABLE,
        ResultKind.UNFOUNDED,
        ResultKind.WITHDRAWN,
    }
)
UNDER_WAY_AS = {
    ResultKind.PLANNED: IssueState.PLANNED,
    ResultKind.CONVERTED: IssueState.CONVERTED,
    ResultKind.TRANSFERRED: IssueState.TRANSFERRED,
}
# Offices close their books in the evening; a ledger knows no times of day.
EVENING = "17:00:00+08"
NOON = "12:00:00+08"

_VISIT_COLUMNS = (
    "id", "number", "visited_on", "started_at", "iso_year", "iso_week", "mode", "officer_id", "companions", "town_id",
    "target_type", "enterprise_id", "target_name", "contact_name", "contact_role", "contact_phone_sealed",
    "contact_phone_hash", "contact_phone_masked", "staff_count", "interviewee_count", "is_key_enterprise", "policies",
    "summary", "next_plan", "state", "issue_count", "ledger_row",
)  # fmt: skip
_ISSUE_COLUMNS = (
    "id", "number", "title", "description", "demand", "urgency", "state", "state_since", "registered_at", "closed_at",
    "holder_organisation_id", "holder_role", "deadline_id", "visit_id", "town_id", "enterprise_id", "registered_by_id",
    "liaison_id", "raised_on", "category_id", "claimant_count", "lead_department_id", "result_kind", "result_text",
    "satisfaction", "ledger_department",
)  # fmt: skip
_NO_PHONE = (NULL, "", "")


@dataclass
class Written:
    """What an import brought in, and what was there before."""

    visits: int = 0
    issues: int = 0
    known: int = 0
    enterprises: list[str] = field(default_factory=list)
    # In which something is counted since.
    days: set[datetime.date] = field(default_factory=set)


class VisitWriter:
    """Writes the rows of one ledger inside the caller's transaction."""

    def __init__(self, record: LedgerImport, *, by: User, now: datetime.datetime) -> None:
        self._record = record
        self._district_id = record.district_id
        self._by = by
        self._now = now
        self._today = timezone.localdate(now)
        self.written = Written()
        self._keys = new_keys()
        self._categories = dict(Category.objects.values_list("code", "pk"))
        self._key_periods = _key_periods(record.district_id)
        self._new_firms: dict[str, str] = {}
        self._state_of = lru_cache(maxsize=None)(self._visit_state)
        self._phone_hash = lru_cache(maxsize=65536)(blind_index)
        # The same two numbers count for every row of a year.
        self._numbers: dict[tuple[str, int], Iterator[int]] = {}
        self._visit_lines = Lines(
            Visit, _VISIT_COLUMNS,
            {"district_id": record.district_id, "submitted_at": now, "submitted_by_id": by.pk, "ledger_import_id": record.pk},
        )  # fmt: skip
        self._officer_lines = Lines(Visit.officers.through, ("visit_id", "user_id"))
        self._issue_lines = Lines(
            Issue, _ISSUE_COLUMNS, {"district_id": record.district_id, "ledger_import_id": record.pk}
        )
        self._event_lines = Lines(
            Event, ("kind", "subject_id", "verb", "target", "data"),
            {"at": now, "district_id": record.district_id, "by_id": by.pk},
        )  # fmt: skip

    def write(self, rows: Iterable[VisitRow]) -> Written:
        stream = iter(rows)
        suit_long_work()
        with keys_checked_at_once(), Sender() as sender:
            while batch := list(islice(stream, BATCH)):
                sender.wait()
                fresh = self._unknown(batch)
                self.written.days |= counted_days(fresh, self._today)
                self._make_firms(fresh)
                self._take_numbers(fresh)
                sender.send(self._lines(fresh, self._start_clocks(fresh)))
        return self.written

    def _unknown(self, batch: list[VisitRow]) -> list[VisitRow]:
        """The rows that no earlier import has brought."""
        known = known_of(self._district_id, [row.fingerprint for row in batch])
        self.written.known += len(known)
        return [row for row in batch if row.fingerprint not in known] if known else batch

    def _make_firms(self, rows: list[VisitRow]) -> None:
        """Firms that are not in the directory are noted by name; the office checks them later."""
        made: list[Enterprise] = []
        for row in rows:
            if row.enterprise is None and row.target_type == TargetType.ENTERPRISE:
                name = _firm_key(row)
                if name not in self._new_firms:
                    firm = Enterprise(
                        district_id=self._district_id,
                        town_id=row.town,  # type: ignore[misc]
                        name=row.enterprise_name,
                        credit_code=row.credit_code or None,
                        status=EnterpriseStatus.PROVISIONAL,
                        staff_count=row.staff,
                        ledger_import_id=self._record.pk,
                    )
                    firm.set_names()
                    made.append(firm)
                    self._new_firms[name] = str(firm.pk)
        if made:
            Enterprise.objects.bulk_create(made)
            Event.objects.bulk_create(
                event_of(
                    firm, "create", by=self._by, data={"name": firm.name, "provisional": True, "import": self._record.pk},
                    now=self._now,
                )
                for firm in made
            )  # fmt: skip
            self.written.enterprises += [firm.name for firm in made]

    def _take_numbers(self, rows: list[VisitRow]) -> None:
        wanted: Counter[tuple[str, int]] = Counter()
        for row in rows:
            wanted[VISIT_PREFIX, row.on.year] += 1
            wanted[ISSUE_PREFIX, row.on.year] += len(row.issues)
        self._numbers = {series: iter(block) for series, block in take_blocks(self._district_id, wanted).items()}

    def _start_clocks(self, rows: list[VisitRow]) -> dict[int, tuple[str, int]]:
        """Keys and deadlines of the issues that are open, by the identity of their row; the clock runs since the visit."""
        waiting: list[tuple[Issue, str, datetime.date]] = []
        found: dict[int, Issue] = {}
        for row in rows:
            for issue in row.issues:
                state = state_of(issue)
                if state != IssueState.CLOSED:
                    case = found[id(issue)] = Issue(pk=UUID(next(self._keys)), district_id=self._district_id)
                    term = TERM_DISPATCH if state == IssueState.SUBMITTED else f"{TERM_HANDLE}.{issue.urgency}"
                    waiting.append((case, term, row.on))
        clocks = deadlines.build_each(waiting)
        saved = {clock.case_id: clock.pk for clock in Deadline.objects.bulk_create(clocks)}
        return {key: (str(case.pk), saved[case.pk]) for key, case in found.items()}

    def _lines(self, rows: list[VisitRow], clocks: dict[int, tuple[str, int]]) -> list[tuple[Lines, list[str]]]:
        visits: list[str] = []
        officers: list[str] = []
        issues: list[str] = []
        events: list[str] = []
        keys, visit_line, officer_line, issue_line = (
            self._keys, self._visit_lines.line, self._officer_lines.line, self._issue_lines.line
        )  # fmt: skip
        event_line, import_id = self._event_lines.line, self._record.pk
        for row in rows:
            key = next(keys)
            firm = row.enterprise or self._new_firms.get(_firm_key(row)) or NULL
            day = row.on.isoformat()
            visits.append(visit_line(self._visit_values(row, key, firm, day)))
            officers += [officer_line((key, officer)) for officer in row.cadres]
            events.append(
                event_line(
                    ("visit", key, "visit.import", "", f'{{"row": {row.row}, "import": "{import_id}", "version": 1}}')
                )
            )
            for issue in row.issues:
                issue_key, clock = clocks.get(id(issue)) or (next(keys), NULL)
                state = state_of(issue)
                issues.append(issue_line(self._issue_values(row, issue, issue_key, clock, state, key, firm, day)))
                events.append(
                    event_line(
                        (
                            "issue", issue_key, "issue.import", state,
                            f'{{"row": {issue.row}, "import": "{import_id}", "version": 1}}',
                        )
                    )
                )  # fmt: skip
        self.written.visits += len(visits)
        self.written.issues += len(issues)
        return [
            (self._visit_lines, visits),
            (self._officer_lines, officers),
            (self._issue_lines, issues),
            (self._event_lines, events),
        ]

    def _visit_values(self, row: VisitRow, key: str, firm: Any, day: str) -> tuple[Any, ...]:
        year, week, _weekday = row.on.isocalendar()
        extra = row.extra
        return (
            key,
            _number(VISIT_PREFIX, row.on.year, next(self._numbers[VISIT_PREFIX, row.on.year])),
            day,
            row.at.isoformat() if row.at else NULL,
            year,
            week,
            row.mode,
            row.cadres[0],
            text(extra.companions[:200]),
            row.town,
            row.target_type,
            firm,
            "" if firm is not NULL else text(row.enterprise_name[:100]),
            text(row.contact[:50]),
            text(extra.contact_role[:50]),
            *(self._sealed_phone(key, row.phone) if row.phone else _NO_PHONE),
            NULL if row.staff is None else row.staff,
            NULL if extra.interviewed is None else extra.interviewed,
            "t" if row.enterprise in self._key_periods and self._is_key(row) else "f",
            array(extra.policies) if extra.policies else "{}",
            text(summary_of(row)),
            text(extra.next_plan[:200]),
            self._state_of(row.on.year, row.on.month),
            len(row.issues),
            row.fingerprint,
        )

    def _issue_values(
        self, row: VisitRow, issue: IssueRow, key: str, clock: Any, state: str, visit: str, firm: Any, day: str
    ) -> tuple[Any, ...]:
        ended = state == IssueState.CLOSED
        closed_on = ended_on(row, issue, self._today).isoformat() if ended else ""
        title, description = split_title(issue.text)
        return (
            key,
            _number(ISSUE_PREFIX, row.on.year, next(self._numbers[ISSUE_PREFIX, row.on.year])),
            text(title),
            text(description),
            text(issue.demand[:2000]),
            issue.urgency,
            state,
            f"{closed_on} {EVENING}" if ended else f"{day} {NOON}",
            f"{day} {NOON}",
            f"{closed_on} {EVENING}" if ended else NULL,
            NULL if ended or state == IssueState.SUBMITTED else issue.department,
            Role.CLERK if state == IssueState.SUBMITTED else "",
            clock,
            visit,
            row.town,
            firm,
            row.cadres[0],
            row.cadres[0],
            day,
            self._categories.get(issue.subject) or self._categories[OTHER],
            max(1, issue.claimants or 1),
            issue.department or NULL,
            issue.outcome if ended else "",
            text(result_of(issue)) if ended else "",
            satisfaction_of(issue) if ended else "",
            text(issue.department_text[:60]),
        )

    def _sealed_phone(self, key: str, phone: str) -> tuple[str, str, str]:
        sealed = seal(phone, place=f"{Visit._meta.db_table}.contact_phone:{key}")
        return "\\\\x" + sealed.hex(), self._phone_hash(phone), text(mask_phone(phone)[:30])

    def _is_key(self, row: VisitRow) -> bool:
        return any(
            start <= row.on and (end is None or row.on <= end) for start, end in self._key_periods[row.enterprise]
        )

    def _visit_state(self, year: int, month: int) -> str:
        return VisitState.LOCKED if closed_month(datetime.date(year, month, 1), self._today) else VisitState.SUBMITTED


def known_of(district_id: int, fingerprints: list[str]) -> set[str]:
    """Those that an earlier import has brought."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ledger_row FROM {Visit._meta.db_table} WHERE district_id = %s AND ledger_row = ANY(%s)",
            [district_id, fingerprints],
        )
        return {found for (found,) in cursor.fetchall()}


def state_of(issue: IssueRow) -> str:
    """Where the issue stands: ended, on its way in a department, or waiting for somebody to say whose it is."""
    if issue.outcome in ENDED_AS:
        return IssueState.CLOSED
    if issue.department is None:
        return IssueState.SUBMITTED
    return UNDER_WAY_AS.get(ResultKind(issue.outcome), IssueState.HANDLING) if issue.outcome else IssueState.HANDLING


def ended_on(row: VisitRow, issue: IssueRow, today: datetime.date) -> datetime.date:
    return max(row.on, min(issue.resolved_on or row.on, today))


def counted_days(rows: Iterable[VisitRow], today: datetime.date) -> set[datetime.date]:
    """The days whose figures these rows change: of the visits, and of the ends of their issues."""
    days = set()
    for row in rows:
        days.add(row.on)
        days.update([ended_on(row, issue, today) for issue in row.issues if issue.outcome in ENDED_AS])
    return days


def split_title(words: str) -> tuple[str, str]:
    """A short text is the title; a long one keeps its beginning as the title and stands whole below it."""
    first = words.split("\n", 1)[0].strip()
    if len(first) <= LONGEST_TITLE and first == words:
        return first, ""
    return first[:LONGEST_TITLE], words[:5000]


def result_of(issue: IssueRow) -> str:
    return "，".join(part for part in (issue.state_text, issue.note) if part)


def satisfaction_of(issue: IssueRow) -> str:
    return issue.satisfaction or (read_satisfaction(issue.note) if "满" in issue.note else "")


def summary_of(row: VisitRow) -> str:
    """What was learned, the days of a visit of several, and the remark of a visit without issues."""
    parts = [row.extra.summary]
    if row.until:
        parts.append(f"走访至 {row.until.isoformat()}。")
    if row.note and not row.issues:
        parts.append(row.note)
    return "\n".join(part for part in parts if part)[:5000]


def suit_long_work() -> None:
    """A statement of ten thousand rows takes longer than one of a page may."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_STATEMENT}'")


@contextmanager
def keys_checked_at_once() -> Iterator[None]:
    """Foreign keys are looked up while the next rows are made, not two million at once in the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _firm_key(row: VisitRow) -> str:
    return row.credit_code or row.enterprise_name


def _key_periods(district_id: int) -> dict[Any, list[tuple[datetime.date, datetime.date | None]]]:
    periods: dict[Any, list[tuple[datetime.date, datetime.date | None]]] = defaultdict(list)
    entries = KeyListEntry.objects.filter(enterprise__district=district_id)
    for firm, start, end in entries.values_list("enterprise", "valid_from", "valid_to"):
        periods[firm].append((start, end))
    return periods


def _number(prefix: str, year: int, number: int) -> str:
    return f"{prefix}{year % 100:02d}-{number:04d}"
