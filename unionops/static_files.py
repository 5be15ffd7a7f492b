"""Static files under names that carry their content's hash, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage, MissingFileError

CSS, _JS = CompressedManifestStaticFilesStorage.patterns


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """What a style sheet names follows the names; scripts name no other file, and come without their maps."""

    patterns = (("*.css", CSS[1][:2]),)


def collect_when_stale() -> None:
    """Collect the static files when one of them is not as it was at the last collection."""
    if settings.STORAGES["staticfiles"]["BACKEND"] != f"{__name__}.{HashedStaticFiles.__name__}":
        return
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    digest = _digest()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    # Our scripts are served packed (unionops/assets.py).
    ignored = ["js", "*.map", "*.txt", "LICENSE", "axe.min.js"]
    try:
        call_command(
            "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=ignored, stderr=io.StringIO()
        )
    except MissingFileError as error:
        missing = str(error).partition("'")[2].partition("'")[0]
        raise CommandError(
            f"A library of the pages is missing ({missing}). Run `make run` once: it fetches them."
        ) from error
    stamp.write_text(digest)


def _digest() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{storage.prefix}/{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
