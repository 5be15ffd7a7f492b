"""What a file may cost before anything parses it.

An .xlsx of five kilobytes can unpack to gigabytes, or name one cell in the last row and column: the parser keeps a
dense table and would end the whole process. Both are seen here by unpacking piecewise and looking at cell references.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from unionops.china.errors import InvalidValue

MOST_PARTS = 2_000
MOST_UNPACKED = 400 * 1024 * 1024
# A part of this size that shrank this much has nothing in it that people typed.
RATIO_FROM = 16 * 1024 * 1024
MOST_RATIO = 300
# Cells of the dense table: 32 bytes each in memory.
MOST_CELLS = 8_000_000
MOST_COLUMNS = 1_000
# Packed bytes at a time, and the most that they may unpack to at a time.
_READ = 1 << 17
_PIECE = 1 << 22
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
# Columns from AA on, or rows from 100,000 on; what has neither cannot exceed the limit.
_FAR = re.compile(rb""" r=["'](?:[A-Z]{2}|[A-Z]?\d{6})""")
_FAR_COLUMN = re.compile(rb""" r=["'][A-Z]{2}""")
_LONG_ROW = re.compile(rb""" r=["'][A-Z]?(\d{6,7})(?!\d)""")
_NARROW_COLUMNS = 26
# A cell that holds something: <c .../> and <c ...></c> are only formatted. Four bytes must follow, so that a piece cut there is judged later.
_FULL_CELL = re.compile(rb"""<c (?=[^>]*[^/>]>(?!</c>)(?s:.{4}))[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["']""")
# Longer than any cell tag that spreadsheets write, so that no tag is cut between two pieces.
_OVERLAP = 256


class UnreadableFile(InvalidValue):
    """The file is not a spreadsheet that can be read, or too large to be one."""


def check_archive(file: BinaryIO) -> None:
    """Refuse an .xlsx that would unpack to too much or make too large a table."""
    try:
        parts = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UnreadableFile("damaged", _("文件已损坏，打不开。请重新导出后再上传。")) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large()
    unpacked = 0
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        seen = Extent()
        size = 0
        for piece in _pieces(file, part):
            size += len(piece)
            if unpacked + size > MOST_UNPACKED or _is_bomb(size, part.compress_size):
                raise _too_large()
            if is_sheet:
                seen.glance(piece)
        if is_sheet and seen.is_suspicious:
            _measure(file, part)
        unpacked += size


class Extent:
    """How far a sheet reaches, judged from its cell references without parsing it."""

    def __init__(self) -> None:
        self._tail = b""
        self.far_column = False
        self.last_row = 0

    @property
    def is_suspicious(self) -> bool:
        return self.far_column or self.last_row * _NARROW_COLUMNS > MOST_CELLS

    def glance(self, piece: bytes) -> None:
        """Cheap: one search that finds nothing in ordinary sheets."""
        data = self._tail + piece
        if not self.far_column and _FAR.search(data):
            self.far_column = _FAR_COLUMN.search(data) is not None
            self.last_row = max([self.last_row, *map(int, _LONG_ROW.findall(data))])
        self._tail = data[-_OVERLAP:]


def check_width(width: int) -> None:
    if width > MOST_COLUMNS:
        raise UnreadableFile("wide", _("列太多：最多 1000 列。请删去空白列后再上传。"))


def _measure(file: BinaryIO, part: zipfile.ZipInfo) -> None:
    """Exact and slower: the rectangle of the cells that hold something; blank formatted cells cost nothing."""
    first_row = first_column = 1 << 30
    last_row = last_column = 0
    tail = b""
    for piece in _pieces(file, part):
        data = tail + piece
        for letters, digits in _FULL_CELL.findall(data):
            row, column = int(digits), _column_number(letters)
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
        tail = data[-_OVERLAP:]
    if last_row and (last_row - first_row + 1) * (last_column - first_column + 1) > MOST_CELLS:
        raise UnreadableFile("far_cells", _("工作表太大：有内容的单元格相隔太远。请删去表格以外的内容后再上传。"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _pieces(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real content of a part, piece by piece: the size that the archive declares is only a claim."""
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size or header[:4] != b"PK\x03\x04" or part.flag_bits & 1:
        raise UnreadableFile("damaged", _("文件已损坏或有密码，打不开。请另存为没有密码的 .xlsx 后再上传。"))
    name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
    file.seek(name_length + extra_length, 1)
    if part.compress_type == zipfile.ZIP_STORED:
        yield from _stored(file, part.compress_size)
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        yield from _inflated(file, part.compress_size)
    else:
        raise UnreadableFile("damaged", _("文件的压缩方式不常见，打不开。请用表格软件另存为 .xlsx 后再上传。"))


def _stored(file: BinaryIO, left: int) -> Iterator[bytes]:
    while left > 0 and (piece := file.read(min(_READ, left))):
        left -= len(piece)
        yield piece


def _inflated(file: BinaryIO, left: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while left > 0 and (packed := file.read(min(_READ, left))):
            left -= len(packed)
            while packed and (piece := inflater.decompress(packed, _PIECE)):
                yield piece
                packed = inflater.unconsumed_tail
    except zlib.error:
        raise UnreadableFile("damaged", _("文件已损坏，打不开。请重新导出后再上传。")) from None


def _is_bomb(size: int, packed: int) -> bool:
    return size > RATIO_FROM and size > packed * MOST_RATIO


def _too_large() -> UnreadableFile:
    return UnreadableFile("bomb", _("文件解开后太大，不像是台账。请只保留要导入的工作表后再上传。"))
