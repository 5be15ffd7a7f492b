"""月度交流会材料 (D4) and 会议纪要 (D5) of one exchange, from what its agenda keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.insight.frozen import Frozen
from unionops.joining import listed
from unionops.org.enums import CASE_ROLES
from unionops.org.errors import InvalidTransition
from unionops.org.models import User
from unionops.packs.documents import (
    Block,
    Cell,
    Column,
    Document,
    Kind,
    Table,
    Value,
    figures,
    kind_of,
    numbered,
    of,
    paragraph,
    paragraphs,
    sentence,
)
from unionops.packs.documents import Section as Part
from unionops.packs.gathering import asked_of, one_of
from unionops.packs.registry import Pack, PackForm, Wanted, register_pack

from ..packs.appendices import CODE as APPENDICES
from ..packs.appendices import appendices
from .enums import ExchangeState, Section
from .models import AgendaItem, Exchange
from .presenting import decision_rows, told_parts
from .queries import agenda_of

FIGURES = frozenset({Section.VISITS, Section.NEW_ISSUES})
# More towns than these stand beside each other on a page that lies on its side.
MOST_UPRIGHT = 7
Shown = Mapping[str, Any]


def exchange_for(user: User, text: str) -> Exchange:
    """The exchange of an address, as its page would find it."""
    rows = Exchange.objects.visible_to(user).select_related("group", "chair", "district", "signed_by")
    return one_of(rows, text)


def check_was_held(exchange: Exchange) -> None:
    if exchange.held_at is None:
        raise InvalidTransition(
            _("会还没有开，没有会议纪要。"), next_step=_("会前请做“月度交流会材料”；开会以后再做纪要。")
        )


class ExchangeForm(PackForm):
    """Asks nothing: the address names the exchange."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.exchange = exchange_for(self.user, self.query.get("exchange", ""))

    def parameters(self) -> dict[str, Any]:
        return {"exchange": str(self.exchange.pk)}

    def shown(self) -> list[tuple[str, str]]:
        return [(_("月交流"), f"{self.exchange.number} {self.exchange.heading}")]

    def told(self) -> str:
        return self.exchange.number


class MinutesForm(ExchangeForm):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        check_was_held(self.exchange)


# --- what is handed out before the meeting


def material(wanted: Wanted) -> Document:
    exchange = exchange_for(wanted.user, wanted.parameters["exchange"])
    rows = {item.pk: item for item in agenda_of(exchange)}
    found = told_parts(wanted.user, exchange, list(rows.values()))
    wanted.tell(60)
    asked = listed(row.user.name for row in exchange.attendance.select_related("user"))
    parts = [
        Part(numbered(part["number"], part["label"]), _told(part, exchange, rows), part["section"]) for part in found
    ]
    more = appendices(asked_of(wanted.user, exchange.period), {}, first=len(parts) + 1)
    heads = [
        table["heads"]
        for part in found
        for item in part["items"]
        if item["figures"]
        for table in item["figures"]["tables"]
    ]
    return Document(
        _("月度交流会材料"),
        [Part("", [_notice(exchange)], "notice"), *parts, *more],
        organisation=exchange.district.name,
        subtitle=exchange.heading,
        number=exchange.number,
        meta=_lines([
                (_("月交流"), Value(exchange.number, "text", reverse("exchanges:exchange", args=[exchange.pk]))),
                (_("参会"), asked), (_("列席"), exchange.guests), (_("议程更新"), exchange.refreshed_at),
            ]),
        note=_("每个数字都可以点开到它计的那些行；行是今天的，数字是定格时的。"),
        landscape=any(len(one) > MOST_UPRIGHT for one in heads),
    )  # fmt: skip


def _notice(exchange: Exchange) -> Block:
    return sentence(
        _("%(exchange)s：%(when)s，%(place)s，%(chair)s主持。"),
        exchange=exchange.heading,
        when=exchange.when or _("时间待定"), place=exchange.place or _("地点待定"), chair=exchange.chair.name,
    )  # fmt: skip


def _lines(found: Sequence[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    return [(label, value) for label, value in found if value]


def _told(part: Shown, exchange: Exchange, rows: Mapping[int, AgendaItem]) -> list[Block]:
    items, section = part["items"], Section(part["section"])
    if section in FIGURES:
        return [block for item in items for block in _figures(item)] or [paragraph(_("这个月没有。"))]
    if not items:
        return [paragraph(_("没有。"))]
    if section == Section.FOCUS:
        return [block for item in items for block in _focus(item)] or [paragraph(_("没有。"))]
    columns, line = _TABLES[section]
    return [Table("", columns(), [line(item, rows[item["pk"]], exchange) for item in items])]


def _focus(item: Shown) -> list[Block]:
    """The product's own point has no title beside its heading."""
    title = [paragraph(item["title"])] if item["by_hand"] else []
    return [*title, *paragraphs(item["text"])]


def _figures(item: Shown) -> list[Block]:
    shown = item["figures"]
    if not shown["at"]:
        return [paragraph(_("这个月没有。"))]
    whole = [of(one["found"]) for one in shown["whole"]]
    tables: list[Block] = [_figure_table(one) for one in shown["tables"] if one["rows"]]
    return [
        *([figures(whole)] if whole else []),
        *(tables or [paragraph(_("这个月没有。"))]),
        paragraph(_("数字定格在 %(day)s，点开是这些行。") % {"day": shown["at"]}),
        *paragraphs(item["text"]),
    ]


def _figure_table(shown: Shown) -> Table:
    found = [[row["cells"][place]["found"] for row in shown["rows"]] for place in range(len(shown["heads"]))]
    kinds: list[Kind] = [
        next((kind_of(one.figure.indicator) for one in column if one is not None), "count") for column in found
    ]
    rows = [
        [row["label"], *(_figure(cell["found"], kind) for cell, kind in zip(row["cells"], kinds, strict=True))]
        for row in shown["rows"]
    ]
    heads = [Column(head, kind, 10) for head, kind in zip(shown["heads"], kinds, strict=True)]
    return Table("", [Column(shown["label"], width=14), *heads], rows)


def _figure(found: Frozen | None, kind: Kind) -> Value:
    """Where nothing was counted, a count is 0 and a rate has no value."""
    return Value(0 if kind == "count" else None, kind) if found is None else of(found)


def _said(item: Shown) -> str:
    return "\n".join(filter(None, [item["quote"], item["text"]]))


def _number(item: Shown) -> Value:
    return Value(item["number"], "text", item["url"])


def _decision(item: Shown, row: AgendaItem, exchange: Exchange) -> list[Cell]:
    decision = row.decision
    return [
        _number(item), item["title"], decision.owner.name if decision else "", decision.due_on if decision else None,
        item["state"], _said(item),
    ]  # fmt: skip


def _decision_columns() -> list[Column]:
    return [
        Column(_("编号"), width=9), Column(_("事项"), width=18), Column(_("责任人"), width=8), Column(_("时限"), "date", 13),
        Column(_("状态"), width=8), Column(_("落实情况"), width=16),
    ]  # fmt: skip


def _typical(item: Shown, row: AgendaItem, exchange: Exchange) -> list[Cell]:
    amount = Decimal(row.data.get("amount") or 0)
    return [
        _number(item), item["title"], Value(row.data.get("workers") or None, "count"), Value(amount or None, "money"),
        row.data.get("department", ""), _said(item),
    ]  # fmt: skip


def _typical_columns() -> list[Column]:
    return [
        Column(_("编号"), width=9), Column(_("案例"), width=16), Column(_("受益人数"), "count", 7),
        Column(_("追回金额（元）"), "money", 10), Column(_("办理部门"), width=10), Column(_("结果"), width=18),
    ]  # fmt: skip


def _unsettled(item: Shown, row: AgendaItem, exchange: Exchange) -> list[Cell]:
    deadline = row.issue.deadline if row.issue else None
    return [
        _number(item), item["title"], item.get("department", ""), item.get("standing", ""), deadline.due_on if deadline else None,
        Value(row.data.get("late_days") or None, "count"), _said(item),
    ]  # fmt: skip


def _unsettled_columns() -> list[Column]:
    return [
        Column(_("编号"), width=9), Column(_("诉求"), width=16), Column(_("责任部门"), width=10), Column(_("状态"), width=8),
        Column(_("期限"), "date", 14), Column(_("超期天数"), "count", 6), Column(_("原因"), width=16),
    ]  # fmt: skip


def _answer(item: Shown, row: AgendaItem, exchange: Exchange) -> list[Cell]:
    return [_number(item), row.data.get("firm", ""), item["title"], _said(item)]


def _answer_columns() -> list[Column]:
    return [
        Column(_("编号"), width=9),
        Column(_("企业"), width=14),
        Column(_("诉求"), width=16),
        Column(_("答复"), width=22),
    ]


def _question(item: Shown, row: AgendaItem, exchange: Exchange) -> list[Cell]:
    return [item["title"], Value(row.data.get("times"), "count"), row.data.get("basis", ""), _said(item)]


def _question_columns() -> list[Column]:
    return [
        Column(_("问题"), width=14),
        Column(_("次数"), "count", 6),
        Column(_("依据"), width=14),
        Column(_("解释口径"), width=24),
    ]


Line = Callable[[Shown, AgendaItem, Exchange], list[Cell]]
_TABLES: dict[Section, tuple[Callable[[], list[Column]], Line]] = {
    Section.DECISIONS: (_decision_columns, _decision),
    Section.TYPICAL: (_typical_columns, _typical),
    Section.UNRESOLVED: (_unsettled_columns, _unsettled),
    Section.CONSULT: (_unsettled_columns, _unsettled),
    Section.ANSWERS: (_answer_columns, _answer),
    Section.QUESTIONS: (_question_columns, _question),
}


# --- what is kept of the meeting


def minutes(wanted: Wanted) -> Document:
    exchange = exchange_for(wanted.user, wanted.parameters["exchange"])
    # It may have gone back to its preparation since it was asked for.
    check_was_held(exchange)
    found = [part for part in told_parts(wanted.user, exchange) if part["items"]]
    wanted.tell(60)
    made: list[tuple[str, list[Block], str]] = [(str(part["label"]), _minuted(part), part["section"]) for part in found]
    if exchange.summary:
        made.append((_("会议小结"), list(paragraphs(exchange.summary)), "summary"))
    made.append((_("议定事项"), [_decided(exchange)], "decided"))
    people = list(exchange.attendance.select_related("user"))
    signed = exchange.signed_by.name if exchange.signed_by else ""
    return Document(
        _("会议纪要") if exchange.state == ExchangeState.SIGNED else _("会议纪要（草稿）"),
        [Part(numbered(number, label), blocks, code) for number, (label, blocks, code) in enumerate(made, start=1)],
        organisation=exchange.district.name,
        subtitle=exchange.heading,
        number=exchange.number,
        meta=_lines(
            [
                (_("时间"), exchange.held_at), (_("地点"), exchange.place), (_("主持人"), exchange.chair.name),
                (_("到会"), listed(row.user.name for row in people if row.present)),
                (_("未到"), listed(row.user.name for row in people if not row.present)),
                (_("列席"), exchange.guests), (_("签发人"), signed), (_("签发时间"), exchange.closed_at),
            ]
        ),
        signatures=[_("主持人"), _("记录人"), _("签发人")],
    )  # fmt: skip


def _minuted(part: Shown) -> list[Block]:
    """Headline figures with what was said to them; of everything else each point with its minutes."""
    items = part["items"]
    if part["section"] in FIGURES:
        whole = [of(one["found"]) for item in items for one in item["figures"]["whole"]]
        said = [line for item in items for line in paragraphs(item["note"])]
        return [*([figures(whole)] if whole else []), *(said or [paragraph(_("没有会议记录。"))])]
    rows: list[list[Cell]] = [[_number(item), item["title"], item["note"] or _("没有会议记录。")] for item in items]
    if not any(item["number"] for item in items):
        return [Table("", [Column(_("议题"), width=14), Column(_("会议记录"), width=30)], [row[1:] for row in rows])]
    columns = [Column(_("编号"), width=8), Column(_("议题"), width=14), Column(_("会议记录"), width=24)]
    return [Table("", columns, rows)]


def _decided(exchange: Exchange) -> Table:
    decisions = exchange.decisions.select_related("owner", "issue", "deadline").order_by("pk")
    rows: list[list[Cell]] = [
        [Value(row["number"], "text", row["url"]), row["text"], row["owner"], row["due_on"], row["state"]]
        for row in decision_rows(decisions)
    ]
    columns = [
        Column(_("编号"), width=9), Column(_("事项"), width=24), Column(_("责任人"), width=8), Column(_("时限"), "date", 13),
        Column(_("状态"), width=8),
    ]  # fmt: skip
    return Table("", columns, rows, empty=_("没有议定事项。"))


def declare() -> None:
    register_pack(
        Pack(
            code="exchange_material", documents="D4", title=gettext_lazy("月度交流会材料"), note=gettext_lazy("一次月交流的议程和定格的数字"),
            icon="people", roles=CASE_ROLES, form=ExchangeForm, gather=material, listed=False,
            sections=("notice", *(section.value for section in Section), APPENDICES),
        )
    )  # fmt: skip
    register_pack(
        Pack(
            code="exchange_minutes", documents="D5", title=gettext_lazy("会议纪要"), note=gettext_lazy("一次月交流的会议记录和议定事项"),
            icon="journal-text", roles=CASE_ROLES, form=MinutesForm, gather=minutes,
            listed=False, sections=(*(section.value for section in Section), "summary", "decided"),
        )
    )  # fmt: skip
