"""A ledger of a programme on its two pages: what is understood, what stands against a row, what is written once."""

from __future__ import annotations

import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from xlsxwriter import Workbook

from services.actions.cases import sealed_extras
from services.claims.models import Claim
from services.enums import Channel
from services.models import Programme
from tests.services.worlds import make_programme
from tests.world import World
from unionops.org.models import Event
from visits.models import LedgerImport

HEAD = ["序号", "姓名", "联系电话", "身份证号", "街道", "登记日期", "状态", "金额", "医院", "结论", "诊断", "经办人"]
GOOD = [
    1,
    "陈桂芳",
    "13800002047",
    "33060219900101001X",
    "斗门街道",
    "2026-03-05",
    "已结",
    1200,
    "人民医院",
    "属实",
    "慢性肾病",
    "老王",
]
FIRM = [2, "绍兴恒润纺织有限公司", "", "", "", "2026.3.6", "", "3,400.50", "", "", "", ""]
FIELDS = [
    {"key": "hospital", "label": "医院"},
    {"key": "opinion", "label": "结论", "kind": "choice", "choices": ["属实", "不属实"], "at": "verify"},
    {"key": "diagnosis", "label": "诊断", "sealed": True},
]


def book(*rows: list[Any]) -> SimpleUploadedFile:
    held = BytesIO()
    with Workbook(held) as workbook:
        sheet = workbook.add_worksheet("台账")
        sheet.write(0, 0, "临时救助台账")
        for number, row in enumerate([HEAD, *rows], start=1):
            sheet.write_row(number, 0, row)
    return SimpleUploadedFile("临时救助台账.xlsx", held.getvalue())


@pytest.fixture
def programme(world: World) -> Programme:
    return make_programme(world, fields=FIELDS)


def upload(client: Client, programme: Programme, *rows: list[Any]) -> Any:
    return client.post(f"/services/p/{programme.code}/import/", {"file": book(*rows)})


def test_good_rows_are_written_and_bad_ones_told(world: World, programme: Programme, client: Client) -> None:
    client.force_login(world["officer"])
    assert "导入台账" in client.get(f"/services/p/{programme.code}/").content.decode()
    bad = [3, "王建国", "12", "33060219900101001X", "没有这条街", "2027-13-01", "乱写", "很多", "", "也许", "", ""]
    file = book(GOOD, FIRM, bad)
    answer = client.post(f"/services/p/{programme.code}/import/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    page = client.get(answer["Location"]).content.decode()
    assert "能写入 2 行" in page
    assert "有问题 1 行" in page
    for reason in ("没有这个镇街", "日期看不明白", "没有这种状态", "应为数字", "应为：属实、不属实"):
        assert reason in page, reason
    assert "经办人" in page

    done = client.post(answer["Location"], {"ended": "0"})
    assert done.status_code == 302, done.content.decode()
    person, firm = Claim.objects.order_by("registered_at")
    assert (person.state, firm.state) == ("closed", "submitted")
    assert (person.amount, firm.amount_asked) == (Decimal(1200), Decimal("3400.50"))
    assert person.registered_at.date() == datetime.date(2026, 3, 5)
    assert (person.channel, person.town, person.details) == (
        Channel.IMPORT,
        world.town,
        {"hospital": "人民医院", "opinion": "属实"},
    )
    assert sealed_extras(person) == {"diagnosis": "慢性肾病"}
    assert person.phone_masked == "138****2047"
    assert firm.applicant_kind == "enterprise"
    assert firm.holder_organisation == programme.organisation
    assert person.ledger_import == LedgerImport.objects.get(sort="service")
    assert Event.objects.about("claim", person.pk).get().data["source"] == "台账导入"
    # The page of a case that a ledger brought opens like any other.
    assert client.get(f"/services/claim/{person.pk}/").status_code == 200
    # Nothing is written twice.
    assert client.post(answer["Location"], {"ended": "0"}).status_code == 302
    file.seek(0)
    again = client.post(f"/services/p/{programme.code}/import/", {"file": file})
    assert again.status_code == 422
    assert "已经导入过" in again.content.decode()
    mended = upload(client, programme, GOOD, [3, "王建国", "", "", "", "2026-03-07", "", "", "", "", "", ""])
    page = client.get(mended["Location"]).content.decode()
    assert "能写入 1 行" in page
    assert "这一行已经导入过" in page
    assert Claim.objects.count() == 2


def test_what_cannot_be_read_says_why_and_is_not_kept(world: World, programme: Programme, client: Client) -> None:
    client.force_login(world["officer"])
    for content, reason in ((b"", "空"), ("甲,乙\n1,2\n".encode(), "没有找到表头")):
        file = SimpleUploadedFile("台账.csv", content)
        answer = client.post(f"/services/p/{programme.code}/import/", {"file": file})
        assert answer.status_code == 422
        assert reason in answer.content.decode()
    assert not LedgerImport.objects.filter(sort="service").exists()


def test_who_may_bring_in_a_ledger(world: World, programme: Programme, elsewhere: World, client: Client) -> None:
    client.force_login(world["officer"])
    place = upload(client, programme, GOOD)["Location"]
    for name, status in (
        ("cadre", 403),
        ("leader", 403),
        ("handler", 403),
        ("unposted", 404),
        ("clerk", 200),
        ("admin", 200),
    ):
        client.force_login(world[name])
        assert client.get(f"/services/p/{programme.code}/import/").status_code == status, name
        # What somebody else has begun is theirs.
        assert client.get(place).status_code == 404, name
    client.force_login(elsewhere["officer"])
    assert client.get(f"/services/p/{programme.code}/import/").status_code == 404
