"""Each paper in each format says the figures of the indicators, leads to their rows, and is nothing but text."""

from __future__ import annotations

import datetime
import io
import re
from decimal import Decimal

import docx
import openpyxl
import pytest
import time_machine
from django.utils import timezone

from tests.insight.conftest import at, find, live
from tests.kept import kept
from tests.sampling import taken
from tests.world import World, make_enterprise, make_world
from unionops.casework.enums import SupervisionKind
from unionops.casework.models import Supervision
from unionops.insight.figures import Question, figure_of
from unionops.insight.indicators import Asked
from unionops.insight.indicators import find as indicator
from unionops.insight.periods import parse
from unionops.org.models import Event
from unionops.packs import documents, office, registry, typeset, workbooks
from unionops.packs.models import Download
from visits.actions import care, steps
from visits.actions.visits import VisitDraft, log_visit
from visits.models import Rectification

from .conftest import ask, content, links, made, pdf_text, read, work, xlsx_cells, xlsx_text

pytestmark = pytest.mark.django_db

FORMATS = ("docx", "xlsx", "pdf")
JUNE = at(6, 1)
SPRING = "period=2026-03-01..2026-05-31"
# Told in test_meeting_papers.py.
MEETING_PAPERS = ("exchange_material", "exchange_minutes", "quarterly_analysis", "annual_review")
# Code, address that leads there, answers: everything that can be made from the small history.
PAPERS = {
    "board": (SPRING, {}),
    "weekly_bulletin": ("", {"period": "2026-W14"}),
    "scorecard": ("", {"period": "2026"}),
    "visit_ledger": ("", {}),
    "issue_ledger": ("", {}),
    "rectification_list": ("", {"which": "all"}),
    "dispatch_order": ("issue=%s", {}),
    "supervision_order": ("issue=%s", {"supervision": "%s"}),
}


@pytest.fixture(autouse=True)
def _in_june(time_machine):
    time_machine.move_to(JUNE, tick=True)


@kept
def supervised() -> World:
    """The small history with a supervision and a list of measures."""
    world = live(make_world())
    with time_machine.travel(JUNE):
        issue = find(world, "waiting")
        steps.dispatch(issue, by=world["leader"], department=world.department)
        issue.refresh_from_db()
        care.supervise(
            issue,
            by=world["leader"],
            sort=SupervisionKind.ORDER,
            text="请三天内答复",
            answer_due_on=datetime.date(2026, 6, 5),
        )
        Rectification.objects.create(
            issue=issue, measure="先补发三月工资", roadmap="查账、核对、补发", responsible="王科长",
            due_on=datetime.date(2026, 6, 20), proposed_by=world["handler"], approved_by=world["leader"],
            approved_at=timezone.now(),
        )  # fmt: skip
    return world


def wanted(code, world):
    query, answers = PAPERS[code]
    key = find(world, "waiting").pk
    number = Supervision.objects.get().pk
    return query % key if "%s" in query else query, {
        name: value % number if "%s" in value else value for name, value in answers.items()
    }


def test_every_registered_paper_is_tried():
    own = {pack.code for pack in registry.packs() if pack.gather.__module__.startswith(("visits.", "unionops.packs."))}

    assert own == {*PAPERS, *MEETING_PAPERS}


@pytest.mark.parametrize("code", PAPERS)
def test_every_format_says_the_same_figures_and_leads_to_their_rows(supervised, as_person, code):
    client = as_person("leader")
    query, answers = wanted(code, supervised)
    pack = registry.find(code)
    found = {}
    for form in pack.formats:
        row = made(client, code, form, query, **answers)
        data = content(client, row)
        assert row.size == len(data)
        found[form] = read(form, data), links(form, data), row.document
    texts = {form: text for form, (text, _links, _document) in found.items()}
    document = next(document for _text, _links, document in found.values() if document)

    for form, text in texts.items():
        if form in pack.streams:
            continue
        assert document["title"] in text.replace("\n", ""), form
        addresses = found[form][1]
        for cell in documents.values_of(document):
            if form != "xlsx":
                assert documents.words(cell) in text, (form, cell["label"])
            assert f"http://unionops.test{cell['url']}" in addresses, (form, cell["label"])
    for form in ("docx", "pdf"):
        if form in found:
            assert documents.values_of(found[form][2]) == documents.values_of(document)


@pytest.mark.parametrize("code", ["board", "weekly_bulletin", "scorecard"])
def test_figures_are_those_of_the_indicators(supervised, as_person, code):
    client = as_person("leader")
    query, answers = wanted(code, supervised)
    document = made(client, code, "pdf", query, **answers).document
    period = parse(answers.get("period") or "2026-03-01..2026-05-31")
    asked = Asked(supervised["leader"], period, period.cut_off(timezone.localdate()))
    headline = [
        cell
        for section in document["sections"]
        for block in section["blocks"]
        if block["type"] == "figures"
        for cell in block["values"]
    ]

    if code == "scorecard":
        # The lines of disputes stand in the card of the year beside those of visits and issues.
        lines = [line[1] for block in document["sections"][0]["blocks"] for line in block.get("rows", ())]
        known = {cell["code"] for cell in lines}
        assert known >= {
            "dispute_accepted_count", "dispute_people_count", "dispute_success_rate", "dispute_confirmation_rate",
            "obligation_fulfilment_rate", "obligation_amount_agreed", "obligation_amount_paid", "dispute_days_to_mediate",
        }  # fmt: skip
        headline += lines
    assert len(headline) >= 4
    for cell in headline:
        value = figure_of(Question(indicator(cell["code"]), asked, "", {})).value
        assert (None if cell["value"] is None else Decimal(cell["value"])) == value, cell


def test_every_link_of_a_paper_opens_as_many_rows_as_it_says(supervised, as_person):
    client = as_person("leader")
    document = made(client, "board", "xlsx", SPRING).document
    tried = 0
    for cell in documents.values_of(document):
        if cell["kind"] != "count":
            continue
        page = client.get(cell["url"]).content.decode()
        number = re.search(r"共 ([\d,]+) ", page)
        assert cell["value"] == (int(number[1].replace(",", "")) if number else 0)
        tried += 1
    assert tried > 5


def test_figures_in_a_workbook_are_numbers_beside_a_native_picture(supervised, as_person):
    client = as_person("leader")
    row = made(client, "board", "xlsx", SPRING)
    data = content(client, row)
    book = openpyxl.load_workbook(io.BytesIO(data))
    drawn = [table for table in documents.tables_of(row.document) if table["chart"] and table["rows"]]

    assert len(drawn) == sum(len(sheet._charts) for sheet in book.worksheets) > 3
    for table in drawn:
        (sheet,) = [sheet for sheet in book.worksheets if sheet.title == table["title"][:31]]
        for number, line in enumerate(table["rows"], start=3):
            for place, cell in enumerate(line, start=1):
                written = sheet.cell(number, place).value
                if cell["kind"] in documents.NUMBERS and cell["value"] is not None:
                    share = Decimal(100 if cell["kind"] == "rate" else 1)
                    assert Decimal(str(written)).quantize(Decimal("0.000001")) == (
                        Decimal(cell["value"]) / share
                    ).quantize(Decimal("0.000001"))
    assert all(cell.data_type != "f" for cell in xlsx_cells(data))


def test_a_ledger_in_excel_is_the_list_and_is_logged(supervised, as_person):
    client = as_person("clerk")
    row = made(client, "issue_ledger", "xlsx", "state=open")
    first = openpyxl.load_workbook(io.BytesIO(content(client, row))).worksheets[0]
    listed = client.get("/issues/?state=open").content.decode()
    numbers = {line[0].value for line in first.iter_rows(min_row=2)}

    assert numbers == set(re.findall(r"S26-\d{4}", listed))
    assert row.document is None
    (event,) = Event.objects.filter(verb="user.export")
    assert event.data["rows"] == len(numbers)


def test_a_paper_that_leaves_the_house_is_logged(supervised, as_person):
    made(as_person("leader"), "weekly_bulletin", "pdf", period="2026-W14")

    (event,) = Event.objects.filter(verb="user.export")
    assert event.data["list"].startswith("周通报")


def test_too_many_rows_for_a_paper_are_told_in_words(supervised, as_person, monkeypatch):
    monkeypatch.setattr("visits.packs.ledgers.MOST_ROWS", 2)
    client = as_person("leader")
    row = ask(client, "issue_ledger", "pdf")
    work()
    row.refresh_from_db()

    assert row.state == "failed"
    assert "选 Excel 表格" in row.error
    assert row.error in client.get(f"/meetings/downloads/{row.pk}/").content.decode()


# --- text stays text

EVIL = ('{{ title }}{% for x in y %}', '=1+1', '+cmd|"/C calc"!A0', '#import "a.typ": *', "<w:p>&amp;<b>", "$1 + 1$", "*粗* _斜_ @a <b>", "#eval(\"1\")", "{_{x}_}")  # fmt: skip


def evil_paper():
    cells = [[text, documents.Value(1, "count", "javascript:alert(1)"), text] for text in EVIL]
    return documents.Document(
        EVIL[0],
        [
            documents.Section(
                text,
                [
                    documents.paragraph(text, documents.Value(text, "text", "//evil.test/")),
                    documents.figures([documents.Value(3, "count", "/insight/", text, text)]),
                    documents.Table(text, [documents.Column(text), documents.Column("数", "count"), documents.Column(text)], cells),
                ],
                "evil",
            )
            for text in EVIL
        ],
        organisation=EVIL[3], subtitle=EVIL[4], number=EVIL[1], meta=[(EVIL[0], EVIL[1])], signatures=EVIL[:2], note=EVIL[3],
        site="http://unionops.test",
    ).as_json()  # fmt: skip


def test_what_looks_like_a_command_comes_out_as_text():
    document = evil_paper()
    sheet = io.BytesIO()
    workbooks.render(document, sheet)
    files = {
        "docx": office.render(document, sections=("evil",)),
        "xlsx": sheet.getvalue(),
        "pdf": typeset.render(document),
    }

    for form, data in files.items():
        text = re.sub(r"\s", "", read(form, data))
        for evil in EVIL:
            shown = evil.replace("{_{", "{{").replace("}_}", "}}") if form == "docx" else evil
            # A printed quotation mark or dash has the form of the language.
            plain = re.sub(r"\s", "", shown)
            assert plain in text or (form == "pdf" and plain.replace('"', "“")[:6] in text), (form, evil)
        assert links(form, data) == {"http://unionops.test/insight/"}
    assert all(cell.data_type != "f" for cell in xlsx_cells(files["xlsx"]))


def test_what_people_typed_comes_out_as_text(supervised, as_person):
    firm = make_enterprise(supervised.town, "{{ 7*7 }}<w:p>=1+1 公司")
    draft = VisitDraft(
        visited_on=datetime.date(2026, 5, 29), enterprise=firm, summary='#import "x"\x0b\n{% raw %}&<b>\t第二行'
    )
    log_visit(draft, by=supervised["cadre"])
    client = as_person("leader")
    for form in ("docx", "pdf"):
        text = re.sub(r"\s", "", read(form, content(client, made(client, "visit_ledger", form))))
        assert "{{7*7}}<w:p>=1+1公司" in text
        assert "{%raw%}&<b>第二行" in text


# --- how it looks


def test_a_word_file_has_the_shape_of_an_official_paper(supervised, as_person):
    client = as_person("leader")
    file = docx.Document(io.BytesIO(content(client, made(client, "weekly_bulletin", "docx", period="2026-W14"))))
    xml = file.element.xml
    styles = {style.name: style.element.xml for style in file.styles}

    assert (round(file.sections[0].page_width.mm), round(file.sections[0].page_height.mm)) == (210, 297)
    assert 'w:eastAsia="方正小标宋简体"' in styles[office.TITLE]
    assert 'w:eastAsia="仿宋_GB2312"' in styles[office.BODY]
    assert xml.count("<w:tblHeader/>") == len(file.tables)
    assert "PAGE" in file.sections[0].footer._element.xml
    assert re.search(r"20\d\d年\d{1,2}月\d{1,2}日", file.paragraphs[-1].text)
    registers = docx.Document(io.BytesIO(content(client, made(client, "visit_ledger", "docx"))))
    assert registers.sections[0].page_width > registers.sections[0].page_height


def test_money_and_days_are_written_alike():
    def told(value, kind):
        return documents.words(documents.cell_of(value, kind))

    assert told(Decimal(12345), "money") == "12,345.00"
    assert told(datetime.date(2026, 11, 21), "date") == "2026年11月21日"
    assert told(Decimal("94.7"), "rate") == "94.70%"
    assert told(1833, "count") == "1,833"
    assert told(None, "rate") == "—"


def test_names_of_sheets_are_such_as_excel_takes():
    tables = [
        documents.Table("一个特别长的表名" * 6 + "[1]:*?/\\", [documents.Column("甲")], [["乙"]]) for _n in range(3)
    ]
    target = io.BytesIO()
    workbooks.render(documents.Document("材料", [documents.Section("", tables)]).as_json(), target)

    names = openpyxl.load_workbook(target).sheetnames
    assert len(names) == 4
    assert all(len(name) <= 31 for name in names)
    assert "乙" in xlsx_text(target.getvalue())


def test_chinese_of_a_pdf_can_be_found_and_copied(supervised, as_person):
    client = as_person("leader")
    text = pdf_text(content(client, made(client, "scorecard", "pdf", period="2026")))

    for words in ("越城区总工会", "走访家次", "化解率", "第 1 页"):
        assert words.replace(" ", "") in re.sub(r"\s", "", text)


# --- who asks for what

REFUSED = {"auditor", "admin", "unposted"}


@pytest.mark.parametrize(
    "name", ["cadre", "leader", "chief", "clerk", "handler", "town", "mediator", "officer", *sorted(REFUSED)]
)
def test_who_may_ask(supervised, as_person, name):
    client = as_person(name)
    for code in PAPERS:
        query, answers = wanted(code, supervised)
        form = "docx" if code == "weekly_bulletin" else "pdf"
        response = client.post(f"/meetings/packs/{code}/new/?{query}", {"format": form, **answers})

        if name in REFUSED or (code in ("weekly_bulletin", "scorecard") and name in ("handler", "mediator", "officer")):
            assert response.status_code == 403
            continue
        if "issue=" in query and name in ("cadre", "town", "mediator", "officer"):
            # It lies in the other town.
            assert response.status_code == 404
            continue
        assert response.status_code == 302, response.content.decode()
        if not taken(name, code, of=5):
            # Not made in this run (of the leader each is, above); one who has too many papers waiting gets no more.
            Download.objects.filter(state="waiting").update(state="cancelled")
            continue
        work()
        row = Download.objects.order_by("asked_at", "pk").last()
        assert (row.pack, row.state) == (code, "ready"), row.error
    assert Download.objects.exists() == (name not in REFUSED)


def test_a_paper_about_what_one_does_not_see_does_not_exist(supervised, elsewhere, as_person):
    issue = find(supervised, "waiting")

    assert (
        as_person("leader", elsewhere).get(f"/meetings/packs/dispatch_order/new/?issue={issue.pk}").status_code == 404
    )
    assert as_person("leader").get("/meetings/packs/dispatch_order/new/?issue=x").status_code == 404
    assert as_person("leader").get("/meetings/packs/no_such/new/").status_code == 404


def test_a_paper_holds_what_its_maker_sees(supervised, as_person):
    own = made(as_person("cadre"), "visit_ledger", "pdf").document
    all_of_them = made(as_person("leader"), "visit_ledger", "pdf").document

    assert len(documents.tables_of(own)[0]["rows"]) < len(documents.tables_of(all_of_them)[0]["rows"])
