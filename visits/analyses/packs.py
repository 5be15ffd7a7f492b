"""季度分析报告 (D6): the sections of one analysis with their texts and the tables of its kept figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight.indicators import Asked
from unionops.insight.periods import Kind as Span
from unionops.insight.periods import containing
from unionops.joining import clauses
from unionops.org.models import User
from unionops.packs.documents import (
    Block,
    Cell,
    Column,
    Document,
    Kind,
    Section,
    Table,
    Value,
    numbered,
    of,
    paragraph,
    parts_of,
)
from unionops.packs.gathering import one_of
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from ..packs.appendices import CODE as APPENDICES
from ..packs.appendices import appendices
from .enums import AnalysisState, Part
from .models import Analysis
from .models import Section as TextSection
from .permissions import READING_ROLES
from .tables import Tables

Shown = Mapping[str, Any]


def analysis_for(user: User, text: str) -> Analysis:
    """The paper of an address, as its page would find it."""
    related = ("district", "subject", "submitted_by", "reviewed_by", "signed_by")
    return one_of(Analysis.objects.visible_to(user).select_related(*related), text)


class PaperForm(PackForm):
    """Asks nothing: the address names the paper."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.analysis = analysis_for(self.user, self.query.get("paper", ""))

    def parameters(self) -> dict[str, Any]:
        return {"paper": str(self.analysis.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("季分析"), f"{self.analysis.number} {self.analysis.title}")]

    def told(self) -> str:
        return self.analysis.number


def gather(wanted: Wanted) -> Document:
    analysis = analysis_for(wanted.user, wanted.parameters["paper"])
    tables = Tables(analysis.figures, wanted.user)
    sections = [
        Section(
            numbered(number, section.get_part_display()),
            [*(_text(tables, section) or [paragraph(_("还没有写。"))]), *_tables(analysis, section.part, tables)],
            section.part,
        )
        for number, section in enumerate(analysis.sections.all(), start=1)
    ]
    quarter = containing(analysis.starts_on, Span.QUARTER)
    where = {} if analysis.subject_id == analysis.district_id else {"town": str(analysis.subject_id)}
    sections += appendices(Asked(wanted.user, quarter, analysis.cut_off), where, first=len(sections) + 1)
    steps = (
        (_("送审"), analysis.submitted_by, analysis.submitted_at),
        (_("审核"), analysis.reviewed_by, analysis.reviewed_at),
        (_("签发"), analysis.signed_by, analysis.signed_at),
    )
    signed = analysis.state == AnalysisState.SIGNED
    meta: list[tuple[str, Cell]] = [(_("数字截至"), analysis.cut_off), (_("取数时间"), analysis.figures_at)]
    meta += [(label, clauses([who.name, f"{at:%Y-%m-%d}" if at else ""])) for label, who, at in steps if who]
    if analysis.reopen_reason:
        meta.append((_("重新打开的理由"), analysis.reopen_reason))
    return Document(
        _("季度分析报告") if signed else _("季度分析报告（草稿）"),
        sections,
        organisation=analysis.district.name,
        subtitle=analysis.title,
        number=analysis.number,
        meta=meta,
        signatures=[_("起草"), _("审核"), _("签发")],
        note=_("每个数字都可以点开到它计的那些行；行是今天的，数字是定格时的。"),
    )


def _text(tables: Tables, section: TextSection) -> list[Block]:
    """What the paper says, each number of the figures with the way to its rows."""
    return [paragraph(*(_piece(one) for one in line)) for line in tables.lines(section.part, section.text)]


def _piece(piece: Shown) -> Value:
    """A number with the way to its rows; what counts lines of the table has them on the same sheet."""
    if not piece["url"].startswith("/"):
        return Value(piece["text"])
    number = Decimal(piece["text"].replace(",", ""))
    return Value(number, "points" if "." in piece["text"] else "count", piece["url"], piece["label"])


def _tables(analysis: Analysis, part: str, tables: Tables) -> list[Block]:
    if part == Part.REFLECTIONS:
        return _reflections(analysis, tables.user)
    shown = tables.of(part)
    if shown is None:
        return []
    return [_overview(shown) if part == Part.OVERVIEW else _table(shown)]


def _overview(shown: Shown) -> Table:
    """Every indicator with what it counts and of how many."""
    rows: list[list[Cell]] = []
    for row in _rows(shown):
        (cell,) = row["cells"]
        found = cell.get("found")
        done, whole = parts_of(found) if found else (None, None)
        rows.append([row["label"], _cell(cell), done if whole else "", whole or ""])
    columns = [Column(shown["head"][0], width=20), Column(shown["head"][1], width=11)]
    return Table("", [*columns, Column(_("算上的"), "count", 9), Column(_("全部"), "count", 9)], rows)


def _table(shown: Shown) -> Table:
    rows: list[list[Cell]] = [[row["label"], *(_cell(cell) for cell in row["cells"])] for row in _rows(shown)]
    first = [cell.kind for cell in rows[0][1:]] if rows else []
    kinds: list[Kind] = ["text", *first]
    columns = [
        Column(head, kind, 11 if place else 16)
        for place, (head, kind) in enumerate(zip(shown["head"], kinds, strict=True))
    ]
    return Table("", columns, rows)


def _rows(shown: Shown) -> list[Shown]:
    return [*shown["rows"], *shown["more"], *([shown["foot"]] if shown["foot"] else [])]


def _cell(cell: Shown) -> Value:
    """A kept figure, or a number that was reckoned from such and kept as words."""
    if cell.get("found"):
        return of(cell["found"])
    text = cell["text"]
    if re.fullmatch(r"[\d,]+", text):
        return Value(int(text.replace(",", "")), "count", cell["url"])
    if re.fullmatch(r"[\d,]+\.\d+", text):
        return Value(Decimal(text.replace(",", "")), "points", cell["url"])
    return Value(None, "count") if text == "—" else Value(text, "text", cell["url"])


def _reflections(analysis: Analysis, user: User) -> list[Block]:
    """The digest with the way to each; only whoever reads them all finds their pages."""
    opens = analysis.district_id in user.scope.districts
    rows: list[list[Cell]] = [
        [Value(one["title"], "text", reverse("analyses:reflection", args=[one["id"]]) if opens else ""), one["author"]]
        for one in analysis.figures["reflections"]["parts"]
    ]
    return [Table("", [Column(_("篇目"), width=28), Column(_("作者"), width=10)], rows)] if rows else []


def declare() -> None:
    register_pack(
        Pack(
            code="quarterly_analysis", documents="D6", title=gettext_lazy("季度分析报告"), note=gettext_lazy("一份季分析的正文和表"),
            icon="clipboard-data", roles=READING_ROLES, form=PaperForm, gather=gather,
            listed=False, sections=(*(part.value for part in Part), APPENDICES),
        )
    )  # fmt: skip
