"""Workbooks that are written: what holds for each of them, whatever stands in their cells."""

from __future__ import annotations

from typing import IO, Any

import xlsxwriter

LONGEST_CELL = 32_000


def new_book(target: IO[bytes], *, row_by_row: bool = False) -> xlsxwriter.Workbook:
    """A workbook in which a text stays a text: never a formula, an address or a number."""
    options: dict[str, Any] = {
        "constant_memory": row_by_row,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    return xlsxwriter.Workbook(target, options)
