"""The dashboard as a paper: exactly the figures of its page, for the period and the filters of its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight import asking, boards, dimensions
from unionops.insight.indicators import Asked

from .documents import Cell, Column, Document, Section, Table, figures, of, parts_of
from .documents import Chart as Picture
from .enums import Format
from .gathering import compared, counted, divided, office_of, table_of
from .registry import Pack, PackForm, Wanted, register_pack

CODE = "board"


class BoardForm(PackForm):
    """Asks nothing: the address of the dashboard says it all."""

    def parameters(self) -> dict[str, Any]:
        wanted = _query(self.query)
        # A period or filter that does not exist is refused here and not in the worker.
        asked = asking.read(self.user, wanted)
        where = asking.filters(self.user, wanted)
        return {"query": asking.query_of(asked, where)}

    def told(self) -> str:
        return asking.read(self.user, _query(self.query)).period.label


def _query(query: QueryDict) -> dict[str, str]:
    names = {"period", "at", "since", "until", *boards.first().filters}
    return {name: value for name, value in query.items() if name in names and isinstance(value, str)}


def gather(wanted: Wanted) -> Document:
    """Tiles, pictures with their tables, and the other figures."""
    user, query = wanted.user, wanted.parameters["query"]
    board, asked, where = boards.first(), asking.read(user, query), asking.filters(user, query)
    headline = [code for tile in board.tiles for code in (tile.indicator, *tile.beside)]
    now = counted([*headline, *board.more], asked, where)
    wanted.tell(30)
    before = asked.period.before()
    then = type(asked)(asked.user, before, before.last + (asked.at - asked.period.last))
    earlier = counted([*headline, *board.more], then, where)
    wanted.tell(50)
    charts = []
    for number, chart in enumerate(board.charts, start=1):
        charts.append(_picture(chart, asked, where))
        wanted.tell(50 + 50 * number // len(board.charts))
    said = [
        (_("期间"), asked.period.label),
        (_("截至"), asked.at),
        *asking.words_of(user, where),
        (_("口径"), board.note),
    ]
    codes = list(dict.fromkeys([*headline, *board.more]))
    return Document(
        _("%(board)s看板") % {"board": board.title},
        [
            Section(_("主要指标"), [figures(of(now[tile.indicator]) for tile in board.tiles)], "headline"),
            Section(_("图表"), charts, "charts"),
            Section(_("全部指标"), [compared(codes, now, earlier, _("与上期比较"), before.label)], "indicators"),
        ],
        organisation=office_of(user),
        subtitle=asked.period.label,
        meta=said,
        note=_("每个数字都可以点开到它计的那些行；行是今天的，数字是制作时的。"),
    )


def _picture(chart: boards.Chart, asked: Asked, where: Mapping[str, str]) -> Table:
    """A picture of the page as a table with its own native picture; what stands in a grid there is told by its rows."""
    if chart.kind == "funnel":
        return _steps(chart, asked, where)
    parts = divided(chart.indicator, chart.by, asked, where)
    by = getattr(dimensions.find(chart.by), "label", "")
    return table_of(chart.title, by, parts, in_time=chart.kind == "months")


def _steps(chart: boards.Chart, asked: Asked, where: Mapping[str, str]) -> Table:
    """How many came how far, each step a part of the one before."""
    codes = [chart.indicator, *chart.steps]
    found = counted(codes, asked, where)
    rows: list[list[Cell]] = []
    for name, code in zip(chart.names, codes, strict=True):
        done, whole = parts_of(found[code])
        rows.append([name, done, of(found[code]) if whole is not None else ""])
    columns = [Column(_("步骤"), width=16), Column(_("件数"), "count"), Column(_("占登记的"), "rate", 12)]
    return Table(chart.title, columns, rows, Picture("bars", [1]))


def declare() -> None:
    register_pack(
        Pack(
            code=CODE,
            title=gettext_lazy("看板"),
            note=gettext_lazy("看板上的数字和图，一图一表"),
            icon="bar-chart-line",
            roles=asking.FIGURE_ROLES,
            formats=(Format.XLSX, Format.PDF, Format.DOCX),
            form=BoardForm,
            gather=gather,
            listed=False,
            sections=("headline", "charts", "indicators"),
        )
    )
