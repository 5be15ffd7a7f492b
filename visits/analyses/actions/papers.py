"""What is done with an analysis: prepared from the figures, written, sent through the chain, frozen.

lock → check → change → save → record → tell, in one transaction each.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import holders, notify
from unionops.casework.numbering import spell, take_numbers
from unionops.insight.periods import Period
from unionops.org.errors import ActionError, Conflict
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from ..enums import MOST_CHARACTERS, PEN, AnalysisState, AnalysisVerb, Part, parts_of
from ..figures import build
from ..models import Analysis, Section
from ..permissions import check_can, check_may_draft, check_prepares
from ..quarters import cut_off_of, title_of
from ..queries import towns_of
from ..sentences import draft

Now = datetime.datetime | None
# Numbers of papers: Q26-0001.
PREFIX = "Q"


@transaction.atomic
def prepare(
    district: Organisation, quarter: Period, *, by: User, subject: Organisation | None = None, now: Now = None
) -> list[Analysis]:
    """Every paper of the quarter that is not there yet, of one subject or of the district and each town; those made now.

    A person who comes second waits for the first and finds its papers there; a worker who comes second leaves the work to
    the first. So running it twice or on two workers changes nothing.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    system = User.objects.system()
    if by != system:
        check_prepares(by, district.pk)
    if today <= quarter.last:
        raise ActionError(_("%(quarter)s还没有结束。") % {"quarter": quarter.label}, field="period")
    held = Organisation.objects.select_for_update(no_key=True, skip_locked=by == system).filter(pk=district.pk)
    if held.first() is None:
        return []
    wanted = [subject] if subject else [district, *towns_of(district.pk, quarter)]
    known = set(Analysis.objects.of_quarter(quarter).filter(district=district).values_list("subject", flat=True))
    missing = [unit for unit in wanted if unit.pk not in known]
    numbers = take_numbers(district, PREFIX, quarter.first.year, len(missing))
    at = cut_off_of(quarter, today)
    return [
        _prepare(district, unit, quarter, at, spell(PREFIX, quarter.first.year, number), by, now)
        for unit, number in zip(missing, numbers, strict=True)
    ]


def _prepare(
    district: Organisation, subject: Organisation, quarter: Period, at: datetime.date, number: str, by: User,
    now: datetime.datetime,
) -> Analysis:  # fmt: skip
    figures = build(district, subject, quarter, at)
    row = Analysis.objects.create(
        district=district, subject=subject, starts_on=quarter.first, cut_off=at, figures=figures, figures_at=now,
        number=number, title=f"{subject} {title_of(quarter)}工会工作分析", registered_at=now, state_since=now,
        holder_role=PEN[AnalysisState.DRAFT],
    )  # fmt: skip
    parts = parts_of(of_district=row.of_district)
    texts = {part: draft(part, figures) for part in parts}
    Section.objects.bulk_create(
        Section(analysis=row, part=part, position=position, generated=texts[part], text=texts[part])
        for position, part in enumerate(parts)
    )
    record_event(row, "prepare", by=by, data={"cut_off": at, "version": row.version}, now=now)
    return row


@transaction.atomic
def refresh(
    analysis: Analysis, *, by: User, cut_off: datetime.date | None = None, version: int | None = None, now: Now = None
) -> Analysis:
    """Count the figures anew. Sections that nobody has changed follow; the others keep their text."""
    now = now or timezone.now()
    row = lock(analysis, version=version)
    check_may_draft(by, row)
    at = cut_off or row.cut_off
    if not row.quarter.last <= at <= timezone.localdate(now):
        raise ActionError(_("截止日在季度末和今天之间选。"), field="cut_off")
    row.cut_off, row.figures_at = at, now
    row.figures = build(row.district, row.subject, row.quarter, at)
    moved = []
    for section in row.sections.select_for_update():
        generated = draft(section.part, row.figures)
        if generated != section.generated:
            moved.append(str(Part(section.part).label))
            section.generated = generated
            if not section.is_edited:
                section.text = generated
                section.version += 1
            section.save(update_fields=["generated", "text", "version"])
    finish(row, "refresh", by=by, now=now, cut_off=at, parts=moved)
    return row


@transaction.atomic
def write(
    analysis: Analysis, part: str, *, by: User, text: str, version: int | None = None, now: Now = None
) -> Section:
    """The text of a section by a person. It answers the figures of now: what disagreed before is settled with it."""
    now = now or timezone.now()
    row, section = _open_section(analysis, part, by=by, version=version)
    text = text.strip()
    if len(text) > MOST_CHARACTERS:
        raise ActionError(_("一个部分最多 %(n)d 个字。") % {"n": MOST_CHARACTERS}, field="text")
    section.text, section.is_edited = text, text != section.generated
    section.based_on, section.undo_text = section.generated, ""
    return _save_section(row, section, "write", by=by, now=now)


@transaction.atomic
def reset(analysis: Analysis, part: str, *, by: User, version: int | None = None, now: Now = None) -> Section:
    """Back to what the figures say; what a person wrote can be taken back until the next change."""
    now = now or timezone.now()
    row, section = _open_section(analysis, part, by=by, version=version)
    if not section.is_edited:
        raise ActionError(_("这一部分就是生成稿，没有改过。"))
    section.undo_text, section.text, section.is_edited, section.based_on = section.text, section.generated, False, ""
    return _save_section(row, section, "reset", by=by, now=now)


@transaction.atomic
def undo(analysis: Analysis, part: str, *, by: User, version: int | None = None, now: Now = None) -> Section:
    """Take back the last reset."""
    now = now or timezone.now()
    row, section = _open_section(analysis, part, by=by, version=version)
    if not section.undo_text:
        raise ActionError(_("没有可以撤销的恢复。"))
    section.text, section.undo_text, section.is_edited = section.undo_text, "", True
    section.based_on = section.generated
    return _save_section(row, section, "undo", by=by, now=now)


def _open_section(analysis: Analysis, part: str, *, by: User, version: int | None) -> tuple[Analysis, Section]:
    """The paper is locked first: its state decides whether its text may change at all."""
    row = lock(analysis)
    check_may_draft(by, row)
    section = row.sections.select_for_update(of=("self",)).select_related("edited_by").get(part=part)
    if version is not None and section.version != version:
        label = str(Part(part).label)
        raise Conflict(
            _("您打开以后，别人也改了“%(part)s”。") % {"part": label},
            current_version=section.version,
            changes=[{"at": section.edited_at or row.figures_at, "by": section.edited_by or "", "data": {}}],
        )
    return row, section


def _save_section(row: Analysis, section: Section, verb: str, *, by: User, now: datetime.datetime) -> Section:
    section.edited_by, section.edited_at = by, now
    section.version += 1
    section.save()
    record_event(row, verb, by=by, data={"part": section.part, "version": row.version}, now=now)
    return section


# --- the chain


def _begin(analysis: Analysis, verb: str, *, by: User, version: int | None) -> Analysis:
    row = lock(analysis, version=version)
    check_can(by, row, verb)
    return row


def _end(row: Analysis, verb: str, *, by: User, before: str, now: datetime.datetime, **data: object) -> Analysis:
    row.holder_role = PEN.get(AnalysisState(row.state), "")
    finish(row, verb, by=by, before=before, now=now, **data)
    told = holders(row) if row.is_open else {row.submitted_by_id or 0} - {0}
    notify(row, verb, by=by, to=told, now=now)
    return row


def _reason(text: str, words: str) -> str:
    if not text.strip():
        raise ActionError(words, field="reason")
    return text.strip()


@transaction.atomic
def submit(analysis: Analysis, *, by: User, version: int | None = None, now: Now = None) -> Analysis:
    now = now or timezone.now()
    row = _begin(analysis, AnalysisVerb.SUBMIT, by=by, version=version)
    before = move(row, AnalysisVerb.SUBMIT, now=now)
    row.submitted_by, row.submitted_at, row.return_reason = by, now, ""
    return _end(row, AnalysisVerb.SUBMIT, by=by, before=before, now=now)


@transaction.atomic
def review(analysis: Analysis, *, by: User, version: int | None = None, now: Now = None) -> Analysis:
    now = now or timezone.now()
    row = _begin(analysis, AnalysisVerb.REVIEW, by=by, version=version)
    before = move(row, AnalysisVerb.REVIEW, now=now)
    row.reviewed_by, row.reviewed_at = by, now
    return _end(row, AnalysisVerb.REVIEW, by=by, before=before, now=now)


@transaction.atomic
def sign(analysis: Analysis, *, by: User, version: int | None = None, now: Now = None) -> Analysis:
    """Signed is frozen, in the database too."""
    now = now or timezone.now()
    row = _begin(analysis, AnalysisVerb.SIGN, by=by, version=version)
    before = move(row, AnalysisVerb.SIGN, now=now)
    row.signed_by, row.signed_at = by, now
    return _end(row, AnalysisVerb.SIGN, by=by, before=before, now=now)


@transaction.atomic
def return_back(analysis: Analysis, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Analysis:
    now = now or timezone.now()
    row = _begin(analysis, AnalysisVerb.RETURN, by=by, version=version)
    row.return_reason = _reason(reason, _("请写退回的理由，起草人要知道改什么。"))
    before = move(row, AnalysisVerb.RETURN, now=now)
    row.reviewed_by = row.reviewed_at = None
    return _end(row, AnalysisVerb.RETURN, by=by, before=before, now=now, reason=row.return_reason)


@transaction.atomic
def reopen(analysis: Analysis, *, by: User, reason: str, version: int | None = None, now: Now = None) -> Analysis:
    """A signed paper is opened again only with a reason, which stays on it."""
    now = now or timezone.now()
    row = _begin(analysis, AnalysisVerb.REOPEN, by=by, version=version)
    row.reopen_reason = _reason(reason, _("请写为什么重新打开。"))
    row.reopened_at = now
    signed = row.signed_at
    before = move(row, AnalysisVerb.REOPEN, now=now)
    row.submitted_by = row.submitted_at = row.reviewed_by = row.reviewed_at = row.signed_by = row.signed_at = None
    return _end(row, AnalysisVerb.REOPEN, by=by, before=before, now=now, reason=row.reopen_reason, signed_at=signed)


STEPS: dict[str, Callable[..., Any]] = {
    AnalysisVerb.SUBMIT: submit,
    AnalysisVerb.REVIEW: review,
    AnalysisVerb.SIGN: sign,
    AnalysisVerb.RETURN: return_back,
    AnalysisVerb.REOPEN: reopen,
}
assert set(STEPS) == set(AnalysisVerb), "every verb of the table has its action"
