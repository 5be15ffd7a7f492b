"""Ledgers on the page: nothing is written before it is confirmed, and each refusal is in words."""

from __future__ import annotations

import datetime
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.world import make_organisation
from unionops.casework import attachments
from unionops.casework.models import Outbox
from unionops.org.models import Enterprise, Event, User
from visits import jobs as visit_jobs
from visits import tasks
from visits.enums import ImportState
from visits.imports import flow
from visits.models import LedgerImport, Visit

LEDGERS = Path(__file__).parent.parent / "ledgers"
HEADER = ["走访日期", "驻联干部", "镇街", "企业名称", "问题诉求", "办理情况"]


def sheet(*rows: list[object], header: list[str] = HEADER, name: str = "2026年台账.xlsx") -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile(name, target.getvalue())


@pytest.fixture
def good_row(world) -> list[object]:
    return ["2026-03-05", "cadre", "斗门街道", world.enterprise.name, "工资拖了半个月", "已解决"]


@pytest.fixture
def clerk(as_person):
    return as_person("clerk")


def send(client, file: SimpleUploadedFile) -> LedgerImport:
    response = client.post(reverse("visits:imports"), {"file": file})
    assert response.status_code == 302, response.content.decode()
    return LedgerImport.objects.get(pk=response.url.rstrip("/").rsplit("/", 1)[-1])


def step(name: str, record: LedgerImport) -> str:
    return reverse(f"visits:import_{name}", args=[record.pk])


def shown(client, record: LedgerImport, **query: str) -> str:
    response = client.get(reverse("visits:import", args=[record.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


# From the upload to the result


def test_upload_is_read_and_writes_nothing(world, clerk, good_row):
    record = send(clerk, sheet(good_row, ["2026-02-30", *good_row[1:]]))

    assert record.state == ImportState.PREVIEW
    assert not Visit.objects.exists()
    page = shown(clerk, record)
    assert "“2026-02-30”不是真实的日期。" in page
    assert "第 3 行" in page
    assert "斗门街道" in page
    assert attachments.store_path(record.stored_as).exists()


def test_all_rows_are_refused_together_when_one_is_bad(world, clerk, good_row):
    record = send(clerk, sheet(good_row, ["2026-02-30", *good_row[1:]]))

    response = clerk.post(step("confirm", record), {"which": "all"})

    assert response.status_code == 422
    assert "有 1 行读不懂" in response.content.decode()
    assert not Visit.objects.exists()


def test_good_rows_alone_are_written(world, clerk, good_row):
    record = send(clerk, sheet(good_row, ["2026-02-30", *good_row[1:]]))

    clerk.post(step("confirm", record), {"which": "good"})

    record.refresh_from_db()
    assert record.state == ImportState.DONE
    assert Visit.objects.get().ledger_import == record
    assert Visit.objects.get().submitted_by == world["clerk"]
    page = shown(clerk, record)
    assert "走访 1" in page
    assert "诉求 1" in page


def test_file_is_removed_when_it_is_written(world, clerk, good_row, django_capture_on_commit_callbacks):
    record = send(clerk, sheet(good_row))
    files = [record.stored_as, record.summary["preview_as"]]

    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(step("confirm", record), {"which": "all"})

    assert not any(attachments.store_path(name).exists() for name in files)


def test_second_upload_says_that_the_rows_are_there(world, clerk, good_row):
    first = send(clerk, sheet(good_row))
    clerk.post(step("confirm", first), {"which": "all"})

    second = send(clerk, sheet(good_row))

    assert second.summary["known"] == 1
    assert "早已导入" in shown(clerk, second)
    clerk.post(step("confirm", second), {"which": "all"})
    assert Visit.objects.count() == 1
    assert "没有新内容" in shown(clerk, second)


def test_double_confirmation_writes_once(world, clerk, good_row):
    record = send(clerk, sheet(good_row))
    clerk.post(step("confirm", record), {"which": "all"})

    response = clerk.post(step("confirm", record), {"which": "all"})

    assert response.status_code == 422
    assert "已导入" in response.content.decode()
    assert Visit.objects.count() == 1


def test_lists_and_visits_of_the_office(world, clerk):
    for name in ("企业名录.xlsx", "驻联干部-GBK.csv"):
        make_missing_towns(world)
        record = send(clerk, SimpleUploadedFile(name, (LEDGERS / name).read_bytes()))
        clerk.post(step("confirm", record), {"which": "all", "since": "2023-04-01"})
    ledger = "走访及问题台账-2024.xlsx"
    record = send(clerk, SimpleUploadedFile(ledger, (LEDGERS / ledger).read_bytes()))

    clerk.post(step("confirm", record), {"which": "good"})

    assert Visit.objects.filter(ledger_import=record).count() == 900


def make_missing_towns(world) -> None:
    from unionops.org.models import Organisation

    known = set(Organisation.objects.filter(district=world.district).values_list("name", flat=True))
    for name in ["塔山街道", "府山街道", "北海街道", "城南街道", "稽山街道", "迪荡街道", "东湖街道", "灵芝街道", "东浦街道", "鉴湖街道", "斗门街道", "皋埠街道", "马山街道", "孙端街道", "陶堰街道", "沥海街道", "富盛镇"]:  # fmt: skip
        if name not in known:
            make_organisation("town", name, world.district)


# Looking


def test_every_cell_shows_how_it_is_read(world, clerk, good_row):
    record = send(clerk, sheet(["2026.3.5", "cadre", "斗门", world.enterprise.name, "无", ""]))

    page = shown(clerk, record)

    assert "原文：2026.3.5" in page
    assert ">2026-03-05<" in page
    assert "原文：斗门" in page


def test_preview_has_pages_and_parts(world, clerk, good_row):
    days = [f"2026-{month:02d}-{day:02d}" for month in range(1, 5) for day in range(1, 29)]
    record = send(clerk, sheet(*([day, *good_row[1:]] for day in days), ["2026-02-30", *good_row[1:]]))

    assert "第 1 页，共 3 页" in shown(clerk, record)
    assert "2026-04-28" in shown(clerk, record, page="3")
    assert "2026-04-28" in shown(clerk, record, page="99")
    assert "第 1 页，共 1 页" in shown(clerk, record, show="refused", page="nein")
    assert "2026-01-01" not in shown(clerk, record, show="refused")


def test_rows_that_stay_out_with_the_row_above_are_not_called_unreadable(world, clerk, good_row):
    further = ["", "", "", "", "食堂周末不开", ""]
    record = send(clerk, sheet(good_row, ["2026-02-30", *good_row[1:]], further))

    page = shown(clerk, record)
    assert "随上一行不导入" in page
    assert re.findall(r"读不懂的行 <small>(\d+)</small>", page) == [str(record.summary["refused_count"])] == ["1"]
    assert "食堂周末不开" not in shown(clerk, record, show="refused")


def test_address_that_only_takes_a_form_says_so_when_it_is_opened(world, clerk, good_row):
    response = clerk.get(step("undo", send(clerk, sheet(good_row))))

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "不能直接打开" in response.content.decode()


def test_columns_are_corrected_by_a_person(world, clerk, good_row):
    header = ["走访日期", "驻联干部", "镇街", "企业名称", "内部记号", "办理情况"]
    record = send(clerk, sheet(good_row, header=header))
    assert record.summary["figures"]["issues"] == 0
    columns = {f"column_{name}": str(choice["column"]) for name, choice in record.mapping["columns"].items()}

    response = clerk.post(step("columns", record), {"kind": "visits", **columns, "column_issue": "4"})

    assert response.status_code == 302
    record.refresh_from_db()
    assert record.summary["figures"]["issues"] == 1


def test_one_column_is_not_two_things(world, clerk, good_row):
    record = send(clerk, sheet(good_row))
    columns = {f"column_{name}": str(choice["column"]) for name, choice in record.mapping["columns"].items()}

    response = clerk.post(step("columns", record), {"kind": "visits", **columns, "column_note": "4"})

    assert response.status_code == 422
    assert "这一列已经用作" in response.content.decode()


def test_file_of_another_kind_can_be_said(world, clerk):
    record = send(clerk, sheet(["绍兴甲有限公司", "斗门街道"], header=["企业名称", "镇街"], name="名单.xlsx"))
    assert record.sort == "enterprises"

    response = clerk.post(step("columns", record), {"kind": "cadres", "column_enterprise": "0", "column_town": "1"})

    assert response.status_code == 302
    record.refresh_from_db()
    assert record.state in (ImportState.FAILED, ImportState.PREVIEW)
    assert record.sort == "cadres"
    shown(clerk, record)


def test_unreadable_file_says_why(world, clerk):
    record = send(clerk, SimpleUploadedFile("坏.xlsx", b"PK\x03\x04 nothing"))

    assert record.state == ImportState.FAILED
    assert "文件已损坏" in shown(clerk, record)
    assert "文件已损坏" in clerk.get(reverse("visits:imports")).content.decode()


@pytest.mark.parametrize("content", [b"", b"<html></html>", bytes(range(256)) * 8])
def test_what_is_no_table_says_why(world, clerk, content):
    record = send(clerk, SimpleUploadedFile("a.xlsx", content))

    assert record.error
    assert record.error in shown(clerk, record)


def test_file_beyond_the_limit_is_refused_in_the_form(world, clerk, monkeypatch):
    monkeypatch.setattr("visits.imports.records.MOST_BYTES", 1000)

    response = clerk.post(reverse("visits:imports"), {"file": SimpleUploadedFile("a.csv", b"x" * 2000)})

    assert response.status_code == 422
    assert "上限" in response.content.decode()
    assert not LedgerImport.objects.filter(file_name="a.csv").exists()


def test_upload_without_a_file(world, clerk):
    assert clerk.post(reverse("visits:imports")).status_code == 422


def test_hostile_texts_are_shown_as_texts(world, clerk, good_row):
    row = [*good_row[:4], "<script>alert(1)</script>", "=cmd|' /C calc'!A0"]
    record = send(clerk, sheet(row, name="<b>2026.xlsx"))

    page = shown(clerk, record)

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "<b>2026" not in page


def test_refused_rows_as_a_workbook(world, clerk, good_row):
    record = send(clerk, sheet(["=1+1", *good_row[1:]], ["2026-02-30", *good_row[1:]]))

    response = clerk.get(step("refused", record))

    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("行", "列", "内容", "原因")
    assert rows[-1] == (3, "走访日期", "2026-02-30", "“2026-02-30”不是真实的日期。")


# Long work


def test_large_file_is_read_and_written_by_the_worker(world, clerk, good_row, monkeypatch):
    monkeypatch.setattr(flow, "READ_AT_ONCE_BYTES", 10)
    monkeypatch.setattr(flow, "WRITE_AT_ONCE_ROWS", 0)
    record = send(clerk, sheet(good_row))
    assert record.state == ImportState.READING
    assert "正在读取" in shown(clerk, record)
    waiting = Outbox.objects.get(task=flow.READ_TASK)

    tasks.read_ledger(**waiting.arguments)
    record.refresh_from_db()
    assert record.state == ImportState.PREVIEW
    clerk.post(step("confirm", record), {"which": "all"})
    assert not Visit.objects.exists()
    progress = clerk.get(step("progress", record))
    assert "正在写入 0 / 1 行" in progress.content.decode()
    assert "HX-Refresh" not in progress

    promised = Outbox.objects.get(task=flow.WRITE_TASK)
    tasks.write_ledger(**promised.arguments)
    tasks.write_ledger(**promised.arguments)

    record.refresh_from_db()
    assert record.state == ImportState.DONE
    assert Visit.objects.count() == 1
    assert clerk.get(step("progress", record))["HX-Refresh"] == "true"


def test_work_that_fails_writes_nothing_and_says_so(world, clerk, good_row, monkeypatch):
    monkeypatch.setattr(flow, "WRITE_AT_ONCE_ROWS", 0)
    record = send(clerk, sheet(good_row))
    clerk.post(step("confirm", record), {"which": "all"})
    attachments.store_path(record.stored_as).unlink()

    with pytest.raises(OSError, match="ledger"):
        tasks.write_ledger(record_id=str(record.pk))

    record.refresh_from_db()
    assert record.state == ImportState.FAILED
    assert "什么都没有写入" in shown(clerk, record)
    assert not Visit.objects.exists()


# Work whose worker was lost


def lose(record: LedgerImport, minutes: int = 16) -> None:
    """As long as this nobody has touched it."""
    then = timezone.now() - datetime.timedelta(minutes=minutes)
    LedgerImport.objects.filter(pk=record.pk).update(touched_at=then)


def deliver(task: str) -> None:
    """The queue delivers everything that was ever promised of this kind, also what it has delivered before."""
    runs = {flow.READ_TASK: tasks.read_ledger, flow.WRITE_TASK: tasks.write_ledger, flow.UNDO_TASK: tasks.undo_ledger}
    for promised in Outbox.objects.filter(task=task):
        runs[task](**promised.arguments)


@pytest.fixture
def at_the_worker(monkeypatch):
    monkeypatch.setattr(flow, "READ_AT_ONCE_BYTES", 10)
    monkeypatch.setattr(flow, "WRITE_AT_ONCE_ROWS", 0)
    monkeypatch.setattr(flow, "UNDO_AT_ONCE_ROWS", 0)


@pytest.fixture
def lost_write(world, clerk, good_row, at_the_worker) -> LedgerImport:
    """Confirmed, and its promise has gone with the worker."""
    record = send(clerk, sheet(good_row))
    deliver(flow.READ_TASK)
    clerk.post(step("confirm", record), {"which": "all"})
    Outbox.objects.all().delete()
    return record


def test_lost_writing_is_handed_out_again_and_written_once(world, lost_write):
    lose(lost_write, minutes=14)
    assert flow.take_up_lost(timezone.now()) == 0
    lose(lost_write)

    assert visit_jobs.take_up_lost_imports(timezone.now()) == 1
    assert flow.take_up_lost(timezone.now()) == 0
    deliver(flow.WRITE_TASK)
    deliver(flow.WRITE_TASK)

    lost_write.refresh_from_db()
    assert (lost_write.state, Visit.objects.count()) == (ImportState.DONE, 1)
    lose(lost_write)
    assert flow.take_up_lost(timezone.now()) == 0


def test_writing_that_was_committed_before_the_worker_died_is_not_written_again(world, lost_write):
    # The mark and the rows are one transaction: a worker that dies after it has left a finished import behind.
    tasks.write_ledger(record_id=str(lost_write.pk))
    lose(lost_write)

    assert flow.take_up_lost(timezone.now()) == 0
    tasks.write_ledger(record_id=str(lost_write.pk))

    assert Visit.objects.count() == 1
    assert Event.objects.filter(verb="ledgerimport.write").count() == 1


def test_writing_lost_twice_says_so_and_is_started_again_by_a_person(world, clerk, lost_write):
    for _time in range(2):
        lose(lost_write)
        flow.take_up_lost(timezone.now())

    lost_write.refresh_from_db()
    assert lost_write.state == ImportState.FAILED
    page = shown(clerk, lost_write)
    assert "写入两次都中断了，什么都没有写入" in page
    assert step("again", lost_write) in page
    # The worker that had only slept finds nothing to do.
    deliver(flow.WRITE_TASK)
    assert not Visit.objects.exists()

    assert clerk.post(step("again", lost_write)).status_code == 302
    deliver(flow.READ_TASK)
    lost_write.refresh_from_db()
    assert (lost_write.state, lost_write.restarts) == (ImportState.PREVIEW, 0)
    clerk.post(step("confirm", lost_write), {"which": "all"})
    deliver(flow.WRITE_TASK)
    assert Visit.objects.count() == 1


def test_lost_reading_is_handed_out_again_then_given_up(world, clerk, good_row, at_the_worker):
    record = send(clerk, sheet(good_row))
    lose(record)
    flow.take_up_lost(timezone.now())
    assert Outbox.objects.filter(task=flow.READ_TASK).count() == 2
    lose(record)
    flow.take_up_lost(timezone.now())

    assert "读取两次都中断了" in shown(clerk, record)


def test_reading_that_is_late_does_not_take_back_what_was_confirmed(world, clerk, good_row, at_the_worker):
    record = send(clerk, sheet(good_row))
    late = LedgerImport.objects.select_related("district").get(pk=record.pk)
    deliver(flow.READ_TASK)
    clerk.post(step("confirm", record), {"which": "all"})

    flow.look_at(late)

    record.refresh_from_db()
    assert record.state == ImportState.WRITING


def test_lost_undo_is_handed_out_again_then_the_import_stays(world, clerk, lost_write):
    tasks.write_ledger(record_id=str(lost_write.pk))
    clerk.post(step("undo", lost_write), {"typed": "撤销"})
    for _time in range(2):
        lose(lost_write)
        flow.take_up_lost(timezone.now())

    assert Outbox.objects.filter(task=flow.UNDO_TASK).count() == 2
    lost_write.refresh_from_db()
    assert (lost_write.state, Visit.objects.count()) == (ImportState.DONE, 1)
    assert "导入的内容原样还在" in shown(clerk, lost_write)


@pytest.mark.django_db(transaction=True)
def test_import_that_is_being_written_is_left_alone(world, clerk, lost_write):
    lose(lost_write)
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        LedgerImport.objects.select_for_update(no_key=True).get(pk=lost_write.pk)

        assert other.submit(_in_another_connection).result(timeout=30) == 0

    assert flow.take_up_lost(timezone.now()) == 1


def _in_another_connection() -> int:
    try:
        return flow.take_up_lost(timezone.now())
    finally:
        connection.close()


def test_directory_that_changed_after_the_look_stops_the_writing(world, clerk, good_row):
    record = send(clerk, sheet(good_row))
    User.objects.filter(username="cadre").update(name="改名")

    response = clerk.post(step("confirm", record), {"which": "all"})

    assert response.status_code == 422
    assert "名录有了变化" in response.content.decode()
    assert not Visit.objects.exists()
    record.refresh_from_db()
    assert record.state == ImportState.PREVIEW


# Undo and throwing away


def test_undo_needs_the_word(world, clerk, good_row):
    record = send(clerk, sheet(good_row))
    clerk.post(step("confirm", record), {"which": "all"})

    assert clerk.post(step("undo", record), {"typed": "好"}).status_code == 422
    assert Visit.objects.count() == 1
    assert clerk.post(step("undo", record), {"typed": "撤销"}).status_code == 302
    assert not Visit.objects.exists()
    assert "撤销了这次导入" in shown(clerk, record)


def test_undo_that_is_refused_says_why(world, clerk, good_row):
    record = send(clerk, sheet([*good_row[:3], "绍兴新来的有限公司", *good_row[4:]]))
    clerk.post(step("confirm", record), {"which": "all"})
    firm = Enterprise.objects.get(name="绍兴新来的有限公司")
    firm.version = 2
    firm.save()

    response = clerk.post(step("undo", record), {"typed": "撤销"})

    assert response.status_code == 422
    assert "已经在用" in response.content.decode()
    assert Visit.objects.count() == 1


def test_long_undo_is_done_by_the_worker(world, clerk, good_row, monkeypatch):
    record = send(clerk, sheet(good_row))
    clerk.post(step("confirm", record), {"which": "all"})
    monkeypatch.setattr(flow, "UNDO_AT_ONCE_ROWS", 0)

    clerk.post(step("undo", record), {"typed": "撤销"})

    assert "正在整批撤销" in shown(clerk, record)
    assert Visit.objects.count() == 1
    promised = Outbox.objects.get(task=flow.UNDO_TASK).arguments
    # A task of the writing that comes late must not write again.
    tasks.write_ledger(**promised)
    tasks.undo_ledger(**promised)
    tasks.undo_ledger(**promised)
    record.refresh_from_db()
    assert (record.state, record.undone_by) == (ImportState.UNDONE, world["clerk"])
    assert not Visit.objects.exists()


def test_long_undo_that_comes_too_late_keeps_the_import(world, clerk, good_row, monkeypatch):
    record = send(clerk, sheet(good_row))
    clerk.post(step("confirm", record), {"which": "all"})
    monkeypatch.setattr(flow, "UNDO_AT_ONCE_ROWS", 0)
    clerk.post(step("undo", record), {"typed": "撤销"})
    Visit.objects.update(version=2)

    tasks.undo_ledger(record_id=str(record.pk))

    record.refresh_from_db()
    assert record.state == ImportState.DONE
    assert "1 次走访已经更正" in shown(clerk, record)
    assert Visit.objects.count() == 1


def test_upload_can_be_thrown_away(world, clerk, good_row, django_capture_on_commit_callbacks):
    record = send(clerk, sheet(good_row))

    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(step("discard", record))

    assert not LedgerImport.objects.filter(pk=record.pk).exists()
    assert not attachments.store_path(record.stored_as).exists()


# Who


@pytest.mark.parametrize("name", ["cadre", "leader", "handler", "town", "auditor", "mediator"])
def test_others_do_not_import(world, as_person, name):
    client = as_person(name)

    assert client.get(reverse("visits:imports")).status_code == 403
    assert client.post(reverse("visits:imports"), {"file": sheet()}).status_code == 403


def test_admin_imports_too(world, as_person, good_row):
    record = send(as_person("admin"), sheet(good_row))

    assert as_person("admin").post(step("confirm", record), {"which": "all"}).status_code == 302
    assert Visit.objects.count() == 1


def test_import_of_another_district_is_not_there(world, elsewhere, as_person, clerk, good_row):
    record = send(clerk, sheet(good_row))
    stranger = as_person("clerk", elsewhere)

    for name in ("confirm", "undo", "discard", "columns"):
        assert stranger.post(step(name, record), {}).status_code == 404
    for address in (reverse("visits:import", args=[record.pk]), step("progress", record), step("refused", record)):
        assert stranger.get(address).status_code == 404


def test_page_has_no_inline_script_or_style(world, clerk, good_row):
    page = shown(clerk, send(clerk, sheet(good_row)))

    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\sstyle=|<style", page)
