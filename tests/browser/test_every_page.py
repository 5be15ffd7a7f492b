"""Each page of the product in real Chromium: axe finds nothing, nothing overflows, nothing is said on the console; then in English."""

from __future__ import annotations

import contextlib
import datetime
import html
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import TimeoutError as TooLate

from tests.counter.everything import NO_COUNTER_PAGES, counter_value
from tests.disputes.everything import DISPUTE_KEEPERS, NO_DISPUTE_PAGES, dispute_value, make_disputes
from tests.reviews.everything import NO_REVIEW_PAGES, REVIEW_KEEPERS, make_reviews, review_value
from tests.sampling import WHOLE, taken
from tests.services.everything import NO_SERVICE_PAGES, SERVICE_KEEPERS, make_services, service_value
from tests.world import World, make_world
from unionops.china.days import fill_calendar
from unionops.insight.models import Closing
from unionops.org.models import Contact, Event, Person, Posting, User
from unionops.packs import making, registry
from unionops.packs.models import Download
from visits.actions import care, steps
from visits.actions.register import IssueDraft
from visits.actions.visits import VisitDraft, correct_visit, log_visit, plan_visit
from visits.analyses.actions import papers, reflections
from visits.analyses.models import Analysis, Reflection
from visits.analyses.quarters import last_quarter
from visits.exchanges.actions import decisions, exchanges, groups
from visits.exchanges.models import Decision, Exchange, ExchangeGroup
from visits.models import Issue, Visit

from .axe import violations
from .devices import DESK, PHONE

Look = tuple[str, str]
# On a phone by night, at a desk by day.
LOOKS: tuple[Look, Look] = (("phone", "dark"), ("desk", "light"))
SIZES = {"phone": PHONE, "desk": DESK}
# Answered with a file, with JSON, or only to what is sent.
NO_PAGES = {
    "healthz", "casework:service_worker", "casework:file", "casework:thumbnail", "casework:notice", "casework:read_all",
    "org:enterprise_suggest", "org:sign_out", "org:language", "org:leave_cancel", "insight:save_view", "insight:drop_view", "visits:export_issues", "visits:export_visits",
    "visits:bulk", "visits:save_view", "visits:drop_view", "visits:visit_bulk", "visits:visit_save_view", "visits:visit_drop_view", "visits:watch", "visits:upload", "visits:route_remove",
    "visits:plan_drop", "visits:visit_upload", "visits:similar", "visits:promise", "visits:import_refused", "visits:import_progress", "visits:remove_file",
    "packs:progress", "packs:file", "packs:cancel", "packs:again", "packs:also", "packs:discard", "packs:standard_file", "packs:version_file",
    "packs:use", "packs:use_standard",
    *NO_REVIEW_PAGES,
    *NO_DISPUTE_PAGES,
    *NO_SERVICE_PAGES,
    *NO_COUNTER_PAGES,
    "exchanges:refresh",
}  # fmt: skip
# The page that is not there, and addresses that only take what is sent.
EXPECTED = re.compile("status of 40[45]")
SIGNS = re.compile("[，、：；（）。]")
# What makes a page wider than the screen, or nothing.
WIDE = """() => document.documentElement.scrollWidth > window.innerWidth && [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > window.innerWidth + 1).map((part) => part.outerHTML.slice(0, 160)).at(-1)"""
# Of a signed-in person: forms that somebody fills in and that keep no draft, and numbers of people that would go into one.
UNKEPT = """() => document.documentElement.dataset.user && [...document.querySelectorAll("main form[method=post]")].flatMap((form) => [
    ...(form.matches("[role=search], [data-unionops-upload], [data-unionops-bulk], .menu__list") || form.elements._draft ? []
        : form.querySelectorAll("textarea, select, input:not([type=hidden])")),
    ...form.querySelectorAll("[name*=phone]:not([data-unionops-unkept]), [name*=identity]:not([data-unionops-unkept])"),
]).map((control) => control.outerHTML.slice(0, 120)).at(0)"""
# The rooms of services, each with addresses of its own.
SERVICE_SPACES = {
    "services",
    "claims",
    "hardship",
    "activities",
    "childcare",
    "places",
    "stations",
    "orders",
    "outside",
    "retention",
    "mutual",
    "bookings",
}
# Who opens a page, by the beginning of its name; whoever may.
KEEPERS = (
    *REVIEW_KEEPERS,
    *DISPUTE_KEEPERS,
    *SERVICE_KEEPERS,
    ("org:log", "auditor"), ("org:account", "admin"), ("org:posting", "admin"), ("org:hand_over", "admin"), ("org:leave", "admin"),
    ("org:settings", "admin"), ("org:organisation", "admin"), ("org:", "clerk"), ("casework:term", "admin"),
    ("casework:calendar", "admin"), ("visits:categor", "admin"), ("visits:route", "admin"), ("visits:import", "clerk"),
    ("visits:visit_return", "clerk"), ("visits:log", "cadre"), ("visits:plan", "cadre"), ("visits:visit_", "cadre"), ("visits:register", "cadre"),
    ("packs:template", "admin"), ("analyses:reflection_new", "cadre"), ("analyses:reflection_edit", "other_cadre"), ("analyses:reflection", "leader"),
    ("analyses:", "clerk"), ("visits:reveal", "handler"), ("visits:step", "handler"), ("visits:do", "handler"), ("visits:issue", "handler"), ("", "leader"),
)  # fmt: skip


@pytest.fixture
def world(transactional_db: None) -> World:
    found = make_world()
    now = timezone.now() - datetime.timedelta(days=4)
    draft = VisitDraft(
        visited_on=timezone.localdate(now), enterprise=found.enterprise, summary="订单足，旺季加班多", contact_name="吴主席",
        contact_phone="13900001111", checklist={"workers": {"grade": "problem", "note": "有人没签合同"}}, policies=["refund"],
    )  # fmt: skip
    heard = IssueDraft(
        title="包装车间两个月加班费没发", category=found.category, claimant_kind="person", claimant_name="陈桂芳",
        claimant_phone="13800002047", claimant_count=12, demand="补足", description="9、10 月", handling="submit",
        suggested_department=found.department,
    )  # fmt: skip
    log_visit(draft, [heard], by=found["cadre"], now=now)
    issue = Issue.objects.get()
    issue = steps.dispatch(issue, by=found["leader"], department=found.department, now=now)
    issue = steps.sign_for(issue, by=found["handler"], now=now)
    issue = steps.consult(
        issue, by=found["handler"], question="怎么认定", participants=[found.other_department], now=now
    )
    task = steps.TaskDraft(what="重算加班费", due_on=timezone.localdate())
    steps.conclude(issue, by=found["handler"], minutes="按合同约定补足", tasks=[task], now=now)
    care.supervise(issue, by=found["leader"], sort="order", text="请答复", answer_due_on=timezone.localdate())
    Closing.objects.create(grain="month", starts_on=datetime.date(2026, 5, 1), closed_at=now)
    plan_visit(found["cadre"], found.enterprise, day=timezone.localdate())
    meet(found)
    person = Person(district=found.district, town=found.town, name="陈桂芳")
    person.set_names()
    person.put("phone", "13800002047", "138****2047")
    person.save()
    contact = Contact(enterprise=found.enterprise, name="吴主席", is_main=True)
    contact.put("phone", "13900001111", "139****1111")
    contact.save()
    paper = making.ask(registry.find("weekly_bulletin"), {"period": "2026-W46"}, "docx", by=found["leader"])
    making.make(str(paper.pk))
    make_reviews(found)
    make_disputes(found)
    make_services(found)
    tell_of_a_quarter(found)
    return found


def tell_of_a_quarter(world: World) -> None:
    """A paper that may be sent on, a reflection that was handed in, and one that is still being written."""
    quarter = last_quarter(timezone.localdate())
    paper = papers.prepare(world.district, quarter, by=world["clerk"])[0]
    for part in ("advice", "plan"):
        papers.write(paper, part, by=world["clerk"], text="逐件定人、定时间。")
    for period, handed_in in ((quarter, True), (quarter.before(), False)):
        reflections.start_reflection(
            world.district, period, by=world["other_cadre"], handed_in=handed_in, title="加班费的基数",
            text="真正不给的少，算法说不清的多。",
        )  # fmt: skip


def meet(world: World) -> None:
    """An open meeting with a decision, and a group with a member."""
    leader, today = world["leader"], timezone.localdate()
    exchange = exchanges.prepare(world.district, by=leader, month=today)
    exchange = exchanges.hold(exchange, by=leader, held_at=timezone.now())
    exchange.attendance.update(present=True)
    decisions.decide(exchange, by=leader, text="排查欠薪苗头", owner=world["cadre"], due_on=today)
    group = groups.create_group(world.district, by=leader, name="东片走访组", leader=leader)
    groups.add_member(group, by=leader, town=world.town, valid_from=today)


def meeting_key(name: str, key: str) -> Any:
    exchange, group, decision = Exchange.objects.get(), ExchangeGroup.objects.get(), Decision.objects.get()
    match key:
        case "pk":
            of_group = name.startswith(("exchanges:group", "exchanges:member"))
            return group.pk if of_group else decision.pk if name.startswith("exchanges:decision") else exchange.pk
        case "verb":
            return "withdraw" if name == "exchanges:decision_step" else "sign"
        case "item":
            return exchange.items.order_by("pk").first().pk  # type: ignore[union-attr]
    return group.members.get().pk


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """(name, address) of every page, with something to show behind each key."""
    issue = Issue.objects.get()
    for name, pattern in named(get_resolver().url_patterns):
        if name in NO_PAGES or name.startswith(("api", "knox")):
            continue
        parts = pattern.pattern.converters
        values = {key: value_of(name, key, world, issue) for key in parts}
        yield name, reverse(name, kwargs=values)


def named(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from named(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}", pattern


def value_of(name: str, key: str, world: World, issue: Issue) -> Any:
    if name.startswith("reviews:"):
        return review_value(name, key)
    if name.startswith("disputes:"):
        return dispute_value(name, key)
    if name.partition(":")[0] in SERVICE_SPACES:
        return service_value(name, key)
    if name.startswith("counter:"):
        return counter_value(name, key)
    if name.startswith("analyses:"):
        if key == "pk" and "reflection" in name:
            return Reflection.objects.get(state="draft" if name.endswith("edit") else "submitted").pk
        return {"pk": Analysis.objects.get(subject=world.district).pk, "part": "overview", "verb": "submit"}[key]
    if name.startswith("exchanges:"):
        return meeting_key(name, key)
    if key == "pk":
        return {
            "org:contact_edit": Contact, "org:contact_remove": Contact, "org:contact_reveal": Contact,
        }.get(name, Person).objects.first().pk if name.startswith(("org:contact_", "org:person")) and name != "org:contact_new" else (
            world.enterprise.pk if name.startswith(("org:enterprise", "org:contact_new")) else
            world.town.pk if name.startswith("org:organisation") else
            Posting.objects.get(user=world.people["handler"]).pk if name == "org:posting_end" else
            Event.objects.order_by("pk").first().pk if name == "org:log_entry" else  # type: ignore[union-attr]
            world.people["handler"].pk if name.startswith("org:") else
            world.town.pk if name == "insight:town" else
            world.department.pk if name == "insight:department" else
            world.people["cadre"].pk if name == "insight:cadre" else
            issue.visit_id if name.startswith("visits:visit") else
            world.category.pk if name == "visits:category" else
            world.imported.pk if name.startswith("visits:import") else
            Download.objects.get(maker=world.people["leader"]).pk if name.startswith("packs:") else
            1 if name.startswith("casework:") else issue.pk
        )  # fmt: skip
    return {
        "board": "disputes", "code": "2026-05" if name.startswith("insight:") else "weekly_bulletin", "version": 1, "verb": "answer", "year": 2026, "month": 5, "day": 1, "file": uuid.uuid4(), "part": task_of(issue),
        "name": {"visits:do": "note", "visits:settle": "task", "visits:reveal": "claimant_name"}.get(name, "phone"),
    }[key]  # fmt: skip


def task_of(issue: Issue) -> int:
    from unionops.casework.models import Task

    return Task.objects.get(case_id=issue.pk).pk


def keeper(name: str) -> str:
    return next(who for beginning, who in KEEPERS if name.startswith(beginning))


def test_every_page_is_sound_and_answers_in_english(world, live_server, browser):
    prepare(world)
    asked = dict(addresses(world))
    pages = pages_in_english(world, asked)
    faults = [*faults_in_english(pages), *faults_in_browser(world, asked, pages, live_server.url, browser)]

    assert not faults, "\n".join(faults)


def faults_in_browser(world: World, asked: dict[str, str], pages: dict[str, str], base: str, browser: Any) -> list[str]:
    """Each page at a desk by day or on a phone by night, always the same one; where every row is walked, in both looks.

    A page whose every class and script stands on pages before it is made of nothing new: of these each run opens a share.
    """
    faults: list[str] = []
    missing = ("404", "/nothing/here/")
    sessions = {who: session_of(world[who]) for who in {keeper(name) for name in (*pages, missing[0])}}
    opened = {look: open_as(browser, look, faults) for look in LOOKS}
    known: set[str] = set()
    count = 0
    for name, url in [*((name, asked[name]) for name in pages), missing]:
        made_of = pieces(pages.get(name, ""))
        is_new, known = not made_of <= known or name == missing[0], known | made_of
        if not (is_new or taken(name, "opened", of=8)):
            continue
        look = LOOKS[taken(name, of=2)]
        page = opened[look]
        page.context.add_cookies([{"name": "sessionid", "value": sessions[keeper(name)], "url": base}])
        status = page.goto(base + url).status
        if status != (404 if name == "404" else 200):
            faults.append(f"{name}: {status}")
            continue
        count += 1
        faults += [f"{name}, {fault}" for fault in faults_of(page, with_axe=taken(name, "axe", of=2 if is_new else 4))]
    for page in opened.values():
        page.context.close()
    assert count > (250 if WHOLE else 100), count
    return faults


def pieces(page: str) -> set[str]:
    """What style sheets and scripts know a page by: its classes, and the attributes that scripts look for."""
    found = re.findall(r'\sclass="([^"]*)"|\s(data-unionops-[a-z-]+)', page)
    return {word for classes, mark in found for word in (*classes.split(), mark) if word}


def faults_of(page: Any, *, with_axe: bool) -> Iterator[str]:
    """What is wrong with a page. axe takes as long as all the rest: each run it judges a share, and all where every row is walked."""
    for size, scheme in LOOKS if WHOLE else (page.look,):
        if WHOLE:
            page.set_viewport_size(SIZES[size])
            page.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}: {fault}" for fault in (violations(page) if with_axe else ()))
        if unkept := page.evaluate(UNKEPT):
            yield f"nothing keeps what is typed, or the draft keeps a number: {unkept}"
        if wide := overflow(page):
            yield f"{scheme}: wider than the screen: {wide}"


def prepare(world: World) -> None:
    """What is there once people have looked at the world for a while."""
    issue = Issue.objects.get()
    issue.helping_departments.add(world.other_department)
    visit = Visit.objects.get()
    visit.officers.add(world.people["other_cadre"])
    correct_visit(visit, by=world["clerk"], fields={"summary": "订单少", "policies": ["refund", "mutual_aid"]})
    # The names of holidays are those of the notices of the State Council.
    fill_calendar()


def pages_in_english(world: World, asked: dict[str, str]) -> dict[str, str]:
    """What each address answers with a page, by its name; one that answers with a file, or only takes what is sent, has none."""
    pages = {}
    clients: dict[str, Client] = {}
    for name, url in asked.items():
        if (who := keeper(name)) not in clients:
            client = clients[who] = Client()
            client.force_login(world[who])
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        client = clients[who]
        answer = client.get(url)
        # A person who is signed in already is led on from the sign-in page, and to the shapes of a new programme.
        assert answer.status_code in (200, 302 if name in ("org:sign_in", "services:programme_new") else 200, 405), name
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            pages[name] = answer.content.decode()
    return pages


def faults_in_english(pages: dict[str, str]) -> list[str]:
    """No page falls back into Chinese, nor joins what it says with Chinese signs."""
    # A paper is a document of the office, and says what it says in Chinese.
    papers = {"packs:download"}
    # So do the catalogue of programmes, the check lists that come with it, and the units of its fields.
    papers |= {"services:programme_catalogue", "places:checklist", "places:inspect", "services:place"}
    stored, faults = set(texts_in_database()), []
    # Whole lines that somebody wrote are taken out first: a long one is read in pieces, and a piece may be a lone sign.
    lines = {line for one in stored for line in one.split("\n") if re.search("[，、：；（）。]", line)}
    written = sorted(lines, key=len, reverse=True)
    for name, page in pages.items():
        if "<html" in page and '<html lang="en"' not in page:
            faults.append(f"{name}: not in English")
        if name not in papers:
            faults += [f"{name}: {found}" for found in chinese_signs(page, stored, written)]
    return faults


def texts_in_database() -> Iterator[str]:
    """What people or ministries wrote keeps its own signs."""
    for model in apps.get_models():
        fields = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)]
        for row in model._default_manager.values_list(*fields) if fields else ():
            yield from (text for text in row if text)
        kept = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
        for row in model._default_manager.values_list(*kept) if kept else ():
            yield json.dumps(row, ensure_ascii=False)


def chinese_signs(page: str, stored: set[str], written: list[str]) -> Iterator[str]:
    """Each Chinese sign with the characters around it, unless somebody has written just that."""
    text = html.unescape(re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL))
    if not SIGNS.search(text):
        return
    for line in written:
        text = text.replace(line, "")
    if not SIGNS.search(text):
        return
    for found in re.findall(r"[^<>\n]{0,20}[，、：；（）。][^<>\n]{0,20}", text):
        for part in re.findall(r"[^\W_]*(?:[，、：；（）。][^\W_]*)+", found):
            if len(part) == 1 or not any(part in one for one in stored):
                yield found


def overflow(page: Any) -> str:
    """What is wider than the screen once charts have drawn themselves anew, or nothing."""
    if not (wide := page.evaluate(WIDE)):
        return ""
    with contextlib.suppress(TooLate):
        page.wait_for_function(f"() => !({WIDE})()", timeout=3000, polling=100)
        return ""
    return str(wide)


def session_of(person: User) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value


def open_as(browser: Any, look: Look, faults: list[str]) -> Any:
    size, scheme = look
    context = browser.new_context(
        viewport=SIZES[size], color_scheme=scheme, locale="zh-CN", service_workers="block",
        reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    page.look = look
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda line: (
            faults.append(f"{page.url}: {line.text}")
            if line.type == "error" and not EXPECTED.search(line.text)
            else None
        ),
    )
    return page
