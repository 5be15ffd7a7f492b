"""A ledger of a programme: received, looked at, confirmed, written. Nothing is written before it is confirmed."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid6 import uuid7

from unionops.casework import attachments
from unionops.casework.numbering import spell, take_blocks
from unionops.casework.sheets import UnreadableFile
from unionops.org.enums import Role
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed
from unionops.org.events import event_of, record_event
from unionops.org.models import Event, User
from unionops.org.sealed import seal
from visits.enums import ImportState
from visits.imports.flow import store_upload
from visits.imports.records import check_size, new_record
from visits.models import LedgerImport

from ..enums import DESK_ROLES, Applicant, Channel
from ..extra import plain
from ..ledger import KIND, Ledger, LedgerRow, has_amount, read
from ..models import Programme
from ..shapes import keep_reporter, kind_for
from .cases import hold_pen, place_of, put_numbers

MOST_SHOWN = 200
_AT_ONCE = 500


def check_imports(user: User, programme: Programme) -> None:
    """Whoever runs the programme, and who keeps the ledgers of the district."""
    scope = user.scope
    if programme.district_id in scope.member_of and (
        scope.has(Role.CLERK, Role.ADMIN) or any(scope.holds(role, programme.organisation_id) for role in DESK_ROLES)
    ):
        return
    raise NotAllowed(_("台账由主办科室、回访督办和系统管理员导入。"))


def receive(programme: Programme, upload: UploadedFile, *, by: User) -> LedgerImport:
    """Keep the file outside the web root and see what it holds; a file that cannot be read is not kept."""
    check_imports(by, programme)
    try:
        check_size(upload.size or 0)
    except UnreadableFile as error:
        raise ActionError(str(error), field="file") from error
    name = store_upload(upload)
    try:
        with transaction.atomic():
            record = new_record(
                attachments.store_path(name), name=Path(upload.name or "").name, district=programme.district, by=by,
                stored_as=name,
            )  # fmt: skip
            if _done_before(programme, record):
                raise ActionError(
                    _("这个文件已经导入过。"), field="file", next_step=_("要更正内容，请在列表里逐件改。")
                )
            ledger = look_at(programme, record)
            record.sort, record.state = KIND, ImportState.PREVIEW
            record.mapping = {"programme": programme.pk}
            record.summary = {"rows": len(ledger.rows), "refused_count": ledger.refused}
            record.save()
    except BaseException:
        attachments.discard(name)
        raise
    return record


def _done_before(programme: Programme, record: LedgerImport) -> bool:
    same = LedgerImport.objects.filter(sort=KIND, sha256=record.sha256, mapping__programme=programme.pk)
    return same.filter(state=ImportState.DONE).exists()


def look_at(programme: Programme, record: LedgerImport) -> Ledger:
    """Read the file again: what it holds follows the programme as it is now."""
    path = attachments.store_path(record.stored_as)
    try:
        return read(path, programme, name=record.file_name, today=timezone.localdate())
    except UnreadableFile as error:
        raise ActionError(str(error), field="file") from error


def imports_of(user: User, programme: Programme) -> Any:
    """The imports of a programme that this person has begun."""
    return LedgerImport.objects.filter(sort=KIND, mapping__programme=programme.pk, created_by=user)


@transaction.atomic
def write(
    programme: Programme, record: LedgerImport, *, by: User, ended: bool, now: datetime.datetime | None = None
) -> int:
    """Every good row becomes a case; ``ended`` says how rows without a state stand. Returns how many were written."""
    now = now or timezone.now()
    check_imports(by, programme)
    row = LedgerImport.objects.select_for_update(no_key=True).get(pk=record.pk)
    if row.state != ImportState.PREVIEW:
        raise InvalidTransition(_("这次导入已经写入。"))
    ledger = look_at(programme, row)
    _write_rows(programme, row, ledger.rows, by=by, ended=ended, now=now)
    row.state, row.progress, row.finished_at = ImportState.DONE, 100, now
    row.summary = {"rows": len(ledger.rows), "refused_count": ledger.refused}
    row.save()
    record_event(
        row, "import", by=by, data={"file": row.file_name, "programme": programme.name, "rows": len(ledger.rows)}
    )
    return len(ledger.rows)


def _write_rows(
    programme: Programme, record: LedgerImport, rows: Sequence[LedgerRow], *, by: User, ended: bool, now: datetime.datetime
) -> None:  # fmt: skip
    today = timezone.localdate(now)
    years = Counter((row.on or today).year for row in rows)
    blocks = take_blocks(programme.district_id, {(programme.prefix, year): count for year, count in years.items()})
    numbers = {year: iter(blocks[programme.prefix, year]) for year in years}
    for first in range(0, len(rows), _AT_ONCE):
        part = rows[first : first + _AT_ONCE]
        cases = [
            _case_of(programme, record, row, next(numbers[(row.on or today).year]), by=by, ended=ended, now=now)
            for row in part
        ]
        model: Any = kind_for(programme.shape).model
        model.objects.bulk_create(cases)
        if programme.seals_reporter:
            for case, row in zip(cases, part, strict=True):
                if row.applicant_kind != Applicant.ANONYMOUS:
                    keep_reporter(case, row.name, row.phone)
        Event.objects.bulk_create(
            event_of(case, "register", by=by, target=case.state, data={"source": str(Channel.IMPORT.label), "version": 1}, now=now)
            for case in cases
        )  # fmt: skip


def _case_of(
    programme: Programme, record: LedgerImport, row: LedgerRow, number: int, *, by: User, ended: bool, now: datetime.datetime
) -> Any:  # fmt: skip
    kind = kind_for(programme.shape)
    day = row.on or timezone.localdate(now)
    at = min(timezone.make_aware(datetime.datetime.combine(day, datetime.time(10))), now)
    state = row.state or (end_of(programme) if ended else kind.model.FIRST_STATE)
    model: Any = kind.model
    sealed = programme.seals_reporter
    name = "" if sealed else row.name
    case = model(
        id=uuid7(), district_id=programme.district_id, number=spell(programme.prefix, day.year, number),
        title=(f"{programme.name}：{name or _('匿名')}")[:120], state=state, state_since=at, registered_at=at,
        closed_at=at if state in kind.model.END_STATES else None, programme=programme, organisation_id=programme.organisation_id,
        town_id=row.town_id, channel=Channel.IMPORT, applicant_kind=Applicant.ANONYMOUS if sealed else row.applicant_kind, applicant_name=name,
        enterprise=None if sealed else row.enterprise, description=row.description, registered_by=by, people_served=row.people,
        ledger_import=record,
    )  # fmt: skip
    if has_amount(kind) and row.amount:
        case.amount_asked = row.amount
        if state == end_of(programme):
            case.amount = row.amount
    if not sealed:
        put_numbers(case, identity=row.identity, phone=row.phone)
    _keep_own(case, row.extras)
    hold_pen(case)
    return case


def end_of(programme: Programme) -> str:
    """Where a case of this programme stands when all has gone well: at its end, or open for years."""
    kind = kind_for(programme.shape)
    line = [kind.stand_of(verb) for verb in kind.line]
    ends = [state for state in line if state in kind.model.END_STATES]
    return str(ends[-1] if ends else line[-1])


def _keep_own(case: Any, given: dict[str, Any]) -> None:
    """An old ledger may lack what a form insists on; what it has is kept, sealed where the programme says so."""
    sealed = {extra.key for extra in case.programme.extras if extra.sealed}
    case.details = {key: plain(value) for key, value in given.items() if key not in sealed}
    secrets = {key: plain(value) for key, value in given.items() if key in sealed}
    if secrets:
        case.details_sealed = seal(json.dumps(secrets, ensure_ascii=False), place=place_of(case))
