import datetime as dt
import functools
import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionops.casework.sheets import (
    DateContext,
    Field,
    Mapping,
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
from unionops.casework.sheets.cells import is_rounded
from unionops.casework.sheets.dates import find_month, find_year
from unionops.casework.sheets.headers import apply_mapping

LEDGERS = Path(__file__).parent.parent / "ledgers"
TODAY = dt.date(2026, 11, 21)
IN_2024 = DateContext(2024, None, TODAY)


# Opening


def test_workbook_gives_rows_from_the_first_row_and_column():
    sheet = _sheet({"C3": "走访日期", "D4": 5, "D5": "=1+1"})

    assert [list(row) for row in sheet.rows()] == [
        ["", "", "", ""],
        ["", "", "", ""],
        ["", "", "走访日期", ""],
        ["", "", "", 5.0],
    ]


def test_rows_can_be_read_again():
    sheet = _sheet({"A1": "一", "A2": "二"})

    assert list(sheet.rows()) == list(sheet.rows()) == [["一"], ["二"]]


def test_hidden_sheet_is_marked():
    workbook = openpyxl.Workbook()
    workbook.active.title = "台账"
    workbook.create_sheet("草稿").sheet_state = "hidden"

    sheets = open_workbook(_bytes(workbook)).sheets

    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("台账", False), ("草稿", True)]


def test_merged_cells_are_known():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "标题"
    workbook.active.merge_cells("A1:C1")

    assert list(open_workbook(_bytes(workbook)).sheets[0].merges()) == [((0, 0), (0, 2))]


def test_workbook_without_content_has_no_rows():
    assert list(_sheet({}).rows()) == []


def test_old_workbook_is_read():
    sheet = open_workbook(LEDGERS / "legacy.xls").sheets[0]

    rows = list(sheet.rows())

    assert sheet.name == "企业"
    assert rows[1][0] == "单位名称"
    assert rows[3][3] == "120人"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_table_in_any_usual_encoding(encoding, delimiter):
    text = f"姓名{delimiter}镇街\r\n㐂𠮷{delimiter}塔山街道\r\n"

    sheet = open_workbook(text.encode(encoding), "干部.csv").sheets[0]

    assert sheet.name == "干部"
    assert list(sheet.rows()) == list(sheet.rows()) == [["姓名", "镇街"], ["㐂𠮷", "塔山街道"]]


def test_text_table_keeps_quoted_lines_and_unwraps_protected_numbers():
    sheet = open_workbook('名称,代码\n"甲\n乙","=""00123"""\n'.encode(), "a.csv").sheets[0]

    assert list(sheet.rows())[1] == ["甲\n乙", "00123"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no container", "damaged"),
        (bytes(range(256)) * 10, "encoding"),
        (b"a,b\n" + b"\xff\xff\xff", "encoding"),
        (b'a,"' + b"x" * 200_000 + b"\n", "csv"),
        (b"," * 5000 + b"\n", "wide"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, code):
    with pytest.raises(UnreadableFile) as caught:
        list(open_workbook(content, "a.csv").sheets[0].rows())

    assert caught.value.code == code
    assert str(caught.value)


def test_archive_that_is_no_workbook_is_refused():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("readme.txt", "hello")

    assert _refusal(archive.getvalue()) == "damaged"


def test_truncated_workbook_is_refused():
    content = _bytes(openpyxl.Workbook())

    assert _refusal(content[: len(content) // 2]) == "damaged"


def test_locked_workbooks_say_so():
    container = bytearray((LEDGERS / "legacy.xls").read_bytes())
    name, locked = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    place = container.index(name)
    container[place : place + len(locked)] = locked
    container[place + 64 : place + 66] = struct.pack("<H", len(locked) + 2)

    assert _refusal(bytes(container)) == "password"


def test_locked_old_workbook_says_so():
    content = (LEDGERS / "legacy.xls").read_bytes()
    # The first record after the beginning of the workbook becomes FILEPASS.
    begin = content.index(struct.pack("<HH", 0x0809, 16))
    record = begin + 4 + 16

    assert _refusal(content[:record] + struct.pack("<H", 0x002F) + content[record + 2 :]) == "password"


# Bombs


@functools.cache
def _bomb() -> bytes:
    return _packed({"xl/worksheets/sheet1.xml": b"<row/>" * 40_000_000})


def test_archive_bomb_is_refused_without_unpacking_it():
    content = _bomb()
    assert len(content) < 2_000_000

    tracemalloc.start()
    assert _refusal(content) == "bomb"
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 40_000_000


def test_archive_that_lies_about_its_size_is_refused():
    honest = _bomb()
    size = struct.pack("<I", 240_000_000)
    assert honest.count(size) == 2

    assert _refusal(honest.replace(size, struct.pack("<I", 1000))) == "bomb"


def test_archive_of_many_parts_is_refused():
    assert _refusal(_packed({f"part{n}": b"" for n in range(2001)})) == "bomb"


def test_one_far_cell_is_refused_before_the_table_is_made():
    """The parser keeps a dense table: these five kilobytes would ask for 512 GB and end the process."""
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "走访日期"
    workbook.active["XFD1048576"] = 5
    content = _bytes(workbook)

    assert len(content) < 6000
    assert _refusal(content) == "far_cells"


def test_far_cell_in_a_row_that_claims_to_be_near_is_refused():
    rows = b'<row r="1"><c r="A1"><v>1</v></c><c r="P1048576"><v>1</v></c></row>'

    assert _refusal(_with_sheet(rows)) == "far_cells"


def test_far_cell_between_two_pieces_is_seen():
    padding = b'<row r="1"><c r="A1"><v>' + b"1" * ((1 << 22) - 30) + b"</v></c></row>"
    rows = padding + b'<row r="2"><c r="XFD2"><v>1</v></c></row><row r="1000000"><c r="A1000000"><v>1</v></c></row>'

    assert _refusal(_with_sheet(rows)) == "far_cells"


def test_far_cells_of_an_old_workbook_are_refused():
    assert _refusal((LEDGERS / "legacy-far-cells.xls").read_bytes()) == "far_cells"


def test_blank_formatted_cells_far_away_are_harmless():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "走访日期"
    workbook.active["XFD1048576"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    assert list(open_workbook(_bytes(workbook)).sheets[0].rows()) == [["走访日期"]]


def test_wide_sheet_within_the_limits_is_read():
    workbook = openpyxl.Workbook()
    workbook.active.append([f"列{n}" for n in range(60)])

    assert len(next(open_workbook(_bytes(workbook)).sheets[0].rows())) == 60


# Cells


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (24.0, "24"),
        (24.5, "24.5"),
        (True, "是"),
        (13812345678.0, "13812345678"),
        (dt.date(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5, 14, 30), "2024-03-05 14:30"),
        ("文字", "文字"),
    ],
)
def test_cell_as_the_page_shows_it(cell, shown):
    assert show(cell) == shown
    assert text_of(cell) == shown


def test_text_in_one_line_without_invisible_characters():
    assert text_of(" 绍兴\u200b市\n新澳 ") == "绍兴市 新澳"


@pytest.mark.parametrize(
    ("cell", "blank"), [("", True), (" \n\u3000", True), ("无", False), (0.0, False), (False, False)]
)
def test_blank(cell, blank):
    assert is_blank(cell) is blank


def test_long_code_typed_as_a_number_has_lost_its_end():
    assert is_rounded(9.133060070000000e17) is True
    assert is_rounded(13812345678.0) is False
    assert is_rounded("913306007000000000") is False


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (120.0, 120),
        ("120人", 120),
        ("约8", 8),
        ("近200余名", 200),
        ("1,200", 1200),
        ("１２０", 120),
        ("80-100", 80),
        ("1.2万", 12000),
        ("2千多", 2000),
        ("二十三名", 23),
        ("一百零五", 105),
        ("十二", 12),
        ("", None),
        ("若干", None),
        (-5.0, None),
        (True, None),
        (dt.date(2024, 1, 1), None),
    ],
)
def test_head_count(cell, count):
    assert read_count(cell) == count


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("是", True),
        ("√", True),
        ("Y", True),
        (1.0, True),
        (True, True),
        ("否", False),
        ("×", False),
        ("不是", False),
        ("", False),
        (0.0, False),
        ("也许", None),
        (5.0, None),
    ],
)
def test_tick(cell, answer):
    assert read_tick(cell) is answer


def test_words_are_compared_without_punctuation_and_width():
    assert plain("镇（街）") == plain("镇 街") == plain("镇(街):") == "镇街"
    assert plain("ＡＢ c") == "abc"


# Dates


@pytest.mark.parametrize(
    "cell",
    [
        dt.date(2024, 3, 5),
        dt.datetime(2024, 3, 5),
        45356.0,
        45356,
        "45356",
        20240305.0,
        "2024.3.5",
        "2024.03.05",
        "2024-3-5",
        "2024/3/5",
        "2024年3月5日",
        "2024年3月5号",
        "2024 年 3 月 5 日",
        "２０２４-３-５",
        "2024．3．5",
        "2024、3、5",
        "20240305",
        "24.3.5",
        "24年3月5日",
        "3月5日",
        "3月5号",
        "3.5",
        "3/5",
        "3-5",
        "三月五日",
        "二〇二四年三月五日",
        "二零二四年三月五号",
        "2024-03-05（周二）",
        "3月5日 星期二",
    ],
)
def test_spellings_of_one_day(cell):
    assert read_date(cell, IN_2024).on == dt.date(2024, 3, 5)


@pytest.mark.parametrize(
    ("cell", "half", "at"),
    [
        ("2024-03-05 上午", "am", None),
        ("2024年3月5日下午", "pm", None),
        ("上午 2024.3.5", "am", None),
        ("2024-03-05 14:30", "pm", dt.time(14, 30)),
        ("3月5日下午3点", "pm", dt.time(15, 0)),
        ("3月5日9时20分", "am", dt.time(9, 20)),
        (dt.datetime(2024, 3, 5, 9, 30), "am", dt.time(9, 30)),
        ("2024-03-05", "", None),
    ],
)
def test_time_of_day(cell, half, at):
    reading = read_date(cell, IN_2024)

    assert (reading.on, reading.half, reading.at) == (dt.date(2024, 3, 5), half, at)


@pytest.mark.parametrize(
    ("cell", "until"),
    [
        ("3月5日至7日", dt.date(2024, 3, 7)),
        ("3月5日-3月7日", dt.date(2024, 3, 7)),
        ("3.5-3.7", dt.date(2024, 3, 7)),
        ("2024.3.5-2024.3.7", dt.date(2024, 3, 7)),
        ("2024年3月5日—4月1日", dt.date(2024, 4, 1)),
        ("2024-03-05 14:30-16:00", None),
        ("3月5日", None),
    ],
)
def test_several_days(cell, until):
    reading = read_date(cell, IN_2024)

    assert (reading.on, reading.until) == (dt.date(2024, 3, 5), until)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "missing"),
        (" ", "missing"),
        ("2024年2月30日", "unreal"),
        ("2024-13-01", "unreal"),
        ("0月5日", "unreal"),
        (20240230.0, "unreal"),
        ("3月上旬", "vague"),
        ("3月", "vague"),
        ("2024.3", "vague"),
        ("2024年3月份", "vague"),
        ("5", "vague"),
        ("12/3/24", "vague"),
        ("31.12.24", "vague"),
        ("不详", "unreadable"),
        ("每周五", "unreadable"),
        ("3.5.7", "unreadable"),
        (True, "unreadable"),
        (dt.time(9, 0), "unreadable"),
        (3.5, "number"),
        (12.0, "number"),
        (2024.3, "number"),
        (dt.date(2026, 11, 22), "future"),
        ("2026-11-20至11-25", "future"),
        (dt.date(1924, 3, 5), "too_early"),
        ("1985-03-05", "too_early"),
    ],
)
def test_uncertain_date_is_handed_back(cell, code):
    with pytest.raises(Unread) as caught:
        read_date(cell, IN_2024)

    assert caught.value.code == code


def test_day_and_month_need_a_year_from_the_title():
    with pytest.raises(Unread) as caught:
        read_date("3月5日", DateContext(None, None, TODAY))

    assert caught.value.code == "no_year"


@pytest.mark.parametrize("cell", ["5日", "5", "5号", 5.0])
def test_day_alone_needs_the_month_of_the_sheet(cell):
    assert read_date(cell, DateContext(2024, 3, TODAY)).on == dt.date(2024, 3, 5)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("越城区总工会2024年“越工周记”台账", 2024),
        ("２０２４年度走访台账", 2024),
        ("二〇二四年走访台账", 2024),
        ("2024.1-2024.12", 2024),
        ("2024年12月至2025年1月", None),
        ("走访台账", None),
        ("编号20240305001", None),
    ],
)
def test_year_of_a_title(title, year):
    assert find_year(title) == year


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("3月", 3),
        ("2024年3月", 3),
        ("三月份", 3),
        ("12月走访", 12),
        ("1月至3月", None),
        ("3月5日", None),
        ("台账", None),
    ],
)
def test_month_of_a_sheet(name, month):
    assert find_month(name) == month


@given(
    st.dates(dt.date(2015, 1, 1), dt.date(2026, 11, 20)),
    st.sampled_from(["{y}-{m}-{d}", "{y}.{m:02}.{d:02}", "{y}年{m}月{d}日", "{y}/{m}/{d}", "{y}{m:02}{d:02}"]),
)
def test_every_full_spelling_reads_back(day, spelling):
    cell = spelling.format(y=day.year, m=day.month, d=day.day)

    assert read_date(cell, DateContext(None, None, TODAY)).on == day


# Of every kind of sign some: to draw from all of Unicode takes two seconds before the first example.
SIGNS = "2024年3月5日二〇廿正冬.-/:\\ \t\0０９①½٣𠮷😀\u200b\u3000a~()"


@given(st.one_of(st.text(SIGNS, max_size=20), st.floats(allow_nan=False), st.integers(), st.dates(), st.datetimes()))
def test_any_cell_is_a_date_or_handed_back(cell):
    try:
        reading = read_date(cell, IN_2024)
    except Unread as unread:
        reading = None
        assert unread.code

    assert reading is None or dt.date(2000, 1, 1) <= reading.on <= TODAY


# Headers

KINDS = {
    "visits": (
        Field("date", "走访日期", ("走访日期", "日期"), required=True),
        Field("enterprise", "企业", ("企业名称", "走访企业")),
        Field("phone", "电话", ("联系电话", "电话")),
        Field("issue", "问题", ("问题诉求", "问题内容")),
        Field("category", "类别", ("问题类别", "类别")),
    ),
    "cadres": (Field("name", "姓名", ("姓名",), required=True), Field("phone", "手机", ("手机", "联系电话"))),
}


def test_header_below_titles_with_line_breaks_and_remarks():
    layout = find_layout(
        [
            ["2024年走访台账", "", "", ""],
            ["", "", "", ""],
            ["序号", "走访\n日期", "走访企业（全称）", "联 系 电 话"],
            [1.0, "3月5日", "新澳模具", "13812345678"],
        ],
        KINDS,
    )

    assert (layout.first_row, layout.last_row) == (2, 2)
    assert layout.mapping.kind == "visits"
    assert {name: choice.column for name, choice in layout.mapping.columns.items()} == {
        "date": 1,
        "enterprise": 2,
        "phone": 3,
    }
    assert layout.mapping.columns["date"].header == "走访日期"
    assert layout.mapping.columns["date"].confidence == 1.0
    assert 0.6 < layout.mapping.columns["enterprise"].confidence < 1.0
    assert [choice.header for choice in layout.mapping.unused] == ["序号"]


@pytest.mark.parametrize("merges", [[((0, 2), (0, 3))], []])
def test_header_of_two_lines(merges):
    layout = find_layout(
        [
            ["日期", "走访企业", "问题", ""],
            ["", "", "内容", "类别"],
            ["3月5日", "新澳模具", "欠薪", "工资"],
        ],
        KINDS,
        merges,
    )

    assert (layout.first_row, layout.last_row) == (0, 1)
    assert {name: choice.column for name, choice in layout.mapping.columns.items()} == {
        "date": 0,
        "enterprise": 1,
        "issue": 2,
        "category": 3,
    }
    assert layout.mapping.columns["issue"].header == "问题 内容"


def test_data_below_a_header_is_no_second_line():
    layout = find_layout([["日期", "走访企业", "类别"], ["3月5日", "电话", "日期"]], KINDS)

    assert (layout.first_row, layout.last_row) == (0, 0)


def test_words_spelled_nearly_so_are_found_with_less_confidence():
    layout = find_layout([["走访曰期", "企业名称栏", "联系电活"]], KINDS)

    assert set(layout.mapping.columns) == {"date", "enterprise", "phone"}
    assert all(choice.confidence < 1 for choice in layout.mapping.columns.values())


def test_kind_is_the_one_with_the_most_columns():
    assert find_layout([["姓名", "手机", "日期"]], KINDS).mapping.kind == "cadres"


@pytest.mark.parametrize("rows", [[], [[]], [["说明"]], [["一", "二"], [1.0, 2.0]], [["企业名称", "联系电话"]]])
def test_no_header(rows):
    assert find_layout(rows, KINDS) is None


def test_mapping_survives_json():
    mapping = find_layout([["序号", "日期", "走访企业"]], KINDS).mapping

    assert Mapping.from_json(mapping.as_json()) == mapping


def test_person_corrects_a_mapping():
    mapping = find_layout([["日期", "走访企业", "电话", "说明"]], KINDS).mapping

    corrected = mapping.corrected({"issue": 3, "phone": None})

    assert {name: choice.column for name, choice in corrected.columns.items()} == {
        "date": 0,
        "enterprise": 1,
        "issue": 3,
    }
    assert corrected.columns["issue"].header == "说明"
    assert [choice.header for choice in corrected.unused] == ["电话"]


def test_column_given_to_one_field_is_taken_from_another():
    mapping = find_layout([["日期", "走访企业", "类别"]], KINDS).mapping

    corrected = mapping.corrected({"issue": 2})

    assert "category" not in corrected.columns
    assert corrected.columns["issue"].column == 2


def test_corrected_mapping_is_found_again_in_sheets_of_another_order():
    mapping = find_layout([["日期", "走访企业", "说明"]], KINDS).mapping.corrected({"issue": 2})
    other = find_layout([["说明", "走访企业", "日期"]], KINDS)

    columns = apply_mapping(other, mapping).mapping.columns

    assert {name: choice.column for name, choice in columns.items()} == {"date": 2, "enterprise": 1, "issue": 0}


def _sheet(cells):
    workbook = openpyxl.Workbook()
    for place, value in cells.items():
        workbook.active[place] = value
    return open_workbook(_bytes(workbook)).sheets[0]


def _bytes(workbook):
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _refusal(content):
    with pytest.raises(UnreadableFile) as caught:
        for sheet in open_workbook(content, "a.xlsx").sheets:
            list(sheet.rows())
    assert str(caught.value)
    return caught.value.code


def _packed(parts):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return archive.getvalue()


def _with_sheet(rows):
    """A workbook whose first sheet has these rows, written as they are."""
    workbook = openpyxl.Workbook()
    parts = {}
    with zipfile.ZipFile(io.BytesIO(_bytes(workbook))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet]
        .replace(b"<sheetData/>", b"<sheetData>" + rows + b"</sheetData>")
        .replace(b"<sheetData></sheetData>", b"<sheetData>" + rows + b"</sheetData>")
    )
    assert rows in parts[sheet]
    return _packed(parts)
