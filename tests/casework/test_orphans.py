"""Stored files that no row names go after a day; every other file stays."""

from __future__ import annotations

import datetime
import io
import logging
import os
import secrets
import time

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from unionops.casework import jobs, tasks
from unionops.casework.attachments import attach, prepare, remove, store, store_path
from unionops.casework.models import Attachment
from unionops.casework.orphans import remove_orphans
from visits.enums import IssueState
from visits.imports import flow

DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.UNIONOPS_FILES = tmp_path / "files"


def age(name: str, seconds: int = DAY + 60) -> str:
    then = time.time() - seconds
    os.utime(store_path(name), (then, then))
    return name


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return SimpleUploadedFile("车间.png", out.getvalue())


def ledger(world) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in (
        ["走访日期", "驻联干部", "镇街", "企业名称", "问题诉求", "办理情况"],
        ["2026-03-05", "cadre", "斗门街道", world.enterprise.name, "工资拖了半个月", "已解决"],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("2026年台账.xlsx", out.getvalue())


def test_files_that_no_row_names_go_and_are_counted(world, caplog):
    left = prepare(picture())
    names = [left.stored_as, left.thumbnail_as, store(b"x" * 10, "ledger"), store(b"y", "preview")]
    half = f"{secrets.token_hex(20)}.part"
    store_path(half).parent.mkdir(parents=True, exist_ok=True)
    store_path(half).write_bytes(b"half")
    for name in (*names, half):
        age(name)

    with caplog.at_level(logging.INFO, "unionops.casework.orphans"):
        assert remove_orphans(timezone.now()) == 5

    assert not any(store_path(name).exists() for name in (*names, half))
    assert "removed 5 stored files" in caplog.text
    assert remove_orphans(timezone.now()) == 0


def test_files_that_a_row_names_stay(world):
    issue = world.issue(IssueState.SUBMITTED)
    attached = attach(issue, picture(), by=world["cadre"])
    taken_off = attach(issue, picture(), by=world["cadre"])
    remove(issue, taken_off, by=world["cadre"], reason="传错了")
    record = flow.receive(ledger(world), by=world["clerk"])
    names = {
        *Attachment.objects.values_list("stored_as", flat=True), *Attachment.objects.values_list("thumbnail_as", flat=True),
        record.stored_as, record.summary["preview_as"],
    }  # fmt: skip
    for name in names:
        age(name)

    assert remove_orphans(timezone.now()) == 0

    assert len(names) == 6
    assert all(store_path(name).exists() for name in names)
    assert attached.pk


def test_file_that_is_being_uploaded_and_what_is_not_ours_stay(world):
    young = prepare(picture())
    nearly = age(store(b"x", "ledger"), DAY - 60)
    foreign = [store_path("README.txt"), store_path(f"{secrets.token_hex(20)}.bak")]
    for path in foreign:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"laid here by hand")
        os.utime(path, (1, 1))

    # A job that was late looks at how things stand now, one that is due in the future no further.
    assert remove_orphans(timezone.now() + datetime.timedelta(days=3)) == 0

    kept = [store_path(name) for name in (young.stored_as, young.thumbnail_as, nearly)]
    assert all(path.exists() for path in (*kept, *foreign))


def test_job_runs_every_night(world):
    age(store(b"x", "preview"))
    job = tasks._jobs["casework.remove_orphans"]

    assert job.hours == (4,)
    assert job.run is jobs.remove_orphans
    assert job.run(timezone.now()) == 1
