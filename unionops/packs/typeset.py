"""PDF by Typst: the layout is a file of ours, the content comes in as data and is never read as markup."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import orjson
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unionops.joining import labelled
from unionops.org.errors import ActionError

from .documents import link, words

if TYPE_CHECKING:
    import typst

LAYOUT = Path(__file__).resolve().parent / "layout.typ"
NUMBERS = LAYOUT.with_name("numbers.typ")
# The first that the machine has; every one is free (SIL Open Font License).
SONG = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Source Han Serif CN")
HEI = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN")
# Where `python -m unionops.assets` puts fonts on a machine that has none.
VENDOR = Path(settings.BASE_DIR) / "vendor" / "fonts"
Cell = dict[str, Any]


class NoFont(ActionError):
    """There is no Chinese font from which a PDF could be made."""


@lru_cache(maxsize=1)
def fonts() -> tuple[typst.Fonts, tuple[str, ...], tuple[str, ...]]:
    """The fonts of this process, found once, with the families for text and for headings."""
    import typst  # noqa: PLC0415 -- 7 MB in each process, most of which never make a paper

    found = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(VENDOR)])
    known = set(found.families())
    song = tuple(name for name in SONG if name in known)
    hei = tuple(name for name in HEI if name in known)
    if not song and not hei:
        raise NoFont(
            _("这台服务器没有中文字体，做不了 PDF。"),
            next_step=_("请先下载 Word 文档；管理员运行 make run，或者安装 Noto CJK 字体后再试。"),
        )
    return found, song or hei, hei or song


def render(document: dict[str, Any], *, form: Literal["pdf", "png"] = "pdf", ppi: int = 96) -> bytes:
    """The paper as PDF; with ``form`` png its first page as a picture."""
    found, song, hei = fonts()
    inputs = {
        "content": orjson.dumps(_printable(document)).decode(),
        "song": orjson.dumps(song).decode(),
        "hei": orjson.dumps(hei).decode(),
    }
    return _compile(LAYOUT, found, inputs, format=form, ppi=ppi, timestamp=int(timezone.now().timestamp()))


def numbers(count: int, *, first: int = 1, landscape: Sequence[bool] = ()) -> bytes:
    """Empty A4 pages that bear nothing but a running number in the upper corner, to be laid over the pages of a file."""
    found, _song, hei = fonts()
    inputs = {
        "count": str(count),
        "first": str(first),
        "sides": orjson.dumps(list(landscape)).decode(),
        "hei": orjson.dumps(hei).decode(),
    }
    return _compile(NUMBERS, found, inputs, format="pdf")


def _compile(layout: Path, found: typst.Fonts, inputs: dict[str, str], **more: Any) -> bytes:
    import typst  # noqa: PLC0415 -- as above

    made = typst.compile(
        str(layout),
        root=str(layout.parent),
        font_paths=found,
        ignore_system_fonts=True,
        sys_inputs=inputs,
        # No package is ever looked for on the network: there is nothing at this place.
        package_path=os.devnull,
        package_cache_path=os.devnull,
        **more,
    )
    return made[0] if isinstance(made, list) else made


def _printable(document: dict[str, Any]) -> dict[str, Any]:
    """The kept content with every cell in words."""

    def told(cell: Cell) -> dict[str, Any]:
        return {
            "text": words(cell), "url": link(document, cell), "label": cell["label"], "kind": cell["kind"],
            "unit": "" if cell["kind"] == "rate" or cell["value"] is None else cell["unit"],
        }  # fmt: skip

    def block(one: dict[str, Any]) -> dict[str, Any]:
        match one["type"]:
            case "paragraph":
                return one | {"pieces": [told(cell) for cell in one["pieces"]]}
            case "figures":
                return one | {"values": [told(cell) for cell in one["values"]]}
        return one | {
            "rows": [[told(cell) for cell in row] for row in one["rows"]],
            "chart": one["chart"] and _drawn(one),
        }

    sections = [section | {"blocks": [block(one) for one in section["blocks"]]} for section in document["sections"]]
    return document | {
        "meta": [[label, told(cell)] for label, cell in document["meta"]],
        "sections": sections,
        "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        "signatures": [labelled(label, "") for label in document["signatures"]],
        "page": _("第 %(n)s 页，共 %(of)s 页") % {"n": "{n}", "of": "{of}"},
    }


def _drawn(table: dict[str, Any]) -> dict[str, Any]:
    """Lengths of the bars in per cent of the longest one; the line is in per cent of a hundred."""
    chart = table["chart"]
    numbers = [[float(row[place]["value"] or 0) for place in chart["series"]] for row in table["rows"]]
    is_rate = all(table["columns"][place]["kind"] == "rate" for place in chart["series"])
    longest = 100.0 if is_rate else max((max(row) for row in numbers), default=0) or 1
    line = chart["line"]
    return {
        "kind": chart["kind"],
        "series": [table["columns"][place]["label"] for place in chart["series"]],
        "bars": [
            {
                "label": words(row[0]),
                "lengths": [100 * number / longest for number in values],
                "texts": [words(row[place]) for place in chart["series"]],
                "rate": None if line is None or row[line]["value"] is None else float(row[line]["value"]),
            }
            for row, values in zip(table["rows"], numbers, strict=True)
        ],
        "line": "" if line is None else table["columns"][line]["label"],
    }
