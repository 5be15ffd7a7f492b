"""The ledger that an office kept of a programme, read by the labels of its columns; every doubt is told before anything is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unionops.casework.reference import towns
from unionops.casework.sheets import (
    Cell,
    DateContext,
    Field,
    Layout,
    Sheet,
    Unread,
    UnreadableFile,
    find_layout,
    is_blank,
    open_workbook,
    plain,
    read_count,
    read_date,
    read_tick,
    show,
    text_of,
)
from unionops.casework.sheets.dates import find_year
from unionops.casework.sheets.headers import SEARCHED_ROWS
from unionops.china.errors import InvalidValue
from unionops.china.identity import read_identity
from unionops.china.phones import read_phone
from unionops.org.models import Enterprise

from .enums import Applicant, Channel, FieldKind
from .extra import Extra
from .models import Programme
from .shapes import ShapeKind, kind_for

KIND = "service"
MOST_ROWS = 5000
LARGEST = Decimal(10) ** 12
_EXTRA = "extra_"
# What is not a person, where the directory does not know it.
FIRM_ENDINGS = ("公司", "厂", "店", "中心", "合作社", "工会", "学校", "医院", "集团", "所", "社")

NAME = Field(
    "name", gettext_lazy("姓名或单位名称"),
    ("姓名", "单位", "姓名或单位名称", "服务对象", "单位名称", "企业名称", "申请人", "申请人姓名", "职工姓名", "名称", "点单企业", "站点名称", "活动名称"),
    required=True,
)  # fmt: skip
COMMON = (
    NAME,
    Field("phone", gettext_lazy("电话"), ("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式")),
    Field("identity", gettext_lazy("身份证号"), ("身份证号", "身份证", "身份证号码", "证件号", "证件号码", "公民身份号码")),
    Field("town", gettext_lazy("镇街"), ("镇街", "街道", "乡镇", "镇街道", "所属镇街", "所属街道")),
    Field("on", gettext_lazy("日期"), ("日期", "登记日期", "申请日期", "受理日期", "登记时间", "申请时间", "时间")),
    Field("state", gettext_lazy("状态"), ("状态", "办理状态", "办理情况", "进度", "结果")),
    Field("people", gettext_lazy("服务人数"), ("服务人数", "人数", "参加人数", "人次", "服务人次")),
    Field("description", gettext_lazy("情况"), ("情况", "备注", "说明", "情况说明", "内容")),
)  # fmt: skip
AMOUNT = Field(
    "amount", gettext_lazy("金额（元）"), ("金额", "金额元", "申请金额", "发放金额", "补助金额", "批准金额", "奖励金额")
)


@dataclass(frozen=True)
class Problem:
    """Why a row is not taken: the column as the table calls it, what stands there, and what is wrong with it."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class LedgerRow:
    """One row as it will be written."""

    number: int
    name: str = ""
    applicant_kind: str = Applicant.PERSON
    enterprise: Enterprise | None = None
    phone: str = ""
    identity: str = ""
    town_id: int | None = None
    on: datetime.date | None = None
    state: str = ""
    people: int = 0
    amount: Decimal | None = None
    description: str = ""
    extras: dict[str, Any] = field(default_factory=dict)


@dataclass
class Ledger:
    """What a file holds for a programme."""

    rows: list[LedgerRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return len({problem.row for problem in self.problems})


def fields_of(programme: Programme) -> tuple[Field, ...]:
    """What a table of this programme may have columns for: what every case has, then the programme's own by label."""
    kind = kind_for(programme.shape)
    money = (AMOUNT,) if has_amount(kind) else ()
    own = tuple(Field(f"{_EXTRA}{extra.key}", extra.label, (extra.label,)) for extra in programme.extras)
    taken = {plain(one.label) for one in own}  # type: ignore[arg-type]
    # A field of the programme's own is meant where both have the same name.
    common = tuple(
        Field(one.name, one.label, tuple(word for word in one.words if plain(word) not in taken), one.required)
        for one in (*COMMON, *money)
    )
    return (*common, *own)


def has_amount(kind: ShapeKind) -> bool:
    return any(one.name == "amount_asked" for one in kind.model._meta.concrete_fields)


def read(path: Path, programme: Programme, *, name: str = "", today: datetime.date) -> Ledger:
    """Read every sheet that has a header; raises ``UnreadableFile`` in words where there is nothing to read."""
    book = open_workbook(path, name)
    fields = fields_of(programme)
    found = Ledger()
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        head = [row for row, _number in zip(sheet.rows(), range(SEARCHED_ROWS), strict=False)]
        layout = find_layout(head, {KIND: fields}, sheet.merges())
        if layout is not None:
            year = find_year(f"{name} {sheet.name} {' '.join(text_of(cell) for row in head[:3] for cell in row)}")
            _read_sheet(found, _Reader(programme, layout, DateContext(year=year, today=today)), sheet, layout)
    if not found.columns:
        wanted = "、".join(str(one.label) for one in fields[:6])
        raise UnreadableFile(
            "header", _("没有找到表头。请确认有一行列名，其中有“姓名”或“单位”，例如：%(names)s。") % {"names": wanted}
        )
    return found


def _read_sheet(found: Ledger, reader: _Reader, sheet: Sheet, layout: Layout) -> None:
    found.columns += [str(one.label) for one in reader.fields if one.name in layout.mapping.columns]
    found.unused += [choice.header for choice in layout.mapping.unused if choice.header]
    for number, cells in enumerate(sheet.rows(), start=1):
        if number <= layout.last_row + 1 or all(is_blank(cell) for cell in cells):
            continue
        if len(found.rows) + found.refused >= MOST_ROWS:
            raise UnreadableFile("long", _("一次最多导入 %(most)d 行，请分成几个文件。") % {"most": MOST_ROWS})
        row, problems = reader.row(number, cells)
        if row is not None and not problems:
            found.rows.append(row)
        found.problems += problems


class _Reader:
    """Reads the rows of one sheet; knows the towns, the firms and the states by their names."""

    def __init__(self, programme: Programme, layout: Layout, context: DateContext) -> None:
        self.programme, self.layout, self.context = programme, layout, context
        self.fields = fields_of(programme)
        self.extras = {f"{_EXTRA}{extra.key}": extra for extra in programme.extras}
        self.towns = {
            plain(word): unit.id for unit in towns(programme.district_id) for word in (unit.name, unit.short_name) if word
        }  # fmt: skip
        self.firms = {
            plain(firm.name): firm for firm in Enterprise.objects.filter(district=programme.district_id).only("pk", "name", "town_id")
        }  # fmt: skip
        kind = kind_for(programme.shape)
        brought: Any = kind.model.objects.filter(programme=programme, channel=Channel.IMPORT)
        # Who came on which day by an earlier ledger: a file that was mended is brought again as a whole.
        self.known = set(brought.values_list("applicant_name", "registered_at__date"))
        self.states = {}
        for state, label in kind.states.choices:
            for word in (label, programme.word("state", state, label)):
                self.states[plain(str(word))] = state

    def row(self, number: int, cells: list[Cell]) -> tuple[LedgerRow | None, list[Problem]]:
        row, problems = LedgerRow(number), []
        for name, choice in self.layout.mapping.columns.items():
            cell: Cell = cells[choice.column] if choice.column < len(cells) else ""
            if is_blank(cell):
                continue
            try:
                self._keep(row, name, cell)
            except (InvalidValue, ValueError) as error:
                problems.append(Problem(number, choice.header, show(cell)[:60], str(error)))
        if not row.name and Applicant.ANONYMOUS not in self.programme.applicants:
            # A line of totals or a remark below the table has no name.
            if not (row.phone or row.identity or row.on):
                return None, []
            problems.append(Problem(number, str(NAME.label), "", _("没有写姓名或单位名称。")))
        if row.name and (row.name, row.on or self.context.today) in self.known:
            problems.append(Problem(number, str(NAME.label), row.name, _("这一行已经导入过。")))
        self._place(row)
        return row, problems

    def _keep(self, row: LedgerRow, name: str, cell: Cell) -> None:
        if extra := self.extras.get(name):
            row.extras[extra.key] = value_of(extra, cell, self.context)
            return
        match name:
            case "name":
                row.name = text_of(cell)[:100]
            case "phone":
                row.phone = read_phone(text_of(cell)).number
            case "identity":
                row.identity = read_identity(text_of(cell)).number
            case "town":
                row.town_id = self._known(self.towns, cell, _("没有这个镇街。"))
            case "on":
                row.on = _day(cell, self.context)
            case "state":
                row.state = self._known(self.states, cell, _("这个项目没有这种状态。"))
            case "people":
                row.people = _whole(cell)
            case "amount":
                row.amount = _number(cell)
            case "description":
                row.description = text_of(cell)[:5000]

    def _known(self, known: Mapping[str, Any], cell: Cell, reason: str) -> Any:
        found = known.get(plain(text_of(cell)))
        if found is None:
            raise ValueError(reason)
        return found

    def _place(self, row: LedgerRow) -> None:
        """Whether it is a person, a firm or a union; a firm of the directory brings its town along."""
        kinds = self.programme.applicants
        firm = self.firms.get(plain(row.name)) if row.name else None
        units = [kind for kind in (Applicant.ENTERPRISE, Applicant.UNION) if kind in kinds]
        if not row.name and Applicant.ANONYMOUS in kinds:
            row.applicant_kind = Applicant.ANONYMOUS
            row.phone = row.identity = ""
        elif units and (firm is not None or Applicant.PERSON not in kinds or _is_unit(row.name)) and not row.identity:
            row.applicant_kind, row.enterprise = units[0], firm
            row.town_id = row.town_id or (firm.town_id if firm else None)
        else:
            row.applicant_kind = Applicant.PERSON if Applicant.PERSON in kinds else kinds[0]


def _is_unit(name: str) -> bool:
    return name.endswith(FIRM_ENDINGS) and len(name) > 4


def value_of(extra: Extra, cell: Cell, context: DateContext) -> Any:
    """A cell as a field of the programme keeps it."""
    match extra.kind:
        case FieldKind.WHOLE:
            return _whole(cell)
        case FieldKind.DECIMAL | FieldKind.MONEY:
            return str(_number(cell))
        case FieldKind.DAY:
            return _day(cell, context).isoformat()
        case FieldKind.YES_NO:
            ticked = read_tick(cell)
            if ticked is None:
                raise ValueError(_("应写是或否。"))
            return ticked
        case FieldKind.CHOICE:
            return _chosen(extra, text_of(cell))
        case FieldKind.MANY:
            parts = [part for part in text_of(cell).replace("，", "、").replace(",", "、").split("、") if part.strip()]
            return [_chosen(extra, part) for part in parts]
    return text_of(cell)[: 5000 if extra.kind == FieldKind.PARAGRAPH else 300]


def _chosen(extra: Extra, text: str) -> str:
    for choice in extra.choices:
        if plain(choice) == plain(text):
            return choice
    raise ValueError(_("应为：%(choices)s。") % {"choices": "、".join(extra.choices)})


def _day(cell: Cell, context: DateContext) -> datetime.date:
    try:
        return read_date(cell, context).on
    except Unread as error:
        reasons = {"future": _("日期在今天以后。"), "too_early": _("日期太早。")}
        raise ValueError(reasons.get(error.code) or _("日期看不明白，请写成 2026-11-20。")) from error


def _whole(cell: Cell) -> int:
    found = read_count(cell)
    if found is None or found > LARGEST:
        raise ValueError(_("应为整数。"))
    return found


def _number(cell: Cell) -> Decimal:
    text = show(cell).replace(",", "").replace("，", "").replace("￥", "").replace("¥", "").removesuffix("元").strip()
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(_("应为数字。")) from error
    if not found.is_finite() or not 0 <= found < LARGEST:
        raise ValueError(_("应为不小于零的数字。"))
    return found.quantize(Decimal("0.01"))


def labels(programme: Programme) -> Iterator[str]:
    """The columns that are understood, for the page that asks for the file."""
    return (str(one.label) for one in fields_of(programme))
