"""From a reading into the database, whole and in one transaction."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from unionops.insight.closing import check_reason, closed_among
from unionops.insight.periods import Period
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..enums import ImportState
from ..ledger import CADRES, ENTERPRISES, Reading
from ..models import LedgerImport
from .cadres import CadreWriter
from .enterprises import EnterpriseWriter
from .figures import figures_of, refused_rows
from .journal import Journal
from .visits import VisitWriter

R = TypeVar("R")
Tell = Callable[[int], None]
# How often the page hears how far the writing is.
TOLD_EVERY = 1000


@transaction.atomic
def write_reading(
    record: LedgerImport,
    reading: Reading,
    *,
    by: User,
    since: datetime.date,
    now: datetime.datetime | None = None,
    tell: Tell | None = None,
    reason: str = "",
) -> LedgerImport:
    """Write every good row; rows of closed periods with a reason only.

    One import at a time in a district, so that the same file sent twice adds nothing.
    """
    now = now or timezone.now()
    Organisation.objects.select_for_update(no_key=True).get(pk=record.district_id)
    days, done = _write(record, reading, by=by, since=since, now=now, tell=tell)
    closed = closed_among(days)
    reason = check_reason(closed, reason)
    record.sort = reading.kind
    record.mapping = reading.mapping.as_json()
    record.summary = {
        **record.summary,
        "figures": figures_of(reading),
        "refused": refused_rows(reading),
        **done,
        "closed": [period.code for period in closed],
        "reason": reason,
    }
    record.state, record.progress, record.finished_at, record.error = ImportState.DONE, 100, timezone.now(), ""
    record.save()
    record_event(
        record, "write", by=by, now=now,
        data={"file": record.file_name, "sha256": record.sha256, "kind": record.sort, **done["written"], **told(closed, reason)},
    )  # fmt: skip
    return record


def _write(
    record: LedgerImport, reading: Reading, *, by: User, since: datetime.date, now: datetime.datetime, tell: Tell | None
) -> tuple[set[datetime.date], dict[str, Any]]:
    """The days whose figures have changed, and what was done."""
    rows: Iterable[Any] = counted(reading.rows, tell) if tell else reading.rows
    if reading.kind in (ENTERPRISES, CADRES):
        writer: Any = EnterpriseWriter if reading.kind == ENTERPRISES else CadreWriter
        journal: Journal = writer(record, by=by, now=now, since=since).write(rows)
        return set(), {"written": journal.counts(), "journal": journal.as_json()}
    written = VisitWriter(record, by=by, now=now).write(rows)
    return written.days, {
        "written": {"visits": written.visits, "issues": written.issues, "enterprises": len(written.enterprises)},
        "known": written.known,
        "new_enterprises": written.enterprises,
    }


def told(closed: Sequence[Period], reason: str) -> dict[str, Any]:
    """For the log: which closed periods were changed, and why."""
    return {"closed": [period.code for period in closed], "reason": reason} if closed else {}


def counted(rows: Iterable[R], tell: Tell) -> Iterator[R]:
    for count, row in enumerate(rows, start=1):
        if not count % TOLD_EVERY:
            tell(count)
        yield row
