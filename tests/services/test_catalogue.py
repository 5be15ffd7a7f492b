"""The catalogue of programmes: what a district takes from it, what stays as people made it, and the page that tells of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from services import catalogue
from services.actions import programmes
from services.management.commands.describe_programmes import page
from services.models import Programme
from services.shapes import shape_kinds
from tests.world import World
from unionops import assets
from unionops.org.errors import NotAllowed
from unionops.org.models import Event

ROOT = Path(__file__).parents[2]
ROWS: list[dict[str, Any]] = [
    {
        "code": "walk_aid", "shape": "claim", "catalogue": "C99", "name": "临时互助", "prefix": "LH", "department": ["没有这个科", "女工"],
        "applicants": ["person"], "steps": ["approve"], "fields": [{"key": "own", "label": "自付", "kind": "money", "counted": True}],
        "figures": [{"label": "理赔", "value": "9,000 人次"}],
    },
    {"code": "walk_gift", "shape": "claim", "catalogue": "C99", "name": "礼包", "prefix": "LH", "applicants": ["person"]},
]  # fmt: skip


def install(world: World, rows: list[dict[str, Any]]) -> programmes.Installed:
    return programmes.install(world.district, rows, by=world["admin"])


def test_rows_become_programmes_once(world: World) -> None:
    done = install(world, ROWS)
    aid, gift = Programme.objects.order_by("-code").filter(code__startswith="walk_").order_by("code")
    assert done.added == ["临时互助", "礼包"]
    assert (aid.organisation, gift.organisation) == (world.other_department, world.department)
    assert aid.prefix == "LH"
    assert gift.prefix != "LH"
    assert aid.extras[0].counted
    assert Event.objects.filter(verb="programme.make").count() == 2
    assert install(world, ROWS) == ([], [])


def test_what_an_administrator_did_stays_and_the_rest_follows(world: World) -> None:
    install(world, ROWS)
    aid, gift = (Programme.objects.get(code=code) for code in ("walk_aid", "walk_gift"))
    programmes.retire(aid, by=world["admin"])
    newer = [{**ROWS[0], "name": "新名称", "steps": []}, {**ROWS[1], "name": "新礼包"}]
    assert install(world, newer) == ([], ["新礼包"])
    aid.refresh_from_db()
    gift.refresh_from_db()
    assert (aid.name, aid.steps, gift.name) == ("临时互助", ["approve"], "新礼包")
    with pytest.raises(NotAllowed):
        programmes.install(world.district, ROWS, by=world["officer"])


def test_the_command_and_the_page_add_what_is_missing(world: World, client: Client) -> None:
    rows = catalogue.rows()
    address = reverse("services:programme_catalogue")
    client.force_login(world["admin"])
    shown = client.get(address).content.decode()
    assert all(row["name"] in shown for row in rows)
    if rows:
        assert client.post(address, {}).status_code == 422
        client.post(address, {"codes": [rows[0]["code"]]})
        assert list(Programme.objects.values_list("code", flat=True)) == [rows[0]["code"]]
    call_command("install_programmes", world.district.name)
    assert set(Programme.objects.values_list("code", flat=True)) == {row["code"] for row in rows}
    shown = client.get(reverse("services:programmes")).content.decode()
    assert all(row["name"] in shown for row in rows)
    assert address not in shown
    assert "目录里的都有了" in client.get(address).content.decode()
    with pytest.raises(CommandError, match="no district"):
        call_command("install_programmes", "没有这个区")
    with pytest.raises(CommandError, match="does not have"):
        call_command("install_programmes", world.district.name, "--only", "C00")
    client.force_login(world["officer"])
    assert client.get(address).status_code == 403


def test_every_row_is_sound() -> None:
    """No code and no name twice; steps, deciders, terms and limits name what the shape knows; icons exist."""
    rows, icons = catalogue.rows(), set(assets.used_icons())
    codes = [row["code"] for row in rows]
    assert len(set(codes)) == len(codes) == len({row["name"] for row in rows})
    for kind in shape_kinds():
        names = {f"verb:{verb}" for verb in kind.table} | {f"state:{state}" for state in kind.states.values}
        limits = {key for key, *_rest in kind.all_limits}
        for row in catalogue.rows_of(kind):
            assert row["catalogue"] in catalogue.ENTRIES, row["code"]
            assert row["icon"] in icons, (row["code"], row["icon"])
            assert set(row.get("steps", ())) <= kind.optional | kind.spare, row["code"]
            assert set(row.get("names", ())) | set(row.get("deciders", ())) <= names, row["code"]
            assert set(row.get("terms", ())) <= set(kind.states.values), row["code"]
            assert set(row.get("limits", ())) <= limits, row["code"]


def test_what_lives_elsewhere_is_there() -> None:
    for number, entry in catalogue.ELSEWHERE.items():
        assert reverse(entry.page), number
    assert all(number in catalogue.ENTRIES for number in catalogue.ELSEWHERE)
    for told in (
        catalogue.WALK,
        *catalogue.WALKED_BY.values(),
        *(entry.test for entry in catalogue.ELSEWHERE.values()),
    ):
        path, _colons, name = told.partition("::")
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in text, told
    assert list(catalogue.missing()) == []


def test_the_page_is_fresh() -> None:
    kept = (ROOT / "docs/programmes.md").read_text(encoding="utf-8")
    assert kept == page(), "manage.py describe_programmes > docs/programmes.md"
