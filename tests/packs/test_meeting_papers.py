"""The papers of the meetings say what their records keep, in every format, and only to whoever sees the record."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from disputes.papers import statistics
from tests.analyses.conftest import SUMMER, fill, prepare, put_in_state
from tests.exchanges.conftest import MARCH, held, make_group, prepared
from tests.insight.conftest import at, live
from tests.kept import kept
from tests.reviews import stories
from tests.sampling import WHOLE
from tests.world import World, make_world
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked, find
from unionops.insight.periods import Kind, containing
from unionops.packs import documents, registry
from unionops.packs.gathering import asked_of
from unionops.packs.models import Download
from visits.analyses.models import Section as Text
from visits.exchanges.actions import decisions, exchanges
from visits.exchanges.actions.agenda import add_item, record_minutes
from visits.exchanges.enums import DecisionKind, Section
from visits.exchanges.models import Exchange
from visits.exchanges.presenting import parts
from visits.packs.appendices import CODE as APPENDICES
from visits.reviews.actions import reviews
from visits.reviews.enums import APPRAISED
from visits.reviews.measuring import lines_of
from visits.reviews.models import Result, Review

from .conftest import ask, content, links, made, read, work, xlsx_cells
from .test_papers import EVIL, MEETING_PAPERS

pytestmark = pytest.mark.django_db
JUNE = at(6, 1)


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def every_cell(document: dict) -> Iterator[dict]:
    for section in document["sections"]:
        for block in section["blocks"]:
            match block["type"]:
                case "figures":
                    yield from block["values"]
                case "paragraph":
                    yield from block["pieces"]
                case _:
                    yield from (cell for row in block["rows"] for cell in row)


def block_of(document: dict, code: str, kind: str = "table") -> list[dict]:
    (section,) = [section for section in document["sections"] if section["code"] == code]
    return [block for block in section["blocks"] if block["type"] == kind]


def rows_of(table: dict) -> list[list[str]]:
    return [[documents.words(cell) for cell in row] for row in table["rows"]]


@pytest.fixture
def june(time_machine):
    time_machine.move_to(JUNE, tick=True)


def discussed(world: World) -> Exchange:
    """March, held, with minutes to every point and a decision."""
    exchange = prepared(world, MARCH, now=at(4, 1))
    add_item(exchange, by=world["leader"], section=Section.FOCUS, title="节前欠薪排查", text="逐家上门\n五日内报数")
    exchange = exchanges.hold(exchange, by=world["clerk"], held_at=at(4, 8, 14), now=at(4, 8, 14))
    notes = {item.pk: f"第{number}点：{EVIL[number % len(EVIL)]}" for number, item in enumerate(exchange.items.all())}
    present = [world.people["leader"].pk, world.people["cadre"].pk]
    record_minutes(
        exchange, by=world["clerk"], notes=notes, summary="三件事\n都定了人", present=present, guests="人社局 赵科长"
    )
    exchange.refresh_from_db()
    decisions.decide(
        exchange, by=world["clerk"], kind=DecisionKind.TASK, text="把工资支付台账核一遍", owner=world["cadre"],
        due_on=datetime.date(2026, 6, 20),
    )  # fmt: skip
    return exchange


@kept
def minuted() -> World:
    """The small history with the record of each meeting: of a month, of a quarter and of a year."""
    world = live(make_world())
    with time_machine.travel(JUNE):
        world.things["meeting"] = discussed(world)
    with time_machine.travel(SUMMER):
        world.things["paper"] = fill(prepare(world)["district"], world)
    world.things["review"] = stories.published(world, all_five=True)
    return world


@pytest.fixture
def meeting(minuted, june):
    return minuted.things["meeting"]


@pytest.fixture
def paper(minuted, time_machine):
    time_machine.move_to(SUMMER, tick=True)
    return minuted.things["paper"]


@pytest.fixture
def review(minuted):
    return minuted.things["review"]


def check_part_of_disputes(document: dict, asked: Asked) -> None:
    """The paper's own part says of disputes what their indicators say, each figure with its rows, and the causes."""
    blocks = [section["blocks"] for section in document["sections"] if "劳动争议调解" in section["heading"]]
    (found,) = blocks
    lines = {line[1]["code"]: line[1] for line in found[0]["rows"]}
    assert list(lines) == list(statistics.IN_BRIEF)
    for code, cell in lines.items():
        value = figure_of(Question(find(code), asked, "", {})).value
        assert (None if cell["value"] is None else Decimal(cell["value"])) == value, code
        assert cell["url"].startswith("/insight/rows/"), code
    assert lines["dispute_accepted_count"]["value"]
    assert "按案由" in str(found[1]["title"])


RECORDS = {
    "exchange_material": ("meeting", "exchange"), "exchange_minutes": ("meeting", "exchange"),
    "quarterly_analysis": ("paper", "paper"), "annual_review": ("review", "review"),
}  # fmt: skip


@pytest.fixture
def record(request, minuted):
    """(code, what its address asks) of one paper."""
    name, key = RECORDS[request.param]
    return request.param, f"{key}={request.getfixturevalue(name).pk}"


@pytest.mark.parametrize("record", MEETING_PAPERS, indirect=True)
def test_every_format_says_the_same_and_leads_to_the_same_rows(record, as_person):
    client, (code, query) = as_person("leader"), record
    found = {}
    for form in registry.find(code).formats:
        row = made(client, code, form, query)
        data = content(client, row)
        found[form] = plain(read(form, data)), links(form, data), row.document
    documents_made = [document for _text, _links, document in found.values()]
    figures = documents.values_of(documents_made[0])
    cells = [*every_cell(documents_made[0]), *(cell for _label, cell in documents_made[0]["meta"])]
    wanted = {cell["url"] for cell in cells if cell["url"]}

    assert all(one["sections"] == documents_made[0]["sections"] for one in documents_made)
    assert figures
    assert len(wanted) > 5
    for form, (text, addresses, document) in found.items():
        assert plain(document["title"]) in text
        assert {f"http://unionops.test{url}" for url in wanted} <= addresses
        if form == "xlsx":
            continue
        for cell in every_cell(document):
            shown = plain(documents.words(cell))
            # Quotation marks and dashes are set by the language of a print.
            assert (form == "pdf" and not re.fullmatch(r"[\w一-鿿.,%]*", shown)) or shown in text, (form, shown)
    for url in sorted(wanted)[:: 1 if WHOLE else 3]:
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("record", MEETING_PAPERS, indirect=True)
def test_only_whoever_sees_the_record_gets_its_paper(record, as_person, elsewhere):
    code, query = record
    key = query.partition("=")[0]
    address = f"/meetings/packs/{code}/new/"

    assert as_person("leader").get(f"{address}?{query}").status_code == 200
    assert as_person("leader", elsewhere).get(f"{address}?{query}").status_code == 404
    assert as_person("leader").get(f"{address}?{key}=x").status_code == 404
    assert as_person("leader").get(address).status_code == 404
    assert as_person("unposted").get(f"{address}?{query}").status_code in (403, 404)
    assert not Download.objects.exists()


# --- the monthly exchange


def test_material_is_the_agenda_with_its_frozen_figures(meeting, minuted, as_person):
    leader = as_person("leader")
    page = leader.get(reverse("exchanges:exchange", args=[meeting.pk])).content.decode()
    assert f"/meetings/packs/exchange_minutes/new/?exchange={meeting.pk}" in page
    row = made(leader, "exchange_material", "xlsx", f"exchange={meeting.pk}")
    document = row.document
    kept = {part["section"]: part["items"] for part in parts(minuted["leader"], meeting)}

    assert [section["code"] for section in document["sections"]] == ["notice", *Section.values, APPENDICES]
    assert document["sections"][1]["heading"] == "一、上次议定事项"
    for code in ("visits", "new_issues"):
        shown = kept[code][0]["figures"]
        (whole,) = block_of(document, code, "figures")
        assert [documents.words(cell).rstrip("%") for cell in whole["values"]] == [
            one["words"].rstrip(" %") for one in shown["whole"]
        ]
        tables = [one for one in shown["tables"] if one["rows"]]
        for table, one in zip(block_of(document, code), tables, strict=True):
            assert [row[0] for row in rows_of(table)] == [line["label"] for line in one["rows"]]
            for cells, line in zip(table["rows"], one["rows"], strict=True):
                for cell, kept_cell in zip(cells[1:], line["cells"], strict=True):
                    if kept_cell["found"]:
                        assert documents.words(cell).rstrip("%") == kept_cell["found"].words
                        assert cell["url"] == kept_cell["found"].url
    (unresolved,) = block_of(document, "unresolved")
    assert [line[1] for line in rows_of(unresolved)] == [item["title"] for item in kept["unresolved"]]
    assert [line[6] for line in rows_of(unresolved)] == [item["quote"] for item in kept["unresolved"]]
    assert all(line[2] and line[4] for line in rows_of(unresolved))
    said = [documents.words(cell) for block in block_of(document, "focus", "paragraph") for cell in block["pieces"]]
    assert said[-3:] == ["节前欠薪排查", "逐家上门", "五日内报数"]
    check_part_of_disputes(document, asked_of(minuted["leader"], meeting.period))
    # A number in the workbook is a number.
    book = openpyxl.load_workbook(io.BytesIO(content(leader, row)))
    assert any(isinstance(cell.value, int | float) for sheet in book.worksheets[1:] for line in sheet for cell in line)


def test_figures_of_a_paper_do_not_move_with_the_rows(meeting, minuted, as_person):
    client = as_person("leader")
    before = made(client, "exchange_material", "pdf", f"exchange={meeting.pk}").document
    minuted.issue("dispatched", title="新的一件", number="S26-9999", registered_at=at(3, 20))
    after = made(client, "exchange_material", "pdf", f"exchange={meeting.pk}").document

    assert documents.values_of(before) == documents.values_of(after)


def test_last_decisions_stand_first_with_their_state(meeting, minuted, as_person):
    following = prepared(minuted)
    document = made(as_person("leader"), "exchange_material", "docx", f"exchange={following.pk}").document
    (table,) = block_of(document, "decisions")

    ((number, text, owner, due, state, _result),) = rows_of(table)
    assert (text, owner, due, state) == ("把工资支付台账核一遍", minuted["cadre"].name, "2026年6月20日", "落实中")
    assert table["rows"][0][0]["url"].startswith("/meetings/decisions/")
    assert number


def test_minutes_tell_who_was_there_what_was_said_and_decided(meeting, minuted, as_person):
    client = as_person("leader")
    row = made(client, "exchange_minutes", "docx", f"exchange={meeting.pk}")
    document = row.document
    meta = {label: documents.words(cell) for label, cell in document["meta"]}
    text = plain(read("docx", content(client, row)))

    assert meta["时间"] == "2026-04-08 14:00"
    assert meta["主持人"] == meeting.chair.name
    assert set(meta["到会"].split("、")) == {minuted["leader"].name, minuted["cadre"].name}
    assert meta["列席"] == "人社局 赵科长"
    assert document["title"] == "会议纪要（草稿）"
    assert rows_of(block_of(document, "decided")[0])[0][1:] == [
        "把工资支付台账核一遍", minuted["cadre"].name, "2026年6月20日", "落实中",
    ]  # fmt: skip
    # Whatever was typed is text.
    for item in meeting.items.all():
        assert plain(item.note).replace("{_{", "{{").replace("}_}", "}}") in text
    assert document["signatures"] == ["主持人", "记录人", "签发人"]

    exchanges.sign(Exchange.objects.get(pk=meeting.pk), by=meeting.chair)
    signed = made(client, "exchange_minutes", "pdf", f"exchange={meeting.pk}").document
    assert signed["title"] == "会议纪要"


def test_there_are_no_minutes_of_a_meeting_that_was_not_held(history, june, as_person):
    exchange = prepared(history)
    client = as_person("leader")
    address = f"/meetings/packs/exchange_minutes/new/?exchange={exchange.pk}"

    answer = client.get(address)
    assert answer.status_code == 409
    assert "会还没有开" in answer.content.decode()
    page = client.get(reverse("exchanges:exchange", args=[exchange.pk])).content.decode()
    assert "exchange_minutes" not in page
    assert f"exchange_material/new/?exchange={exchange.pk}" in page
    # Gone back to its preparation after it was asked for.
    opened = held(history, MARCH)
    row = ask(client, "exchange_minutes", "pdf", f"exchange={opened.pk}")
    exchanges.reopen(opened, by=history["leader"], reason="开错了")
    work()
    row.refresh_from_db()
    assert (row.state, "会还没有开" in row.error) == ("failed", True)


def test_an_exchange_of_another_group_has_no_paper(history, june, as_person):
    exchange = prepared(history, group=make_group(history, "西片走访组", history.other_town))
    address = f"/meetings/packs/exchange_material/new/?exchange={exchange.pk}"

    assert as_person("cadre").get(address).status_code == 404
    assert as_person("other_cadre").get(address).status_code == 200


# --- the quarterly analysis


def test_analysis_has_its_sections_and_says_that_it_is_a_draft(paper, minuted, as_person):
    client = as_person("clerk")
    row = made(client, "quarterly_analysis", "docx", f"paper={paper.pk}")
    text = plain(read("docx", content(client, row)))
    texts = list(Text.objects.filter(analysis=paper))

    assert (
        f"quarterly_analysis/new/?paper={paper.pk}"
        in client.get(reverse("analyses:analysis", args=[paper.pk])).content.decode()
    )
    assert row.document["title"] == "季度分析报告（草稿）"
    assert [section["code"] for section in row.document["sections"]] == [*(one.part for one in texts), APPENDICES]
    assert len(texts) == 11
    for one in texts:
        assert plain(one.text) in text
    overview = {line[0]: line[1] for line in rows_of(block_of(row.document, "overview")[0])}
    kept = paper.figures["overview"]
    assert overview["登记诉求"] == str(kept["issue_count"]["numerator"])
    check_part_of_disputes(
        row.document, Asked(minuted["clerk"], containing(paper.starts_on, Kind.QUARTER), paper.cut_off)
    )
    towns = rows_of(block_of(row.document, "towns")[0])
    assert [line[0] for line in towns] == [one["town"] for one in paper.figures["towns"]]

    signed = made(client, "quarterly_analysis", "pdf", f"paper={put_in_state(paper, 'signed', minuted).pk}").document
    assert signed["title"] == "季度分析报告"
    assert minuted["chief"].name in dict(signed["meta"])["签发"]["value"]


def test_a_cadre_has_the_paper_of_the_own_town_only(paper, minuted, as_person):
    found = {row.subject_id: row for row in type(paper).objects.all()}
    client = as_person("cadre")
    address = "/meetings/packs/quarterly_analysis/new/?paper="

    assert client.get(f"{address}{found[minuted.town.pk].pk}").status_code == 200
    assert client.get(f"{address}{found[minuted.other_town.pk].pk}").status_code == 404
    assert as_person("handler").get(f"{address}{found[minuted.town.pk].pk}").status_code == 403


# --- the annual review


def test_review_shows_the_whole_arithmetic(review, as_person):
    client = as_person("cadre")
    row = made(client, "annual_review", "xlsx", f"review={review.pk}")
    assert (
        f"annual_review/new/?review={review.pk}"
        in client.get(reverse("reviews:publication", args=[review.pk])).content.decode()
    )

    for kind in APPRAISED:
        results = {row.subject.name: row for row in Result.objects.filter(subject__review=review, subject__kind=kind)}
        ranks, sums = block_of(row.document, kind.value)
        assert {line[1] for line in rows_of(ranks)} == set(results)
        for line in ranks["rows"]:
            result = results[line[1]["value"]]
            assert line[0]["value"] == result.rank
            assert (line[3]["value"] or None) == (None if result.total is None else f"{result.total:.2f}")
            assert line[4]["value"] == result.get_grade_display()
        for name, result in results.items():
            mine = [line for line in sums["rows"] if line[0]["value"] == name]
            assert [line[1]["value"] for line in mine] == [*(one.name for one in lines_of(result.sheet)), "合计"]
            if result.total is not None:
                added = sum(Decimal(line[10]["value"] or 0) for line in mine[:-1])
                assert abs(added - result.total) < Decimal("0.01")
                assert f"{result.total:.2f}" in mine[-1][11]["value"]
    awards = rows_of(block_of(row.document, "research")[0])
    assert [line[0] for line in awards] == ["1"]
    written = [cell.value for cell in xlsx_cells(content(client, row)) if cell.data_type == "n"]
    assert float(next(iter(results.values())).total) in written


def test_results_that_are_not_public_are_for_those_who_see_the_district(history, as_person):
    found: Review = stories.settled(history)
    address = f"/meetings/packs/annual_review/new/?review={found.pk}"

    assert as_person("clerk").get(address).status_code == 200
    assert as_person("cadre").get(address).status_code == 403
    reviews.reopen(found, by=history["leader"], reason="补一位评委")
    assert as_person("clerk").get(address).status_code == 403
