"""The pages: who sees what, every address for every role, lists of any length, forms that keep what was typed."""

from __future__ import annotations

import datetime
import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from uuid6 import uuid7

from tests.insight.conftest import at
from tests.sampling import taken
from tests.weight import LIGHT, weight
from tests.world import make_organisation, make_user
from unionops.casework.inbox import inbox
from unionops.org.enums import OrganisationKind, Role
from unionops.org.errors import ActionError, Conflict, InvalidTransition, NotAllowed
from visits.analyses import queries
from visits.analyses.actions import papers, reflections
from visits.analyses.enums import AnalysisState, Part, ReflectionState, parts_of
from visits.analyses.models import Analysis, Reflection
from visits.analyses.quarters import last_quarter

from .conftest import SPRING, SUMMER, fill, prepare, put_in_state

pytestmark = pytest.mark.django_db

ROLES = (
    "cadre", "other_cadre", "leader", "chief", "clerk", "handler", "other_handler", "town", "mediator", "officer", "auditor",
    "admin", "unposted",
)  # fmt: skip
WIDE = {"leader", "chief", "clerk"}


def url(name, *args, **query):
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"analyses:{name}", args=args) + (f"?{tail}" if tail else "")


def reflect(world, name="cadre", *, handed_in=True, quarter=SPRING, title="加班费的基数"):
    return reflections.start_reflection(
        world.district, quarter, by=world[name], handed_in=handed_in, title=title, text="算法说不清的多。", now=at(7, 6)
    )  # fmt: skip


# --- visibility


# Those whose part differs in every state; of the others each run takes a share.
LOOKING = [
    (name, state)
    for name in ROLES
    for state in ("draft", "submitted", "signed")
    if name in ("cadre", "town", "leader", "unposted") or taken(name, state, of=3)
]


@pytest.mark.parametrize(("name", "state"), LOOKING)
def test_who_sees_which_paper(prepared, world, as_person, name, state):
    rows = {key: put_in_state(row, state, world) for key, row in prepare(world).items()}
    expected = {
        "cadre": {"town"}, "other_cadre": {"other_town"}, "town": {"town"} if state == "signed" else set(),
        **{wide: set(rows) for wide in WIDE},
    }.get(name, set())  # fmt: skip
    client = as_person(name)
    for key, row in rows.items():
        for page in ("analysis", "analysis_print"):
            if key in expected and not taken(name, state, key, page, of=3):
                continue
            assert client.get(url(page, row.pk)).status_code == (200 if key in expected else 404), (key, page)


@pytest.mark.parametrize("name", ROLES)
def test_who_sees_which_reflection(world, as_person, name):
    for state in ReflectionState:
        Reflection.objects.all().delete()
        row = reflect(world, handed_in=state != ReflectionState.DRAFT)
        if state == ReflectionState.RETURNED:
            row = reflections.return_reflection(row, by=world["clerk"], reason="写细些")
        sees = name == "cadre" or (name in WIDE and state != ReflectionState.DRAFT)
        assert as_person(name).get(url("reflection", row.pk)).status_code == (200 if sees else 404), state


# --- every address


def addresses(world):
    row, note = prepare(world)["town"], reflect(world)
    parts = parts_of(of_district=False)
    found = {name: [row.pk] for name in ("analysis", "analysis_print", "refresh")}
    found |= {name: [row.pk, parts[0]] for name in ("section", "reset", "undo")}
    found |= {name: [note.pk] for name in ("reflection", "reflection_edit", "reflection_return")}
    found |= {name: [] for name in ("analyses", "prepare", "reflections", "reflection_new")}
    return {**found, "step": [row.pk, "submit"]}


# Who gets a page, an answer of its own, or is led on; everybody else is refused (403) or knows nothing of it (404).
OPEN_TO = {
    "analyses": {*WIDE, "cadre", "other_cadre", "town"},
    "reflections": {*WIDE, "cadre", "other_cadre", "town"},
    "prepare": {"clerk", "leader"},
    "reflection_new": {"cadre", "other_cadre"},
    "analysis": {*WIDE, "cadre"},
    "analysis_print": {*WIDE, "cadre"},
    "refresh": {"clerk", "leader", "cadre"},
    "section": {"clerk", "leader", "cadre"},
    "step": set(),
    "reflection": {*WIDE, "cadre"},
    "reflection_edit": set(),
    "reflection_return": WIDE,
}


@pytest.mark.parametrize("name", ROLES)
def test_every_address_for_every_role(prepared, world, as_person, name):
    client = as_person(name)
    for page, args in addresses(world).items():
        if name not in OPEN_TO.get(page, WIDE) and not taken(name, page, of=2):
            # Refused all alike: each run asks for a share.
            continue
        address = url(page, *args) + ("?period=2026-Q2" if page == "reflection_new" else "")
        if page in ("reset", "undo"):
            assert client.get(address).status_code == 405
            refused = client.post(address, {"version": 1}).status_code
            assert refused in (403, 404, 422), (page, refused)
        else:
            status = client.get(address).status_code
            assert status < 500, page
            assert (status in (200, 302)) == (name in OPEN_TO[page]), (page, status)


def test_another_district_finds_nothing(prepared, world, elsewhere, as_person):
    stranger = as_person("leader", elsewhere)
    for page, args in addresses(world).items():
        if args:
            assert stranger.get(url(page, *args)).status_code in (404, 405), page
            assert stranger.post(url(page, *args)).status_code in (404, 405), page
    assert as_person("chief", elsewhere).get(url("reflection", Reflection.objects.get().pk)).status_code == 404
    for row in prepare(world).values():
        signed = put_in_state(row, "signed", world)
        for page in ("analysis", "analysis_print"):
            assert stranger.get(url(page, signed.pk)).status_code == 404, page


def test_each_section_has_its_form_and_an_unknown_one_has_none(prepared, world, as_person):
    rows, client = prepare(world), as_person("clerk")
    for part in Part:
        assert client.get(url("section", rows["district"].pk, part)).status_code == 200, part
    # A town's paper has all but the comparison of the towns.
    for part, status in ((Part.TOWNS, 404), (Part.PLAN, 200), ("nothing", 404)):
        assert client.get(url("section", rows["town"].pk, part)).status_code == status, part


@pytest.mark.parametrize(
    "query", ["period=2026-Q2", "period=1999-Q9", "period=2026-05", "period=x", "period=%00", "period=2024-Q4"]
)
def test_lists_take_any_address(world, as_person, query):
    for page in ("analyses", "reflections", "reflection_new"):
        assert as_person("cadre").get(f"{url(page)}?{query}").status_code in (200, 422), page


# --- lists


@pytest.mark.parametrize("count", [1, 100])
def test_lists_cost_the_same_for_any_number_of_rows(prepared, world, as_person, django_assert_max_num_queries, count):
    paper = prepare(world)["town"]
    for number in range(count - 1):
        town = make_organisation(OrganisationKind.TOWN, f"第{number}镇", world.district)
        paper.pk, paper.number, paper.subject = uuid7(), f"J26-9{number:03d}", town
        paper.save(force_insert=True)
        person = make_user(f"cadre{number}", Role.LIAISON, town, name=f"干部{number}")
        row = Reflection.objects.create(
            district=world.district, author=person, starts_on=SPRING.first, title="x", text="y", number=f"X26-9{number:03d}"
        )  # fmt: skip
        Reflection.objects.filter(pk=row.pk).update(state=ReflectionState.SUBMITTED, closed_at=SUMMER)
    client = as_person("leader")
    for page, limit in (("analyses", 12), ("reflections", 10)):
        client.get(url(page, period="2026-Q2"))
        with django_assert_max_num_queries(limit):
            response = client.get(url(page, period="2026-Q2"))
        assert response.status_code == 200


def test_list_names_district_first_and_missing_reflections(prepared, world, as_person):
    prepare(world)
    reflect(world)
    page = as_person("leader").get(url("analyses", period="2026-Q2")).content.decode()
    places = [page.index(f">{name}</a>") for name in ("越城区总工会", "斗门街道", "马山街道")]
    assert places == sorted(places)
    assert page.count("1 篇没交") == 2
    shown = as_person("leader").get(url("reflections", period="2026-Q2")).content.decode()
    assert "加班费的基数" in shown
    assert "other_cadre" in shown[shown.index("missing-h") :]


def test_empty_lists_say_what_to_do(world, as_person):
    assert "补编一个季度" in as_person("clerk").get(url("analyses")).content.decode()
    assert "还没有季分析" in as_person("town").get(url("analyses")).content.decode()
    assert "写这个季度的" in as_person("cadre").get(url("reflections")).content.decode()


def test_pages_are_small_and_link_their_figures(history, as_person):
    for number in range(15):
        make_organisation(OrganisationKind.TOWN, f"第{number}镇", history.district)
    (row,) = papers.prepare(history.district, SPRING, by=history["clerk"], subject=history.district, now=SUMMER)
    response = as_person("leader").get(url("analysis", row.pk))
    text = response.content.decode()
    assert weight(response) < LIGHT
    assert text.count("/insight/rows/?indicator=") > 40
    assert "at=2026-07-07" in text


# --- writing


def test_section_is_written_reset_and_taken_back_through_the_page(prepared, as_person):
    row, client = prepare(prepared)["town"], as_person("cadre")
    page = url("section", row.pk, Part.TREND)
    assert client.post(page, {"version": 1, "text": "三月走访最多。"}).status_code == 302
    shown = client.get(url("analysis", row.pk)).content.decode()
    assert "三月走访最多。" in shown
    assert "恢复生成稿" in shown
    client.post(url("reset", row.pk, Part.TREND), {"version": 2})
    shown = client.get(url("analysis", row.pk)).content.decode()
    assert "三月走访最多。" not in shown
    assert "撤销恢复" in shown
    client.post(url("undo", row.pk, Part.TREND), {"version": 3})
    assert "三月走访最多。" in client.get(url("analysis", row.pk)).content.decode()


def test_second_writer_sees_both_texts(prepared, as_person):
    row = prepare(prepared)["town"]
    page = url("section", row.pk, Part.PLAN)
    as_person("clerk").post(page, {"version": 1, "text": "督办岗写的"})
    refused = as_person("cadre").post(page, {"version": 1, "text": "驻联干部写的"})
    text = refused.content.decode()
    assert refused.status_code == 409
    assert "督办岗写的" in text
    assert "驻联干部写的" in text
    (current,) = re.findall(r'name="version" value="(\d+)"', text)
    assert as_person("cadre").post(page, {"version": current, "text": "驻联干部写的"}).status_code == 302


def test_page_marks_sentences_that_no_longer_agree(spring_papers, as_person):
    from visits.actions import steps as issue_steps
    from visits.models import Issue

    row, client = prepare(spring_papers)["district"], as_person("clerk")
    text = row.sections.get(part=Part.COMMON).text
    client.post(url("section", row.pk, Part.COMMON), {"version": 1, "text": f"{text}\n要抓紧。"})
    issue_steps.void(Issue.objects.get(title="kept"), by=spring_papers["leader"], reason="错", now=at(6, 1))
    assert client.post(url("refresh", row.pk), {"version": 1, "cut_off": "2026-07-07"}).status_code == 302
    shown = client.get(url("analysis", row.pk)).content.decode()
    assert "对不上" in shown
    assert "正文里还有这一句" in shown
    client.post(url("section", row.pk, Part.COMMON), {"version": 2, "text": "没有共性问题。"})
    assert "对不上" not in client.get(url("analysis", row.pk)).content.decode()


def test_chain_through_the_pages(prepared, as_person):
    row = fill(prepare(prepared)["district"], prepared)

    def step(name, verb, **fields):
        version = Analysis.objects.get(pk=row.pk).version
        response = as_person(name).post(url("step", row.pk, verb), {"version": version, **fields})
        assert response.status_code == 302, response.content.decode()
        return Analysis.objects.get(pk=row.pk)

    assert step("clerk", "submit").state == AnalysisState.SUBMITTED
    assert step("leader", "return_back", reason="写细些").return_reason == "写细些"
    assert "写细些" in as_person("clerk").get(url("analysis", row.pk)).content.decode()
    step("clerk", "submit")
    step("leader", "review")
    assert step("chief", "sign").signed_by == prepared["chief"]
    assert step("chief", "reopen", reason="漏算一个镇街").state == AnalysisState.DRAFT
    step("clerk", "submit")
    step("leader", "review")
    step("chief", "sign")
    for page in ("analysis", "analysis_print"):
        assert "漏算一个镇街" in as_person("leader").get(url(page, row.pk)).content.decode()
    printed = as_person("leader").get(url("analysis_print", row.pk)).content.decode()
    assert f"签发 {timezone.localdate().isoformat()}" in printed
    assert "未签发" not in printed


@pytest.mark.parametrize("verb", ["submit", "review", "sign", "return_back", "reopen"])
def test_verb_opens_its_form_where_it_is_allowed(prepared, world, as_person, verb):
    state, name = {"submit": ("draft", "clerk"), "review": ("submitted", "leader"), "sign": ("reviewed", "chief"),
                   "return_back": ("submitted", "leader"), "reopen": ("signed", "chief")}[verb]  # fmt: skip
    row = put_in_state(fill(prepare(world)["district"], world), state, world)
    part = as_person(name).get(url("step", row.pk, verb), headers={"HX-Request": "true"}).content.decode()
    assert 'class="inform"' in part
    assert "<html" not in part
    assert f'id="verb-{verb}"' in as_person(name).get(url("step", row.pk, verb)).content.decode()
    assert as_person("clerk" if name != "clerk" else "leader").get(url("step", row.pk, verb)).status_code == 403


def test_stale_step_is_told_and_a_second_press_goes_through(prepared, world, as_person):
    row = fill(prepare(world)["town"], world)
    papers.refresh(row, by=world["clerk"], now=SUMMER)
    first = as_person("clerk").post(url("step", row.pk, "submit"), {"version": 1})
    assert first.status_code == 409
    (current,) = set(re.findall(r'name="version" value="(\d+)"><', first.content.decode())) or {"2"}
    assert as_person("clerk").post(url("step", row.pk, "submit"), {"version": current}).status_code == 302


def test_prepare_by_hand_through_the_page(world, as_person):
    quarter = last_quarter(timezone.localdate())
    client = as_person("clerk")
    assert client.post(url("prepare"), {"period": "2010-Q1", "subject": ""}).status_code == 422
    response = client.post(url("prepare"), {"period": quarter.code, "subject": world.town.pk})
    assert response["Location"] == url("analysis", Analysis.objects.get().pk)
    assert client.post(url("prepare"), {"period": quarter.code, "subject": ""}).status_code == 302
    assert Analysis.objects.count() == 3
    assert client.post(url("prepare"), {"period": quarter.code, "subject": ""}).status_code == 302
    assert Analysis.objects.count() == 3


# --- reflections


def test_reflection_is_kept_and_handed_in_through_the_page(world, as_person):
    client = as_person("cadre")
    page = url("reflection_new", period="2026-Q2")
    assert client.post(page, {"do": "hand_in", "title": "只有标题", "text": ""}).status_code == 422
    assert not Reflection.objects.exists()
    kept = client.post(page, {"do": "save", "title": "加班费", "text": ""})
    row = Reflection.objects.get()
    assert (kept["Location"], row.state, row.number) == (url("reflection_edit", row.pk), "draft", "X26-0001")
    assert client.get(page)["Location"] == url("reflection_edit", row.pk)
    assert as_person("leader").get(url("reflection", row.pk)).status_code == 404
    done = client.post(
        url("reflection_edit", row.pk), {"do": "hand_in", "title": "加班费", "text": "算法", "version": row.version}
    )
    assert done["Location"] == url("reflection", row.pk)
    row.refresh_from_db()
    assert (row.state, row.late) == ("submitted", True)
    assert as_person("leader").get(url("reflection", row.pk)).status_code == 200


def test_reflection_comes_back_with_its_reason(world, as_person):
    row = reflect(world)
    assert not row.late
    done = as_person("leader").post(
        url("reflection_return", row.pk), {"reason": "写清是哪几家", "version": row.version}
    )
    assert done.status_code == 302
    shown = as_person("cadre").get(url("reflection_edit", row.pk)).content.decode()
    assert "写清是哪几家" in shown
    assert [found.back for found in inbox(world["cadre"]) if found.kind == "reflection"] == ["退回修改"]


def test_reflection_is_not_returned_once_the_quarter_is_signed(prepared, world, as_person):
    row = reflect(world)
    put_in_state(prepare(world)["district"], "signed", world)
    with pytest.raises(InvalidTransition, match="已经签发"):
        reflections.return_reflection(row, by=world["clerk"], reason="x")
    assert as_person("clerk").get(url("reflection_return", row.pk)).status_code == 409


def test_reflection_of_two_windows_is_not_overwritten(world, as_person):
    row = reflect(world, handed_in=False)
    with pytest.raises(Conflict):
        reflections.save_reflection(row, by=world["cadre"], title="a", text="b", version=1)
    again = as_person("cadre").post(
        url("reflection_new", period="2026-Q2"), {"do": "save", "title": "旧窗口", "text": "c", "version": 1}
    )
    assert again.status_code == 409
    assert "旧窗口" in again.content.decode()


def test_one_reflection_a_quarter_for_those_who_were_stationed(world):
    first = reflections.begin_reflection(world.district, SPRING, by=world["cadre"])
    assert reflections.begin_reflection(world.district, SPRING, by=world["cadre"]).pk == first.pk
    with pytest.raises(NotAllowed):
        reflections.begin_reflection(world.district, SPRING, by=world["town"])
    world.people["cadre"].postings.update(valid_to=SPRING.first - datetime.timedelta(days=1))
    with pytest.raises(NotAllowed):
        reflections.begin_reflection(world.district, SPRING, by=world["cadre"])


def test_text_is_bounded_and_links_are_ones_own(world):
    row = reflections.begin_reflection(world.district, SPRING, by=world["cadre"])
    with pytest.raises(ActionError, match="最多"):
        reflections.save_reflection(row, by=world["cadre"], title="a", text="字" * 10_001)
    issue = world.issue()
    hidden = world.issue(town=world.other_town, liaison=world.people["other_cadre"])
    row = reflections.save_reflection(row, by=world["cadre"], title="a", text="b", issues=[issue, hidden])
    assert list(row.issues.all()) == [issue]


def test_digest_of_a_paper_names_titles_and_authors(world):
    reflect(world)
    reflect(world, "other_cadre", title="建会怎么起头")
    rows = prepare(world)
    assert [kept["title"] for kept in rows["town"].figures["reflections"]["parts"]] == ["加班费的基数"]
    assert len(rows["district"].figures["reflections"]["parts"]) == 2
    assert "other_cadre《建会怎么起头》" in rows["district"].sections.get(part=Part.REFLECTIONS).text


# --- inbox


def test_inbox_asks_officers_within_ten_working_days(world):
    def asked(day):
        rows = queries.reflection_due_inbox(world["cadre"], 10, datetime.date(2026, 7, day))
        return [row.lamp.due_on.day for row in rows]

    assert asked(1) == asked(14) == [14]
    assert asked(15) == []
    world.people["cadre"].leaves.create(starts_on=datetime.date(2026, 7, 1), ends_on=datetime.date(2026, 7, 3))
    assert asked(2) == []
    assert asked(6) == [14]
    reflect(world)
    assert asked(8) == []


def test_inbox_shows_papers_to_who_holds_the_pen(prepared, world):
    rows = prepare(world)

    def waiting(name):
        return [row for row in inbox(world[name]) if row.kind == "analysis"]

    assert len(waiting("clerk")) == 1
    assert "3" in waiting("clerk")[0].title
    put_in_state(rows["town"], "draft", world)
    sent = papers.submit(fill(rows["town"], world), by=world["clerk"])
    assert [row.number for row in waiting("leader")] == [sent.number]
    papers.return_back(sent, by=world["leader"], reason="x")
    assert [row.back for row in waiting("clerk") if row.number == sent.number] == ["退回修改"]
    assert waiting("leader") == []


def test_pages_answer_in_english(spring_papers, as_person):
    row, note = prepare(spring_papers)["district"], reflect(spring_papers)
    client = as_person("leader")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for address in (
        url("analyses"),
        url("analysis", row.pk),
        url("analysis_print", row.pk),
        url("reflection", note.pk),
    ):
        assert '<html lang="en"' in client.get(address).content.decode()
