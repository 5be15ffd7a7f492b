"""The way of a download: asked for, made by a worker, fetched by its maker, gone after some days.

A worker may be killed at any line. It has then stored at most a file that no row names (the nightly job removes it), and
the row still says `making`: the job `packs.take_up_lost` hands it out again, once.
"""

from __future__ import annotations

import datetime
import hashlib
import logging
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from unionops.casework import attachments
from unionops.casework.models import Notice
from unionops.casework.moves import shift
from unionops.casework.outbox import later
from unionops.insight.indicators import indicators as all_indicators
from unionops.org.errors import ActionError, InvalidTransition, NotAllowed, TooMany
from unionops.org.events import kind_of, record_event
from unionops.org.models import User

from . import office, registry, typeset, workbooks
from .enums import TRANSITIONS, UNDER_WAY, DownloadState, Format, Verb
from .gathering import one_moment
from .models import Download, OfficeTemplate
from .registry import Pack, Wanted

log = logging.getLogger(__name__)

TASK = "packs.make"
# The suffixes of what this room stores; see casework.orphans.
FILE, TEMPLATE = "download", "officetemplate"
KEPT_FOR = datetime.timedelta(days=7)
# What is left of a download after its file: a line in the list.
TOLD_FOR = datetime.timedelta(days=30)
LOST_AFTER = datetime.timedelta(minutes=15)
# One person's work at a time: the others shall get theirs.
MOST_UNDER_WAY = 5
_PROGRESS_SECONDS = 3600
GATHERED, STORED = 60, 95


class Stopped(Exception):
    pass


# --- what a person does


@transaction.atomic
def ask(pack: Pack, parameters: Mapping[str, Any], form: str, *, by: User, told: str = "") -> Download:
    """Promise one file; a worker makes it after the commit."""
    _check_may_ask(pack, by)
    if form not in pack.formats:
        raise ActionError(_("这份材料没有这种格式。"), field="format")
    title = " ".join(filter(None, (str(pack.title), told)))
    return _promise(Download(pack=pack.code, title=title[:120], parameters=dict(parameters), format=form), by)


@transaction.atomic
def ask_also(download: Download, form: str, *, by: User) -> Download:
    """The same frozen paper in another format: what it says is not counted anew."""
    pack = _pack_of(download)
    _check_may_ask(pack, by)
    if form not in pack.formats:
        raise ActionError(_("这份材料没有这种格式。"), field="format")
    if download.document is None and not pack.streams:
        raise InvalidTransition(_("这份材料的内容已经过期移除，请重新做一份。"))
    same = Download(
        pack=download.pack,
        title=download.title,
        parameters=download.parameters,
        format=form,
        document=download.document,
    )
    return _promise(same, by)


def _promise(download: Download, by: User) -> Download:
    # The person's own row serves as the lock: two sendings at once are counted one after the other.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if Download.objects.visible_to(by).filter(state__in=UNDER_WAY).count() >= MOST_UNDER_WAY:
        raise TooMany(
            _("您已有 %(n)d 份材料在做。") % {"n": MOST_UNDER_WAY}, next_step=_("请等其中一份做好，或者取消一份。")
        )
    download.maker, download.language = by, translation.get_language() or settings.LANGUAGE_CODE
    download.save(force_insert=True)
    later(TASK, download_id=str(download.pk))
    return download


def _check_may_ask(pack: Pack, user: User) -> None:
    if not pack.is_for(user):
        raise NotAllowed(_("您的岗位不能做“%(title)s”。") % {"title": pack.title})


def _pack_of(download: Download) -> Pack:
    pack = registry.find(download.pack)
    if pack is None:
        raise ActionError(_("系统里已经没有这种材料。"))
    return pack


@transaction.atomic
def cancel(download: Download, *, by: User) -> Download:
    """What is being made is not wanted any more; its worker finds that out and throws away what it has."""
    row = _own(download, by)
    _move(row, Verb.CANCEL)
    row.progress = 0
    row.save(update_fields=["state", "progress"])
    return row


@transaction.atomic
def retry(download: Download, *, by: User) -> Download:
    """Once more from the start, with the figures of today."""
    row = _own(download, by)
    _check_may_ask(_pack_of(row), by)
    _move(row, Verb.RETRY)
    row.error, row.document, row.progress, row.restarts, row.touched_at = "", None, 0, 0, timezone.now()
    row.ready_at = row.expires_at = None
    row.save()
    later(TASK, download_id=str(row.pk))
    return row


@transaction.atomic
def discard(download: Download, *, by: User) -> None:
    """The maker needs it no longer: the line goes, and the file with it."""
    row = _own(download, by)
    if row.is_under_way:
        raise InvalidTransition(_("还在做，请先取消。"))
    stored = row.stored_as
    row.delete()
    Notice.objects.filter(user=by, kind=kind_of(download), case_id=download.pk).delete()
    transaction.on_commit(lambda: _remove(stored))


def _own(download: Download, by: User) -> Download:
    return Download.objects.visible_to(by).select_for_update(no_key=True).get(pk=download.pk)


def _move(row: Download, verb: Verb) -> None:
    shift(row, TRANSITIONS, verb)


# --- what a worker does


def make(download_id: str) -> None:
    """Make one promised file. A second delivery of the task finds nothing to do."""
    row = _begin(download_id)
    if row is None:
        return
    with translation.override(row.language):
        try:
            _make(row)
        except Stopped:
            return
        except Exception as error:
            _give_up(row, error)
            if not isinstance(error, ActionError | Http404):
                raise


@transaction.atomic
def _begin(download_id: str) -> Download | None:
    row = Download.objects.select_for_update(no_key=True).filter(pk=download_id, state=DownloadState.WAITING).first()
    if row is None:
        return None
    _move(row, Verb.BEGIN)
    row.attempt += 1
    row.touched_at = timezone.now()
    row.save(update_fields=["state", "attempt", "touched_at"])
    tell(row, 5)
    return row


def _make(row: Download) -> None:
    pack, user = _pack_of(row), User.objects.get(pk=row.maker_id)
    # Rights are those of now: whoever has left the post meanwhile gets nothing.
    _check_may_ask(pack, user)
    wanted = Wanted(user, row.parameters, lambda done: tell(row, GATHERED * min(done, 100) // 100))
    form = Format(row.format)
    name = f"{secrets.token_hex(20)}.{FILE}"
    try:
        with _new_file(name) as file:
            if form in pack.streams:
                pack.streams[form](wanted, file)
            else:
                # What is counted is kept, so that another format says the same.
                if row.document is None:
                    with one_moment():
                        gathered = pack.gather(wanted)
                    row.document = replace(gathered, site=settings.UNIONOPS_URL.rstrip("/")).as_json()
                tell(row, GATHERED)
                assert row.document is not None
                write_document(row.document, form, pack, user, file)
        tell(row, STORED)
        _finish(row, name, user, is_logged=form in pack.streams)
    except BaseException:
        attachments.discard(name)
        raise


def write_document(document: dict[str, Any], form: str, pack: Pack, user: User, file: IO[bytes]) -> None:
    """Write what a paper says (`Document.as_json`) as a file of this format; a pack that streams may call it too."""
    match Format(form):
        case Format.XLSX:
            workbooks.render(document, file)
        case Format.PDF:
            file.write(typeset.render(document))
        case Format.DOCX:
            template = template_in_use(pack, user)
            data = attachments.store_path(template.stored_as).read_bytes() if template else None
            file.write(office.render(document, data, sections=pack.sections, figures=figure_codes()))


def figure_codes() -> list[str]:
    """The indicators that a Word template may name."""
    return [indicator.code for indicator in all_indicators()]


def template_in_use(pack: Pack, user: User) -> OfficeTemplate | None:
    used = OfficeTemplate.objects.filter(pack=pack.code, district__in=user.scope.member_of, in_use=True)
    return used.order_by("district").first()


@contextmanager
def _new_file(name: str) -> Iterator[IO[bytes]]:
    path = attachments.store_path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


@transaction.atomic
def _finish(row: Download, name: str, user: User, *, is_logged: bool) -> None:
    """The file belongs to the row only if nobody has cancelled and no other worker has begun since."""
    path = attachments.store_path(name)
    size, digest = _measured(path)
    now = timezone.now()
    mine = Download.objects.select_for_update(no_key=True).filter(
        pk=row.pk, attempt=row.attempt, state=DownloadState.MAKING
    )
    found = mine.first()
    if found is None:
        raise Stopped
    _move(found, Verb.FINISH)
    found.document, found.stored_as, found.size, found.sha256 = row.document, name, size, digest
    found.progress, found.ready_at, found.expires_at, found.error = 100, now, now + KEPT_FOR, ""
    found.save()
    # What leaves the house is in the log that the auditor reads; a stream writes its own line.
    if not is_logged:
        district = min(user.scope.member_of, default=None)
        record_event(user, "export", by=user, district_id=district, data={"list": found.title, "format": found.format})
    _notify(found, "ready")


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, digest


def _notify(row: Download, verb: str) -> None:
    """A line under the bell of the maker, from the system: nobody else hears of it."""
    kind = kind_of(row)
    Notice.objects.create(
        user_id=row.maker_id, kind=kind, case_id=row.pk, number=row.number[:20], title=row.title, verb=f"{kind}.{verb}",
        by=User.objects.system(), at=timezone.now(),
    )  # fmt: skip


def _give_up(row: Download, error: Exception) -> None:
    known = isinstance(error, ActionError)
    if known:
        words = " ".join(filter(None, (str(error), str(getattr(error, "next_step", "")))))
    elif isinstance(error, Http404):
        words = _("要写进这份材料的内容已经不在了，或者您现在看不到它。")
    else:
        log.error("download %s failed", row.pk, exc_info=error)
        words = _("做这份材料时出了意外。请再做一次；再不行请联系管理员。")
    with transaction.atomic():
        found = Download.objects.select_for_update(no_key=True).filter(pk=row.pk, attempt=row.attempt).first()
        if found is not None and found.is_under_way:
            _move(found, Verb.FAIL)
            found.error, found.progress = words[:300], 0
            found.save(update_fields=["state", "error", "progress"])
            _notify(found, "failed")


def tell(row: Download, done: int) -> None:
    """How far it is, for the bar, and out of the row's way; also stops the work when somebody has cancelled it."""
    cache.set(f"download:{row.pk}", done, _PROGRESS_SECONDS)
    if not Download.objects.filter(pk=row.pk, attempt=row.attempt, state=DownloadState.MAKING).exists():
        raise Stopped


def progress_of(row: Download) -> int:
    """Per cent done."""
    if row.state != DownloadState.MAKING:
        return row.progress
    return int(cache.get(f"download:{row.pk}") or 0)


# --- what the clock does


@transaction.atomic
def take_up_lost(now: datetime.datetime) -> int:
    """Hand out again, once, what nobody has touched for longer than any task lasts; lost twice, it is told."""
    lost = Download.objects.filter(state__in=UNDER_WAY, touched_at__lt=now - LOST_AFTER)
    rows = list(lost.select_for_update(skip_locked=True, no_key=True).order_by("pk"))
    for row in rows:
        if row.restarts:
            with translation.override(row.language):
                _move(row, Verb.FAIL)
                row.error, row.progress = _("做这份材料两次都中断了。请再做一次；再不行请联系管理员。"), 0
                row.save(update_fields=["state", "error", "progress"])
                _notify(row, "failed")
            continue
        if row.state == DownloadState.MAKING:
            _move(row, Verb.TAKE_UP)
        row.restarts, row.touched_at, row.progress = row.restarts + 1, now, 0
        row.save(update_fields=["state", "restarts", "touched_at", "progress"])
        later(TASK, download_id=str(row.pk))
    return len(rows)


@transaction.atomic
def remove_expired(now: datetime.datetime) -> int:
    """Files go after a week with what they say; their lines after a month."""
    over = Download.objects.filter(state=DownloadState.READY, expires_at__lte=now)
    rows = list(over.select_for_update(skip_locked=True, no_key=True).order_by("pk"))
    for row in rows:
        stored = row.stored_as
        _move(row, Verb.EXPIRE)
        row.stored_as, row.document, row.progress = "", None, 0
        row.save(update_fields=["state", "stored_as", "document", "progress"])
        transaction.on_commit(lambda name=stored: _remove(name))  # type: ignore[misc]
    told = Download.objects.filter(asked_at__lt=now - TOLD_FOR)
    told.exclude(state__in=[*UNDER_WAY, DownloadState.READY]).delete()
    return len(rows)


def _remove(name: str) -> None:
    if name:
        attachments.discard(name)


def named_files(names: list[str]) -> set[str]:
    """Which of these stored files a download or a template still speaks of."""
    files = Download.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
    templates = OfficeTemplate.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
    return {*files, *templates}
