"""The sealed file of a volume as one PDF: cover, index with page numbers, papers, attached files, back (domain 3.8)."""

from __future__ import annotations

import datetime
import io
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pypdf
from django.utils import translation
from PIL import Image
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from unionops.casework import attachments
from unionops.packs import typeset
from unionops.packs.documents import Cell, Column, Document, Section, Table, paragraph

from ..models import CaseFile
from .facts import day, sheet

log = logging.getLogger(__name__)

# A4 at 150 dots an inch, and the margin that a picture keeps.
PAGE, MARGIN, DPI = (1240, 1754), 80, 150
# Entries of a page that do something when a file is opened: of what people have attached, none is taken over.
_ACTIVE = ("/AA", "/Annots", "/Metadata", "/Thumb", "/B")


@dataclass
class Part:
    """One thing in the file. ``data`` is its PDF; without one it is told in the index and kept elsewhere."""

    title: str
    number: str
    on: str
    data: bytes | None
    remark: str = ""
    pages: int = 0
    first: int = 0


def bind(found: CaseFile, tell: Callable[[int], None] = lambda _done: None) -> tuple[bytes, int]:
    """Return (the PDF, how many pages it has). What one side said alone is named in the index and not bound."""
    with translation.override("zh-hans"):
        content = found.content
        parts = [_of_paper(paper) for paper in content["papers"]]
        tell(40)
        parts += [_of_file(file) for file in content["files"]]
        tell(70)
        back = _rendered(_back(found, content))
        parts.append(Part("卷宗情况说明和封底", "", content["case"]["sealed_on"], back))
        cover = _rendered(_cover(found, content))
        for part in parts:
            part.pages = _count(part.data)
        # The index comes first and says where everything is: how long it is doesn't depend on what it says.
        head = _count(cover) + _count(_rendered(_index(content, parts)))
        at = head + 1
        for part in parts:
            part.first = at if part.pages else 0
            at += part.pages
        book = pypdf.PdfWriter()
        for data in (cover, _rendered(_index(content, parts)), *(part.data for part in parts)):
            if data is not None:
                _append(book, data)
        tell(90)
        _number(book)
        book.add_metadata({"/Title": f"{content['case']['number']} {content['case']['name']}"})
        for title, part in ((part.title, part) for part in parts):
            if part.pages:
                book.add_outline_item(title=title, page_number=part.first - 1)
        out = io.BytesIO()
        book.write(out)
        return out.getvalue(), len(book.pages)


def _rendered(document: Document | Mapping[str, Any]) -> bytes:
    return typeset.render(document.as_json() if isinstance(document, Document) else dict(document))


def _count(data: bytes | None) -> int:
    return len(pypdf.PdfReader(io.BytesIO(data)).pages) if data else 0


def _append(book: pypdf.PdfWriter, data: bytes) -> None:
    for page in pypdf.PdfReader(io.BytesIO(data)).pages:
        for name in _ACTIVE:
            page.pop(NameObject(name), None)
        book.add_page(page)


def _number(book: pypdf.PdfWriter) -> None:
    """A running number in the corner of every page, whatever stands on it."""
    sides = [float(page.mediabox.width) > float(page.mediabox.height) for page in book.pages]
    signs = pypdf.PdfReader(io.BytesIO(typeset.numbers(len(sides), landscape=sides))).pages
    for page, sign in zip(book.pages, signs, strict=True):
        page.merge_page(sign)


def _of_paper(paper: Mapping[str, Any]) -> Part:
    if paper["secret"]:
        return Part(
            paper["title"], paper["number"], paper["on"], None, "单独听取，存副卷，未经这一方同意不公开"
        )  # fmt: skip
    return Part(paper["title"], paper["number"], paper["on"], _rendered(paper["document"]))


def _of_file(file: Mapping[str, Any]) -> Part:
    title = f"{file['item']}：{file['name']}"
    if file["secret"]:
        return Part(title, "", file["on"], None, "单独听取，存副卷，未经这一方同意不公开")
    try:
        raw = attachments.store_path(file["stored_as"]).read_bytes()
        data = _picture(raw) if file["type"] in ("image/jpeg", "image/png", "image/webp") else None
        if file["type"] == "application/pdf":
            data = _clean(raw)
    except (OSError, PyPdfError, ValueError, KeyError, RecursionError) as error:
        log.warning("file %s of a case could not be bound: %s", file["id"], error)
        data = None
    remark = "" if data else f"电子文件另存，校验值 {file['sha256'][:16]}…"
    return Part(title, "", file["on"], data, remark)


def _clean(raw: bytes) -> bytes:
    """Its pages and nothing else; what is encrypted or broken is not bound."""
    reader = pypdf.PdfReader(io.BytesIO(raw))
    if reader.is_encrypted:
        raise ValueError("encrypted")
    book = pypdf.PdfWriter()
    _append(book, raw)
    if not book.pages:
        raise ValueError("no pages")
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def _picture(raw: bytes) -> bytes:
    """A picture in the middle of an A4 page, on its side where it is wider than high."""
    with Image.open(io.BytesIO(raw)) as source:
        picture = source.convert("RGB")
    size = PAGE if picture.height >= picture.width else PAGE[::-1]
    picture.thumbnail((size[0] - 2 * MARGIN, size[1] - 2 * MARGIN))
    page = Image.new("RGB", size, "white")
    page.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    out = io.BytesIO()
    page.save(out, "PDF", resolution=DPI, quality=85)
    return out.getvalue()


# --- what is written for the file itself


def _cover(found: CaseFile, content: Mapping[str, Any]) -> Document:
    """封面: 卷名, 卷号, 调解员, 调解日期, 立卷人, 立卷日期, 保管期限 (domain 3.8)."""
    case = content["case"]
    rows: list[tuple[str, Cell]] = [
        ("卷名", case["name"]), ("卷号", f"{case['number']}" + (f"　第{case['volume']}卷" if case["volume"] > 1 else "")),
        ("案由", case["cause"]), ("调解员", case["mediator"]),
        ("调解日期", f"{_day(case['received_on'])}至{_day(case['ended_on'])}"), ("调解结果", case["outcome"]),
        ("立卷人", case["sealed_by"]), ("立卷日期", _day(case["sealed_on"])), ("保管期限", f"保管至{_day(case['keep_until'])}"),
        ("内容校验值（SHA-256）", found.content_sha256),
    ]  # fmt: skip
    return Document(
        "劳动争议调解案卷", [Section("", [sheet(rows)])], organisation=case["organisation"], number=case["number"],
        day=datetime.date.fromisoformat(case["sealed_on"]),
    )  # fmt: skip


def _index(content: Mapping[str, Any], parts: list[Part]) -> Document:
    columns = [
        Column("序号", width=5), Column("文号", width=21), Column("题名", width=22), Column("日期", width=9), Column("页号", width=5),
        Column("备注", width=12),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [str(number), part.number, part.title, part.on, str(part.first) if part.first else "—", part.remark]
        for number, part in enumerate(parts, start=1)
    ]
    return Document(
        "卷内目录", [Section("", [Table("", columns, rows)])], number=content["case"]["number"],
        day=datetime.date.fromisoformat(content["case"]["sealed_on"]),
    )  # fmt: skip


def _back(found: CaseFile, content: Mapping[str, Any]) -> Document:
    """卷宗情况说明 and 封底."""
    lack = [paragraph(f"{number}. {words}") for number, words in enumerate(content["lacking"], start=1)]
    said = [paragraph("本卷缺少："), *lack, paragraph(content["statement"])] if lack else [paragraph("本卷材料齐全。")]
    return Document(
        "卷宗情况说明",
        [
            Section("", said),
            Section("封存", [
                paragraph(f"本卷于{_day(content['case']['sealed_on'])}由{content['case']['sealed_by']}立卷封存，保管至{_day(content['case']['keep_until'])}。"),
                sheet([("内容校验值（SHA-256）", found.content_sha256)]),
            ]),
        ],
        organisation=content["case"]["organisation"], signatures=["立卷人", "检查人"],
        day=datetime.date.fromisoformat(content["case"]["sealed_on"]),
    )  # fmt: skip


def _day(text: str) -> str:
    return day(datetime.date.fromisoformat(text)) if text else ""
