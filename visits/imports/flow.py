"""An import on the page: received, read, looked at, confirmed, written, undone. Nothing is written before it is confirmed."""

from __future__ import annotations

import datetime
import logging
import os
import secrets
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unionops.casework import attachments
from unionops.casework.outbox import later
from unionops.casework.sheets import Mapping, UnreadableFile
from unionops.insight.closing import check_reason, closed_among
from unionops.insight.periods import parse
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.models import Organisation, User

from ..enums import ImportState
from ..ledger import KINDS, VISITS, Reading
from ..ledger.fields import fields_of
from ..ledger.preview import DUPLICATE, REFUSED, PreviewRow, Window
from ..ledger.visits import numbered_rows
from ..models import LedgerImport
from .figures import figures_of, refused_rows
from .records import MOST_BYTES, beginning_of, check_size, new_record, read_ledger
from .undoing import check_can_undo, closed_periods_of, undo_import
from .visits import counted_days, known_of
from .writing import counted, write_reading

log = logging.getLogger(__name__)

IMPORTING_ROLES = frozenset({Role.ADMIN, Role.CLERK})
READ_TASK = "visits.read_ledger"
WRITE_TASK = "visits.write_ledger"
UNDO_TASK = "visits.undo_ledger"
# What is done while the person waits; the rest goes to the worker.
READ_AT_ONCE_BYTES = 1 << 20
WRITE_AT_ONCE_ROWS = 2000
UNDO_AT_ONCE_ROWS = 5000
# Rows that the page shows; every refused row up to the second number.
MOST_SHOWN = 3000
MOST_REFUSED = 5000
_KNOWN_AT_ONCE = 4000
_PIECE = 1 << 20
_PROGRESS_SECONDS = 3600
# The suffixes of what an import stores: the upload, and how its rows were read.
STORED_KINDS = frozenset({"ledger", "preview"})


def district_for_imports(user: User) -> Organisation:
    for role, organisation in sorted(user.scope.posts):
        if role in IMPORTING_ROLES:
            return Organisation.objects.get(pk=organisation)
    raise NotAllowed(_("台账由系统管理员和回访督办导入。"))


# Receiving


def receive(upload: UploadedFile, *, by: User) -> LedgerImport:
    """Keep the file outside the web root and read it, at once when it is small."""
    district = district_for_imports(by)
    size = upload.size or 0
    try:
        check_size(size)
    except UnreadableFile as error:
        raise ActionError(str(error), field="file") from error
    name = store_upload(upload)
    try:
        with transaction.atomic():
            record = new_record(
                attachments.store_path(name),
                name=Path(upload.name or "").name,
                district=district,
                by=by,
                stored_as=name,
            )
            if size > READ_AT_ONCE_BYTES:
                later(READ_TASK, record_id=str(record.pk))
    except BaseException:
        attachments.discard(name)
        raise
    if size <= READ_AT_ONCE_BYTES:
        look_at(record)
    return record


def store_upload(upload: UploadedFile) -> str:
    name = f"{secrets.token_hex(20)}.ledger"
    path = attachments.store_path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = 0
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in upload.chunks(_PIECE):
                written += len(piece)
                if written > MOST_BYTES:
                    check_size(written)
                file.write(piece)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


# Looking


def look_at(record: LedgerImport) -> None:
    """Read the file and note what an import would do; a file that can't be read says why."""
    mapping = Mapping.from_json(record.mapping) if record.mapping else None
    path = attachments.store_path(record.stored_as)
    try:
        reading = read_ledger(path, record.district, name=record.file_name, mapping=mapping, kind=record.sort or None)
        record.summary = _seen(record, reading)
    except UnreadableFile as error:
        record.state, record.error = ImportState.FAILED, str(error)[:300]
    else:
        record.sort, record.mapping = reading.kind, reading.mapping.as_json()
        record.state, record.error = ImportState.PREVIEW, ""
    names = ("summary", "sort", "mapping", "state", "error")
    # Handed out twice, it may have been read and confirmed meanwhile: what has gone on is not taken back.
    waiting = LedgerImport.objects.filter(pk=record.pk, state=ImportState.READING)
    waiting.update(**{name: getattr(record, name) for name in names})


def _seen(record: LedgerImport, reading: Reading) -> dict[str, Any]:
    today = timezone.localdate()
    known, days = _look_through(record, reading, today)
    tally = reading.tally
    old = record.summary.get("preview_as")
    name = store_preview(reading)
    if old:
        attachments.discard(old)
    return {
        "figures": figures_of(reading),
        "refused": refused_rows(reading)[:MOST_REFUSED],
        "refused_count": sum(tally.refused_rows.values()),
        "rows": tally.rows,
        "known": known,
        "closed": [period.code for period in closed_among(days)],
        "doubts": len(tally.notes),
        "skipped": reading.skipped,
        "sheets": [part.sheet.name for part in reading.parts],
        "since": beginning_of(reading, today).isoformat(),
        "preview_as": name,
    }


def _look_through(record: LedgerImport, reading: Reading, today: datetime.date) -> tuple[int, set[datetime.date]]:
    """How many visits an earlier import has brought, which will not come twice, and the days whose figures the others change.

    This is also the complete pass of the file.
    """

    def heard(count: int) -> None:
        touch(record)
        tell(record, count)

    rows: Iterator[Any] = counted(reading.rows, heard)
    known, days = 0, set[datetime.date]()
    while batch := list(islice(rows, _KNOWN_AT_ONCE)):
        if reading.kind == VISITS:
            there = known_of(record.district_id, [row.fingerprint for row in batch])
            known += len(there)
            days |= counted_days((row for row in batch if row.fingerprint not in there), today)
    return known, days


def store_preview(reading: Reading) -> str:
    """Keep what the page shows of each cell; returns the name under which `preview_of` finds it in the summary."""
    name = f"{secrets.token_hex(20)}.preview"
    path = attachments.store_path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(orjson.dumps(_shown_rows(reading)))
    path.chmod(0o600)
    return name


def _shown_rows(reading: Reading) -> dict[str, Any]:
    """The first rows as the page shows them, and by themselves the refused and repeated ones."""
    window = Window(reading)
    shown: dict[str, list[dict[str, Any]]] = {"all": [], REFUSED: [], DUPLICATE: []}
    for part in reading.parts:
        for number, cells in numbered_rows(part.sheet, part.layout):
            status = window.status(part, number, cells)
            lists = [shown[name] for name in ("all", status) if name in shown and len(shown[name]) < MOST_SHOWN]
            if lists:
                row = _as_shown(window.show(part, number, cells))
                for rows in lists:
                    rows.append(row)
    columns = [str(field.label) for field in fields_of(reading.kind) if field.name in reading.mapping.columns]
    return {"columns": columns, "rows": shown}


def _as_shown(row: PreviewRow) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "number": row.row,
        "status": row.status,
        "same_as": row.same_as,
        "cells": [
            {
                "raw": cell.raw,
                "shown": cell.reading or ("" if cell.refused else cell.raw),
                "problem": cell.problem if cell.refused else "",
                "doubt": "" if cell.refused else cell.problem,
                "changed": bool(cell.reading and cell.raw and cell.reading != cell.raw),
            }
            for cell in row.cells
        ],
    }


def preview_of(record: LedgerImport) -> dict[str, Any]:
    name = record.summary.get("preview_as")
    if not name:
        return {"columns": [], "rows": {}}
    return orjson.loads(attachments.store_path(name).read_bytes())


def tell(record: LedgerImport, count: int) -> None:
    """How many rows are done, for the bar; the transaction that does them is not visible to others yet."""
    cache.set(f"import:{record.pk}", count, _PROGRESS_SECONDS)


def touch(record: LedgerImport) -> None:
    """Say that somebody is at work. Inside the transaction of the writing nobody sees it; there its row lock says it."""
    LedgerImport.objects.filter(pk=record.pk).update(touched_at=timezone.now())


def _begin(row: LedgerImport, state: str) -> list[str]:
    """A person has asked for work: its patience starts anew. Returns the columns to save."""
    row.state, row.error, row.touched_at, row.restarts = state, "", timezone.now(), 0
    return ["state", "error", "touched_at", "restarts"]


def rows_done(record: LedgerImport) -> int:
    return int(cache.get(f"import:{record.pk}") or 0)


@transaction.atomic
def remap(record: LedgerImport, *, kind: str, columns: dict[str, int | None], by: User) -> LedgerImport:
    """A person says what the file is, or which column means what; it is read again."""
    row = _locked(record, by, ImportState.PREVIEW, ImportState.FAILED)
    if kind not in KINDS:
        raise ActionError(_("请选择台账的种类。"), field="kind")
    if kind != row.sort or not row.mapping:
        row.sort, row.mapping = kind, {}
    else:
        row.mapping = Mapping.from_json(row.mapping).corrected(columns).as_json()
    row.save(update_fields=["sort", "mapping", *_begin(row, ImportState.READING)])
    _read_anew(row)
    return row


def _read_anew(row: LedgerImport) -> None:
    try:
        size = attachments.store_path(row.stored_as).stat().st_size if row.stored_as else None
    except FileNotFoundError:
        size = None
    if size is None:
        raise ActionError(_("这份文件已经不在了。"), next_step=_("请重新上传。"))
    if size > READ_AT_ONCE_BYTES:
        later(READ_TASK, record_id=str(row.pk))
    else:
        look_at(row)


@transaction.atomic
def start_again(record: LedgerImport, *, by: User) -> LedgerImport:
    """What failed is read anew and waits to be confirmed: the directory may have changed since the first look."""
    row = _locked(record, by, ImportState.FAILED)
    row.save(update_fields=_begin(row, ImportState.READING))
    _read_anew(row)
    return row


def _locked(record: LedgerImport, by: User, *states: str) -> LedgerImport:
    row = LedgerImport.objects.select_for_update(no_key=True).select_related(None).get(pk=record.pk)
    if district_for_imports(by).pk != row.district_id:
        raise NotAllowed(_("这次导入属于别的区。"))
    if row.state not in states:
        raise InvalidTransition(_("这次导入现在是“%(state)s”，不能再做这一步。") % {"state": row.get_state_display()})
    return row


# Writing


@transaction.atomic
def confirm(
    record: LedgerImport, *, only_good: bool, since: datetime.date | None, by: User, reason: str = ""
) -> LedgerImport:
    """All rows, or the good ones when the person says so: refused rows are never left behind unseen."""
    row = _locked(record, by, ImportState.PREVIEW)
    refused = row.summary["refused_count"]
    if refused and not only_good:
        raise ActionError(
            _("有 %(n)d 行读不懂，没有导入。") % {"n": refused}, field="which",
            next_step=_("请改好文件再上传，或者选“只导入读懂的行”。"),
        )  # fmt: skip
    if not row.summary["rows"]:
        raise ActionError(_("没有可以导入的行。"), field="which")
    reason = check_reason([parse(code) for code in row.summary.get("closed", ())], reason)
    row.summary |= {
        "confirmed_by": by.pk,
        "reason": reason,
        "since": (since or datetime.date.fromisoformat(row.summary["since"])).isoformat(),
    }
    row.save(update_fields=["summary", *_begin(row, ImportState.WRITING)])
    tell(row, 0)
    if row.summary["rows"] > WRITE_AT_ONCE_ROWS:
        later(WRITE_TASK, record_id=str(row.pk))
    else:
        write_confirmed(row)
    return row


def write_confirmed(record: LedgerImport) -> None:
    """Write what was confirmed, once: a second delivery of the task finds nothing to do."""
    with transaction.atomic():
        row = LedgerImport.objects.select_for_update(no_key=True).get(pk=record.pk)
        if row.state != ImportState.WRITING or "undone_for" in row.summary:
            return
        by = User.objects.get(pk=row.summary["confirmed_by"])
        reading = read_ledger(
            attachments.store_path(row.stored_as),
            row.district,
            name=row.file_name,
            mapping=Mapping.from_json(row.mapping),
        )
        since = datetime.date.fromisoformat(row.summary["since"])
        write_reading(
            row, reading, by=by, since=since, tell=lambda count: tell(row, count), reason=row.summary.get("reason", "")
        )
        if sum(reading.tally.refused_rows.values()) > row.summary["refused_count"]:
            # Everything written goes back with the transaction.
            raise ActionError(_("确认之后名录有了变化，又有行读不懂。请重新看一遍再导入。"))
        stored, preview = row.stored_as, row.summary.pop("preview_as", "")
        row.stored_as = ""
        row.save(update_fields=["stored_as", "summary"])
        transaction.on_commit(lambda: _discard(stored, preview))
    record.refresh_from_db()


def undo(record: LedgerImport, *, by: User, reason: str = "") -> LedgerImport:
    """Take the import out, at once when it is small; what stands against it is said before."""
    if record.summary.get("written", {}).get("visits", 0) <= UNDO_AT_ONCE_ROWS:
        return undo_import(record, by=by, reason=reason)
    with transaction.atomic():
        row = _locked(record, by, ImportState.DONE)
        check_can_undo(row)
        row.summary |= {"undone_for": by.pk, "undone_reason": check_reason(closed_periods_of(row), reason)}
        row.save(update_fields=["summary", *_begin(row, ImportState.WRITING)])
        later(UNDO_TASK, record_id=str(row.pk))
    return row


def undo_promised(record: LedgerImport) -> None:
    """Do what was promised, once; when somebody has worked on since, the import stays and says why."""
    try:
        with transaction.atomic():
            row = LedgerImport.objects.select_for_update(no_key=True).get(pk=record.pk)
            asked_by = row.summary.pop("undone_for", None)
            if row.state != ImportState.WRITING or asked_by is None:
                return
            row.state = ImportState.DONE
            row.save(update_fields=["state", "summary"])
            undo_import(row, by=User.objects.get(pk=asked_by), reason=row.summary.get("undone_reason", ""))
    except ActionError as error:
        record.summary.pop("undone_for", None)
        LedgerImport.objects.filter(pk=record.pk, state=ImportState.WRITING).update(
            state=ImportState.DONE, summary=record.summary, error=str(error)[:300]
        )


def give_up(record_id: str, error: Exception) -> None:
    """What failed on the way has written nothing; the page says so and the person may try again."""
    known = isinstance(error, ActionError | UnreadableFile)
    if not known:
        log.error("import %s failed", record_id, exc_info=error)
    words = str(error) if known else _("导入时出了意外，什么都没有写入。请稍后再试；再不行请联系管理员。")
    waiting = LedgerImport.objects.filter(pk=record_id, state__in=[ImportState.READING, ImportState.WRITING])
    waiting = waiting.exclude(summary__has_key="undone_for")
    waiting.update(state=ImportState.FAILED, error=words[:300])


# Taking up what was lost

LOST_AFTER = datetime.timedelta(minutes=15)


@transaction.atomic
def take_up_lost(now: datetime.datetime) -> int:
    """Hand work that nobody has touched to the queue again, once; lost a second time, it is told to the person.

    A task ends within ten minutes. Who is writing holds the row, so that it is passed over here; a writer that died
    holds nothing and has written nothing. A late worker that wakes up after all finds nothing left to do.
    """
    at_work = LedgerImport.objects.filter(state__in=[ImportState.READING, ImportState.WRITING])
    with_work = at_work.exclude(stored_as="") | at_work.filter(summary__has_key="undone_for")
    lost = with_work.filter(touched_at__lt=now - LOST_AFTER).select_for_update(skip_locked=True, no_key=True)
    found = list(lost.order_by("pk"))
    for row in found:
        is_undo = "undone_for" in row.summary
        if row.restarts:
            _tell_lost(row, is_undo=is_undo)
            continue
        row.restarts, row.touched_at = row.restarts + 1, now
        row.save(update_fields=["restarts", "touched_at"])
        task = UNDO_TASK if is_undo else READ_TASK if row.state == ImportState.READING else WRITE_TASK
        later(task, record_id=str(row.pk))
    return len(found)


def _tell_lost(row: LedgerImport, *, is_undo: bool) -> None:
    with translation.override(row.created_by.language):
        if is_undo:
            row.summary.pop("undone_for")
            row.state, words = ImportState.DONE, _("整批撤销两次都中断了，导入的内容原样还在。请再撤销一次。")
        elif row.state == ImportState.READING:
            row.state, words = (
                ImportState.FAILED,
                _("读取两次都中断了，什么都没有写入。请重新开始；再不行请联系管理员。"),
            )
        else:
            row.state, words = (
                ImportState.FAILED,
                _("写入两次都中断了，什么都没有写入。请重新开始；再不行请联系管理员。"),
            )
    row.error = words
    row.save(update_fields=["state", "error", "summary"])
    log.error("import %s was lost twice", row.pk)


def named_files(names: list[str]) -> set[str]:
    """Which of these stored files an import still speaks of: its upload, or what its page shows."""
    uploads = LedgerImport.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
    previews = LedgerImport.objects.filter(summary__preview_as__in=names).values_list("summary__preview_as", flat=True)
    return {*uploads, *previews}


def _discard(*names: str) -> None:
    for name in names:
        if name:
            attachments.discard(name)


@transaction.atomic
def throw_away(record: LedgerImport, *, by: User) -> None:
    """An upload that is not wanted goes with its file; nothing of it was ever written."""
    row = _locked(record, by, ImportState.READING, ImportState.PREVIEW, ImportState.FAILED)
    stored, preview = row.stored_as, row.summary.get("preview_as", "")
    row.delete()
    transaction.on_commit(lambda: _discard(stored, preview))
