"""Lists as workbooks: what the filter shows, typed, harmless, and logged."""

from __future__ import annotations

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from unionops.org.models import Event
from visits.enums import IssueState
from visits.models import Visit

ISSUES = "visits:export_issues"
VISITS = "visits:export_visits"


def opened(response) -> openpyxl.Workbook:
    assert response.status_code == 200
    # Reading to the end also closes it.
    return openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def table(response) -> list[dict[str, object]]:
    header, *rows = opened(response).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def visit_of(world, **fields: object) -> Visit:
    visit = Visit(
        district=world.district, number=fields.pop("number", "V26-0001"), visited_on=datetime.date(2026, 3, 5), officer=world["cadre"],
        town=world.town, enterprise=world.enterprise, submitted_by=world["cadre"], **fields,
    )  # fmt: skip
    visit.set_week()
    visit.save()
    return visit


def test_issues_as_typed_cells(world, as_person):
    issue = world.issue(
        IssueState.CLOSED,
        claimant_count=12,
        amount_recovered="3500.50",
        raised_on=datetime.date(2026, 3, 5),
        description="两个月没发",
    )

    (row,) = table(as_person("clerk").get(reverse(ISSUES)))

    assert row["编号"] == issue.number
    assert row["反映日期"] == datetime.datetime(2026, 3, 5)
    assert row["登记时间"].replace(second=0, microsecond=0) == timezone.localtime(issue.registered_at).replace(
        tzinfo=None, second=0, microsecond=0
    )
    assert (row["涉及人数"], row["追回金额（元）"]) == (12, 3500.5)
    assert (row["状态"], row["结果"], row["轻重缓急"]) == ("办结", "已解决", "一般")
    assert (row["一级类别"], row["类别"]) == ("工资", "欠薪")
    assert row["情况"] == "两个月没发"


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","点")', "http://example.org", "0012", "\tx"]
)
def test_text_stays_text(world, as_person, title):
    world.issue(title=title)

    sheet = opened(as_person("clerk").get(reverse(ISSUES))).worksheets[0]

    cell = sheet.cell(2, 2)
    assert cell.data_type == "s"
    assert cell.value == title
    assert cell.hyperlink is None


def test_rare_characters_and_long_texts(world, as_person):
    world.issue(title="㐂𠮷😀公司", description="长" * 5000)

    (row,) = table(as_person("clerk").get(reverse(ISSUES)))

    assert row["标题"] == "㐂𠮷😀公司"
    assert row["情况"] == "长" * 5000


def test_export_is_what_the_filter_shows(world, as_person):
    wanted = world.issue(IssueState.HANDLING, urgency=2)
    world.issue(IssueState.HANDLING, urgency=3)
    world.issue(IssueState.CLOSED, urgency=2)

    response = as_person("clerk").get(reverse(ISSUES), {"state": "under_way", "urgency": "2"})

    book = opened(response)
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [wanted.number]
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert (about["状态"], about["缓急"], about["行数"]) == ("在办", "急", 1)


def test_newest_first_and_only_what_one_may_see(world, elsewhere, as_person):
    elsewhere.issue(title="别的区的事")
    first = world.issue(IssueState.HANDLING, town=world.other_town, liaison=world["other_cadre"])
    second = world.issue(IssueState.HANDLING)

    assert [row["编号"] for row in table(as_person("clerk").get(reverse(ISSUES)))] == [second.number, first.number]
    assert [row["编号"] for row in table(as_person("cadre").get(reverse(ISSUES)))] == [second.number]


def test_name_and_time_of_the_exporter_stand_in_it_and_in_the_log(world, as_person):
    world.issue()

    book = opened(as_person("clerk").get(reverse(ISSUES), {"urgency": "3"}))

    told = dict(book.worksheets[1].iter_rows(values_only=True))["导出"]
    assert "clerk" in told
    assert f"{timezone.localtime():%Y-%m-%d}" in told
    assert book.properties.creator == "clerk"
    assert "clerk" in book.worksheets[0].oddFooter.left.text
    event = Event.objects.get(verb="user.export")
    assert event.by == world["clerk"]
    assert event.district == world.district
    assert event.data == {"list": "诉求", "rows": 1, "filter": {"缓急": "一般"}}


def test_empty_list_is_an_empty_table(world, as_person):
    assert table(as_person("clerk").get(reverse(ISSUES))) == []


def test_one_statement_for_all_rows(world, as_person):
    client = as_person("clerk")
    for _issue in range(3):
        world.issue()
    table(client.get(reverse(ISSUES)))

    with CaptureQueriesContext(connection) as few:
        table(client.get(reverse(ISSUES)))
    for _issue in range(20):
        world.issue()
    with CaptureQueriesContext(connection) as many:
        table(client.get(reverse(ISSUES)))

    assert len(many) == len(few)


def test_who_has_no_cases_exports_none(world, as_person):
    for name in ("auditor", "admin"):
        assert as_person(name).get(reverse(ISSUES)).status_code == 403
    assert not Event.objects.filter(verb="user.export").exists()
    assert Client().get(reverse(ISSUES)).status_code == 302


def test_english_words(world, as_person):
    world.issue(IssueState.HANDLING)
    user = world["clerk"]
    user.language = "en"
    user.save()

    # The request leaves its language behind in this thread.
    with translation.override("en"):
        response = as_person("clerk").get(reverse(ISSUES), headers={"accept-language": "en"})

    (row,) = table(response)
    assert "Wage arrears" in row.values()


# Visits


def test_visits_as_typed_cells(world, as_person):
    visit_of(
        world, summary="=1+1", staff_count=120, started_at=datetime.time(9, 30), mode="talk", policies=["refund", "legal"],
        is_key_enterprise=True, issue_count=2,
    )  # fmt: skip

    (row,) = table(as_person("clerk").get(reverse(VISITS)))

    assert row["走访日期"] == datetime.datetime(2026, 3, 5)
    assert row["开始时间"] == datetime.time(9, 30)
    assert (row["职工人数"], row["问题数"], row["重点企业"], row["补录"]) == (120, 2, "是", "否")
    assert (row["走访方式"], row["宣传的政策"], row["小结"]) == ("座谈", "经费返还、法律服务", "=1+1")
    assert row["单位"] == world.enterprise.name


def test_target_that_is_no_firm_has_its_name(world, as_person):
    visit = visit_of(world, target_name="城东户外劳动者驿站", target_type="station")
    Visit.objects.filter(pk=visit.pk).update(enterprise=None)

    (row,) = table(as_person("clerk").get(reverse(VISITS)))

    assert (row["单位"], row["走访对象"], row["统一社会信用代码"]) == ("城东户外劳动者驿站", "驿站", None)


def test_visits_are_what_the_filter_shows(world, elsewhere, as_person):
    visit_of(elsewhere)
    visit_of(world, number="V26-0001", mode="site")
    visit_of(world, number="V26-0002", mode="phone")

    book = opened(as_person("clerk").get(reverse(VISITS), {"mode": "phone", "since": "2026-03-01"}))

    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["V26-0002"]
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert (about["方式"], about["走访自"]) == ("电话", "2026-03-01")
    assert Event.objects.get(verb="user.export").data["list"] == "走访"


def test_telephone_numbers_stay_inside(world, as_person):
    visit = visit_of(world, contact_name="王建国")
    visit.put("contact_phone", "13800138000", "138****8000")
    visit.save()

    (row,) = table(as_person("clerk").get(reverse(VISITS)))

    assert row["联系人"] == "王建国"
    assert not any("138" in str(value) for value in row.values())
