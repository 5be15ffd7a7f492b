"""The interface's words: `python -m unionops.words` compiles them, with `--update` it first collects new ones.

Simplified Chinese is the source; a fresh machine has no gettext, so Babel does both.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
SOURCES = ("unionops", "visits", "disputes", "services", "templates")
JINJA = {
    "encoding": "utf-8",
    "newstyle_gettext": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols",
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def compile_words(folder: Path = LOCALE) -> list[Path]:
    """Write each .mo that is older than its .po; return those written."""
    stale = [po for po in sorted(folder.rglob("*.po")) if _is_stale(po)]
    for po in stale:
        _compile(po)
    return stale


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def read(po: Path) -> Catalog:
    from babel.messages.pofile import read_po  # noqa: PLC0415 -- a second is saved when nothing is stale

    with po.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


def _compile(po: Path) -> None:
    from babel.messages.mofile import write_mo  # noqa: PLC0415

    compiled = io.BytesIO()
    write_mo(compiled, read(po))
    # Beside and renamed: a process that starts meanwhile reads the old one or the new one, never half of it.
    part = po.with_suffix(".mo.part")
    part.write_bytes(compiled.getvalue())
    part.replace(po.with_suffix(".mo"))


def collect() -> Catalog:
    """Every text of the sources that is shown to people."""
    from babel.messages.catalog import Catalog  # noqa: PLC0415

    found = Catalog(charset="utf-8")
    for message, context in _messages():
        found.add(message, context=context)
    return found


def _messages() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    from babel.messages.extract import extract_from_dir  # noqa: PLC0415

    for source in SOURCES:
        method = "jinja2" if source == "templates" else "python"
        rows = extract_from_dir(
            ROOT / source, [("**.*" if method == "jinja2" else "**.py", method)],
            {"**.*": JINJA} if method == "jinja2" else {}, keywords=KEYWORDS,
        )  # fmt: skip
        for _file, _line, message, _comments, context in rows:
            yield message, context


def update(po: Path) -> None:
    """Bring a catalogue up to the sources: new texts come in empty, texts that are gone go."""
    from babel.messages.pofile import write_po  # noqa: PLC0415

    catalogue = read(po)
    catalogue.update(collect(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with po.open("wb") as stream:
        write_po(stream, catalogue, sort_output=True, omit_header=False, ignore_obsolete=True, width=120)


if __name__ == "__main__":
    if "--update" in sys.argv:
        for each in sorted(LOCALE.rglob("*.po")):
            update(each)
    compile_words()
