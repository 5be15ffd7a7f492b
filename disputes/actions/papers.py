"""Making a paper of a case under its number, and sealing the file of a volume (domain 3.8)."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unionops.casework import attachments
from unionops.casework.models import Attachment
from unionops.casework.moves import lock
from unionops.casework.permissions import refusal
from unionops.joining import listed
from unionops.org.errors import ActionError, NotAllowed, TooMany
from unionops.org.events import kind_of, record_event
from unionops.org.models import User
from unionops.packs import making, registry

from ..enums import END_STATES
from ..models import CaseFile, Dispute, Paper, SessionNote
from ..papers import filing, talks
from ..papers.facts import Facts
from ..papers.kinds import PaperKind, number_of
from ..papers.table import RULES, check_may_make, written
from ..permissions import check_may_reveal
from .moving import Now

# A paper is made out in the language of the law, whoever makes it.
LANGUAGE = "zh-hans"
FILE_PACK = "dispute_file"
# The suffix of bound files in the store; see casework.orphans.
BOUND = "casefile"
MOST_NAMED = 3


@transaction.atomic
def make_paper(
    dispute: Dispute, *, by: User, kind: str, about: str = "", answers: Mapping[str, Any] | None = None, now: Now = None
) -> Paper:
    """Write a paper as the case stands now; it keeps its number however often it is made.

    Of a case that is put away only what its file holds is given out, word by word as it was sealed.
    """
    now = now or timezone.now()
    row = lock(dispute)
    if row.state in END_STATES:
        return _kept_paper(row, by=by, kind=kind, about=about)
    facts = _facts(row, by, kind, about=about, answers=answers, on=timezone.localdate(now))
    check_may_make(facts, kind)
    paper = _write(row, facts, kind, by=by, now=now)
    _log(row, facts.told, paper, by=by, now=now)
    return paper


def _facts(row: Dispute, by: User, kind: str, **more: Any) -> Facts:
    return Facts(row, by, full=RULES[kind].full, **more)


def _write(row: Dispute, facts: Facts, kind: str, *, by: User, now: datetime.datetime) -> Paper:
    paper = row.papers.filter(volume=row.volume, kind=kind, about=facts.about).first()
    is_new = paper is None
    if paper is None:
        serial = (row.papers.filter(kind=kind).aggregate(last=Max("serial"))["last"] or 0) + 1
        number = number_of(kind, row.number, serial)
        paper = Paper(dispute=row, volume=row.volume, kind=kind, about=facts.about, serial=serial, number=number)
    facts.number = paper.number
    with translation.override(LANGUAGE):
        paper.put_content(canonical(written(facts, kind)))
    paper.answers, paper.made_by, paper.made_at = dict(facts.answers), by, now
    paper.save(force_insert=is_new)
    return paper


def _log(row: Dispute, told: Mapping[str, Sequence[str]], paper: Paper, *, by: User, now: datetime.datetime) -> None:
    """That the paper was made, and whose full numbers it has told to whoever made it."""
    name = str(PaperKind(paper.kind).label)
    record_event(row, "make_paper", by=by, data={"name": name, "number": paper.number}, now=now)
    for field, names in told.items():
        party = listed(names[:MOST_NAMED]) + (f"+{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else "")
        reason = _("制作《%(name)s》") % {"name": name}
        record_event(row, "reveal", by=by, data={"field": field, "party": party, "reason": reason}, now=now)


def _kept_paper(row: Dispute, *, by: User, kind: str, about: str) -> Paper:
    """A paper of the sealed file, to whoever could make it; a note only to whoever may read it."""
    if not RULES[kind].is_for(by, row):
        raise NotAllowed(_("这份文书由经办本案的人来做。"))
    if kind == PaperKind.RECORD and not SessionNote.objects.visible_to(by).filter(pk=about or None).exists():
        raise NotAllowed(_("这份笔录您不能看。"))
    paper: Paper | None = row.papers.filter(volume=row.volume, kind=kind, about=about).first()
    if paper is None:
        raise ActionError(_("卷内没有这份文书。"))
    if RULES[kind].full:
        check_may_reveal(by, row)
    record_event(row, "make_paper", by=by, data={"name": str(PaperKind(kind).label), "number": paper.number})
    return paper


# --- the file


def canonical(content: Any) -> str:
    """One text for one content: what is hashed and sealed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check_complete(row: Dispute, statement: str) -> list[str]:
    """What the file lacks; refuse while nobody has said why (domain 3.6 row 20)."""
    lack = filing.lack_words(filing.file_list(row))
    if lack and not statement.strip():
        raise ActionError(
            _("卷宗还缺：%(what)s。") % {"what": listed(lack)}, field="statement",
            next_step=_("请补齐，或者在卷宗情况说明里写明原因。"),
        )  # fmt: skip
    return lack


def seal_file(
    row: Dispute, *, by: User, keep_until: datetime.date, statement: str = "", now: datetime.datetime
) -> CaseFile:
    """Freeze what the volume holds and hash it; the database refuses every later change. A worker binds it into one PDF.

    The caller has locked the case and records the step. What nobody makes by hand, the sealing writes: the register sheet
    and the report, which tell no number in full.
    """
    lack = check_complete(row, statement)
    for kind in filing.WRITTEN_AT_SEALING:
        facts = _facts(row, by, kind, on=timezone.localdate(now))
        _write(row, facts, kind, by=by, now=now)
    with translation.override(LANGUAGE):
        text = canonical(_content(row, by, lack=lack, statement=statement, keep_until=keep_until, now=now))
    found = CaseFile(
        dispute=row, volume=row.volume, content_sha256=hashlib.sha256(text.encode()).hexdigest(), statement=statement,
        lacking=lack, keep_until=keep_until, sealed_by=by, sealed_at=now,
    )  # fmt: skip
    found.put_content(text)
    found.save(force_insert=True)
    _bind_later(found, by=by)
    return found


def _content(
    row: Dispute, by: User, *, lack: Sequence[str], statement: str, keep_until: datetime.date, now: datetime.datetime
) -> dict[str, Any]:
    folder = filing.Folder(row)
    return {
        "case": {
            "number": row.number, "name": filing.named(row), "volume": row.volume, "organisation": row.organisation.name,
            "cause": row.get_cause_display(), "mediator": row.mediator.name if row.mediator else "",
            "received_on": row.received_on.isoformat(), "ended_on": row.ended_on.isoformat() if row.ended_on else "",
            "outcome": row.get_outcome_display(), "keep_until": keep_until.isoformat(), "sealed_by": by.name,
            "sealed_on": timezone.localdate(now).isoformat(),
        },
        "papers": [
            {
                "kind": paper.kind, "about": paper.about, "number": paper.number, "secret": False,
                "title": paper.get_kind_display(), "on": timezone.localdate(paper.made_at).isoformat(), "document": paper.content,
            }
            for paper in sorted(folder.papers, key=lambda paper: (list(PaperKind).index(PaperKind(paper.kind)), paper.serial))
            if paper.kind != PaperKind.RECORD
        ] + _notes(row, by),
        "files": _files(row, folder),
        "lacking": list(lack),
        "statement": statement,
    }  # fmt: skip


def _notes(row: Dispute, by: User) -> list[dict[str, Any]]:
    """Every note goes into the sealed content, which nobody reads; what a side said alone is not bound into the file."""
    facts = Facts(row, by, full=False)
    notes = SessionNote.objects.filter(session__dispute=row).select_related("session__recorded_by")
    return [
        {
            "kind": PaperKind.RECORD.value, "about": str(note.pk), "number": "",
            "secret": note.session.is_alone and note.released_at is None,
            "title": f"{PaperKind.RECORD.label}（第{note.session.number}次，{note.session.get_kind_display()}）",
            "on": timezone.localdate(note.session.held_at).isoformat(), "document": talks.record_of(facts, note).as_json(),
        }
        for note in notes.order_by("session__number")
    ]  # fmt: skip


def _files(row: Dispute, folder: filing.Folder) -> list[dict[str, Any]]:
    """What was attached, in the order of the list, each by the hash of its bytes."""
    keys = [line.key for line in filing.LINES]
    labels = {line.key: str(line.label) for line in filing.LINES}
    found = [
        _file(file, labels[key if key in labels else "evidence"], secret=False)
        for key in sorted(folder.sorted_files, key=lambda key: keys.index(key) if key in keys else len(keys))
        for file in folder.sorted_files[key]
    ]
    alone = {note.pk: note.session.is_alone and note.released_at is None for note in folder.notes}
    scans = Attachment.objects.filter(kind=kind_of(SessionNote), case_id__in=alone, removed_at=None)
    return found + [_file(file, str(PaperKind.RECORD.label), secret=alone[file.case_id]) for file in scans]


def _file(file: Attachment, item: str, *, secret: bool) -> dict[str, Any]:
    return {
        "id": str(file.pk), "name": file.caption or file.name, "type": file.content_type, "size": file.size,
        "sha256": file.sha256, "stored_as": file.stored_as, "item": item, "secret": secret,
        "on": timezone.localdate(file.uploaded_at).isoformat(),
    }  # fmt: skip


def _bind_later(found: CaseFile, *, by: User) -> None:
    """The bound file is a download of whoever has sealed it; otherwise it is bound when somebody first asks for it."""
    pack = registry.find(FILE_PACK)
    if pack is None or not pack.is_for(by) or refusal(check_may_reveal, by, found.dispute):
        return
    parameters = {"dispute": str(found.dispute_id), "volume": found.volume}
    try:
        making.ask(pack, parameters, "pdf", by=by, told=found.dispute.number)
    except TooMany:
        return


@transaction.atomic
def keep_bound(found: CaseFile, data: bytes, pages: int, *, by: User) -> CaseFile:
    """The file as a worker has bound it, once and for good: of two workers the first one's stays."""
    row = CaseFile.objects.select_for_update().get(pk=found.pk)
    if row.stored_as:
        return row
    row.stored_as, row.pages, row.size = attachments.store(data, BOUND), pages, len(data)
    row.sha256 = hashlib.sha256(data).hexdigest()
    row.save(update_fields=["stored_as", "pages", "size", "sha256"])
    record_event(row.dispute, "bind_file", by=by, data={"count": pages, "volume": row.volume})
    return row


@transaction.atomic
def fetch_file(found: CaseFile, *, by: User) -> bytes:
    """The bound file for whoever works on the case; it tells numbers in full, so that the timeline keeps who took it."""
    dispute = found.dispute
    check_may_reveal(by, dispute)
    record_event(dispute, "fetch_file", by=by, data={"volume": found.volume})
    return attachments.store_path(found.stored_as).read_bytes()


def named_files(names: list[str]) -> set[str]:
    """Which of these stored files a case file still speaks of."""
    return set(CaseFile.objects.filter(stored_as__in=names).values_list("stored_as", flat=True))
