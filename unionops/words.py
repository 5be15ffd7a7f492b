"""Compile the catalogues of the interface's words: `python -m unionops.words`. A fresh machine has no gettext."""

from __future__ import annotations

import io
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_words(folder: Path = LOCALE) -> list[Path]:
    """Write each .mo that is older than its .po; return those written."""
    stale = [po for po in sorted(folder.rglob("*.po")) if _is_stale(po)]
    for po in stale:
        _compile(po)
    return stale


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 -- a second is saved when nothing is stale
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with po.open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    # Beside and renamed: a process that starts meanwhile reads the old one or the new one, never half of it.
    part = po.with_suffix(".mo.part")
    part.write_bytes(compiled.getvalue())
    part.replace(po.with_suffix(".mo"))


if __name__ == "__main__":
    compile_words()
