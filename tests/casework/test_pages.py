"""Home, inbox, bell, search and files through the browser's door."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from unionops.casework.attachments import attach, remove
from unionops.casework.deadlines import start
from unionops.casework.models import Notice, Watch
from unionops.casework.notices import notify
from unionops.casework.views.home import MOST_AT_HOME, MOST_RETURNED
from unionops.org.models import Person
from visits.actions.steps import STEPS
from visits.enums import IssueState, Verb

PEOPLE = ("cadre", "leader", "chief", "clerk", "handler", "town", "mediator", "officer", "auditor", "admin", "unposted")
PAGES = ("home", "inbox", "notices", "search")


@pytest.mark.parametrize("name", PEOPLE)
def test_every_role_has_these_pages(world, as_person, name):
    world.issue(IssueState.SUBMITTED)
    client = as_person(name)

    for page in PAGES:
        assert client.get(reverse(f"casework:{page}")).status_code == 200, page


@pytest.mark.parametrize("page", PAGES)
def test_nobody_without_an_account_gets_in(db, page):
    response = Client().get(reverse(f"casework:{page}"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("org:sign_in"))


def test_inbox_follows_the_pen_from_person_to_person(world, as_person):
    """At each step the issue stands in the inbox of who must act, and of nobody else on the way."""
    issue = world.issue(IssueState.SUBMITTED, holder_role="clerk")
    way = [
        ("clerk", Verb.DISPATCH, "leader", {"department": world.department}),
        ("handler", Verb.SIGN_FOR, "handler", {}),
        (
            "handler",
            Verb.ANSWER,
            "handler",
            {"result_kind": "resolved", "result_text": "已补发", "answer_way": "phone"},
        ),
        ("clerk", Verb.CONFIRM, "clerk", {"way": "phone", "satisfaction": "very"}),
    ]

    for holder, verb, actor, fields in way:
        for name in ("cadre", "clerk", "handler", "other_handler", "town"):
            page = as_person(name).get(reverse("casework:inbox")).content.decode()
            assert (issue.number in page) == (name == holder), (verb, name)
        issue = STEPS[verb](issue, by=world[actor], **fields)

    for name in ("cadre", "clerk", "handler"):
        assert issue.number not in as_person(name).get(reverse("casework:inbox")).content.decode()


def test_inbox_puts_the_overdue_first(world, as_person):
    day = timezone.datetime(2026, 1, 5).date()  # type: ignore[attr-defined]
    late = world.issue(IssueState.HANDLING, handler=world["handler"], holder_user=world["handler"])
    late.deadline = start(late, "issue.handle.3", on=day)
    late.save()
    fresh = world.issue(IssueState.HANDLING, handler=world["handler"], holder_user=world["handler"])
    fresh.deadline = start(fresh, "issue.handle.3", on=timezone.localdate())
    fresh.save()

    page = as_person("handler").get(reverse("casework:inbox")).content.decode()

    assert page.index("已超期") < page.index(late.number) < page.index(fresh.number)


@pytest.mark.parametrize("name", ["cadre", "handler", "leader", "mediator", "officer"])
def test_every_number_of_the_home_page_opens_what_it_counts(history, as_person, name):
    """Late, due today, to be signed for, come back, in other hands, and the groups: each opens exactly those rows."""
    client = as_person(name)
    for issue in (history.issue(IssueState.REOPENED, holder_user=history[name]) for _n in range(MOST_RETURNED + 1)):
        issue.deadline = start(issue, "issue.handle.3", on=timezone.localdate())
        issue.save()
    for _number in range(MOST_AT_HOME):
        history.issue(IssueState.DISPATCHED, holder_user=history[name])
    for holder in ("other_cadre", "other_handler"):
        history.issue(IssueState.HANDLING, liaison=history[name], holder_user=history[holder])
    home = client.get(reverse("casework:home")).content.decode()
    glance = re.findall(r'<a href="([^"]+)"[^>]*><span class="l">.*?<span class="v">(\d+)<small>', home)
    counts = re.findall(r'<a (?:class="muted" )?href="(/todo/[^"]*)">(\d+) 件</a>', home)
    assert len(glance) == 5
    assert int(dict(glance)["/todo/?only=back"]) >= MOST_RETURNED + 1
    assert ("/todo/?tab=elsewhere", "2") in glance or name != "leader"
    assert len(counts) >= 3
    for link, count in [*glance, *counts]:
        page = client.get(unescape(link)).content.decode()
        assert page.count('class="ttl"') == int(count), (link, count)


@pytest.mark.parametrize("page", ["home", "inbox"])
def test_inbox_costs_the_same_for_any_number_of_rows(world, as_person, page):
    client, counts = as_person("handler"), []
    for wanted in (1, 3, 100):
        while world["handler"].scope and _held(world) < wanted:
            world.issue(IssueState.HANDLING, handler=world["handler"], holder_user=world["handler"])
        client.get(reverse(f"casework:{page}"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(f"casework:{page}"))
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts


def _held(world) -> int:
    from visits.models import Issue

    return Issue.objects.filter(holder_user=world["handler"]).count()


def test_bell_counts_and_opening_a_line_reads_it(world, as_person):
    issue = world.issue(IssueState.DISPATCHED)
    notify(issue, "dispatch", by=world["leader"], to={world["handler"].pk})
    client = as_person("handler")
    line = Notice.objects.get(user=world["handler"])

    assert 'class="count">1<' in client.get(reverse("casework:notices")).content.decode()
    response = client.get(reverse("casework:notice", args=[line.pk]))

    assert response["Location"] == reverse("visits:issue", args=[issue.pk])
    line.refresh_from_db()
    assert line.read_at is not None
    assert 'class="count"' not in client.get(reverse("casework:notices")).content.decode()
    assert as_person("leader").get(reverse("casework:notice", args=[line.pk])).status_code == 404


def test_all_lines_are_read_at_once_and_only_ones_own(world, as_person):
    issue = world.issue(IssueState.DISPATCHED)
    notify(issue, "dispatch", by=world["leader"], to={world["handler"].pk, world["clerk"].pk})

    as_person("handler").post(reverse("casework:read_all"))

    assert Notice.objects.unread().get().user == world["clerk"]


@pytest.mark.parametrize("count", [1, 3, 100])
def test_bell_page_costs_the_same_for_any_number_of_lines(world, as_person, django_assert_max_num_queries, count):
    issue = world.issue()
    for _ in range(count):
        notify(issue, "note", by=world["leader"], to={world["handler"].pk})
    client = as_person("handler")
    client.get(reverse("casework:notices"))

    with django_assert_max_num_queries(6):
        assert client.get(reverse("casework:notices")).status_code == 200


@pytest.mark.parametrize(
    "query", ["工资", "恒润", "hrfz", "S26", "\0", "𠮷㐂", "😀", "%", "_", "'\"<script>", "很" * 300, "a", ""]
)
def test_search_takes_anything(world, as_person, query):
    world.issue()

    for headers in ({}, {"HX-Request": "true"}):
        response = as_person("leader").get(reverse("casework:search"), {"q": query}, headers=headers)
        assert response.status_code == 200
        assert "<script>" not in response.content.decode().split("</head>")[-1].replace("</script>", "")


def test_search_finds_only_what_exists_for_the_person(world, elsewhere, as_person):
    mine, theirs = world.issue(), elsewhere.issue()

    found = as_person("leader").get(reverse("casework:search"), {"q": "工资"}).content.decode()

    assert mine.number in found
    assert theirs.title not in found


@pytest.mark.parametrize("query", ["恒润", "hrfz", "hengrun", "91330602"])
def test_search_finds_firms_by_what_people_type(world, as_person, query):
    world.enterprise.credit_code = "91330602MA2BDLAK1Y"
    world.enterprise.set_names()
    world.enterprise.save()

    found = as_person("leader").get(reverse("casework:search"), {"q": query}, headers={"HX-Request": "true"})

    assert reverse("org:enterprise", args=[world.enterprise.pk]) in found.content.decode()


@pytest.mark.parametrize("query", ["{number}", "拖到", "恒润"])
def test_search_finds_issues_by_number_and_any_two_characters(world, as_person, query):
    issue = world.issue()

    found = as_person("leader").get(reverse("casework:search"), {"q": query.format(number=issue.number)})

    assert reverse("visits:issue", args=[issue.pk]) in found.content.decode()


def test_search_finds_people_by_name_and_never_by_number(world, elsewhere, as_person):
    for of in (world, elsewhere):
        person = Person(district=of.district, town=of.town, name="陈桂芳")
        person.set_names()
        person.put("phone", "13800002047", "138****2047")
        person.save()
    client = as_person("leader")

    by_initials = client.get(reverse("casework:search"), {"q": "cgf"}).content.decode()
    by_number = client.get(reverse("casework:search"), {"q": "13800002047"}).content.decode()

    assert by_initials.count("found__hit") == 1
    assert "陈桂芳" not in by_number


def picture(form: str = "PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, form)
    return SimpleUploadedFile(f"现场.{form.lower()}", out.getvalue())


def test_file_is_served_to_who_may_see_the_case(world, elsewhere, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    photo = attach(issue, picture(), by=world["handler"])
    sheet = attach(issue, SimpleUploadedFile("考勤.txt", b"8:00"), by=world["handler"])

    shown = as_person("handler").get(reverse("casework:file", args=[photo.pk]))
    saved = as_person("handler").get(reverse("casework:file", args=[sheet.pk]))

    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"].startswith("attachment")
    for response in (shown, saved):
        assert response.getvalue()
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "private, no-store"
        assert "sandbox" in response["Content-Security-Policy"]
    for name, of in (("other_handler", world), ("leader", elsewhere), ("other_cadre", world)):
        assert as_person(name, of).get(reverse("casework:file", args=[photo.pk])).status_code == 404
        assert as_person(name, of).get(reverse("casework:thumbnail", args=[photo.pk])).status_code == 404


def test_removed_file_is_gone(world, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    photo = attach(issue, picture("JPEG"), by=world["handler"])
    client = as_person("handler")
    small = client.get(reverse("casework:thumbnail", args=[photo.pk]))
    assert small.getvalue()
    assert small.status_code == 200

    remove(issue, photo, by=world["handler"], reason="传错了")

    assert client.get(reverse("casework:file", args=[photo.pk])).status_code == 404


def test_service_worker_names_only_files_that_exist(db):
    response = Client().get(reverse("casework:service_worker"))

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"


def test_watched_cases_stand_in_their_own_tab(world, as_person):
    issue = world.issue(IssueState.HANDLING, handler=world["handler"])
    Watch.objects.create(user=world["leader"], kind="issue", case_id=issue.pk)

    page = as_person("leader").get(reverse("casework:inbox"), {"tab": "watched"}).content.decode()

    assert issue.number in page
