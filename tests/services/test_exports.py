"""The ledger that a programme gives away: what its filter shows, typed cells, who took it and when, nothing that is sealed."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from services.actions.programmes import install
from services.catalogue import rows
from services.exporting import typed
from services.extra import Extra
from services.models import Programme
from services.shapes import shape_kinds
from tests.sampling import taken
from tests.services.walking import register_case
from tests.services.worlds import make_programme, number_of
from tests.world import World
from unionops.org.models import Event

pytestmark = pytest.mark.django_db

FIELDS = [
    {"key": "kind_of", "label": "类型", "kind": "text"}, {"key": "people", "label": "几人", "kind": "whole"},
    {"key": "hours", "label": "时长", "kind": "decimal"}, {"key": "fee", "label": "费用", "kind": "money"},
    {"key": "until", "label": "到哪天", "kind": "day"}, {"key": "is_new", "label": "新办", "kind": "yes_no"},
    {"key": "ways", "label": "方式", "kind": "many", "choices": ["线上", "线下", "上门"]},
    {"key": "illness", "label": "病情", "kind": "text", "sealed": True},
]  # fmt: skip
GIVEN = {
    "kind_of": "=1+1", "people": "12", "hours": "1.5", "fee": "1200.50", "until": "2026-03-05", "is_new": "on",
    "ways": ["线上", "上门"], "illness": "慢性肾病",
}  # fmt: skip
WANTED = {
    "类型": "=1+1", "几人": 12, "时长": 1.5, "费用": 1200.5, "到哪天": datetime.datetime(2026, 3, 5), "新办": "是",
    "方式": "线上、上门",
}  # fmt: skip


def opened(client: Client, programme: Programme, **query: str) -> Workbook:
    answer: Any = client.get(f"/services/p/{programme.code}/export.xlsx", query)
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer)))


def told(book: Workbook) -> list[dict[str, Any]]:
    head, *found = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


@pytest.mark.parametrize("kind", shape_kinds(), ids=lambda kind: kind.shape)
def test_what_the_filter_shows_goes_out_typed_with_name_and_time(world: World, client: Client, kind: Any) -> None:
    programme = make_programme(world, kind.shape, fields=FIELDS)
    register_case(world, programme, kind)
    case = register_case(
        world, programme, kind, applicant_name="王建国", phone="13900001234", identity=number_of(7),
        **{f"extra_{key}": value for key, value in GIVEN.items()},
    )  # fmt: skip
    client.force_login(world["officer"])

    book = opened(client, programme, q=case.number)

    (row,) = told(book)
    assert {label: row[label] for label in WANTED} == WANTED
    now = timezone.localtime()
    assert (row["编号"], row["状态"], row["服务人数"]) == (case.number, case.state_words, 0)
    since = timezone.localtime(case.registered_at).replace(tzinfo=None)
    assert abs(row["登记时间"] - since) < datetime.timedelta(seconds=1)
    assert "慢性肾病" not in str(told(book))
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert about["行数"] == 1
    assert all(word in about["导出"] for word in ("officer", f"{now:%Y-%m-%d}"))
    assert case.number in about.values()
    event = Event.objects.get(verb="user.export")
    assert (event.by, event.data["list"], event.data["rows"]) == (world["officer"], programme.name, 1)
    # Without the filter both, the newest first; who may not take it is told so, and nothing is written.
    both = told(opened(client, programme))
    assert (both[0]["编号"], len(both)) == (case.number, 2)
    client.force_login(world["auditor"])
    assert client.get(f"/services/p/{programme.code}/export.xlsx").status_code == 403


def test_every_programme_of_the_catalogue_gives_its_ledger_with_its_own_columns(world: World, client: Client) -> None:
    install(world.district, rows(), by=world["admin"])
    client.force_login(world["clerk"])
    for programme in Programme.objects.filter(district=world.district).order_by("code"):
        if taken("export", programme.code, of=4):
            (head,) = opened(client, programme).worksheets[0].iter_rows(values_only=True)
            own = list(programme.extras)
            assert {extra.label for extra in own if not extra.sealed} <= set(head), programme.code
            sealed = {extra.label for extra in own if extra.sealed} - {extra.label for extra in own if not extra.sealed}
            assert sealed.isdisjoint(head), programme.code


def test_what_was_kept_before_a_field_became_a_number_stays_text() -> None:
    assert [typed(Extra("a", "甲", kind=kind), "约十人") for kind in ("whole", "money", "day")] == ["约十人"] * 3
