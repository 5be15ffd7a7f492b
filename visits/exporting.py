"""Lists as workbooks: typed cells, one row at a time from a server-side cursor, never a formula."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.db import models, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.forms import ChoiceField, Form
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from unionops.casework.enums import Satisfaction, Urgency
from unionops.casework.sheets.books import LONGEST_CELL, new_book
from unionops.joining import listed
from unionops.org.errors import ActionError
from unionops.org.events import record_event
from unionops.org.models import User

from .enums import IssueSource, IssueState, Policy, ResultKind, TargetType, VisitMode, VisitState
from .queries import category_words

Words = str | Promise
# What the format can hold, less the header.
MOST_ROWS = 1_048_575
_CHUNK = 2000


@dataclass(frozen=True)
class Column:
    label: Words
    # The value in the query, or an expression for it.
    source: Any
    width: int = 12
    # What a stored word is called; {} where the value stands for itself.
    words: Mapping[Any, Words] = field(default_factory=dict)
    # What a stored value is, where the database keeps numbers and days as text.
    read: Callable[[Any], Any] = lambda value: value


@dataclass(frozen=True)
class Table:
    """A list that can be exported; ``order`` is that of the page."""

    name: Words
    columns: Sequence[Column]
    order: Sequence[str]


def _labels(choices: type[models.Choices]) -> dict[Any, Words]:
    return dict(choices.choices)


def _name(path: str) -> Coalesce:
    return Coalesce(NullIf(F(f"{path}__short_name"), Value("")), F(f"{path}__name"))


ISSUES = Table(
    _lazy("诉求"),
    (
        Column(_lazy("编号"), "number"),
        Column(_lazy("标题"), "title", 44),
        Column(_lazy("一级类别"), Coalesce("category__parent__name", "category__name")),
        Column(_lazy("类别"), "category__name"),
        Column(_lazy("轻重缓急"), "urgency", 9, _labels(Urgency)),
        Column(_lazy("状态"), "state", 10, _labels(IssueState)),
        Column(_lazy("结果"), "result_kind", 10, _labels(ResultKind)),
        Column(_lazy("来源"), "source", 8, _labels(IssueSource)),
        Column(_lazy("单位"), "enterprise__name", 32),
        Column(_lazy("统一社会信用代码"), "enterprise__credit_code", 22),
        Column(_lazy("镇街"), _name("town")),
        Column(_lazy("反映日期"), "raised_on"),
        Column(_lazy("登记时间"), "registered_at", 17),
        Column(_lazy("跟进人"), "liaison__name", 9),
        Column(_lazy("主办科室"), _name("lead_department")),
        Column(_lazy("经办人"), "handler__name", 9),
        Column(_lazy("交办时间"), "dispatched_at", 17),
        Column(_lazy("签收时间"), "signed_at", 17),
        Column(_lazy("反馈时间"), "answered_at", 17),
        Column(_lazy("办结时间"), "closed_at", 17),
        Column(_lazy("当前期限"), "deadline__due_on"),
        Column(_lazy("涉及人数"), "claimant_count", 9),
        Column(_lazy("追回金额（元）"), "amount_recovered", 13),
        Column(_lazy("受益人数"), "workers_benefited", 9),
        Column(_lazy("满意度"), "satisfaction", 9, _labels(Satisfaction)),
        Column(_lazy("重办次数"), "reopen_count", 9),
        Column(_lazy("走访编号"), "visit__number"),
        Column(_lazy("情况"), "description", 44),
        Column(_lazy("诉求"), "demand", 32),
        Column(_lazy("答复内容"), "result_text", 44),
    ),
    ("-registered_at", "-pk"),
)

VISITS = Table(
    _lazy("走访"),
    (
        Column(_lazy("编号"), "number"),
        Column(_lazy("走访日期"), "visited_on"),
        Column(_lazy("开始时间"), "started_at", 9),
        Column(_lazy("驻联干部"), "officer__name", 9),
        Column(_lazy("陪同人员"), "companions", 16),
        Column(_lazy("镇街"), _name("town")),
        Column(_lazy("走访对象"), "target_type", 10, _labels(TargetType)),
        Column(_lazy("单位"), Coalesce("enterprise__name", "target_name"), 32),
        Column(_lazy("统一社会信用代码"), "enterprise__credit_code", 22),
        Column(_lazy("重点企业"), "is_key_enterprise", 9),
        Column(_lazy("走访方式"), "mode", 9, _labels(VisitMode)),
        Column(_lazy("联系人"), "contact_name", 10),
        Column(_lazy("联系人职务"), "contact_role", 12),
        Column(_lazy("职工人数"), "staff_count", 9),
        Column(_lazy("访谈人数"), "interviewee_count", 9),
        Column(_lazy("问题数"), "issue_count", 8),
        Column(_lazy("宣传的政策"), "policies", 20, _labels(Policy)),
        Column(_lazy("小结"), "summary", 60),
        Column(_lazy("下次打算"), "next_plan", 24),
        Column(_lazy("补录"), "late", 7),
        Column(_lazy("状态"), "state", 9, _labels(VisitState)),
        Column(_lazy("提交时间"), "submitted_at", 17),
    ),
    ("-visited_on", "-pk"),
)


def conditions(form: Any) -> list[tuple[str, str]]:
    """The filter of a list in the words of its form."""
    return [(str(form.fields[name].label), _shown(form, name, value)) for name, value in form.wanted.items()]


def _shown(form: Form, name: str, value: Any) -> str:
    field = form.fields[name]
    if isinstance(field, ChoiceField):
        for key, label in field.choices:  # type: ignore[misc, union-attr]
            options = label if isinstance(label, list | tuple) else [(key, label)]
            for option, words in options:
                if str(option) == str(value):
                    return str(words)
    return str(value)


@transaction.atomic
def export(
    table: Table,
    rows: QuerySet,
    target: IO[bytes],
    *,
    by: User,
    filtered_by: Sequence[tuple[str, str]],
    tell: Callable[[int], None] = lambda _rows: None,
) -> int:
    """Write what the queryset holds and say in the log who took it out. Returns the number of rows.

    ``tell`` hears after each batch how many rows are written.
    """
    now = timezone.localtime()
    book = new_book(target, row_by_row=True)
    told = _("%(name)s 于 %(time)s 导出") % {"name": f"{by.name}（{by.username}）", "time": f"{now:%Y-%m-%d %H:%M}"}
    book.set_properties({"title": str(table.name), "author": by.name, "comments": told})
    count = _write_rows(book, table, rows, told, tell)
    _write_about(book, table, told, filtered_by, count)
    book.close()
    data = {"list": str(table.name), "rows": count, "filter": dict(filtered_by)}
    record_event(by, "export", by=by, district_id=min(by.scope.member_of, default=None), data=data)
    return count


def _write_rows(book: xlsxwriter.Workbook, table: Table, rows: QuerySet, told: str, tell: Callable[[int], None]) -> int:
    sheet = book.add_worksheet(str(table.name))
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{told.replace('&', '&&')}&R&P / &N")
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, str(column.label), bold)
    writers = [_writer(book, sheet, place, column) for place, column in enumerate(table.columns)]
    number = 0
    for number, values in enumerate(_stream(table, rows), start=1):
        if number > MOST_ROWS:
            raise ActionError(_("超过 1,048,575 行，一张表放不下。"), next_step=_("请缩小筛选范围，分几次导出。"))
        for column, write, value in zip(table.columns, writers, values, strict=True):
            if value is not None and value != "":
                write(number, column.read(value))
        if number % _CHUNK == 0:
            tell(number)
    sheet.autofilter(0, 0, max(number, 1), len(table.columns) - 1)
    return number


def _stream(table: Table, rows: QuerySet) -> Iterator[tuple[Any, ...]]:
    """The keys in order from a server-side cursor, and what belongs to them a batch at a time.

    Ten joined tables sorted as a whole would take longer than any statement may.
    """
    wanted = [_expression(column) for column in table.columns]
    keys = rows.order_by(*table.order).values_list("pk", flat=True).iterator(chunk_size=_CHUNK)
    while batch := list(islice(keys, _CHUNK)):
        found = rows.model._default_manager.filter(pk__in=batch).order_by().values_list("pk", *wanted)
        values = {row[0]: row[1:] for row in found}
        yield from (values[key] for key in batch)


def _expression(column: Column) -> Any:
    if column.source == "category__name":
        return category_words("category__")
    return F(column.source) if isinstance(column.source, str) else column.source


Writer = Callable[[int, Any], Any]


def _writer(book: xlsxwriter.Workbook, sheet: Any, place: int, column: Column) -> Writer:
    formats = {
        datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        datetime.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime.time: book.add_format({"num_format": "hh:mm"}),
        Decimal: book.add_format({"num_format": "#,##0.00"}),
    }
    words = {value: str(label) for value, label in column.words.items()}
    yes, no = _("是"), _("否")

    def write(row: int, value: Any) -> None:
        match value:
            case _ if words and not isinstance(value, list):
                sheet.write_string(row, place, words.get(value, str(value)))
            case bool():
                sheet.write_string(row, place, yes if value else no)
            case datetime.datetime():
                local = timezone.localtime(value).replace(tzinfo=None)
                sheet.write_datetime(row, place, local, formats[datetime.datetime])
            case datetime.date() | datetime.time():
                sheet.write_datetime(row, place, value, formats[type(value)])
            case Decimal():
                sheet.write_number(row, place, value, formats[Decimal])
            case int() | float():
                sheet.write_number(row, place, value)
            case list():
                sheet.write_string(row, place, listed(words.get(item, str(item)) for item in value))
            case _:
                sheet.write_string(row, place, str(value)[:LONGEST_CELL])

    return write


def _write_about(
    book: xlsxwriter.Workbook, table: Table, told: str, filtered_by: Sequence[tuple[str, str]], count: int
) -> None:
    sheet = book.add_worksheet(_("说明"))
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 60)
    lines = [(_("内容"), str(table.name)), (_("导出"), told), *filtered_by]
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label)
        sheet.write_string(row, 1, text)
    sheet.write_string(len(lines), 0, _("行数"))
    sheet.write_number(len(lines), 1, count)
    sheet.write_string(len(lines) + 1, 0, _("注意"))
    sheet.write_string(len(lines) + 1, 1, _("内部资料，只限工作使用；导出已记入日志。"))
