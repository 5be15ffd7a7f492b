"""The ledger of a centre in, twice, out again: what each cell was read as, what was refused, who may."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from disputes.actions import care
from disputes.enums import DisputeState, Outcome
from disputes.models import Agreement, Dispute, Obligation, Party, TeamMember
from tests.disputes.stories import Hall
from unionops.casework.attachments import store_path
from unionops.casework.models import Deadline
from unionops.org.models import Event
from visits.models import LedgerImport

IDENTITY, PHONE = "330602196501010012", "13812345678"
HEADS = (
    "序号", "案号", "登记时间", "案件来源", "职工姓名", "身份证号码", "联系电话", "涉及人数", "用人单位", "争议类型", "主要诉求",
    "涉案金额", "受理时间", "承办人", "办理状态", "调解结果", "原因", "办结时间", "协议金额", "履行情况", "付款日期", "督办领导",
)  # fmt: skip
# The rows of an office that wrote as it pleased; the last ones cannot be read.
ROWS: tuple[tuple[object, ...], ...] = (
    (1, "老〔2024〕1号", "2024.3.5", "窗口", "王小燕", IDENTITY, PHONE, 1, "{firm}", "欠薪", "付 2023 年工资", "8,600元",
     "3月6日", "{mediator}", "已结案", "调解成功", "", "2024-03-12", "8000", "已付清", "2024/3/15"),
    (2, "老〔2024〕2号", datetime.date(2024, 4, 2), "法院委派", "李根", "", "", 3, "绍兴鸿运食品有限公司", "工伤待遇", "", "3.2万",
     "", "早已退休的人", "结案", "未达成协议", "双方差距大", "2024年4月20日", "", "", ""),
    (3, "", "20240506", "热线", "赵敏", "", "", "", "绍兴鸿运食品有限公司", "加班工资", "", "", "", "", "", "自行和解", "", "2024-05-20"),
    (),
    (4, "", "2026-10-09", "来访", "钱进", "", "0575-88001234", 12, "{firm}", "讨薪", "", "120000", "2026-10-10", "{mediator}",
     "正在调解"),
    (5, "", "2026-10-12", "", "孙丽", "", "", "", "{firm}", "生育津贴", "", "", "2026-10-13", "{mediator}", "", "达成协议", "",
     "2026-10-20", "25000", "分期履行", "2026-12-20"),
    (1, "老〔2024〕1号", "2024.3.5", "窗口", "王小燕", IDENTITY, PHONE, 1, "{firm}", "欠薪", "付 2023 年工资", "8,600元",
     "3月6日", "{mediator}", "已结案", "调解成功", "", "2024-03-12", "8000", "已付清", "2024/3/15"),
    (6, "", "2026-10-14", "窗口", "周强", "330602196501010013", "", "", "{firm}", "欠薪", "", "", "", "", "已受理"),
    (7, "", "2026-10-15", "窗口", "吴芳", "", "", "", "{firm}", "欠薪", "", "多少钱", "", "没有这个人", "正在调解"),
    (8, "", "2026-10-16", "窗口", "郑好", "", "", "", "{firm}", "欠薪", "", "", "", "", "已结案"),
    ("合计", "", "", "", "", "", "", "18"),
)  # fmt: skip


def ledger(hall: Hall, rows: tuple[tuple[object, ...], ...] = ROWS) -> bytes:
    """A title over the header, a merged cell, blank and total rows, dates in every manner."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet("2024-2026")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, 10, "八字桥工作室调解登记台账（2024年）")
    names = {"firm": hall.world.enterprise.name, "mediator": hall["mediator"].name}
    sheet.write_row(2, 0, HEADS)
    for number, row in enumerate(rows, start=3):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime.date):
                sheet.write_datetime(number, column, datetime.datetime.combine(cell, datetime.time()), day)
            else:
                sheet.write(number, column, cell.format(**names) if isinstance(cell, str) else cell)
    book.close()
    return target.getvalue()


def client_of(hall: Hall, name: str) -> Client:
    client = Client()
    client.force_login(hall[name], backend="unionops.org.backends.PeopleBackend")
    return client


def upload(client: Client, hall: Hall, data: bytes, name: str = "台账.xlsx", files_ended: str = "1") -> object:
    sent = {"file": SimpleUploadedFile(name, data), "centre": hall.centre.pk, "files_ended": files_ended}
    return client.post(reverse("disputes:imports"), sent)


def page(client: Client, record: LedgerImport, query: str = "") -> str:
    response = client.get(reverse("disputes:import", args=[record.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def step(client: Client, record: LedgerImport, verb: str, **sent: str) -> object:
    return client.post(reverse(f"disputes:import_{verb}", args=[record.pk]), sent)


def test_messy_ledger_comes_in_twice_and_out_again(hall: Hall, django_capture_on_commit_callbacks: Any) -> None:
    clerk, data = client_of(hall, "case_clerk"), ledger(hall)
    response = upload(clerk, hall, data)
    record = LedgerImport.objects.get(sort="disputes")
    assert response.status_code == 302
    assert not Dispute.objects.exists()

    # Looked at: what each cell means, and what is wrong with the others, by row and column.
    shown = page(clerk, record)
    for words in ("2024-03-05", "拖欠工资", "8,600.00", "32,000.00", "调解不成", "履行完毕", "330602", "督办领导"):
        assert (words in shown) is (words != "督办领导"), words
    assert "早已退休的人”不是本中心的调解员，只保留姓名" in shown
    # Numbers of people stand in full neither on the page nor in what is kept of the preview.
    kept = store_path(record.summary["preview_as"]).read_text()
    assert not [number for number in (IDENTITY, PHONE, "330602196501010013") if number in shown or number in kept]
    assert "138****5678" in shown
    refused = {(row["row"], row["column"]): row["reason"] for row in record.summary["refused"]}
    assert set(refused) == {(11, "身份证号码"), (12, "涉案金额"), (13, "办理状态")}
    assert "330602196501010013" not in json.dumps(record.summary, ensure_ascii=False)
    assert "写了结案，没有写结果。" in shown
    assert "第 13 行" in shown
    assert record.summary["figures"]["duplicates"] == 1

    # Refused rows are never left behind unseen.
    assert step(clerk, record, "confirm", which="all").status_code == 422
    assert not Dispute.objects.exists()
    stored = [store_path(record.stored_as), store_path(record.summary["preview_as"])]
    assert all(path.exists() for path in stored)
    with django_capture_on_commit_callbacks(execute=True):
        assert step(clerk, record, "confirm", which="good").status_code == 302

    cases = {party.name: party.dispute for party in Party.objects.filter(side="applicant").select_related("dispute")}
    assert {name: (case.state, case.outcome) for name, case in cases.items()} == {
        "王小燕": (DisputeState.ARCHIVED, Outcome.AGREED),
        "李根": (DisputeState.ARCHIVED, Outcome.FAILED),
        "赵敏": (DisputeState.ARCHIVED, Outcome.SETTLED),
        "钱进": (DisputeState.MEDIATING, ""),
        "孙丽": (DisputeState.EFFECTIVE, Outcome.AGREED),
    }
    paid = cases["王小燕"]
    assert (paid.received_on, paid.accepted_on, paid.ended_on) == (
        datetime.date(2024, 3, 5), datetime.date(2024, 3, 6), datetime.date(2024, 3, 12),
    )  # fmt: skip
    assert paid.number.endswith("〔2024〕第0001号")
    assert (paid.cause, paid.amount_claimed, paid.source) == ("pay_arrears", Decimal("8600.00"), "window")
    owed = Obligation.objects.get(agreement__dispute=paid)
    assert (owed.amount, owed.fulfilled_on) == (Decimal("8000.00"), datetime.date(2024, 3, 15))
    assert Agreement.objects.get(dispute=paid).has_effect
    worker, firm = paid.parties.order_by("side")
    assert (worker.open("identity"), worker.open("phone")) == (IDENTITY, PHONE)
    assert bytes(worker.identity_sealed) != IDENTITY.encode()
    assert firm.enterprise == hall.world.enterprise
    assert cases["李根"].people_count == 3
    assert cases["李根"].mediator is None
    talks = cases["钱进"]
    assert talks.is_collective
    assert talks.holder_user == hall["mediator"]
    assert talks.term.started_on == datetime.date(2026, 10, 9)
    assert TeamMember.objects.get(dispute=talks).user == hall["mediator"]
    assert Obligation.objects.get(agreement__dispute=cases["孙丽"]).due_on == datetime.date(2026, 12, 20)
    assert Event.objects.about("dispute", paid.pk).get().data["number"] == "老〔2024〕1号"
    assert not any(path.exists() for path in stored)
    # The pages of what came in.
    for case in cases.values():
        assert clerk.get(reverse("disputes:dispute", args=[case.pk])).status_code == 200

    # The same file adds nothing; nor does the same case in another file, or one that the window has registered.
    again = upload(clerk, hall, data)
    assert again.status_code == 422
    assert "这个文件已经导入过" in again.content.decode()
    other = ledger(hall, ROWS[:1])
    assert upload(clerk, hall, other).status_code == 302
    second = LedgerImport.objects.filter(sort="disputes").latest("created_at")
    assert (second.summary["rows"], second.summary["known"]) == (0, 1)
    assert step(clerk, second, "confirm", which="all").status_code == 422
    assert step(clerk, second, "discard").status_code == 302
    assert Dispute.objects.count() == 5

    # Out again, as a whole and only while nobody has worked on it.
    record.refresh_from_db()
    assert step(clerk, record, "undo", typed="好").status_code == 422
    with transaction.atomic():
        care.add_note(talks, by=hall["mediator"], text="打过电话")
        refused_undo = step(clerk, record, "undo", typed="撤销")
        assert "1 件案件已经往下办理" in refused_undo.content.decode()
        assert Dispute.objects.count() == 5
        transaction.set_rollback(True)
    assert step(clerk, record, "undo", typed="撤销").status_code == 302
    assert not Dispute.objects.exists()
    assert not Agreement.objects.exists()
    assert not Deadline.objects.filter(kind="dispute").exists()
    assert "撤销了这次导入" in page(clerk, record)
    assert upload(clerk, hall, data).status_code == 302


def test_ended_cases_that_wait_to_be_filed_say_why_they_ended(hall: Hall) -> None:
    rows = (
        (1, "", "2026-10-08", "窗口", "王小燕", "", "", "", "{firm}", "欠薪", "", "", "", "{mediator}", "", "调解不成", "联系不上单位", "2026-10-20"),
        (2, "", "2026-10-08", "窗口", "李根", "", "", "", "{firm}", "欠薪", "", "", "", "{mediator}", "", "调解不成", "", "2026-10-20"),
        (3, "", "2026-10-08", "窗口", "赵敏", "", "", "", "{firm}", "欠薪", "", "", "", "", "", "不予受理", "已申请仲裁", "2026-10-10"),
        (4, "", "2026-10-08", "窗口", "钱进", "", "", "", "{firm}", "欠薪", "", "", "", "{mediator}", "", "达成协议", "", "2026-10-20", "500"),
    )  # fmt: skip
    head = client_of(hall, "head")
    upload(head, hall, ledger(hall, rows), files_ended="0")
    record = LedgerImport.objects.get(sort="disputes")

    assert [(row["row"], row["column"]) for row in record.summary["refused"]] == [(5, "原因")]
    step(head, record, "confirm", which="good")

    found = {case.parties.get(side="applicant").name: case for case in Dispute.objects.all()}
    assert (found["王小燕"].state, found["王小燕"].fail_reason) == ("failed", "no_contact")
    assert (found["赵敏"].state, found["赵敏"].refusal_reason) == ("not_accepted", "elsewhere")
    assert found["钱进"].state == "effective"
    assert found["王小燕"].deadline.started_on == datetime.date(2026, 10, 20)


ROLES = {
    "head": 200, "case_clerk": 200, "mediator": 403, "judge": 403, "leader": 403, "clerk": 403, "cadre": 403, "admin": 403,
}  # fmt: skip


def test_head_and_desk_bring_ledgers_in_and_each_sees_only_their_own(hall: Hall) -> None:
    address = reverse("disputes:imports")
    upload(client_of(hall, "case_clerk"), hall, ledger(hall))
    record = LedgerImport.objects.get(sort="disputes")

    assert {name: client_of(hall, name).get(address).status_code for name in ROLES} == ROLES
    for name in ("head", "leader", "admin"):
        assert client_of(hall, name).get(reverse("disputes:import", args=[record.pk])).status_code == 404
        assert step(client_of(hall, name), record, "confirm", which="good").status_code == 404
    assert not Dispute.objects.exists()


def test_what_is_no_ledger_is_said_beside_the_field(hall: Hall) -> None:
    clerk = client_of(hall, "case_clerk")

    for name, data in (("台账.xlsx", b"PK\x03\x04broken"), ("台账.csv", "甲,乙\n1,2\n".encode()), ("台账.csv", b"")):
        response = upload(clerk, hall, data, name)
        assert response.status_code == 422
    assert not LedgerImport.objects.filter(sort="disputes").exists()


def test_command_looks_writes_and_takes_out_again(hall: Hall, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger(hall))
    by = hall["head"].username

    def run(*arguments: str) -> dict[str, object]:
        out = StringIO()
        call_command("import_disputes", *arguments, "--by", by, stdout=out)
        found: dict[str, object] = json.loads(out.getvalue())
        return found

    looked = run(str(path), "--dry-run")
    assert (looked["rows"], looked["written"], looked["refused_count"]) == (5, 0, 3)
    assert not LedgerImport.objects.filter(sort="disputes").exists()
    with pytest.raises(CommandError, match="3 行读不懂"):
        run(str(path))
    done = run(str(path), "--only-good")
    assert done["written"] == Dispute.objects.count() == 5
    with pytest.raises(CommandError, match="已经导入过"):
        run(str(path), "--only-good")
    run("--undo", str(done["import"]))
    assert not Dispute.objects.exists()
    with pytest.raises(CommandError, match="Choose a centre"):
        call_command("import_disputes", str(path), "--by", hall["mediator"].username)
