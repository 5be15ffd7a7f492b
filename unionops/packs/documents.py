"""What a paper says, as plain JSON: gathered once, frozen with its download, and turned into each format from there.

A pack's ``gather`` builds a `Document`. Its text is text: nothing in it is ever read as a template, a formula or markup.
A number is a `Value`: it keeps its kind, so that every format writes it in the same way, and the address of its rows.

    Document("周通报", organisation="越城区总工会", subtitle="2026 年第 46 周", sections=[
        Section("一、总体情况", [
            sentence(_("本周走访 %(visits)s 家次。"), visits=of(frozen)),
            figures([of(frozen)]),
            Table("各镇街", [Column("镇街"), Column("走访家次", "count")], [["斗门街道", of(part)]]),
        ], code="overview"),
    ])
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unionops.insight.drawing import unit_of
from unionops.insight.frozen import Frozen
from unionops.insight.indicators import Indicator, Unit

# text; a count; per cent with two decimals; days with one; yuan with two; points with the decimals that were kept; a day; a
# day with its time.
Kind = Literal["text", "count", "rate", "days", "money", "points", "date", "moment"]
NUMBERS = frozenset({"count", "rate", "days", "money", "points"})
NOTHING = "—"
# XML 1.0 knows no other control characters than these three; a file with one does not open.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

Text = Any
# A cell or a piece of a paragraph: a `Value`, or what Python has for it.
Cell = Any


@dataclass(frozen=True)
class Value:
    """A number or a text with what it is, what it is called, and where its rows are (a path of this site)."""

    value: Any
    kind: Kind = "text"
    url: str = ""
    label: str = ""
    unit: str = ""
    # The indicator that counted it, empty for what is no figure.
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        value = int(self.value) if self.kind == "count" and self.value not in (None, "") else self.value
        plain = {"value": _plain(value), "kind": self.kind, "url": self.url, "label": clean(self.label)}
        return plain | {"unit": clean(self.unit), "code": self.code}


def kind_of(indicator: Indicator) -> Kind:
    """A sum with fen is money, one without is a count."""
    kinds: dict[Unit, Kind] = {Unit.RATE: "rate", Unit.DAYS: "days", Unit.COUNT: "count"}
    return kinds.get(indicator.unit) or ("money" if indicator.places else "count")


def of(figure: Frozen, label: Text = "") -> Value:
    """A kept figure as a value of a paper; it links to its rows."""
    indicator = figure.figure.indicator
    kind = kind_of(indicator)
    name = str(label or figure.label or indicator.name)
    return Value(figure.figure.value, kind, figure.url, name, str(unit_of(indicator)), indicator.code)


def parts_of(figure: Frozen) -> tuple[Value, Value | None]:
    """The count and the whole of a figure, each with the address of its rows."""
    unit = str(figure.figure.indicator.rows.unit)
    done = Value(figure.figure.numerator, "count", figure.url, unit=unit)
    if figure.figure.denominator is None:
        return done, None
    return done, Value(figure.figure.denominator, "count", figure.whole_url, unit=unit)


@dataclass(frozen=True)
class Paragraph:
    pieces: Sequence[Cell]
    # Stays on the page of what follows it.
    keep: bool = False

    def as_json(self) -> dict[str, Any]:
        return {"type": "paragraph", "pieces": [cell_of(piece) for piece in self.pieces], "keep": self.keep}


def paragraph(*pieces: Cell) -> Paragraph:
    return Paragraph(pieces)


def paragraphs(text: str) -> list[Paragraph]:
    """What somebody wrote in several lines, one paragraph for each."""
    return [Paragraph([line.strip()]) for line in text.splitlines() if line.strip()]


_PLACE = re.compile(r"%\((\w+)\)s")


def sentence(text: Text, **cells: Cell) -> Paragraph:
    """A translated sentence with places for values: sentence(_("走访 %(n)s 家次。"), n=of(frozen))."""
    found = _PLACE.split(str(text))
    return Paragraph([cells[part] if place % 2 else part for place, part in enumerate(found) if place % 2 or part])


@dataclass(frozen=True)
class Figures:
    """Headline figures, each with its label above it."""

    values: Sequence[Value]

    def as_json(self) -> dict[str, Any]:
        return {"type": "figures", "values": [value.as_json() for value in self.values]}


def figures(values: Iterable[Value]) -> Figures:
    return Figures(tuple(values))


@dataclass(frozen=True)
class Column:
    label: Text
    kind: Kind = "text"
    # Its share of the page's width.
    width: int = 10


@dataclass(frozen=True)
class Chart:
    """A picture of the table's own columns: ``columns`` stand in time, ``bars`` lie one below the other."""

    kind: Literal["columns", "bars"]
    # Which columns are drawn, and which one is a line in per cent above them.
    series: Sequence[int]
    line: int | None = None


@dataclass(frozen=True)
class Table:
    title: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    chart: Chart | None = None
    # Said where there are no rows.
    empty: Text = ""
    # Its rows are high enough to write in by hand.
    tall: bool = False

    def as_json(self) -> dict[str, Any]:
        chart = self.chart and {"kind": self.chart.kind, "series": list(self.chart.series), "line": self.chart.line}
        return {
            "type": "table",
            "title": clean(self.title),
            "columns": [{"label": clean(one.label), "kind": one.kind, "width": one.width} for one in self.columns],
            "rows": [
                [cell_of(cell, column.kind) for cell, column in zip(row, self.columns, strict=True)]
                for row in self.rows
            ],
            "chart": chart,
            "empty": clean(self.empty or _("没有")),
            "tall": self.tall,
        }


Block = Paragraph | Figures | Table


@dataclass(frozen=True)
class Section:
    heading: Text
    blocks: Sequence[Block]
    # By which a template of the office can place this section alone.
    code: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "heading": clean(self.heading),
            "code": self.code,
            "blocks": [block.as_json() for block in self.blocks],
        }


@dataclass(frozen=True)
class Document:
    title: Text
    sections: Sequence[Section]
    organisation: Text = ""
    subtitle: Text = ""
    number: Text = ""
    # (what, words) lines below the title.
    meta: Sequence[tuple[Text, Cell]] = ()
    # Who signs: a label before a line each.
    signatures: Sequence[Text] = ()
    day: datetime.date | None = None
    note: Text = ""
    landscape: bool = False
    # Signatures follow the text at once instead of standing at the foot of the page.
    flowing: bool = False
    # The address before every path, without a slash at its end.
    site: str = field(default="")

    def as_json(self) -> dict[str, Any]:
        """The content as it is kept and printed; `words` and `link` read it."""
        day = self.day or timezone.localdate()
        return {
            "title": clean(self.title),
            "organisation": clean(self.organisation),
            "subtitle": clean(self.subtitle),
            "number": clean(self.number),
            "meta": [[clean(label), cell_of(value)] for label, value in self.meta],
            "sections": [section.as_json() for section in self.sections],
            "signatures": [clean(label) for label in self.signatures],
            "date": words(cell_of(day, "date")),
            "note": clean(self.note),
            "landscape": self.landscape,
            "flowing": self.flowing,
            "site": self.site,
        }


_NUMERALS = ("", *"一二三四五六七八九")


def numbered(number: int, label: Text) -> str:
    """A heading with its number from 1 to 19, as a paper of the language counts: «三、新问题», «3. New kinds»."""
    if not (get_language() or "zh").startswith("zh"):
        return f"{number}. {label}"
    return f"{'十' if number >= len(_NUMERALS) else ''}{_NUMERALS[number % 10]}、{label}"


def clean(text: Any) -> str:
    """Text as a file can hold it."""
    return _CONTROL.sub("", str(text)) if text not in (None, "") else ""


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int():
            return value
        case Decimal():
            return str(value)
        case datetime.datetime():
            return timezone.localtime(value).replace(tzinfo=None).isoformat(timespec="minutes")
        case datetime.date():
            return value.isoformat()
    return clean(value)


def _kind_of(value: Any, kind: Kind) -> Kind:
    if kind != "text":
        return kind
    match value:
        case bool():
            return "text"
        case int():
            return "count"
        case datetime.datetime():
            return "moment"
        case datetime.date():
            return "date"
    return "text"


def cell_of(value: Cell, kind: Kind = "text") -> dict[str, Any]:
    if isinstance(value, Value):
        return value.as_json()
    if isinstance(value, bool):
        value = _("是") if value else _("否")
    return Value(value, _kind_of(value, kind) if value is None or not isinstance(value, str) else "text").as_json()


def words(cell: Mapping[str, Any]) -> str:
    """How a kept cell is written, the same in every format: 94.70%, 1,833, 12,345.00, 2026年11月21日."""
    value, kind = cell["value"], cell["kind"]
    if value is None or value == "":
        return NOTHING if kind in NUMBERS else ""
    match kind:
        case "count":
            return f"{int(Decimal(value)):,}"
        case "rate":
            return f"{Decimal(value):,.2f}%"
        case "days":
            return f"{Decimal(value):,.1f}"
        case "money":
            return f"{Decimal(value):,.2f}"
        case "date":
            day = datetime.date.fromisoformat(value)
            return _("%(year)s年%(month)s月%(day)s日") % {"year": day.year, "month": day.month, "day": day.day}
        case "moment":
            moment = datetime.datetime.fromisoformat(value)
            return f"{moment:%Y-%m-%d %H:%M}"
    return str(value)


def link(document: Mapping[str, Any], cell: Mapping[str, Any]) -> str:
    """The absolute address of a cell's rows; empty where it has none or leads elsewhere."""
    url = str(cell.get("url") or "")
    return f"{document['site']}{url}" if url.startswith("/") and not url.startswith("//") else ""


def tables_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [block for section in document["sections"] for block in section["blocks"] if block["type"] == "table"]


def values_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every figure of a paper in its order: the headline ones, those within sentences, those of tables."""
    found: list[dict[str, Any]] = []
    for section in document["sections"]:
        for block in section["blocks"]:
            cells = {
                "figures": lambda block: block["values"],
                "paragraph": lambda block: block["pieces"],
                "table": lambda block: [cell for row in block["rows"] for cell in row],
            }[block["type"]](block)
            found += [cell for cell in cells if cell["code"]]
    return found
