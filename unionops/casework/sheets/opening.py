"""Open .xlsx, .xls and .csv by what they are, not by what they are called."""

from __future__ import annotations

import codecs
import csv
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import python_calamine
from django.utils.translation import gettext_lazy as _

from .cells import Cell
from .guards import MOST_COLUMNS, UnreadableFile, check_archive, check_width
from .headers import Merge
from .legacy import check_legacy

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"^\s*(?:<!doctype html|<html|<table|<meta|<\?xml)", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = ",\t;|"
_HEAD = 64 * 1024
# `="00123"`: how exports keep spreadsheets from eating zeros.
_QUOTED = re.compile(r'^="(.*)"$', re.DOTALL)


class Sheet(ABC):
    """Rows from the first one of the sheet, each a new list; columns are counted from zero."""

    name: str
    hidden: bool = False

    @abstractmethod
    def rows(self) -> Iterator[list[Cell]]:
        """Yield every row, blank ones too."""

    def merges(self) -> Sequence[Merge]:
        return ()


@dataclass
class Workbook:
    name: str
    sheets: list[Sheet] = field(default_factory=list)


def open_workbook(source: str | Path | bytes | BinaryIO, name: str = "") -> Workbook:
    """Open a spreadsheet, or raise ``UnreadableFile`` with what to do about it."""
    file = _file(source)
    if not name and isinstance(source, str | Path):
        name = Path(source).name
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith(_ZIP):
        check_archive(file)
        return Workbook(name, _calamine_sheets(file))
    if head.startswith(_OLE):
        check_legacy(file)
        return Workbook(name, _calamine_sheets(file))
    if not head.strip():
        raise UnreadableFile("empty", _("文件是空的。"))
    if _HTML.match(head):
        raise UnreadableFile("html", _("这是网页格式的表格，只是名字像 Excel。请用表格软件打开后另存为 .xlsx。"))
    return Workbook(name, [CsvSheet(Path(name).stem, file, _encoding(file, head))])


class CalamineSheet(Sheet):
    """One sheet of an .xlsx or .xls; parsed when its rows are first asked for."""

    def __init__(self, workbook: python_calamine.CalamineWorkbook, name: str, *, hidden: bool) -> None:
        self.name = name
        self.hidden = hidden
        self._workbook = workbook
        self._sheet: python_calamine.CalamineSheet | None = None

    def rows(self) -> Iterator[list[Cell]]:
        sheet = self._parsed()
        check_width(sheet.width)
        left = sheet.start[1] if sheet.start else 0
        if not left:
            return sheet.iter_rows()
        margin: list[Cell] = [""] * left
        return (margin + row for row in sheet.iter_rows())

    def merges(self) -> Sequence[Merge]:
        return self._parsed().merged_cell_ranges or ()

    def _parsed(self) -> python_calamine.CalamineSheet:
        if self._sheet is None:
            try:
                self._sheet = self._workbook.get_sheet_by_name(self.name)
            except python_calamine.CalamineError:
                raise _damaged() from None
        return self._sheet


class CsvSheet(Sheet):
    """Text, decoded and split as it is read."""

    def __init__(self, name: str, file: BinaryIO, encoding: str) -> None:
        self.name = name
        self._file = file
        self._encoding = encoding
        self._delimiter = _delimiter(file, encoding)

    def rows(self) -> Iterator[list[Cell]]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, encoding=self._encoding, newline="")
        try:
            for row in csv.reader(text, delimiter=self._delimiter):
                if len(row) > MOST_COLUMNS:
                    check_width(len(row))
                yield [_QUOTED.sub(r"\1", cell) if cell.startswith("=") else cell for cell in row]
        except csv.Error:
            raise UnreadableFile("csv", _("文字表格里有一格长得读不完，可能少了一个引号。请检查后再上传。")) from None
        finally:
            text.detach()


def _file(source: str | Path | bytes | BinaryIO) -> BinaryIO:
    if isinstance(source, str | Path):
        return io.BytesIO(Path(source).read_bytes())
    return io.BytesIO(source) if isinstance(source, bytes) else source


def _calamine_sheets(file: BinaryIO) -> list[Sheet]:
    file.seek(0)
    try:
        workbook = python_calamine.load_workbook(file)
    except python_calamine.PasswordError:
        raise UnreadableFile("password", _("文件有密码，打不开。请去掉密码后再上传。")) from None
    except (python_calamine.CalamineError, OSError):
        raise _damaged() from None
    worksheet, visible = python_calamine.SheetTypeEnum.WorkSheet, python_calamine.SheetVisibleEnum.Visible
    return [
        CalamineSheet(workbook, sheet.name, hidden=sheet.visible != visible)
        for sheet in workbook.sheets_metadata
        if sheet.typ == worksheet
    ]


def _encoding(file: BinaryIO, head: bytes) -> str:
    """A byte order mark decides; else UTF-8 if the whole file is, else GB 18030, which offices save without saying."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(file, encoding):
            return encoding
    raise UnreadableFile("encoding", _("认不出文字编码。请另存为 .xlsx，或另存为 UTF-8 的 .csv。"))


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while piece := file.read(1 << 20):
            # What is no text has NUL bytes; GB 18030 would read almost anything else.
            if b"\0" in piece:
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(file: BinaryIO, encoding: str) -> str:
    """The one that cuts the first lines into the most columns."""
    file.seek(0)
    head = codecs.getincrementaldecoder(encoding)(errors="ignore").decode(file.read(_HEAD))
    lines = head.splitlines()[:20]
    return max(_DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in lines))


def _damaged() -> UnreadableFile:
    return UnreadableFile("damaged", _("文件已损坏，打不开。请重新导出后再上传。"))
