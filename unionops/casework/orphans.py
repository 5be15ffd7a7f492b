"""Stored files that no row names: left by a process that died between the bytes and the commit. They go after a day."""

from __future__ import annotations

import datetime
import itertools
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from .attachments import ALLOWED, store_path
from .models import Attachment

log = logging.getLogger(__name__)

# Longer than any upload or any transaction lasts: what is younger may be about to get its row.
KEEP = datetime.timedelta(days=1)
BATCH = 1000
# As `store` and the imports name a file; what somebody else has laid into the folder is theirs.
_NAME = re.compile(r"[0-9a-f]{40}\.([a-z0-9]+)")


@dataclass(frozen=True)
class Owner:
    """Who stores files of these kinds, and which of some names its rows speak of."""

    suffixes: frozenset[str]
    named: Callable[[list[str]], set[str]]


_owners: dict[str, Owner] = {}


def register_owner(name: str, owner: Owner) -> None:
    """A kind of file that nobody has registered is never removed."""
    _owners[name] = owner


def remove_orphans(due_at: datetime.datetime) -> int:
    """Look at the files first and ask the rows afterwards: a row that comes in between is seen."""
    before = (min(due_at, timezone.now()) - KEEP).timestamp()
    count = size = 0
    for owner in _owners.values():
        old = _old_files(owner.suffixes, before)
        while batch := dict(itertools.islice(old, BATCH)):
            for name in batch.keys() - owner.named(list(batch)):
                store_path(name).unlink(missing_ok=True)
                count, size = count + 1, size + batch[name]
    log.info("removed %d stored files that nothing names, %d bytes", count, size)
    return count


def _old_files(suffixes: frozenset[str], before: float) -> Iterator[tuple[str, int]]:
    """(name, size) of each file of these kinds that has lain untouched."""
    for path in Path(settings.UNIONOPS_FILES).glob("??/*"):
        known = _NAME.fullmatch(path.name)
        if known is None or known[1] not in suffixes or path.parent.name != path.name[:2]:
            continue
        try:
            found = path.lstat()
        except FileNotFoundError:
            continue
        if found.st_mtime < before:
            yield path.name, found.st_size


def _named_by_attachments(names: list[str]) -> set[str]:
    whole = Attachment.objects.filter(stored_as__in=names).values_list("stored_as", flat=True)
    small = Attachment.objects.filter(thumbnail_as__in=names).values_list("thumbnail_as", flat=True)
    return {*whole, *small}


def register_own() -> None:
    # A half-written file is called .part; no row ever names one.
    register_owner("attachments", Owner(frozenset(ALLOWED) | {"part"}, _named_by_attachments))
