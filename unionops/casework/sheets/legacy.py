"""How far the cells of an .xls reach: its parser, too, keeps a dense table of whatever the cells claim."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from .guards import MOST_CELLS, UnreadableFile

_SECTORS = struct.Struct("<109I")
_PLACE = struct.Struct("<HH")
_ENTRY_SIZE = 128
_NO_SECTOR = 0xFFFFFFFA
_MINI_SECTOR = 64
_BEGIN_OF_SHEET = 0x0809
_LOCK = 0x002F
# LABELSST, NUMBER, RK, LABEL, BOOLERR, FORMULA in its two versions, RSTRING: row and column stand first.
_CELLS = frozenset({0x00FD, 0x0203, 0x027E, 0x0204, 0x0205, 0x0006, 0x0406, 0x00D6})
# MULRK: several numbers in a row; the last column stands at the end.
_MANY_CELLS = 0x00BD


def check_legacy(file: BinaryIO) -> None:
    """Refuse an .xls with cells so far apart that the tables between them would fill the memory."""
    file.seek(0)
    data = file.read()
    file.seek(0)
    try:
        container = _CompoundFile(data)
        stream = container.stream("Workbook") or container.stream("Book")
        is_locked = bool(container.stream("EncryptedPackage")) or any(
            kind == _LOCK for kind, _at, _n in _records(stream)
        )
    except (struct.error, IndexError, ValueError):
        raise UnreadableFile("damaged", _("文件已损坏，打不开。请重新导出后再上传。")) from None
    if is_locked:
        raise UnreadableFile("password", _("文件有密码，打不开。请去掉密码后再上传。"))
    if sum(_areas(stream)) > MOST_CELLS:
        raise UnreadableFile("far_cells", _("工作表太大：有内容的单元格相隔太远。请删去表格以外的内容后再上传。"))


def _areas(stream: bytes) -> Iterator[int]:
    """The size of the table of each sheet."""
    rows = columns = (1 << 16, -1)
    for kind, start, length in _records(stream):
        if kind == _BEGIN_OF_SHEET:
            yield max(0, rows[1] - rows[0] + 1) * max(0, columns[1] - columns[0] + 1)
            rows = columns = (1 << 16, -1)
        elif length >= _PLACE.size and (kind in _CELLS or kind == _MANY_CELLS):
            row, first = _PLACE.unpack_from(stream, start)
            last = (
                int.from_bytes(stream[start + length - 2 : start + length], "little") if kind == _MANY_CELLS else first
            )
            rows = (min(rows[0], row), max(rows[1], row))
            columns = (min(columns[0], first), max(columns[1], last))
    yield max(0, rows[1] - rows[0] + 1) * max(0, columns[1] - columns[0] + 1)


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    position = 0
    while position + 4 <= len(stream):
        kind, length = _PLACE.unpack_from(stream, position)
        yield kind, position + 4, length
        position += 4 + length


class _CompoundFile:
    """As much of an OLE file as is needed to take one stream out of it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._size = 1 << struct.unpack_from("<H", data, 30)[0]
        first_directory, self._mini_limit, first_mini = struct.unpack_from("<I4xII", data, 48)
        self._table = self._read_table()
        self._mini_table = self._numbers(self._chain(first_mini))
        self._directory = self._chain(first_directory)

    def stream(self, wanted: str) -> bytes:
        """The content of the stream, or nothing if there is none of that name."""
        root = self._entry(0)
        for position in range(len(self._directory) // _ENTRY_SIZE):
            name, start, size = self._entry(position)
            if name == wanted:
                return self._mini_chain(start, root[1])[:size] if size < self._mini_limit else self._chain(start)[:size]
        return b""

    def _entry(self, position: int) -> tuple[str, int, int]:
        entry = self._directory[position * _ENTRY_SIZE : (position + 1) * _ENTRY_SIZE]
        length = int.from_bytes(entry[64:66], "little")
        start, size = struct.unpack_from("<II", entry, 116)
        return entry[: max(0, length - 2)].decode("utf-16-le", "replace"), start, size

    def _read_table(self) -> list[int]:
        places = list(_SECTORS.unpack_from(self._data, 76))
        following = struct.unpack_from("<I", self._data, 68)[0]
        for _turn in range(len(self._data) // self._size):
            if following >= _NO_SECTOR:
                break
            *more, following = self._numbers(self._sector(following))
            places += more
        return self._numbers(b"".join(self._sector(place) for place in places if place < _NO_SECTOR))

    def _sector(self, number: int) -> bytes:
        return self._data[(number + 1) * self._size : (number + 2) * self._size]

    def _chain(self, number: int) -> bytes:
        pieces = []
        # As many turns as there are sectors: a chain that bites its tail ends all the same.
        for _turn in range(len(self._table)):
            if number >= _NO_SECTOR:
                break
            pieces.append(self._sector(number))
            number = self._table[number]
        return b"".join(pieces)

    def _mini_chain(self, number: int, root: int) -> bytes:
        container = self._chain(root)
        pieces = []
        for _turn in range(len(self._mini_table)):
            if number >= _NO_SECTOR:
                break
            pieces.append(container[number * _MINI_SECTOR : (number + 1) * _MINI_SECTOR])
            number = self._mini_table[number]
        return b"".join(pieces)

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
