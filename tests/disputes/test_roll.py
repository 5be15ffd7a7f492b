"""A list of claimants, as people keep one: pasted or as a workbook, with a head or without."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from disputes.enums import Side
from disputes.roll import from_file, from_text

TITLED = (
    ("织造车间欠薪名单",),
    ("序号", "姓名", "身份证号", "联系电话", "欠薪金额", "备注"),
    (1, "沈月琴", "330602196501010012", "13812345678", 8600, ""),
    (),
    (2, "王立强", "", "138 1234 5679", "8,600.50 元", ""),
    ("", "合计", "", "", 17200.5, ""),
)


def workbook(rows) -> io.BytesIO:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    file.seek(0)
    return file


def test_workbook_with_title_head_and_sum() -> None:
    first, second = from_file(workbook(TITLED), "名单.xlsx", Side.APPLICANT)

    assert (first.name, first.identity, first.phone, first.amount) == (
        "沈月琴", "330602196501010012", "13812345678", Decimal("8600.00"),
    )  # fmt: skip
    assert (second.name, second.identity, second.amount) == ("王立强", "", Decimal("8600.50"))


def test_pasted_lines_are_known_by_what_stands_in_them() -> None:
    text = "1\t沈月琴\t13812345678\t8,600\t支付两个月工资\n王立强，13812345679，8600.5\n陈阿婆\n\n合计,17200.5"
    found = from_text(text, Side.RESPONDENT)

    assert [(one.name, one.phone, one.amount, one.claims) for one in found] == [
        ("沈月琴", "13812345678", Decimal("8600.00"), "支付两个月工资"),
        ("王立强", "13812345679", Decimal("8600.50"), ""),
        ("陈阿婆", "", Decimal("0.00"), ""),
    ]
    assert {one.side for one in found} == {Side.RESPONDENT}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("姓名,金额\n沈月琴,八千六", "第 2 行 沈月琴：金额“八千六”不是数"),
        ("姓名,金额\n沈月琴,1.005", "第 2 行 沈月琴：金额“1.005”不是数"),
        ("姓名,身份证号\n沈月琴,330602196501010013", "第 2 行 沈月琴"),
        ("13812345678", "第 1 行没有姓名"),
        ("姓名\n", "名单里没有人"),
        ("\n".join(f"王{number}" for number in range(501)), "一次最多 500 人"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        from_text(text, Side.APPLICANT)
