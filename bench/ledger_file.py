"""Writes a ledger of any length in the manner of offices: ten spellings of a date, merged visits, totals, mistakes."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import xlsxwriter

HEADERS = (
    "序号", "走访\n日期", "驻联干部", "镇（街）", "走访企业名称", "统一社会信用代码", "联系人", "联系电话", "职工\n人数", "走访方式",
    "问题诉求", "问题类别", "紧急程度", "承办科室", "办理情况", "备注",
)  # fmt: skip
_ISSUES = (
    ("新招{n}人未及时签订劳动合同", "劳动用工规范"), ("车间{n}名职工反映加班工资拖到月底没发", "工资"),
    ("申请小微企业工会经费返还{n}万元", "经费返还"), ("职工因病致困，医疗自付约{n}万元", "困难帮扶"),
    ("请求对接消防培训师资，约{n}人参加", "技能培训"), ("希望为{n}名青年职工组织联谊", "交友婚恋"),
    ("想办{n}个名额的暑期爱心托管班", "托育子女"), ("电动车停车位缺{n}个，雨天进水", "生产生活条件"),
)  # fmt: skip
_MODES = ("实地", "电话", "线上", "座谈", "实地走访", "")
_URGENCY = ("一般", "", "急", "特急", "缓", "一般")
_RESULTS = ("已解决", "已办结", "√", "已落实", "当场解释", "办理中", "")
_DEPARTMENTS = ("权保部", "职工服务中心", "组宣部", "", "权益保障部")


def write_ledger(
    path: Path, rows: int, *, firms: list[tuple[str, str, str]], cadres: list[str], year: int = 2024, seed: int = 4
) -> None:
    """``firms`` are (name, credit code, town). One visit in eight has a second issue in a merged row of its own."""
    pick = random.Random(seed)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": False, "strings_to_urls": False})
    sheet = book.add_worksheet("走访及问题台账")
    day_format = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(0, 0, f"越城区总工会{year}年走访及问题台账")
    for column, header in enumerate(HEADERS):
        sheet.write(2, column, header)
    row = 3
    number = 0
    while row < rows + 3:
        number += 1
        if number % 500 == 0:
            sheet.write(row, 1, "小计")
            sheet.write(row, 8, 500)
            row += 1
            continue
        _write_visit(sheet, row, number, pick, firms, cadres, year, day_format)
        with_issue = pick.random() < 0.62
        if with_issue:
            _write_issue(sheet, row, pick)
            if pick.random() < 0.12 and row + 1 < rows + 3:
                for column in range(1, 10):
                    sheet.merge_range(row, column, row + 1, column, None) if column == 1 else None
                row += 1
                _write_issue(sheet, row, pick)
        else:
            sheet.write(row, 10, "无")
        row += 1
    book.close()


def _write_visit(sheet, row, number, pick, firms, cadres, year, day_format) -> None:  # type: ignore[no-untyped-def]
    name, code, town = pick.choice(firms)
    day = datetime.date(year, 1, 1) + datetime.timedelta(days=pick.randrange(365))
    sheet.write(row, 0, number)
    match pick.randrange(5):
        case 0:
            sheet.write_datetime(row, 1, datetime.datetime.combine(day, datetime.time()), day_format)
        case 1:
            sheet.write(row, 1, f"{day.year}.{day.month}.{day.day}")
        case 2:
            sheet.write(row, 1, f"{day.year}年{day.month}月{day.day}日")
        case 3:
            sheet.write(row, 1, f"{day.month}月{day.day}日")
        case _:
            sheet.write(row, 1, day.isoformat())
    # One row in five hundred has a mistake.
    if pick.random() < 0.002:
        sheet.write(row, 1, f"{year}年2月30日")
    people = pick.sample(cadres, 2 if pick.random() < 0.15 else 1)
    sheet.write(row, 2, pick.choice("、 ，").join(people))
    sheet.write(row, 3, town if pick.random() < 0.8 else town.removesuffix("街道") + "街道总工会")
    sheet.write(row, 4, name)
    sheet.write(row, 5, code if pick.random() < 0.7 else "")
    sheet.write(row, 6, f"{pick.choice('王李张刘陈杨黄赵吴周')}{pick.choice('建国志明晓东丽娟秀英')}")
    phone = f"1{pick.choice('3578')}{pick.randrange(10**9):09d}"
    sheet.write(row, 7, int(phone) if pick.random() < 0.1 else phone)
    sheet.write(row, 8, pick.choice([24, 36, 60, "120人", "约640", 1500]))
    sheet.write(row, 9, pick.choice(_MODES))


def _write_issue(sheet, row, pick) -> None:  # type: ignore[no-untyped-def]
    text, category = pick.choice(_ISSUES)
    sheet.write(row, 10, text.format(n=pick.randrange(2, 90)))
    sheet.write(row, 11, category)
    sheet.write(row, 12, pick.choice(_URGENCY))
    sheet.write(row, 13, pick.choice(_DEPARTMENTS))
    sheet.write(row, 14, pick.choices(_RESULTS, (30, 20, 15, 10, 18, 5, 2))[0])
    if pick.random() < 0.3:
        sheet.write(row, 15, "已回访，满意")
