"""A paper as a workbook: what it says on the first sheet, each table on a sheet of its own with its picture beside it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from unionops.casework.sheets.books import LONGEST_CELL, new_book

from .documents import NUMBERS, link, words

Cell = Mapping[str, Any]
FORMATS = {
    "count": "#,##0",
    # A share is kept as one, so that the office can go on calculating with it.
    "rate": "0.00%",
    "days": "0.0",
    "money": "#,##0.00",
    "points": "0.00##",
    "date": 'yyyy"年"m"月"d"日"',
    "moment": "yyyy-mm-dd hh:mm",
}
# What a workbook can hold of them; the rest stays text.
MOST_LINKS = 60_000
LONGEST_LINK = 2_000
MOST_SHEET_NAME = 31
LEAST_WIDTHS = {"money": 16, "date": 16, "moment": 17, "count": 9}
# Behind these signs one takes the place of two; points of a line; Excel shows no higher row than 409 points.
LATIN, ROW_HEIGHT, MOST_LINES = 0x2E80, 15, 27
# The columns of the first sheet; a longer line takes two of them.
FIRST_SHEET, LONG_LINE = (26, 18, 60), 30
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
BLUE, AMBER, RED = "#2B5C8A", "#B97A00", "#B3191F"


def render(document: Mapping[str, Any], target: IO[bytes]) -> None:
    Book(document, target).write()


def _width(column: Mapping[str, Any], share: float) -> int:
    """Wide enough for any number of its kind; what does not fit would be printed as ###."""
    return max(LEAST_WIDTHS.get(column["kind"], 9), round(column["width"] * share))


def _height(texts: Sequence[str], widths: Sequence[int]) -> float:
    """So high that every line of a wrapped cell is printed: not every program works it out when it opens the file."""
    lines = 1
    for text, width in zip(texts, widths, strict=True):
        found = sum(-(-(sum(2 if ord(sign) > LATIN else 1 for sign in line) + 1) // width) for line in text.split("\n"))
        lines = max(lines, found)
    return ROW_HEIGHT * min(lines, MOST_LINES)


class Book:
    def __init__(self, document: Mapping[str, Any], target: IO[bytes]) -> None:
        self.document = document
        self.book = new_book(target)
        self.names: set[str] = set()
        self.links = 0
        self.bold = self.book.add_format({"bold": True, "font_size": 11, "text_wrap": True, "valign": "vcenter"})
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.title = self.book.add_format({"bold": True, "font_size": 16})
        self.head = self.book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#F3F1EC"}
        )
        self.looks: dict[tuple[str, bool], Any] = {}

    def write(self) -> None:
        document = self.document
        self.book.set_properties(
            {"title": document["title"], "author": document["organisation"], "comments": document["note"]}
        )
        self._first_sheet()
        for section in document["sections"]:
            for block in section["blocks"]:
                if block["type"] == "table":
                    self._table(block, section["heading"])
        self.book.close()

    def look(self, kind: str, *, linked: bool) -> Any:
        if (kind, linked) not in self.looks:
            wanted: dict[str, Any] = {"valign": "top"}
            if kind in FORMATS:
                wanted["num_format"] = FORMATS[kind]
            else:
                wanted["text_wrap"] = True
            if linked:
                wanted |= {"underline": 1, "font_color": BLUE}
            self.looks[kind, linked] = self.book.add_format(wanted)
        return self.looks[kind, linked]

    def put(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        """One typed cell. A link is an address beside the value, so that the value stays a number."""
        url = link(self.document, cell)
        linked = bool(url) and len(url) <= LONGEST_LINK and self.links < MOST_LINKS
        value, kind = cell["value"], cell["kind"]
        if linked:
            self.links += 1
            sheet.write_url(row, column, url, self.look(kind, linked=True), words(cell)[:255])
        look = self.look(kind, linked=linked)
        if value is None or value == "":
            sheet.write_string(row, column, words(cell), look)
        elif kind in NUMBERS:
            number = Decimal(value)
            sheet.write_number(row, column, float(number / 100 if kind == "rate" else number), look)
        elif kind == "date":
            sheet.write_datetime(row, column, datetime.date.fromisoformat(value), look)
        elif kind == "moment":
            sheet.write_datetime(row, column, datetime.datetime.fromisoformat(value), look)
        else:
            sheet.write_string(row, column, str(value)[:LONGEST_CELL], look)

    def _first_sheet(self) -> None:
        document = self.document
        sheet = self._sheet(_("概要"))
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for place, width in enumerate(FIRST_SHEET):
            sheet.set_column(place, place, width)
        sheet.write_string(0, 0, f"{document['title']} {document['subtitle']}".strip(), self.title)
        row = 1
        lines: list[tuple[str, Cell | str]] = [(_("单位"), document["organisation"]), (_("编号"), document["number"])]
        lines += [(label, cell) for label, cell in document["meta"]]
        lines += [(_("日期"), document["date"]), (_("说明"), document["note"])]
        for label, value in lines:
            if not value:
                continue
            if isinstance(value, str) and len(value) > LONG_LINE:
                sheet.set_row(row, _height([value], [FIRST_SHEET[1] + FIRST_SHEET[2]]))
                sheet.write_string(row, 0, label)
                sheet.merge_range(row, 1, row, 2, "", self.wrap)
                sheet.write_string(row, 1, value, self.wrap)
                row += 1
                continue
            sheet.write_string(row, 0, label)
            if isinstance(value, str):
                sheet.write_string(row, 1, value)
            else:
                self.put(sheet, row, 1, value)
            row += 1
        row += 1
        for section in document["sections"]:
            said = [block for block in section["blocks"] if block["type"] != "table"]
            if not said:
                continue
            if section["heading"]:
                sheet.write_string(row, 0, section["heading"], self.bold)
                row += 1
            for block in said:
                row = self._said(sheet, row, block)
        sheet.set_footer("&C&P / &N")

    def _said(self, sheet: Any, row: int, block: Mapping[str, Any]) -> int:
        if block["type"] == "figures":
            for value in block["values"]:
                sheet.write_string(row, 0, value["label"])
                self.put(sheet, row, 1, value)
                if value["kind"] != "rate":
                    sheet.write_string(row, 2, value["unit"])
                row += 1
            return row
        text = "".join(words(cell) for cell in block["pieces"])
        sheet.merge_range(row, 0, row, 2, "", self.wrap)
        sheet.write_string(row, 0, text[:LONGEST_CELL], self.wrap)
        sheet.set_row(row, 16 * max(1, -(-len(text) // 52)))
        # A sentence has one cell; its figures stand below it, each with the way to its rows.
        row += 1
        for cell in block["pieces"]:
            if cell["code"] or cell["url"]:
                sheet.write_string(row, 0, cell["label"])
                self.put(sheet, row, 1, cell)
                row += 1
        return row

    def _table(self, table: Mapping[str, Any], heading: str) -> None:
        sheet = self._sheet(table["title"] or heading or _("表格"))
        columns, rows = table["columns"], table["rows"]
        sheet.write_string(0, 0, table["title"] or heading, self.bold)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        sheet.set_paper(9)
        sheet.set_footer("&C&P / &N")
        sheet.fit_to_pages(1, 0)
        if self.document["landscape"] or table["chart"]:
            sheet.set_landscape()
        widest = max((column["width"] for column in columns), default=10)
        widths = [_width(column, 40 / widest if widest > 40 else 1) for column in columns]
        sheet.hide_gridlines(0)
        sheet.set_row(1, _height([column["label"] for column in columns], widths))
        for place, column in enumerate(columns):
            sheet.set_column(place, place, widths[place])
            sheet.write_string(1, place, column["label"], self.head)
        for number, row in enumerate(rows, start=2):
            sheet.set_row(number, _height([words(cell) for cell in row], widths))
            for place, cell in enumerate(row):
                self.put(sheet, number, place, cell)
        if not rows:
            sheet.write_string(2, 0, table["empty"])
        else:
            sheet.autofilter(1, 0, len(rows) + 1, len(columns) - 1)
        if table["chart"] and rows:
            self._chart(sheet, table)

    def _chart(self, sheet: Any, table: Mapping[str, Any]) -> None:
        kind, series, line = table["chart"]["kind"], table["chart"]["series"], table["chart"]["line"]
        name, last = sheet.get_name(), len(table["rows"]) + 1
        labels = [name, 2, 0, last, 0]
        chart = self.book.add_chart({"type": "column" if kind == "columns" else "bar"})
        for place, colour in zip(series, (BLUE, "#9DB4CC", AMBER), strict=False):
            chart.add_series(
                {
                    "name": [name, 1, place],
                    "categories": labels,
                    "values": [name, 2, place, last, place],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        if line is not None:
            above = self.book.add_chart({"type": "line"})
            above.add_series(
                {
                    "name": [name, 1, line],
                    "categories": labels,
                    "values": [name, 2, line, last, line],
                    "y2_axis": True,
                    "line": {"color": RED, "width": 2},
                    "marker": {"type": "circle", "fill": {"color": RED}, "border": {"color": RED}},
                }
            )
            above.set_y2_axis({"min": 0, "max": 1, "num_format": "0%"})
            chart.combine(above)
        if kind == "bars":
            chart.set_y_axis({"reverse": True})
            if all(table["columns"][place]["kind"] == "rate" for place in series):
                chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%"})
        chart.set_title({"name": table["title"], "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"} if len(series) > 1 or line is not None else {"none": True})
        chart.set_size({"width": 720, "height": max(320, 26 * len(table["rows"])) if kind == "bars" else 360})
        sheet.insert_chart(1, len(table["columns"]) + 1, chart)

    def _sheet(self, wanted: str) -> Any:
        """A sheet with a name that Excel takes: 31 characters, none of seven, no two alike."""
        plain = _NOT_IN_NAMES.sub(" ", wanted).strip()[:MOST_SHEET_NAME] or _("表格")
        name, number = plain, 2
        while name.lower() in self.names:
            end = f" {number}"
            name, number = plain[: MOST_SHEET_NAME - len(end)] + end, number + 1
        self.names.add(name.lower())
        return self.book.add_worksheet(name)
