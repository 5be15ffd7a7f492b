"""The page of closed periods: reported figures, and beside them what changed since."""

from __future__ import annotations

import datetime
import io
import re
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.kept import kept
from tests.world import World, make_enterprise, make_world
from unionops.insight import rollups
from unionops.insight.closing import close_periods
from unionops.insight.models import Grain
from unionops.org.models import Event
from visits.actions import steps
from visits.actions.visits import correct_visit
from visits.models import Issue, LedgerImport, Visit

from .test_rollups import at, make_visit

ADDRESS = "/insight/closed/"


@kept
def closed_month() -> World:
    world = make_world()
    make_visit(world, datetime.date(2024, 5, 6), submitted_at=at(datetime.date(2024, 5, 6)))
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 6, 20)))
    return world


@pytest.fixture
def world(closed_month):
    return closed_month


def make_issue(world: World) -> Issue:
    return world.issue(
        registered_at=at(datetime.date(2024, 5, 20)), liaison=world["cadre"], registered_by=world["cadre"]
    )


def ask(world: World, name: str, **query: object):
    client = Client()
    client.force_login(world[name])
    return client.get(ADDRESS, query)


def test_late_visit_is_told_beside_the_reported_figure(world):
    before = ask(world, "leader").content.decode()
    make_visit(world, datetime.date(2024, 5, 7))
    rollups.flush()

    after = ask(world, "leader").content.decode()

    assert "2024 年 5 月" in before
    assert "现 2" not in before
    assert "现 2" in after


def test_what_was_reported_in_words_stays_as_it_was(world):
    client = Client()
    client.force_login(world["leader"])
    make_visit(world, datetime.date(2024, 5, 7))
    make_issue(world)
    rollups.flush()
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 6, 20)))

    said = (
        "走访 1 次，走到企业 1 家，其中重点企业 0 家。登记诉求 0 件，截至结账解决 0 件，办结率 —，其中当场解释 0 件。"
    )
    page = client.get(f"{ADDRESS}2024-05/").content.decode()
    (sentence,) = re.findall(r'<div class="card-body"><p>(.*?)</p>', page)
    assert re.sub(r"<[^>]+>", "", sentence).startswith(said)
    # Each of its numbers opens: what has moved since leads to what moved it, the others to as many rows.
    assert not re.search(r"\d", re.sub(r"<a .*?</a>", "", sentence))
    opens = [(unescape(link), words) for link, words in re.findall(r'<a href="([^"]+)">([^<]+)</a>', sentence)]
    assert [words for link, words in opens if link == "#late-h"] == ["1", "0"]
    for link, words in opens:
        if link != "#late-h":
            found = re.search(r"共 (\d+) ", client.get(link).content.decode())
            assert (found[1] if found else "0") == words, link


def test_town_sees_itself_and_no_other(world):
    assert ask(world, "cadre").status_code == 200
    assert ask(world, "cadre", organisation=world.town.pk).status_code == 200
    for hidden in (world.other_town.pk, world.district.pk, 10**12, "x"):
        assert ask(world, "cadre", organisation=hidden).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("leader", 200), ("clerk", 200), ("handler", 403), ("unposted", 403)])
def test_roles(world, name, status):
    assert ask(world, name).status_code == status


def test_what_is_no_grain_is_not_found(world):
    assert ask(world, "leader", grain="decade").status_code == 404


def test_nothing_closed_yet_says_when(world):
    assert "还没有结账的期间" in ask(world, "leader", grain="year").content.decode()


def test_as_many_statements_for_one_period_as_for_many(world):
    def statements() -> int:
        client = Client()
        client.force_login(world["leader"])
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as seen:
            client.get(ADDRESS)
        return len(seen)

    few = statements()
    close_periods(Grain.MONTH, now=at(datetime.date(2026, 6, 20)))

    assert statements() == few


# One closed period, and what caused its restatement


def period(world: World, name: str, code: str = "2024-05", **query: object):
    client = Client()
    client.force_login(world[name])
    return client.get(f"{ADDRESS}{code}/", query)


def test_rows_that_caused_a_restatement_stand_beside_it(world):
    """A late visit, one that is moved out of the month, an issue of the month that is settled later."""
    moved = Visit.objects.get()
    heard = make_issue(world)
    close_periods(Grain.QUARTER, now=at(datetime.date(2024, 7, 20)))
    assert "结账以后没有变化" in period(world, "leader", "2024-Q2").content.decode()
    with time_machine.travel(at(datetime.date(2024, 7, 25)), tick=False):
        late = make_visit(world, datetime.date(2024, 5, 7))
        correct_visit(moved, by=world["cadre"], fields={"visited_on": datetime.date(2024, 7, 2)}, reason="写错了日期")
        steps.explain(heard, by=world["cadre"], explanation="按规定", basis="《工会法》", understood=True)
    rollups.flush()

    page = period(world, "leader", "2024-Q2").content.decode()

    assert f"/visits/{late.pk}/" in page
    assert "补录 2024-05-07 的走访" in page
    assert f"/visits/{moved.pk}/" in page
    assert "把走访日期从 2024-05-06 改为 2024-07-02" in page
    assert "写错了日期" in page
    assert f"/issues/{heard.pk}/" in page
    assert "当场解释" in page
    # Two visits were exchanged for each other: the count is as it was, and yet everything that happened is told.
    assert "+1" in page


def test_undone_import_is_told_by_its_name(world):
    record = world.imported
    LedgerImport.objects.filter(pk=record.pk).update(
        finished_at=at(datetime.date(2024, 6, 1)), undone_at=at(datetime.date(2024, 6, 25)), undone_by=world["clerk"]
    )
    assert f"撤销了导入“{record.file_name}”" in period(world, "leader").content.decode()


def test_who_may_not_see_the_rows_is_not_told_of_them(world, client):
    other = make_world("柯桥区总工会", "far_")
    late = make_visit(other, datetime.date(2024, 5, 9))
    rollups.flush()
    assert str(late.pk) not in period(world, "leader").content.decode()
    assert period(world, "leader", organisation=other.district.pk).status_code == 404
    assert period(other, "leader").status_code == 200


@pytest.mark.parametrize(("code", "status"), [("2024-06", 404), ("2024", 404), ("2024-13", 422), ("soon", 422)])
def test_a_period_that_is_not_closed_is_not_found(world, code, status):
    assert period(world, "leader", code).status_code == status


# Ledgers: a whole file of late rows, brought in and taken out with a reason


def ledger(world: World, *days: str) -> SimpleUploadedFile:
    lines = [f"{day},cadre,斗门街道,{world.enterprise.name},工资拖了半个月,已解决" for day in days]
    text = "\n".join(["走访日期,驻联干部,镇街,企业名称,问题诉求,办理情况", *lines])
    return SimpleUploadedFile("2024年台账.csv", text.encode())


def sent(client: Client, file: SimpleUploadedFile) -> tuple[LedgerImport, str]:
    place = client.post("/imports/", {"file": file}).url
    return LedgerImport.objects.get(pk=place.rstrip("/").rsplit("/", 1)[-1]), place


def test_ledger_of_a_closed_month_needs_a_reason_to_come_and_to_go(world):
    client = Client()
    client.force_login(world["clerk"])
    _record, place = sent(client, ledger(world, "2024-05-08", "2024-07-04"))
    preview = client.get(place).content.decode()
    assert "2024 年 5 月" in preview
    assert "2024 年 7 月" not in preview

    refused = client.post(f"{place}confirm/", {"which": "all", "reason": "  "})
    assert refused.status_code == 422
    assert "2024 年 5 月 已经结账，改动要写理由。" in refused.content.decode()
    assert Visit.objects.count() == 1

    assert client.post(f"{place}confirm/", {"which": "all", "reason": "镇街漏报，补交纸质台账"}).status_code == 302
    rollups.flush()
    assert Visit.objects.count() == 3
    told = period(world, "leader").content.decode()
    assert "补录 2024-05-08 的走访" in told
    assert told.count("镇街漏报，补交纸质台账") == 2
    assert "2024-07-04" not in told
    written = Event.objects.get(verb="ledgerimport.write")
    assert (written.data["closed"], written.data["reason"]) == (["2024-05"], "镇街漏报，补交纸质台账")

    assert "2024 年 5 月" in client.get(place).content.decode()
    assert client.post(f"{place}undo/", {"typed": "撤销"}).status_code == 422
    assert Visit.objects.count() == 3
    assert client.post(f"{place}undo/", {"typed": "撤销", "reason": "导错了年份"}).status_code == 302
    rollups.flush()
    assert Visit.objects.count() == 1
    undone = Event.objects.get(verb="ledgerimport.undo")
    assert (undone.data["closed"], undone.data["reason"]) == (["2024-05"], "导错了年份")


def test_ledger_of_a_closed_week_needs_a_reason_and_one_that_is_known_does_not(world):
    client = Client()
    client.force_login(world["clerk"])
    make_visit(world, datetime.date(2024, 6, 5))
    close_periods(Grain.WEEK, now=at(datetime.date(2024, 6, 20)))
    record, place = sent(client, ledger(world, "2024-06-06"))

    assert record.summary["closed"] == ["2024-W23"]
    assert client.post(f"{place}confirm/", {"which": "all"}).status_code == 422
    assert client.post(f"{place}confirm/", {"which": "all", "reason": "纸质记录晚到"}).status_code == 302
    again, place = sent(client, ledger(world, "2024-06-06"))
    assert (again.summary["known"], again.summary["closed"]) == (1, [])
    assert client.post(f"{place}confirm/", {"which": "all"}).status_code == 302


def test_period_closed_between_the_look_and_the_writing_asks_again(world):
    client = Client()
    client.force_login(world["clerk"])
    make_visit(world, datetime.date(2024, 6, 5))
    _record, place = sent(client, ledger(world, "2024-06-06"))
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 7, 20)))

    refused = client.post(f"{place}confirm/", {"which": "all"})

    assert refused.status_code == 422
    assert 'name="reason"' in refused.content.decode()
    assert Visit.objects.count() == 2


def test_command_changes_a_closed_month_with_a_reason_only(world, tmp_path):
    path = tmp_path / "2024年台账.csv"
    path.write_bytes(ledger(world, "2024-05-08").read())
    said = io.StringIO()
    call_command("import_ledger", str(path), dry_run=True, stdout=io.StringIO(), stderr=said)
    assert "changes closed periods: 2024-05" in said.getvalue()

    with pytest.raises(CommandError, match="改动要写理由。 Say why with --reason"):
        call_command("import_ledger", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    assert Visit.objects.count() == 1
    call_command("import_ledger", str(path), reason="补交", stdout=io.StringIO(), stderr=io.StringIO())

    assert Visit.objects.count() == 2
    assert Event.objects.get(verb="ledgerimport.write").data["reason"] == "补交"


# Other doors


def test_firms_that_are_merged_restate_a_closed_month_with_their_reason(world):
    client = Client()
    client.force_login(world["clerk"])
    twin = make_enterprise(world.town, name="斗门精工纺织")
    make_visit(world, datetime.date(2024, 6, 5))
    make_visit(world, datetime.date(2024, 6, 6), enterprise=twin)
    close_periods(Grain.MONTH, now=at(datetime.date(2024, 7, 20)))
    place = f"/org/enterprises/{world.enterprise.pk}/merge/"

    assert client.post(place, {"duplicate": twin.pk}).status_code == 422
    assert client.post(place, {"duplicate": twin.pk, "reason": "同一家，名称写法不同"}).status_code == 302
    rollups.flush()

    page = period(world, "leader", "2024-06").content.decode()
    assert "把“斗门精工纺织”并入这一家" in page
    assert "同一家，名称写法不同" in page
    assert "-1" in page


@pytest.mark.parametrize("verb", ["merge", "void"])
def test_issue_of_a_closed_month_is_not_taken_out_of_it_without_a_reason(world, verb):
    client = Client()
    client.force_login(world["clerk"])
    heard, other = make_issue(world), make_issue(world)
    close_periods(Grain.QUARTER, now=at(datetime.date(2024, 7, 20)))
    place, said = f"/issues/{heard.pk}/{verb}/", {"into": other.number, "version": heard.version}

    assert client.post(place, said).status_code == 422
    heard.refresh_from_db()
    assert heard.state == "registered"
    assert client.post(place, said | {"reason": "两个人登记了同一件事"}).status_code == 302
    rollups.flush()

    page = period(world, "leader", "2024-Q2").content.decode()
    assert "两个人登记了同一件事" in page
    assert "-1" in page
