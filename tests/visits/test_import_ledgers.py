"""The office's three ledgers in, twice, out again; and what people send instead of a ledger."""

from __future__ import annotations

import datetime
import io
import json
import random
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from tests.world import make_organisation
from unionops.org.enums import OrganisationKind
from unionops.org.events import kind_of
from unionops.org.models import Contact, Enterprise, Event, KeyListEntry, Organisation, Posting, User
from visits.actions import steps
from visits.enums import END_STATES, ImportState, IssueState
from visits.imports.undoing import LaterWork, undo_import
from visits.models import Issue, LedgerImport, Visit

pytestmark = pytest.mark.django_db

LEDGERS = Path(__file__).parent.parent / "ledgers"
EXPECTED = json.loads((LEDGERS / "expected.json").read_text())
ENTERPRISES = LEDGERS / "企业名录.xlsx"
CADRES = LEDGERS / "驻联干部-GBK.csv"
VISITS = LEDGERS / "走访及问题台账-2024.xlsx"
TOWNS = [
    "塔山街道",
    "府山街道",
    "北海街道",
    "城南街道",
    "稽山街道",
    "迪荡街道",
    "东湖街道",
    "灵芝街道",
    "东浦街道",
    "鉴湖街道",
    "斗门街道",
    "皋埠街道",
    "马山街道",
    "孙端街道",
    "陶堰街道",
    "沥海街道",
    "富盛镇",
]
KEPT = (Enterprise, KeyListEntry, Contact, User, Posting, Visit, Issue)


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def district() -> Organisation:
    User.objects.system()
    district = make_organisation(OrganisationKind.DISTRICT, "越城区总工会")
    for name in TOWNS:
        make_organisation(OrganisationKind.TOWN, name, district)
    for name in ("办公室", "组宣部", "权保部", "女工部", "财务部", "职工服务中心", "工人文化宫"):
        make_organisation(OrganisationKind.DEPARTMENT, name, district)
    return district


def run(*files: Path, **options: object) -> dict:
    out = io.StringIO()
    call_command("import_ledger", *map(str, files), stdout=out, stderr=io.StringIO(), **options)
    return json.loads(out.getvalue())


def counts() -> dict[str, int]:
    return {kind_of(model): model.objects.count() for model in KEPT}


def without_refused(report: dict) -> dict:
    return {key: value for key, value in report.items() if key != "refused"}


# The three files


def test_three_files_import_to_what_the_office_counted(district):
    report = run(VISITS, CADRES, ENTERPRISES)

    assert without_refused(report) == EXPECTED
    assert Visit.objects.count() == EXPECTED["visits"]
    assert Issue.objects.count() == EXPECTED["issues"]
    assert Issue.objects.resolved().count() == EXPECTED["resolved"]
    assert Enterprise.objects.exclude(status="provisional").count() == EXPECTED["enterprises"]
    assert KeyListEntry.objects.count() == EXPECTED["key_enterprises"]
    posted = Posting.objects.filter(role="liaison")
    assert posted.values("user").distinct().count() == EXPECTED["cadres"]
    assert posted.values("organisation").distinct().count() == EXPECTED["towns"]


def test_one_file_after_the_other_in_the_right_order(district):
    run(ENTERPRISES)
    run(CADRES)
    report = run(VISITS)

    of_visits = (
        "year",
        "visits",
        "issues",
        "resolved",
        "rejected_rows",
        "duplicates",
        "ignored_rows",
        "visits_by_month",
    )
    assert set(report) == {*EXPECTED, "refused"}
    assert {key: report[key] for key in of_visits} == {key: EXPECTED[key] for key in of_visits}


def test_refused_rows_name_row_column_value_and_reason(district):
    refused = run(VISITS, CADRES, ENTERPRISES)["refused"]

    assert len(refused) == sum(EXPECTED["rejected_rows"].values())
    unreal = next(row for row in refused if row["value"] == "2024年2月30日")
    assert (unreal["column"], unreal["reason"]) == ("走访日期", "“2024年2月30日”不是真实的日期。")
    sheet = openpyxl.load_workbook(VISITS)["走访及问题台账"]
    assert sheet.cell(unreal["row"], 2).value == "2024年2月30日"
    assert {"row", "column", "value", "reason"} <= set(unreal)


def test_dates_states_and_clocks_of_imported_issues(district):
    run(VISITS, CADRES, ENTERPRISES)

    closed = Issue.objects.filter(state=IssueState.CLOSED)
    assert not closed.filter(closed_at=None).exists()
    assert not closed.filter(result_kind="").exists()
    waiting = Issue.objects.exclude(state__in=END_STATES)
    assert waiting.count() == EXPECTED["issues"] - closed.count()
    assert not waiting.filter(deadline=None).exists()
    assert not Visit.objects.exclude(visited_on__year=2024).exists()
    assert Visit.objects.filter(officers__isnull=True).count() == 0


def test_every_imported_thing_has_its_event(district):
    run(VISITS, CADRES, ENTERPRISES)

    assert Event.objects.filter(verb="visit.import").count() == EXPECTED["visits"]
    assert Event.objects.filter(verb="issue.import").count() == EXPECTED["issues"]
    assert Event.objects.filter(verb="enterprise.create").count() >= EXPECTED["enterprises"]
    assert Event.objects.filter(verb="ledgerimport.write").count() == 3


def test_dry_run_prints_the_same_and_writes_nothing(district):
    before = counts()

    report = run(VISITS, CADRES, ENTERPRISES, dry_run=True)

    assert without_refused(report) == EXPECTED
    assert counts() == before
    assert not LedgerImport.objects.exists()
    assert not Event.objects.exists()


def test_same_files_again_add_nothing(district):
    run(VISITS, CADRES, ENTERPRISES)
    before = counts()

    report = run(VISITS, CADRES, ENTERPRISES)

    assert without_refused(report) == EXPECTED
    assert counts() == before
    assert LedgerImport.objects.latest("created_at").summary["known"] == EXPECTED["visits"]


def test_same_ledger_in_another_spelling_adds_nothing(district, tmp_path):
    """Saved anew by another program: other bytes, the same rows."""
    run(VISITS, CADRES, ENTERPRISES)
    before = counts()
    book = openpyxl.load_workbook(VISITS)
    book["走访及问题台账"].cell(1, 1).value = "越城区总工会2024年走访台账（最终版）"
    book.save(tmp_path / "最终版.xlsx")

    run(tmp_path / "最终版.xlsx")

    assert counts() == before


def test_first_lists_found_the_district():
    report = run(VISITS, CADRES, ENTERPRISES, found_district="越城区总工会")

    assert without_refused(report) == EXPECTED
    assert Organisation.objects.filter(kind=OrganisationKind.TOWN).count() == 17


# Which district


def test_no_district_is_said_in_words():
    with pytest.raises(CommandError, match="no district"):
        run(ENTERPRISES)


def test_several_districts_must_be_chosen_between(district):
    other = make_organisation(OrganisationKind.DISTRICT, "柯桥区总工会")
    make_organisation(OrganisationKind.TOWN, "柯桥街道", other)

    with pytest.raises(CommandError, match="several"):
        run(ENTERPRISES)
    with pytest.raises(CommandError, match="上虞区"):
        run(ENTERPRISES, district="上虞区总工会")
    assert run(ENTERPRISES, district="越城区总工会")["enterprises"] == 120
    assert Enterprise.objects.filter(district=district).count() == 120


# Undo


def test_undo_restores_the_state_before(district):
    before = counts()
    run(ENTERPRISES, CADRES)
    lists = counts()
    run(VISITS)
    system = User.objects.system()
    visits, cadres, enterprises = LedgerImport.objects.order_by("-created_at")

    undo_import(visits, by=system)
    assert counts() == lists
    undo_import(cadres, by=system)
    undo_import(enterprises, by=system)

    assert counts() == before
    assert {row.state for row in LedgerImport.objects.all()} == {ImportState.UNDONE}
    assert Event.objects.filter(verb="ledgerimport.undo").count() == 3


def test_undone_ledger_can_be_imported_again(district):
    run(VISITS, CADRES, ENTERPRISES)
    undo_import(LedgerImport.objects.get(sort="visits"), by=User.objects.system())

    run(VISITS)

    assert Visit.objects.count() == EXPECTED["visits"]
    assert Issue.objects.count() == EXPECTED["issues"]


def test_undo_puts_changed_firms_back(district):
    firm = Enterprise(district=district, name="绍兴市恒毅餐饮个体工商户", staff_count=5)
    firm.set_names()
    firm.save()
    run(ENTERPRISES)
    firm.refresh_from_db()
    assert (firm.staff_count, firm.credit_code) == (24, "91330602894923059K")

    undo_import(LedgerImport.objects.get(), by=User.objects.system())

    firm.refresh_from_db()
    assert (firm.staff_count, firm.credit_code) == (5, None)
    assert Enterprise.objects.count() == 1


def test_undo_is_refused_when_an_issue_was_worked_on(district):
    run(VISITS, CADRES, ENTERPRISES)
    clerk = User.objects.create_user("clerk", "correct-horse-battery", name="督办")
    Posting.objects.create(user=clerk, organisation=district, role="clerk", valid_from=datetime.date(2023, 1, 1))
    issue = Issue.objects.filter(state=IssueState.SUBMITTED).first()
    steps.return_back(issue, by=clerk, reason="请补充人数")
    before = counts()

    with pytest.raises(LaterWork, match="1 件诉求已经往下办理"):
        undo_import(LedgerImport.objects.get(sort="visits"), by=clerk)

    assert counts() == before
    assert LedgerImport.objects.get(sort="visits").state == ImportState.DONE


def test_undo_of_lists_is_refused_while_visits_stand_on_them(district):
    run(VISITS, CADRES, ENTERPRISES)

    with pytest.raises(LaterWork, match="次走访"):
        undo_import(LedgerImport.objects.get(sort="enterprises"), by=User.objects.system())
    with pytest.raises(LaterWork, match="账号已经在用"):
        undo_import(LedgerImport.objects.get(sort="cadres"), by=User.objects.system())
    assert Enterprise.objects.count() >= 120


def test_second_undo_is_refused(district):
    run(ENTERPRISES)
    record = LedgerImport.objects.get()
    undo_import(record, by=User.objects.system())

    with pytest.raises(Exception, match="已经撤销"):
        undo_import(record, by=User.objects.system())


# Mess


def ledger(path: Path, rows: list[list[object]], *, merge: str = "") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    book.save(path)
    return path


def test_columns_in_another_order_under_other_names(district, tmp_path):
    run(ENTERPRISES, CADRES)
    firm = Enterprise.objects.filter(town__name="塔山街道").first()
    path = ledger(
        tmp_path / "下访记录.xlsx",
        [
            ["2024年下访记录"],
            [],
            ["存在问题", "单位名称", "走访人员", "所属街道", "走访时间", "处理结果", "分类"],
            ["车间高温，请发清凉用品", firm.name, "孙欣怡", "塔山", "7月9日", "已办结", "高温"],
            ["无", firm.name, "孙欣怡", "塔山街道总工会", 45483, "", ""],
            [
                "请来讲一次劳动合同法",
                firm.name,
                "孙欣怡、严伟",
                "塔山街道",
                datetime.date(2024, 7, 11),
                "正在办理",
                "普法",
            ],
        ],
    )

    report = run(path)

    assert (report["visits"], report["issues"], report["resolved"], report["refused"]) == (3, 2, 1, [])
    days = sorted(Visit.objects.values_list("visited_on", flat=True))
    assert days == [datetime.date(2024, 7, day) for day in (9, 10, 11)]


def test_header_of_two_merged_rows(district, tmp_path):
    run(ENTERPRISES, CADRES)
    firm = Enterprise.objects.filter(town__name="塔山街道").first()
    path = ledger(
        tmp_path / "2024.xlsx",
        [
            ["走访情况", None, None, None, "问题情况", None],
            ["走访日期", "驻联干部", "镇街", "企业名称", "问题诉求", "办理情况"],
            ["2024-3-5", "孙欣怡", "塔山街道", firm.name, "想办托管班", "已解决"],
        ],
        merge="A1:D1",
    )

    assert run(path)["issues"] == 1


def test_formulas_are_text_and_never_run(district, tmp_path):
    run(CADRES)
    path = tmp_path / "企业.csv"
    path.write_text(
        '企业名称,镇街,职工人数\n"=HYPERLINK(""http://x"",""绍兴点我有限公司"")",塔山街道,12\n+1有限公司,塔山街道,3\n'
    )

    report = run(path)

    assert report["enterprises"] == 2
    assert Enterprise.objects.filter(name__startswith="=HYPERLINK").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.xlsx", b"", "空"),
        ("坏.xlsx", b"PK\x03\x04" + b"x" * 100, "损坏"),
        ("坏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "损坏"),
        ("网页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("图片.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "."),
        ("没有表头.csv", "今天,天气,很好\n1,2,3\n".encode(), "表头"),
    ],
)
def test_what_is_no_ledger_gets_words(district, tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(CommandError, match=words):
        run(tmp_path / name)
    assert not LedgerImport.objects.exists()


def test_file_that_is_not_there(district, tmp_path):
    with pytest.raises(CommandError, match=r"nein\.xlsx"):
        run(tmp_path / "nein.xlsx")


def test_bomb_and_a_hundred_megabytes_are_refused_in_words(district, tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 40_000_000)
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(100 << 20)

    with pytest.raises(CommandError):
        run(tmp_path / "bomb.xlsx")
    with pytest.raises(CommandError, match="100 MB"):
        run(tmp_path / "large.csv")


def test_nul_bytes_are_refused_in_words(district, tmp_path):
    path = tmp_path / "企业.csv"
    path.write_bytes("企业名称,镇街\n绍兴\0食品有限公司,塔山街道\n".encode())

    with pytest.raises(CommandError, match="编码"):
        run(path)


def test_rare_characters_are_kept(district, tmp_path):
    path = tmp_path / "企业.csv"
    path.write_bytes("企业名称,镇街,联系人\n绍兴㐂𠮷食品有限公司,塔山街道,王😀强\n".encode("gb18030"))

    assert run(path)["enterprises"] == 1
    assert Enterprise.objects.get().name == "绍兴㐂𠮷食品有限公司"
    assert Contact.objects.get().name == "王😀强"


def test_old_workbook(district, tmp_path):
    run(CADRES)
    shutil.copy(LEDGERS / "legacy.xls", tmp_path / "旧.xls")

    report = run(tmp_path / "旧.xls")

    assert report["enterprises"] == Enterprise.objects.count() > 0


def test_random_cells_never_end_in_a_traceback(district, tmp_path):
    run(ENTERPRISES, CADRES)
    pick = random.Random(7)
    pool = [
        None, "", "无", "同上", 45000, -1, 1e20, "2024-02-30", "2024.3.5", "塔山", "滨海街道", "\n", "=1+1", "孙欣怡", "〃", True,
        "9" * 400, "小计", datetime.datetime(2024, 5, 1, 9, 30), datetime.time(9, 30), datetime.timedelta(hours=30), "120人",
    ]  # fmt: skip
    header = ["日期", "干部", "镇街", "企业名称", "信用代码", "电话", "人数", "问题", "类别", "办理情况", "办结日期"]
    path = ledger(tmp_path / "2024.xlsx", [header, *([pick.choice(pool) for _ in header] for _ in range(400))])

    report = run(path)

    accounted = report["visits"] + len(report["refused"]) + report["duplicates"] + report["ignored_rows"]
    assert accounted <= 400
    assert Visit.objects.count() == report["visits"]
